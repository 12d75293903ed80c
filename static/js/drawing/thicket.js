// @ts-check
/** Draw many connections on a canvas: all of them, or the strongest where there are thousands; single ones stay elements. */

import { connectionKey, neuronKey } from '../addresses.js';
import { svg } from '../dom.js';
import { segmentOf } from '../layout.js';
import { drawConnection, updateConnection } from './connection.js';
import { cellOf, drawLarge, drawTiles, largeOf, sourceUnder, tilesOf } from './maps.js';
import { ems } from './measure.js';
import { distance, strongest } from './strongest.js';
import { penFor, strokeLines } from './strokes.js';

/**
 * @typedef {import('../layout.js').Layout} Layout
 * @typedef {import('../scene.js').Scene} Scene
 * @typedef {import('./strokes.js').Pair} Pair
 * @typedef {{layer: number, neuron: number}} Own the neuron in focus
 */

/** Between two layers with more connections than this only the strongest are drawn. */
const MOST_DRAWN = 3000;
const STRONGEST = 260;
const STRONGEST_OWN = 48;
/** So near to a line, in pixels, the pointer is on it. */
const NEAR = 5;
const TITLE_SIZE = 11.5;

/**
 * @param {Layout} layout @param {number[]} sizes @param {number} layer
 * @param {import('../geometry.js').Box[]} boxes the pictures that the lines end at
 * @returns {Pair}
 */
function pairInto(layout, sizes, layer, boxes) {
  const rows = sizes[layer] ?? 0;
  const columns = sizes[layer - 1] ?? 0;
  const ends = new Float32Array(4 * rows * columns);
  for (let at = 0; at < rows * columns; at += 1) {
    const neuron = Math.floor(at / columns);
    const line = segmentOf(layout, { layer, neuron, source: at % columns });
    const box = boxes[neuron];
    if (line) ends.set(box ? [line.x1, line.y1, box.x - 1, box.y + box.height / 2] : [line.x1, line.y1, line.x2, line.y2], 4 * at);
  }
  const dense = rows * columns > MOST_DRAWN;
  const keys = dense ? [] : Array.from({ length: rows * columns }, (_, at) => connectionKey(layer, Math.floor(at / columns), at % columns));
  return { layer, rows, columns, ends, keys, dense, drawn: [...keys.keys()] };
}

/** @param {Scene} scene @param {string | null} lit @returns {Own | null} */
function ownOf({ event, focus }, lit) {
  const [type, layer, neuron] = (lit ?? '').split(':');
  if (type === 'n') return { layer: Number(layer), neuron: Number(neuron) };
  if (!event || event.neuron < 0 || focus.all) return null;
  return { layer: event.layer, neuron: event.neuron };
}

/** @param {Pair} pair @param {Scene} scene @param {Own | null} own */
function choose(pair, scene, own) {
  const weights = scene.session.network.layers[pair.layer]?.weights ?? [];
  if (weights !== pair.weights) pair.chosen = strongest(weights, STRONGEST);
  pair.weights = weights;
  const row = own?.layer === pair.layer ? weights[own.neuron] : undefined;
  const more = row ? strongest([row], STRONGEST_OWN).map((source) => (own?.neuron ?? 0) * pair.columns + source) : [];
  pair.drawn = [...new Set([...(pair.chosen ?? []), ...more])];
}

/** @param {Scene} scene @param {string | null} lit @returns {string[]} the connections that are elements */
function singled({ event, sizes }, lit) {
  const keys = lit?.startsWith('c:') ? [lit] : [];
  if (event?.kind === 'blame') keys.push(connectionKey(event.layer + 1, event.index, event.neuron));
  else if (event && event.phase !== 'cost' && event.index >= 0 && event.layer > 0) keys.push(connectionKey(event.layer, event.neuron, event.index));
  return [...new Set(keys)].filter((key) => {
    const [, layer = 0, neuron = 0, source = 0] = key.split(':').map(Number);
    return layer > 0 && neuron < (sizes[layer] ?? 0) && source < (sizes[layer - 1] ?? 0);
  });
}

