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
 * @property {boolean} few whether the column is too small to be folded
 * @property {number} pitch from neuron to neuron
 * @property {number} gap from column to column
 * @property {number} most the largest radius
 * @property {number} scale
 */

const LARGEST_SMALL = 13;
/** The output's rim is double. */
const RINGS = { input: 1.5, hidden: 1.5, output: 5 };
/** The share of the gap between two columns that a neuron may take to each side. */
const SHARE = { input: 0.21, hidden: 0.24, output: 0.23 };
/** A neuron's bias and error stand out so far above and below it, with a little air. */
const OVERHANG = { input: 3, hidden: 12, output: 12 };
/** From this radius on there is room for a curve and a value in a neuron and for its pills on its rim. */
const ROOMY = { input: 11, hidden: 14, output: 14 };
/** So much of the gap texts beside the neurons need, and so much of the pitch texts above and below them. */
const BESIDE_FROM = 80;
/** Where the gap is so wide, pills wait for neurons of this radius: texts beside smaller ones are clearer. */
const WIDE_GAP = 150;
const CLEAR = 20;
const STACKED_TEXTS = 42;
const STACKED_FROM = STACKED_TEXTS + 6;
const TWO_ROWS_FROM = 20;
/** Where there is little width but so much height, each number has a row of its own. */
const THREE_ROWS_FROM = 25;
const LEAST = 3;

/** @param {number} r */
const neat = (r) => Number(Math.max(LEAST, r).toFixed(1));

/**
 * Choose how the neurons of a column are drawn.
 * @param {Room} room
 * @returns {{fit: Fit, r: number} | null} null where no number would be legible
 */
export function fitOf({ kind, few, pitch, gap, most, scale }) {
  const full = Math.min(most * scale, pitch / 2 - OVERHANG[kind] * scale, pitch * 0.37, gap * SHARE[kind]);
  const least = kind !== 'input' && gap >= WIDE_GAP ? CLEAR : ROOMY[kind];
  if (full >= least) return { fit: 'pills', r: neat(full) };
  const small = neat(Math.min(LARGEST_SMALL * scale, pitch * 0.36, pitch / 2 - RINGS[kind], gap * 0.24));
  if (gap < BESIDE_FROM && pitch >= STACKED_FROM) return { fit: 'stacked', r: Math.min(small, neat((pitch - STACKED_TEXTS) / 2)) };
  return gap >= BESIDE_FROM || few ? { fit: 'beside', r: small } : null;
}

/**
 * Say how large the neuron at work unfolds where its column has no room for pills, and what height it takes.
 * @param {Room} room
 */
export function unfoldedSize({ gap, scale }) {
  const r = neat(Math.max(17, Math.min(25 * scale, gap * 0.26)));
  return { r, height: 2 * (r + OVERHANG.hidden * scale) };
}

/** @typedef {1 | 2 | 3} Rows of text beside a neuron */

/** @param {Fit} fit @param {number} pitch @param {boolean} narrow @returns {Rows} */
export const rowsOf = (fit, pitch, narrow) => (fit !== 'beside' || pitch < TWO_ROWS_FROM ? 1 : narrow && pitch >= THREE_ROWS_FROM ? 3 : 2);

/**
 * Choose the size of the type beside a neuron.
 * @param {Rows} rows @param {number} pitch @param {{narrow: boolean, scale: number}} how
 */
export const typeOf = (rows, pitch, { narrow, scale }) =>
  Number(Math.min(narrow ? 9.5 : 10.5 * scale, rows === 1 ? Math.min(9 * scale, pitch * 0.62) : (pitch * 0.95) / rows).toFixed(1));

/** How far a neuron's rim reaches: the output's is double. @param {number} r @param {Kind} kind */
const rimOf = (r, kind) => r + (kind === 'output' ? 8 : 5);

/** Under a neuron in a narrow column even a small bias is to end before the next column's begins. */
const SMALLER = 0.88;

/** In sizes of the type: a value with its sign, and an error after it. */
const VALUE_WIDTH = 3.6;
const ERROR_WIDTH = 4.9;
/** A bias, old and new, alone. */
const BIAS_WIDTH = 5.6;
/** A short bias, with a sign and as many figures as a small one has. */
const SHORT_BIAS_WIDTH = 4.9;
/** So much a column's texts leave to the next column's. */
const BETWEEN = 3;
/** Lines of words nearer than this share of their type touch. */
const CLOSEST = 1.25;

/** @param {{rows: Rows, single: boolean}} place how wide its texts are, in sizes of their type */
const widthOf = ({ rows, single }) => (rows > 1 && (rows === 3 || single) ? BIAS_WIDTH : single ? ERROR_WIDTH : VALUE_WIDTH + ERROR_WIDTH);

