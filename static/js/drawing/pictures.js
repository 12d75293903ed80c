// @ts-check
/** Draw folded layers: a picture of cells, a soft band for its connections, single lines for the neuron in focus. */

import { connectionKey, neuronKey } from '../addresses.js';
import { set, svg } from '../dom.js';
import { roleOf } from '../layers.js';
import { fillStrength, weightRole, weightWidth } from '../scales.js';
import { segmentOf } from './connections.js';

/**
 * @typedef {import('../layout.js').Layout} Layout
 * @typedef {import('../layout.js').Column} Column
 * @typedef {import('../scene.js').Scene} Scene
 */

/** @param {Column} column */
const extent = ({ picture, places }) => {
  if (picture) return { left: picture.x, right: picture.x + picture.width, top: picture.y, bottom: picture.y + picture.height };
  const first = places[0] ?? { x: 0, y: 0, r: 0 };
  const last = places[places.length - 1] ?? first;
  return { left: first.x - first.r, right: first.x + first.r, top: first.y - first.r, bottom: last.y + last.r };
};

/** @param {Column} from @param {Column} to */
function band(from, to) {
  const a = extent(from);
  const b = extent(to);
  return svg('path', { class: 'band', d: `M${a.right} ${a.top}L${b.left} ${b.top}V${b.bottom}L${a.right} ${a.bottom}Z` });
}

/** @param {Column} column @param {number} layer @param {number} depth */
function picture(column, layer, depth) {
  const cells = column.places.map((place, neuron) => svg('rect', {
    class: 'cell', 'data-part': neuronKey(layer, neuron),
    x: place.x - place.r + 0.5, y: place.y - place.r + 0.5, width: 2 * place.r - 1, height: 2 * place.r - 1,
  }));
  const frame = svg('rect', { class: 'frame', ...column.picture, rx: 2 });
  return { layer, cells, group: svg('g', { class: `picture role-${roleOf(layer, depth)}` }, frame, ...cells) };
}

/**
 * List the connections of the neuron in focus that touch a folded layer.
 * @param {Scene} scene
 * @param {Layout} layout
 */
function unfolded({ event, sizes }, layout) {
  if (!event || event.neuron < 0) return [];
  const back = event.kind === 'blame';
  const layer = back ? event.layer + 1 : event.layer;
  const touches = layout.columns[layer]?.folded || layout.columns[layer - 1]?.folded;
  if (!touches || layer < 1) return [];
  const ends = Array.from({ length: sizes[back ? layer : layer - 1] ?? 0 }, (_, k) => k);
  return ends.map((k) => back ? { layer, neuron: k, source: event.neuron } : { layer, neuron: event.neuron, source: k });
}

/** @param {Scene} scene @param {Layout} layout */
function focusLines(scene, layout) {
  return unfolded(scene, layout).map((at) => {
    const { weight } = scene.connection(at.layer, at.neuron, at.source);
    const key = connectionKey(at.layer, at.neuron, at.source);
    const light = scene.focus.all || scene.focus.lit(key) ? 'is-lit' : scene.focus.recent(key) ? 'is-recent' : 'is-soft';
    return svg('g', { class: `connection role-${weightRole(weight)} ${light}`, 'data-part': key },
      svg('line', { class: 'weight', ...segmentOf(layout, at), 'stroke-width': weightWidth(weight, scene.domains.weight) * 0.6 }));
  });
}

/**
 * Draw the folded layers of a network, if it has any.
 * @param {SVGGElement} under group below the neurons
 * @param {SVGGElement} group
 * @param {Layout} layout
 */
export function createPictures(under, group, layout) {
  const depth = layout.columns.length - 1;
  const { columns } = layout;
  const bands = columns.slice(1).flatMap((to, k) => {
    const from = columns[k];
    return from && (from.folded || to.folded) ? [band(from, to)] : [];
  });
  const pictures = columns.flatMap((column, layer) => (column.folded ? [picture(column, layer, depth)] : []));
  const lines = svg('g');
  under.replaceChildren(...bands, lines);
  group.replaceChildren(...pictures.map((drawn) => drawn.group));
  return {
    /** @param {Scene} scene */
    update(scene) {
      lines.replaceChildren(...(bands.length ? focusLines(scene, layout) : []));
      for (const { layer, cells } of pictures) {
        for (const [neuron, cell] of cells.entries()) {
          const { a, acting } = scene.neuron(layer, neuron);
          const used = scene.fine && !scene.focus.all && scene.focus.lit(neuronKey(layer, neuron));
          const top = scene.domains.activation[layer] ?? 1;
          cell.classList.toggle('is-acting', acting || used);
          set(cell, { 'fill-opacity': a === null ? 0 : (Math.max(0, fillStrength(a, top) - 8) / 44).toFixed(2) });
        }
      }
    },
  };
}
