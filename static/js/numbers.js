// @ts-check
/** Any number by its address: what it is called, where it lives, its colour, its value. Picks numbers, never makes any. */

import { below, observationIn, parseAddress, partOf, weightLabel } from './addresses.js';
import { layerTitle, roleOf as layerRole } from './layers.js';
import { weightRole } from './scales.js';

/**
 * @typedef {import('./types.js').Session} Session
 * @typedef {import('./addresses.js').Part} Part
 * @typedef {number | null | undefined} Value null: not computed yet; undefined: the session does not list it
 */

/** @type {Record<string, string>} */
const CURVES = { sigmoid: 'σ', leaky_relu: 'LeakyReLU', relu: 'ReLU', elu: 'ELU' };
/** @type {Record<string, string[]>} */
const MOMENTS = { momentum: ['V'], nesterov: ['V'], rmsprop: ['S'], adam: ['M', 'V'] };

/** @param {Session} session */
const depthOf = ({ network }) => network.layers.length - 1;

/** @param {Session} session @param {number} layer */
function slopeLetter({ network }, layer) {
  const name = network.layers[layer]?.activation ?? '';
  return `${CURVES[name] ?? name}′`;
}

/** @param {number} layer @param {number} neuron */
const signal = (layer, neuron) => (layer === 0 ? `In${below(neuron)}` : `A${below(neuron)}`);

/** @param {Session} session @param {number} which */
const momentLetter = ({ training }, which) => MOMENTS[training?.optimizer?.name]?.[which] ?? 'M';

/** @type {Record<string, (session: Session, ...path: number[]) => string>} */
const LABELS = {
  a: (_s, l, _b, j) => signal(l ?? 0, j ?? 0),
  z: (_s, _l, _b, j) => `Z${below(j ?? 0)}`,
  slope: (s, l, _b, j) => `${slopeLetter(s, l ?? 0)}(Z${below(j ?? 0)})`,
  blame: (_s, l, _b, j) => `∂C/∂${signal(l ?? 0, j ?? 0)}`,
  delta: (_s, _l, _b, j) => `δ${below(j ?? 0)}`,
  y: (_s, _b, j) => `Actual${below(j ?? 0)}`,
  loss_term: (_s, _b, j) => `Loss${below(j ?? 0)}`,
  loss: () => 'Loss', data_cost: () => 'data cost', penalty: () => 'penalty', cost: () => 'C', cost_after: () => 'new C',
  w: (_s, _l, j, i) => weightLabel(j ?? 0, i ?? 0),
  b: (_s, _l, j) => `Bias${below(j ?? 0)}`,
  product: (_s, l, _b, j, i) => `${weightLabel(j ?? 0, i ?? 0)} · ${signal((l ?? 1) - 1, i ?? 0)}`,
  blame_term: (_s, _l, _b, j, k) => `${weightLabel(k ?? 0, j ?? 0)} · δ${below(k ?? 0)}`,
  moment_w: (s, m, _l, j, i) => `${momentLetter(s, m ?? 0)}(${weightLabel(j ?? 0, i ?? 0)})`,
  moment_b: (s, m, _l, j) => `${momentLetter(s, m ?? 0)}(Bias${below(j ?? 0)})`,
};

/** @type {[string, string][]} */
const PREFIXES = [['new_', 'new '], ['old_', 'old '], ['data_d', 'data ∂C/∂'], ['d', '∂C/∂']];

/**
 * Name a number as the article and the server do: W₅,₁, Z₂, δ₂.
 * @param {string} address
 * @param {Session} session
 */
export function labelOf(address, session) {
  const { kind, path } = parseAddress(address) ?? { kind: '', path: [] };
  const own = LABELS[kind];
  if (own) return own(session, ...path);
  for (const [start, words] of PREFIXES) {
    const rest = kind.startsWith(start) ? LABELS[kind.slice(start.length)] : undefined;
    if (rest) return words + rest(session, ...path);
  }
  return address;
}

/**
 * Name a neuron as a person does.
 * @param {Session} session
 * @param {number} layer
 * @param {number} neuron
 */
export function neuronName(session, layer, neuron) {
  const depth = depthOf(session);
  const name = session.network.layers[layer]?.names[neuron] ?? '';
  return (layer === 0 || layer === depth) && name ? name : `${layerTitle(layer, depth)}, neuron ${neuron + 1}`;
}

/**
 * Name a neuron or a connection.
 * @param {Session} session
 * @param {Part} part
 */
export function partName(session, { type, layer, neuron, source }) {
  const name = neuronName(session, layer, neuron);
  return type === 'neuron' ? name : `${neuronName(session, layer - 1, source)} → ${name}`;
}

