// @ts-check
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bothNames, canNudge, fullName, hasWays, isGiven, labelOf, layerMark, mainNumber, numbersIn, partName, placeOf, presentValue, roleOf, valueOf }
  from '../../static/js/numbers.js';
import { session } from './sessions.js';

const here = session();

test('labels are the article’s, as the server writes them', () => {
  const labels = {
    'w[1][0][1]': 'W₂,₁', 'b[1][1]': 'Bias₂', 'a[0][0][1]': 'In₂', 'a[1][0][1]': 'A₂', 'z[1][0][0]': 'Z₁', 'slope[1][0][0]': 'σ′(Z₁)',
    'blame[1][0][1]': '∂C/∂A₂', 'delta[2][0][0]': 'δ₁', 'y[0][0]': 'Actual₁', 'loss_term[0][0]': 'Loss₁', 'loss[0]': 'Loss', cost: 'C',
    cost_after: 'new C', 'product[1][0][0][1]': 'W₂,₁ · In₂', 'product[2][0][0][1]': 'W₂,₁ · A₂', 'blame_term[1][0][1][0]': 'W₂,₁ · δ₁',
    'dw[1][0][1]': '∂C/∂W₂,₁', 'db[1][0]': '∂C/∂Bias₁', 'data_dw[1][0][1]': 'data ∂C/∂W₂,₁', 'new_w[1][0][1]': 'new W₂,₁', 'new_b[1][0]': 'new Bias₁',
  };
  for (const [address, label] of Object.entries(labels)) assert.equal(labelOf(address, here), label);
  assert.equal(labelOf('no such thing', here), 'no such thing');
});

test('an optimizer’s memory has its own letter', () => {
  const adam = session();
  adam.training = /** @type {any} */ ({ optimizer: { name: 'adam' } });
  assert.equal(labelOf('moment_w[1][1][0][1]', adam), 'V(W₂,₁)');
  assert.equal(labelOf('old_moment_b[0][1][0]', adam), 'old M(Bias₁)');
});

test('a number that many layers have names its layer', () => {
  assert.deepEqual(['w[1][0][1]', 'z[2][0][0]', 'a[0][0][1]', 'cost'].map((address) => layerMark(address, here)), ['H1', 'Out', '', '']);
});

test('a place is a neuron, a connection, or nothing', () => {
  assert.equal(placeOf('z[1][0][1]', here), 'Hidden 1, neuron 2');
  assert.equal(placeOf('w[1][0][1]', here), 'x2 → Hidden 1, neuron 1');
  assert.equal(placeOf('y[0][0]', here), 'y');
  assert.equal(placeOf('cost', here), '');
  assert.equal(partName(here, { type: 'connection', layer: 2, neuron: 0, source: 1 }), 'Hidden 1, neuron 2 → y');
});

test('a weight has both its names: the article’s, and its row and column', () => {
  assert.equal(bothNames('w[1][0][1]', here), 'W₂,₁, row 1, column 2');
  assert.equal(bothNames('dw[2][0][1]', here), '∂C/∂W₂,₁, row 1, column 2');
});

test('a number’s full name says which it is, in whom, and of which observation of a batch', () => {
  assert.equal(fullName('w[1][0][1]', here), 'W₂,₁, row 1, column 2, weight from x2 to Hidden 1, neuron 1');
  assert.equal(fullName('dw[2][0][0]', here), '∂C/∂W₁,₁, row 1, column 1, gradient of the weight from Hidden 1, neuron 1 to y');
  assert.equal(fullName('a[0][0][1]', here), 'In₂, input of x2');
  assert.equal(fullName('delta[1][0][1]', here), 'δ₂, error of Hidden 1, neuron 2');
  const batch = session();
  Object.assign(batch.batch, { rows: [3, 4, 5] });
  assert.equal(fullName('z[1][2][0]', batch), 'Z₁, weighted sum of Hidden 1, neuron 1, observation 3 of 3');
  assert.equal(fullName('b[1][0]', batch), 'Bias₁, bias of Hidden 1, neuron 1');
});

