// @ts-check
/** Draw the connections: colour, dash and width by weight, a red halo for the gradient, a ghost of the old weight. */

import { connectionKey } from '../addresses.js';
import { set, svg } from '../dom.js';
import { between } from '../geometry.js';
import { gradientWidth, weightRole, weightWidth } from '../scales.js';

/**
 * @typedef {import('../layout.js').Layout} Layout
 * @typedef {import('../scene.js').Scene} Scene
 * @typedef {{layer: number, neuron: number, source: number}} At
 * @typedef {ReturnType<typeof drawConnection>} Drawn
 */

/** Above so many connections each one is drawn fainter. */
const THICKET = 300;

/** @param {Layout} layout @param {At} at */
export function segmentOf(layout, { layer, neuron, source }) {
  const from = layout.columns[layer - 1]?.places[source];
  const to = layout.columns[layer]?.places[neuron];
  if (!from || !to) return null;
  return between(from, to, 1, layer === layout.columns.length - 1 ? 5 : 1);
}

/** @param {Layout} layout @param {At} at */
function drawConnection(layout, at) {
  const key = connectionKey(at.layer, at.neuron, at.source);
  const ends = { ...segmentOf(layout, at) };
  const halo = svg('line', { class: 'halo', ...ends, visibility: 'hidden' });
  const ghost = svg('line', { class: 'ghost', ...ends, visibility: 'hidden' });
  const line = svg('line', { class: 'weight', ...ends });
  const hit = svg('line', { class: 'hit', ...ends });
  const group = svg('g', { class: 'connection', 'data-part': key }, halo, ghost, line, hit);
  return { ...at, key, group, halo, ghost, line };
}

/** @param {Drawn} drawn @param {Scene} scene @param {string | null} lit */
function updateConnection({ layer, neuron, source, key, group, halo, ghost, line }, scene, lit) {
  const view = scene.connection(layer, neuron, source);
  const { focus, domains } = scene;
  const shine = lit === key ? ' is-held' : '';
  const light = focus.all ? 'is-plain' : focus.lit(key) ? 'is-lit' : focus.recent(key) ? 'is-recent' : 'is-dim';
  const under = scene.backward && view.blame !== null ? ' is-under' : '';
  set(group, { class: `connection role-${weightRole(view.weight)} ${light}${shine}${under}` });
  set(line, { 'stroke-width': weightWidth(view.weight, domains.weight) });
  const gradient = scene.backward ? view.gradient : null;
  set(halo, { visibility: gradient === null ? 'hidden' : null,
    'stroke-width': gradient === null ? null
      : weightWidth(view.weight, domains.weight) + gradientWidth(gradient, domains.gradient ?? 1) });
  set(ghost, { visibility: view.before === null ? 'hidden' : null,
    'stroke-width': view.before === null ? null : weightWidth(view.before, domains.weight) + 5 });
}

/** @param {number[]} sizes @param {(layer: number) => boolean} wanted */
function* every(sizes, wanted) {
  for (let layer = 1; layer < sizes.length; layer += 1) {
    if (!wanted(layer)) continue;
    for (let neuron = 0; neuron < (sizes[layer] ?? 0); neuron += 1) {
      for (let source = 0; source < (sizes[layer - 1] ?? 0); source += 1) yield { layer, neuron, source };
    }
  }
}

/**
 * Draw every connection between layers that are not folded.
 * @param {SVGGElement} group
 * @param {Layout} layout
 * @param {number[]} sizes
 */
export function createConnections(group, layout, sizes) {
  const folded = (/** @type {number} */ layer) => Boolean(layout.columns[layer]?.folded);
  const all = [...every(sizes, (layer) => !folded(layer) && !folded(layer - 1))]
    .map((at) => drawConnection(layout, at));
  group.replaceChildren(...all.map((drawn) => drawn.group));
  group.classList.toggle('is-thicket', all.length > THICKET);
  const byKey = new Map(all.map((drawn) => [drawn.key, drawn]));
  return {
    /** @param {Scene} scene @param {string | null} lit */
    update(scene, lit) {
      for (const drawn of all) updateConnection(drawn, scene, lit);
    },
    /** @param {string} key */
    at: (key) => byKey.get(key) ?? null,
    /** The lines as they lie, for placing labels. */
    lines: all.map((drawn) => ({ key: drawn.key, ...(segmentOf(layout, drawn) ?? { x1: 0, y1: 0, x2: 0, y2: 0 }) })),
  };
}
