// @ts-check
/** How wide a text is: each character is measured once, in the drawing's own type. */

import { html } from '../dom.js';

const SIZE = 100;
/** Figures are all as wide as this one: see `tnum` in the drawing's style. */
const FIGURE = '0';
/** Those the drawing writes in. */
const WEIGHTS = [500, 600, 650];
const USUAL = '0123456789.−+Σδabcdefghijklmnopqrstuvwxyz ';

/** @type {Map<number, Map<string, number>>} the width of each character, for each weight */
const known = new Map();
/** @type {Map<number, CanvasRenderingContext2D | null>} a pen for each weight: to give one another type is what costs */
const pens = new Map();

/** @param {number} weight */
function penOf(weight) {
  const pen = html('canvas').getContext('2d');
  if (pen) pen.font = `${weight} ${SIZE}px ${getComputedStyle(document.documentElement).getPropertyValue('--text')}`;
  pens.set(weight, pen);
  return pen;
}

/** @param {string} character @param {number} weight */
function widthOf(character, weight) {
  const pen = pens.get(weight) ?? penOf(weight);
  return pen ? pen.measureText(/\d/.test(character) ? FIGURE : character).width / SIZE : 0.62;
}

/**
 * Tell how wide a text is, in sizes of its type.
 * @param {string} text
 * @param {number} [weight]
 */
export function ems(text, weight = 650) {
  const widths = known.get(weight) ?? new Map();
  if (!widths.size) known.set(weight, widths);
  let sum = 0;
  for (const character of text) {
    let width = widths.get(character);
    if (width === undefined) widths.set(character, width = widthOf(character, weight));
    sum += width;
  }
  return sum;
}

/** Measure what is written nearly always, while there is nothing else to do yet. */
export function sharpen() {
  for (const weight of WEIGHTS) ems(USUAL, weight);
}
