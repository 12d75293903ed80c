// @ts-check
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { neuronKey } from '../../static/js/addresses.js';
import { blameOf, neuronName, sayBlame, sayGradient } from '../../static/js/blame.js';
import { partAt } from '../../static/js/walk.js';
import { backwards } from './sessions.js';

/** @typedef {import('../../static/js/blame.js').Blame} Blame */

/** @param {object} event @param {object} [more] @returns {Blame} */
const blame = (event, more = {}) => /** @type {Blame} */ (blameOf({ ...backwards(), ...more, event: { phase: 'backward', ...event } }));
const GRADIENT = { kind: 'gradient', layer: 2, neuron: 0, index: 1 };

test('the blame panel keeps activity, weight, error and gradient apart', () => {
  const found = blame(GRADIENT);
  assert.equal(found.neuron, 'out');
  assert.deepEqual(found.delta, { value: 50, address: 'delta[2][0][0]' });
  assert.deepEqual(found.rows.map(({ name, activity, weight, error, slope, gradient, current }) =>
    [name, activity.value, weight.value, error?.value, slope?.value, gradient.value, current]),
  [['neuron 1', 3, 210, 60, 9, 80, false], ['neuron 2', 4, 211, null, null, 81, true]]);
  assert.equal(found.rows[0]?.error?.address, 'blame_term[1][0][0][0]');
});

test('no error is sent back to an input, and there is no blame on the way forward', () => {
  const found = blame({ kind: 'delta', layer: 1, neuron: 0, index: -1 });
  assert.deepEqual(found.rows.map(({ error, slope }) => [error, slope]), [[null, null], [null, null]]);
  assert.match(sayBlame(found), /To the inputs no error travels back/);
  assert.equal(blameOf({ ...backwards(), event: { phase: 'forward', kind: 'bias', layer: 1, neuron: 0, index: -1 } }), null);
  assert.equal(neuronName(backwards().network.layers, 0, 1), 'y');
});

test('while blame is handed back, the neuron it comes from is looked at', () => {
  const found = blame({ kind: 'blame', layer: 1, neuron: 1, index: 0 });
  assert.deepEqual([found.neuron, found.rows.map(({ current }) => current)], ['out', [false, true]]);
});

test('a neuron held in the diagram comes before that of the step; an input or a connection does not', () => {
  const at = (/** @type {string} */ key) => blameOf({ ...backwards(), event: { phase: 'backward', ...GRADIENT } }, partAt(key))?.neuron;
  assert.equal(at(neuronKey(1, 1)), 'Hidden 1, neuron 2');
  assert.equal(at(neuronKey(0, 1)), 'out');
  assert.equal(at(neuronKey(1, 9)), 'out');
  assert.equal(at('c:1:1:0'), 'out');
});

test('of one observation the gradient is said to go by the activity; of a batch only its own share', () => {
  const one = blame(GRADIENT);
  assert.deepEqual([one.rows[0]?.share, sayGradient(one)], [null, 'δ × a']);
  assert.match(sayBlame(one), /^The more active the sender, the larger the gradient of its weight/);

  const batch = { ...backwards().batch, rows: [7, 8, 9], shown: [0, 1, 2], focus: 0 };
  const values = { ...backwards().values, gradient_terms: [null, null, [[5, 6]]] };
  const many = blame(GRADIENT, { batch, values });
  assert.deepEqual(many.rows.map(({ share, gradient }) => [share, gradient.value]), [[{ value: 5, address: null }, 80], [{ value: 6, address: null }, 81]]);
  assert.equal(sayGradient(many), 'all 3 added');
  const said = sayBlame(many);
  assert.match(said, /the larger its share \(δ × a\)\. The gradient is all 3 shares together/);
  assert.doesNotMatch(said, /the larger the gradient/);
});

test('a penalty on large weights is part of the gradient and is said to be', () => {
  const values = { ...backwards().values, gradient_terms: [null, null, [[5, 6]]] };
  const found = blame(GRADIENT, { values, training: { l1: 0, l2: 0.1 } });
  assert.equal(sayGradient(found), 'δ × a, penalty');
  assert.match(sayBlame(found), /The gradient is that and the penalty on large weights together/);
});

/** One neuron with many senders, the busiest in the middle. @param {object} event */
function wide(event) {
  const size = 20;
  const activity = Array.from({ length: size }, (_, i) => (i === 11 ? -9 : i / 10));
  return /** @type {Blame} */ (blameOf(/** @type {any} */ ({ ...backwards(), event: { phase: 'backward', ...event },
    network: { layers: [{ role: 'input', size, names: activity.map((_, i) => `in${i}`) }, { role: 'output', size: 1, names: ['out'], weights: [activity], biases: [0] }] },
    values: { a: [[activity], [[1]]], delta: [null, [[1]]], slope: [null, null], blame_terms: [null, null], weight_gradients: [null, [activity]] } })));
}

test('of many senders the most active are listed, the most active first, and the rest counted', () => {
  const found = wide({ kind: 'delta', layer: 1, neuron: 0, index: -1 });
  assert.deepEqual(found.rows.map(({ source }) => source), [11, 19, 18, 17, 16, 15, 14, 13]);
  assert.equal(found.left, 12);
  assert.match(sayBlame(found), /The 8 most active senders are listed; 12 more are left out\./);
});

test('the sender a step is about is listed however little it sent', () => {
  const found = wide({ kind: 'gradient', layer: 1, neuron: 0, index: 2 });
  assert.deepEqual(found.rows.map(({ source, current }) => [source, current]).at(-1), [2, true]);
  assert.match(sayBlame(found), /The 7 most active senders and the one of this step are listed; 12 more/);
  assert.match(sayBlame(wide({ kind: 'gradient', layer: 1, neuron: 0, index: 19 })), /The 8 most active senders are listed/);
});
