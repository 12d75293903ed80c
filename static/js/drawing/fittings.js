// @ts-check
/** The places on and beside a neuron where its numbers are written. */

import { set, svg, write } from '../dom.js';
import { ems } from './measure.js';

/**
 * @typedef {import('../fit.js').Spot} Spot
 * @typedef {object} Fitting
 * @property {SVGGElement} group
 * @property {(text: string, brief?: string) => void} write brief: what is written where there is no room for all of it,
 *   which a title then tells
 * @property {() => boolean} shorten write the brief text; false where it is written already
 * @property {() => import('../geometry.js').Box | null} room what is taken around the neuron's centre; null for nothing
 * @property {() => Fitting} copy an empty one at the same place
 */

const ROOMY_FROM = 28;
const LEAST_TEXT = 7.8;
/** Figures reach so far above and below their middle, in sizes of the type. */
const FIGURE = 0.37;
/** So much is left between two texts on a line, in sizes of the type. */
const BLANK = 0.45;
/** The share of its width that a text inside a neuron may take. */
const INSIDE = 1.74;

/** @param {number} r @param {string} text */
function insideSize(r, text) {
  const best = r >= 40 ? Math.max(16, r * 0.31) : r >= ROOMY_FROM ? 14 : r >= 21 ? 12.5 : 11;
  return Math.min(best, Math.max(LEAST_TEXT, (INSIDE * r) / Math.max(1, ems(text))));
}

/**
 * Write inside a neuron, as large as there is room. What would be is written on a ground of its own.
 * @param {number} r
 * @param {number} middle the height of the text's middle
 * @param {number} [floor] where what stands on the rim below begins: the text stays above it
 * @returns {Fitting}
 */
export function inside(r, middle, floor = Infinity) {
  const text = svg('text', {});
  const box = svg('rect', { class: 'value-box' });
  let shown = '';
  return {
    group: svg('g', { class: 'value' }, box, text),
    write(content) {
      if (content === shown) return;
      shown = content;
      write(text, content);
      const size = insideSize(r, content);
      const half = (ems(content) * size) / 2 + 4;
      const y = Math.min(middle, floor - FIGURE * size);
      set(text, { y: (y + size * 0.36).toFixed(1), 'font-size': size.toFixed(1) });
      set(box, { x: (-half).toFixed(1), width: (2 * half).toFixed(1), y: (y - size * 0.72).toFixed(1), height: (size * 1.44).toFixed(1), rx: (size * 0.72).toFixed(1) });
    },
    shorten: () => false,
    room: () => null,
    copy: () => inside(r, middle, floor),
  };
}

/** How tall half a pill is. @param {boolean} small @param {number} scale */
export const halfPill = (small, scale) => (small ? 7.5 : 9 * scale);

/** What a short text leaves out. @param {SVGElement} title @param {string} all @param {string} shown */
const tell = (title, all, shown) => write(title, all === shown ? '' : all);

/**
 * Write on a neuron's rim.
 * @param {string} name
 * @param {number} y
 * @param {{small: boolean, scale: number, reach: number, room: number}} how reach: how far to the right it may stand out;
 *   room: how wide it may be
 * @returns {Fitting}
 */
export function pill(name, y, how) {
  const { small, scale, reach, room } = how;
  const half = halfPill(small, scale);
  const size = small ? 9.5 : 11 * scale;
  const box = svg('rect', { class: 'pill-box', y: -half, height: 2 * half, rx: half });
  const text = svg('text', { class: 'pill-text', y: small ? 3.4 : 4 * scale, 'font-size': size });
  const title = svg('title', {});
  const group = svg('g', { class: `pill ${name}`, transform: `translate(0 ${y})`, visibility: 'hidden' }, title, box, text);
  const widthOf = (/** @type {string} */ content) => size * (ems(content) + 1.3);
  let shown = '';
  let whole = '';
  let short = '';
  /** @param {string} content */
  function show(content) {
    tell(title, whole, content);
    if (content === shown) return;
    shown = content;
    set(group, { visibility: content ? null : 'hidden' });
    if (!content) return;
    write(text, content);
    const width = widthOf(content);
    const x = Math.min(-width / 2, reach - width);
    set(box, { x: x.toFixed(1), width: width.toFixed(1) });
    set(text, { x: x > -width / 2 - 0.1 ? null : (x + width / 2).toFixed(1) });
  }
  return {
    group,
    write(all, brief = all) {
      [whole, short] = [all, brief];
      show(widthOf(all) > room ? brief : all);
    },
    shorten() {
      if (shown === short) return false;
      show(short);
      return true;
    },
    room() {
      const width = widthOf(shown);
      return shown ? { x: Math.min(-width / 2, reach - width), y: y - half, width, height: 2 * half } : null;
    },
    copy: () => pill(name, y, how),
  };
}

/**
 * Write beside a neuron.
 * @param {string} name
 * @param {Spot} spot
 * @param {boolean} [short]
 * @returns {Fitting & {follow: (before: import('../geometry.js').Box | null) => void}} follow: stand clear of what is
 *   written before it on its line
 */
export function note(name, spot, short = false) {
  const { x, y, anchor, size } = spot;
  const text = svg('text', { 'text-anchor': anchor, 'font-size': size });
  const title = svg('title', {});
  const group = svg('g', { class: `note ${name}` }, title, text);
  let shown = '';
  let stands = x;
  /** @param {number} at */
  function stand(at) {
    stands = at;
    set(group, { transform: `translate(${at.toFixed(1)} ${y.toFixed(1)})` });
  }
  stand(x);
  return {
    group,
    write(all, brief = all) {
      shown = short ? brief : all;
      write(text, shown);
      tell(title, all, shown);
    },
    shorten: () => false,
    room() {
      const width = size * ems(shown);
      const left = anchor === 'end' ? stands - width : anchor === 'middle' ? stands - width / 2 : stands;
      return shown ? { x: left, y: y - 0.8 * size, width, height: size } : null;
    },
    copy: () => note(name, { ...spot, x: stands }, short),
    follow: (before) => stand(before ? Math.max(x, before.x + before.width + size * BLANK) : x),
  };
}
