// @ts-check
/** The blame game of one neuron: who was active, through which weight, what error went back, which gradient came out. */

import { layerTitle } from './layers.js';

/**
 * @typedef {import('./types.js').Session} Session
 * @typedef {import('./addresses.js').Part} Part
 * @typedef {{value: number | null, address: string | null}} Entry address: null for a number that has no card of its own
 *
 * @typedef {object} Row one sender
 * @property {string} name
 * @property {number} source
 * @property {boolean} current whether the present event is about its connection
 * @property {Entry} activity
 * @property {Entry} weight
 * @property {Entry | null} error what goes back through the weight; null for an input
 * @property {Entry | null} slope of the sender's curve; null for an input
 * @property {Entry | null} share what the observation in focus adds to the gradient; null where it is all of it
 * @property {Entry} gradient
 *
 * @typedef {object} Blame
 * @property {string} neuron
 * @property {string} senders the layer they are in
 * @property {number} layer
 * @property {number} at
 * @property {Entry} delta
 * @property {Row[]} rows
 * @property {number} left how many senders are left out; then the most active come first
 * @property {boolean} added whether the last one is there for the present event alone
 * @property {number} observations of the batch
 * @property {number} observation the one in focus, counted from 1
 * @property {boolean} penalised whether the gradients hold a penalty's share too
 */

const MOST = 8;

/**
 * Name a neuron as the sentences do.
 * @param {Session['network']['layers']} layers
 * @param {number} l
 * @param {number} j
 */
export function neuronName(layers, l, j) {
  const names = layers[l]?.names ?? [];
  return l === 0 || l === layers.length - 1 ? names[j] ?? `${j + 1}` : `Hidden ${l}, neuron ${j + 1}`;
}

/** @param {Session} session @param {Part | null} held @returns {{l: number, j: number}} */
function neuronOf({ event, network }, held) {
  const known = held?.type === 'neuron' && held.layer > 0 && held.neuron < (network.layers[held.layer]?.size ?? 0);
  if (known) return { l: held.layer, j: held.neuron };
  const { kind = '', layer = 1, neuron = 0, index = 0 } = event ?? {};
  // Blame is handed back by the neuron after it: in its table this step fills a number in.
  return kind === 'blame' ? { l: layer + 1, j: index } : { l: layer, j: neuron };
}

/** @param {Session['event']} event @param {number} l @param {number} j @returns {number} the sender the event is about, −1 for none */
function senderOf(event, l, j) {
  if (event?.kind === 'gradient' && event.layer === l && event.neuron === j) return event.index;
  return event?.kind === 'blame' && event.layer === l - 1 && event.index === j ? event.neuron : -1;
}

/** @param {number[]} activity @param {number} current @returns {number[]} the places of the most active, and the current one */
function busiest(activity, current) {
  if (activity.length <= MOST) return activity.map((_, i) => i);
  const places = activity.map((_, i) => i).sort((one, other) => Math.abs(activity[other] ?? 0) - Math.abs(activity[one] ?? 0));
  const kept = places.slice(0, MOST);
  return current < 0 || kept.includes(current) ? kept : [...kept.slice(0, -1), current];
}

/**
 * Collect the blame panel of a neuron on the way back: the one held in the diagram, else the one at work.
 * @param {Session} session
 * @param {Part | null} [held]
 * @returns {Blame | null} null elsewhere
 */
export function blameOf(session, held = null) {
  const { event, values, network, batch } = session;
  if (event?.phase !== 'backward') return null;
  const { l, j } = neuronOf(session, held);
  const { layers } = network;
  const seen = Math.max(0, batch.shown.indexOf(batch.focus));
  const b = batch.shown[seen] ?? 0;
  const size = layers[l - 1]?.size ?? 0;
  const current = senderOf(event, l, j);
  const activity = Array.from({ length: size }, (_, i) => values.a[l - 1]?.[seen]?.[i] ?? 0);
  const places = busiest(activity, current);
  return {
    neuron: neuronName(layers, l, j), senders: layerTitle(l - 1, layers.length - 1), layer: l, at: j,
    delta: { value: values.delta[l]?.[seen]?.[j] ?? null, address: `delta[${l}][${b}][${j}]` },
    rows: places.map((i) => ({ ...rowOf(session, { l, j, i, seen, b }), current: i === current })),
    left: size - places.length,
    added: size > MOST && current >= 0 && activity.filter((one) => Math.abs(one) > Math.abs(activity[current] ?? 0)).length >= MOST,
    observations: batch.rows.length, observation: b + 1, penalised: Boolean(session.training?.l1 || session.training?.l2),
  };
}

/** @param {Session} session @param {{l: number, j: number, i: number, seen: number, b: number}} at @returns {Omit<Row, 'current'>} */
function rowOf({ values, network: { layers } }, { l, j, i, seen, b }) {
  const { names = [] } = layers[l - 1] ?? {};
  const inner = l > 1;
  return {
    name: inner ? `neuron ${i + 1}` : names[i] ?? `${i + 1}`, source: i,
    activity: { value: values.a[l - 1]?.[seen]?.[i] ?? null, address: `a[${l - 1}][${b}][${i}]` },
    weight: { value: layers[l]?.weights?.[j]?.[i] ?? null, address: `w[${l}][${j}][${i}]` },
    error: inner ? { value: values.blame_terms[l - 1]?.[i]?.[j] ?? null, address: `blame_term[${l - 1}][${b}][${i}][${j}]` } : null,
    slope: inner ? { value: values.slope[l - 1]?.[seen]?.[i] ?? null, address: `slope[${l - 1}][${b}][${i}]` } : null,
    share: values.gradient_terms ? { value: values.gradient_terms[l]?.[j]?.[i] ?? null, address: null } : null,
    gradient: { value: values.weight_gradients[l]?.[j]?.[i] ?? null, address: `dw[${l}][${j}][${i}]` },
  };
}

/** @param {Blame} blame how its gradients come about */
export function sayGradient({ observations, penalised }) {
  if (observations === 1) return penalised ? 'δ × a, penalty' : 'δ × a';
  return penalised ? `all ${observations}, penalty` : `all ${observations} added`;
}

/** @param {Blame} blame */
function sayLeft({ rows, left, added }) {
  if (left === 0) return '';
  const listed = added ? `The ${rows.length - 1} most active senders and the one of this step` : `The ${rows.length} most active senders`;
  return ` ${listed} are listed; ${left} more are left out.`;
}

/**
 * Say what the columns show, and keep the gradient of a weight and the error that goes back apart.
 * @param {Blame} blame
 */
export function sayBlame(blame) {
  const { observations, penalised, layer } = blame;
  const together = [...(observations > 1 ? [`all ${observations} shares`] : ['that']), ...(penalised ? ['the penalty on large weights'] : [])].join(' and ');
  const gradient = observations > 1 || penalised
    ? `Of this observation alone: the more active the sender, the larger its share (δ × a). The gradient is ${together} together, so it need not go by this one’s activity.`
    : 'The more active the sender, the larger the gradient of its weight (δ × a).';
  const error = layer > 1
    ? ' What travels back does not ask who was active: it goes by the weight (w × δ), then by the sender’s slope (f′). A saturated neuron gets almost none.'
    : ' To the inputs no error travels back.';
  return gradient + error + sayLeft(blame);
}
