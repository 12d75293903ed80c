// @ts-check
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { focusOf } from '../../static/js/focus.js';
import { event } from './sessions.js';

const SIZES = [2, 2, 1];
const KEYS = ['n:0:0', 'n:0:1', 'n:1:0', 'n:1:1', 'n:2:0', 'c:1:0:0', 'c:1:0:1', 'c:1:1:0', 'c:1:1:1', 'c:2:0:0', 'c:2:0:1'];

/** @param {import('../../static/js/focus.js').Focus} focus */
const lit = (focus) => KEYS.filter(focus.lit);

test('a product lights its two ends and its connection, and remembers the terms before it', () => {
  const focus = focusOf(event(), 'term', SIZES);
  assert.deepEqual(lit(focus), ['n:0:1', 'n:1:0', 'c:1:0:1']);
  assert.deepEqual(KEYS.filter(focus.recent), ['n:0:0', 'c:1:0:0']);
});

test('blame lights the neuron it comes from', () => {
  const focus = focusOf(event({ phase: 'backward', kind: 'blame', layer: 1, neuron: 1, index: 0 }), 'term', SIZES);
  assert.deepEqual(lit(focus), ['n:1:1', 'n:2:0', 'c:2:0:1']);
});

test('an event of one neuron lights that neuron', () => {
  for (const kind of ['activation', 'bias', 'slope', 'delta', 'bias_gradient', 'new_bias', 'loss', 'loss_derivative', 'bias_moment']) {
    assert.deepEqual(lit(focusOf(event({ kind, layer: 1, neuron: 1, index: -1 }), 'term', SIZES)), ['n:1:1'], kind);
  }
});

test('the cost lights the outputs', () => {
  assert.deepEqual(lit(focusOf(event({ phase: 'cost', kind: 'cost', layer: 2, neuron: -1, index: -1 }), 'term', SIZES)), ['n:2:0']);
});

test('a neuron’s move lights what it used, a layer’s move the layer', () => {
  assert.deepEqual(lit(focusOf(event(), 'neuron', SIZES)), ['n:0:0', 'n:0:1', 'n:1:0', 'c:1:0:0', 'c:1:0:1']);
  assert.deepEqual(lit(focusOf(event(), 'layer', SIZES)),
    ['n:0:0', 'n:0:1', 'n:1:0', 'n:1:1', 'c:1:0:0', 'c:1:0:1', 'c:1:1:0', 'c:1:1:1']);
});

test('a backward move of a neuron lights both its sides', () => {
  const focus = focusOf(event({ phase: 'backward', kind: 'bias_gradient', layer: 1, neuron: 0, index: -1 }), 'neuron', SIZES);
  assert.ok(focus.lit('c:2:0:0') && focus.lit('n:2:0') && focus.lit('c:1:0:1'));
});

test('nothing is dimmed at the start and after a whole pass', () => {
  assert.equal(focusOf(null, 'term', SIZES).all, true);
  assert.equal(focusOf(event(), 'pass', SIZES).all, true);
  assert.equal(focusOf(event(), 'iteration', SIZES).all, true);
});
