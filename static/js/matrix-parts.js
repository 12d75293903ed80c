// @ts-check
/** What matrices are put together from: the session's numbers in rows and columns, some of many left out. Makes no number. */

/**
 * @typedef {import('./types.js').Session} Session
 * @typedef {import('./addresses.js').Part} Part
 *
 * @typedef {object} Cell
 * @property {number | null} value null while it is not computed
 * @property {string} address
 * @property {boolean} current whether the present event reads or writes it
 * @property {boolean} line whether it is in the row or the column at work
 * @property {boolean} [growing] whether the value is the sum so far
 *
 * @typedef {object} Matrix
 * @property {string} key the same for the same matrix in another line
 * @property {string} name such as "W" or "Bias"
 * @property {string} role for its colour
 * @property {boolean} [turned] whether it stands on its side: Wᵀ
 * @property {(Cell | null)[][]} rows null stands for what is left out
 * @property {(number | null)[]} [observations] whose columns these are, or rows where it is turned, counted from 1
 * @property {number} [lit] which of them is in focus
 */

/** Of more than so many, some are left out. */
export const MOST = { rows: 8, columns: 6, observations: 6 };
/** The same where several lines stand one below the other. */
export const MOST_IN_LINES = { rows: 5, columns: 5, observations: 4 };
/** So many are left; of a batch the first, the one in focus and the last. */
const LEFT = { rows: 5, columns: 5, observations: 3 };

/**
 * Choose which of `count` places are shown: those wanted, the ends, those around the first one wanted.
 * @param {number} count
 * @param {number} most from here on some are left out
 * @param {number[]} wanted
 * @param {number} left so many are shown then
 * @returns {(number | null)[]} null stands for those left out
 */
export function visible(count, most, wanted, left) {
  const all = Array.from({ length: count }, (_, place) => place);
  if (count <= most) return all;
  const [here = -1] = wanted;
  const kept = new Set();
  for (const place of [...wanted, 0, count - 1, here - 1, here + 1, ...all]) {
    if (kept.size < left && place >= 0 && place < count) kept.add(place);
  }
  return [...kept].sort((one, other) => one - other)
    .flatMap((place, at, sorted) => (at && place - sorted[at - 1] > 1 ? [null, place] : [place]));
}

/** @param {Part | null} held @param {number} l the neuron of a layer that a part of the diagram stands for */
function heldIn(held, l) {
  if (held?.layer === l) return held.neuron;
  return held?.type === 'connection' && held.layer - 1 === l ? held.source : -1;
}

/**
 * Reads the session's arrays by index.
 * @param {Session} session
 * @param {Part | null} held
 * @param {typeof MOST} most
 */
export function reader(session, held, most) {
  const { values, network, batch, event } = session;
  const layers = network.layers;
  const seen = Math.max(0, batch.shown.indexOf(batch.focus));
  const observations = visible(batch.shown.length, most.observations, [seen], LEFT.observations);
  /** @type {Record<string, any>} */
  const arrays = values;
  return {
    network, observations,
    lit: observations.indexOf(seen),
    several: batch.rows.length > 1,
    running: event?.running ?? null,
    /** @param {number} at */
    place: (at) => batch.shown[at] ?? 0,
    /** @param {number} l @param {number} at which rows of a layer are shown */
    down: (l, at) => visible(layers[l]?.size ?? 0, most.rows, [at, heldIn(held, l)], Math.min(LEFT.rows, most.rows - 1)),
    /** @param {number} l @param {number} at which columns */
    across: (l, at) => visible(layers[l]?.size ?? 0, most.columns, [at, heldIn(held, l)], Math.min(LEFT.columns, most.columns - 1)),
    /** @param {string} kind @param {number} l @param {number} at @param {number} j */
    neuron: (kind, l, at, j) => /** @type {number | null} */ (arrays[kind]?.[l]?.[at]?.[j] ?? null),
    /** @param {number} l @param {number} j @param {number} i */
    weight: (l, j, i) => values.previous_weights?.[l]?.[j]?.[i] ?? layers[l]?.weights?.[j]?.[i] ?? null,
    /** @param {number} l @param {number} j */
    bias: (l, j) => values.previous_biases?.[l]?.[j] ?? layers[l]?.biases?.[j] ?? null,
    /** @param {number} l @param {number} j @param {number} i */
    gradient: (l, j, i) => values.weight_gradients[l]?.[j]?.[i] ?? null,
    /** @param {number} l @param {number} j */
    biasGradient: (l, j) => values.bias_gradients[l]?.[j] ?? null,
    /** @param {number} l */
    role: (l) => layers[l]?.role ?? 'plain',
  };
}

/** @typedef {ReturnType<typeof reader>} Reader */

/**
 * Make a matrix with one column for each observation shown.
 * @param {Reader} from
 * @param {object} what
 * @param {string} what.name
 * @param {string} what.kind
 * @param {number} what.layer
 * @param {(number | null)[]} what.places
 * @param {string} [what.role]
 * @param {(j: number) => boolean} [what.current] in the column in focus
 * @param {(j: number) => boolean} [what.line] in the column in focus; with `whole` in all of them
 * @param {boolean} [what.whole]
 * @param {(j: number) => boolean} [what.growing] where the sum so far stands in
 * @returns {Matrix}
 */
export function columns(from, { name, kind, layer, places, role = from.role(layer), current = no, line = no, whole = false, growing = no }) {
  const { observations, lit } = from;
  const rows = places.map((j) => observations.map((at, column) => {
    if (j === null || at === null) return null;
    const value = from.neuron(kind, layer, at, j);
    const sum = value === null && growing(j) ? from.running?.[at] ?? null : null;
    return { value: value ?? sum, address: `${kind}[${layer}][${from.place(at)}][${j}]`,
      current: column === lit && current(j), line: (whole || column === lit) && line(j), ...(sum === null ? {} : { growing: true }) };
  }));
  const counted = observations.map((at) => (at === null ? null : from.place(at) + 1));
  return { key: `${kind} ${layer}`, name, role, rows, ...(from.several ? { observations: counted, lit } : {}) };
}

/**
 * Make a matrix of weights, of biases, or of their gradients.
 * @param {(number | null)[]} down
 * @param {(number | null)[]} across
 * @param {(j: number, i: number) => Cell} cell
 * @returns {(Cell | null)[][]}
 */
export const grid = (down, across, cell) =>
  down.map((j) => across.map((i) => (j === null || i === null ? null : cell(j, i))));

const no = () => false;
