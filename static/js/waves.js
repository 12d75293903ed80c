// @ts-check
/** The motion of a move that covers many events: a handful of things, layer after layer, in under a second. */

import { activate, halo, swing, text } from './moves.js';

/**
 * @typedef {import('./moves.js').Pair} Pair
 * @typedef {import('./moves.js').Move} Move
 * @typedef {import('./moves.js').At} At
 * @typedef {{layer: number, neurons: number[], way: 'forward' | 'backward' | 'update'}} Wave
 */

/** So many things may move together. */
const MOST = 8;
/** Among more connections than this none stands out. */
const MOST_LOOKED_AT = 3000;
const STAGGER = 40;
const DROP = 340;
/** All waves of a move have begun by then. */
const LAST_START = 420;

/** @param {number} size */
const upTo = (size) => Array.from({ length: size }, (_, k) => k);

/** @type {Record<Wave['way'], (pair: Pair, layer: number, neuron: number) => boolean>} */
const CHANGES = {
  forward: ({ early, late }, l, j) => early.neuron(l, j).a === null && late.neuron(l, j).a !== null,
  backward: ({ early, late }, l, j) => early.neuron(l, j).delta === null && late.neuron(l, j).delta !== null,
  update: ({ early, late }, l, j) => early.neuron(l, j).before === null && late.neuron(l, j).before !== null,
};

/** @param {Pair} pair @param {Wave['way']} way @returns {Wave[]} */
function changed(pair, way) {
  const { sizes } = pair.late;
  const layers = upTo(sizes.length).slice(1).map((layer) =>
    ({ layer, way, neurons: upTo(sizes[layer] ?? 0).filter((neuron) => CHANGES[way](pair, layer, neuron)) }));
  if (way === 'backward') layers.reverse();
  return layers.filter(({ neurons }) => neurons.length > 0);
}

/** @param {Wave} wave @param {number} sources @returns {At[]} */
function incoming({ layer, neurons }, sources) {
  if (neurons.length * sources > MOST_LOOKED_AT) return [];
  return neurons.flatMap((neuron) => upTo(sources).map((source) => ({ layer, neuron, source })));
}

/** @param {At[]} all @param {(at: At) => number | null} size @returns {At[]} those that count most */
function strongest(all, size) {
  const sized = all.map((at) => ({ at, size: Math.abs(size(at) ?? 0) }));
  return sized.sort((a, b) => b.size - a.size).slice(0, MOST).map(({ at }) => at);
}

/** @param {At[]} on @param {boolean} back @returns {Move[]} */
const drops = (on, back) => on.map((at, k) => ({ what: 'drop', on: at, back, at: (k * STAGGER) / 2, lasts: DROP }));

/** @type {Record<Wave['way'], (pair: Pair, wave: Wave, start: number, alone: boolean) => Move[]>} */
const WAVES = {
  forward(pair, wave, start, alone) {
    const { late } = pair;
    const on = alone ? strongest(incoming(wave, late.sizes[wave.layer - 1] ?? 0), (c) => late.connection(c.layer, c.neuron, c.source).weight) : [];
    const after = start + (alone ? 260 : 0);
    return [...drops(on, false), ...wave.neurons.slice(0, MOST).flatMap((j, k) => activate(pair, wave.layer, j, after + k * STAGGER / 2))];
  },
  backward(pair, wave, start, alone) {
    const { late } = pair;
    const next = late.sizes[wave.layer + 1] ?? 0;
    const out = alone ? wave.neurons.flatMap((source) => upTo(next).map((neuron) => ({ layer: wave.layer + 1, neuron, source }))) : [];
    const after = start + (out.length ? 260 : 0);
    const halos = strongest(incoming(wave, late.sizes[wave.layer - 1] ?? 0), (c) => late.connection(c.layer, c.neuron, c.source).gradient);
    return [...drops(strongest(out, (c) => late.connection(c.layer, c.neuron, c.source).blame), true),
      ...wave.neurons.slice(0, MOST).flatMap((j, k) => text(pair, wave.layer, j, 'error', after + k * STAGGER)),
      ...halos.flatMap((on, k) => halo(late, on, after + 100 + k * STAGGER / 2, 240))];
  },
  update(pair, wave, start) {
    const { late } = pair;
    const on = strongest(incoming(wave, late.sizes[wave.layer - 1] ?? 0), (c) => late.connection(c.layer, c.neuron, c.source).gradient);
    return [...on.flatMap((c, k) => swing(late, c, start + k * STAGGER / 2, 420)),
      ...wave.neurons.slice(0, MOST).flatMap((j) => text(pair, wave.layer, j, 'bias', start + 240))];
  },
};

/**
 * Plan the motion of a move by neuron, layer, pass or iteration.
 * @param {Pair} pair
 * @returns {Move[]}
 */
export function waves(pair) {
  const all = /** @type {const} */ (['forward', 'backward', 'update']).flatMap((way) => changed(pair, way));
  const step = all.length > 1 ? LAST_START / (all.length - 1) : 0;
  /** @type {Move[]} */
  const moves = all.flatMap((wave, k) => WAVES[wave.way](pair, wave, k * step, all.length === 1));
  return [...moves, { what: 'label', at: 0, lasts: 240 }];
}
