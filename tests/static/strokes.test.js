// @ts-check
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { strokeLines } from '../../static/js/drawing/strokes.js';

/** A pen that notes how each line was stroked. */
function recorder() {
  /** @type {{colour: string, broken: boolean}[]} */
  const strokes = [];
  let dash = 0;
  const pen = { strokeStyle: '', lineWidth: 0, globalAlpha: 1, beginPath() {}, moveTo() {}, lineTo() {},
    setLineDash: (/** @type {number[]} */ lengths) => { dash = lengths.length; },
    stroke() { strokes.push({ colour: pen.strokeStyle, broken: dash > 0 }); } };
  return { pen, strokes };
}

const COLOURS = { error: { text: 'error' }, 'weight-negative': { text: 'negative' }, 'weight-positive': { text: 'positive' } };

/** @param {number} count of lines @param {number | null} gradient @param {number | null} blame */
function drawn(count, gradient, blame) {
  const { pen, strokes } = recorder();
  const row = (/** @type {number | null} */ value) => Array.from({ length: count }, () => value);
  const pair = { layer: 1, rows: 1, columns: count, ends: new Float32Array(4 * count), keys: [], dense: false, drawn: [...row(0).keys()] };
  const scene = { backward: true, stale: false, event: null, focus: { all: true }, domains: { weight: 1, blame: 1, gradient: 1 },
    session: { network: { layers: [{}, { weights: [row(0.5)] }] },
      values: { weight_gradients: [null, [row(gradient)]], blame_terms: [row(0).map(() => [blame])] } } };
  strokeLines(/** @type {any} */ (pen), pair, /** @type {any} */ (scene), null, /** @type {any} */ (COLOURS));
  return strokes;
}

test('a negative gradient is broken on the canvas, and its positive weight is not', () => {
  assert.deepEqual(drawn(1, -0.5, null), [{ colour: 'error', broken: true }, { colour: 'positive', broken: false }]);
  assert.deepEqual(drawn(1, 0.5, null), [{ colour: 'error', broken: false }, { colour: 'positive', broken: false }]);
});

test('negative blame is broken, in a crowd too', () => {
  for (const count of [1, 300]) {
    assert.ok(drawn(count, null, -0.5).every(({ broken }) => broken), `${count}`);
    assert.ok(drawn(count, null, 0.5).every(({ broken }) => !broken), `${count}`);
  }
});
