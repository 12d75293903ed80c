// @ts-check
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { connectionKey, keyOf, neuronKey, parseAddress, partOf, weightLabel } from '../../static/js/addresses.js';

test('an address is split into its kind and its indices', () => {
  assert.deepEqual(parseAddress('w[1][0][12]'), { kind: 'w', path: [1, 0, 12] });
  assert.deepEqual(parseAddress('cost'), { kind: 'cost', path: [] });
});

test('nonsense is no address', () => {
  for (const text of ['', 'w[1', '[1]', 'w[x]', 'W[1]']) assert.equal(parseAddress(text), null, text);
});

test('every kind belongs to its neuron or its connection', () => {
  const neuron = { type: 'neuron', layer: 2, neuron: 1, source: -1 };
  for (const address of ['a[2][0][1]', 'z[2][3][1]', 'slope[2][0][1]', 'blame[2][0][1]', 'delta[2][0][1]',
    'b[2][1]', 'db[2][1]', 'new_b[2][1]', 'moment_b[0][2][1]', 'y[0][1]', 'loss_term[0][1]']) {
    assert.deepEqual(partOf(address, 2), neuron, address);
  }
  const connection = { type: 'connection', layer: 2, neuron: 1, source: 4 };
  for (const address of ['w[2][1][4]', 'dw[2][1][4]', 'new_w[2][1][4]', 'product[2][0][1][4]',
    'moment_w[1][2][1][4]', 'blame_term[1][0][4][1]']) {
    assert.deepEqual(partOf(address, 2), connection, address);
  }
});

test('numbers of the whole network belong to no part', () => {
  for (const address of ['cost', 'data_cost', 'penalty', 'cost_after', 'loss[0]', '?']) assert.equal(partOf(address, 2), null);
});

test('keys name parts', () => {
  assert.equal(keyOf('a[1][0][2]', 3), neuronKey(1, 2));
  assert.equal(keyOf('w[1][0][2]', 3), connectionKey(1, 0, 2));
  assert.equal(keyOf('cost', 3), null);
});

test('weights are named as in the article, from a to b, for every weight of a small net', () => {
  assert.equal(weightLabel(0, 4), 'W₅,₁');
  const names = new Set();
  for (let neuron = 0; neuron < 3; neuron += 1) {
    for (let source = 0; source < 12; source += 1) {
      const name = weightLabel(neuron, source);
      const digits = [...name].map((c) => ('₀₁₂₃₄₅₆₇₈₉'.includes(c) ? '₀₁₂₃₄₅₆₇₈₉'.indexOf(c) : c)).join('');
      assert.equal(digits, `W${source + 1},${neuron + 1}`);
      names.add(name);
    }
  }
  assert.equal(names.size, 36);
});
