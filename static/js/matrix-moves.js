// @ts-check
/** What moves between two moments of the matrices: a plan in milliseconds, in the order of going forward. */

import { number } from './format.js';
import { isGiven, valueOf } from './numbers.js';

/**
 * @typedef {import('./types.js').Session} Session
 * @typedef {import('./types.js').StepEvent} StepEvent
 * @typedef {import('./matrices.js').Line} Line
 *
 * @typedef {{at: number, lasts: number}} Time
 * @typedef {Time & {what: 'turn', line: number, matrix: string}} Turn the weights turn on their side
 * @typedef {Time & {what: 'carry', from: string, to: string, text: string}} Carry a number goes from one cell to another
 * @typedef {Time & {what: 'come', line: number, address: string, text: string}} Come a number appears
 * @typedef {Turn | Carry | Come} MatrixMove
 *
 * @typedef {object} Step
 * @property {Session} early
 * @property {Session} late
 * @property {boolean} fine whether it is a single event
 * @property {Line[]} lines the matrices of the later moment
 * @property {number} digits
 */

/** The errors slide aside, then the weights turn. */
const TURN = { at: 100, lasts: 430 };
/** What follows sets out a little before they rest. */
const TURNED = 490;
/** To the partner, on into the sum, and there; and the same in a hurry, after the weights have turned. */
const CALM = { there: 260, on: 220, come: 140 };
const QUICK = { there: 210, on: 160, come: 110 };
/** The numbers of one matrix have all begun to appear by then. */
const SPREAD = 80;

/** @param {Step} step @param {string} address */
const textAt = ({ late, digits }, address) => number(valueOf(address, late), digits);

/** @param {Step} step @param {string} address @param {number} at @param {string} [text] @returns {Come} */
const come = (step, address, at, text = textAt(step, address)) => ({ what: 'come', line: 0, address, text, at, lasts: CALM.come });

/**
 * One number meets its partner, and what comes of them goes on into a sum.
 * @param {Step} step
 * @param {string} from
 * @param {string} meeting
 * @param {string} to
 */
function through(step, from, meeting, to) {
  const { event, batch } = step.late;
  const seen = Math.max(0, batch.shown.indexOf(batch.focus));
  const made = event?.values[seen] ?? event?.values[0] ?? null;
  const sum = event?.running?.[seen] ?? event?.running?.[0] ?? null;
  const { there, on, come: lasts } = enters(step) ? QUICK : CALM;
  const arrived = come(step, to, there + on, textAt(step, to) || `Σ ${number(sum, step.digits)}`);
  return /** @type {MatrixMove[]} */ ([
    { what: 'carry', from, to: meeting, text: textAt(step, from), at: 0, lasts: there },
    { what: 'carry', from: meeting, to, text: number(made, step.digits), at: there, lasts: on },
    { ...arrived, lasts }]);
}

/** @type {Record<string, (step: Step, event: StepEvent, b: number) => MatrixMove[]>} */
const TERMS = {
  product: (step, { layer: l, neuron: j, index: i }, b) => through(step, `a[${l - 1}][${b}][${i}]`, `w[${l}][${j}][${i}]`, `z[${l}][${b}][${j}]`),
  bias: (step, { layer: l, neuron: j }, b) => arriving(step, [`b[${l}][${j}]`], `z[${l}][${b}][${j}]`),
  activation: (step, { layer: l, neuron: j }, b) => arriving(step, [`z[${l}][${b}][${j}]`], `a[${l}][${b}][${j}]`),
  loss_derivative: (step, { layer: l, neuron: j }, b) => arriving(step, [], `blame[${l}][${b}][${j}]`),
  blame: (step, { layer: l, neuron: j, index: k }, b) => through(step, `delta[${l + 1}][${b}][${k}]`, `w[${l + 1}][${k}][${j}]`, `blame[${l}][${b}][${j}]`),
  slope: (step, { layer: l, neuron: j }, b) => arriving(step, [], `slope[${l}][${b}][${j}]`),
  delta: (step, { layer: l, neuron: j }, b) => arriving(step, [`blame[${l}][${b}][${j}]`, `slope[${l}][${b}][${j}]`], `delta[${l}][${b}][${j}]`),
  gradient: (step, { layer: l, neuron: j, index: i }, b) => arriving(step, [`delta[${l}][${b}][${j}]`, `a[${l - 1}][${b}][${i}]`], `dw[${l}][${j}][${i}]`),
  bias_gradient: (step, { layer: l, neuron: j }, b) => arriving(step, [`delta[${l}][${b}][${j}]`], `db[${l}][${j}]`),
};

