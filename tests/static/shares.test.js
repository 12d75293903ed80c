// @ts-check
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { laid, restOf } from '../../static/js/shares.js';

test('each bar begins where the one before it ends, and keeps its observation’s number', () => {
  const steps = laid([2, -3, 0, 4], 1);
  assert.deepEqual(steps.map(({ from, to, value }) => [from, to, value]), [[0, 2, 2], [2, -1, -3], [-1, -1, 0], [-1, 3, 4]]);
  assert.deepEqual(steps.map(({ name, short }) => [name, short])[3], ['Observation 4', '4']);
  assert.deepEqual(steps.map(({ kind }) => kind), ['share', 'share is-focus', 'share', 'share']);
});

test('what has no bar of its own closes the gap to the gradient, named and without a number', () => {
  const steps = laid([2, 3], 0);
  assert.equal(restOf(steps, 5, 0, false), null);
  const more = restOf(steps, 9, 7, false);
  assert.deepEqual([more?.from, more?.to, more?.value, more?.name], [5, 9, null, '7 more observations']);
  assert.equal(restOf(steps, 5.5, 0, true)?.name, 'The penalty on large weights');
  assert.equal(restOf(steps, 5.5, 7, true)?.name, '7 more observations and the penalty on large weights');
});
