// @ts-check
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { INITIAL, reduce } from '../../static/js/state.js';
import { back, opened } from '../../static/js/trail.js';

/** @param {string[]} trail @param {string} address */
const card = (address, ...trail) => ({ address, trail, quiet: false });

test('walking on keeps the way; coming by again cuts it short', () => {
  const z = opened(null, { address: 'z[1][0][0]' });
  const weight = opened(z, { address: 'w[1][0][0]', within: true });
  const dw = opened(weight, { address: 'dw[1][0][0]', within: true });
  assert.deepEqual(dw, card('dw[1][0][0]', 'z[1][0][0]', 'w[1][0][0]'));
  assert.deepEqual(opened(dw, { address: 'z[1][0][0]', within: true }), card('z[1][0][0]'));
  assert.deepEqual(back(dw), weight);
  assert.equal(back(z), null);
});

test('a number from outside begins a new way; the same one changes nothing', () => {
  const walked = card('a', 'b');
  assert.deepEqual(opened(walked, { address: 'cost' }), card('cost'));
  assert.equal(opened(walked, { address: 'a' }), walked);
  assert.equal(opened(walked, { address: 'a', within: true }), walked);
  assert.equal(opened(walked, { address: null }), null);
});

test('a card opened by the page’s address waits for a person', () => {
  const quiet = opened(null, { address: 'cost', quiet: true });
  assert.equal(quiet?.quiet, true);
  assert.equal(opened(quiet, { address: 'cost', within: true })?.quiet, false);
});

test('a way of any length stays short', () => {
  let here = opened(null, { address: 'n0' });
  for (let k = 1; k < 100; k += 1) here = opened(here, { address: `n${k}`, within: true });
  assert.equal(here?.trail.length, 40);
  assert.equal(here?.trail.at(-1), 'n98');
});

test('an answer for another number is not shown, and a nudge does not outlive its card', () => {
  let state = reduce(INITIAL, { type: 'card', address: 'w[1][0][0]' });
  const answer = { address: 'cost', revision: 1, explanation: null, unknown: null };
  assert.equal(reduce(state, { type: 'answer', answer }), state);
  assert.equal(reduce(state, { type: 'ways', ways: { ...answer, found: null } }), state);
  state = reduce(state, { type: 'probe', probe: { address: 'w[1][0][0]', by: 1, shock: null, problem: null } });
  state = reduce(state, { type: 'marks', marks: { kind: 'ripple', parts: [] } });
  const next = reduce(state, { type: 'card', address: 'cost', within: true });
  assert.deepEqual([next.probe, next.marks, next.card?.trail], [null, null, ['w[1][0][0]']]);
  assert.equal(reduce(next, { type: 'card', address: null }).card, null);
  assert.deepEqual(reduce(next, { type: 'card-back' }).card?.address, 'w[1][0][0]');
  assert.equal(reduce(next, { type: 'desk', origin: { preset: 'article' } }).card, null);
});
