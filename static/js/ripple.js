// @ts-check
/** What answers a nudge, and the ways a number takes to the cost, as the card lists them and the diagram lights them. */

import { connectionKey, neuronKey, parseAddress } from './addresses.js';
import { layerTitle, roleOf } from './layers.js';
import { labelOf, neuronName } from './numbers.js';

/**
 * @typedef {import('./types.js').Session} Session
 * @typedef {import('./types.js').Shock} Shock
 * @typedef {import('./types.js').Way} Way
 * @typedef {import('./types.js').Marks} Marks
 *
 * @typedef {object} Answer one neuron that answers
 * @property {string} key
 * @property {string} address
 * @property {string} name
 * @property {number} before
 * @property {number} after
 *
 * @typedef {{title: string, role: string, rows: Answer[], left: number}} LayerAnswers
 */

const MOST_ROWS = 10;

/** @param {Shock} shock @param {Session} session @param {number} layer @returns {Answer[]} */
function changedIn({ before, after, shown }, session, layer) {
  const focus = session.batch.focus;
  const seen = Math.max(0, shown.indexOf(focus));
  const old = before.a[layer]?.[seen] ?? [];
  return old.flatMap((value, neuron) => {
    const now = after.a[layer]?.[seen]?.[neuron] ?? value;
    return now === value ? [] : [{ key: neuronKey(layer, neuron), address: `a[${layer}][${focus}][${neuron}]`,
      name: layer === session.network.layers.length - 1 ? neuronName(session, layer, neuron) : `Neuron ${neuron + 1}`,
      before: value, after: now }];
  });
}

/**
 * List the neurons that answer, layer by layer.
 * @param {Shock} shock
 * @param {Session} session
 * @returns {LayerAnswers[]}
 */
export function answersOf(shock, session) {
  const depth = session.network.layers.length - 1;
  return shock.before.a.flatMap((_, layer) => {
    const all = layer ? changedIn(shock, session, layer) : [];
    const rows = all.slice(0, MOST_ROWS);
    return all.length ? [{ title: layerTitle(layer, depth), role: roleOf(layer, depth), rows, left: all.length - rows.length }] : [];
  });
}

/**
 * Tell the diagram which neurons answer.
 * @param {Shock} shock
 * @param {Session} session
 * @returns {Marks}
 */
export function rippleMarks(shock, session) {
  const parts = shock.before.a.flatMap((_, layer) => (layer ? changedIn(shock, session, layer) : []));
  return { kind: 'ripple', parts: parts.map(({ key }) => ({ key })) };
}

/**
 * Tell the diagram which neurons and connections a way passes.
 * @param {string} address of the weight or the bias it starts from
 * @param {Way} way
 * @returns {Marks}
 */
export function wayMarks(address, { neurons }) {
  const { kind, path: [layer = 1, neuron = 0, source = 0] } = parseAddress(address) ?? { kind: '', path: [] };
  const start = kind === 'w' ? [neuronKey(layer - 1, source), connectionKey(layer, neuron, source)] : [];
  const hops = neurons.flatMap((at, k) => [
    ...(k ? [connectionKey(layer + k, at, neurons[k - 1] ?? 0)] : []), neuronKey(layer + k, at)]);
  return { kind: 'way', parts: [...start, ...hops].map((key) => ({ key })) };
}

/**
 * Name the stations of a way: In₃, H1·1, H2·1, Chinstrap.
 * @param {string} address
 * @param {Way} way
 * @param {Session} session
 * @returns {{text: string, role: string}[]}
 */
export function stations(address, { neurons }, session) {
  const { kind, path: [layer = 1, , source = 0] } = parseAddress(address) ?? { kind: '', path: [] };
  const depth = session.network.layers.length - 1;
  const start = kind === 'b' ? { text: labelOf(address, session), role: 'bias' }
    : layer === 1 ? { text: labelOf(`a[0][0][${source}]`, session), role: 'input' }
      : { text: `H${layer - 1}·${source + 1}`, role: roleOf(layer - 1, depth) };
  const rest = neurons.map((at, k) => {
    const here = layer + k;
    return { text: here === depth ? neuronName(session, here, at) : `H${here}·${at + 1}`, role: roleOf(here, depth) };
  });
  return [start, ...rest];
}
