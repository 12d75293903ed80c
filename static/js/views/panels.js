// @ts-check
/** What the column beside the network shows of a step: the formula, the matrices, the cost and the blame, or the code. */

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
    button.addEventListener('click', ({ detail }) => {
      dispatch({ type: 'panel', panel: button.dataset['panel'] });
      // After a click with the pointer the space bar steps. The Tab key still goes on from here.
      if (detail > 0) button.blur();
    });
  }

  /** @param {HTMLElement} panel whether one of its sections, or of those it shares with others, can be seen */
  const shows = (panel) => root.querySelector(
    `[data-show="${panel.dataset['show']}"] section:not([hidden]), section[data-also~="${panel.dataset['show']}"]:not([hidden])`) !== null;

  return (/** @type {State} */ { panel, session }) => {
    if (!session) return;
    for (const button of buttons) set(button, { 'aria-pressed': String(button.dataset['panel'] === panel) });
    for (const one of panels) {
      one.hidden = one.dataset['show'] !== panel;
      const note = /** @type {HTMLElement | null} */ (one.querySelector('[data-empty]'));
      if (note) note.hidden = shows(one);
    }
  };
}
