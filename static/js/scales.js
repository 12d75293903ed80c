// @ts-check
/**
 * From a value to a width, a colour's name or a strength. The one place where this is decided:
 * the diagram draws with it and the legend prints it.
 */

export const WIDTHS = Object.freeze({ weight: [1, 6], blame: [1.5, 8], gradient: [0, 14] });

const STEPS = [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10];

/**
 * Round a largest size up to a plain number, so that scales change seldom and read well.
 * @param {Iterable<number | null | undefined>} values
 * @param {number} [least]
 */
export function domain(values, least = 0) {
  let largest = least;
  for (const value of values) {
    const size = Math.abs(value ?? 0);
    if (size > largest) largest = size;
  }
  if (largest === 0) return 1;
  const power = 10 ** Math.floor(Math.log10(largest));
  const step = STEPS.find((s) => largest <= s * power * (1 + 1e-12)) ?? 10;
  return Number((step * power).toPrecision(2));
}

/** @param {number} value @param {number} top */
const share = (value, top) => Math.min(1, Math.abs(value) / top);

/** @param {number} value @param {number} top @param {readonly number[]} range */
const width = (value, top, [thin = 0, wide = 0]) => Number((thin + (wide - thin) * share(value, top)).toFixed(2));

/** @param {number} value @param {number} top the domain's end */
export const weightWidth = (value, top) => width(value, top, WIDTHS.weight);

/** @param {number} value @param {number} top */
export const blameWidth = (value, top) => width(value, top, WIDTHS.blame);

/** How much wider than its line a gradient's halo is. @param {number} value @param {number} top */
export const gradientWidth = (value, top) => width(value, top, WIDTHS.gradient);

/** @param {number} value @returns {'weight-negative' | 'weight-positive'} */
export const weightRole = (value) => (value < 0 ? 'weight-negative' : 'weight-positive');

/**
 * Tell how strongly a neuron is filled, in percent of its colour.
 * @param {number | null} value
 * @param {number} top
 */
export function fillStrength(value, top) {
  if (value === null) return 0;
  return Math.round(8 + 44 * share(value, top));
}

/** The values a legend shows for a scale that ends at `top`. @param {number} top */
export const legendStops = (top) => [-top, -top / 2, -top / 10, top / 10, top / 2, top];
