// @ts-check
/** What each observation of a batch adds to a gradient, laid end to end. Only places are worked out here: the numbers are the server's. */

/**
 * @typedef {object} Step
 * @property {string} kind for its look
 * @property {string} name
 * @property {string} short under its bar
 * @property {number} from
 * @property {number} to
 * @property {number | null} value null where the server tells no number
 */

/**
 * Lay bars end to end, each beginning where the one before it ends.
 * @param {number[]} shares
 * @param {number} focus
 * @returns {Step[]}
 */
export function laid(shares, focus) {
  let end = 0;
  return shares.map((value, k) => {
    const from = end;
    end += value;
    return { kind: k === focus ? 'share is-focus' : 'share', name: `Observation ${k + 1}`, short: String(k + 1), from, to: end, value };
  });
}

/**
 * Give what is left from the last bar to the gradient; null where that is nothing.
 * @param {Step[]} steps
 * @param {number} gradient
 * @param {number} more observations that have no bar of their own
 * @param {boolean} penalised whether a penalty on large weights is part of the gradient
 * @returns {Step | null}
 */
export function restOf(steps, gradient, more, penalised) {
  if (more <= 0 && !penalised) return null;
  const from = steps[steps.length - 1]?.to ?? 0;
  const name = [...(more > 0 ? [`${more} more observations`] : []), ...(penalised ? ['the penalty on large weights'] : [])].join(' and ');
  return { kind: 'rest', name: name.charAt(0).toUpperCase() + name.slice(1), short: '+', from, to: gradient, value: null };
}
