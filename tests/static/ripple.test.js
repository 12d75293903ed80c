// @ts-check
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answersOf, rippleMarks, stations, wayMarks } from '../../static/js/ripple.js';
import { session } from './sessions.js';

const here = session();

/** @param {number[][][]} before @param {number[][][]} after */
const shock = (before, after) => /** @type {import('../../static/js/types.js').Shock} */ (/** @type {unknown} */ ({
  address: 'w[1][0][0]', by: 0.01, before: { a: before, cost: 1 }, after: { a: after, cost: 1.1 }, shown: [0] }));

test('only the neurons that answer are listed, layer by layer, never the input itself', () => {
  const found = answersOf(shock([[[2, 3]], [[0.5, 0.6]], [[0.7]]], [[[9, 3]], [[0.55, 0.6]], [[0.71]]]), here);
  assert.deepEqual(found.map(({ title, rows }) => [title, rows.map(({ name, before, after }) => [name, before, after])]),
    [['Hidden 1', [['Neuron 1', 0.5, 0.55]]], ['Output', [['y', 0.7, 0.71]]]]);
});

test('the diagram is told the same neurons', () => {
  const marks = rippleMarks(shock([[[2, 3]], [[0.5, 0.6]], [[0.7]]], [[[2, 3]], [[0.5, 0.65]], [[0.7]]]), here);
  assert.deepEqual(marks, { kind: 'ripple', parts: [{ key: 'n:1:1' }] });
});

test('of many neurons the first are listed and the rest counted', () => {
  const many = Array.from({ length: 30 }, (_, k) => k);
  const [layer] = answersOf(shock([[[0]], [many]], [[[0]], [many.map((value) => value + 1)]]), here);
  assert.deepEqual([layer?.rows.length, layer?.left], [10, 20]);
});

/** @param {number[]} neurons */
const way = (...neurons) => ({ neurons, factors: [], product: 1 });

test('a way lights every neuron and connection it passes', () => {
  assert.deepEqual(wayMarks('w[1][1][0]', way(1, 0)).parts.map(({ key }) => key), ['n:0:0', 'c:1:1:0', 'n:1:1', 'c:2:0:1', 'n:2:0']);
  assert.deepEqual(wayMarks('b[2][0]', way(0)).parts.map(({ key }) => key), ['n:2:0']);
});

test('stations are named shortly, the output by its name', () => {
  const names = (/** @type {string} */ address, /** @type {number[]} */ ...neurons) =>
    stations(address, way(...neurons), here).map(({ text }) => text).join(' → ');
  assert.equal(names('w[1][1][0]', 1, 0), 'In₁ → H1·2 → y');
  assert.equal(names('w[2][0][1]', 0), 'H1·2 → y');
  assert.equal(names('b[1][0]', 0, 0), 'Bias₁ → H1·1 → y');
});
