// @ts-check
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fitOf, roomsOf, spotsOf } from '../../static/js/fit.js';
import { overlap } from '../../static/js/geometry.js';
import { kindOf, layout } from '../../static/js/layout.js';

const STAGES = [{ width: 1500, height: 1000 }, { width: 988, height: 660 }, { width: 690, height: 520 }, { width: 390, height: 416 }, { width: 345, height: 320 }];
const NETWORKS = [[5, 2, 2, 5], [2, 2, 1], [4, 5, 3], [64, 16, 10], [5, 4, 4, 3, 4, 3, 5], [4, 5, 12], [20, 60, 12]];

/** @param {number[]} sizes @param {{width: number, height: number}} stage @param {import('../../static/js/layout.js').At | null} [at] */
function standing(sizes, stage, at = null) {
  const plan = layout(sizes, stage, at);
  return plan.columns.flatMap((column, layer) => (column.folded ? [] : column.places.map((place, neuron) =>
    ({ layer, neuron, place, kind: kindOf(layer, sizes.length - 1), column }))));
}

for (const sizes of NETWORKS) {
  for (const stage of STAGES) {
    test(`${sizes.join('-')} on ${stage.width} × ${stage.height}: no neuron of up to 16 is hidden, and no text covers the next one`, () => {
      const all = standing(sizes, stage);
      const open = sizes.filter((size, layer) => size <= 16 || (layer && size <= 32 && stage.height / size > 20));
      assert.ok(all.length >= open.reduce((sum, size) => sum + size, 0));
      for (const one of all) {
        const below = all.find(({ layer, neuron }) => layer === one.layer && neuron === one.neuron + 1);
        if (!below) continue;
        for (const a of roomsOf(one.place, one.kind)) {
          for (const b of roomsOf(below.place, below.kind)) assert.ok(!overlap({ ...a, height: a.height - 1.5 }, b), `${one.layer}:${one.neuron} covers the next`);
        }
      }
    });

    test(`${sizes.join('-')} on ${stage.width} × ${stage.height}: every bias and value stands on the stage`, () => {
      for (const { place, kind } of standing(sizes, stage)) {
        if (place.fit === 'pills') {
          assert.ok(kind === 'input' || place.y + place.r + 10 <= stage.height + 1, `a pill at ${place.y + place.r}`);
          continue;
        }
        for (const { x, y } of Object.values(spotsOf(place, kind)).filter((spot) => typeof spot === 'object')) {
          assert.ok(place.x + x > 0 && place.x + x < stage.width, `x ${place.x + x}`);
          assert.ok(place.y + y > 0 && place.y + y <= stage.height, `y ${place.y + y} of ${stage.height}`);
        }
      }
    });
  }
}

test('names begin where the numbers beside the outputs end', () => {
  for (const sizes of NETWORKS) {
    for (const stage of STAGES) {
      for (const { place, kind, column } of standing(sizes, stage).filter((one) => one.kind === 'output' && one.place.fit === 'beside')) {
        const [, texts] = roomsOf(place, kind);
        assert.ok(texts && texts.x + texts.width <= place.x + column.reach + 8);
      }
    }
  }
});

test('the neuron at work unfolds where its column is drawn small, and takes its room from the others', () => {
  for (const stage of STAGES) {
    const at = { layer: 1, neuron: 6 };
    const all = standing([64, 16, 10], stage, at).filter(({ layer }) => layer === 1);
    const own = all[6]?.place;
    assert.equal(own?.fit, 'pills');
    assert.ok((own?.r ?? 0) >= 17);
    for (const [k, { place }] of all.slice(1).entries()) {
      const above = /** @type {import('../../static/js/layout.js').Place} */ (all[k]?.place);
      assert.ok(place.y - above.y >= place.r + above.r, `${k}: ${place.y - above.y}`);
    }
  }
  assert.equal(layout([5, 2, 2, 5], { width: 988, height: 660 }, { layer: 1, neuron: 0 }).unfolded, '');
  assert.equal(layout([64, 16, 10], { width: 988, height: 660 }, { layer: 1, neuron: 6 }).unfolded, '1:6');
  assert.equal(layout([64, 16, 10], { width: 988, height: 660 }, { layer: 0, neuron: 6 }).unfolded, '');
});

test('a column that leaves no number legible is folded, unless it is small', () => {
  const room = { kind: /** @type {const} */ ('hidden'), pitch: 20, gap: 50, most: 52, scale: 1 };
  assert.equal(fitOf({ ...room, few: false }), null);
  assert.equal(fitOf({ ...room, few: true })?.fit, 'beside');
  assert.equal(fitOf({ ...room, few: true, pitch: 80 })?.fit, 'stacked');
  assert.equal(fitOf({ ...room, few: true, pitch: 80, gap: 140 })?.fit, 'pills');
});
