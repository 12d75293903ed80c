// @ts-check
/** Draw the words around the network: layer names, input names with their readings, output names with their targets. */

import { neuronKey } from '../addresses.js';
import { set, svg, write } from '../dom.js';
import { lines, number } from '../format.js';
import { layerTitle, roleOf, shortTitle } from '../layers.js';
import { ems } from './measure.js';
import { blockOf } from '../fit.js';

/**
 * @typedef {import('../layout.js').Layout} Layout
 * @typedef {import('../types.js').Session} Session
 * @typedef {import('../scene.js').Scene} Scene
 */

/**
 * Choose the longest of some texts that fits, at the largest size that lets it.
 * @param {string[]} texts the longest first
 * @param {number[]} sizes the largest first
 * @param {number} room
 * @param {number} weight
 */
function fitting(texts, sizes, room, weight) {
  for (const text of texts) {
    for (const size of sizes) if (ems(text, weight) * size <= room) return { text, size };
  }
  return { text: texts[texts.length - 1] ?? '', size: sizes[sizes.length - 1] ?? 9 };
}

/** @param {Layout} layout @param {string} activation @returns {{rows: string[], size: number}} */
function activationNote({ gap, narrow, scale }, activation) {
  const words = activation.replace('_', ' ');
  const sizes = narrow ? [10.5, 9.5] : [12 * scale, 10.5 * scale];
  const { size } = fitting([words], sizes, gap - 8, 500);
  const rows = ems(words, 500) * size > gap - 6 ? words.split(' ') : [words];
  return { rows, size };
}

/** @param {Layout} layout @param {Session} session */
function headers(layout, { network }) {
  const { columns, headerY, scale, gap, narrow } = layout;
  const depth = columns.length - 1;
  return columns.map(({ x }, layer) => {
    const title = fitting([layerTitle(layer, depth), shortTitle(layer, depth)], narrow ? [12] : [14 * scale, 12 * scale], gap - 8, 650);
    const { rows, size } = activationNote(layout, network.layers[layer]?.activation ?? '');
    return svg('g', { class: `header role-${roleOf(layer, depth)}`, transform: `translate(${x.toFixed(1)} ${headerY})` },
      svg('title', {}, layerTitle(layer, depth)),
      svg('text', { class: 'header-title', 'font-size': title.size }, title.text),
      ...rows.map((text, k) => svg('text', { class: 'header-note', 'font-size': size, y: (narrow ? 14 : 17 * scale) + k * size }, text)));
  });
}

const NARROW_TYPE = { name: 10, note: 9.5, leading: 12 };

/** @param {Layout} layout */
const typeOf = ({ narrow, scale }) => (narrow ? NARROW_TYPE : { name: 13.5 * scale, note: 12.5 * scale, leading: 17 * scale });

/**
 * Write the lines of a label beside its neuron, their middle at the neuron's height. What belongs to the observation is
 * the last one; where there is no height for it, it stands behind the name, or is told by a title where there is no width.
 * @param {Layout} layout
 * @param {{x: number, y: number, anchor: 'start' | 'end', pitch: number}} at
 * @param {{text: string, name: string}[]} content
 */
function label(layout, { x, y, anchor, pitch }, content) {
  const type = typeOf(layout);
  const { rows, leading } = blockOf(content.length, pitch, type);
  const first = y - ((rows - 1) * leading) / 2 + type.name * 0.34;
  const texts = content.map(({ text, name }, k) =>
    svg('text', { class: name, x, y: first + Math.min(k, rows - 1) * leading, 'font-size': name === 'label-name' ? type.name : type.note }, text));
  const last = /** @type {SVGTextElement} */ (texts[texts.length - 1]);
  const title = svg('title', {});
  const group = svg('g', { class: 'label', 'text-anchor': anchor }, title, ...texts);
  if (rows === content.length) return { group, texts, write: (/** @type {string} */ text) => write(last, text) };
  const after = x + ems(content[rows - 1]?.text ?? '') * type.name + type.note * 0.5;
  set(last, { x: after });
  const fits = (/** @type {string} */ text) => anchor === 'start' && after + ems(text) * type.note <= layout.width - 2;
  return { group, texts, write(/** @type {string} */ text) {
    write(last, fits(text) ? text : '');
    write(title, text);
  } };
}

