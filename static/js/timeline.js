// @ts-check
/** Where the events and the iterations lie on their lines. Shares of the whole, from 0 to 1. */

/**
 * @typedef {import('./types.js').Stretch} Stretch
 * @typedef {object} PhaseRange
 * @property {string} phase
 * @property {number} from its first event
 * @property {number} to its last
 * @property {number[]} ticks the last events of its layers, the phase's own end left out
 */

/**
 * Gather the stretches of the layers into phases.
 * @param {Stretch[]} stretches in the order of their events
 * @returns {PhaseRange[]}
 */
export function phasesOf(stretches) {
  /** @type {PhaseRange[]} */
  const phases = [];
  for (const { phase, first, last } of stretches) {
    const open = phases[phases.length - 1];
    if (open?.phase !== phase) phases.push({ phase, from: first, to: last, ticks: [] });
    else {
      open.ticks.push(open.to);
      open.to = last;
    }
  }
  return phases;
}

/**
 * Tell whether there is anything to go back to.
 * @param {{iteration: number, event: number}} position
 */
export const canBack = ({ iteration, event }, first = 0) => event > 0 || iteration > first;

/** @param {number} part @param {number} whole */
const ratio = (part, whole) => (whole > 0 ? part / whole : 0);

/**
 * Lay the phases side by side, as wide as they have events.
 * @param {PhaseRange[]} phases
 * @param {number} events
 * @returns {{phase: string, start: number, end: number, ticks: number[]}[]}
 */
export function phaseSpans(phases, events) {
  return phases.map(({ phase, from, to, ticks }) => ({
    phase,
    start: ratio(from - 1, events),
    end: ratio(to, events),
    ticks: ticks.map((tick) => ratio(tick, events)),
  }));
}

/**
 * Tell how much of a span has happened.
 * @param {{start: number, end: number}} span
 * @param {number} share the position, 0 to 1
 */
export function done(span, share) {
  const { start, end } = span;
  return end > start ? Math.min(1, Math.max(0, (share - start) / (end - start))) : 0;
}

/**
 * Name the phase an event belongs to.
 * @param {PhaseRange[]} phases
 * @param {number} event
 */
export function phaseAt(phases, event) {
  if (event === 0) return 'ready';
  return phases.find(({ from, to }) => from <= event && event <= to)?.phase ?? 'done';
}

/**
 * Place the cost curve in a box: x by iteration, y from 0 at the bottom to the top of its domain.
 * @param {{iterations: number[], costs: number[]}} curve
 * @param {{width: number, height: number, last: number, top: number}} box
 * @returns {{x: number, y: number}[]}
 */
export function curvePoints(curve, { width, height, last, top }) {
  return curve.costs.map((cost, k) => ({
    x: Number((ratio(curve.iterations[k] ?? 0, Math.max(1, last)) * width).toFixed(1)),
    y: Number((height - ratio(Math.min(cost, top), top) * height).toFixed(1)),
  }));
}

/**
 * Find the cost known for an iteration; null where the curve has none (not yet, or thinned away).
 * @param {{iterations: number[], costs: number[]} | null} curve
 * @param {number} iteration
 */
export function costAt(curve, iteration) {
  const place = curve ? curve.iterations.indexOf(iteration) : -1;
  return curve?.costs[place] ?? null;
}
