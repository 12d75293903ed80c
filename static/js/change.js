// @ts-check
/** Changing a number by hand: what was typed, how far a slider reaches around a value, and what a drag has come to. */

import { parseAddress } from './addresses.js';
import { valueOf } from './numbers.js';

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

/**
 * Give the number a drag has come to: a pixel is a step of the slider, or a tenth of one for a fine hand.
 * @param {{step: number}} range
 * @param {number} from the number at the drag's start
 * @param {number} pixels upwards
 * @param {boolean} fine
 */
export function draggedTo({ step }, from, pixels, fine) {
  const unit = fine ? step / 10 : step;
  return pixels === 0 ? from : Number((Math.round(from / unit + pixels) * unit).toPrecision(12));
}

/** @param {any} nested @param {number[]} path @param {number} value @returns {any} a copy with one number changed */
function replaced(nested, [first = 0, ...rest], value) {
  return nested?.map((/** @type {any} */ part, /** @type {number} */ k) => (k !== first ? part : rest.length ? replaced(part, rest, value) : value));
}

/**
 * Give the session as a nudge would have it, so that the drawing shows the number that is being tried.
 * @template {import('./types.js').Session} S
 * @param {S} session
 * @param {{address: string, by: number} | null} probe
 * @returns {S}
 */
export function tried(session, probe) {
  const start = probe ? valueOf(probe.address, session) : null;
  if (!probe || typeof start !== 'number') return session;
  const { kind, path: [layer = 0, ...rest] } = parseAddress(probe.address) ?? { kind: '', path: [] };
  const { network, values, batch } = session;
  if (kind === 'a') {
    const at = [0, batch.shown.indexOf(rest[0] ?? -1), rest[1] ?? 0];
    return { ...session, values: { ...values, a: replaced(values.a, at, start + probe.by) } };
  }
  const part = kind === 'w' ? 'weights' : 'biases';
  const layers = network.layers.map((one, l) => (l === layer ? { ...one, [part]: replaced(one[part], rest, start + probe.by) } : one));
  return { ...session, network: { ...network, layers } };
}