/**
 * Set the lines of a name beside its neuron: a little closer where it must be, and one less where that is not enough.
 * @param {number} count @param {number} pitch @param {{note: number, leading: number}} type
 */
export function blockOf(count, pitch, { note, leading }) {
  if (count * leading <= pitch) return { rows: count, leading };
  return count < 2 || pitch / count >= note * CLOSEST ? { rows: count, leading: pitch / count } : { rows: count - 1, leading: Math.min(leading, pitch / (count - 1)) };
}

/**
 * Say how far a column's neurons and texts reach to each side of its centre.
 * @param {{r: number, fit: Fit, rows: Rows, type: number, aside: number, single: boolean}} place
 * @param {Kind} kind
 */
export function reachOf({ r, fit, rows, type, aside, single }, kind) {
  if (fit !== 'beside') return { left: r + aside + BETWEEN, right: r + BETWEEN };
  return { left: rimOf(r, kind) + aside + (rows === 1 ? type * SHORT_BIAS_WIDTH : 0) + BETWEEN, right: rimOf(r, kind) + widthOf({ rows, single }) * type };
}

/**
 * Say how far beside the centres of an output column the names begin.
 * @param {{r: number, fit: Fit, rows: Rows, type: number, single: boolean, narrow: boolean}} of
 */
export function nameReach({ r, fit, rows, type, single, narrow }) {
  const air = narrow ? 9 : 16;
  if (fit === 'stacked') return Math.max(r + 14, (type * ERROR_WIDTH) / 2 + BETWEEN);
  return fit === 'beside' ? rimOf(r, 'output') + type * widthOf({ rows, single }) + air / 2 : r + air;
}

/**
 * Say where the texts of a neuron stand that has no room for pills.
 * @param {{r: number, fit: Fit, rows: Rows, type: number, aside: number, single: boolean}} place
 * @param {Kind} kind
 * @returns {Spots}
 */
export function spotsOf({ r, fit, rows, type: size, aside, single }, kind) {
  const spot = (/** @type {number} */ x, /** @type {number} */ y, /** @type {Spot['anchor']} */ anchor) => ({ x, y, anchor, size });
  if (fit === 'stacked') {
    const below = rimOf(r, kind) - 4;
    return { value: spot(0, below + size, 'middle'), bias: { ...spot(0, below + 2 * size, 'middle'), size: size * SMALLER }, error: spot(0, -below - 2, 'middle'), short: true };
  }
  const x = rimOf(r, kind);
  if (rows === 1) {
    const y = size * 0.36;
    return { value: spot(x, y, 'start'), error: spot(single ? x : x + size * VALUE_WIDTH, y, 'start'), bias: spot(-x - aside, y, 'end'), short: true };
  }
  const [first, last] = rows === 3 ? [-size * 0.7, size * 1.4] : [-1, size];
  const error = rows === 3 ? spot(x, size * 0.35, 'start') : spot(single ? x : x + size * VALUE_WIDTH, first, 'start');
  return { value: spot(x, first, 'start'), error, bias: spot(x, last, 'start'), short: false };
}

/** How far so many rows reach above and below the middle, in sizes of the type. */
/** @type {Record<Rows, [number, number]>} */
const TEXT_ROWS = { 1: [0.45, 0.5], 2: [0.85, 1.2], 3: [1.45, 1.6] };

/**
 * Give the room a neuron takes with its texts.
 * @param {{x: number, y: number, r: number, fit: Fit, rows: Rows, type: number, aside: number, single: boolean}} place
 * @param {Kind} kind
 * @returns {import('./geometry.js').Box[]}
 */
export function roomsOf({ x, y, r, fit, rows, type: size, aside, single }, kind) {
  const rim = fit === 'pills' ? rimOf(r, kind) + 2 : r + RINGS[kind];
  const body = { x: x - rim, y: y - rim, width: 2 * rim, height: 2 * rim };
  if (fit === 'pills') {
    if (kind === 'input') return [body];
    const pill = (/** @type {number} */ at) => ({ x: x - 3.1 * size, y: at - size, width: 6.2 * size, height: 2 * size });
    return [body, pill(y - r - 1), pill(y + r + 1)];
  }
  if (fit === 'stacked') {
    const below = rimOf(r, kind) - 4;
    return [{ x: x - 1.9 * size, y: y - below - 2 - 0.8 * size, width: 3.8 * size, height: 2 * below + 3 + 3.1 * size }];
  }
  const left = rows === 1 ? rim + aside + 4 * size : rim;
  const [up, down] = TEXT_ROWS[rows];
  return [body, { x: x - left, y: y - up * size, width: left + rim + widthOf({ rows, single }) * size, height: (up + down) * size }];
}
