// @ts-check
/** Draw weights as small pictures: beside each neuron what it sees of a folded layer, larger for the one in focus. */

import { boxAround, contains } from '../geometry.js';
import { html } from '../dom.js';

/**
 * @typedef {import('../layout.js').Layout} Layout
 * @typedef {import('../layout.js').Column} Column
 * @typedef {import('../scene.js').Scene} Scene
 * @typedef {import('../geometry.js').Box} Box
 * @typedef {import('./palette.js').Colours} Colours
 * @typedef {{layer: number, across: number, down: number, boxes: Box[]}} Tiles
 * @typedef {{layer: number, neuron: number, box: Box, tiles: Tiles, kind: 'weight' | 'gradient'}} Large
 */

const LARGEST_TILE = 30;
const LEAST_TILE = 9;
const LARGE = 132;

/** @param {Column} source */
function gridOf({ picture, places }) {
  const cell = 2 * (places[0]?.r ?? 1);
  return { across: Math.round((picture?.width ?? 0) / cell), down: Math.round((picture?.height ?? 0) / cell) };
}

/** @param {Layout} layout @param {number} layer @returns {Tiles | null} none where the neurons leave no room */
function tilesInto({ columns }, layer) {
  const [source, target] = [columns[layer - 1], columns[layer]];
  if (!source?.folded || !target || target.folded) return null;
  const { across, down } = gridOf(source);
  const [first, second] = target.places;
  const pitch = second && first ? second.y - first.y : LARGEST_TILE;
  const height = Math.min(LARGEST_TILE, pitch * 0.84);
  if (height < LEAST_TILE) return { layer, across, down, boxes: [] };
  const width = (height * across) / down;
  const boxes = target.places.map(({ x, y, r }) => boxAround({ x: x - r - 9 - width / 2, y }, width, height));
  return { layer, across, down, boxes };
}

/** @param {Layout} layout @returns {Tiles[]} */
export const tilesOf = (layout) => layout.columns.flatMap((_, layer) => (layer && tilesInto(layout, layer)) || []);

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

/**
 * Find where the large picture of a neuron's weights stands: beside it, on the stage.
 * @param {Layout} layout @param {Tiles[]} all @param {Scene} scene @param {{layer: number, neuron: number} | null} own
 * @returns {Large | null}
 */
export function largeOf(layout, all, scene, own) {
  const tiles = own && all.find(({ layer }) => layer === own.layer);
  const at = tiles && layout.columns[own.layer]?.places[own.neuron];
  if (!own || !tiles || !at) return null;
  const side = Math.min(LARGE, (layout.columns[1]?.x ?? 0) * 0.36);
  const width = Math.min(side, (side * tiles.across) / tiles.down);
  const height = (width * tiles.down) / tiles.across;
  const last = own.layer === layout.columns.length - 1;
  const x = last ? at.x - at.r - LARGEST_TILE - 24 - width : at.x + at.r + 16;
  const y = Math.min(layout.height - height - 12, Math.max(layout.headerY + 44, at.y - height / 2));
  const known = scene.backward && scene.session.values.weight_gradients[own.layer]?.[own.neuron]?.some((value) => value !== null);
  return { ...own, tiles, box: { x, y, width, height }, kind: known ? 'gradient' : 'weight' };
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