test('values are picked, null where they are not computed yet, undefined where they are not listed', () => {
  assert.equal(valueOf('a[0][0][1]', here), 3);
  assert.equal(valueOf('w[1][1][0]', here), 0.9);
  assert.equal(valueOf('b[2][0]', here), 0.3);
  assert.equal(valueOf('y[0][0]', here), 1);
  assert.equal(valueOf('z[1][0][0]', here), null);
  assert.equal(valueOf('cost', here), null);
  assert.equal(valueOf('product[1][0][0][0]', here), undefined);
  assert.equal(valueOf('new_w[1][0][0]', here), undefined);
  assert.equal(valueOf('a[0][7][1]', here), null);
});

test('in an update a weight’s address means the old one, and the present one is known too', () => {
  const updating = session({ values: { previous_weights: [null, [[-0.5, 0.5], [0.9, 0.25]], [[0.6, -0.7]]] } });
  assert.equal(valueOf('w[1][0][0]', updating), -0.5);
  assert.equal(presentValue('w[1][0][0]', updating), -0.4);
  assert.equal(presentValue('b[1][0]', updating), 0.1);
  assert.equal(presentValue('a[0][0][0]', updating), 2);
  assert.equal(valueOf('new_w[1][0][0]', session({ position: { phase: 'done' } })), -0.4);
});

test('colours follow what a number is', () => {
  const roles = { 'w[1][0][0]': 'weight-negative', 'w[1][0][1]': 'weight-positive', 'a[0][0][0]': 'input', 'z[1][0][0]': 'hidden-1', 'a[2][0][0]': 'output',
    'b[1][0]': 'bias', 'delta[1][0][0]': 'error', 'dw[1][0][0]': 'gradient', 'moment_w[0][1][0][0]': 'gradient', cost: 'cost', 'product[1][0][0][0]': 'plain' };
  for (const [address, role] of Object.entries(roles)) assert.equal(roleOf(address, here), role, address);
});

test('a neuron opens the number it shows largest', () => {
  const neuron = (/** @type {number} */ layer) => ({ type: /** @type {'neuron'} */ ('neuron'), layer, neuron: 0, source: -1 });
  assert.equal(mainNumber(here, neuron(0)), 'a[0][0][0]');
  assert.equal(mainNumber(here, neuron(1)), 'b[1][0]');
  assert.equal(mainNumber(session({ values: { z: [null, [[0.8, null]], null] } }), neuron(1)), 'z[1][0][0]');
  assert.equal(mainNumber(session({ values: { a: [[[2, 3]], [[0.7, null]], null] } }), neuron(1)), 'a[1][0][0]');
  assert.equal(mainNumber(here, { type: 'connection', layer: 1, neuron: 0, source: 1 }), 'w[1][0][1]');
});

test('everything that lives in a part is listed, each address once and with a label', () => {
  const joined = session();
  joined.network.joined = true;
  const parts = [{ type: 'neuron', layer: 1, neuron: 1, source: -1 }, { type: 'neuron', layer: 2, neuron: 0, source: -1 },
    { type: 'connection', layer: 2, neuron: 0, source: 1 }, { type: 'neuron', layer: 0, neuron: 1, source: -1 }];
  for (const state of [here, joined]) {
    for (const part of parts) {
      const found = numbersIn(state, /** @type {import('../../static/js/addresses.js').Part} */ (part));
      assert.equal(new Set(found).size, found.length);
      for (const address of found) assert.notEqual(labelOf(address, state), address);
    }
  }
  assert.ok(!numbersIn(joined, { type: 'neuron', layer: 2, neuron: 0, source: -1 }).includes('slope[2][0][0]'));
});

test('what is given can be changed; what moves the cost can be nudged; parameters have ways', () => {
  const kinds = ['w[1][0][0]', 'b[1][0]', 'a[0][0][0]', 'y[0][0]', 'a[1][0][0]', 'blame[1][0][0]', 'z[1][0][0]'];
  assert.deepEqual(kinds.map(isGiven), [true, true, true, true, false, false, false]);
  assert.deepEqual(kinds.map(canNudge), [true, true, true, false, false, false, false]);
  assert.deepEqual(kinds.map(hasWays), [true, true, false, false, false, false, false]);
});
