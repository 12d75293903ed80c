// @ts-check
/** Stroke the lines of a layer on a canvas: faint ones first, then those in focus. */

import { blameWidth, gradientWidth, weightRole, weightWidth } from '../scales.js';

/**
 * @typedef {import('../scene.js').Scene} Scene
 * @typedef {import('./palette.js').Colours} Colours
 *
 * @typedef {object} Pair the connections between a layer and the one before it
 * @property {number} layer
 * @property {number} rows
 * @property {number} columns
 * @property {Float32Array} ends x1, y1, x2, y2 of each
 * @property {string[]} keys of each; none where there are thousands
 * @property {boolean} dense whether only the strongest are drawn
 * @property {number[]} drawn which are drawn
 * @property {number[][]} [weights] those that `chosen` was found from
 * @property {number[]} [chosen] the strongest
 */

const ALPHA = { all: 0.4, least: 0.12, own: 0.3, recent: 0.5, lit: 1 };
/** From so many lines on each is fainter. */
const CROWD = 160;
const DASH = [9, 3];
/** What no longer holds is faint and dotted. */
const STALE = 0.35;
const DOTS = [2, 4];
/** Above so many lines all but those in focus are hairlines; one fainter than this share of the scale is left out. */
const MOST_WIDE = 200;
const FAINTEST = 0.02;
const HAIR = 0.75;
/** Lines are thinner here than where each is an element. */
const THIN = 0.55;

/** @param {HTMLCanvasElement} ground @param {{width: number, height: number}} stage */
export function penFor(ground, { width, height }) {
  const dense = devicePixelRatio || 1;
  if (ground.width !== Math.round(width * dense)) ground.width = Math.round(width * dense);
  if (ground.height !== Math.round(height * dense)) ground.height = Math.round(height * dense);
  const pen = /** @type {CanvasRenderingContext2D} */ (ground.getContext('2d'));
  pen.setTransform(dense, 0, 0, dense, 0, 0);
  pen.clearRect(0, 0, width, height);
  return pen;
}

/** @param {CanvasRenderingContext2D} pen @param {Float32Array} ends @param {number} at */
function line(pen, ends, at) {
  pen.beginPath();
  pen.moveTo(/** @type {number} */ (ends[4 * at]), /** @type {number} */ (ends[4 * at + 1]));
  pen.lineTo(/** @type {number} */ (ends[4 * at + 2]), /** @type {number} */ (ends[4 * at + 3]));
  pen.stroke();
}

/** @param {Pair} pair @param {Scene} scene @param {{layer: number, neuron: number} | null} own @returns {(at: number) => number} */
function alphaOf(pair, { focus, event }, own) {
  const back = event?.kind === 'blame' && own && pair.layer === own.layer + 1;
  const mine = (/** @type {number} */ at) => own !== null && (back
    ? at % pair.columns === own.neuron
    : pair.layer === own.layer && Math.floor(at / pair.columns) === own.neuron);
  const all = Math.max(ALPHA.least, Math.min(ALPHA.all, CROWD / pair.drawn.length));
  const dim = all * 0.13;
  return (at) => {
    if (focus.all) return mine(at) ? ALPHA.lit : all;
    const key = pair.keys[at];
    if (key && focus.lit(key)) return ALPHA.lit;
    if (key && focus.recent(key)) return ALPHA.recent;
    return mine(at) ? (pair.dense ? ALPHA.recent : ALPHA.own) : dim;
  };
}

/**
 * Stroke one of very many lines: a hairline, which costs a fraction of a wide line, its strength told by how clear it is.
 * @param {CanvasRenderingContext2D} pen @param {Pair} pair @param {Scene} scene @param {Colours} colours
 * @param {number} at @param {number} alpha
 */
function strokeHair(pen, pair, scene, colours, at, alpha) {
  const source = at % pair.columns;
  const neuron = (at - source) / pair.columns;
  const blame = scene.backward ? scene.session.values.blame_terms[pair.layer - 1]?.[source]?.[neuron] ?? null : null;
  const value = blame ?? pair.weights?.[neuron]?.[source] ?? 0;
  const share = Math.abs(value) / (blame === null ? scene.domains.weight : scene.domains.blame ?? 1);
  if (share < FAINTEST) return;
  pen.globalAlpha = Math.min(1, alpha * 2 * share) * (blame !== null && scene.stale ? STALE : 1);
  pen.strokeStyle = colours[blame === null ? weightRole(value) : 'error'].text;
  pen.lineWidth = HAIR;
  if ((blame ?? 0) < 0) pen.setLineDash(DASH);
  line(pen, pair.ends, at);
  pen.setLineDash([]);
}

/** @param {CanvasRenderingContext2D} pen @param {Pair} pair @param {Scene} scene @param {Colours} colours @param {number} at @param {number} alpha */
function strokeWeight(pen, pair, scene, colours, at, alpha) {
  const source = at % pair.columns;
  const neuron = (at - source) / pair.columns;
  const weight = pair.weights?.[neuron]?.[source] ?? 0;
  const width = weightWidth(weight, scene.domains.weight) * THIN;
  const { values } = scene.session;
  const gradient = scene.backward ? values.weight_gradients[pair.layer]?.[neuron]?.[source] ?? null : null;
  const blame = scene.backward ? values.blame_terms[pair.layer - 1]?.[source]?.[neuron] ?? null : null;
  if (gradient !== null) {
    pen.globalAlpha = alpha * (scene.stale ? 0.1 : 0.25);
    pen.strokeStyle = colours.error.text;
    pen.lineWidth = width + gradientWidth(gradient, scene.domains.gradient ?? 1) * THIN;
    if (gradient < 0) pen.setLineDash(DASH);
    line(pen, pair.ends, at);
    pen.setLineDash([]);
  }
  pen.globalAlpha = alpha * (blame === null ? 1 : scene.stale ? STALE : 0.8);
  pen.strokeStyle = colours[blame === null ? weightRole(weight) : 'error'].text;
  pen.lineWidth = blame === null ? width : blameWidth(blame, scene.domains.blame ?? 1) * THIN;
  if ((blame ?? weight) < 0) pen.setLineDash(DASH);
  if (blame !== null && scene.stale) pen.setLineDash(DOTS);
  line(pen, pair.ends, at);
  pen.setLineDash([]);
}

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {Pair} pair
 * @param {Scene} scene
 * @param {{layer: number, neuron: number} | null} own the neuron whose connections stand out
 * @param {Colours} colours
 */
export function strokeLines(pen, pair, scene, own, colours) {
  pair.weights = scene.session.network.layers[pair.layer]?.weights ?? [];
  const alpha = alphaOf(pair, scene, own);
  const hair = pair.drawn.length > MOST_WIDE;
  /** @type {[number, number][]} */
  const bright = [];
  for (const at of pair.drawn) {
    const strength = alpha(at);
    if (strength >= ALPHA.own && !scene.focus.all || strength === ALPHA.lit) bright.push([at, strength]);
    else (hair ? strokeHair : strokeWeight)(pen, pair, scene, colours, at, strength);
  }
  for (const [at, strength] of bright) strokeWeight(pen, pair, scene, colours, at, strength);
}
