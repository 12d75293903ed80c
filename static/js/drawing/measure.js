// @ts-check
/** How wide a text is: each character is measured once, in the drawing's own type. */

import { html } from '../dom.js';

const SIZE = 100;
/** Figures are all as wide as this one: see `tnum` in the drawing's style. */
const FIGURE = '0';

/** @type {Map<string, number>} */
const known = new Map();
/** @type {CanvasRenderingContext2D | null} */
let pen = null;

/** @param {string} character @param {number} weight */
function widthOf(character, weight) {
  pen ??= html('canvas').getContext('2d');
  if (!pen) return 0.62;
  pen.font = `${weight} ${SIZE}px ${getComputedStyle(document.documentElement).getPropertyValue('--text')}`;
  return pen.measureText(/\d/.test(character) ? FIGURE : character).width / SIZE;
}

/**
 * Tell how wide a text is, in sizes of its type.
 * @param {string} text
 * @param {number} [weight]
 */
export function ems(text, weight = 650) {
  let sum = 0;
  for (const character of text) {
    const key = `${weight} ${character}`;
    let width = known.get(key);
    if (width === undefined) known.set(key, width = widthOf(character, weight));
    sum += width;
  }
  return sum;
}
