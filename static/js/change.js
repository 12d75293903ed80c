// @ts-check
/** Changing a number by hand: what was typed, and how far a slider reaches around a value. */

/**
 * Read what a person typed; a comma or a typographic minus is as good as a point or a hyphen.
 * @param {string} text
 * @returns {number | null} null where it is no finite number
 */
export function readNumber(text) {
  const plain = text.trim().replace(/[−–]/g, '-').replace(/^([+-]?\d*),(\d+)$/, '$1.$2');
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(plain)) return null;
  const value = Number(plain);
  return Number.isFinite(value) ? value : null;
}

const STEPS_EACH_WAY = 100;

/**
 * Give a slider its ends: as far as the number is large, and at least 1 each way; in a hundred plain steps.
 * @param {number} value
 * @returns {{min: number, max: number, step: number}}
 */
export function slideRange(value) {
  const size = Math.max(1, Math.abs(value));
  const power = 10 ** Math.floor(Math.log10(size));
  const reach = (size / power > 5 ? 10 : size / power > 2 ? 5 : size / power > 1 ? 2 : 1) * power;
  const step = reach / STEPS_EACH_WAY;
  const middle = Math.round(value / step) * step;
  const tidy = (/** @type {number} */ number) => Number(number.toPrecision(12));
  return { min: tidy(middle - reach), max: tidy(middle + reach), step: tidy(step) };
}
