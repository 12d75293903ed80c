// @ts-check
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { between, boxAround, contains, crossing, holds, meets, nearest, overlap, rim, arrow } from '../../static/js/geometry.js';
import { layout } from '../../static/js/layout.js';
import { besideLine, besidePlace, crossings } from '../../static/js/placement.js';

/** @param {number} x1 @param {number} y1 @param {number} x2 @param {number} y2 */
const line = (x1, y1, x2, y2) => ({ x1, y1, x2, y2 });

test('lines start and end at the rims', () => {
  const round = { x: 0, y: 0, r: 10, shape: 'round' };
  assert.deepEqual(rim(round, { x: 100, y: 0 }), { x: 10, y: 0 });
  assert.deepEqual(rim({ ...round, shape: 'square' }, { x: 0, y: 50 }), { x: 0, y: 10 });
  assert.deepEqual(between(round, { ...round, x: 100 }, 1, 2), line(11, 0, 88, 0));
});

test('segments cross, meet boxes and have a nearest point', () => {
  assert.deepEqual(crossing(line(0, 0, 10, 10), line(0, 10, 10, 0)), { x: 5, y: 5 });
  assert.equal(crossing(line(0, 0, 10, 0), line(0, 1, 10, 1)), null);
  assert.equal(crossing(line(0, 0, 1, 1), line(5, 0, 5, 10)), null);
  const box = { x: 4, y: 4, width: 2, height: 2 };
  assert.equal(meets(line(0, 0, 10, 10), box), true);
  assert.equal(meets(line(0, 0, 10, 0), box), false);
  assert.equal(meets(line(0, 0, 0, 10), box), false);
  assert.deepEqual(nearest(line(0, 0, 10, 0), { x: 3, y: 9 }), { x: 3, y: 0 });
  assert.deepEqual(nearest(line(0, 0, 10, 0), { x: 30, y: 9 }), { x: 10, y: 0 });
});

test('boxes overlap, hold and contain', () => {
  const box = boxAround({ x: 5, y: 5 }, 4, 2);
  assert.deepEqual(box, { x: 3, y: 4, width: 4, height: 2 });
  assert.equal(overlap(box, { x: 6, y: 5, width: 9, height: 9 }), true);
  assert.equal(overlap(box, { x: 7, y: 5, width: 9, height: 9 }), false);
  assert.equal(holds({ x: 0, y: 0, width: 10, height: 10 }, box), true);
  assert.equal(contains(box, { x: 3, y: 4 }), true);
});

test('a label is moved into the stage, however long it is', () => {
  const bounds = { x: 4, y: 40, width: 380, height: 300 };
  const around = { bounds, taken: [], lines: [], crossings: [], crowded: false };
  for (const own of [line(0, 40, 60, 44), line(300, 338, 390, 340), line(380, 0, 380, 400)]) {
    for (const size of [{ width: 160, height: 28 }, { width: 370, height: 40 }]) {
      assert.ok(holds(bounds, boxAround(besideLine(own, size, around).centre, size.width, size.height)));
      assert.ok(holds(bounds, boxAround(besidePlace({ x: own.x1, y: own.y1, r: 10 }, size, around).centre, size.width, size.height)));
    }
  }
});

test('a label rather covers what the moment is not about', () => {
  const bounds = { x: 0, y: 0, width: 200, height: 60 };
  const [left, right] = [{ x: 0, y: 0, width: 100, height: 60 }, { x: 100, y: 0, width: 100, height: 60 }];
  const size = { width: 80, height: 20 };
  const at = (/** @type {object[]} */ ...taken) => besideLine(line(0, 30, 200, 30), size, { bounds, taken: /** @type {any} */ (taken), lines: [], crossings: [], crowded: false }).centre;
  assert.ok(at({ ...left, dim: true }, right).x < 61);
  assert.ok(at(left, { ...right, dim: true }).x > 139);
});

