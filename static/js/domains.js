// @ts-check
/** The ends of the drawing's scales, from the numbers of a session. They only grow while an iteration lasts. */

import { domain } from './scales.js';

/**
 * @typedef {import('./types.js').Session} Session
 * @typedef {object} Domains null while there is nothing to show on a scale
 * @property {number} weight
 * @property {number | null} blame
 * @property {number | null} gradient
 * @property {number | null} delta
 * @property {number[]} activation by layer
 */

/** The weights of small networks are seen beside this one; those of large ones are all small. */
const LEAST_WEIGHT = 0.5;
const MANY = 500;

/** @param {unknown} values numbers, nested @returns {number | null} the largest size; null without any number */
function largest(values) {
  if (typeof values === 'number') return Math.abs(values);
  if (!Array.isArray(values)) return null;
  /** @type {number | null} */
  let most = null;
  for (const value of values) {
    const size = typeof value === 'number' ? Math.abs(value) : largest(value);
    if (size !== null && (most === null || size > most)) most = size;
  }
  return most;
}

/** @param {unknown} values */
function endOf(values) {
  const most = largest(values);
  return most === null ? null : domain([most]);
}

/** @param {Session} session @returns {Domains} */
export function domainsOf({ network, values }) {
  return {
    weight: domain([largest(network.layers.map(({ weights }) => weights))], network.parameters > MANY ? 0 : LEAST_WEIGHT),
    blame: endOf(values.blame_terms),
    gradient: endOf(values.weight_gradients),
    delta: endOf(values.delta),
    activation: values.a.map((rows) => domain([largest(rows)], 1)),
  };
}

/** @param {number | null} known @param {number | null} now */
const grown = (known, now) => (now === null ? null : Math.max(now, known ?? 0));

/** @param {Session | null} before @param {Session} session */
const goesOn = (before, { id, position, network }) => before !== null && before.id === id
  && before.position.iteration === position.iteration
  && before.network.layers.map(({ size }) => size).join() === network.layers.map(({ size }) => size).join();

/**
 * Give the scales' ends for a session, no shorter than they have been in this iteration: a width on screen
 * keeps its meaning from step to step.
 * @param {Domains | null} known
 * @param {Session | null} before the session they are known from
 * @param {Session} session
 * @returns {Domains}
 */
export function steady(known, before, session) {
  const now = domainsOf(session);
  if (!known || !goesOn(before, session)) return now;
  return {
    weight: Math.max(known.weight, now.weight),
    blame: grown(known.blame, now.blame),
    gradient: grown(known.gradient, now.gradient),
    delta: grown(known.delta, now.delta),
    activation: now.activation.map((end, layer) => Math.max(end, known.activation[layer] ?? 0)),
  };
}
