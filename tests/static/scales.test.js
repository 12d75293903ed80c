// @ts-check
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { blameWidth, domain, fillStrength, gradientWidth, legendStops, weightRole, weightWidth, WIDTHS } from '../../static/js/scales.js';

test('a domain ends at a plain number not below the largest size', () => {
  assert.equal(domain([0.3, -0.97]), 1);
  assert.equal(domain([1]), 1);
  assert.equal(domain([-1.01]), 1.2);
  assert.equal(domain([0.00021]), 0.00025);
  assert.equal(domain([4321]), 5000);
  assert.equal(domain([null, 2, undefined]), 2);
});

test('an empty domain still has an end', () => {
  assert.equal(domain([]), 1);
  assert.equal(domain([0]), 1);
  assert.equal(domain([0.1], 0.5), 0.5);
});

test('width grows with the size and is the same for both signs', () => {
  for (const scale of [weightWidth, blameWidth, gradientWidth]) {
    assert.ok(scale(0.2, 1) < scale(0.4, 1));
    assert.equal(scale(-0.4, 1), scale(0.4, 1));
    assert.equal(scale(7, 1), scale(1, 1));
  }
  assert.equal(weightWidth(1, 1), WIDTHS.weight[1]);
  assert.equal(gradientWidth(0, 1), 0);
});

test('the sign chooses the role', () => {
  assert.equal(weightRole(-0.1), 'weight-negative');
  assert.equal(weightRole(0), 'weight-positive');
});

test('what has not been computed is empty', () => {
  assert.equal(fillStrength(null, 1), 0);
  assert.ok(fillStrength(0, 1) > 0);
  assert.ok(fillStrength(1, 1) <= 60);
});

test('a legend reaches from end to end', () => {
  const stops = legendStops(2);
  assert.equal(stops[0], -2);
  assert.equal(stops.at(-1), 2);
});
