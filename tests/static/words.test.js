// @ts-check
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { actionFor } from '../../static/js/keys.js';
import { layerTitle, observationOf, roleOf, whereOf } from '../../static/js/layers.js';
import { apiPath, presetPath, read, sessionPath } from '../../static/js/route.js';
import { aloud, toldOf, unbroken } from '../../static/js/sentence.js';
import { event, session } from './sessions.js';

test('keys step, go back and choose the size of a step', () => {
  assert.deepEqual(actionFor({ key: ' ' }, 'BODY'), { type: 'step' });
  assert.deepEqual(actionFor({ key: 'ArrowRight' }, 'BUTTON'), { type: 'step' });
  assert.deepEqual(actionFor({ key: 'ArrowLeft' }, 'BODY'), { type: 'back' });
  assert.deepEqual(actionFor({ key: 'Home' }, 'BODY'), { type: 'start' });
  assert.deepEqual(actionFor({ key: '3' }, 'BODY'), { type: 'granularity', granularity: 'layer' });
  assert.deepEqual(actionFor({ key: '?' }, 'BODY'), { type: 'help' });
  assert.equal(actionFor({ key: '6' }, 'BODY'), null);
  assert.equal(actionFor({ key: '0' }, 'BODY'), null);
});

test('an element keeps the keys it needs itself', () => {
  assert.equal(actionFor({ key: ' ' }, 'BUTTON'), null);
  assert.equal(actionFor({ key: 'ArrowRight' }, 'INPUT'), null);
  assert.equal(actionFor({ key: '1' }, 'SELECT'), null);
  assert.equal(actionFor({ key: 'ArrowRight' }, 'RANGE'), null);
  assert.deepEqual(actionFor({ key: ' ' }, 'RANGE'), { type: 'step' });
  assert.deepEqual(actionFor({ key: '1' }, 'RANGE'), { type: 'granularity', granularity: 'term' });
  assert.equal(actionFor({ key: 'ArrowLeft', altKey: true }, 'BODY'), null);
});

test('the address says which session or which preset', () => {
  const at = (pathname = '/', search = '', hash = '') => read({ pathname, search, hash });
  assert.deepEqual(at('/s/Ab-_9'), { session: 'Ab-_9' });
  assert.deepEqual(at(), { preset: 'article' });
  assert.deepEqual(at('/', '?preset=iris'), { preset: 'iris' });
  assert.deepEqual(at('/', '?preset=../x'), { preset: 'article' });
  assert.deepEqual(at('/', '', '#moment=a-B_1'), { moment: 'a-B_1' });
  assert.deepEqual([at('/s/x'), at('/', '', '#moment=m'), at()].map(apiPath), ['/sessions/x', '/moments/m', '/presets/article']);
  assert.deepEqual([sessionPath('x'), presetPath('article'), presetPath('iris')], ['/s/x', '/', '/?preset=iris']);
});

test('layers have their roles and names', () => {
  assert.deepEqual([0, 1, 2, 3].map((l) => roleOf(l, 3)), ['input', 'hidden-1', 'hidden-2', 'output']);
  assert.equal(roleOf(9, 10), 'hidden-1');
  assert.deepEqual([0, 1, 2].map((l) => layerTitle(l, 2)), ['Input', 'Hidden 1', 'Output']);
});

test('the place of an event is said', () => {
  assert.equal(whereOf(session()), 'Forward · Hidden 1');
  assert.equal(whereOf(session({ event: event({ phase: 'cost', kind: 'cost', layer: 2 }) })), 'Cost');
  assert.equal(whereOf(session({ event: null, position: { phase: 'ready' } })), 'Ready');
});

test('the observation is said, and that it is one of a batch', () => {
  const one = session();
  assert.equal(observationOf(one), 'point 4');
  Object.assign(one.batch, { rows: [3, 4], classes: ['red'] });
  assert.equal(observationOf(one), 'point 4, red, one of a batch of 2');
});

/** @param {string} text @param {string | null} [address] */
const part = (text, address = null) => ({ text, address, role: address && 'bias' });

const SUMMARY = { title: 'Hidden 1: the whole layer', sentence: 'It sends on 0.83.', figures: [], more: 0,
  sentence_parts: [part('It sends on '), part('0.83', 'a[1][0][0]'), part('.')] };

test('a larger step speaks for itself, a small one is the event’s', () => {
  const now = session({ summary: SUMMARY });
  assert.equal(toldOf(now, 'layer').title, 'Hidden 1: the whole layer');
  assert.equal(toldOf(now, 'neuron').summary, SUMMARY);
  assert.equal(aloud(toldOf(now, 'layer')), 'Hidden 1: the whole layer. It sends on 0.83.');
  assert.equal(toldOf(now, 'term').title, 'Hidden 1, neuron 1: add x2');
  assert.equal(toldOf(now, 'term').summary, null);
  assert.equal(toldOf(session({ summary: null }), 'neuron').title, 'Hidden 1, neuron 1: add x2');
});

test('before the first event it is told what this is', () => {
  const ready = session({ event: null, summary: null });
  assert.deepEqual(toldOf(ready, 'pass', 'Four points.'),
    { title: 'Every number, one click at a time', parts: [part('Four points.')], summary: null });
  assert.deepEqual(toldOf(ready, 'pass').parts, []);
  assert.equal(toldOf(session({ event: null, summary: null, position: { iteration: 7 } }), 'pass').title, 'Iteration 7 begins');
});

test('a number is not torn, nor a neuron from its number', () => {
  assert.equal(unbroken('Hidden 1, neuron 2: 2.9 × 10⁻⁷ and 3 × 4'), 'Hidden\u00a01, neuron\u00a02: 2.9\u00a0×\u00a010⁻⁷ and 3 × 4');
});
