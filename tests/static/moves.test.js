// @ts-check
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { movesOf } from '../../static/js/choreography.js';
import { lengthOf, timed } from '../../static/js/motion.js';
import { swing } from '../../static/js/moves.js';
import { gradientWidth, weightWidth } from '../../static/js/scales.js';
import { scene } from '../../static/js/scene.js';
import { event, session } from './sessions.js';

const AT = { layer: 1, neuron: 0, source: 0 };

/** @param {number} weight @param {number} before @param {number} gradient */
function updated(weight, before, gradient) {
  const made = session({ position: { phase: 'update', event: 26 },
    values: { previous_weights: [null, [[before, 0.4], [0.8, 0.2]], [[0.5, -0.6]]], previous_biases: [null, [0, 0], [0]], weight_gradients: [null, [[gradient, 0.1], [0, 0]], [[0, 0]]] },
    event: event({ phase: 'update', kind: 'new_weight', layer: 1, neuron: 0, index: 0, running: null }) });
  Object.assign(made.network.layers[1]?.weights?.[0] ?? [], [weight]);
  return scene(made, 'term');
}

test('a connection swings by the whole gradient and settles at what is taken of it', () => {
  const late = updated(-0.44, -0.4, 0.4);
  const [move] = swing(late, AT, 0, 900);
  const width = (/** @type {number} */ weight) => weightWidth(weight, late.domains.weight);
  assert.deepEqual(move?.widths, [width(-0.4), width(-0.8), width(-0.8), width(-0.44), width(-0.44)]);
  const [from = 0, out = 0, rest = 0, back = 0, end = 0] = move?.bands ?? [];
  const whole = gradientWidth(0.4, late.domains.gradient ?? 1);
  assert.equal(from, width(-0.4));
  assert.deepEqual([out, rest], [width(-0.8) + whole, width(-0.8) + whole]);
  assert.ok(Math.abs(back - (width(-0.44) + whole / 10)) < 1e-9 && back === end, 'a tenth of the gradient was taken');
});

test('an optimizer that takes more than the gradient settles at the whole of it', () => {
  const late = updated(-1.4, -0.4, 0.1);
  const { bands = [], widths = [] } = swing(late, AT, 0, 900)[0] ?? {};
  assert.ok(Math.abs((bands[3] ?? 0) - (widths[3] ?? 0) - gradientWidth(0.1, late.domains.gradient ?? 1)) < 1e-9);
});

test('nothing swings before it is updated, and a gradient of zero swings nothing', () => {
  const early = scene(session({ position: { phase: 'backward' }, values: { weight_gradients: [null, [[0.4, 0.1], [0, 0]], [[0, 0]]] } }), 'term');
  assert.deepEqual(swing(early, AT, 0, 900), []);
  const still = swing(updated(-0.4, -0.4, 0), AT, 0, 900)[0];
  assert.deepEqual(new Set([...(still?.bands ?? []), ...(still?.widths ?? [])]).size, 1);
});

test('the swing of a step lasts less than a second, plays back mirrored, and its label comes last', () => {
  const late = updated(-0.44, -0.4, 0.4);
  const early = scene({ ...late.session, position: { ...late.session.position, event: 25, phase: 'backward' }, event: null }, 'term');
  const there = movesOf(early, late);
  assert.deepEqual(there.moves.map(({ what }) => what), ['swing', 'label']);
  assert.equal(there.back, false);
  assert.ok(Math.max(...there.moves.map(({ at, lasts }) => at + lasts)) < 1000);
  assert.equal(movesOf(late, early).back, true);
});

test('a gesture played back is its mirror, but for what comes last in either direction', () => {
  const element = /** @type {Element} */ ({});
  const one = { element, frames: { opacity: [0, 1], offset: [0, 1] }, at: 100, lasts: 200 };
  assert.equal(lengthOf([one]), 300);
  assert.deepEqual(timed(one, 500, true), { frames: { opacity: [1, 0], offset: [0, 1] }, timing: { delay: 200, duration: 200, fill: 'both', easing: 'cubic-bezier(.4, 0, .25, 1)' } });
  assert.deepEqual(timed({ ...one, settles: true }, 500, true).timing.delay, 100);
  assert.deepEqual(timed({ ...one, oneWay: true }, 500, true).frames, one.frames);
});
