// @ts-check
/** Where the network's parts stand on a stage of a given size. Pure arithmetic, in pixels. */

import { fitOf, nameReach, reachOf, rowsOf, typeOf, unfoldedSize } from './fit.js';
import { between } from './geometry.js';

/**
 * @typedef {import('./fit.js').Fit} Fit
 * @typedef {import('./fit.js').Kind} Kind
 * @typedef {object} Place
 * @property {number} x
 * @property {number} y
 * @property {number} r half the size
 * @property {'round' | 'square' | 'cell'} shape
 * @property {Fit} fit how its numbers stand to it
 * @property {import('./fit.js').Rows} rows of text beside it
 * @property {number} type the size of that text
 * @property {number} aside the room that a picture takes to its left
 * @property {boolean} single whether there is room for its value or its error, not for both
 *
 * @typedef {object} Column
 * @property {number} x
 * @property {boolean} folded whether its neurons are cells of one picture
 * @property {Place[]} places
 * @property {{x: number, y: number, width: number, height: number} | null} picture
 * @property {{across: number, down: number, width: number, height: number} | null} tile the small picture beside each
 *   neuron of what it sees in a folded layer
 * @property {number} reach how far beside the centres names may begin
 * @property {number} unfolded the neuron that is drawn larger than the others; −1 where none is
 *
 * @typedef {object} Layout
 * @property {boolean} narrow small type, and short names
 * @property {number} width
 * @property {number} height
 * @property {number} headerY
 * @property {number} gap from column to column
 * @property {number} scale of everything written and drawn, above 1 on a large stage such as a projector's
 * @property {Column[]} columns
 * @property {string} unfolded the neuron that is drawn larger than its column; empty where none is
 *
 * @typedef {{layer: number, neuron: number}} At
 * @typedef {{width: number, height: number, names?: {name: number, target: number} | null}} Bounds names: how wide the longest words
 *   beside the outputs are, where they are short
 */

/** Larger inputs are folded; other layers from twice this size on, or where they would stand too close. */
export const FOLD_ABOVE = 16;
const LEAST_PITCH = 14;

/** The largest radius of each kind stands beside the margins. */
const WIDE = { top: 66, bottom: 14, left: 124, right: 104, input: 25, hidden: 52, output: 38 };
const SNUG = { ...WIDE, left: 112, right: 92 };
const NARROW = { top: 46, bottom: 8, left: 54, right: 66, input: 17, hidden: 40, output: 18 };
/** Beside a folded layer no names stand. */
const FOLDED_END = 37;
/** What a narrow stage leaves beside the outputs' names. */
const NAME_AIR = 17;
/** The share of its size that a folded layer's picture keeps. */
const LEAST_SHARE = 0.7;
/** Where outputs stand so far apart their targets stand under their names, and behind them elsewhere. */
const STACKED_NAMES = 28;
const WIDEST_PITCH = { input: 122, hidden: 244, output: 122 };

/** From this size on the drawing grows with its stage. */
const FULL = { width: 1000, height: 680 };
const LARGEST_SCALE = 1.7;

/** Of what is stacked above and below a neuron, so much more is below. */
const LOWER = 6;

const LARGEST_TILE = 30;
const LEAST_TILE = 9;
const TILE_AIR = 9;

/**
 * @typedef {object} Stage
 * @property {number[]} sizes
 * @property {number} width
 * @property {number} height
 * @property {boolean} narrow
 * @property {number} scale
 * @property {typeof WIDE} margins
 * @property {number} top
 * @property {number} room the height that is left for the neurons
 */

/** @param {number} layer @param {number} depth @returns {Kind} */
export const kindOf = (layer, depth) => (layer === 0 ? 'input' : layer === depth ? 'output' : 'hidden');

/** @param {number[]} sizes @param {Bounds} bounds @returns {Stage} */
function stageOf(sizes, { width, height, names = null }) {
  const narrow = width < 620;
  const usual = narrow ? NARROW : width < 860 ? SNUG : WIDE;
  const scale = Math.min(LARGEST_SCALE, Math.max(1, Math.min(height / FULL.height, width / FULL.width)));
  const top = usual.top * scale;
  const room = Math.max(60, height - top - usual.bottom);
  const longest = names && names.name + (room / (sizes[sizes.length - 1] ?? 1) < STACKED_NAMES ? names.target : 0);
  const margins = narrow && longest ? { ...usual, right: Math.min(usual.right, Math.max(longest, names.target) + NAME_AIR) } : usual;
  return { sizes, width, height, narrow, scale, margins, top, room };
}

/** @param {number} size @param {Kind} kind @param {number} height */
function isLarge(size, kind, height) {
  if (size <= FOLD_ABOVE) return false;
  return kind === 'input' || size > 2 * FOLD_ABOVE || height / size < LEAST_PITCH;
}

