// @ts-check
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { apart, bound, count, extent, lines, number } from '../../static/js/format.js';

/** The same table as the server's own writing gives: value, with 2 digits, with 4. */
/** @type {[number, string, string][]} */
const WRITTEN = [
  [0, '0', '0'], [0.5, '0.5', '0.5'], [1, '1', '1'], [-1.2, '−1.2', '−1.2'], [-1.1998, '−1.20', '−1.1998'],
  [0.00031, '0.00031', '0.00031'], [0.000314159, '0.00031', '0.00031'], [1e-6, '10⁻⁶', '10⁻⁶'],
  [3.14e-6, '3.1 × 10⁻⁶', '3.14 × 10⁻⁶'], [1234.567, '1234.57', '1234.567'], [999999.999, '1000000.00', '999999.999'],
  [1e6, '10⁶', '10⁶'], [123456789, '1.2 × 10⁸', '1.235 × 10⁸'], [0.005, '0.005', '0.005'], [2.675, '2.68', '2.675'],
  [0.0995, '0.100', '0.0995'], [9.999, '10.00', '9.999'], [1e-5, '0.00001', '0.00001'], [0.99999, '1.00', '1.0000'],
  [3e-300, '3 × 10⁻³⁰⁰', '3 × 10⁻³⁰⁰'], [12, '12', '12'],
];

/** @param {string} text */
const plain = (text) => text.replaceAll('\u00a0', ' ');

test('numbers are written as the server writes them', () => {
  for (const [value, two, four] of WRITTEN) {
    assert.equal(plain(number(value)), two);
    assert.equal(plain(number(value, 4)), four);
  }
});

test('a power of ten stays on one line with its number', () => {
  assert.equal(number(3.14e-6), '3.1\u00a0×\u00a010⁻⁶');
});

test('with all digits every number is written in full', () => {
  assert.equal(number(0.003284961213734563, 17), '0.003284961213734563');
  assert.equal(plain(number(-1.2345678901234567e-9, 17)), '−1.2345678901234566 × 10⁻⁹');
});

test('a number that is not there is written as nothing, never as 0', () => {
  assert.equal(number(null), '');
  assert.equal(number(undefined), '');
});

test('old and new are written so that the difference shows', () => {
  assert.deepEqual(apart(0.35, 0.36), ['0.35', '0.36']);
  assert.deepEqual(apart(0.7944, 0.7941), ['0.7944', '0.7941']);
  assert.deepEqual(apart(-0.2, -0.2004), ['−0.2', '−0.2004']);
  assert.deepEqual(apart(100, 1000), ['100', '1000']);
  assert.deepEqual(apart(0.25, 0.25), ['0.25', '0.25']);
});

test('the ends of a scale carry their sign', () => {
  assert.deepEqual([bound(-0.5), bound(2), bound(0)], ['−0.5', '+2', '0']);
  assert.deepEqual([bound(-2.5e208), bound(1e-7), extent(-3e21)], ['−2.5\u00a0×\u00a010²⁰⁸', '+10⁻⁷', '3\u00a0×\u00a010²¹']);
});

test('large counts are grouped', () =>
  assert.deepEqual([0, 999, 1000, 12345, 1234567].map(count), ['0', '999', '1,000', '12,345', '1,234,567']));

test('names fall on at most two lines', () => {
  const within = (/** @type {number} */ most) => (/** @type {string} */ text) => text.length <= most;
  assert.deepEqual(lines('sex', within(11)), ['sex']);
  assert.deepEqual(lines('Adelie Torgersen', within(11)), ['Adelie', 'Torgersen']);
  assert.deepEqual(lines('Adelie · Dream', within(11)), ['Adelie', 'Dream']);
  assert.deepEqual(lines('bill depth', within(11)), ['bill depth']);
  assert.deepEqual(lines('a b c d', within(3)), ['a b', 'c d']);
  assert.deepEqual(lines('Pseudohypoparathyroidism', within(11)), ['Pseudohypo…']);
  assert.deepEqual(lines('Adelie · Torgersen', within(11), 1), ['Adelie Tor…']);
});
