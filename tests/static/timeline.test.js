// @ts-check
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { canBack, costAt, curvePoints, done, phaseAt, phaseSpans, phasesOf } from '../../static/js/timeline.js';
import { session } from './sessions.js';

const { stretches } = session().position;

test('stretches gather into phases with ticks between their layers', () => {
  assert.deepEqual(phasesOf(stretches), [
    { phase: 'forward', from: 1, to: 12, ticks: [8] }, { phase: 'cost', from: 13, to: 14, ticks: [] },
    { phase: 'backward', from: 15, to: 24, ticks: [20] }, { phase: 'update', from: 25, to: 30, ticks: [] },
  ]);
});

test('the spans cover the line without a gap', () => {
  const spans = phaseSpans(phasesOf(stretches), 30);
  assert.equal(spans[0]?.start, 0);
  assert.equal(spans.at(-1)?.end, 1);
  spans.slice(1).forEach((span, k) => assert.equal(span.start, spans[k]?.end));
});

test('a span tells how much of it has happened', () => {
  const span = { start: 0.2, end: 0.6 };
  assert.deepEqual([0, 0.2, 0.4, 0.6, 1].map((share) => Number(done(span, share).toFixed(6))), [0, 0, 0.5, 1, 1]);
});

test('each event has its phase', () => {
  const phases = phasesOf(stretches);
  assert.deepEqual([0, 1, 12, 13, 20, 30].map((event) => phaseAt(phases, event)),
    ['ready', 'forward', 'forward', 'cost', 'backward', 'update']);
});

test('the very beginning is the only place without a way back', () => {
  assert.equal(canBack({ iteration: 0, event: 0 }), false);
  assert.equal(canBack({ iteration: 0, event: 1 }), true);
  assert.equal(canBack({ iteration: 1, event: 0 }), true);
  assert.deepEqual([canBack({ iteration: 5, event: 0 }, 5), canBack({ iteration: 5, event: 1 }, 5), canBack({ iteration: 6, event: 0 }, 5)], [false, true, true]);
});

test('the cost curve is placed by iteration and by cost', () => {
  const points = curvePoints({ iterations: [0, 5, 10], costs: [2, 1, 0] }, { width: 100, height: 40, last: 10, top: 2 });
  assert.deepEqual(points, [{ x: 0, y: 0 }, { x: 50, y: 20 }, { x: 100, y: 40 }]);
});

test('a cost is known only where the curve has it', () => {
  const curve = { iterations: [0, 2], costs: [0.5, 0.25] };
  assert.equal(costAt(curve, 2), 0.25);
  assert.equal(costAt(curve, 1), null);
  assert.equal(costAt(null, 0), null);
});
