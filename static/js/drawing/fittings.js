// @ts-check
/** The places on and beside a neuron where its numbers are written. */

import { set, svg, write } from '../dom.js';
import { ems } from './measure.js';

/**
 * @typedef {import('../fit.js').Spot} Spot
 * @typedef {object} Fitting
 * @property {SVGGElement} group
 * @property {(text: string, brief?: string) => void} write brief: what is written where there is no room for all of it
 * @property {() => Fitting} copy an empty one at the same place
 */

const ROOMY_FROM = 28;
const LEAST_TEXT = 8.5;
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
 * @returns {Fitting}
 */
export function inside(r, middle) {
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
      set(text, { y: (middle + size * 0.36).toFixed(1), 'font-size': size.toFixed(1) });
      set(box, { x: (-half).toFixed(1), width: (2 * half).toFixed(1), y: (middle - size * 0.72).toFixed(1), height: (size * 1.44).toFixed(1), rx: (size * 0.72).toFixed(1) });
    },
    copy: () => inside(r, middle),
  };
}

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
  const half = small ? 7.5 : 9 * scale;
  const size = small ? 9.5 : 11 * scale;
  const box = svg('rect', { class: 'pill-box', y: -half, height: 2 * half, rx: half });
  const text = svg('text', { class: 'pill-text', y: small ? 3.4 : 4 * scale, 'font-size': size });
  const group = svg('g', { class: `pill ${name}`, transform: `translate(0 ${y})` }, box, text);
  let shown = '-';
  return {
    group,
    write(all, brief = all) {
      const content = size * (ems(all) + 1.3) > room ? brief : all;
      if (content === shown) return;
      shown = content;
      set(group, { visibility: content ? null : 'hidden' });
      if (!content) return;
      write(text, content);
      const width = size * (ems(content) + 1.3);
      const x = Math.min(-width / 2, reach - width);
      set(box, { x: x.toFixed(1), width: width.toFixed(1) });
      set(text, { x: x > -width / 2 - 0.1 ? null : (x + width / 2).toFixed(1) });
    },
    copy: () => pill(name, y, how),
  };
}

/**
 * Write beside a neuron.
 * @param {string} name
 * @param {Spot} spot
 * @param {boolean} [short]
 * @returns {Fitting}
 */
export function note(name, spot, short = false) {
  const text = svg('text', { 'text-anchor': spot.anchor, 'font-size': spot.size });
  const group = svg('g', { class: `note ${name}`, transform: `translate(${spot.x.toFixed(1)} ${spot.y.toFixed(1)})` }, text);
  return {
    group,
    write: (all, brief = all) => write(text, short ? brief : all),
    copy: () => note(name, spot, short),
  };
}
