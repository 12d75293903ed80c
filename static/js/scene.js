// @ts-check
/** From a session to what the diagram shows. Picks numbers, never makes any. */

import { domainsOf } from './domains.js';
import { focusOf } from './focus.js';
import { DIGITS } from './format.js';

/**
 * @typedef {import('./types.js').Session} Session
 * @typedef {import('./types.js').StepEvent} StepEvent
 * @typedef {import('./types.js').Granularity} Granularity
 *
 * @typedef {object} NeuronView
 * @property {number} layer
 * @property {number} neuron
 * @property {number | null} z
 * @property {number | null} a
 * @property {number | null} delta
 * @property {number | null} bias
 * @property {number | null} before the bias before its update, once it has been updated
 * @property {number | null} target
 * @property {number | null} sum the running sum, while it grows
 * @property {number} share how much of the running sum's terms are in, 0 to 1
 * @property {number | null} slope of its curve, at the event that finds it
 * @property {boolean} acting whether the current event happens in it
 * @property {number | null} was its activation before the nudge that is looked at, where it answers
 *
 * @typedef {object} ConnectionView
 * @property {number} weight
 * @property {number | null} before the weight before its update, once it has been updated
 * @property {number | null} gradient
 * @property {number | null} blame what flows back through it, once known
 * @property {boolean} acting
 *
 * @typedef {object} Fill
 * @property {boolean} error whether it is the neuron's error, or else its activation
 * @property {number | null} value null while it is not known
 * @property {number} top the end of its scale
 *
 * @typedef {object} Scene
 * @property {Session} session
 * @property {number[]} sizes
 * @property {number} depth
 * @property {StepEvent | null} event
 * @property {string} phase
 * @property {number} digits how many the diagram shows
 * @property {boolean} fine whether the last move was a single event
 * @property {boolean} backward whether errors are what is being looked at
 * @property {(layer: number, neuron: number) => Fill} fill what fills a neuron
 * @property {import('./focus.js').Focus} focus
 * @property {import('./domains.js').Domains} domains the ends of the scales
 * @property {(layer: number, neuron: number) => NeuronView} neuron
 * @property {(layer: number, neuron: number, source: number) => ConnectionView} connection
 * @property {import('./types.js').Shock | null} nudge what is tried out: see whatif.js
 * @property {boolean} stale whether what was found on the way back no longer holds
 */

const ACTS_ON_CONNECTION = new Set(['product', 'gradient', 'new_weight', 'moment']);

/** @param {Session} session */
const shownFocus = ({ batch }) => Math.max(0, batch.shown.indexOf(batch.focus));

/** @param {any} values @param {number[]} path @returns {number | null} */
function pick(values, ...path) {
  let here = values;
  for (const index of path) {
    if (here === null || here === undefined) return null;
    here = here[index];
  }
  return here ?? null;
}

/**
 * Take the observation's number where there is one for each, the only number where there is one.
 * @param {number[]} values
 * @param {number} seen
 */
const ofObservation = (values, seen) => (values.length === 1 ? values[0] : values[seen]) ?? null;

/**
 * Tell the running sum that grows in a neuron at this event.
 * @param {StepEvent | null} event
 * @param {number} layer
 * @param {number} neuron
 * @param {number[]} sizes
 * @param {number} seen index of the observation in focus
 */
function growing(event, layer, neuron, sizes, seen) {
  const here = event && event.layer === layer && event.neuron === neuron;
  if (!here || !event.running) return { sum: null, share: 0 };
  const terms = event.kind === 'blame' ? sizes[layer + 1] ?? 1 : sizes[layer - 1] ?? 1;
  return { sum: ofObservation(event.running, seen), share: (event.index + 1) / terms };
}

/**
 * @param {Session} session
 * @param {number[]} sizes
 * @returns {Scene['neuron']}
 */
