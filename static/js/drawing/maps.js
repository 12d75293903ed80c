// @ts-check
/** Draw weights as small pictures: beside each neuron what it sees of a folded layer, larger for the one in focus. */

import { boxAround, contains } from '../geometry.js';
import { html } from '../dom.js';
import { reachOf } from '../fit.js';
import { kindOf } from '../layout.js';

/**
 * @typedef {import('../layout.js').Layout} Layout
 * @typedef {import('../layout.js').Column} Column
 * @typedef {import('../scene.js').Scene} Scene
 * @typedef {import('../geometry.js').Box} Box
 * @typedef {import('./palette.js').Colours} Colours
 * @typedef {{layer: number, across: number, down: number, boxes: Box[]}} Tiles
 * @typedef {{layer: number, neuron: number, box: Box, limit: number, tiles: Tiles, kind: 'weight' | 'gradient'}} Large limit: how far
 *   to the right its title may reach
 */

const LARGE = 132;
const LEAST_LARGE = 40;
/** Over a large picture stands its title, and some air round it. */
const TITLE = 20;
const AIR = 10;

/** @param {Column} column @param {number} layer @returns {Tiles | null} none where no folded layer lies before it */
function tilesInto({ tile, places }, layer) {
  if (!tile) return null;
  const { across, down, width, height } = tile;
  const boxes = height ? places.map(({ x, y, r, aside }) => boxAround({ x: x - r - aside + width / 2, y }, width, height)) : [];
  return { layer, across, down, boxes };
}

/** @param {Layout} layout @returns {Tiles[]} */
export const tilesOf = (layout) => layout.columns.flatMap((column, layer) => tilesInto(column, layer) ?? []);

/** @param {Tiles} tiles @param {number} row */
function sheetOf({ across, down }, row) {
  const sheet = /** @type {HTMLCanvasElement} */ (html('canvas'));
  sheet.width = across;
  sheet.height = down * row;
  return sheet;
}

/**
 * Paint rows of values as pictures, one under the other.
 * @param {Tiles} tiles
 * @param {(readonly (number | null)[])[]} rows
 * @param {number} top
 * @param {(value: number) => [number, number, number]} colour
 */
function paint(tiles, rows, top, colour) {
  const sheet = sheetOf(tiles, rows.length);
  const pen = /** @type {CanvasRenderingContext2D} */ (sheet.getContext('2d'));
  const image = pen.createImageData(sheet.width, sheet.height);
  const cells = tiles.across * tiles.down;
  for (const [j, row] of rows.entries()) {
    for (const [i, value] of row.entries()) {
      if (value === null) continue;
      const at = 4 * (j * cells + i);
      const [r, g, b] = colour(value);
      image.data[at] = r;
      image.data[at + 1] = g;
      image.data[at + 2] = b;
      image.data[at + 3] = 255 * Math.min(1, Math.abs(value) / top);
    }
  }
  pen.putImageData(image, 0, 0);
  return sheet;
}

/** @param {CanvasRenderingContext2D} pen @param {CanvasImageSource} sheet @param {Tiles} tiles @param {number} row @param {Box} box */
function place(pen, sheet, { across, down }, row, box) {
  pen.imageSmoothingEnabled = box.width < across;
  pen.drawImage(sheet, 0, row * down, across, down, box.x, box.y, box.width, box.height);
}

/** @param {Colours} colours @returns {(value: number) => [number, number, number]} */
const byWeight = (colours) => (value) => colours[value < 0 ? 'weight-negative' : 'weight-positive'].rgb;

/** @param {CanvasRenderingContext2D} pen @param {Tiles} tiles @param {Scene} scene @param {Colours} colours */
export function drawTiles(pen, tiles, scene, colours) {
  const weights = scene.session.network.layers[tiles.layer]?.weights ?? [];
  if (!tiles.boxes.length) return;
  const sheet = paint(tiles, weights, scene.domains.weight, byWeight(colours));
  pen.globalAlpha = 1;
  pen.fillStyle = colours.surface.text;
  for (const [j, box] of tiles.boxes.entries()) {
    pen.fillRect(box.x - 1, box.y - 1, box.width + 2, box.height + 2);
    place(pen, sheet, tiles, j, box);
  }
}

/** @param {Layout} layout @param {number} layer @returns {number} where the layer's neurons begin with what is written before them */
const startOf = ({ columns }, layer) => Math.min(...(columns[layer]?.places ?? []).map((place) =>
  place.x - reachOf(place, kindOf(layer, columns.length - 1)).left));

/**
 * Find room for a large picture over or under the folded layer it looks at: on the side that the neuron's lines leave free.
 * @param {Layout} layout @param {Tiles} tiles @param {Box} seen the folded layer's picture @param {number} y of the neuron
 * @param {number} limit to the right
 * @returns {Box | null}
 */
