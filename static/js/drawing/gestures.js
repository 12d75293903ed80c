// @ts-check
/** From a plan of moves to gestures of the elements that are drawn. */

import { connectionKey } from '../addresses.js';
import { svg } from '../dom.js';
import { along } from '../geometry.js';
import { weightRole } from '../scales.js';
import { segmentOf } from '../layout.js';
import { dotsOnTheWay, twin } from './neurons.js';
import { looseTag } from './tags.js';

/**
 * @typedef {import('../motion.js').Gesture} Gesture
 * @typedef {import('../moves.js').Move} Move
 * @typedef {import('../moves.js').At} At
 * @typedef {object} Drawing
 * @property {import('../layout.js').Layout} layout
 * @property {SVGGElement} over where what is there for the motion alone is put
 * @property {{at: (layer: number, neuron: number) => import('./neurons.js').Drawn | null}} neurons
 * @property {{at: (key: string) => {group: Element, halo: Element | null, line: Element} | null}} connections
 * @property {Element} arrows
 * @property {Element} tags
 * @property {Element} leaders
 * @property {boolean} back whether time runs backwards
 * @property {(at: At) => number} weight
 */

const EVEN = 'cubic-bezier(.45, .05, .55, .95)';
const SEEN = ['visible', 'visible'];

/** @param {Drawing} drawing @param {SVGGElement} element */
function passing({ over }, element) {
  over.append(element);
  return { element, passing: true };
}

/** Out by the whole gradient, a rest, back to the share of it that is kept. */
const SWING = [0, 0.25, 0.46, 0.74, 1];

/** Find the middle of the label that lies on the drawing; on the way back it is another's. @param {Drawing} drawing @param {At} on */
function middle({ tags, back, layout }, on) {
  const box = back ? null : tags.querySelector('.tag-box');
  const [x = 0, y = 0, width = 0, height = 0] = ['x', 'y', 'width', 'height'].map((name) => Number(box?.getAttribute(name)));
  const line = segmentOf(layout, on);
  return box || !line ? { x: x + width / 2, y: y + height / 2 } : along(line, 0.5);
}

/**
 * Say in the label's place what leads to it, one thing after the other.
 * @param {Extract<Move, {what: 'swing'}>} move
 * @param {Drawing} drawing
 * @returns {Gesture[]}
 */
function words({ caption, on, at, lasts }, drawing) {
  const [whole, share] = caption?.led ?? [];
  if (!caption || !whole || !share) return [];
  const centre = middle(drawing, on);
  return [{ text: whole, from: 0.04, to: 0.48 }, { text: share, from: 0.46, to: 0.82 }].map(({ text, from, to }) => {
    const tag = looseTag({ ...caption, text, note: '' }, drawing.layout, centre);
    return { ...passing(drawing, tag), at: at + from * lasts, lasts: (to - from) * lasts, frames: { opacity: [0, 1, 1, 0], offset: [0, 0.2, 0.9, 1] } };
  });
}

/** @param {At} at */
const keyOf = ({ layer, neuron, source }) => connectionKey(layer, neuron, source);

/** @param {Drawing} drawing @param {At} on @param {boolean} back @returns {[string, string] | null} */
function way({ layout }, on, back) {
  const line = segmentOf(layout, on);
  if (!line) return null;
  const ends = [`translate(${line.x1.toFixed(1)}px, ${line.y1.toFixed(1)}px)`, `translate(${line.x2.toFixed(1)}px, ${line.y2.toFixed(1)}px)`];
  return /** @type {[string, string]} */ (back ? ends.reverse() : ends);
}

/**
 * @typedef {{[What in Move['what']]: (move: Extract<Move, {what: What}>, drawing: Drawing) => Gesture[]}} Gestures
 * @type {Gestures}
 */
