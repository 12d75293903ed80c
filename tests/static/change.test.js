// @ts-check
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readNumber, slideRange } from '../../static/js/change.js';

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
