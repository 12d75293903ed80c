// @ts-check
/** From a wish to the body of an edit. Says what shall change; the server keeps the rest and says what it could not keep. */

/**
 * @typedef {import('./types.js').Session} Session
 * @typedef {object} Layer
 * @property {number} size
 * @property {string} activation
 * @property {number} was the present layer it continues, from 1; 0 for a new one
 * @property {number[]} [keep] the neurons that stay, where not all do
 */

export const ACTIVATIONS = Object.freeze(['sigmoid', 'tanh', 'relu', 'leaky_relu', 'elu', 'softplus', 'swish', 'linear']);
export const OPTIMIZERS = Object.freeze(['sgd', 'momentum', 'nesterov', 'rmsprop', 'adam']);
export const COSTS = Object.freeze(['mse', 'half_squared_error', 'binary_cross_entropy', 'cross_entropy']);

/** @type {Record<string, string>} */
const PLAIN = { mse: 'mean squared error', sgd: 'gradient descent', nesterov: 'Nesterov momentum', rmsprop: 'RMSprop', adam: 'Adam' };

/** Name a cost or an optimizer as a person does. @param {string} name */
export const plain = (name) => PLAIN[name] ?? name.replaceAll('_', ' ');

/**
 * List the layers after the input as the API takes them.
 * @param {Session} session
 * @returns {Layer[]}
 */
export const layersOf = ({ network }) =>
  network.layers.slice(1).map(({ size, activation }, k) => ({ size, activation: activation ?? 'linear', was: k + 1 }));

/** @param {Layer[]} layers */
const asked = (layers) => ({ network: { layers } });

/**
 * Ask for one neuron more or less in a layer, at least one.
 * @param {Layer[]} layers
 * @param {number} place 0 is the first hidden layer
 * @param {number} by
 */
export const resized = (layers, place, by) =>
  asked(layers.map((layer, k) => (k === place ? { ...layer, size: Math.max(1, layer.size + by) } : layer)));

/** @param {Layer[]} layers @param {number} place @param {string} activation */
export const activated = (layers, place, activation) =>
  asked(layers.map((layer, k) => (k === place ? { ...layer, activation } : layer)));

/**
 * Ask for a new layer of two neurons, bent like its neighbour.
 * @param {Layer[]} layers
 * @param {number} place before which the new one stands
 */
export function inserted(layers, place) {
  const neighbour = layers[Math.max(0, place - 1)]?.activation ?? 'sigmoid';
  const activation = neighbour === 'softmax' ? 'tanh' : neighbour;
  return asked([...layers.slice(0, place), { size: 2, activation, was: 0 }, ...layers.slice(place)]);
}

/**
 * Ask for a layer without one of its neurons.
 * @param {Layer[]} layers
 * @param {number} place
 * @param {number} neuron
 */
export const without = (layers, place, neuron) => asked(layers.map((layer, k) => (k !== place ? layer
  : { ...layer, size: layer.size - 1, keep: Array.from({ length: layer.size }, (_, j) => j).filter((j) => j !== neuron) })));

/** @param {Layer[]} layers @param {number} place */
export const removed = (layers, place) => asked(layers.filter((_, k) => k !== place));
