// @ts-check
/**
 * What the diagram shows while a nudge is looked at: the values that the server worked out for it, and all that was
 * found on the way back as what it now is, stale. Picks numbers, never makes any.
 */

import { connectionKey, keyOf, neuronKey } from './addresses.js';

/**
 * @typedef {import('./scene.js').Scene} Scene
 * @typedef {import('./types.js').Shock} Shock
 */

/** @param {Shock} shock whether anything in the batch answers */
export const changes = ({ before, after }) => before.cost !== after.cost || JSON.stringify(before.a) !== JSON.stringify(after.a);

/** @param {Scene} scene @param {Shock} shock @returns {Scene['neuron']} */
function neuronReader(scene, { before, after, shown }) {
  const seen = Math.max(0, shown.indexOf(scene.session.batch.focus));
  return (layer, neuron) => {
    const view = scene.neuron(layer, neuron);
    const [was, is] = [before, after].map(({ a }) => a[layer]?.[seen]?.[neuron] ?? null);
    if (is === undefined || is === null || was === is) return view;
    return { ...view, was: was ?? null, a: is, z: after.z[layer]?.[seen]?.[neuron] ?? null, sum: null, share: 0, slope: null };
  };
}

/** @param {Scene['neuron']} neuron @param {number[]} sizes @param {string | null} own @returns {Scene['focus']} */
function answering(neuron, sizes, own) {
  const bright = new Set(own ? [own] : []);
  const answers = sizes.map((size, layer) =>
    Array.from({ length: size }, (_, j) => j).filter((j) => neuron(layer, j).was !== null));
  for (const [layer, neurons] of answers.entries()) {
    for (const j of neurons) {
      bright.add(neuronKey(layer, j));
      for (const i of answers[layer - 1] ?? []) bright.add(connectionKey(layer, j, i));
    }
  }
  return { lit: (key) => bright.has(key), recent: () => false, all: false };
}

/**
 * Show a scene as a nudge would make it.
 * @param {Scene} scene
 * @param {Shock} shock
 * @returns {Scene}
 */
export function whatIf(scene, shock) {
  const neuron = neuronReader(scene, shock);
  return {
    ...scene, neuron, nudge: shock, stale: changes(shock),
    fill: (layer, index) => ({ error: false, value: neuron(layer, index).a, top: scene.domains.activation[layer] ?? 1 }),
    focus: answering(neuron, scene.sizes, keyOf(shock.address, scene.depth)),
  };
}
