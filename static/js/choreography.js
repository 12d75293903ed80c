// @ts-check
/** What moves between two moments. */

import { captions } from './captions.js';
import { activate, halo, swing, text } from './moves.js';
import { biasText } from './readings.js';
import { waves } from './waves.js';

/**
 * @typedef {import('./scene.js').Scene} Scene
 * @typedef {import('./types.js').StepEvent} StepEvent
 * @typedef {import('./moves.js').Pair} Pair
 * @typedef {import('./moves.js').Move} Move
 * @typedef {import('./moves.js').At} At
 */

const TRAVEL = 560;
const ARRIVAL = 460;
/** Less than a second, and yet two figures are to be read in it. */
const SWING = 960;

/** @param {Pair} pair @param {At} on @param {boolean} back @returns {Move[]} */
function travel(pair, on, back) {
  const { event } = pair.late;
  const caption = captions(pair.late, 'term', null)[0];
  if (!event || !caption) return [];
  const { layer, neuron } = event;
  const [was, is] = [pair.early, pair.late].map((scene) => scene.neuron(layer, neuron).share);
  return [{ what: 'token', on, back, caption, at: 0, lasts: TRAVEL },
    { what: 'ring', layer, neuron, early: was ?? 0, late: is ?? 0, at: ARRIVAL, lasts: 200 },
    ...text(pair, layer, neuron, back ? 'error' : 'value', ARRIVAL)];
}

/** @param {StepEvent} event @returns {At} */
const into = ({ layer, neuron, index }) => ({ layer, neuron, source: index });

/** @type {Record<string, (pair: Pair, event: StepEvent) => Move[]>} */
const TERMS = {
  product: (pair, event) => travel(pair, into(event), false),
  bias: (pair, { layer, neuron }) => [
    { what: 'fall', layer, neuron, text: biasText(pair.late.neuron(layer, neuron), pair.late), at: 0, lasts: 460 },
    ...text(pair, layer, neuron, 'value', 400)],
  activation: (pair, { layer, neuron }) => activate(pair, layer, neuron, 0),
  loss_derivative: (pair, { layer, neuron }) => text(pair, layer, neuron, 'error', 120),
  blame: (pair, { layer, neuron, index }) => {
    const on = { layer: layer + 1, neuron: index, source: neuron };
    return [{ what: 'arrow', on, at: 0, lasts: 220 }, ...travel(pair, on, true)];
  },
  slope: (_pair, { layer, neuron }) => [{ what: 'flash', layer, neuron, at: 0, lasts: 520 }],
  delta: (pair, { layer, neuron }) => text(pair, layer, neuron, 'error', 120),
  gradient: ({ late }, event) => halo(late, into(event), 0, 460),
  new_weight: ({ late }, event) => swing(late, into(event), 0, SWING, captions(late, 'term', null)[0] ?? null),
  new_bias: (pair, { layer, neuron }) => text(pair, layer, neuron, 'bias', 120),
};

/** @param {Pair} pair @returns {Move[]} */
function terms(pair) {
  const { event } = pair.late;
  const moves = (event && TERMS[event.kind]?.(pair, event)) ?? [];
  const end = Math.max(200, ...moves.map(({ at, lasts }) => at + lasts));
  return [...moves, { what: 'label', at: end - 200, lasts: 200 }];
}

/** @param {Scene} scene @returns {Scene} the same network before anything is known of its iteration */
function blank(scene) {
  return { ...scene, event: null, backward: false,
    neuron: (layer, neuron) => {
      const view = scene.neuron(layer, neuron);
      return { ...view, z: null, a: null, delta: null, before: null, sum: null, share: 0, slope: null, acting: false };
    },
    connection: (...at) => ({ ...scene.connection(...at), before: null, gradient: null, blame: null, acting: false }) };
}

/**
 * Tell how time went from one scene to another: 1 onwards, −1 back, 0 where it jumped.
 * @param {Pick<Scene, 'session' | 'sizes' | 'fine'>} was
 * @param {Pick<Scene, 'session' | 'sizes' | 'fine'>} is
 */
export function directionOf(was, is) {
  const [from, to] = [was.session.position, is.session.position];
  if (was.session.id !== is.session.id || String(was.sizes) !== String(is.sizes)) return 0;
  if (to.iteration === from.iteration + 1 && from.phase === 'done') return !is.fine || to.event === 1 ? 1 : 0;
  if (to.iteration !== from.iteration) return 0;
  const by = to.event - from.event;
  return is.fine ? (Math.abs(by) === 1 ? by : 0) : to.event === 0 ? 0 : Math.sign(by);
}

/**
 * Plan the motion from one scene to the next.
 * @param {Scene} was
 * @param {Scene} is
 * @returns {{moves: Move[], back: boolean}}
 */
export function movesOf(was, is) {
  const direction = directionOf(was, is);
  if (direction === 0) return { moves: [], back: false };
  const back = direction < 0;
  const first = was.session.position.iteration === is.session.position.iteration ? was : blank(is);
  const pair = back ? { early: is, late: was } : { early: first, late: is };
  return { moves: is.fine ? terms(pair) : waves(pair), back };
}
