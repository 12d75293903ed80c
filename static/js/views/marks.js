// @ts-check
/** What the card points at in the diagram: its number's own part, the neurons that answer a nudge, the way to the cost. */

import { keyOf } from '../addresses.js';
import { set } from '../dom.js';

/**
 * @typedef {import('../types.js').State} State
 * @typedef {import('../types.js').Marks['parts'][number]} Part
 */

/** @param {Element} drawing @param {Part[]} parts @param {string} kind */
function mark(drawing, parts, kind) {
  for (const old of drawing.querySelectorAll('[data-mark]')) old.removeAttribute('data-mark');
  for (const part of parts) {
    for (const element of drawing.querySelectorAll(`[data-part="${part.key}"]`)) {
      set(element, { 'data-mark': kind });
    }
  }
}

/** @param {State} state @returns {Part[]} */
function subject({ card, session }) {
  const key = card && session ? keyOf(card.address, session.network.layers.length - 1) : null;
  return key ? [{ key }] : [];
}

/** @param {HTMLElement} root the stage */
export function create(root) {
  const drawing = /** @type {SVGSVGElement} */ (root.querySelector('.diagram'));
  /** @type {State | null} */
  let last = null;
  /** @type {unknown[]} */
  let shown = [];

  /** @param {State} state */
  function update(state) {
    last = state;
    const wanted = [state.marks, state.card?.address, drawing.firstElementChild];
    if (wanted.every((part, k) => part === shown[k])) return;
    shown = wanted;
    const kind = state.marks?.kind ?? 'subject';
    set(drawing, { 'data-marks': state.marks?.kind ?? null });
    mark(drawing, state.marks?.parts ?? subject(state), kind);
  }
  // A stage of another size is drawn anew.
  new MutationObserver(() => last && update(last)).observe(drawing, { childList: true });
  return update;
}
