// @ts-check
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { partAt, spoken, walk } from '../../static/js/walk.js';
import { session } from './sessions.js';

const SIZES = [2, 2, 1];
const known = new Set(['n:0:0', 'n:0:1', 'n:1:0', 'n:1:1', 'n:2:0', 'c:1:0:0', 'c:1:0:1', 'c:1:1:0', 'c:1:1:1', 'c:2:0:0', 'c:2:0:1']);

/** @param {string} keys l, r, u, d @param {string} from @param {Set<string>} [drawn] @returns {string[]} */
function go(keys, from, drawn = known) {
  /** @type {import('../../static/js/walk.js').Here} */
  let here = { key: from, fan: 'out' };
  const arrows = /** @type {Record<string, import('../../static/js/walk.js').Arrow>} */ ({ l: 'ArrowLeft', r: 'ArrowRight', u: 'ArrowUp', d: 'ArrowDown' });
  return [...keys].map((key) => {
    here = walk(here, arrows[key] ?? 'ArrowUp', SIZES, (one) => drawn.has(one)) ?? here;
    return here.key;
  });
}

test('right leads along a connection to the next layer, left back again', () => {
  assert.deepEqual(go('rrrr', 'n:0:0'), ['c:1:0:0', 'n:1:0', 'c:2:0:0', 'n:2:0']);
  assert.deepEqual(go('llll', 'n:2:0'), ['c:2:0:0', 'n:1:0', 'c:1:0:0', 'n:0:0']);
});

test('up and down choose among neurons, and among the connections of the neuron one came from', () => {
  assert.deepEqual(go('du', 'n:0:0'), ['n:0:1', 'n:0:0']);
  assert.deepEqual(go('rdr', 'n:0:0'), ['c:1:0:0', 'c:1:1:0', 'n:1:1']);
  assert.deepEqual(go('ldl', 'n:1:0'), ['c:1:0:0', 'c:1:0:1', 'n:0:1']);
});

test('at the edge one stays', () => {
  assert.deepEqual(go('l', 'n:0:0'), ['n:0:0']);
  assert.deepEqual(go('r', 'n:2:0'), ['n:2:0']);
  assert.deepEqual(go('u', 'n:1:0'), ['n:1:0']);
});

test('where connections are folded away, right goes to the neuron itself', () => {
  assert.deepEqual(go('r', 'n:0:1', new Set(['n:0:1', 'n:1:1'])), ['n:1:1']);
});

test('parts are said with the numbers they have', () => {
  const here = session({ values: { a: [[[2, 3]], [[0.67, null]], null], z: [null, [[0.7, null]], null] } });
  assert.equal(spoken(here, 'n:0:0'), 'x1: 2');
  assert.equal(spoken(here, 'n:1:0'), 'Hidden 1, neuron 1: activation 0.67, weighted sum 0.7, bias 0.1');
  assert.equal(spoken(here, 'c:1:0:1'), 'Weight from x2 to Hidden 1, neuron 1: 0.5');
  assert.deepEqual(partAt('c:2:0:1'), { type: 'connection', layer: 2, neuron: 0, source: 1 });
});
