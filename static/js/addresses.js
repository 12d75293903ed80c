// @ts-check
/**
 * Addresses of numbers (`w[1][0][4]`) and the parts of the diagram they live in.
 * The only place of the page that knows which index means what.
 */

/**
 * @typedef {object} Part a neuron or a connection, all indices zero-based
 * @property {'neuron' | 'connection'} type
 * @property {number} layer
 * @property {number} neuron
 * @property {number} source the neuron of layer − 1 a connection starts at, −1 for a neuron
 */

const SHAPE = /^([a-z_]+)((?:\[\d+\])*)$/;

/**
 * Split an address into its kind and its indices.
 * @param {string} address
 * @returns {{kind: string, path: number[]} | null}
 */
export function parseAddress(address) {
  const found = SHAPE.exec(address);
  if (!found) return null;
  const path = (found[2] ?? '').match(/\d+/g) ?? [];
  return { kind: found[1] ?? '', path: path.map(Number) };
}

/** @param {number} layer @param {number} neuron @returns {Part} */
const neuronPart = (layer, neuron) => ({ type: 'neuron', layer, neuron, source: -1 });

/** @param {number} layer @param {number} neuron @param {number} source @returns {Part} */
const connectionPart = (layer, neuron, source) => ({ type: 'connection', layer, neuron, source });

/**
 * Name the neuron or the connection a number belongs to.
 * @param {string} address
 * @param {number} depth the number of the output layer
 * @returns {Part | null} null for numbers of the whole network, such as the cost
 */
export function partOf(address, depth) {
  const parsed = parseAddress(address);
  if (!parsed) return null;
  const [p = 0, q = 0, r = 0, s = 0] = parsed.path;
  switch (parsed.kind) {
    case 'a': case 'z': case 'slope': case 'blame': case 'delta':
      return neuronPart(p, r);
    case 'b': case 'db': case 'new_b':
      return neuronPart(p, q);
    case 'y': case 'loss_term':
      return neuronPart(depth, q);
    case 'w': case 'dw': case 'new_w':
      return connectionPart(p, q, r);
    case 'product':
      return connectionPart(p, r, s);
    case 'blame_term': // the blame of neuron r of layer p, through its connection to neuron s after it
      return connectionPart(p + 1, s, r);
    case 'moment_w':
      return connectionPart(q, r, s);
    case 'moment_b':
      return neuronPart(q, r);
    default:
      return null;
  }
}

/** @param {string} address @returns {number | null} the observation of the batch that a number belongs to; null where it is the whole batch's */
export function observationIn(address) {
  const { kind = '', path = [] } = parseAddress(address) ?? {};
  if (['a', 'z', 'slope', 'blame', 'delta', 'product', 'blame_term'].includes(kind)) return path[1] ?? null;
  return ['y', 'loss_term', 'loss'].includes(kind) ? path[0] ?? null : null;
}

/** @param {number} layer @param {number} neuron */
export const neuronKey = (layer, neuron) => `n:${layer}:${neuron}`;

/** @param {number} layer @param {number} neuron @param {number} source */
export const connectionKey = (layer, neuron, source) => `c:${layer}:${neuron}:${source}`;

/**
 * Give the key of the part a number belongs to.
 * @param {string} address
 * @param {number} depth
 * @returns {string | null}
 */
export function keyOf(address, depth) {
  const part = partOf(address, depth);
  if (!part) return null;
  return part.type === 'neuron'
    ? neuronKey(part.layer, part.neuron)
    : connectionKey(part.layer, part.neuron, part.source);
}

const SUBSCRIPT = '₀₁₂₃₄₅₆₇₈₉';

/** @param {number} index zero-based; written one-based */
export const below = (index) => [...String(index + 1)].map((digit) => SUBSCRIPT[Number(digit)]).join('');

/**
 * Name a weight as the article does: from `source` to `neuron`, one-based.
 * @param {number} neuron
 * @param {number} source
 */
export const weightLabel = (neuron, source) => `W${below(source)},${below(neuron)}`;
