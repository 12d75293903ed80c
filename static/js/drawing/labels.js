// @ts-check
/** Draw the words around the network: layer names, input names with their readings, output names with their targets. */

import { neuronKey } from '../addresses.js';
import { set, svg, write } from '../dom.js';
import { lines, number } from '../format.js';
import { layerTitle, roleOf } from '../layers.js';

/**
 * @typedef {import('../layout.js').Layout} Layout
 * @typedef {import('../layout.js').Place} Place
 * @typedef {import('../types.js').Session} Session
 * @typedef {import('../scene.js').Scene} Scene
 */

/** @param {Layout} layout @param {Session} session */
function headers({ columns, headerY, scale }, { network }) {
  const depth = columns.length - 1;
  return columns.map(({ x }, layer) => {
    const activation = network.layers[layer]?.activation ?? '';
    return svg('g', { class: `header role-${roleOf(layer, depth)}`, transform: `translate(${x.toFixed(1)} ${headerY})` },
      svg('text', { class: 'header-title' }, layerTitle(layer, depth)),
      svg('text', { class: 'header-note', y: 17 * scale }, activation.replace('_', ' ')));
  });
}

/** An output has its bias at its foot. */
const BELOW = { left: 14, right: 22, crowded: 16 };
const BESIDE = 7;

/** @param {Layout} layout @param {Place} place @param {'left' | 'right'} side @param {number} most lines */
function anchor({ narrow }, place, side, most) {
  if (narrow && most === 0) return { x: place.x + place.r + BESIDE, y: place.y + 4, 'text-anchor': 'start' };
  const below = BELOW[side === 'right' && most < 2 ? 'crowded' : side];
  if (narrow) return { x: place.x, y: place.y + place.r + below, 'text-anchor': 'middle' };
  const away = place.r + (side === 'right' ? 16 : 14);
  return side === 'left'
    ? { x: place.x - away, y: place.y, 'text-anchor': 'end' }
    : { x: place.x + away, y: place.y, 'text-anchor': 'start' };
}

/** Lines of a label, the middle of them at the anchor; on a narrow stage they begin below it. */
const LEADING = 17;

/**
 * @param {Layout} layout
 * @param {Place} place
 * @param {'left' | 'right'} side
 * @param {{text: string, name: string}[]} named
 * @param {{name: string, lines: number}} of what is told of the observation, where there are two lines for it
 */
function label(layout, place, side, named, { name, lines: most }) {
  const { x, y, 'text-anchor': align } = anchor(layout, place, side, most);
  const content = most < 2 ? named : [...named, { text: '', name }];
  const leading = layout.narrow ? 13 : LEADING * layout.scale;
  const first = layout.narrow ? y : y - ((content.length - 1) * leading) / 2 + 4.5 * layout.scale;
  const texts = content.map((line, k) => svg('text', { class: line.name, x, y: first + k * leading }, line.text));
  return { group: svg('g', { class: 'label', 'text-anchor': align }, ...texts), told: most < 2 ? null : texts[named.length] ?? null };
}

/** @param {Layout} layout @param {Session} session */
function inputLabels(layout, session) {
  const column = layout.columns[0];
  if (!column || column.folded || !column.lines || (column.places[0]?.r ?? 0) < 9) return [];
  const names = session.network.layers[0]?.names ?? [];
  return column.places.map((place, j) => label(layout, place, 'left', [
    { text: layout.narrow ? short(names[j] ?? '', 14) : names[j] ?? '', name: 'label-name' }],
  { name: 'label-note', lines: column.lines }));
}

/** @param {string} text @param {number} width */
const short = (text, width) => (text.length > width ? `${text.slice(0, width - 1)}…` : text);

/** @param {Layout} layout @param {Session} session */
function outputLabels(layout, session) {
  const column = layout.columns[layout.columns.length - 1];
  if (!column || column.folded || (column.places[0]?.r ?? 0) < 7) return [];
  const names = session.network.layers[layout.columns.length - 1]?.names ?? [];
  const roomy = (column.places[1]?.y ?? Infinity) - (column.places[0]?.y ?? 0) > 60;
  return column.places.map((place, j) => {
    const parts = layout.narrow ? [short(names[j] ?? '', column.lines ? 16 : 3)] : lines(names[j] ?? '', 11);
    const [first = '', ...rest] = roomy ? parts : [short(parts.join(' '), 13)];
    return label(layout, place, 'right', [{ text: first, name: 'label-name' },
      ...rest.map((text) => ({ text, name: 'label-note' }))], { name: 'label-target', lines: column.lines });
  });
}

/** @param {Scene} scene @param {number} layer @param {number} neuron */
const bright = ({ focus }, layer, neuron) => {
  const key = neuronKey(layer, neuron);
  return focus.lit(key) || focus.recent(key);
};

/** @param {number | null} target @param {number} digits */
const targetText = (target, digits) => (target === null ? '' : `actual ${number(target, digits)}`);

/**
 * Draw the words; `update` fills in what belongs to the observation.
 * @param {SVGGElement} group
 * @param {Layout} layout
 * @param {Session} session
 */
export function createLabels(group, layout, session) {
  const inputs = inputLabels(layout, session);
  const outputs = outputLabels(layout, session);
  group.replaceChildren(...headers(layout, session), ...[...inputs, ...outputs].map((drawn) => drawn.group));
  return {
    /** @param {Scene} scene */
    update(scene) {
      const { batch } = scene.session;
      const at = Math.max(0, batch.shown.indexOf(batch.focus));
      for (const [j, { told, group: drawn }] of inputs.entries()) {
        if (told) {
          write(told, batch.readings[at]?.[j] ?? '');
          set(told, { 'data-address': `a[0][${batch.focus}][${j}]` });
        }
        drawn.classList.toggle('is-dim', !bright(scene, 0, j));
      }
      for (const [j, { told, group: drawn }] of outputs.entries()) {
        const { target } = scene.neuron(scene.depth, j);
        if (told) {
          write(told, targetText(target, scene.digits));
          set(told, { 'data-address': `y[${batch.focus}][${j}]` });
        }
        drawn.classList.toggle('is-actual', target === 1);
        drawn.classList.toggle('is-dim', !bright(scene, scene.depth, j));
      }
    },
  };
}
