// @ts-check
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { draggedTo, readNumber, slideRange, tried } from '../../static/js/change.js';
import { session } from './sessions.js';

test('a number is read as people write it', () => {
  const read = { '0.5': 0.5, ' −0.42 ': -0.42, '-1e-3': -0.001, '.5': 0.5, '5.': 5, '0,25': 0.25, '+2': 2, '−0.7815518878702445': -0.7815518878702445 };
  for (const [text, value] of Object.entries(read)) assert.equal(readNumber(text), value, text);
});

test('what is no finite number is not taken', () => {
  for (const text of ['', '-', 'abc', '1,000.5', '0x10', 'NaN', 'Infinity', '1e999', '1 2', '--1']) assert.equal(readNumber(text), null, text);
});

test('a slider holds its value in the middle, reaches at least 1 each way, and steps plainly', () => {
  assert.deepEqual(slideRange(0), { min: -1, max: 1, step: 0.01 });
  assert.deepEqual(slideRange(-0.42), { min: -1.42, max: 0.58, step: 0.01 });
  assert.deepEqual(slideRange(3.2), { min: -1.8, max: 8.2, step: 0.05 });
  for (const value of [1e-9, 0.99, 7, -250, 1e6]) {
    const { min, max } = slideRange(value);
    assert.ok(min < value && value < max && max - min >= 2, String(value));
  }
});

test('a drag moves by whole steps, finely by tenths of them, and comes back to where it began', () => {
  const range = { step: 0.01 };
  assert.equal(draggedTo(range, -0.777, 60, false), -0.18);
  assert.equal(draggedTo(range, -0.777, 60, true), -0.717);
  assert.equal(draggedTo(range, -0.777, 0, false), -0.777);
});

test('what is being tried is shown, and nothing else is changed', () => {
  const before = session();
  const weight = tried(before, { address: 'w[1][1][0]', by: 0.1 });
  assert.deepEqual(weight.network.layers[1]?.weights, [[-0.4, 0.5], [1, 0.25]]);
  assert.deepEqual(before.network.layers[1]?.weights, [[-0.4, 0.5], [0.9, 0.25]]);
  assert.deepEqual(tried(before, { address: 'b[2][0]', by: 1 }).network.layers[2]?.biases, [1.3]);
  assert.deepEqual(tried(before, { address: 'a[0][0][1]', by: 1 }).values.a[0], [[2, 4]]);
  assert.equal(tried(before, null), before);
  assert.equal(tried(before, { address: 'w[9][0][0]', by: 1 }), before);
});