/**
 * Say where a number lives; empty for those of the whole network.
 * @param {string} address
 * @param {Session} session
 */
export function placeOf(address, session) {
  const part = partOf(address, depthOf(session));
  return part ? partName(session, part) : '';
}

/**
 * Give both names of a weight: the article's, which begins where the connection begins, and its row and column.
 * @param {string} address of a weight, or of its gradient
 * @param {Session} session
 */
export function bothNames(address, session) {
  const { path: [, j = 0, i = 0] } = parseAddress(address) ?? { path: [] };
  return `${labelOf(address, session)}, row ${j + 1}, column ${i + 1}`;
}

/** @type {Record<string, string>} */
const WORDS = { a: 'activation', z: 'weighted sum', slope: 'slope', blame: 'blame', delta: 'error', b: 'bias',
  dw: 'gradient of the weight', db: 'gradient of the bias', w: 'weight' };

/**
 * Say which number this is, in full, for those who do not see where it stands.
 * @param {string} address
 * @param {Session} session
 */
export function fullName(address, session) {
  const { kind, path: [l = 0, at = 0, i = 0] } = parseAddress(address) ?? { kind: '', path: [] };
  if (kind === 'w' || kind === 'dw') {
    return `${bothNames(address, session)}, ${WORDS[kind]} from ${neuronName(session, l - 1, i)} to ${neuronName(session, l, at)}`;
  }
  const { rows } = session.batch;
  const several = rows.length > 1 && kind !== 'b' && kind !== 'db';
  const word = kind === 'a' && l === 0 ? 'input' : WORDS[kind] ?? kind;
  return `${labelOf(address, session)}, ${word} of ${placeOf(address, session)}${several ? `, observation ${at + 1} of ${rows.length}` : ''}`;
}

/**
 * Say briefly which layer a number lives in, where its label alone would do for several: H1, Out; empty elsewhere.
 * @param {string} address
 * @param {Session} session
 */
export function layerMark(address, session) {
  const depth = depthOf(session);
  const layer = partOf(address, depth)?.layer ?? 0;
  if (depth < 2 || !layer) return '';
  return layer === depth ? 'Out' : `H${layer}`;
}

/** @param {any} values @param {(number | undefined)[]} path @returns {Value} */
function pick(values, ...path) {
  let here = values;
  for (const index of path) {
    if (here === null || here === undefined) return null;
    here = here[index ?? -1];
  }
  return here ?? null;
}

/** @param {Session} session @param {number | undefined} place an observation of the batch */
const shownAt = ({ batch }, place) => batch.shown.indexOf(place ?? -1);

/** @type {Record<string, (session: Session, ...path: number[]) => Value>} */
const VALUES = {
  a: (s, l, b, j) => pick(s.values.a, l, shownAt(s, b), j),
  z: (s, l, b, j) => pick(s.values.z, l, shownAt(s, b), j),
  slope: (s, l, b, j) => pick(s.values.slope, l, shownAt(s, b), j),
  blame: (s, l, b, j) => pick(s.values.blame, l, shownAt(s, b), j),
  delta: (s, l, b, j) => pick(s.values.delta, l, shownAt(s, b), j),
  y: (s, b, j) => pick(s.batch.targets, shownAt(s, b), j),
  loss_term: (s, b, j) => pick(s.values.loss_terms, shownAt(s, b), j),
  loss: (s, b) => pick(s.values.losses, shownAt(s, b)),
  cost: (s) => s.values.cost, cost_after: (s) => s.values.cost_after,
  w: (s, l, j, i) => pick(s.values.previous_weights ?? s.network.layers.map(({ weights }) => weights), l, j, i),
  b: (s, l, j) => pick(s.values.previous_biases ?? s.network.layers.map(({ biases }) => biases), l, j),
  dw: (s, l, j, i) => pick(s.values.weight_gradients, l, j, i),
  db: (s, l, j) => pick(s.values.bias_gradients, l, j),
  new_w: (s, l, j, i) => (s.position.phase === 'done' ? pick(s.network.layers[l ?? 0]?.weights, j, i) : undefined),
  new_b: (s, l, j) => (s.position.phase === 'done' ? pick(s.network.layers[l ?? 0]?.biases, j) : undefined),
};

/**
 * Find a number among those the session lists.
 * @param {string} address
 * @param {Session} session
 * @returns {Value}
 */
export function valueOf(address, session) {
  const { kind, path } = parseAddress(address) ?? { kind: '', path: [] };
  const rule = VALUES[kind];
  return rule ? rule(session, ...path) : undefined;
}

