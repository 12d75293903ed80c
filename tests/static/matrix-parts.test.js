// @ts-check
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { visible } from '../../static/js/matrix-parts.js';

test('as many places as fit are shown whole', () => {
  assert.deepEqual(visible(3, 6, [], 5), [0, 1, 2]);
  assert.deepEqual(visible(6, 6, [2], 3), [0, 1, 2, 3, 4, 5]);
});

test('of many places the ends and the neighbourhood are shown', () => {
  assert.deepEqual(visible(64, 6, [30], 5), [0, null, 29, 30, 31, null, 63]);
  assert.deepEqual(visible(64, 6, [-1], 5), [0, 1, 2, 3, null, 63]);
});

test('wherever it is, the place looked at is among those shown, with the first and the last', () => {
  for (let here = 0; here < 10; here += 1) {
    const shown = visible(10, 6, [here], 3);
    assert.ok(shown.includes(here) && shown.includes(0) && shown.includes(9), String(shown));
    assert.equal(shown.filter((place) => place !== null).length, 3);
  }
});

test('a second place that is wanted is brought in', () => {
  assert.deepEqual(visible(64, 6, [30, 50], 5), [0, null, 29, 30, null, 50, null, 63]);
});
