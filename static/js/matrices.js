// @ts-check
/** Which matrices an event is about, cell by cell. Picks numbers and addresses, never makes any. */

/**
 * @typedef {import('./types.js').Session} Session
 * @typedef {import('./types.js').StepEvent} StepEvent
 *
 * @typedef {object} Cell
 * @property {number | null} value null while it is not computed
 * @property {string} address
 * @property {boolean} current whether the present event reads or writes it
 *
 * @typedef {object} Matrix
 * @property {string} name such as "W" or "Bias"
 * @property {string} role for its colour
 * @property {boolean} [turned] whether it stands on its side: Wᵀ
 * @property {(Cell | null)[][]} rows null stands for what is left out
 * @property {number} [lit] the column of the observation in focus, where there are several
 *
 * @typedef {{sign: string} | Matrix} Piece
 * @typedef {{title: string, pieces: Piece[]}} Line
 */

const MOST_ROWS = 8;
const MOST_COLUMNS = 6;
const MOST_OBSERVATIONS = 3;

/**
 * Choose which of `count` places are shown: the first ones, the last, and those around the current one.
 * @param {number} count
 * @param {number} most
 * @param {number} [current]
 * @returns {(number | null)[]} null stands for those left out
 */
export function visible(count, most, current = -1) {
  const all = Array.from({ length: count }, (_, place) => place);
  if (count <= most) return all;
  const wanted = new Set([0, count - 1]);
  for (const place of [current, current - 1, current + 1, ...all]) {
    if (wanted.size >= most - 1) break;
    if (place >= 0 && place < count) wanted.add(place);
  }
  const kept = [...wanted].sort((one, other) => one - other);
  return kept.flatMap((place, at) => (at && place - Number(kept[at - 1]) > 1 ? [null, place] : [place]));
}

/**
 * Reads the session's arrays by index.
 * @param {Session} session
 */
function reader(session) {
  const { values, network, batch, event } = session;
  const layers = network.layers;
  const seen = Math.max(0, batch.shown.indexOf(batch.focus));
  const observations = visible(batch.shown.length, MOST_OBSERVATIONS, seen);
  /** @type {Record<string, any>} */
  const arrays = values;
  return {
    event,
    sizes: layers.map(({ size }) => size),
    observations,
    lit: observations.indexOf(seen),
    /** @param {number} at */
    place: (at) => batch.shown[at] ?? 0,
    /** @param {string} kind @param {number} l @param {number} at @param {number} j */
    neuron: (kind, l, at, j) => /** @type {number | null} */ (arrays[kind]?.[l]?.[at]?.[j] ?? null),
    /** @param {number} l @param {number} j @param {number} i */
    weight: (l, j, i) => values.previous_weights?.[l]?.[j]?.[i] ?? layers[l]?.weights?.[j]?.[i] ?? null,
    /** @param {number} l @param {number} j */
    bias: (l, j) => values.previous_biases?.[l]?.[j] ?? layers[l]?.biases?.[j] ?? null,
    /** @param {number} l @param {number} j @param {number} i */
    gradient: (l, j, i) => values.weight_gradients[l]?.[j]?.[i] ?? null,
    /** @param {number} l */
    role: (l) => layers[l]?.role ?? 'plain',
  };
}

/** @typedef {ReturnType<typeof reader>} Reader */

/**
 * Make a matrix with one column for each observation shown.
 * @param {Reader} from
 * @param {{name: string, kind: string, layer: number, places: (number | null)[], role: string, current: (j: number) => boolean}} what
 * @returns {Matrix}
 */
function columns(from, { name, kind, layer, places, role, current }) {
  const rows = places.map((j) => from.observations.map((at) => (j === null || at === null ? null : {
    value: from.neuron(kind, layer, at, j),
    address: `${kind}[${layer}][${from.place(at)}][${j}]`,
    current: current(j) && from.observations.indexOf(at) === from.lit,
  })));
  return { name, role, rows, ...(from.observations.length > 1 ? { lit: from.lit } : {}) };
}

/**
 * Make a matrix of weights, or of their gradients.
 * @param {(number | null)[]} down
 * @param {(number | null)[]} across
 * @param {(j: number, i: number) => Cell} cell
 * @returns {(Cell | null)[][]}
 */
const grid = (down, across, cell) =>
  down.map((j) => across.map((i) => (j === null || i === null ? null : cell(j, i))));

/** @param {Reader} from @param {StepEvent | null} event @param {number} l @returns {Line[]} */
function forward(from, event, l) {
  const { kind = '', neuron: here = -1, index = -1 } = event ?? {};
  const down = visible(from.sizes[l] ?? 0, MOST_ROWS, here);
  const across = visible(from.sizes[l - 1] ?? 0, MOST_COLUMNS, index);
  const summing = kind === 'bias';
  const reads = (/** @type {number} */ j, /** @type {number} */ i) =>
    j === here && (summing || (kind === 'product' && i === index));
  return [{
    title: 'The whole layer: [W] @ [X] + [Bias] = [Z]',
    pieces: [
      { name: 'W', role: 'weight', rows: grid(down, across, (j, i) =>
        ({ value: from.weight(l, j, i), address: `w[${l}][${j}][${i}]`, current: reads(j, i) })) },
      { sign: '@' },
      columns(from, { name: l === 1 ? 'X' : 'A', kind: 'a', layer: l - 1, places: across, role: from.role(l - 1),
        current: (i) => summing || (kind === 'product' && i === index) }),
      { sign: '+' },
      { name: 'Bias', role: 'bias', rows: grid(down, [0], (j) =>
        ({ value: from.bias(l, j), address: `b[${l}][${j}]`, current: j === here && summing })) },
      { sign: '=' },
      columns(from, { name: 'Z', kind: 'z', layer: l, places: down, role: from.role(l),
        current: (j) => j === here && (summing || kind === 'activation') }),
      { sign: '→' },
      columns(from, { name: 'A', kind: 'a', layer: l, places: down, role: from.role(l),
        current: (j) => j === here && kind === 'activation' }),
    ],
  }];
}