function besideSource({ headerY, height: stage }, { across, down }, seen, y, limit) {
  const top = headerY + 20;
  const room = { over: seen.y - TITLE - top, under: stage - 12 - seen.y - seen.height - TITLE };
  const side = y < seen.y + seen.height / 2 ? 'under' : 'over';
  const wide = Math.min(Math.max(seen.width, 72), limit - 5 - Math.max(8, seen.x));
  const most = Math.min(LARGE, room[side] - AIR, (wide * down) / across);
  if (most < LEAST_LARGE) return null;
  const width = (most * across) / down;
  const x = Math.max(8, seen.x + (seen.width - width) / 2);
  return { x, y: side === 'under' ? seen.y + seen.height + TITLE + AIR : seen.y - AIR - most, width, height: most };
}

/**
 * Find room for a large picture beside its neuron.
 * @param {Layout} layout @param {Tiles} tiles @param {number} layer @param {import('../layout.js').Place} at
 * @returns {Box | null}
 */
function besideNeuron(layout, { across, down }, layer, at) {
  const side = Math.min(LARGE, layout.gap * 0.36);
  const width = Math.min(side, (side * across) / down);
  const height = (width * down) / across;
  const last = layer === layout.columns.length - 1;
  const x = last ? at.x - at.r - at.aside - 16 - width : at.x + at.r + 16;
  const [from, to] = last ? [(layout.columns[layer - 1]?.picture?.width ?? 0) / 2 + (layout.columns[layer - 1]?.x ?? 0), Infinity] : [0, startOf(layout, layer + 1)];
  if (x - 5 < from || x + width + 5 > to) return null;
  const y = Math.min(layout.height - height - 12, Math.max(layout.headerY + 44, at.y - height / 2));
  return { x, y, width, height };
}

/**
 * Find room for a large picture before the folded layer it looks at, where nothing happens meanwhile.
 * @param {Layout} layout @param {Tiles} tiles @param {number} layer @param {Box} seen
 * @returns {Box | null}
 */
function beforeSource({ gap, columns }, { across, down }, layer, seen) {
  if (layer < 2) return null;
  const height = Math.min(LARGE, (gap * 0.4 * down) / across);
  const width = (height * across) / down;
  const x = ((columns[layer - 2]?.x ?? 0) + (columns[layer - 1]?.x ?? 0) - width) / 2;
  return { x, y: seen.y + (seen.height - height) / 2, width, height };
}

/**
 * Find where the large picture of a neuron's weights stands, on the stage.
 * @param {Layout} layout @param {Tiles[]} all @param {Scene} scene @param {{layer: number, neuron: number} | null} own
 * @returns {Large | null}
 */
export function largeOf(layout, all, scene, own) {
  const tiles = own && all.find(({ layer }) => layer === own.layer);
  const at = tiles && layout.columns[own.layer]?.places[own.neuron];
  const seen = own && layout.columns[own.layer - 1]?.picture;
  if (!own || !tiles || !at || !seen) return null;
  const start = startOf(layout, own.layer);
  const beside = besideSource(layout, tiles, seen, at.y, start);
  const box = beside ?? beforeSource(layout, tiles, own.layer, seen) ?? besideNeuron(layout, tiles, own.layer, at);
  const known = scene.backward && scene.session.values.weight_gradients[own.layer]?.[own.neuron]?.some((value) => value !== null);
  if (!box) return null;
  const limit = beside ? start : own.layer < layout.columns.length - 1 ? startOf(layout, own.layer + 1) : Infinity;
  return { ...own, tiles, box, limit, kind: known ? 'gradient' : 'weight' };
}

/** @param {CanvasRenderingContext2D} pen @param {Large} large @param {Scene} scene @param {Colours} colours */
export function drawLarge(pen, { layer, neuron, box, tiles, kind }, scene, colours) {
  const { network, values } = scene.session;
  const row = kind === 'weight' ? network.layers[layer]?.weights?.[neuron] : values.weight_gradients[layer]?.[neuron];
  const top = kind === 'weight' ? scene.domains.weight : scene.domains.gradient ?? 1;
  const sheet = paint(tiles, [row ?? []], top, kind === 'weight' ? byWeight(colours) : () => colours.error.rgb);
  pen.globalAlpha = 1;
  pen.fillStyle = colours.surface.text;
  pen.fillRect(box.x - 5, box.y - 5, box.width + 10, box.height + 10);
  place(pen, sheet, tiles, 0, box);
  pen.strokeStyle = colours['line-strong'].text;
  pen.lineWidth = 1;
  pen.strokeRect(box.x - 5, box.y - 5, box.width + 10, box.height + 10);
}

/** @param {Large} large @param {number} index @returns {Box} the cell of one source */
export function cellOf({ box, tiles }, index) {
  const size = box.width / tiles.across;
  return { x: box.x + (index % tiles.across) * size, y: box.y + Math.floor(index / tiles.across) * size, width: size, height: size };
}

/** @param {Large | null} large @param {{x: number, y: number}} point @returns {number | null} the source whose cell is there */
export function sourceUnder(large, point) {
  if (!large || !contains(large.box, point)) return null;
  const size = large.box.width / large.tiles.across;
  return Math.floor((point.y - large.box.y) / size) * large.tiles.across + Math.floor((point.x - large.box.x) / size);
}
