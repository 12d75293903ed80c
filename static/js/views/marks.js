// @ts-check
/** What the card points at in the diagram: its number's own part, the neurons that answer a nudge, the way to the cost. */

import { keyOf } from '../addresses.js';
import { set, svg } from '../dom.js';
import { apart } from '../format.js';

/**
 * @typedef {import('../types.js').State} State
 * @typedef {import('../types.js').Marks['parts'][number]} Part
 */

const HALF = 9;
const PER_CHARACTER = 6.4;

/** @param {Element} neuron */
function radius(neuron) {
  const rim = neuron.querySelector('.rim');
  return Number(rim?.getAttribute('r') ?? 0) || Number(rim?.getAttribute('width') ?? 0) / 2;
}

/** @param {Element} neuron @param {Part} part the value it would have, above it */
function reading(neuron, { before = 0, after = 0 }) {
  const r = radius(neuron);
  if (r < 11) return;
  const text = `→ ${apart(before, after)[1]}`;
  const width = PER_CHARACTER * (text.length + 2);
  neuron.append(svg('g', { class: 'answer-pill', transform: `translate(0 ${-r - 1})` },
    svg('rect', { x: -width / 2, y: -HALF, width, height: 2 * HALF, rx: HALF }),
    svg('text', { y: 4, 'text-anchor': 'middle' }, text)));
}

/** @param {Element} drawing @param {Part[]} parts @param {string} kind */
function mark(drawing, parts, kind) {
  for (const old of drawing.querySelectorAll('[data-mark]')) old.removeAttribute('data-mark');
  for (const old of drawing.querySelectorAll('.answer-pill')) old.remove();
  for (const part of parts) {
    for (const element of drawing.querySelectorAll(`[data-part="${part.key}"]`)) {
      set(element, { 'data-mark': kind });
      if (part.after !== undefined && element.classList.contains('neuron')) reading(element, part);
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