/** The widths of what a narrow stage writes beside the outputs; null where it is not known to stay short. @param {Session} session */
export function wordsOf({ network, batch }) {
  const { names = [] } = network.layers[network.layers.length - 1] ?? {};
  const simple = batch.targets.every((row) => row.every((target) => target === 0 || target === 1));
  const { name, note } = NARROW_TYPE;
  return simple ? { name: Math.max(0, ...names.map((text) => ems(text) * name)), target: ems(targetText(0, 0)) * note } : null;
}

/** @param {string} name @param {number} width in pixels @param {number} rows @param {number} size of the type */
const nameLines = (name, width, rows, size) => lines(name, (text) => ems(text) * size <= width, rows);

/** @param {import('../layout.js').Column} column */
const pitchOf = ({ places }) => Math.min(Infinity, ...places.slice(1).map(({ y }, k) => y - (places[k]?.y ?? 0)));

/** Under this radius a layer is too crowded for names. */
const LEAST_NAMED = 3.5;

/** @param {Layout} layout @param {Session} session */
function inputLabels(layout, session) {
  const column = layout.columns[0];
  if (!column || column.folded || (column.places[0]?.r ?? 0) < LEAST_NAMED) return [];
  const { name: size, leading } = typeOf(layout);
  const air = layout.narrow ? 6 : 14;
  const pitch = pitchOf(column);
  const rows = pitch > 3.1 * leading ? 2 : 1;
  const names = session.network.layers[0]?.names ?? [];
  return column.places.map(({ x, y, r, fit }, j) => {
    const right = x - r - air - (fit === 'stacked' ? 8 : 0);
    const parts = nameLines(names[j] ?? '', right - 3, rows, size);
    return label(layout, { x: right, y, anchor: 'end', pitch }, [...parts.map((text) => ({ text, name: 'label-name' })), { text: '', name: 'label-note' }]);
  });
}

/** @param {Layout} layout @param {Session} session */
function outputLabels(layout, session) {
  const column = layout.columns[layout.columns.length - 1];
  if (!column || column.folded || (column.places[0]?.r ?? 0) < LEAST_NAMED) return [];
  const { name: size, leading } = typeOf(layout);
  const names = session.network.layers[layout.columns.length - 1]?.names ?? [];
  const pitch = pitchOf(column);
  const rows = pitch > 3.1 * leading ? 2 : 1;
  return column.places.map(({ x, y }, j) => {
    const left = x + column.reach;
    const [first = '', ...rest] = nameLines(names[j] ?? '', layout.width - left - 3, rows, size);
    return label(layout, { x: left, y, anchor: 'start', pitch }, [{ text: first, name: 'label-name' },
      ...rest.map((text) => ({ text, name: layout.narrow ? 'label-name' : 'label-note' })), { text: '', name: 'label-target' }]);
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
      for (const [j, { texts, group: drawn, write: tell }] of inputs.entries()) {
        const reading = /** @type {Element} */ (texts[texts.length - 1]);
        tell(batch.readings[at]?.[j] ?? '');
        set(reading, { 'data-address': `a[0][${batch.focus}][${j}]` });
        drawn.classList.toggle('is-dim', !bright(scene, 0, j));
      }
      for (const [j, { texts, group: drawn, write: tell }] of outputs.entries()) {
        const { target } = scene.neuron(scene.depth, j);
        const actual = /** @type {Element} */ (texts[texts.length - 1]);
        tell(targetText(target, scene.digits));
        set(actual, { 'data-address': `y[${batch.focus}][${j}]` });
        drawn.classList.toggle('is-actual', target === 1);
        drawn.classList.toggle('is-dim', !bright(scene, scene.depth, j));
      }
    },
  };
}
