// @ts-check
/** Which matrices a step is about, cell by cell. Picks numbers and addresses, never makes any. */

import { columns, grid, MOST, MOST_IN_LINES, reader } from './matrix-parts.js';

/**
 * @typedef {import('./types.js').Session} Session
 * @typedef {import('./types.js').Granularity} Granularity
 * @typedef {import('./addresses.js').Part} Part
 * @typedef {import('./matrix-parts.js').Reader} Reader
 * @typedef {import('./matrix-parts.js').Matrix} Matrix
 *
 * @typedef {{sign: string} | Matrix} Piece
 * @typedef {{title: string, pieces: Piece[]}} Line
 *
 * @typedef {object} Work what a step is at
 * @property {string} kind of its last event; `neuron` for all of one neuron's, `all` for more
 * @property {number} here the neuron, −1 for none
 * @property {number} index
 */

/** @param {Work} work */
const at = ({ kind, here, index }) => ({
  /** @param {...string} kinds @returns {(j: number) => boolean} the neuron at work, in events of these kinds */
  row: (...kinds) => (j) => j === here && kinds.includes(kind),
  /** @param {...string} kinds @returns {(i: number) => boolean} the one it is joined to */
  other: (...kinds) => (i) => i === index && kinds.includes(kind),
  /** @param {...string} kinds @returns {() => boolean} everything */
  every: (...kinds) => () => kinds.includes(kind),
});

/** @param {Reader} from @param {Work} work @param {number} l @returns {Line} */
function forward(from, work, l) {
  const { row, other, every } = at(work);
  const [down, across] = [from.down(l, work.here), from.across(l - 1, work.index)];
  const summing = row('product', 'bias', 'neuron');
  const softmax = from.network.layers[l]?.activation === 'softmax';
  return {
    title: `The whole layer: [W] @ [${l === 1 ? 'X' : 'A'}] + [Bias] = [Z]`,
    pieces: [
      { key: `w ${l}`, name: 'W', role: 'weight', rows: grid(down, across, (j, i) => ({ value: from.weight(l, j, i),
        address: `w[${l}][${j}][${i}]`, current: row('product')(j) && i === work.index, line: summing(j) })) },
      { sign: '@' },
      columns(from, { name: l === 1 ? 'X' : 'A', kind: 'a', layer: l - 1, places: across,
        current: other('product'), line: every('product', 'bias', 'neuron') }),
      { sign: '+' },
      { key: `b ${l}`, name: 'Bias', role: 'bias', rows: grid(down, [0], (j) => ({ value: from.bias(l, j),
        address: `b[${l}][${j}]`, current: row('bias')(j), line: row('neuron')(j) })) },
      { sign: '=' },
      columns(from, { name: 'Z', kind: 'z', layer: l, places: down, current: row('product', 'bias', 'activation'),
        line: softmax ? every('activation') : row('neuron'), growing: row('product') }),
      { sign: '→' },
      columns(from, { name: 'A', kind: 'a', layer: l, places: down, current: row('activation'), line: row('neuron') }),
    ],
  };
}

/** @param {Reader} from @param {Work} work @param {number} l @returns {Line} */
function turned(from, work, l) {
  const { row, other, every } = at(work);
  const [down, across] = [from.down(l, work.here), from.across(l + 1, work.kind === 'blame' ? work.index : -1)];
  return {
    title: 'The weights turned on their side: [W]ᵀ @ [δ] = [∂C/∂A]',
    pieces: [
      { key: `w ${l + 1}`, name: 'Wᵀ', role: 'weight', turned: true, rows: grid(down, across, (j, k) => ({ value: from.weight(l + 1, k, j),
        address: `w[${l + 1}][${k}][${j}]`, current: row('blame')(j) && k === work.index, line: row('blame', 'neuron')(j) })) },
      { sign: '@' },
      columns(from, { name: 'δ', kind: 'delta', layer: l + 1, places: across, role: 'error',
        current: other('blame'), line: every('blame', 'neuron') }),
      { sign: '=' },
      columns(from, { name: '∂C/∂A', kind: 'blame', layer: l, places: down, role: 'error',
        current: row('blame'), line: row('neuron'), growing: row('blame') }),
    ],
  };
}

