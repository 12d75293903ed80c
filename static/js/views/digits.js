// @ts-check
/** How many digits are shown: the learner's choice. The diagram shows no more than fit. */

import { hooks } from '../dom.js';

/**
 * @param {HTMLElement} root
 * @param {import('../types.js').Dispatch} dispatch
 */
export function create(root, dispatch) {
  const choice = /** @type {HTMLSelectElement} */ (hooks(root)('digits'));
  choice.addEventListener('change', () => dispatch({ type: 'digits', digits: Number(choice.value) }));
  return (/** @type {import('../types.js').State} */ { digits }) => {
    choice.value = String(digits);
  };
}
