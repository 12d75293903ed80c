// @ts-check
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { captions } from '../../static/js/captions.js';
import { errorText, valueText } from '../../static/js/readings.js';
import { scene } from '../../static/js/scene.js';
import { whatIf } from '../../static/js/whatif.js';
import { session } from './sessions.js';

const KNOWN = { a: [[[2, 3]], [[0.5, 0.6]], [[0.7]]], z: [null, [[0, 0.4]], [[0.8]]], delta: [null, [[0.1, -0.2]], [[0.3]]] };
const SAME = { a: KNOWN.a, z: KNOWN.z, cost: 1 };

/** @param {object} after @param {object} [more] */
const shock = (after, more = {}) => /** @type {import('../../static/js/types.js').Shock} */ (/** @type {unknown} */ (
  { address: 'w[1][0][1]', by: -0.5, before: SAME, after: { ...SAME, ...after }, shown: [0], ...more }));

/** @param {import('../../static/js/types.js').Shock} nudge @param {object} [values] */
const tried = (nudge, values = KNOWN) => whatIf(scene(session({ position: { phase: 'backward' }, values, event: null }), 'pass'), nudge);

const ANSWER = { a: [[[2, 3]], [[0.25, 0.6]], [[0.55]]], z: [null, [[-1.1, 0.4]], [[0.2]]], cost: 1.5 };

test('dot, fill and value of every neuron that answers are the server’s for the nudge', () => {
  const view = tried(shock(ANSWER));
  const { z, a, was } = view.neuron(1, 0);
  assert.deepEqual([z, a, was], [-1.1, 0.25, 0.5]);
  assert.deepEqual(view.fill(1, 0), { error: false, value: 0.25, top: view.domains.activation[1] });
  assert.equal(view.neuron(1, 1).was, null);
  assert.equal(view.neuron(1, 1).a, 0.6);
});

test('what was found on the way back is kept, and stale', () => {
  const view = tried(shock(ANSWER));
  assert.equal(view.stale, true);
  assert.equal(errorText(view.neuron(1, 0), view), 'δ 0.1');
  assert.equal(tried(shock({})).stale, false, 'where nothing answers nothing is stale');
});

test('what answers stands out, with the connections between', () => {
  const { focus } = tried(shock(ANSWER));
  assert.deepEqual(['c:1:0:1', 'n:1:0', 'c:2:0:0', 'n:2:0', 'n:1:1', 'c:2:0:1', 'n:0:1'].map(focus.lit), [true, true, true, true, false, false, false]);
});

test('a neuron that has no value yet answers too', () => {
  const view = tried(shock(ANSWER), { a: [[[2, 3]], [[null, null]], null], z: [null, null, null], delta: [null, null, null] });
  assert.equal(view.neuron(1, 0).a, 0.25);
  assert.equal(view.neuron(1, 1).a, null, 'what the nudge does not change stays empty');
});

test('of a batch the observation in focus answers', () => {
  const two = (/** @type {number} */ second) => ({ a: [[[2, 3], [2, 3]], [[0.5, 0.6], [second, 0.6]], [[0.7], [0.7]]], z: [null, [[0, 0], [9, 0]], [[0], [0]]], cost: second });
  const many = session({ values: { ...KNOWN, ...two(0.5) }, event: null });
  Object.assign(many.batch, { shown: [4, 5], focus: 5, rows: [0, 0, 0, 0, 0, 0] });
  const view = whatIf(scene(many, 'pass'), shock(two(0.9), { before: two(0.5), shown: [4, 5] }));
  assert.deepEqual([view.neuron(1, 0).a, view.neuron(1, 0).z], [0.9, 9]);
});

test('the label says what is tried, not what the step did', () => {
  const view = tried(shock(ANSWER));
  assert.deepEqual(captions(view, 'term', null).map(({ at, text, note }) => [at, text, note]), [['c:1:0:1', 'W₂,₁ − 0.5', 'what if?']]);
  const bias = tried(shock(ANSWER, { address: 'b[2][0]', by: 0.01 }));
  assert.deepEqual(captions(bias, 'term', null).map(({ at, text }) => [at, text]), [['n:2:0', 'Bias₁ + 0.01']]);
});

test('a value that answers shows the digits that tell it apart, or which way it went', () => {
  const read = (/** @type {number} */ was, /** @type {number} */ is) => valueText({ ...tried(shock(ANSWER)).neuron(1, 0), was, a: is }, { backward: false, digits: 2 });
  assert.equal(read(0.5, 0.25), '→ 0.25');
  assert.equal(read(0.5, 0.5001), '→ 0.5001');
  assert.equal(read(0.5, 0.5 + 1e-9), '0.50 ↑');
  assert.equal(read(0.5, 0.5 - 1e-9), '0.50 ↓');
});
