// @ts-check
/** The numbers of the diagram as tables, for reading, copying, printing and screen readers. */

import { hooks, html } from '../dom.js';
import { number } from '../format.js';
import { labelOf } from '../numbers.js';
import { layerTitle, observationOf, roleOf } from '../layers.js';
import { scene } from '../scene.js';

/**
 * @typedef {import('../scene.js').Scene} Scene
 * @typedef {import('../types.js').State} State
 */

const WEIGHTS_UP_TO = 12;

/** @param {(string | Node)[]} cells @param {'th' | 'td'} tag */
const row = (cells, tag) => html('tr', {}, ...cells.map((cell, k) =>
  k && tag === 'td' ? html('td', {}, cell) : html('th', { scope: tag === 'th' ? 'col' : 'row' }, cell)));

/** @param {string} caption @param {string} role @param {string[]} head @param {(string | Node)[][]} rows */
const table = (caption, role, head, rows) => html('table', { class: `role-${role}` },
  html('caption', {}, caption), html('thead', {}, row(head, 'th')), html('tbody', {}, ...rows.map((cells) => row(cells, 'td'))));

/**
 * Make cells whose number opens its card.
 * @param {number} digits
 * @returns {(address: string, value: number | null | undefined, title?: string) => string | HTMLElement}
 */
const cellsWith = (digits) => (address, value, title) => (value === null || value === undefined ? ''
  : html('button', { type: 'button', class: 'cell-number', 'data-address': address, title: title ?? null }, number(value, digits)));

/** @param {Scene} view @param {number} layer @param {number} neuron @param {number} source */
function weightCell({ session, connection, digits }, layer, neuron, source) {
  const { weight, before } = connection(layer, neuron, source);
  const address = `${before === null ? 'w' : 'new_w'}[${layer}][${neuron}][${source}]`;
  return cellsWith(digits)(address, weight, labelOf(address, session));
}

/** @param {Scene} view */
function inputTable({ session, neuron, depth, digits }) {
  const cell = cellsWith(digits);
  const { names, size } = session.network.layers[0] ?? { names: [], size: 0 };
  const at = Math.max(0, session.batch.shown.indexOf(session.batch.focus));
  const rows = Array.from({ length: size }, (_, j) =>
    [names[j] ?? '', session.batch.readings[at]?.[j] ?? '', cell(`a[0][${session.batch.focus}][${j}]`, neuron(0, j).a)]);
  return table(layerTitle(0, depth), 'input', ['Input', 'Reading', 'Value'], rows);
}

/** @param {Scene} view @param {number} layer @param {number[]} indices the weights that are listed */
function layerRows(view, layer, indices) {
  const { session, sizes, depth, neuron, digits } = view;
  const cell = cellsWith(digits);
  const last = layer === depth;
  return Array.from({ length: sizes[layer] ?? 0 }, (_, j) => {
    const { bias, before, z, a, target, delta } = neuron(layer, j);
    const at = `[${layer}][${session.batch.focus}][${j}]`;
    return [last ? session.network.layers[layer]?.names[j] ?? '' : `Neuron ${j + 1}`,
      ...indices.map((i) => weightCell(view, layer, j, i)),
      cell(`${before === null ? 'b' : 'new_b'}[${layer}][${j}]`, bias), cell(`z${at}`, z), cell(`a${at}`, a),
      ...(last ? [cell(`y[${session.batch.focus}][${j}]`, target)] : []), cell(`delta${at}`, delta)];
  });
}

/** @param {Scene} view @param {number} layer */
function layerTable(view, layer) {
  const { session, sizes, depth } = view;
  const sources = sizes[layer - 1] ?? 0;
  const indices = Array.from({ length: sources <= WEIGHTS_UP_TO ? sources : 0 }, (_, i) => i);
  const senders = layer === 1 ? session.network.layers[0]?.names ?? [] : [];
  const head = ['Neuron', ...indices.map((i) => `from ${senders[i] ?? i + 1}`), 'Bias', 'z', 'a', ...(layer === depth ? ['Actual'] : []), 'δ'];
  return table(layerTitle(layer, depth), roleOf(layer, depth), head, layerRows(view, layer, indices));
}

/** @param {Scene} view @param {number} layer */
function gradientTable({ session, sizes, depth, connection, digits }, layer) {
  const cell = cellsWith(digits);
  const sources = sizes[layer - 1] ?? 0;
  const known = session.values.bias_gradients[layer]?.some((value) => value !== null);
  if (!known || sources > WEIGHTS_UP_TO) return [];
  const indices = Array.from({ length: sources }, (_, i) => i);
  const rows = Array.from({ length: sizes[layer] ?? 0 }, (_, j) => [`Neuron ${j + 1}`,
    ...indices.map((i) => cell(`dw[${layer}][${j}][${i}]`, connection(layer, j, i).gradient)),
    cell(`db[${layer}][${j}]`, session.values.bias_gradients[layer]?.[j])]);
  return [table(`${layerTitle(layer, depth)}: gradients`, roleOf(layer, depth), ['Neuron', ...indices.map((i) => `from ${i + 1}`), 'Bias'], rows)];
}

/** @param {HTMLElement} root */
export function create(root) {
  const place = hooks(root)('values');
  /** @type {unknown} */
  let shown = null;
  /** @param {State} state */
  function draw({ session, scope, digits }) {
    if (!session) return;
    const view = scene(session, scope, null, digits);
    const layers = view.sizes.slice(1).map((_, k) => k + 1);
    place.replaceChildren(html('p', { class: 'values-note' }, `${observationOf(session)}. An empty cell has not been computed yet.`),
      inputTable(view), ...layers.flatMap((layer) => [layerTable(view, layer), ...gradientTable(view, layer)]));
  }
  /** @type {State | null} */
  let last = null;
  addEventListener('beforeprint', () => last && draw(last));
  return (/** @type {State} */ state) => {
    last = state;
    place.hidden = state.view !== 'table';
    if (place.hidden || state.session === shown) return;
    shown = state.session;
    draw(state);
  };
}
