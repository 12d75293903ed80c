// @ts-check
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { matricesOf } from '../../static/js/matrices.js';
import { partAt } from '../../static/js/walk.js';
import { backwards } from './sessions.js';

/** @typedef {import('../../static/js/matrix-parts.js').Cell} Cell */
/** @typedef {import('../../static/js/types.js').Granularity} Granularity */

/** @param {any} piece */
const numbers = (piece) => piece.rows.map((/** @type {any[]} */ row) => row.map((cell) => cell?.value ?? null));
/** @param {object} event @param {any} [of] @param {Granularity} [scope] */
const lines = (event, of = backwards(), scope = 'term') => matricesOf({ ...of, event }, scope)
  .map(({ pieces }) => pieces.flatMap((piece) => ('rows' in piece ? [piece] : [])));
/** @param {object} event @param {any} [of] */
const pieces = (event, of = backwards()) => lines(event, of)[0] ?? [];
/** @param {any} piece @param {(cell: Cell) => boolean} which */
const addresses = (piece, which) => piece.rows.flat().filter((/** @type {Cell | null} */ cell) => cell && which(cell)).map((/** @type {Cell} */ cell) => cell.address);
/** @param {any} piece */
const current = (piece) => addresses(piece, (cell) => cell.current);
/** @param {any} piece */
const line = (piece) => addresses(piece, (cell) => cell.line);

/** The same for a batch, every observation's numbers the same but for the input. @param {number} count @param {number} focus */
function batch(count, focus) {
  const of = backwards();
  const all = Array.from({ length: count }, (_, b) => b);
  const many = (/** @type {any} */ rows) => rows && all.map(() => rows[0]);
  for (const kind of ['a', 'z', 'slope', 'blame', 'delta']) of.values[kind] = of.values[kind].map(many);
  of.values.a[0] = all.map((b) => [b, b]);
  return { ...of, batch: { rows: all, shown: all, focus, targets: all.map(() => [1]) } };
}

test('the forward pass shows W, X, Bias, Z and A of the layer at work, rows by its neurons', () => {
  const [w, x, bias, z, a] = pieces({ phase: 'forward', kind: 'product', layer: 1, neuron: 1, index: 0, running: [-3] });
  assert.deepEqual(numbers(w), [[110, 111], [120, 121]]);
  assert.deepEqual(numbers(x), [[1], [2]]);
  assert.deepEqual(numbers(bias), [[11], [12]]);
  assert.deepEqual(numbers(z), [[6], [7]]);
  assert.deepEqual(numbers(a), [[3], [4]]);
});

test('the row of W and the column of X at work are told, and the pair that meets', () => {
  const [w, x] = pieces({ phase: 'forward', kind: 'product', layer: 1, neuron: 1, index: 0, running: [-3] });
  assert.deepEqual([current(w), line(w)], [['w[1][1][0]'], ['w[1][1][0]', 'w[1][1][1]']]);
  assert.deepEqual([current(x), line(x)], [['a[0][0][0]'], ['a[0][0][0]', 'a[0][0][1]']]);
});

test('a sum that grows stands where it will be, and is told from one that is done', () => {
  const of = backwards();
  of.values.z[1] = [[6, null]];
  const event = { phase: 'forward', kind: 'product', layer: 1, neuron: 1, index: 0, running: [-3] };
  const z = pieces(event, of)[3];
  assert.deepEqual(z?.rows.map(([cell]) => [cell?.value, cell?.growing ?? false]), [[6, false], [-3, true]]);
  assert.deepEqual(numbers(pieces({ ...event, kind: 'bias', running: null }, of)[3]), [[6], [null]]);
});

test('on the way back the weights stand on their side, and what is not known stays empty', () => {
  const [w, delta, blame] = pieces({ phase: 'backward', kind: 'blame', layer: 1, neuron: 1, index: 0, running: [5] });
  assert.deepEqual(numbers(w), [[210], [211]]);
  assert.equal(w?.rows[1]?.[0]?.address, 'w[2][0][1]');
  assert.deepEqual([current(w), line(w)], [['w[2][0][1]'], ['w[2][0][1]']]);
  assert.deepEqual([current(delta), numbers(delta)], [['delta[2][0][0]'], [[50]]]);
  assert.deepEqual(numbers(blame), [[20], [5]]);
});

test('the gradients are every error times every signal', () => {
  const [delta, sent, gradient] = pieces({ phase: 'backward', kind: 'gradient', layer: 1, neuron: 0, index: 0 });
  assert.deepEqual(numbers(delta), [[40], [null]]);
  assert.deepEqual(numbers(sent), [[1, 2]]);
  assert.deepEqual(numbers(gradient), [[70, null], [null, null]]);
  assert.deepEqual([current(delta), current(sent), current(gradient)], [['delta[1][0][0]'], ['a[0][0][0]'], ['dw[1][0][0]']]);
});

