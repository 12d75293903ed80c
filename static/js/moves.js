// @ts-check
/** The things that can move, and what each is told: a plan in milliseconds, in the order of going forward. */

import { biasText, errorText, valueText } from './readings.js';
import { gradientWidth, weightWidth } from './scales.js';

/**
 * @typedef {import('./scene.js').Scene} Scene
 * @typedef {import('./captions.js').Caption} Caption
 * @typedef {{layer: number, neuron: number, source: number}} At a connection
 * @typedef {{at: number, lasts: number}} Time
 *
 * @typedef {Time & {what: 'token', on: At, back: boolean, caption: Caption}} Token a term on its way along its connection
 * @typedef {Time & {what: 'drop', on: At, back: boolean}} Drop the same without its numbers
 * @typedef {Time & {what: 'text', layer: number, neuron: number, part: 'value' | 'error' | 'bias', early: string, late: string}} Text
 * @typedef {Time & {what: 'ring', layer: number, neuron: number, early: number, late: number}} Ring
 * @typedef {Time & {what: 'fall', layer: number, neuron: number, text: string}} Fall the bias drops in
 * @typedef {Time & {what: 'slide', layer: number, neuron: number, z: number, a: number}} Slide the dot on its curve
 * @typedef {Time & {what: 'flash', layer: number, neuron: number}} Flash the tangent
 * @typedef {Time & {what: 'arrow', on: At}} Arrow
 * @typedef {Time & {what: 'halo', on: At, widths: number[]}} Halo
 * @typedef {Time & {what: 'swing', on: At, widths: number[], bands: number[], caption: Caption | null}} Swing
 * @typedef {Time & {what: 'label'}} Label the labels that stay
 * @typedef {Token | Drop | Text | Ring | Fall | Slide | Flash | Arrow | Halo | Swing | Label} Move
 *
 * @typedef {{early: Scene, late: Scene}} Pair
 */

const SWAP = 180;

/** @type {Record<Text['part'], (view: import('./scene.js').NeuronView, scene: Scene) => string>} */
const TEXTS = { value: valueText, error: errorText, bias: biasText };

/** @param {Pair} pair @param {number} layer @param {number} neuron @param {Text['part']} part @param {number} at @returns {Text[]} */
export function text({ early, late }, layer, neuron, part, at) {
  const [was, is] = [early, late].map((scene) => TEXTS[part](scene.neuron(layer, neuron), scene));
  return was === is ? [] : [{ what: 'text', layer, neuron, part, early: was ?? '', late: is ?? '', at, lasts: SWAP }];
}

/** @param {Scene} late @param {At} on @param {number} at @param {number} lasts @returns {Halo[]} */
export function halo(late, on, at, lasts) {
  const { gradient, weight } = late.connection(on.layer, on.neuron, on.source);
  if (gradient === null) return [];
  const line = weightWidth(weight, late.domains.weight);
  return [{ what: 'halo', on, at, lasts, widths: [line, line + gradientWidth(gradient, late.domains.gradient ?? 1)] }];
}

/**
 * Swing a connection by the whole gradient and let it settle where the update puts it. On the weights' scale a gradient
 * is often too small to see: a band round the line tells the same on the scale of the gradients.
 * @param {Scene} late @param {At} on @param {number} at @param {number} lasts @param {Caption | null} [caption] @returns {Swing[]}
 */
export function swing(late, on, at, lasts, caption = null) {
  const { gradient, weight, before } = late.connection(on.layer, on.neuron, on.source);
  if (gradient === null || before === null) return [];
  const [from = 0, over = 0, to = 0] = [before, before - gradient, weight].map((value) => weightWidth(value, late.domains.weight));
  const whole = gradientWidth(gradient, late.domains.gradient ?? 1);
  const share = gradient === 0 ? 0 : Math.min(1, Math.abs((weight - before) / gradient)) * whole;
  return [{ what: 'swing', on, at, lasts, caption, widths: [from, over, over, to, to], bands: [from, over + whole, over + whole, to + share, to + share] }];
}

/** @param {Pair} pair @param {number} layer @param {number} neuron @param {number} at @returns {Move[]} */
export function activate(pair, layer, neuron, at) {
  const { z, a } = pair.late.neuron(layer, neuron);
  /** @type {Move[]} */
  const slide = z === null || a === null ? [] : [{ what: 'slide', layer, neuron, z, a, at, lasts: 420 }];
  return [...slide, ...text(pair, layer, neuron, 'value', at + 300)];
}
