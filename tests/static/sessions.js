// @ts-check
/** A small session as the server would send it: two inputs, two hidden neurons, one output, in the middle of the work. */

/** @typedef {import('../../static/js/types.js').Session} Session */
/** @typedef {import('../../static/js/types.js').Token} Token */

/** @param {string} text @param {string} role @param {string} address @returns {Token} */
export const num = (text, role, address) => ({ t: 'num', text, role, address });

/** @param {string} text @param {boolean} [pending] @returns {Token} */
export const op = (text, pending = false) => (pending ? { t: 'op', text, pending } : { t: 'op', text });

/** @param {Token[]} items @returns {Token} */
export const row = (...items) => ({ t: 'row', items });

/** −0.4 · 2 + 0.5 · 3 + pending bias = 0.7, the second product just done */
export const RUNNING = row(
  row(num('−0.4', 'weight-negative', 'w[1][0][0]'), op('·'), num('2', 'input', 'a[0][0][0]')),
  op('+'),
  { ...row(num('0.5', 'weight-positive', 'w[1][0][1]'), op('·'), num('3', 'input', 'a[0][0][1]')), current: true },
  op('+', true), { ...num('0.1', 'bias', 'b[1][0]'), pending: true }, op('='), num('0.7', 'plain', 'z[1][0][0]'),
);

/** @param {Partial<import('../../static/js/types.js').StepEvent>} [more] */
export function event(more = {}) {
  return /** @type {import('../../static/js/types.js').StepEvent} */ (/** @type {unknown} */ ({
    number: 2, phase: 'forward', kind: 'product', layer: 1, neuron: 0, index: 1, moment: -1, observation: 0,
    address: 'product[1][0][0][1]', values: [1.5], running: [0.7],
    explanation: {
      title: 'Hidden 1, neuron 1: add x2', shown: '1.5', sentence: 'x2 (3) raises the sum to 0.7.',
      sentence_parts: [{ text: 'x2 (3) raises the sum to 0.7.', address: null, role: null }],
      substituted: { text: '0.5 · 3 = 1.5', tokens: row(num('0.5', 'weight-positive', 'w[1][0][1]'), op('·'), num('3', 'input', 'a[0][0][1]'), op('='), num('1.5', 'plain', 'product[1][0][0][1]')) },
      running: { done: 2, of: 2, shown: '0.7', substituted: { text: '', tokens: RUNNING } },
    },
    ...more,
  }));
}

/**
 * @param {object} [more] what differs, part by part
 * @param {object} [more.position]
 * @param {object} [more.values]
 * @param {unknown} [more.event]
 * @param {unknown} [more.summary]
 * @param {string | null} [more.id]
 * @param {number} [more.revision]
 */
export function session({ position = {}, values = {}, ...rest } = {}) {
  return /** @type {Session} */ (/** @type {unknown} */ ({
    id: 'abc', revision: 3, preset: 'tiny', title: 'Tiny',
    network: { layers: [
      { role: 'input', size: 2, names: ['x1', 'x2'] },
      { role: 'hidden-1', size: 2, names: ['1', '2'], activation: 'sigmoid', weights: [[-0.4, 0.5], [0.9, 0.25]], biases: [0.1, -0.2] },
      { role: 'output', size: 1, names: ['y'], activation: 'sigmoid', weights: [[0.6, -0.7]], biases: [0.3] },
    ] },
    data: { name: 'Tiny', observations: 4, row_noun: 'point' },
    position: { iteration: 0, epoch: 0, event: 2, events: 30, phase: 'forward', next: { phase: 'forward', sentence: 'Add the bias.' },
      stretches: [
        { phase: 'forward', layer: 1, first: 1, last: 8 }, { phase: 'forward', layer: 2, first: 9, last: 12 },
        { phase: 'cost', layer: 2, first: 13, last: 14 }, { phase: 'backward', layer: 2, first: 15, last: 20 },
        { phase: 'backward', layer: 1, first: 21, last: 24 }, { phase: 'update', layer: 1, first: 25, last: 30 },
      ], ...position },
    event: event(),
    batch: { rows: [3], labels: ['point 4'], classes: [null], shown: [0], focus: 0, targets: [[1]], readings: [['2 cm', '3 cm']] },
    values: { a: [[[2, 3]], null, null], z: [null, null, null], delta: [null, null, null], blame_terms: [null, null, null], weight_gradients: [null, null, null],
      bias_gradients: [null, null, null], losses: null, cost: null, previous_weights: null, previous_biases: null, cost_after: null, ...values },
    history: { first: 0, iterations: 0, costs: [] }, training: { l1: 0, l2: 0 },
    ...rest,
  }));
}

/** A network of 2-2-1 in the middle of its backward pass, numbers told apart by their places. @returns {any} */
export function backwards() {
  return {
    network: { layers: [
      { role: 'input', size: 2, names: ['x', 'y'] },
      { role: 'hidden-1', size: 2, names: ['1', '2'], weights: [[110, 111], [120, 121]], biases: [11, 12] },
      { role: 'output', size: 1, names: ['out'], weights: [[210, 211]], biases: [21] },
    ] },
    position: { iteration: 0, event: 20, phase: 'backward' },
    batch: { rows: [5], shown: [0], focus: 0, targets: [[1]] },
    event: null,
    values: {
      a: [[[1, 2]], [[3, 4]], [[5]]], z: [null, [[6, 7]], [[8]]], slope: [null, [[9, null]], [[10]]],
      blame: [null, [[20, null]], [[30]]], delta: [null, [[40, null]], [[50]]],
      blame_terms: [null, [[60], [null]], null],
      weight_gradients: [null, [[70, null], [null, null]], [[80, 81]]], bias_gradients: [null, [71, null], [82]], gradient_terms: null,
    },
  };
}