/** @param {Reader} from @param {StepEvent} event @param {number} l @returns {Line} */
function turned(from, { kind, neuron: here, index }, l) {
  const down = visible(from.sizes[l] ?? 0, MOST_ROWS, here);
  const across = visible(from.sizes[l + 1] ?? 0, MOST_COLUMNS, index);
  const comb = kind === 'blame';
  return {
    title: 'The weights turned on their side: [W]ᵀ @ [δ] = [∂C/∂A]',
    pieces: [
      { name: 'Wᵀ', role: 'weight', turned: true, rows: grid(down, across, (j, k) => ({
        value: from.weight(l + 1, k, j), address: `w[${l + 1}][${k}][${j}]`, current: comb && j === here && k === index })) },
      { sign: '@' },
      columns(from, { name: 'δ', kind: 'delta', layer: l + 1, places: across, role: 'error', current: (k) => comb && k === index }),
      { sign: '=' },
      columns(from, { name: '∂C/∂A', kind: 'blame', layer: l, places: down, role: 'error', current: (j) => comb && j === here }),
    ],
  };
}

/** @param {Reader} from @param {StepEvent} event @param {number} l @returns {Line} */
function bent(from, { kind, neuron: here }, l) {
  const down = visible(from.sizes[l] ?? 0, MOST_ROWS, here);
  const now = (/** @type {string[]} */ kinds) => (/** @type {number} */ j) => j === here && kinds.includes(kind);
  return {
    title: 'Times the slope of each neuron’s curve: [∂C/∂A] × [f′(Z)] = [δ]',
    pieces: [
      columns(from, { name: '∂C/∂A', kind: 'blame', layer: l, places: down, role: 'error', current: now(['loss_derivative', 'delta']) }),
      { sign: '×' },
      columns(from, { name: 'f′(Z)', kind: 'slope', layer: l, places: down, role: from.role(l), current: now(['slope', 'delta']) }),
      { sign: '=' },
      columns(from, { name: 'δ', kind: 'delta', layer: l, places: down, role: 'error', current: now(['delta']) }),
    ],
  };
}

/** @param {Reader} from @param {StepEvent} event @param {number} l @returns {Line} */
function outer(from, { kind, neuron: here, index }, l) {
  const down = visible(from.sizes[l] ?? 0, MOST_ROWS, here);
  const across = visible(from.sizes[l - 1] ?? 0, MOST_COLUMNS, index);
  const now = kind === 'gradient';
  const sent = columns(from, { name: '', kind: 'a', layer: l - 1, places: across, role: from.role(l - 1),
    current: (i) => now && i === index });
  const { lit: _, ...lying } = sent;
  return {
    title: 'Every error times every signal: [δ] @ [A]ᵀ = [∂C/∂W]',
    pieces: [
      columns(from, { name: 'δ', kind: 'delta', layer: l, places: down, role: 'error', current: (j) => now && j === here }),
      { sign: '@' },
      { ...lying, name: l === 1 ? 'Xᵀ' : 'Aᵀ', turned: true,
        rows: from.observations.map((_at, column) => sent.rows.map((row) => row[column] ?? null)) },
      { sign: '=' },
      { name: '∂C/∂W', role: 'error', rows: grid(down, across, (j, i) => ({
        value: from.gradient(l, j, i), address: `dw[${l}][${j}][${i}]`, current: now && j === here && i === index })) },
    ],
  };
}

/** @param {Reader} from @param {StepEvent} event @param {number} l @returns {Line[]} */
function backward(from, event, l) {
  const depth = from.sizes.length - 1;
  const straight = from.neuron('blame', l, 0, 0) === null && from.neuron('slope', l, 0, 0) === null && l === depth;
  const known = ['gradient', 'bias_gradient'].includes(event.kind);
  if (known) return [outer(from, event, l)];
  if (straight && event.kind === 'delta') return [outer(from, event, l)];
  if (event.kind === 'blame') return [turned(from, event, l)];
  return [bent(from, event, l)];
}

/**
 * Say which matrices the present event is about; none for the cost and for the update.
 * @param {Session} session
 * @returns {Line[]}
 */
export function matricesOf(session) {
  const { event } = session;
  const from = reader(session);
  if (!event) return forward(from, null, 1);
  if (event.phase === 'forward') return forward(from, event, event.layer);
  return event.phase === 'backward' ? backward(from, event, event.layer) : [];
}