/** @param {Stage} stage @param {number} layer @param {number} gap */
function roomFor({ sizes, scale, margins, room }, layer, gap) {
  const kind = kindOf(layer, sizes.length - 1);
  const size = sizes[layer] ?? 1;
  return { kind, gap, scale, few: size <= FOLD_ABOVE, most: margins[kind], pitch: Math.min(WIDEST_PITCH[kind] * scale, room / size) };
}

/** @param {Stage} stage @param {number} layer @param {number} gap @returns {ReturnType<typeof fitOf>} null where the layer is folded */
function fitFor(stage, layer, gap) {
  const room = roomFor(stage, layer, gap);
  return isLarge(stage.sizes[layer] ?? 0, room.kind, stage.room) ? null : fitOf(room);
}

/**
 * Stand the columns evenly between the names at both sides.
 * @param {Stage} stage
 * @param {number} extra room for what is written between the outputs and their names
 */
function centresOf({ sizes, width, narrow, scale, margins, room }, extra) {
  const depth = sizes.length - 1;
  const ends = (/** @type {number} */ layer, /** @type {number} */ names) =>
    (narrow && isLarge(sizes[layer] ?? 0, kindOf(layer, depth), room) ? FOLDED_END : names);
  const from = ends(0, (margins.left + margins.input) * scale);
  const to = width - extra - ends(depth, (margins.right + margins.output) * scale);
  return sizes.map((_, l) => (depth > 0 ? from + ((to - from) * l) / depth : width / 2));
}

/**
 * Choose the rows of a column's texts and their type, so that they fit while a neuron takes room from the others, too.
 * @param {Stage} stage @param {number} layer @param {Fit} fit @param {number} gap
 */
function textOf(stage, layer, fit, gap) {
  const room = roomFor(stage, layer, gap);
  const size = stage.sizes[layer] ?? 1;
  const least = Math.min(room.pitch, (room.pitch * size - unfoldedSize(room).height) / Math.max(1, size - 1));
  const pitch = layer > 0 && size > 1 && fit === 'beside' ? least : room.pitch;
  const rows = rowsOf(fit, pitch, stage.narrow);
  // Beside narrow outputs a bias, old and new, has a row of its own and the error, once known, the value's.
  const single = stage.narrow && rows === 2 && layer === stage.sizes.length - 1;
  return { rows, single, type: typeOf(fit === 'pills' ? 2 : rows, rows === 1 ? room.pitch : pitch, stage) };
}

/** @param {Stage} stage */
function standing(stage) {
  const { sizes, narrow, scale, margins } = stage;
  const depth = sizes.length - 1;
  const first = centresOf(stage, 0);
  const end = fitFor(stage, depth, (first[1] ?? 0) - (first[0] ?? 0));
  const text = textOf(stage, depth, 'beside', (first[1] ?? 0) - (first[0] ?? 0));
  const extra = end?.fit === 'beside' ? nameReach({ ...end, ...text, narrow }) - margins.output * scale - 12 : 0;
  return extra > 0 ? centresOf(stage, extra) : first;
}

/**
 * Say how high above each other neurons stand; the unfolded one takes its room from the others.
 * @param {number} size @param {number} pitch @param {number} unfolded −1 where none is @param {number} height the unfolded one's
 */
function heights(size, pitch, unfolded, height) {
  const wide = unfolded >= 0 && height > pitch && size > 1;
  const others = wide ? (pitch * size - height) / (size - 1) : pitch;
  let y = -(pitch * size) / 2;
  return Array.from({ length: size }, (_, j) => {
    const own = wide && j === unfolded ? height : others;
    y += own;
    return y - own / 2;
  });
}

/**
 * @param {Stage} stage @param {number} layer @param {number} x @param {number} gap
 * @param {NonNullable<ReturnType<typeof fitOf>>} how
 * @param {number} wanted the neuron to unfold
 * @returns {Column}
 */
function openColumn(stage, layer, x, gap, { fit, r }, wanted) {
  const room = roomFor(stage, layer, gap);
  const { narrow, top } = stage;
  const unfolded = fit === 'pills' || layer === 0 ? -1 : wanted;
  const large = unfoldedSize(room);
  const { rows, type, single } = textOf(stage, layer, fit, gap);
  /** @type {'round' | 'square'} */
  const shape = layer === 0 ? 'square' : 'round';
  const places = heights(stage.sizes[layer] ?? 0, room.pitch, unfolded, large.height).map((y, j) => ({
    x, y: top + stage.room / 2 + y - (fit === 'stacked' ? LOWER : 0), r: j === unfolded ? large.r : r, shape, rows, type, aside: 0, single, fit: j === unfolded ? /** @type {Fit} */ ('pills') : fit }));
  const reach = nameReach({ r, fit, rows, type, single, narrow });
  return { x, folded: false, places, picture: null, tile: null, unfolded, reach: unfolded < 0 ? reach : Math.max(reach, large.r + 16) };
}

/**
 * Fold a large layer to a picture: a square one where its size is a square, a strip otherwise.
 * @param {Stage} stage @param {number} layer @param {number} x @param {number} gap
 * @returns {Column}
 */
