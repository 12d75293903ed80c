// @ts-check
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { domainsOf, steady } from '../../static/js/domains.js';
import { focusOf } from '../../static/js/focus.js';
import { event, session } from './sessions.js';

/** @param {number} blame @param {object} [more] */
const withBlame = (blame, more = {}) => session({ values: { blame_terms: [null, [[null], [blame]], null] }, ...more });

test('a scale ends at a plain number at or above the largest size', () => {
  const found = domainsOf(withBlame(-0.11));
  assert.deepEqual([found.weight, found.blame, found.gradient, found.delta, found.activation], [1, 0.12, null, null, [3, 1, 1]]);
});

test('within an iteration a scale only grows', () => {
  const before = withBlame(0.5);
  const known = domainsOf(before);
  assert.equal(steady(known, before, withBlame(0.1)).blame, 0.5);
  assert.equal(steady(known, before, withBlame(0.9)).blame, 1);
  assert.equal(steady(known, before, session()).blame, null);
});

test('another iteration, session or network begins anew', () => {
  const before = withBlame(0.5);
  const known = domainsOf(before);
  assert.equal(steady(known, before, withBlame(0.1, { position: { iteration: 1 } })).blame, 0.1);
  assert.equal(steady(known, before, withBlame(0.1, { id: 'other' })).blame, 0.1);
  assert.equal(steady(null, null, withBlame(0.1)).blame, 0.1);
});

test('a loss lights its own output, the cost all of them', () => {
  const sizes = [2, 3, 4];
  const lit = (/** @type {object} */ more) => {
    const focus = focusOf(event({ phase: 'cost', layer: 2, index: -1, ...more }), 'term', sizes);
    return [0, 1, 2, 3].filter((j) => focus.lit(`n:2:${j}`));
  };
  assert.deepEqual(lit({ kind: 'loss', neuron: 2 }), [2]);
  assert.deepEqual(lit({ kind: 'cost', neuron: -1 }), [0, 1, 2, 3]);
});
