// @ts-check
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { activated, inserted, layersOf, plain, removed, resized, without } from '../../static/js/editing.js';

const LAYERS = [{ size: 2, activation: 'tanh', was: 1 }, { size: 3, activation: 'softmax', was: 2 }];

test('the layers after the input are what the API takes', () => {
  const session = /** @type {any} */ ({ network: { layers: [{ role: 'input', size: 4 }, ...LAYERS.map((layer) => ({ ...layer, weights: [] }))] } });
  assert.deepEqual(layersOf(session), LAYERS);
});

test('a layer grows and shrinks, but never below one neuron', () => {
  assert.equal(resized(LAYERS, 0, 1).network.layers[0]?.size, 3);
  assert.equal(resized(LAYERS, 0, -5).network.layers[0]?.size, 1);
  assert.equal(LAYERS[0]?.size, 2);
});

test('a new layer bends like its neighbour, though only the last one may be a softmax', () => {
  assert.deepEqual(inserted(LAYERS, 0).network.layers.map(({ activation }) => activation), ['tanh', 'tanh', 'softmax']);
  assert.deepEqual(inserted(LAYERS, 1).network.layers.map(({ size }) => size), [2, 2, 3]);
  assert.deepEqual(inserted(LAYERS, 1).network.layers.map(({ was }) => was), [1, 0, 2]);
  assert.equal(inserted([{ size: 3, activation: 'softmax', was: 1 }], 0).network.layers[0]?.activation, 'tanh');
});

test('a layer leaves, and a curve changes', () => {
  assert.deepEqual(removed(LAYERS, 0).network.layers, [LAYERS[1]]);
  assert.equal(activated(LAYERS, 0, 'relu').network.layers[0]?.activation, 'relu');
});

test('the neuron that is meant leaves its layer', () => {
  const { layers } = without(LAYERS, 0, 0).network;
  assert.deepEqual(layers, [{ size: 1, activation: 'tanh', was: 1, keep: [1] }, LAYERS[1]]);
});

test('costs and optimizers have plain names', () => {
  assert.deepEqual(['mse', 'binary_cross_entropy', 'adam'].map(plain), ['mean squared error', 'binary cross entropy', 'Adam']);
});
