// @ts-check
/** Where the network's parts stand on a stage of a given size. Pure arithmetic, in pixels. */

import { between } from './geometry.js';

/**
 * @typedef {object} Place
 * @property {number} x
 * @property {number} y
 * @property {number} r half the size
 * @property {'round' | 'square' | 'cell'} shape
 *
 * @typedef {object} Column
 * @property {number} x
 * @property {boolean} folded whether its neurons are cells of one picture
 * @property {Place[]} places
 * @property {number} lines of words there is room for at each neuron
 * @property {boolean} pilled whether there is room for a bias at each neuron's foot, and an error at its head
 * @property {{x: number, y: number, width: number, height: number} | null} picture
 *
 * @typedef {object} Layout
 * @property {boolean} narrow labels stand under the neurons
 * @property {number} width
 * @property {number} height
 * @property {number} headerY
 * @property {number} scale of everything written and drawn, above 1 on a large stage such as a projector's
 * @property {Column[]} columns
 */

/** Larger inputs are folded; other layers from twice this size on, or where they would stand too close. */
export const FOLD_ABOVE = 16;
const LEAST_PITCH = 14;

const WIDE = { top: 66, bottom: 14, left: 124, right: 104, labels: 0 };
const SNUG = { ...WIDE, left: 112, right: 92 };
const NARROW = { top: 46, bottom: 8, left: 6, right: 6, labels: 40 };
const LARGEST = { input: 25, hidden: 52, output: 38 };
const WIDEST_PITCH = { input: 122, hidden: 244, output: 122 };

/** The room that so many lines of words take between two neurons, and the pitch from which on they have it. */
const UNDER = [{ lines: 2, room: 47, from: 78 }, { lines: 1, room: 24, from: 44 }, { lines: 0, room: 10, from: 0 }];
const BESIDE = { lines: 2, room: 0 };
/** The room that a bias at a neuron's foot and the error at the next one's head take, and the least neuron that has them. */
const PILLS = { room: 19, from: 12 };
/** The room that the second rings of two outputs take. */
const RINGS = 8;
/** Without them a neuron stays smaller than one with a curve inside. */
const LARGEST_BARE = 15.5;

/** From this size on the drawing grows with its stage. */
const FULL = { width: 1000, height: 680 };
const LARGEST_SCALE = 1.7;

/** @typedef {typeof WIDE} Margins */

/** @param {number} layer @param {number} depth @returns {'input' | 'hidden' | 'output'} */
const kindOf = (layer, depth) => (layer === 0 ? 'input' : layer === depth ? 'output' : 'hidden');

/**
 * Stand the columns evenly between the labels at both sides.
 * @param {number} depth
 * @param {number} width
 * @param {Margins} margins
 * @param {number} scale
 */
function columnCentres(depth, width, margins, scale) {
  const from = margins.left * scale + (margins.labels || LARGEST.input * scale);
  const to = width - margins.right * scale - (margins.labels || LARGEST.output * scale);
  return Array.from({ length: depth + 1 }, (_, l) => from + ((to - from) * l) / depth);
}

/** @param {'input' | 'hidden' | 'output'} kind @param {boolean} narrow @param {number} pitch */
const wordsOf = (kind, narrow, pitch) => (kind === 'hidden' || !narrow ? BESIDE
  : UNDER.find(({ from }) => pitch >= from) ?? BESIDE);

/**
 * @param {{size: number, kind: 'input' | 'hidden' | 'output', gap: number, height: number, narrow: boolean, scale: number}} of
 */
function pitchAndRadius({ size, kind, gap, height, narrow, scale }) {
  const pitch = Math.min(WIDEST_PITCH[kind] * scale, height / size);
  const words = wordsOf(kind, narrow, pitch);
  const free = Math.min(pitch * (words.room ? 0.5 : 0.37), (pitch - Math.max(words.room, RINGS)) / 2);
  const beside = (pitch - PILLS.room * scale) / 2;
  const pilled = kind !== 'input' && words.lines !== 1 && Math.min(free, beside) >= PILLS.from;
  const room = pilled ? Math.min(free, beside) : words.lines === 1 ? Math.min(free, LARGEST_BARE) : free;
  const r = Math.min(LARGEST[kind] * scale, room, gap * (kind === 'hidden' ? 0.24 : 0.19));
  return { pitch, words, pilled: pilled && r >= PILLS.from, r: Number(Math.max(3, r).toFixed(1)) };
}