/** @param {Step} step @param {string[]} from @param {string} to @returns {MatrixMove[]} */
function arriving(step, from, to) {
  const lasts = from.length ? 380 : 0;
  return [...from.map((one) => /** @type {MatrixMove} */ ({ what: 'carry', from: one, to, text: textAt(step, one), at: 0, lasts })),
    come(step, to, lasts * 0.85)];
}

/** @param {Session} session */
const placeOf = ({ event, position }) => `${position.iteration} ${event?.phase} ${event?.layer}`;

/** @param {Step} step whether it leads into a layer, on the way back */
const enters = ({ early, late }) => late.event?.phase === 'backward' && placeOf(early) !== placeOf(late);

/** @param {Step} step @param {string} address whether its number is known only after the step */
function isNew({ early, late }, address) {
  if (isGiven(address) || valueOf(address, late) === null) return false;
  return early.position.iteration !== late.position.iteration || valueOf(address, early) === null;
}

/** @param {Step} step @param {import('./matrix-parts.js').Matrix} matrix @param {number} line @param {number} at @returns {Come[]} */
function filled(step, matrix, line, at) {
  const rows = matrix.rows.map((row) => row.flatMap((cell) => (cell && isNew(step, cell.address) ? [cell.address] : [])));
  const some = rows.filter((row) => row.length);
  return some.flatMap((row, k) => row.map((address) =>
    ({ ...come(step, address, at + (SPREAD * k) / some.length), line })));
}

/** A layer's lines, one after the other: the weights turn, then matrix after matrix fills. @param {Step} step */
function lines(step) {
  /** @type {MatrixMove[]} */
  const moves = [];
  /** @type {Map<string, number>} when a matrix fills; in two lines it does at once */
  const fills = new Map();
  let now = 0;
  step.lines.forEach(({ pieces }, line) => {
    for (const matrix of pieces) {
      if ('sign' in matrix) continue;
      const weights = matrix.turned && matrix.role === 'weight' && enters(step);
      const more = weights ? [turn(matrix.key, line)] : filled(step, matrix, line, fills.get(matrix.key) ?? now);
      moves.push(...more);
      if (!more.length || fills.has(matrix.key)) continue;
      fills.set(matrix.key, now);
      now = weights ? TURNED : now + SPREAD;
    }
  });
  return moves;
}

/** @param {string} matrix @param {number} line @returns {Turn} */
const turn = (matrix, line) => ({ what: 'turn', line, matrix, ...TURN });

/** @param {MatrixMove[]} moves @param {number} by */
export const later = (moves, by) => moves.map((move) => ({ ...move, at: move.at + by }));

/**
 * Plan how the matrices go from one moment to the next.
 * @param {Step} step
 * @returns {MatrixMove[]}
 */
export function matrixMoves(step) {
  const { event, batch } = step.late;
  if (!event) return [];
  if (!step.fine) return lines(step);
  const moves = TERMS[event.kind]?.(step, event, batch.focus) ?? [];
  const entering = event.kind === 'blame' && enters(step);
  return entering ? [turn(`w ${event.layer + 1}`, 0), ...later(moves, TURNED)] : moves;
}