function foldedColumn({ sizes, width, top, room }, layer, x, gap) {
  const size = sizes[layer] ?? 0;
  const root = Math.sqrt(size);
  const across = Number.isInteger(root) && size > FOLD_ABOVE ? root : Math.ceil(size / 16);
  const down = Math.ceil(size / across);
  const side = Math.min(x, width - x) - 4;
  const cell = Math.min(26, (gap * 0.6) / across, (2 * side) / across, room / down);
  const box = { x: x - (cell * across) / 2, y: top + room / 2 - (cell * down) / 2, width: cell * across, height: cell * down };
  const places = Array.from({ length: size }, (_, j) => ({
    x: box.x + cell * ((j % across) + 0.5),
    y: box.y + cell * (Math.floor(j / across) + 0.5),
    r: cell / 2,
    shape: /** @type {'cell'} */ ('cell'), fit: /** @type {Fit} */ ('pills'), rows: /** @type {1} */ (1), type: 0, aside: 0, single: false,
  }));
  return { x, folded: true, places, picture: box, tile: null, unfolded: -1, reach: 0 };
}

/** Leave room beside the neurons after a folded layer for what each of them sees. @param {Column | undefined} source @param {Column} target */
function putTiles(source, target) {
  if (!source?.picture || target.folded) return;
  const cell = 2 * (source.places[0]?.r ?? 1);
  const [across, down] = [source.picture.width, source.picture.height].map((side) => Math.round(side / cell));
  const pitches = target.places.slice(1).map(({ y }, k) => y - (target.places[k]?.y ?? 0));
  const height = Math.min(LARGEST_TILE, ...pitches.map((pitch) => pitch * 0.84));
  const width = (height * across) / down;
  target.tile = { across, down, width, height: height < LEAST_TILE ? 0 : height };
  if (target.tile.height) for (const place of target.places) place.aside = width + TILE_AIR;
}

/** @param {Column | undefined} column @param {Kind} kind */
function sidesOf(column, kind) {
  if (column?.picture) return { left: column.picture.width / 2, right: column.picture.width / 2 };
  const [place] = column?.places.filter((_, j) => j !== column.unfolded) ?? [];
  return place ? reachOf(place, kind) : { left: 0, right: 0 };
}

/** Draw a folded layer smaller about its middle. @param {Column} column @param {number} width */
function shrink(column, width) {
  const { picture: box, x } = column;
  if (!box || width >= box.width) return;
  const by = width / box.width;
  const middle = box.y + box.height / 2;
  column.picture = { x: x - width / 2, y: middle - (box.height * by) / 2, width, height: box.height * by };
  for (const place of column.places) Object.assign(place, { x: x + (place.x - x) * by, y: middle + (place.y - middle) * by, r: place.r * by });
}

/**
 * Where a column's texts would run into the next column's, leave out what can be seen elsewhere: the small pictures,
 * some of a large picture's size, then the values of the column before once its errors are known.
 * @param {Column[]} columns @param {number} layer @param {number} gap
 */
function makeRoom(columns, layer, gap) {
  const [before, column] = [columns[layer - 1], columns[layer]];
  const depth = columns.length - 1;
  const lacks = () => sidesOf(before, kindOf(layer - 1, depth)).right + sidesOf(column, kindOf(layer, depth)).left > gap;
  if (column?.tile && lacks()) {
    column.tile = { ...column.tile, height: 0 };
    for (const place of column.places) place.aside = 0;
  }
  if (before?.picture && lacks()) shrink(before, Math.max(before.picture.width * LEAST_SHARE, 2 * (gap - sidesOf(column, kindOf(layer, depth)).left)));
  for (const place of before && lacks() ? before.places : []) place.single ||= place.rows < 3;
}

/**
 * Lay a network out on a stage.
 * @param {number[]} sizes neurons by layer, the input first
 * @param {Bounds} bounds
 * @param {At | null} [atWork] the neuron that is drawn larger where its column is drawn small
 * @returns {Layout}
 */
export function layout(sizes, bounds, atWork = null) {
  const stage = stageOf(sizes, bounds);
  const centres = standing(stage);
  const gap = sizes.length > 1 ? (centres[1] ?? 0) - (centres[0] ?? 0) : stage.width;
  const columns = sizes.map((_, l) => {
    const how = fitFor(stage, l, gap);
    const x = centres[l] ?? 0;
    return how ? openColumn(stage, l, x, gap, how, atWork?.layer === l ? atWork.neuron : -1) : foldedColumn(stage, l, x, gap);
  });
  columns.forEach((column, l) => putTiles(columns[l - 1], column));
  for (const l of columns.keys()) makeRoom(columns, l, gap);
  const { width, height, narrow, scale } = stage;
  const unfolded = columns.flatMap((column, l) => (column.unfolded < 0 ? [] : [`${l}:${column.unfolded}`])).join();
  return { narrow, width, height, headerY: narrow ? 24 : 34 * scale, gap, scale, columns, unfolded };
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
