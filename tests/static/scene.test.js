// @ts-check
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { captions } from '../../static/js/captions.js';
import { scene } from '../../static/js/scene.js';
import { event, num, op, row, session } from './sessions.js';

test('what has not been computed is absent', () => {
  const view = scene(session(), 'term');
  const neuron = view.neuron(2, 0);
  assert.deepEqual([neuron.z, neuron.a, neuron.delta, neuron.sum], [null, null, null, null]);
  assert.equal(view.connection(1, 0, 0).gradient, null);
  assert.equal(view.domains.gradient, null);
});

test('biases and targets are there from the start', () => {
  const view = scene(session(), 'term');
  assert.deepEqual([view.neuron(1, 1).bias, view.neuron(2, 0).bias, view.neuron(0, 0).bias], [-0.2, 0.3, null]);
  assert.deepEqual([view.neuron(2, 0).target, view.neuron(1, 0).target], [1, null]);
});

test('the running sum grows in the neuron at work alone', () => {
  const view = scene(session(), 'term');
  assert.deepEqual([view.neuron(1, 0).sum, view.neuron(1, 0).share], [0.7, 1]);
  assert.equal(view.neuron(1, 1).sum, null);
  assert.equal(view.connection(1, 0, 1).acting, true);
  assert.equal(view.connection(1, 0, 0).acting, false);
});

test('blame runs against the connection it comes through', () => {
  const view = scene(session({ position: { phase: 'backward' },
    values: { blame_terms: [null, [[null], [-0.12]], null] },
    event: event({ phase: 'backward', kind: 'blame', layer: 1, neuron: 1, index: 0, values: [-0.12], running: [-0.12] }) }), 'term');
  assert.equal(view.connection(2, 0, 1).acting, true);
  assert.equal(view.connection(2, 0, 1).blame, -0.12);
  assert.equal(view.connection(2, 0, 0).blame, null);
  assert.equal(view.domains.blame, 0.12);
});

test('an update shows the old value only for what it has passed', () => {
  const previous = { previous_weights: [null, [[-0.5, 0.4], [0.8, 0.2]], [[0.5, -0.6]]], previous_biases: [null, [0, 0], [0]] };
  const view = scene(session({ position: { phase: 'update' }, values: previous,
    event: event({ phase: 'update', kind: 'new_weight', layer: 1, neuron: 1, index: 0 }) }), 'term');
  assert.equal(view.connection(1, 0, 1).before, 0.4);
  assert.equal(view.neuron(1, 0).before, 0);
  assert.equal(view.connection(1, 1, 0).before, 0.8);
  assert.equal(view.connection(1, 1, 1).before, null);
  assert.equal(view.neuron(1, 1).before, null);
  assert.equal(view.connection(2, 0, 0).before, null);
});

test('at the end of an iteration everything has its old value', () => {
  const previous = { previous_weights: [null, [[-0.5, 0.4], [0.8, 0.2]], [[0.5, -0.6]]], previous_biases: [null, [0, 0], [0]] };
  const view = scene(session({ position: { phase: 'done', event: 30 }, values: previous }), 'iteration');
  assert.equal(view.connection(2, 0, 1).before, -0.6);
  assert.equal(view.focus.all, true);
});

test('of a batch the observation in focus is read', () => {
  const many = session({ values: { a: [[[1, 1], [2, 3]], [[0.1, 0.2], [0.3, 0.4]], null] }, event: event({ running: [5, 6], values: [7, 8] }) });
  Object.assign(many.batch, { shown: [0, 1], focus: 1, targets: [[0], [1]] });
  const view = scene(many, 'term');
  assert.equal(view.neuron(1, 1).a, 0.4);
  assert.equal(view.neuron(1, 0).sum, 6);
});

test('the label of a product is the server’s own term', () => {
  const shown = captions(scene(session(), 'term'), 'term', null);
  assert.deepEqual(shown.map(({ at, text, role }) => [at, text, role]), [['c:1:0:1', '+ 0.5 × 3', 'weight-positive']]);
});

test('no label where a move covered more than one term', () => {
  assert.deepEqual(captions(scene(session(), 'layer'), 'layer', null), []);
});

