// @ts-check
/**
 * How a neuron's value, bias and error stand to it: inside and on its rim, beside it, or above and below it.
 * Pure arithmetic, in pixels from the neuron's centre.
 */

/**
 * @typedef {'pills' | 'beside' | 'stacked'} Fit
 * @typedef {'input' | 'hidden' | 'output'} Kind
 * @typedef {{x: number, y: number, anchor: 'start' | 'middle' | 'end', size: number}} Spot where a text stands
 * @typedef {{value: Spot, bias: Spot, error: Spot, short: boolean}} Spots short: there is room for a short text only
 *
 * @typedef {object} Room what a column leaves to each of its neurons
 * @property {Kind} kind
 * @property {number} pitch from neuron to neuron
 * @property {number} gap from column to column
 * @property {number} scale
 */

const LARGEST = { input: 25, hidden: 52, output: 38 };
const LARGEST_SMALL = 13;
/** The share of the gap between two columns that a neuron may take to each side. */
const SHARE = { input: 0.21, hidden: 0.24, output: 0.21 };
/** A neuron's bias and error stand out so far above and below it, with a little air. */
const OVERHANG = { input: 3, hidden: 12, output: 12 };
/** From this radius on there is room for a curve and a value in a neuron and for its pills on its rim. */
export const ROOMY = { input: 11, hidden: 15.5, output: 15.5 };
/** So much of the gap texts beside the neurons need, and so much of the pitch texts above and below them. */
const BESIDE_FROM = 80;
/** Where the gap is so wide, pills wait for neurons of this radius: texts beside smaller ones are clearer. */
const WIDE_GAP = 150;
const CLEAR = 20;
const STACKED_FROM = 52;
const TWO_ROWS_FROM = 25;
/** Where there is little width but so much height, each number has a row of its own. */
const THREE_ROWS_FROM = 32;
const LEAST = 3;

/** @param {number} r */
const neat = (r) => Number(Math.max(LEAST, r).toFixed(1));

/**
 * Choose how the neurons of a column are drawn.
 * @param {Room} room
 * @returns {{fit: Fit, r: number} | null} null where no number would be legible
 */
export function fitOf({ kind, pitch, gap, scale }) {
  const full = Math.min(LARGEST[kind] * scale, pitch / 2 - OVERHANG[kind], pitch * 0.37, gap * SHARE[kind]);
  const least = kind !== 'input' && gap >= WIDE_GAP ? CLEAR : ROOMY[kind];
  if (full >= least) return { fit: 'pills', r: neat(full) };
  const small = neat(Math.min(LARGEST_SMALL * scale, pitch * 0.36, gap * 0.24));
  if (gap >= BESIDE_FROM) return { fit: 'beside', r: small };
  return pitch >= STACKED_FROM ? { fit: 'stacked', r: small } : null;
}

/**
 * Say how large the neuron at work unfolds where its column has no room for pills, and what height it takes.
 * @param {Room} room
 */
export function unfoldedSize({ gap, scale }) {
  const r = neat(Math.max(17, Math.min(25 * scale, gap * 0.26)));
  return { r, height: 2 * (r + OVERHANG.hidden) };
}

/** @typedef {1 | 2 | 3} Rows of text beside a neuron */

/** @param {Fit} fit @param {number} pitch @param {boolean} narrow @returns {Rows} */
export const rowsOf = (fit, pitch, narrow) => (fit !== 'beside' || pitch < TWO_ROWS_FROM ? 1 : narrow && pitch >= THREE_ROWS_FROM ? 3 : 2);

/** @param {boolean} narrow @param {number} scale */
const typeOf = (narrow, scale) => (narrow ? 9.5 : 10.5 * scale);

/** How far a neuron's rim reaches: the output's is double. @param {number} r @param {Kind} kind */
const rimOf = (r, kind) => r + (kind === 'output' ? 8 : 5);

/** In sizes of the type: a value with its sign, and an error after it. */
const VALUE_WIDTH = 3.6;
const ERROR_WIDTH = 4.9;

/** @param {Rows} rows */
const widthOf = (rows) => (rows === 3 ? ERROR_WIDTH : VALUE_WIDTH + ERROR_WIDTH);

/**
 * Say how far beside the centres of an output column the names begin.
 * @param {{r: number, fit: Fit, rows: Rows, narrow: boolean, scale: number}} of
 */
export function nameReach({ r, fit, rows, narrow, scale }) {
  const air = narrow ? 9 : 16;
  if (fit === 'stacked') return r + 14;
  return fit === 'beside' ? rimOf(r, 'output') + typeOf(narrow, scale) * widthOf(rows) + air / 2 : r + air;
}

/**
 * Say where the texts of a neuron stand that has no room for pills.
 * @param {{r: number, fit: Fit, rows: Rows, aside: number}} place
 * @param {Kind} kind
 * @param {{narrow: boolean, scale: number}} how
 * @returns {Spots}
 */
export function spotsOf({ r, fit, rows, aside }, kind, { narrow, scale }) {
  const size = typeOf(narrow, scale);
  const spot = (/** @type {number} */ x, /** @type {number} */ y, /** @type {Spot['anchor']} */ anchor) => ({ x, y, anchor, size });
  if (fit === 'stacked') {
    const below = rimOf(r, kind) - 4;
    return { value: spot(0, below + size, 'middle'), bias: spot(0, below + 2 * size + 1, 'middle'), error: spot(0, -below - 2, 'middle'), short: true };
  }
  const x = rimOf(r, kind);
  if (rows === 1) {
    const y = size * 0.36;
    return { value: spot(x, y, 'start'), error: spot(x + size * VALUE_WIDTH, y, 'start'), bias: spot(-x - aside, y, 'end'), short: true };
  }
  const [first, last] = rows === 3 ? [-size * 0.7, size * 1.4] : [-1, size];
  const error = rows === 3 ? spot(x, size * 0.35, 'start') : spot(x + size * VALUE_WIDTH, first, 'start');
  return { value: spot(x, first, 'start'), error, bias: spot(x, last, 'start'), short: false };
}

/**
 * Give the room a neuron takes with its texts.
 * @param {{x: number, y: number, r: number, fit: Fit, rows: Rows, aside: number}} place
 * @param {Kind} kind
 * @param {{narrow: boolean, scale: number}} how
 * @returns {import('./geometry.js').Box[]}
 */
export function roomsOf({ x, y, r, fit, rows, aside }, kind, { narrow, scale }) {
  const rim = rimOf(r, kind) + 2;
  const size = typeOf(narrow, scale);
  const body = { x: x - rim, y: y - rim, width: 2 * rim, height: 2 * rim };
  if (fit === 'pills') {
    if (kind === 'input') return [body];
    const pill = (/** @type {number} */ at) => ({ x: x - 3.1 * size, y: at - size, width: 6.2 * size, height: 2 * size });
    return [body, pill(y - r - 1), pill(y + r + 1)];
  }
  if (fit === 'stacked') return [{ x: x - 1.9 * size, y: y - rim - size, width: 3.8 * size, height: 2 * rim + 3 * size }];
  const left = rows === 1 ? rim + aside + 4 * size : rim;
  const half = Math.max(rim - 2, rows * 0.6 * size);
  return [body, { x: x - left, y: y - half, width: left + rim + widthOf(rows) * size, height: 2 * half }];
}
