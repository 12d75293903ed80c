// @ts-check
/** What the column beside the network shows of a step: the formula, the matrices, or the cost and the blame. */

import { set } from '../dom.js';

/** @typedef {import('../types.js').State} State */

/**
 * @param {HTMLElement} root
 * @param {import('../types.js').Dispatch} dispatch
 */
export function create(root, dispatch) {
  const buttons = /** @type {HTMLElement[]} */ ([...root.querySelectorAll('button[data-panel]')]);
  const panels = /** @type {HTMLElement[]} */ ([...root.querySelectorAll('[data-show]')]);
  for (const button of buttons) {
    button.addEventListener('click', () => dispatch({ type: 'panel', panel: button.dataset['panel'] }));
  }
  return (/** @type {State} */ { panel, session }) => {
    if (!session) return;
    for (const button of buttons) set(button, { 'aria-pressed': String(button.dataset['panel'] === panel) });
    for (const one of panels) {
      one.hidden = one.dataset['show'] !== panel;
      const note = /** @type {HTMLElement | null} */ (one.querySelector('[data-empty]'));
      if (note) note.hidden = [...one.querySelectorAll('section')].some((section) => !section.hidden);
    }
  };
}