test('the part under the pointer names its weight, or tells its neuron', () => {
  const weight = captions(scene(session(), 'layer'), 'layer', 'c:1:0:0');
  assert.deepEqual(weight.map(({ text, held }) => [text, held]), [['W₁,₁ = −0.4', true]]);
  assert.deepEqual(captions(scene(session(), 'layer'), 'layer', 'n:1:1').map(({ text }) => text), ['bias −0.2']);
  assert.deepEqual(captions(scene(session(), 'layer'), 'layer', 'n:0:1'), []);
});

test('a neuron’s update tells old and new of each of its weights', () => {
  const view = scene(session({ position: { phase: 'update' },
    values: { previous_weights: [null, [[-0.5, 0.4], [0.8, 0.2]], [[0.5, -0.6]]], previous_biases: [null, [0, 0], [0]] },
    event: event({ phase: 'update', kind: 'new_bias', layer: 1, neuron: 0, index: -1, running: null }) }), 'neuron');
  assert.deepEqual(captions(view, 'neuron', null).map(({ text }) => text), ['−0.5 → −0.4', '0.4 → 0.5']);
});

/** @param {object} more @param {object} [values] */
const stepping = (more, values = {}) => session({ position: { phase: 'update' }, values, event: event(/** @type {any} */ (more)) });

test('a gradient of a batch is told as a sum over it, one of an observation in full', () => {
  const gradient = { phase: 'backward', kind: 'gradient', layer: 1, neuron: 0, index: 1 };
  const alone = stepping(gradient);
  assert.deepEqual(captions(scene(alone, 'term'), 'term', null).map(({ text, brief }) => [text, brief]), [['0.5 × 3 = 1.5', '= 1.5']]);
  const many = stepping(gradient);
  Object.assign(many.batch, { rows: [3, 1, 2] });
  assert.deepEqual(captions(scene(many, 'term'), 'term', null).map(({ text }) => text), ['Σ over 3 points = 1.5']);
  Object.assign(many.training, { l2: 0.01 });
  assert.deepEqual(captions(scene(many, 'term'), 'term', null).map(({ text }) => text), ['Σ over 3 points + penalty = 1.5']);
});

test('an update says the whole gradient, then what is taken of it, then old and new', () => {
  const tokens = row(row(num('−0.5', 'weight-negative', 'w[1][0][1]'), op('−'), row(num('0.1', 'plain', ''), op('·'), num('−1', 'gradient', 'dw[1][0][1]'))),
    op('='), num('−0.4', 'weight-negative', 'new_w[1][0][1]'));
  const explanation = { ...event().explanation, shown: '−0.4', substituted: { text: '', tokens } };
  const step = stepping({ phase: 'update', kind: 'new_weight', layer: 1, neuron: 0, index: 1, running: null, explanation },
    { previous_weights: [null, [[-0.5, 0.4], [0.8, 0.2]], [[0.5, -0.6]]], previous_biases: [null, [0, 0], [0]], weight_gradients: [null, [[0, -1], [0, 0]], [[0, 0]]] });
  const [caption] = captions(scene(step, 'term'), 'term', null);
  assert.deepEqual([caption?.led, caption?.text, caption?.note], [['− −1, the whole gradient', '− 0.1 × −1'], '0.4 → 0.5', '− 0.1 × −1']);
});

test('a step fills neurons by what it is about, and a person may choose', () => {
  const back = session({ position: { phase: 'backward' }, values: { a: [[[1]], [[0.5, 0.6]], [[null]]], delta: [null, [[null, -0.3]], [[0.2]]] } });
  const filled = (/** @type {import('../../static/js/types.js').State['fill']} */ fill, /** @type {number} */ neuron) => {
    const { error, value } = scene(back, 'term', null, 2, fill).fill(1, neuron);
    return [error, value];
  };
  assert.deepEqual([filled('step', 0), filled('step', 1)], [[false, 0.5], [true, -0.3]]);
  assert.deepEqual(filled('activation', 1), [false, 0.6]);
  assert.deepEqual(filled('error', 0), [true, null], 'an error that is not known yet is empty, not an activation');
});
