// @ts-check
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FOLD_ABOVE, layout } from '../../static/js/layout.js';

const STAGES = [{ width: 988, height: 660 }, { width: 690, height: 540 }, { width: 390, height: 472 }, { width: 360, height: 435 }];
const NETWORKS = [[5, 2, 2, 5], [1, 1], [2, 6, 5, 4, 3, 1], [64, 16, 10], [4, 128, 3], [16, 16, 16, 16, 16]];

for (const sizes of NETWORKS) {
  for (const stage of STAGES) {
    test(`${sizes.join('-')} fits ${stage.width} × ${stage.height}`, () => {
      const { columns } = layout(sizes, stage);
      assert.deepEqual(columns.map(({ places }) => places.length), sizes);
      for (const { x, y, r } of columns.flatMap(({ places }) => places)) {
        assert.ok(x - r >= 0 && x + r <= stage.width, `x ${x}`);
        assert.ok(y - r >= 0 && y + r <= stage.height, `y ${y}`);
      }
    });
  }
}

test('neurons of a layer do not touch', () => {
  for (const sizes of NETWORKS) {
    for (const stage of STAGES) {
      for (const { places } of layout(sizes, stage).columns.filter(({ folded }) => !folded)) {
        places.slice(1).forEach((place, k) => assert.ok(place.y - (places[k]?.y ?? 0) >= 2 * place.r));
      }
    }
  }
});

test('a large layer folds to a picture, a square one where its size is a square', () => {
  const { columns } = layout([64, FOLD_ABOVE, 10], { width: 988, height: 660 });
  assert.deepEqual(columns.map(({ folded }) => folded), [true, false, false]);
  const box = columns[0]?.picture;
  assert.equal(box?.width, box?.height);
});

test('a projector’s stage is used', () => {
  const [small, large] = [{ width: 988, height: 660 }, { width: 1500, height: 1000 }].map((stage) => layout([5, 2, 2, 5], stage));
  assert.equal(small?.scale, 1);
  assert.ok((large?.scale ?? 0) > 1.3);
  assert.ok((large?.columns[1]?.places[0]?.r ?? 0) > (small?.columns[1]?.places[0]?.r ?? 0) * 1.3);
});

test('columns stand evenly from left to right', () => {
  const xs = layout([5, 2, 2, 5], { width: 988, height: 660 }).columns.map(({ x }) => x);
  const gaps = xs.slice(1).map((x, k) => Math.round(x - (xs[k] ?? 0)));
  assert.equal(new Set(gaps).size, 1);
  assert.ok((gaps[0] ?? 0) > 0);
});

test('a narrow stage puts the labels under the neurons', () => {
  assert.equal(layout([5, 2], { width: 390, height: 472 }).narrow, true);
  assert.equal(layout([5, 2], { width: 988, height: 660 }).narrow, false);
});