test('the arrow of a negative number is broken, and keeps its head', () => {
  const [whole, broken] = [false, true].map((cut) => arrow(line(100, 0, 0, 0), 4, cut));
  assert.equal(whole?.match(/M/g)?.length, 1);
  assert.ok((broken?.match(/M/g)?.length ?? 0) >= 6);
  assert.ok(broken?.includes('L0.0 0.0L'));
  const covered = [...(broken ?? '').matchAll(/M([\d.]+) [-\d.]+L([\d.]+) /g)].reduce((sum, [, from, to]) => sum + Math.abs(Number(from) - Number(to)), 0);
  assert.ok(covered > 50 && covered < 70, `${covered} of 88 pixels of the shaft`);
});

test('an arrow ends in its tip', () => {
  assert.match(arrow(line(100, 0, 0, 0), 4), /L0\.0 0\.0L/);
});

/** @param {number[]} sizes @param {{width: number, height: number}} stage */
function allLines(sizes, stage) {
  const { columns } = layout(sizes, stage);
  return columns.slice(1).flatMap((to, l) => to.places.flatMap((end, j) =>
    (columns[l]?.places ?? []).map((start, i) => ({ key: `c:${l + 1}:${j}:${i}`, lit: false, ...between(start, end) }))));
}

test('a label beside any connection of the article covers no neuron, stays on the stage and off crossings of lit lines', () => {
  const stage = { width: 988, height: 660 };
  const lines = allLines([5, 2, 2, 5], stage);
  const neurons = layout([5, 2, 2, 5], stage).columns.flatMap(({ places }) =>
    places.map(({ x, y, r }) => ({ x: x - r - 5, y: y - r - 5, width: 2 * r + 10, height: 2 * r + 10 })));
  const bounds = { x: 4, y: 56, width: 980, height: 590 };
  const size = { width: 140, height: 28 };
  for (const own of lines) {
    const around = { bounds, taken: neurons, lines, crossings: crossings(lines), crowded: false };
    const box = boxAround(besideLine(own, size, around).centre, size.width, size.height);
    assert.ok(holds(bounds, box), `${own.key} leaves the stage`);
    for (const neuron of neurons) assert.ok(!overlap(neuron, box), `${own.key} covers a neuron`);
  }
});

test('a free line carries its label', () => {
  const around = { bounds: { x: 0, y: 0, width: 400, height: 200 }, taken: [], lines: [], crossings: [], crowded: false };
  assert.deepEqual(besideLine(line(0, 100, 400, 100), { width: 80, height: 20 }, around).centre, { x: 200, y: 100 });
});

test('a label keeps away from what is taken', () => {
  const around = { bounds: { x: 0, y: 0, width: 400, height: 200 }, taken: [{ x: 100, y: 80, width: 200, height: 40 }], lines: [], crossings: [], crowded: false };
  const centre = besideLine(line(0, 100, 400, 100), { width: 80, height: 20 }, around).centre;
  assert.ok(!overlap(boxAround(centre, 80, 20), { x: 100, y: 80, width: 200, height: 40 }));
});

test('crossings are found once each, and not looked for in a thicket', () => {
  const cross = [{ key: 'a', ...line(0, 0, 10, 10) }, { key: 'b', ...line(0, 10, 10, 0) }, { key: 'c', ...line(0, 20, 10, 20) }];
  assert.deepEqual(crossings(cross), [{ x: 5, y: 5, between: ['a', 'b'] }]);
  assert.deepEqual(crossings(cross, 2), []);
});

test('a label beside a neuron does not cover it', () => {
  const place = { x: 300, y: 100, r: 30 };
  const around = { bounds: { x: 0, y: 0, width: 600, height: 300 }, taken: [], lines: [], crossings: [], crowded: false };
  const centre = besidePlace(place, { width: 120, height: 28 }, around).centre;
  assert.ok(!overlap(boxAround(centre, 120, 28), boxAround(place, 60, 60)));
});
