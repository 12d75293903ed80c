// @ts-check
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { matricesOf } from '../../static/js/matrices.js';
import { matrixMoves } from '../../static/js/matrix-moves.js';
import { backwards } from './sessions.js';

/** @typedef {import('../../static/js/matrix-moves.js').Carry} Carry */

/** A session at an event. @param {object} event @param {object} [values] @returns {any} */
const at = (event, values = {}) => ({ ...backwards(), event: { values: [7], running: null, ...event }, values: { ...backwards().values, ...values } });
const BEFORE = at({ phase: 'backward', kind: 'bias_gradient', layer: 2, neuron: 0, index: -1 });

/** @param {any} early @param {any} late @param {import('../../static/js/types.js').Granularity} [scope] */
const moves = (early, late, scope = 'term') =>
  matrixMoves({ early, late, fine: scope === 'term', lines: matricesOf(late, scope), digits: 2 });
/** @param {ReturnType<typeof moves>} plan */
const carried = (plan) => plan.flatMap((move) => (move.what === 'carry' ? [[move.from, move.to, move.text]] : []));
/** @param {ReturnType<typeof moves>} plan */
const end = (plan) => Math.max(0, ...plan.map((move) => move.at + move.lasts));

test('where blame first enters a layer, its weights turn on their side, and then the error goes through them', () => {
  const event = { phase: 'backward', kind: 'blame', layer: 1, neuron: 0, index: 0, running: [12] };
  const plan = moves(BEFORE, at(event));
  assert.deepEqual(plan[0], { what: 'turn', line: 0, matrix: 'w 2', at: 100, lasts: 430 });
  assert.deepEqual(carried(plan), [['delta[2][0][0]', 'w[2][0][0]', '50'], ['w[2][0][0]', 'blame[1][0][0]', '7']]);
  const [first] = plan.filter((move) => move.what === 'carry');
  assert.ok((first?.at ?? 0) > 400);
  assert.ok(end(plan) < 1000);
});

test('in the layer they stay turned', () => {
  const blame = { phase: 'backward', kind: 'blame', layer: 1, neuron: 0, index: 0, running: [12] };
  const plan = moves(at({ ...blame, kind: 'bias_gradient' }), at({ ...blame, neuron: 1 }));
  assert.deepEqual(plan.map(({ what }) => what), ['carry', 'carry', 'come']);
});

test('a gradient comes out of its error and its signal', () => {
  const event = { phase: 'backward', kind: 'gradient', layer: 1, neuron: 0, index: 0 };
  const plan = moves(at({ ...event, kind: 'delta' }), at(event));
  assert.deepEqual(carried(plan), [['delta[1][0][0]', 'dw[1][0][0]', '40'], ['a[0][0][0]', 'dw[1][0][0]', '1']]);
  const come = plan.find(({ what }) => what === 'come');
  assert.deepEqual([come?.what === 'come' && come.address, come?.what === 'come' && come.text], ['dw[1][0][0]', '70']);
});

test('every kind of event moves something, for less than a second', () => {
  for (const kind of ['product', 'bias', 'activation', 'loss_derivative', 'blame', 'slope', 'delta', 'gradient', 'bias_gradient']) {
    const phase = ['product', 'bias', 'activation'].includes(kind) ? 'forward' : 'backward';
    const event = { phase, kind, layer: 1, neuron: 0, index: 0, running: [3] };
    const plan = moves(at({ ...event, kind: '' }), at(event));
    assert.ok(plan.length > 0 && end(plan) < 1000, kind);
  }
  assert.deepEqual(moves(BEFORE, at({ phase: 'cost', kind: 'cost', layer: 2, neuron: -1, index: -1 })), []);
});

test('a step by layer turns the weights and then fills matrix after matrix with what is new', () => {
  const late = at({ phase: 'backward', kind: 'bias_gradient', layer: 1, neuron: 1, index: -1 },
    { weight_gradients: [null, [[70, 71], [72, 73]], [[80, 81]]] });
  const early = { ...BEFORE, values: { ...BEFORE.values, blame: [null, null, [[30]]], delta: [null, null, [[50]]], slope: [null, null, [[10]]], weight_gradients: [null, null, [[80, 81]]] } };
  const plan = moves(early, late, 'layer');
  assert.deepEqual(plan.filter(({ what }) => what === 'turn').map((turn) => turn.at), [100]);
  const filled = plan.flatMap((move) => (move.what === 'come' ? [`${move.line} ${move.address}`] : []));
  assert.deepEqual(filled, ['0 blame[1][0][0]', '1 blame[1][0][0]', '1 slope[1][0][0]', '1 delta[1][0][0]', '2 delta[1][0][0]',
    '2 dw[1][0][0]', '2 dw[1][0][1]', '2 dw[1][1][0]', '2 dw[1][1][1]']);
  assert.ok(end(plan) < 1000);
  const begins = (/** @type {string} */ wanted) => plan.flatMap((move) => (move.what === 'come' && move.address === wanted ? [move.at] : []));
  assert.equal(new Set(begins('delta[1][0][0]')).size, 1);
  const order = ['blame[1][0][0]', 'slope[1][0][0]', 'delta[1][0][0]', 'dw[1][0][0]', 'dw[1][1][0]'].map((one) => begins(one)[0] ?? 0);
  assert.deepEqual(order, [...order].sort((one, other) => one - other));
  assert.ok((order[0] ?? 0) > 400 && new Set(order).size === order.length);
});

test('with a new iteration everything worked out is new', () => {
  const late = at({ phase: 'forward', kind: 'activation', layer: 1, neuron: 1, index: -1 });
  const early = { ...at({ phase: 'update', kind: 'new_bias', layer: 2, neuron: 0, index: -1 }), position: { iteration: -1, event: 20, phase: 'done' } };
  const filled = moves(early, late, 'layer').flatMap((move) => (move.what === 'come' ? [move.address] : []));
  assert.deepEqual(filled, ['z[1][0][0]', 'z[1][0][1]', 'a[1][0][0]', 'a[1][0][1]']);
});
