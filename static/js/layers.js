// @ts-check
/** The names of layers and neurons, as the page says them. */

/** @typedef {import('./types.js').Session} Session */

const HIDDEN_COLOURS = 8;

/**
 * Name a layer's role for its colour; hidden layers beyond the colours begin again.
 * @param {number} layer
 * @param {number} depth
 */
export function roleOf(layer, depth) {
  if (layer === 0) return 'input';
  if (layer === depth) return 'output';
  return `hidden-${((layer - 1) % HIDDEN_COLOURS) + 1}`;
}

/** @param {number} layer @param {number} depth */
export function layerTitle(layer, depth) {
  if (layer === 0) return 'Input';
  return layer === depth ? 'Output' : `Hidden ${layer}`;
}

/** @param {number} layer @param {number} depth */
export function shortTitle(layer, depth) {
  if (layer === 0) return 'In';
  return layer === depth ? 'Out' : `H${layer}`;
}

/** @param {string} phase */
export const phaseTitle = (phase) => phase.charAt(0).toUpperCase() + phase.slice(1);

/**
 * Say where an event happens: "Forward · Hidden 1".
 * @param {Session} session
 */
export function whereOf({ event, network, position }) {
  if (!event) return position.phase === 'done' ? 'Iteration finished' : 'Ready';
  const depth = network.layers.length - 1;
  const place = event.kind === 'cost' ? '' : ` · ${layerTitle(event.layer, depth)}`;
  return phaseTitle(event.phase) + place;
}

/**
 * Name an observation of the batch.
 * @param {Session} session
 * @param {number} observation
 */
export const labelOfRow = ({ batch, data }, observation) =>
  batch.labels[batch.shown.indexOf(observation)] ?? `${data.row_noun} ${(batch.rows[observation] ?? 0) + 1}`;

/**
 * Say which observation is in focus.
 * @param {Session} session
 */
export function observationOf(session) {
  const { batch } = session;
  const at = Math.max(0, batch.shown.indexOf(batch.focus));
  const label = labelOfRow(session, batch.focus);
  const what = batch.classes[at] ? `${label}, ${batch.classes[at]}` : label;
  const many = batch.rows.length;
  return many > 1 ? `${what}, one of a batch of ${many}` : what;
}
