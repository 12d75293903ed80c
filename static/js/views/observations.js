// @ts-check
/** Which observation of the batch is looked at. */

import { html, set, write } from '../dom.js';

/** @typedef {import('../types.js').State} State */

/**
 * @param {HTMLElement} root
 * @param {import('../types.js').Dispatch} dispatch
 */
export function create(root, dispatch) {
  const before = html('button', { type: 'button', class: 'small-button', 'aria-label': 'The observation before' }, '‹');
  const after = html('button', { type: 'button', class: 'small-button', 'aria-label': 'The next observation of the batch' }, '›');
  const place = html('span', { class: 'observation-place' });
  root.append(before, place, after);
  let focus = 0;
  before.addEventListener('click', () => dispatch({ type: 'edit', body: { focus: focus - 1 } }));
  after.addEventListener('click', () => dispatch({ type: 'edit', body: { focus: focus + 1 } }));
  return (/** @type {State} */ { session }) => {
    if (!session) return;
    const count = session.batch.rows.length;
    focus = session.batch.focus;
    root.hidden = count < 2;
    write(place, `${focus + 1} of ${count}`);
    set(before, { disabled: focus === 0 });
    set(after, { disabled: focus >= count - 1 });
  };
}
