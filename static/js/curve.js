// @ts-check
/**
 * The shapes of the activation functions, for drawing the small curve inside a neuron.
 * Only shapes: the dot on the curve is put at the (z, a) the server gave.
 */

const REACH = 5;

/** @type {Record<string, {shape: (z: number) => number, low: number, high: number}>} */
const CURVES = {
  sigmoid: { shape: (z) => 1 / (1 + Math.exp(-z)), low: 0, high: 1 },
  tanh: { shape: Math.tanh, low: -1, high: 1 },
  relu: { shape: (z) => Math.max(0, z), low: -0.6, high: REACH },
  leaky_relu: { shape: (z) => (z > 0 ? z : 0.01 * z), low: -0.6, high: REACH },
  elu: { shape: (z) => (z > 0 ? z : Math.expm1(z)), low: -1, high: REACH },
  softplus: { shape: (z) => Math.log1p(Math.exp(z)), low: 0, high: REACH },
  swish: { shape: (z) => z / (1 + Math.exp(-z)), low: -0.6, high: REACH },
  linear: { shape: (z) => z, low: -REACH, high: REACH },
};

/** Whether an activation has a curve of its own; softmax looks at its whole layer. @param {string} name */
export const hasCurve = (name) => name in CURVES;

/** @param {number} value */
const clamp = (value) => Math.min(1, Math.max(0, value));

/**
 * Place a point of the curve in the unit square, y downwards; what lies outside stays on the rim.
 * @param {string} name
 * @param {number} z
 * @param {number} a
 */
export function placeOnCurve(name, z, a) {
  const curve = CURVES[name];
  if (!curve) return { x: 0.5, y: 1 - clamp(a) };
  const { low, high } = curve;
  return { x: clamp((z + REACH) / (2 * REACH)), y: 1 - clamp((a - low) / (high - low)) };
}

/**
 * List places along the curve, from its middle to a point the server gave.
 * @param {string} name
 * @param {number} z
 * @param {number} a
 * @param {number} [steps]
 */
export function alongCurve(name, z, a, steps = 10) {
  const curve = CURVES[name];
  const end = placeOnCurve(name, z, a);
  if (!curve) return [end];
  const reached = Math.max(-REACH, Math.min(REACH, z));
  const places = Array.from({ length: steps }, (_, k) => placeOnCurve(name, (reached * k) / steps, curve.shape((reached * k) / steps)));
  return [...places, end];
}

/**
 * Draw the curve as an SVG path in a box.
 * @param {string} name
 * @param {{x: number, y: number, width: number, height: number}} box
 * @param {number} [samples]
 */
export function curvePath(name, box, samples = 32) {
  const curve = CURVES[name];
  if (!curve) return '';
  const points = [];
  for (let k = 0; k <= samples; k += 1) {
    const z = -REACH + (2 * REACH * k) / samples;
    const at = placeOnCurve(name, z, curve.shape(z));
    points.push(`${(box.x + at.x * box.width).toFixed(1)} ${(box.y + at.y * box.height).toFixed(1)}`);
  }
  return `M${points.join('L')}`;
}

/**
 * Give the tangent's direction in the box for a slope the server gave, as a unit vector.
 * @param {string} name
 * @param {number} slope
 * @param {{width: number, height: number}} box
 */
export function tangent(name, slope, box) {
  const curve = CURVES[name];
  const span = curve ? curve.high - curve.low : 1;
  const dx = box.width / (2 * REACH);
  const dy = (-slope * box.height) / span;
  const length = Math.hypot(dx, dy) || 1;
  return { x: dx / length, y: dy / length };
}
