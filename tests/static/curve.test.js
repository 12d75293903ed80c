// @ts-check
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { curvePath, hasCurve, placeOnCurve, tangent } from '../../static/js/curve.js';

const NAMES = ['sigmoid', 'tanh', 'relu', 'leaky_relu', 'elu', 'softplus', 'swish', 'linear'];
const BOX = { x: 10, y: 20, width: 40, height: 20 };

test('every activation but softmax has a curve that stays in its box', () => {
  for (const name of NAMES) {
    assert.ok(hasCurve(name));
    const points = [...curvePath(name, BOX).matchAll(/(-?[\d.]+) (-?[\d.]+)/g)].map((m) => [Number(m[1]), Number(m[2])]);
    assert.equal(points.length, 33);
    for (const [x = 0, y = 0] of points) {
      assert.ok(x >= 10 && x <= 50 && y >= 20 && y <= 40, `${name} ${x} ${y}`);
    }
  }
  assert.equal(hasCurve('softmax'), false);
  assert.equal(curvePath('softmax', BOX), '');
});

test('the dot stands where z and a say, and stays on the rim beyond', () => {
  assert.deepEqual(placeOnCurve('sigmoid', 0, 0.5), { x: 0.5, y: 0.5 });
  assert.deepEqual(placeOnCurve('sigmoid', 99, 1), { x: 1, y: 0 });
  assert.deepEqual(placeOnCurve('tanh', 0, 0), { x: 0.5, y: 0.5 });
});

test('the tangent lies flat for slope 0 and rises to the right for a positive one', () => {
  assert.equal(Math.abs(tangent('sigmoid', 0, BOX).y), 0);
  const rising = tangent('sigmoid', 0.25, BOX);
  assert.ok(rising.x > 0 && rising.y < 0);
  assert.ok(Math.abs(Math.hypot(rising.x, rising.y) - 1) < 1e-12);
});