/**
 * @param {{size: number, kind: 'input' | 'hidden' | 'output', x: number, gap: number, top: number, height: number,
 *   narrow: boolean, scale: number}} of
 * @returns {Column}
 */
function openColumn({ size, kind, x, gap, top, height, narrow, scale }) {
  const { pitch, words, pilled, r } = pitchAndRadius({ size, kind, gap, height, narrow, scale });
  const first = top + height / 2 - (pitch * (size - 1)) / 2 - words.room * 0.3;
  /** @type {'round' | 'square'} */
  const shape = kind === 'input' ? 'square' : 'round';
  const places = Array.from({ length: size }, (_, j) => ({ x, y: first + pitch * j, r, shape }));
  return { x, folded: false, places, lines: words.lines, pilled, picture: null };
}

/**
 * Fold a large layer to a picture: a square one where its size is a square, a strip otherwise.
 * @param {{size: number, x: number, gap: number, top: number, height: number, side: number}} of side: the room to the
 *   nearer edge of the stage
 * @returns {Column}
 */
function foldedColumn({ size, x, gap, top, height, side }) {
  const root = Math.sqrt(size);
  const across = Number.isInteger(root) ? root : Math.ceil(size / 16);
  const down = Math.ceil(size / across);
  const cell = Math.min(26, (gap * 0.6) / across, (2 * side) / across, height / down);
  const box = { x: x - (cell * across) / 2, y: top + height / 2 - (cell * down) / 2,
    width: cell * across, height: cell * down };
  const places = Array.from({ length: size }, (_, j) => ({
    x: box.x + cell * ((j % across) + 0.5),
    y: box.y + cell * (Math.floor(j / across) + 0.5),
    r: cell / 2,
    /** @type {'cell'} */
    shape: 'cell',
  }));
  return { x, folded: true, places, lines: 0, pilled: false, picture: box };
}

/** @param {number} size @param {'input' | 'hidden' | 'output'} kind @param {number} height */
function folds(size, kind, height) {
  if (size <= FOLD_ABOVE) return false;
  return kind === 'input' || size > 2 * FOLD_ABOVE || height / size < LEAST_PITCH;
}

/**
 * Lay a network out on a stage.
 * @param {number[]} sizes neurons by layer, the input first
 * @param {{width: number, height: number}} stage
 * @returns {Layout}
 */
export function layout(sizes, { width, height }) {
  const narrow = width < 620;
  const margins = narrow ? NARROW : width < 860 ? SNUG : WIDE;
  const depth = sizes.length - 1;
  const scale = Math.min(LARGEST_SCALE, Math.max(1, Math.min(height / FULL.height, width / FULL.width)));
  const centres = columnCentres(depth, width, margins, scale);
  const gap = depth > 0 ? (centres[1] ?? width) - (centres[0] ?? 0) : width;
  const top = margins.top * scale;
  const room = { gap, top, height: Math.max(60, height - top - margins.bottom) };
  const columns = sizes.map((size, l) => {
    const x = centres[l] ?? width / 2;
    if (folds(size, kindOf(l, depth), room.height)) return foldedColumn({ size, x, side: Math.min(x, width - x) - 4, ...room });
    return openColumn({ size, x, kind: kindOf(l, depth), narrow, scale, ...room });
  });
  return { narrow, width, height, headerY: narrow ? 24 : 34 * scale, scale, columns };
}

/**
 * Lay a connection from rim to rim.
 * @param {Layout} layout
 * @param {{layer: number, neuron: number, source: number}} at
 */
export function segmentOf({ columns }, { layer, neuron, source }) {
  const from = columns[layer - 1]?.places[source];
  const to = columns[layer]?.places[neuron];
  if (!from || !to) return null;
  return between(from, to, 1, layer === columns.length - 1 ? 5 : 1);
}