/** @param {Reader} from @param {Work} work @param {number} l @returns {Line} */
function bent(from, work, l) {
  const { row, every } = at(work);
  const down = from.down(l, work.here);
  const softmax = from.network.layers[l]?.activation === 'softmax';
  const blame = columns(from, { name: '∂C/∂A', kind: 'blame', layer: l, places: down, role: 'error',
    current: row('loss_derivative', 'delta'), line: softmax ? every('delta') : row('neuron') });
  const delta = columns(from, { name: 'δ', kind: 'delta', layer: l, places: down, role: 'error', current: row('delta'), line: row('neuron') });
  // The slope of a softmax is no number of one neuron.
  if (softmax) return { title: 'Through the softmax, all outputs together: [∂C/∂A] → [δ]', pieces: [blame, { sign: '→' }, delta] };
  return {
    title: 'Times each curve’s slope: [∂C/∂A] × [f′(Z)] = [δ]',
    pieces: [blame, { sign: '×' },
      columns(from, { name: 'f′(Z)', kind: 'slope', layer: l, places: down, current: row('slope', 'delta'), line: row('neuron') }),
      { sign: '=' }, delta],
  };
}

/** @param {Reader} from @param {Work} work @param {number} l @returns {Line} */
function outer(from, work, l) {
  const { row, other, every } = at(work);
  const [down, across] = [from.down(l, work.here), from.across(l - 1, work.kind === 'gradient' ? work.index : -1)];
  const sent = columns(from, { name: l === 1 ? 'Xᵀ' : 'Aᵀ', kind: 'a', layer: l - 1, places: across, whole: true,
    current: other('gradient'), line: work.kind === 'gradient' ? other('gradient') : every('neuron') });
  return {
    title: `Every error times every signal: [δ] @ [${l === 1 ? 'X' : 'A'}]ᵀ = [∂C/∂W]`,
    pieces: [
      columns(from, { name: 'δ', kind: 'delta', layer: l, places: down, role: 'error', whole: true,
        current: row('gradient', 'delta'), line: row('gradient', 'neuron') }),
      { sign: '@' },
      { ...sent, key: `lying ${sent.key}`, turned: true, rows: from.observations.map((_at, column) => sent.rows.map((one) => one[column] ?? null)) },
      { sign: '=' },
      { key: `dw ${l}`, name: '∂C/∂W', role: 'error', rows: grid(down, across, (j, i) => ({ value: from.gradient(l, j, i),
        address: `dw[${l}][${j}][${i}]`, current: row('gradient')(j) && i === work.index, line: row('neuron')(j) })) },
    ],
  };
}

/** @param {Reader} from @param {Work} work @param {number} l @returns {Line} */
function added(from, work, l) {
  const { row } = at(work);
  const down = from.down(l, work.here);
  return {
    title: from.several ? 'Each row of [δ] added up = [∂C/∂Bias]'
      : 'For a bias the signal is always 1: [δ] = [∂C/∂Bias]',
    pieces: [
      columns(from, { name: 'δ', kind: 'delta', layer: l, places: down, role: 'error', whole: true,
        current: row('bias_gradient'), line: row('bias_gradient') }),
      { sign: from.several ? '→' : '=' },
      { key: `db ${l}`, name: '∂C/∂Bias', role: 'error', rows: grid(down, [0], (j) => ({ value: from.biasGradient(l, j),
        address: `db[${l}][${j}]`, current: row('bias_gradient')(j), line: false })) },
    ],
  };
}

/** @param {Reader} from @param {Work} work @param {number} l @returns {Line[]} */
function backward(from, work, l) {
  const output = l === from.network.layers.length - 1;
  if (work.kind === 'blame') return [turned(from, work, l)];
  if (work.kind === 'bias_gradient') return [added(from, work, l)];
  const straight = output && from.network.joined;
  if (work.kind === 'gradient' || (straight && work.kind === 'delta')) return [outer(from, work, l)];
  if (work.kind !== 'neuron' && work.kind !== 'all') return [bent(from, work, l)];
  return [...(output ? [] : [turned(from, work, l)]), ...(straight ? [] : [bent(from, work, l)]), outer(from, work, l)];
}

/** @param {Session['event']} event @param {Granularity} scope @returns {Work} */
function workOf(event, scope) {
  if (event && scope === 'term') return { kind: event.kind, here: event.neuron, index: event.index };
  if (event && scope === 'neuron') return { kind: 'neuron', here: event.neuron, index: -1 };
  return { kind: 'all', here: -1, index: -1 };
}

/**
 * Say which matrices a step is about; none for the cost and for the update.
 * @param {Session} session
 * @param {Granularity} [scope] what the step covered
 * @param {Part | null} [held] a part of the diagram whose numbers should be among those shown
 * @returns {Line[]}
 */
export function matricesOf(session, scope = 'term', held = null) {
  const { event } = session;
  const work = workOf(event, scope);
  const many = event?.phase === 'backward' && scope !== 'term';
  const from = reader(session, held, many ? MOST_IN_LINES : MOST);
  if (!event) return [forward(from, work, 1)];
  if (event.phase === 'forward') return [forward(from, work, event.layer)];
  return event.phase === 'backward' ? backward(from, work, event.layer) : [];
}
