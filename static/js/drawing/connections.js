// @ts-check
/**
 * Draw the connections, each as an element while they are few, on a canvas when they are many. Both ways answer to
 * the same calls.
 */

import { segmentOf } from '../layout.js';
import { drawConnection, updateConnection } from './connection.js';
import { createThicket } from './thicket.js';

/**
 * @typedef {import('../layout.js').Layout} Layout
 * @typedef {import('../scene.js').Scene} Scene
 * @typedef {import('../geometry.js').Box} Box
 * @typedef {import('../geometry.js').Segment & {key: string}} KeyedLine
 * @typedef {{group: SVGGElement, ground: HTMLCanvasElement}} Stage
 *
 * @typedef {object} Connections
 * @property {(scene: Scene, lit: string | null) => void} update
 * @property {(key: string) => import('./connection.js').Drawn | null} at the elements of one connection, if it has any
 * @property {(x: number, y: number) => string | null} near the part under a point of the canvas
 * @property {KeyedLine[]} lines as they lie, for placing labels; none where there are too many to avoid
 * @property {() => Box[]} boxes the room taken beside the lines
 * @property {boolean} single whether each connection is an element
 */

/** Up to here measured faster and better as elements; see benchmarks/drawing.py. */
const MOST_ELEMENTS = 300;

/** Above so many connections each one is drawn fainter. */
const THICK = 150;

/** @param {number[]} sizes */
const countOf = (sizes) => sizes.slice(1).reduce((sum, size, k) => sum + size * (sizes[k] ?? 0), 0);

/** @param {number[]} sizes */
function* every(sizes) {
  for (let layer = 1; layer < sizes.length; layer += 1) {
    for (let neuron = 0; neuron < (sizes[layer] ?? 0); neuron += 1) {
      for (let source = 0; source < (sizes[layer - 1] ?? 0); source += 1) yield { layer, neuron, source };
    }
  }
}

/** @param {Stage} stage @param {Layout} layout @param {number[]} sizes @returns {Connections} */
function createElements({ group, ground }, layout, sizes) {
  const all = [...every(sizes)].map((at) => drawConnection(layout, at));
  const byKey = new Map(all.map((drawn) => [drawn.key, drawn]));
  ground.hidden = true;
  group.replaceChildren(...all.map((drawn) => drawn.group));
  group.classList.toggle('is-thicket', all.length > THICK);
  return {
    update(scene, lit) {
      for (const drawn of all) updateConnection(drawn, scene, lit);
    },
    at: (key) => byKey.get(key) ?? null,
    near: () => null,
    lines: all.map((drawn) => ({ key: drawn.key, ...(segmentOf(layout, drawn) ?? { x1: 0, y1: 0, x2: 0, y2: 0 }) })),
    boxes: () => [],
    single: true,
  };
}

/**
 * Draw the connections of a network in the way that suits their number.
 * @param {Stage} stage
 * @param {Layout} layout
 * @param {number[]} sizes
 * @param {() => import('./palette.js').Colours} colours
 * @returns {Connections}
 */
export function createConnections(stage, layout, sizes, colours) {
  return countOf(sizes) > MOST_ELEMENTS ? createThicket(stage, layout, sizes, colours) : createElements(stage, layout, sizes);
}
