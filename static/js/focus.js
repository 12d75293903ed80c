// @ts-check
/** What the last move was about: the parts that stay bright while everything else is dimmed. */

import { connectionKey, neuronKey } from './addresses.js';

/**
 * @typedef {import('./types.js').StepEvent} StepEvent
 * @typedef {import('./types.js').Granularity} Granularity
 * @typedef {object} Focus
 * @property {(key: string) => boolean} lit whether a part is an operand or the result
 * @property {(key: string) => boolean} recent whether it has just been used, on the way here
 * @property {boolean} all whether nothing is dimmed
 */

const NOBODY = () => false;

/** @type {Focus} */
const EVERYTHING = { lit: () => true, recent: NOBODY, all: true };

/** @param {number} size */
const upTo = (size) => Array.from({ length: Math.max(0, size) }, (_, k) => k);

/** @type {Record<string, (event: StepEvent, sizes: number[]) => {lit: string[], recent?: string[]}>} */
const TERMS = {
  product: ({ layer: l, neuron: j, index: i }) => ({
    lit: [neuronKey(l, j), neuronKey(l - 1, i), connectionKey(l, j, i)],
    recent: upTo(i).flatMap((k) => [connectionKey(l, j, k), neuronKey(l - 1, k)]),
  }),
  bias: ({ layer: l, neuron: j }, sizes) => ({
    lit: [neuronKey(l, j)],
    recent: upTo(sizes[l - 1] ?? 0).flatMap((i) => [connectionKey(l, j, i), neuronKey(l - 1, i)]),
  }),
  cost: ({ layer: l }, sizes) => ({ lit: upTo(sizes[l] ?? 0).map((j) => neuronKey(l, j)) }),
  blame: ({ layer: l, neuron: j, index: k }) => ({
    lit: [neuronKey(l, j), neuronKey(l + 1, k), connectionKey(l + 1, k, j)],
    recent: upTo(k).flatMap((n) => [connectionKey(l + 1, n, j), neuronKey(l + 1, n)]),
  }),
  delta: ({ layer: l, neuron: j }, sizes) => ({
    lit: [neuronKey(l, j)],
    recent: upTo(sizes[l + 1] ?? 0).map((k) => connectionKey(l + 1, k, j)),
  }),
  gradient: ({ layer: l, neuron: j, index: i }) => ({
    lit: [neuronKey(l, j), neuronKey(l - 1, i), connectionKey(l, j, i)],
    recent: upTo(i).map((k) => connectionKey(l, j, k)),
  }),
  new_weight: ({ layer: l, neuron: j, index: i }) => ({
    lit: [neuronKey(l, j), connectionKey(l, j, i)],
    recent: [neuronKey(l - 1, i), ...upTo(i).map((k) => connectionKey(l, j, k))],
  }),
};
TERMS['slope'] = /** @type {any} */ (TERMS['delta']);
TERMS['moment'] = /** @type {any} */ (TERMS['new_weight']);

/** @param {StepEvent} event @param {number[]} sizes */
function termFocus(event, sizes) {
  const rule = TERMS[event.kind] ?? (({ layer, neuron }) => ({ lit: [neuronKey(layer, neuron)] }));
  const { lit, recent = [] } = rule(event, sizes);
  return setFocus(lit, recent);
}

/** @param {string[]} lit @param {string[]} recent @returns {Focus} */
function setFocus(lit, recent) {
  const bright = new Set(lit);
  const soft = new Set(recent);
  return { lit: (key) => bright.has(key), recent: (key) => soft.has(key), all: false };
}

/** @param {StepEvent} event @param {number} j @param {number[]} sizes */
function neuronFocus({ layer: l, phase }, j, sizes) {
  const lit = [neuronKey(l, j)];
  if (phase === 'cost') return lit;
  for (const i of upTo(sizes[l - 1] ?? 0)) lit.push(neuronKey(l - 1, i), connectionKey(l, j, i));
  if (phase === 'backward') {
    for (const k of upTo(sizes[l + 1] ?? 0)) lit.push(neuronKey(l + 1, k), connectionKey(l + 1, k, j));
  }
  return lit;
}

/**
 * Tell what to light for an event reached by a move of some granularity.
 * @param {StepEvent | null} event
 * @param {Granularity} scope
 * @param {number[]} sizes
 * @returns {Focus}
 */
export function focusOf(event, scope, sizes) {
  if (!event || scope === 'pass' || scope === 'iteration') return EVERYTHING;
  if (scope === 'term' || event.neuron < 0) return termFocus(event, sizes);
  const neurons = scope === 'neuron' ? [event.neuron] : upTo(sizes[event.layer] ?? 0);
  return setFocus(neurons.flatMap((j) => neuronFocus(event, j, sizes)), []);
}
