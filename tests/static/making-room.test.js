// @ts-check
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { giveWay, roomsTaken } from '../../static/js/drawing/making-room.js';
import { blockOf } from '../../static/js/fit.js';
import { overlap } from '../../static/js/geometry.js';
import { besideLine } from '../../static/js/placement.js';

const nothing = { group: /** @type {any} */ (null), write: () => {}, shorten: () => false, room: () => null, copy: () => nothing };

/** A neuron with a bias under it that is so wide, and narrower when it gives way. @param {number} neuron @param {number} x */
function neuronAt(neuron, x, wide = 80, short = 40) {
  let width = wide;
  const bias = { ...nothing,
    shorten: () => width !== short && ((width = short), true),
    room: () => ({ x: -width / 2, y: 10, width, height: 15 }) };
  const place = { x, y: 0, r: 10, shape: /** @type {'round'} */ ('round'), fit: /** @type {'pills'} */ ('pills'), rows: /** @type {1} */ (1), type: 9, aside: 0, single: false };
  return { layer: neuron, neuron, place, value: nothing, error: nothing, bias, width: () => width };
}

test('of two biases that meet, the one that the moment is not about gives way', () => {
  const [own, other, far] = [neuronAt(0, 0), neuronAt(1, 66), neuronAt(2, 400)];
  giveWay([own, other, far], ({ neuron }) => neuron === 0);
  assert.deepEqual([own, other, far].map(({ width }) => width()), [80, 40, 80]);
});

test('both give way where one is not enough', () => {
  const pair = [neuronAt(0, 0), neuronAt(1, 46)];
  giveWay(pair, () => false);
  assert.deepEqual(pair.map(({ width }) => width()), [40, 40]);
});

test('what is taken is what is drawn: the neuron, and its texts where they stand', () => {
  const boxes = roomsTaken([neuronAt(3, 100)], 0);
  assert.deepEqual(boxes, [{ x: 90, y: -10, width: 20, height: 20, key: 'n:3:3' }, { x: 60, y: 10, width: 80, height: 15, key: 'n:3:3' }]);
});

test('a label goes far before it covers a word', () => {
  const bounds = { x: 0, y: 0, width: 400, height: 400 };
  // All is taken but a corner.
  const taken = [{ x: 0, y: 0, width: 400, height: 330 }, { x: 0, y: 330, width: 260, height: 70 }].map((box) => ({ ...box, dim: true }));
  const { centre } = besideLine({ x1: 20, y1: 20, x2: 120, y2: 20 }, { width: 80, height: 24 }, { bounds, taken, lines: [], crossings: [], crowded: false });
  const box = { x: centre.x - 40, y: centre.y - 12, width: 80, height: 24 };
  assert.ok(taken.every((other) => !overlap(box, other)), JSON.stringify(centre));
});

test('the lines of a name come closer, and are one less where they would touch', () => {
  const type = { note: 10, leading: 14 };
  assert.deepEqual(blockOf(2, 40, type), { rows: 2, leading: 14 });
  assert.deepEqual(blockOf(2, 26, type), { rows: 2, leading: 13 });
  assert.deepEqual(blockOf(2, 20, type), { rows: 1, leading: 14 });
});
