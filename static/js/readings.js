// @ts-check
/** What is written in and on a neuron, from its numbers. */

import { apart, number } from './format.js';

/**
 * @typedef {import('./scene.js').NeuronView} NeuronView
 * @typedef {Pick<import('./scene.js').Scene, 'backward' | 'digits'>} How
 */

/** @param {NeuronView} view @param {How} how */
export function valueText({ sum, z, a }, { backward, digits }) {
  if (a !== null) return number(a, digits);
  if (sum !== null && !backward) return `Σ\u2009${number(sum, digits)}`;
  return z === null ? '' : `z ${number(z, digits)}`;
}

/** @param {NeuronView} view @param {How} how @param {boolean} [short] whether there is room for the present bias alone */
export function biasText({ bias, before }, { digits }, short = false) {
  if (bias === null) return '';
  if (short) return `b ${number(bias, digits)}`;
  return before === null ? `bias ${number(bias, digits)}` : apart(before, bias, digits).join(' → ');
}

/** @param {NeuronView} view @param {How} how */
export function errorText({ sum, delta }, { backward, digits }) {
  if (!backward) return '';
  if (delta !== null) return `δ ${number(delta, digits)}`;
  return sum === null ? '' : `Σ ${number(sum, digits)}`;
}
