// @ts-check
/** Draw the blame on its way back: red arrows from right to left, as wide as what they carry, broken where it is negative. */

import { connectionKey } from '../addresses.js';
import { set, svg } from '../dom.js';
import { arrow, between } from '../geometry.js';
import { blameWidth } from '../scales.js';

/**
 * @typedef {import('../layout.js').Layout} Layout
 * @typedef {import('../scene.js').Scene} Scene
 */

/** @param {Layout} layout @param {number} layer @param {number} neuron @param {number} source */
function backSegment(layout, layer, neuron, source) {
  const from = layout.columns[layer]?.places[neuron];
  const to = layout.columns[layer - 1]?.places[source];
  if (!from || !to) return null;
  return between(from, to, layer === layout.columns.length - 1 ? 7 : 3, 10);
}

/** @param {Scene} scene @param {Layout} layout @param {number} layer @param {number} neuron @param {number} source */
function arrowAt(scene, layout, layer, neuron, source) {
  const view = scene.connection(layer, neuron, source);
  const line = view.blame === null ? null : backSegment(layout, layer, neuron, source);
  if (!line || view.blame === null) return [];
  const key = connectionKey(layer, neuron, source);
  const light = scene.focus.all ? 'is-plain' : view.acting ? 'is-lit'
    : scene.focus.lit(key) || scene.focus.recent(key) ? 'is-recent' : 'is-dim';
  const width = blameWidth(view.blame, scene.domains.blame ?? 1);
  return [{ class: `arrow ${light}`, 'data-part': key, d: arrow(line, width, view.blame < 0) }];
}

/** @param {Scene} scene @param {Layout} layout */
function arrowAtWork(scene, layout) {
  const { event } = scene;
  return event?.kind === 'blame' ? arrowAt(scene, layout, event.layer + 1, event.index, event.neuron) : [];
}

/** @param {Scene} scene @param {number} layer @param {Layout} layout */
function arrowsInto(scene, layer, layout) {
  const drawn = [];
  for (let source = 0; source < (scene.sizes[layer - 1] ?? 0); source += 1) {
    for (let neuron = 0; neuron < (scene.sizes[layer] ?? 0); neuron += 1) {
      drawn.push(...arrowAt(scene, layout, layer, neuron, source));
    }
  }
  return drawn;
}

/** @param {Scene} scene @param {Layout} layout @param {boolean} all */
function arrowsOf(scene, layout, all) {
  if (!scene.backward) return [];
  if (!all) return arrowAtWork(scene, layout);
  return [...layout.columns.keys()].slice(2).flatMap((layer) => arrowsInto(scene, layer, layout));
}

/**
 * Draw the arrows of each scene; there are none outside the backward pass.
 * @param {SVGGElement} group
 * @param {Layout} layout
 * @param {boolean} all whether each arrow is drawn, or the one at work alone
 */
export function createArrows(group, layout, all) {
  /** @type {Map<string, SVGPathElement>} those that are drawn, by their connections */
  const drawn = new Map();
  return {
    /** @param {Scene} scene */
    update(scene) {
      const wanted = new Map(arrowsOf(scene, layout, all).map((one) => [one['data-part'], one]));
      for (const [key, path] of drawn) {
        if (wanted.has(key)) continue;
        path.remove();
        drawn.delete(key);
      }
      for (const [key, attributes] of wanted) {
        const path = drawn.get(key) ?? group.appendChild(svg('path'));
        drawn.set(key, path);
        set(path, attributes);
      }
    },
  };
}