function neuronReader(session, sizes) {
  const { values, network, event, batch } = session;
  const seen = shownFocus(session);
  const last = sizes.length - 1;
  return (layer, neuron) => ({
    layer, neuron,
    z: pick(values.z, layer, seen, neuron),
    a: pick(values.a, layer, seen, neuron),
    delta: pick(values.delta, layer, seen, neuron),
    bias: pick(network.layers, layer) ? pick(network.layers[layer]?.biases, neuron) : null,
    before: changed(session, event, { layer, neuron, index: -1 })
      ? pick(values.previous_biases, layer, neuron) : null,
    target: layer === last ? pick(batch.targets, seen, neuron) : null,
    ...growing(event, layer, neuron, sizes, seen),
    slope: event?.kind === 'slope' && event.layer === layer && event.neuron === neuron
      ? ofObservation(event.values, seen) : null,
    acting: event?.layer === layer && event.neuron === neuron,
    was: null,
  });
}

/**
 * Tell whether the update has already passed a parameter.
 * @param {Session} session
 * @param {StepEvent | null} event
 * @param {{layer: number, neuron: number, index: number}} at index −1 is the bias, the last of its neuron
 */
function changed({ position, values }, event, { layer, neuron, index }) {
  if (!values.previous_weights) return false;
  if (position.phase === 'done' || !event || event.phase !== 'update') return position.phase === 'done';
  const order = (/** @type {number} */ i) => (i < 0 ? Infinity : i);
  const reached = event.kind === 'new_bias' ? Infinity
    : event.kind === 'new_weight' ? event.index : event.kind === 'moment' ? event.index - 1 : 1e9;
  if (event.layer !== layer) return layer < event.layer;
  if (event.neuron !== neuron) return neuron < event.neuron;
  return order(index) <= reached;
}

/** @param {Session} session @returns {Scene['connection']} */
function connectionReader(session) {
  const { values, network, event } = session;
  return (layer, neuron, source) => {
    const here = event && (event.kind === 'blame'
      ? event.layer + 1 === layer && event.index === neuron && event.neuron === source
      : ACTS_ON_CONNECTION.has(event.kind) && event.layer === layer && event.neuron === neuron && event.index === source);
    return {
      weight: pick(network.layers[layer]?.weights, neuron, source) ?? 0,
      before: changed(session, event, { layer, neuron, index: source })
        ? pick(values.previous_weights, layer, neuron, source) : null,
      gradient: pick(values.weight_gradients, layer, neuron, source),
      blame: pick(values.blame_terms, layer - 1, source, neuron),
      acting: Boolean(here),
    };
  };
}

/**
 * @param {Scene['neuron']} neuron
 * @param {import('./domains.js').Domains} domains
 * @param {import('./types.js').State['fill']} wanted
 * @param {boolean} backward
 * @returns {Scene['fill']}
 */
const fillReader = (neuron, domains, wanted, backward) => (layer, index) => {
  const { a, delta } = neuron(layer, index);
  // Where the step decides, a neuron whose error is not known yet keeps its activation.
  const error = wanted === 'error' || (wanted === 'step' && backward && delta !== null);
  return error
    ? { error, value: delta, top: domains.delta ?? 1 }
    : { error, value: a, top: domains.activation[layer] ?? 1 };
};

/**
 * Read a session for the diagram.
 * @param {Session} session
 * @param {Granularity} scope
 * @param {import('./domains.js').Domains | null} [known] the ends of the scales, where they have been found already
 * @param {number} [digits]
 * @param {import('./types.js').State['fill']} [fill]
 * @returns {Scene}
 */
export function scene(session, scope, known = null, digits = DIGITS, fill = 'step') {
  const sizes = session.network.layers.map(({ size }) => size);
  const { event, position } = session;
  const backward = position.phase === 'backward';
  const domains = known ?? domainsOf(session);
  const neuron = neuronReader(session, sizes);
  return {
    session, sizes, event, digits,
    depth: sizes.length - 1,
    phase: position.phase,
    fine: scope === 'term',
    backward, domains, neuron,
    fill: fillReader(neuron, domains, fill, backward),
    focus: focusOf(position.phase === 'done' && scope !== 'term' ? null : event, scope, sizes),
    connection: connectionReader(session),
    nudge: null,
    stale: false,
  };
}
