// @ts-check
/** What is written in and on a neuron, from its numbers. */

import { apart, number } from './format.js';

/**
 * @typedef {import('./scene.js').NeuronView} NeuronView
 * @typedef {Pick<import('./scene.js').Scene, 'backward' | 'digits'>} How
 */

/** As many figures as a neuron has room for. */
const LONGEST = 7;

/**
 * Say what a value would be: with the digits that tell it from what it was, or, where these are many, which way it went.
 * @param {number} was @param {number} is @param {number} digits
 */
function answerText(was, is, digits) {
  const [, now] = apart(was, is, digits);
  return now.length > LONGEST ? `${number(is, digits)} ${is > was ? '↑' : '↓'}` : `→ ${now}`;
}

/** @param {NeuronView} view @param {How} how */
export function valueText({ sum, z, a, was }, { backward, digits }) {
  if (a !== null && was !== null) return answerText(was, a, digits);
  if (a !== null) return number(a, digits);
  if (sum !== null && !backward) return `Σ ${number(sum, digits)}`;
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
