// @ts-check
/** The blame game of one neuron: who was active, through which weight, what error went back, which gradient came out. */

/**
 * @typedef {import('./types.js').Session} Session
 * @typedef {{value: number | null, address: string}} Entry
 * @typedef {{name: string, activity: Entry, weight: Entry, error: Entry | null, gradient: Entry}} Row
 * @typedef {{neuron: string, delta: Entry, rows: Row[], left: number}} Blame
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

/**
 * Collect the blame panel of the neuron that the backward pass is at; null elsewhere.
 * @param {Session} session
 * @returns {Blame | null}
 */
export function blameOf({ event, values, network, batch }) {
  if (event?.phase !== 'backward') return null;
  const { layer: l, neuron: j } = event;
  const { layers } = network;
  const seen = Math.max(0, batch.shown.indexOf(batch.focus));
  const b = batch.shown[seen] ?? 0;
  const senders = layers[l - 1]?.size ?? 0;
  const rows = Array.from({ length: Math.min(senders, MOST) }, (_, i) => ({
    name: neuronName(layers, l - 1, i),
    activity: { value: values.a[l - 1]?.[seen]?.[i] ?? null, address: `a[${l - 1}][${b}][${i}]` },
    weight: { value: layers[l]?.weights?.[j]?.[i] ?? null, address: `w[${l}][${j}][${i}]` },
    error: l === 1 ? null : { value: values.blame_terms[l - 1]?.[i]?.[j] ?? null, address: `blame_term[${l - 1}][${b}][${i}][${j}]` },
    gradient: { value: values.weight_gradients[l]?.[j]?.[i] ?? null, address: `dw[${l}][${j}][${i}]` },
  }));
  return {
    neuron: neuronName(layers, l, j),
    delta: { value: values.delta[l]?.[seen]?.[j] ?? null, address: `delta[${l}][${b}][${j}]` },
    rows,
    left: senders - rows.length,
  };
}