/** @param {import('./maps.js').Large} large @param {Scene} scene */
function caption(large, { event }) {
  const { box, kind, neuron, layer, limit } = large;
  const x = box.x - 5;
  const whole = `${kind}s of neuron ${neuron + 1}`;
  const title = ems(whole) * TITLE_SIZE <= limit - x ? whole : `${kind}s`;
  const here = event && event.layer === layer && event.neuron === neuron && event.index >= 0 && event.kind !== 'blame';
  return [svg('text', { class: 'map-title', x, y: box.y - 12, 'font-size': TITLE_SIZE }, title),
    ...(here ? [svg('rect', { class: 'map-cell', ...cellOf(large, event.index) })] : [])];
}

/** @param {Pair[]} pairs @param {number} x @param {number} y */
function nearestLine(pairs, x, y) {
  let least = NEAR;
  /** @type {string | null} */
  let found = null;
  for (const { layer, columns, ends, drawn } of pairs) {
    for (const at of drawn) {
      const far = distance(ends, 4 * at, x, y);
      if (far >= least) continue;
      least = far;
      found = connectionKey(layer, Math.floor(at / columns), at % columns);
    }
  }
  return found;
}

/**
 * @param {import('./connections.js').Stage} stage
 * @param {Layout} layout
 * @param {number[]} sizes
 * @param {() => import('./palette.js').Colours} colours
 * @returns {import('./connections.js').Connections}
 */
export function createThicket({ group, ground }, layout, sizes, colours) {
  const tiles = tilesOf(layout);
  const pairs = sizes.slice(1).map((_, k) =>
    pairInto(layout, sizes, k + 1, tiles.find(({ layer }) => layer === k + 1)?.boxes ?? []));
  /** @type {Map<string, ReturnType<typeof drawConnection>>} */
  let elements = new Map();
  /** @type {ReturnType<typeof largeOf>} */
  let large = null;
  ground.hidden = false;

  /** @param {Scene} scene @param {string | null} lit */
  function single(scene, lit) {
    const keys = singled(scene, lit);
    elements = new Map(keys.map((key) => {
      const [, layer = 0, neuron = 0, source = 0] = key.split(':').map(Number);
      return [key, elements.get(key) ?? drawConnection(layout, { layer, neuron, source })];
    }));
    for (const drawn of elements.values()) updateConnection(drawn, scene, lit);
    group.replaceChildren(...[...elements.values()].map((drawn) => drawn.group), ...(large ? caption(large, scene) : []));
  }

  return {
    update(scene, lit) {
      const own = ownOf(scene, lit);
      const pen = penFor(ground, layout);
      large = largeOf(layout, tiles, scene, own);
      for (const pair of pairs) {
        if (pair.dense) choose(pair, scene, own);
        strokeLines(pen, pair, scene, own, colours());
      }
      for (const one of tiles) drawTiles(pen, one, scene, colours());
      if (large) drawLarge(pen, large, scene, colours());
      single(scene, lit);
    },
    at: (key) => elements.get(key) ?? null,
    near(x, y) {
      const source = sourceUnder(large, { x, y });
      if (large && source !== null) return connectionKey(large.layer, large.neuron, source);
      for (const { layer, boxes } of tiles) {
        const neuron = boxes.findIndex((box) => x >= box.x && x <= box.x + box.width && y >= box.y && y <= box.y + box.height);
        if (neuron >= 0) return neuronKey(layer, neuron);
      }
      return nearestLine(pairs, x, y);
    },
    lines: [],
    boxes: () => (large ? [{ x: large.box.x - 8, y: large.box.y - 26, width: large.box.width + 16, height: large.box.height + 34 }] : []),
    single: false,
  };
}