const GESTURES = {
  token({ caption, on, back, at, lasts }, drawing) {
    const ends = way(drawing, on, back);
    if (!ends) return [];
    const [from, to] = ends;
    return [{ ...passing(drawing, looseTag(caption, drawing.layout)), at, lasts, easing: EVEN,
      frames: { transform: [`${from} scale(.7)`, `${from} scale(1)`, `${to} scale(1)`, `${to} scale(.5)`],
        opacity: [0, 1, 1, 0], offset: [0, 0.18, 0.85, 1] } }];
  },
  drop({ on, back, at, lasts }, drawing) {
    const ends = way(drawing, on, back);
    if (!ends) return [];
    const role = back ? 'error' : weightRole(drawing.weight(on));
    const group = svg('g', { class: `pulse role-${role}` }, svg('circle', { r: 5 }));
    return [{ ...passing(drawing, group), at, lasts, easing: EVEN, frames: { transform: ends } },
      { element: /** @type {Element} */ (group.firstElementChild), at, lasts, frames: { opacity: [0, 1, 1, 0] } }];
  },
  text({ layer, neuron, part, early, late, at, lasts }, drawing) {
    const drawn = drawing.neurons.at(layer, neuron);
    if (!drawn) return [];
    const was = drawing.back ? late : early;
    const real = drawn[part].group;
    const gone = was ? [{ ...passing(drawing, twin(drawn, part, was)), at, lasts, oneWay: true, frames: { opacity: [1, 0, 0] } }] : [];
    return [...gone, { element: real, at, lasts, oneWay: true, frames: { opacity: [0, 0, 1] } }];
  },
  ring({ layer, neuron, early, late, at, lasts }, drawing) {
    const drawn = drawing.neurons.at(layer, neuron);
    if (!drawn) return [];
    return [{ element: drawn.ring, at, lasts, frames: { visibility: SEEN } },
      { element: drawn.progress, at, lasts, frames: { strokeDasharray: [early, late].map((share) => `${share.toFixed(3)} 1`) } }];
  },
  fall({ layer, neuron, text, at, lasts }, drawing) {
    const drawn = drawing.neurons.at(layer, neuron);
    if (!drawn || !text || drawn.place.fit !== 'pills') return [];
    const copy = passing(drawing, twin(drawn, 'bias', text));
    const pill = /** @type {Element} */ (copy.element.firstElementChild);
    return [{ ...copy, at, lasts, frames: { opacity: [1, 1, 0], offset: [0, 0.7, 1] } },
      { element: pill, at, lasts, frames: { transform: [drawn.r + 1, drawn.r * 0.38].map((y) => `translate(0px, ${y.toFixed(1)}px)`) } }];
  },
  slide({ layer, neuron, z, a, at, lasts }, drawing) {
    const drawn = drawing.neurons.at(layer, neuron);
    if (!drawn?.curve) return [];
    const element = drawn.curve.dot;
    return [{ element, at, lasts, frames: { transform: dotsOnTheWay(drawn, z, a) } }, { element, at, lasts, frames: { visibility: SEEN } }];
  },
  flash({ layer, neuron, at, lasts }, drawing) {
    const slope = drawing.neurons.at(layer, neuron)?.curve?.slope;
    if (!slope) return [];
    return [{ element: slope, at, lasts, frames: { visibility: SEEN } }, { element: slope, at, lasts,
      frames: { opacity: [0, 1, 0.4, 1], transform: ['scale(.15)', 'scale(1.2)', 'scale(1)', 'scale(1)'] } }];
  },
  arrow({ on, at, lasts }, { arrows }) {
    const element = arrows.querySelector(`[data-part="${keyOf(on)}"]`);
    return element ? [{ element, at, lasts, frames: { opacity: [0, 1] } }] : [];
  },
  halo({ on, widths, at, lasts }, { connections }) {
    const element = connections.at(keyOf(on))?.halo;
    if (!element) return [];
    return [{ element, at, lasts, frames: { strokeWidth: widths } }, { element, at, lasts, frames: { visibility: SEEN } }];
  },
  swing(move, drawing) {
    const { on, widths, bands, at, lasts } = move;
    const drawn = drawing.connections.at(keyOf(on));
    if (!drawn) return [];
    const ends = Object.fromEntries(['x1', 'y1', 'x2', 'y2'].map((name) => [name, drawn.line.getAttribute(name)]));
    const band = svg('line', { class: 'swing-band', ...ends });
    drawn.group.prepend(band);
    return [{ element: band, passing: true, at, lasts, frames: { strokeWidth: bands, opacity: [0.2, 1, 1, 1, 0], offset: SWING } },
      { element: drawn.line, at, lasts, frames: { strokeWidth: widths, offset: SWING } },
      ...words(move, drawing)];
  },
  label({ at, lasts }, { tags, leaders }) {
    return [...tags.children, ...leaders.children].map((element) => ({ element, at, lasts, settles: true, frames: { opacity: [0, 1] } }));
  },
};

/**
 * @param {Move[]} moves
 * @param {Drawing} drawing
 * @returns {Gesture[]}
 */
export function gesturesOf(moves, drawing) {
  return moves.flatMap((move) => /** @type {(move: Move, drawing: Drawing) => Gesture[]} */ (/** @type {unknown} */ (GESTURES[move.what]))(move, drawing));
}
