// @ts-check
/** The cost: each output's loss as the area of a square, so that twice as far is seen to be four times as bad. */

import { html, svg, write } from '../dom.js';
import { number } from '../format.js';

/**
 * @typedef {import('../types.js').State} State
 * @typedef {import('../types.js').Session} Session
 */

const LARGEST = 64;
const MOST = 10;
/** More squares than these stand closer, so that they stay in one row. */
const ROOMY = 5;
const SQUARED = new Set(['mse', 'half_squared_error']);
/** The cost is explained beside its formula as well as beside the blame. */
const PANELS = new Set(['formula', 'blame']);

/** @param {Session} session */
function losses({ values, network, batch }) {
  const seen = Math.max(0, batch.shown.indexOf(batch.focus));
  const last = network.layers.length - 1;
  const names = network.layers[last]?.names ?? [];
  const terms = values.loss_terms?.[seen] ?? [];
  return names.map((name, output) => ({
    name, output,
    place: batch.shown[seen] ?? 0,
    loss: terms[output] ?? null,
    predicted: values.a[last]?.[seen]?.[output] ?? null,
    actual: batch.targets[seen]?.[output] ?? null,
  }));
}

/** @typedef {ReturnType<typeof losses>} Losses */

/** @param {Losses} terms @param {number} here @returns {Losses} the first ones; the present one is always among them */
function listed(terms, here) {
  if (terms.length <= MOST) return terms;
  const first = Math.max(0, Math.min(here - MOST + 1, terms.length - MOST));
  return terms.slice(first, first + MOST);
}

/** @param {number} loss @param {number} largest */
function square(loss, largest) {
  // Only the drawing: the side goes by the root, so that the area is the loss.
  const side = Math.max(1, LARGEST * Math.sqrt(Math.abs(loss) / largest));
  const at = String((LARGEST - side) / 2);
  return svg('svg', { viewBox: `0 0 ${LARGEST} ${LARGEST}`, class: 'square', 'aria-hidden': 'true' },
    svg('rect', { x: at, y: String(LARGEST - side), width: side, height: side, rx: 2 }));
}

/** @param {Losses[number]} term @param {number} largest @param {boolean} current @param {number} digits */
function figure({ name, output, place, loss, predicted, actual }, largest, current, digits) {
  const known = loss !== null;
  return html('li', { class: current ? 'is-current' : '' },
    known ? square(loss, largest) : html('span', { class: 'square' }),
    html('span', { class: 'loss-value', ...(known ? { 'data-address': `loss_term[${place}][${output}]` } : {}) }, known ? number(loss, digits) : ''),
    html('span', { class: 'loss-name' }, name),
    html('span', { class: 'loss-from' }, predicted === null ? '' : `${number(predicted, digits)} for ${number(actual, digits)}`));
}

/** @param {Session} session @param {number} left */
function said({ network }, left) {
  const rule = SQUARED.has(network.cost)
    ? 'Each side is how far the prediction is off; the area is what it costs. Twice as far is four times as bad.'
    : 'Each area is what the prediction costs. It grows without end as a sure prediction turns out wrong.';
  return left > 0 ? `${rule} ${left} more are not drawn.` : rule;
}

/** @param {Session} session */
function titleOf({ batch, network }) {
  if (batch.rows.length > 1) return `The losses of observation ${batch.focus + 1} of ${batch.rows.length} as areas`;
  return SQUARED.has(network.cost) ? 'The losses as areas: twice as far, four times as bad' : 'The losses as areas';
}

/** @param {HTMLElement} root */
export function create(root) {
  const title = root.appendChild(html('h2'));
  const list = root.appendChild(html('ul', { class: 'squares' }));
  const note = root.appendChild(html('p', { class: 'section-note' }));
  /** @type {Session | null} */
  let shown = null;

  /** @param {Session} session @param {number} digits */
  function draw(session, digits) {
    const terms = losses(session);
    const largest = Math.max(...terms.map(({ loss }) => Math.abs(loss ?? 0)), 1e-12);
    const here = session.event?.kind === 'loss' ? session.event.index : -1;
    const some = listed(terms, here);
    write(title, titleOf(session));
    list.classList.toggle('close', some.length > ROOMY);
    list.replaceChildren(...some.map((term) => figure(term, largest, term.output === here, digits)));
    write(note, said(session, terms.length - some.length));
  }

  return (/** @type {State} */ { session, digits, panel }) => {
    if (!session) return;
    const wanted = session.event?.phase === 'cost';
    root.hidden = !wanted || !PANELS.has(panel);
    // Beside the formula there is room for the squares, and the sentence says what they mean.
    note.hidden = panel === 'formula';
    if (wanted && session !== shown) draw(session, digits);
    shown = session;
  };
}
