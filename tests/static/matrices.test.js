// @ts-check
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { blameOf, neuronName } from '../../static/js/blame.js';
import { matricesOf, visible } from '../../static/js/matrices.js';

/** A network of 2-2-1 in the middle of its backward pass, numbers told apart by their places. @returns {any} */
function session() {
  return {
    network: { layers: [
      { role: 'input', size: 2, names: ['x', 'y'] },
      { role: 'hidden-1', size: 2, names: ['1', '2'], weights: [[110, 111], [120, 121]], biases: [11, 12] },
      { role: 'output', size: 1, names: ['out'], weights: [[210, 211]], biases: [21] },
    ] },
    batch: { shown: [0], focus: 0, targets: [[1]] },
    event: null,
    values: {
      a: [[[1, 2]], [[3, 4]], [[5]]], z: [null, [[6, 7]], [[8]]], slope: [null, [[9, null]], [[10]]],
      blame: [null, [[20, null]], [[30]]], delta: [null, [[40, null]], [[50]]],
      blame_terms: [null, [[60], [null]], null],
      weight_gradients: [null, [[70, null], [null, null]], [[80, 81]]],
    },
  };
}

/** @param {any} piece */
const numbers = (piece) => piece.rows.map((/** @type {any[]} */ row) => row.map((cell) => cell?.value ?? null));
/** @param {any} of @param {object} event */
const pieces = (of, event) => (matricesOf({ ...of, event })[0]?.pieces ?? []).filter((piece) => 'rows' in piece);

test('the forward pass shows W, X, Bias, Z and A of the layer at work, rows by its neurons', () => {
  const [w, x, bias, z, a] = pieces(session(), { phase: 'forward', kind: 'product', layer: 1, neuron: 1, index: 0 });
  assert.deepEqual(numbers(w), [[110, 111], [120, 121]]);
  assert.deepEqual(numbers(x), [[1], [2]]);
  assert.deepEqual(numbers(bias), [[11], [12]]);
  assert.deepEqual(numbers(z), [[6], [7]]);
  assert.deepEqual(numbers(a), [[3], [4]]);
  const current = (/** @type {any} */ piece) => piece.rows.flat().filter((/** @type {any} */ cell) => cell.current).map((/** @type {any} */ cell) => cell.address);
  assert.deepEqual(current(w), ['w[1][1][0]']);
  assert.deepEqual(current(x), ['a[0][0][0]']);
});

test('on the way back the weights stand on their side, and what is not known stays empty', () => {
  const [w, delta, blame] = pieces(session(), { phase: 'backward', kind: 'blame', layer: 1, neuron: 1, index: 0 });
  assert.deepEqual(numbers(w), [[210], [211]]);
  assert.equal(/** @type {any} */ (w).rows[1][0].address, 'w[2][0][1]');
  assert.deepEqual(numbers(delta), [[50]]);
  assert.deepEqual(numbers(blame), [[20], [null]]);
});

test('the gradients are every error times every signal', () => {
  const [delta, sent, gradient] = pieces(session(), { phase: 'backward', kind: 'gradient', layer: 1, neuron: 0, index: 0 });
  assert.deepEqual(numbers(delta), [[40], [null]]);
  assert.deepEqual(numbers(sent), [[1, 2]]);
  assert.deepEqual(numbers(gradient), [[70, null], [null, null]]);
});

test('the cost and the update have no matrices', () => {
  assert.deepEqual(matricesOf({ ...session(), event: { phase: 'cost', kind: 'loss', layer: 2, neuron: 0, index: 0 } }), []);
});

test('of many places the ends and the neighbourhood are shown', () => {
  assert.deepEqual(visible(3, 6), [0, 1, 2]);
  assert.deepEqual(visible(64, 6, 30), [0, null, 29, 30, 31, null, 63]);
  assert.deepEqual(visible(64, 6), [0, 1, 2, 3, null, 63]);
});

test('the blame panel keeps activity, weight, error and gradient apart', () => {
  const found = blameOf({ ...session(), event: { phase: 'backward', kind: 'gradient', layer: 2, neuron: 0, index: 0 } });
  assert.equal(found?.neuron, 'out');
  assert.deepEqual(found?.rows.map(({ name, activity, weight, error, gradient }) =>
    [name, activity.value, weight.value, error?.value, gradient.value]),
  [['Hidden 1, neuron 1', 3, 210, 60, 80], ['Hidden 1, neuron 2', 4, 211, null, 81]]);
  assert.equal(found?.rows[0]?.error?.address, 'blame_term[1][0][0][0]');
});

test('no error is sent back to an input, and there is no blame on the way forward', () => {
  const found = blameOf({ ...session(), event: { phase: 'backward', kind: 'delta', layer: 1, neuron: 0, index: -1 } });
  assert.equal(found?.rows[0]?.error, null);
  assert.equal(blameOf({ ...session(), event: { phase: 'forward', kind: 'bias', layer: 1, neuron: 0, index: -1 } }), null);
  assert.equal(neuronName(session().network.layers, 0, 1), 'y');
});
