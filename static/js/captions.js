// @ts-check
/** The small labels that stand in the diagram beside what the current event does. */

import { neuronKey, connectionKey, partOf, weightLabel } from './addresses.js';
import { apart, number } from './format.js';
import { currentPart, plain, tokensOf, withoutResult } from './formula.js';
import { labelOf } from './numbers.js';
import { weightRole } from './scales.js';

/**
 * @typedef {import('./scene.js').Scene} Scene
 * @typedef {import('./types.js').StepEvent} StepEvent
 * @typedef {object} Caption
 * @property {string} at the key of the part it belongs to
 * @property {'neuron' | 'connection'} kind
 * @property {number} layer
 * @property {number} neuron
 * @property {number} source
 * @property {string} text
 * @property {string} [brief] the text where there is no room for all of it
 * @property {string} [note] a second line in small type
 * @property {string[]} [led] what is said, one after the other, while things move until the text itself is true
 * @property {string} role
 * @property {boolean} [held] shown for the pointer, not for the event
 */

const MOST = 6;
/** The digits of a nudge: a change of 0.00001 can be asked for. */
const MOST_DIGITS = 4;

/** @param {number} layer @param {number} neuron @param {string} text @param {string} role @returns {Caption} */
const atNeuron = (layer, neuron, text, role) =>
  ({ at: neuronKey(layer, neuron), kind: 'neuron', layer, neuron, source: -1, text, role });

/** @param {number} layer @param {number} neuron @param {number} source @param {string} text @param {string} role @returns {Caption} */
const atConnection = (layer, neuron, source, text, role) =>
  ({ at: connectionKey(layer, neuron, source), kind: 'connection', layer, neuron, source, text, role });

/** @param {StepEvent} event */
const numbersOf = ({ explanation }) => plain(withoutResult(tokensOf(explanation.substituted)));

/** @param {StepEvent} event */
const result = ({ explanation }) => explanation.shown;

/** @param {StepEvent} event */
function term(event) {
  const { running } = event.explanation;
  const part = running && currentPart(tokensOf(running.substituted));
  return (event.index > 0 ? '+ ' : '') + (part ? plain(part) : numbersOf(event));
}

/** @param {StepEvent} event */
const worked = (event) => `${numbersOf(event)} = ${result(event)}`;

/** @param {StepEvent} event @param {Scene} scene a gradient is one product for each observation of the batch */
function gathered(event, { session: { batch, data, training } }) {
  const many = batch.rows.length;
  const penalty = training.l1 || training.l2 ? ' + penalty' : '';
  return many > 1 ? `Σ over ${many} ${data.row_noun}s${penalty} = ${result(event)}` : worked(event);
}

/**
 * Say what the update takes off a weight: the last part of "old − rate · gradient".
 * @param {StepEvent} event
 */
function takenOff({ explanation }) {
  const [left] = withoutResult(tokensOf(explanation.substituted)).items ?? [];
  const step = left?.items?.[left.items.length - 1];
  return step ? `− ${plain(step)}` : '';
}

/** @param {StepEvent} event @param {Scene} scene @returns {Caption | null} */
function update(event, scene) {
  const { layer, neuron, index } = event;
  const caption = change(scene, layer, neuron, index);
  const { gradient } = scene.connection(layer, neuron, index);
  const note = takenOff(event);
  if (!caption || gradient === null || !note) return caption;
  return { ...caption, note, led: [`− ${number(gradient, scene.digits)}, the whole gradient`, note] };
}

/** @param {Scene} scene @param {number} layer @param {number} neuron @param {number} source */
function change(scene, layer, neuron, source) {
  const { before, weight } = scene.connection(layer, neuron, source);
  if (before === null) return null;
  return atConnection(layer, neuron, source, apart(before, weight, scene.digits).join(' → '), weightRole(weight));
}

