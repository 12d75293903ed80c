// @ts-check
/** Draw folded layers: a picture of cells, a soft band for its connections. */

import { neuronKey } from '../addresses.js';
import { set, svg } from '../dom.js';
import { roleOf } from '../layers.js';
import { fillStrength } from '../scales.js';

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
  under.replaceChildren(...bands);
  group.replaceChildren(...pictures.map((drawn) => drawn.group));
  return {
    /** @param {Scene} scene */
    update(scene) {
      for (const { layer, cells } of pictures) {
        for (const [neuron, cell] of cells.entries()) {
          const { acting } = scene.neuron(layer, neuron);
          const { error, value, top } = scene.fill(layer, neuron);
          const used = scene.fine && !scene.focus.all && scene.focus.lit(neuronKey(layer, neuron));
          cell.classList.toggle('is-error', error);
          cell.classList.toggle('is-acting', acting || used);
          set(cell, { 'fill-opacity': value === null ? 0 : (Math.max(0, fillStrength(value, top) - 8) / 44).toFixed(2) });
        }
      }
    },
  };
}