/**
 * Find a weight or a bias as it is now: in an update, those already stepped are new.
 * @param {string} address
 * @param {Session} session
 * @returns {Value}
 */
export function presentValue(address, session) {
  const { kind, path: [l = 0, j = 0, i = 0] } = parseAddress(address) ?? { kind: '', path: [] };
  if (kind === 'w') return pick(session.network.layers[l]?.weights, j, i);
  if (kind === 'b') return pick(session.network.layers[l]?.biases, j);
  return valueOf(address, session);
}

/** @type {Record<string, string>} */
const ROLES = { y: 'output', loss_term: 'cost', loss: 'cost', cost: 'cost', data_cost: 'cost', penalty: 'cost', cost_after: 'cost',
  delta: 'error', blame: 'error', blame_term: 'error', b: 'bias', new_b: 'bias' };

/**
 * Name the colour of a number.
 * @param {string} address
 * @param {Session} session
 * @param {Value} [value] of a weight, whose sign counts
 */
export function roleOf(address, session, value = valueOf(address, session)) {
  const { kind, path: [l = 0] } = parseAddress(address) ?? { kind: '', path: [] };
  if (kind === 'w' || kind === 'new_w') return typeof value === 'number' && value !== 0 ? weightRole(value) : 'weight';
  if (kind === 'a' || kind === 'z' || kind === 'slope') return layerRole(l, depthOf(session));
  return ROLES[kind] ?? (/^(data_)?d|moment/.test(kind) ? 'gradient' : 'plain');
}

/** @param {Session} session @param {Part} part @param {number} b the observation */
function ofNeuron(session, { layer, neuron }, b) {
  const at = `[${layer}][${b}][${neuron}]`;
  if (layer === 0) return [`a${at}`];
  const last = layer === depthOf(session);
  const straight = last && session.network.joined;
  return [`b[${layer}][${neuron}]`, `z${at}`, `a${at}`,
    ...(last ? [`y[${b}][${neuron}]`, `loss_term[${b}][${neuron}]`] : []),
    ...(straight || session.network.layers[layer]?.activation === 'softmax' ? [] : [`blame${at}`, `slope${at}`]),
    `delta${at}`, `db[${layer}][${neuron}]`, `new_b[${layer}][${neuron}]`];
}

/** @param {Part} part @param {number} b the observation */
function ofConnection({ layer, neuron, source }, b) {
  const at = `[${layer}][${neuron}][${source}]`;
  return [`w${at}`, `product[${layer}][${b}][${neuron}][${source}]`,
    ...(layer > 1 ? [`blame_term[${layer - 1}][${b}][${source}][${neuron}]`] : []), `dw${at}`, `new_w${at}`];
}

/**
 * List the addresses of all numbers that live in a neuron or a connection, in the order they come about.
 * @param {Session} session
 * @param {Part} part
 * @param {number} [observation] whose they are; in focus if left out
 */
export const numbersIn = (session, part, observation = session.batch.focus) => (part.type === 'neuron'
  ? ofNeuron(session, part, observation)
  : ofConnection(part, observation));

/**
 * Choose the number to open for a neuron or a connection: the one the diagram shows largest.
 * @param {Session} session
 * @param {Part} part
 */
export function mainNumber(session, part) {
  const { type, layer, neuron } = part;
  if (type === 'connection') return `w[${layer}][${neuron}][${part.source}]`;
  const at = `[${layer}][${session.batch.focus}][${neuron}]`;
  if (layer === 0 || valueOf(`a${at}`, session) !== null) return `a${at}`;
  return valueOf(`z${at}`, session) === null ? `b[${layer}][${neuron}]` : `z${at}`;
}

/** Whether a number is given, not worked out, so that it can be changed by hand. @param {string} address */
export const isGiven = (address) => /^(w|b|y)\[|^a\[0\]/.test(address);

/** Whether a number can be nudged and answers downstream. @param {string} address */
export const canNudge = (address) => /^(w|b)\[|^a\[0\]/.test(address);

/** Whether the chain rule can be written out from a number. @param {string} address */
export const hasWays = (address) => /^(w|b)\[/.test(address);

/**
 * Tell whether a network has the neuron or the connection that an address speaks of.
 * @param {string} address
 * @param {Session} session
 */
export function exists(address, session) {
  const { layers } = session.network;
  if (!parseAddress(address)) return false;
  if ((observationIn(address) ?? 0) >= session.batch.rows.length) return false;
  const part = partOf(address, layers.length - 1);
  if (!part) return true;
  const { layer, neuron, source } = part;
  return neuron < (layers[layer]?.size ?? 0) && source < (layers[layer - 1]?.size ?? 0);
}