test('the gradient of a bias is its row of errors, added up', () => {
  const [delta, bias] = pieces({ phase: 'backward', kind: 'bias_gradient', layer: 1, neuron: 0, index: -1 }, batch(4, 2));
  assert.deepEqual([line(delta).length, current(delta)], [4, ['delta[1][2][0]']]);
  assert.deepEqual([numbers(bias), current(bias)], [[[71], [null]], ['db[1][0]']]);
});

test('a batch has its columns, whole up to six, and the one in focus is told', () => {
  for (const [count, focus] of /** @type {[number, number][]} */ ([[2, 1], [4, 2], [6, 0]])) {
    const x = pieces({ phase: 'forward', kind: 'product', layer: 1, neuron: 0, index: 0 }, batch(count, focus))[1];
    assert.deepEqual([x?.rows[0]?.length, x?.lit], [count, focus]);
    assert.deepEqual(current(x), [`a[0][${focus}][0]`]);
  }
});

test('of a large batch the first, the one in focus and the last are shown', () => {
  const [delta, sent] = pieces({ phase: 'backward', kind: 'gradient', layer: 1, neuron: 0, index: 1 }, batch(10, 4));
  assert.deepEqual(delta?.observations, [1, null, 5, null, 10]);
  assert.equal(delta?.observations?.[delta.lit ?? -1], 5);
  // On its side its rows are the observations.
  assert.deepEqual(sent?.rows.map((row) => row[0]?.value ?? null), [0, null, 4, null, 9]);
  assert.deepEqual([sent?.turned, sent?.lit, current(sent)], [true, 2, ['a[0][4][1]']]);
});

test('a step by layer shows how its gradients came about, line by line', () => {
  const last = { phase: 'backward', kind: 'bias_gradient', layer: 1, neuron: 1, index: -1 };
  const names = (/** @type {Granularity} */ scope, of = backwards(), event = last) => lines(event, of, scope).map((one) => one.map(({ name }) => name).join(' '));
  assert.deepEqual(names('layer'), ['Wᵀ δ ∂C/∂A', '∂C/∂A f′(Z) δ', 'δ Xᵀ ∂C/∂W']);
  assert.deepEqual(names('layer', backwards(), { ...last, layer: 2 }), ['∂C/∂A f′(Z) δ', 'δ Aᵀ ∂C/∂W']);
  const joined = backwards();
  joined.network.joined = true;
  assert.deepEqual(names('layer', joined, { ...last, layer: 2 }), ['δ Aᵀ ∂C/∂W']);
  assert.deepEqual(line(lines(last, backwards(), 'neuron')[2]?.[2]), ['dw[1][1][0]', 'dw[1][1][1]']);
  assert.deepEqual(current(lines(last, backwards(), 'layer')[2]?.[2]), []);
});

test('softmax has no slope of one neuron', () => {
  const of = backwards();
  of.network.layers[2].activation = 'softmax';
  assert.deepEqual(pieces({ phase: 'backward', kind: 'delta', layer: 2, neuron: 0, index: -1 }, of).map(({ name }) => name), ['∂C/∂A', 'δ']);
});

test('a part held in the diagram is brought in where others are left out', () => {
  const of = backwards();
  const size = 64;
  of.network.layers[0] = { role: 'input', size, names: [] };
  of.network.layers[1].weights = [0, 1].map(() => Array.from({ length: size }, (_, i) => i));
  of.values.a[0] = [Array.from({ length: size }, (_, i) => i)];
  const event = { phase: 'forward', kind: 'product', layer: 1, neuron: 0, index: 30 };
  const shown = (/** @type {string | null} */ key) => matricesOf({ ...of, event }, 'term', key === null ? null : partAt(key))
    .flatMap((one) => one.pieces.flatMap((piece) => ('rows' in piece ? addresses(piece, () => true) : [])));
  assert.ok(!shown(null).includes('w[1][1][50]'));
  assert.ok(shown('c:1:1:50').includes('w[1][1][50]'));
  assert.ok(shown('n:0:50').includes('a[0][0][50]'));
  assert.ok(shown('c:1:1:50').includes('w[1][0][30]'));
});

test('the cost and the update have no matrices', () => {
  assert.deepEqual(lines({ phase: 'cost', kind: 'loss', layer: 2, neuron: 0, index: 0 }), []);
});