/** @type {Record<string, (event: StepEvent, scene: Scene) => Caption | null>} */
const RULES = {
  product: (event, scene) => {
    const { layer, neuron, index } = event;
    return atConnection(layer, neuron, index, term(event), weightRole(scene.connection(layer, neuron, index).weight));
  },
  blame: (event) => atConnection(event.layer + 1, event.index, event.neuron, term(event), 'error'),
  gradient: (event, scene) => atConnection(event.layer, event.neuron, event.index, gathered(event, scene), 'gradient'),
  new_weight: update,
  loss: (event) => atNeuron(event.layer, event.neuron, worked(event), 'output'),
  loss_derivative: (event) => atNeuron(event.layer, event.neuron, worked(event), 'error'),
  slope: (event) => atNeuron(event.layer, event.neuron, `slope ${result(event)}`, 'plain'),
  delta: (event) => atNeuron(event.layer, event.neuron, worked(event), 'error'),
};

/** @param {Caption | null} caption @param {StepEvent} event */
const withBrief = (caption, event) => caption && { ...caption, brief: `= ${result(event)}` };

/** @param {Scene} scene @param {StepEvent} event @returns {Caption[]} */
function changes(scene, event) {
  const sources = scene.sizes[event.layer - 1] ?? 0;
  if (sources > MOST) return [];
  return Array.from({ length: sources }, (_, i) => change(scene, event.layer, event.neuron, i))
    .filter((caption) => caption !== null);
}

/** @param {Scene} scene @param {import('./types.js').Shock} nudge @returns {Caption | null} */
function tried({ session, depth, connection }, { address, by }) {
  const part = partOf(address, depth);
  if (!part) return null;
  const text = `${labelOf(address, session)} ${by < 0 ? '−' : '+'} ${number(Math.abs(by), MOST_DIGITS)}`;
  const { layer, neuron, source } = part;
  const caption = part.type === 'neuron' ? atNeuron(layer, neuron, text, 'plain')
    : atConnection(layer, neuron, source, text, weightRole(connection(layer, neuron, source).weight));
  return { ...caption, note: 'what if?' };
}

/** @param {import('./scene.js').NeuronView} view @param {number} digits @returns {Caption | null} */
function heldNeuron({ layer, neuron, bias, z, a }, digits) {
  if (layer === 0) return null;
  const parts = [`bias ${number(bias, digits)}`, ...(z === null ? [] : [`z ${number(z, digits)}`]),
    ...(a === null ? [] : [`a ${number(a, digits)}`])];
  return { ...atNeuron(layer, neuron, parts.join(' · '), 'plain'), held: true };
}

/** @param {Scene} scene @param {string} key @returns {Caption | null} */
function held(scene, key) {
  const [type, layer = 0, neuron = 0, source = 0] = key.split(':').map((part, k) => (k ? Number(part) : part));
  const [l, j, i] = [Number(layer), Number(neuron), Number(source)];
  if (type === 'n') return heldNeuron(scene.neuron(l, j), scene.digits);
  const { weight } = scene.connection(l, j, i);
  return { ...atConnection(l, j, i, `${weightLabel(j, i)} = ${number(weight, scene.digits)}`, weightRole(weight)), held: true };
}

/**
 * List the labels to show.
 * @param {Scene} scene
 * @param {string} scope what the last move covered
 * @param {string | null} lit the part under the pointer
 * @returns {Caption[]}
 */
export function captions(scene, scope, lit) {
  const { event } = scene;
  /** @type {(Caption | null)[]} */
  let shown = [];
  if (scene.nudge) shown = [tried(scene, scene.nudge)];
  else if (event && !scene.focus.all) {
    if (scope === 'term') shown = [withBrief(RULES[event.kind]?.(event, scene) ?? null, event)];
    else if (scope === 'neuron' && event.phase === 'update') shown = changes(scene, event);
  }
  const list = shown.filter((caption) => caption !== null);
  const extra = lit && !list.some(({ at }) => at === lit) ? held(scene, lit) : null;
  return extra ? [...list, extra] : list;
}
