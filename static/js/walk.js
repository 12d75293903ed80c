// @ts-check
/** Walk the diagram with the arrow keys, along its connections; and what each part is called aloud. */

import { connectionKey, neuronKey } from './addresses.js';
import { number } from './format.js';
import { neuronName, partName } from './numbers.js';

/**
 * @typedef {import('./types.js').Session} Session
 * @typedef {import('./addresses.js').Part} Part
 * @typedef {'ArrowLeft' | 'ArrowRight' | 'ArrowUp' | 'ArrowDown'} Arrow
 * @typedef {object} Here
 * @property {string} key
 * @property {'out' | 'in'} fan whether a connection was entered from its source, among those that go out of it,
 *   or from its target, among those that come in
 */

/**
 * Read the key of a part of the diagram.
 * @param {string} key
 * @returns {Part}
 */
export function partAt(key) {
  const [type, layer = 0, neuron = 0, source = -1] = key.split(':').map((part, k) => (k ? Number(part) : part));
  return { type: type === 'n' ? 'neuron' : 'connection', layer: Number(layer), neuron: Number(neuron), source: Number(source) };
}

/** @param {number} index @param {number | undefined} size */
const within = (index, size) => Math.min(index, Math.max(0, (size ?? 1) - 1));

/** @param {Part} at @param {Arrow} arrow @param {number[]} sizes @returns {Here[]} the first that is drawn counts */
function fromNeuron({ layer, neuron }, arrow, sizes) {
  if (arrow === 'ArrowUp' || arrow === 'ArrowDown') {
    return [{ key: neuronKey(layer, neuron + (arrow === 'ArrowUp' ? -1 : 1)), fan: 'out' }];
  }
  const out = arrow === 'ArrowRight';
  const next = out ? layer + 1 : layer - 1;
  if (next < 0 || next >= sizes.length) return [];
  const other = within(neuron, sizes[next]);
  return [{ key: out ? connectionKey(next, other, neuron) : connectionKey(layer, neuron, other), fan: out ? 'out' : 'in' },
    { key: neuronKey(next, other), fan: 'out' }];
}

/** @param {Part} at @param {Arrow} arrow @param {Here['fan']} fan @returns {Here[]} */
function fromConnection({ layer, neuron, source }, arrow, fan) {
  if (arrow === 'ArrowRight') return [{ key: neuronKey(layer, neuron), fan: 'out' }];
  if (arrow === 'ArrowLeft') return [{ key: neuronKey(layer - 1, source), fan: 'out' }];
  const by = arrow === 'ArrowUp' ? -1 : 1;
  return [{ key: fan === 'out' ? connectionKey(layer, neuron + by, source) : connectionKey(layer, neuron, source + by), fan }];
}

/**
 * Find the part an arrow key leads to: left and right along the connections, up and down among neighbours.
 * @param {Here} here
 * @param {Arrow} arrow
 * @param {number[]} sizes
 * @param {(key: string) => boolean} drawn
 * @returns {Here | null}
 */
export function walk(here, arrow, sizes, drawn) {
  const part = partAt(here.key);
  const ways = part.type === 'neuron' ? fromNeuron(part, arrow, sizes) : fromConnection(part, arrow, here.fan);
  return ways.find(({ key }) => drawn(key)) ?? null;
}

/** @param {[string, number | null | undefined][]} parts */
const said = (parts) => parts.flatMap(([name, value]) =>
  (value === null || value === undefined ? [] : [`${name} ${number(value)}`.trim()])).join(', ');

/** @param {Session} session @param {Part} part */
function saidNeuron(session, { layer, neuron }) {
  const { values, network, batch } = session;
  const seen = Math.max(0, batch.shown.indexOf(batch.focus));
  const at = (/** @type {(((number | null)[] | null)[] | null)[]} */ list) => list[layer]?.[seen]?.[neuron];
  if (layer === 0) return said([['', at(values.a)]]);
  return said([['activation', at(values.a)], ['weighted sum', at(values.z)],
    ['bias', network.layers[layer]?.biases?.[neuron]], ['error', at(values.delta)]]);
}

/**
 * Say a part of the diagram with its numbers, for a screen reader.
 * @param {Session} session
 * @param {string} key
 */
export function spoken(session, key) {
  const part = partAt(key);
  const { layer, neuron, source } = part;
  if (part.type === 'neuron') return `${partName(session, part)}: ${saidNeuron(session, part) || 'not computed yet'}`;
  const { network, values } = session;
  return `Weight from ${neuronName(session, layer - 1, source)} to ${neuronName(session, layer, neuron)}: ${said([
    ['', network.layers[layer]?.weights?.[neuron]?.[source]], ['gradient', values.weight_gradients[layer]?.[neuron]?.[source]]])}`;
}
