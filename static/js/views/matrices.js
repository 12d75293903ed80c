// @ts-check
/** The layer at work as matrices, linked cell by cell with the neurons and connections. */

import { keyOf } from '../addresses.js';
import { createMatrixMotion } from '../drawing/matrix-motion.js';
import { html, light, write } from '../dom.js';
import { number } from '../format.js';
import { matricesOf } from '../matrices.js';
import { bothNames, fullName, placeOf } from '../numbers.js';
import { weightRole } from '../scales.js';
import { partAt } from '../walk.js';

/**
 * @typedef {import('../types.js').State} State
 * @typedef {import('../types.js').Session} Session
 * @typedef {import('../matrices.js').Line} Line
 * @typedef {import('../matrix-parts.js').Cell} Cell
 * @typedef {import('../matrix-parts.js').Matrix} Matrix
 */

/** @typedef {{session: Session, depth: number, digits: number}} How */

/** @param {Matrix} matrix @param {number} value */
const roleOf = ({ role }, value) => (role === 'weight' ? weightRole(value) : role);

/** @param {Matrix} matrix @param {number} observation */
const focusOf = ({ lit }, observation) => (lit === undefined ? '' : lit === observation ? 'in-focus' : 'aside');

/** @param {Matrix} matrix @param {Cell} cell @param {number} observation */
function classesOf(matrix, { value, current, line, growing }, observation) {
  return ['cell', focusOf(matrix, observation),
    ...(value === null ? ['empty'] : ['by-role', `role-${roleOf(matrix, value)}`]),
    ...(current ? ['current'] : line ? ['line'] : []),
    ...(growing ? ['growing'] : [])].filter(Boolean).join(' ');
}

/** @param {Cell} cell @param {How} how */
function textOf({ value, growing }, { digits }) {
  if (value === null) return '\u2007\u2007\u2007';
  return growing ? `Σ ${number(value, digits)}` : number(value, digits);
}

/**
 * @param {Matrix} matrix
 * @param {Cell | null} cell
 * @param {number} row
 * @param {number} column
 * @param {How} how
 */
function cellElement(matrix, cell, row, column, how) {
  const observation = matrix.turned ? row : column;
  if (!cell) return html('span', { class: `cell left-out ${focusOf(matrix, observation)}`, 'aria-hidden': 'true' }, '⋯');
  // The number of an observation stands before its row, or above its column.
  const first = (matrix.turned ? column : row) === 0;
  const of = (first && matrix.observations?.[observation]) || null;
  const known = cell.value !== null && !cell.growing;
  const text = textOf(cell, how);
  const name = `${fullName(cell.address, how.session)}: ${cell.value === null ? 'not computed yet' : text}`;
  return html('span', {
    class: classesOf(matrix, cell, observation),
    'data-part': keyOf(cell.address, how.depth),
    'data-cell': cell.address,
    'data-address': known ? cell.address : null,
    'data-of': of,
    'aria-label': known ? name : null,
    title: name,
  }, text);
}

/**
 * Draw a matrix in its brackets. Its cells can be opened, so it is no <math>: what lies inside one is hidden
 * from those who listen.
 * @param {Matrix} matrix
 * @param {How} how
 */
const bracketed = (matrix, how) => html('div', { class: 'bracketed', role: 'group', 'aria-label': matrix.name },
  ...matrix.rows.map((row, at) => html('div', { class: 'cells' },
    ...row.map((cell, column) => cellElement(matrix, cell, at, column, how)))));

/** @param {Matrix} matrix @param {How} how */
function figure(matrix, how) {
  const counted = matrix.observations ? (matrix.turned ? ' has-rows' : ' has-columns') : '';
  return html('figure', { class: `matrix${counted}`, 'data-matrix': matrix.key },
    bracketed(matrix, how), html('figcaption', {}, matrix.name));
}

/** So many cells of one line are drawn smaller. */
const DENSE = 50;

/** @param {Line} line whether its numbers would need more room than there is */
function isDense({ pieces }) {
  const cells = pieces.map((piece) => ('sign' in piece ? [] : piece.rows));
  const columns = cells.reduce((sum, rows) => sum + (rows[0]?.length ?? 0), 0);
  return columns * Math.max(...cells.map((rows) => rows.length)) > DENSE;
}

/** @param {Line} line @param {How} how */
function lineElements(line, how) {
  const { title, pieces } = line;
  /** @type {(string | null)[]} */
  const signs = pieces.map((piece) => ('sign' in piece ? piece.sign : null));
  const terms = pieces.flatMap((piece, k) => {
    if ('sign' in piece) return [];
    const sign = signs[k - 1];
    return [html('div', { class: 'matrix-term' },
      ...(sign ? [html('span', { class: 'sign', 'aria-hidden': 'true' }, sign)] : []), figure(piece, how))];
  });
  const size = isDense(line) ? 'matrices dense' : 'matrices';
  return [html('h2', {}, title), html('div', { class: size, role: 'group', 'aria-label': title }, ...terms)];
}

/** @param {Element} root @param {string | null} lit @returns {string | null} the address of the weight to name */
function namedWeight(root, lit) {
  const cells = [...root.querySelectorAll(lit ? `[data-part="${lit}"]` : '.current')];
  return cells.map((cell) => cell.getAttribute('data-cell') ?? '').find((address) => /^d?w\[/.test(address)) ?? null;
}

/** @param {string} address @param {Session} session */
const told = (address, session) => `${bothNames(address, session)}: ${placeOf(address, session)}`;

/** @param {HTMLElement} root */
export function create(root) {
  const place = root.appendChild(html('div', { class: 'matrix-lines' }));
  const note = root.appendChild(html('p', { class: 'section-note weight-name' }));
  const motion = createMatrixMotion(root, place);
  /** @type {Session | null} */
  let shown = null;
  let scope = '';
  /** @type {string | null} */
  let lit = null;
  /** @type {Line[]} */
  let lines = [];

  /** @param {State} state @param {import('../addresses.js').Part | null} held */
  function draw(state, held) {
    const session = /** @type {Session} */ (state.session);
    lines = matricesOf(session, state.scope, held);
    const how = { session, depth: session.network.layers.length - 1, digits: state.digits };
    root.hidden = lines.length === 0;
    place.replaceChildren(...lines.flatMap((line) => lineElements(line, how)));
    place.classList.toggle('several', lines.length > 1);
  }

  /** @param {State} state */
  function mark(state) {
    // A part that is left out of the matrices is brought in when it is held in the diagram.
    const left = state.panel === 'matrices' && place.querySelector('.left-out');
    if (left && state.lit && !place.querySelector(`[data-part="${state.lit}"]`)) draw(state, partAt(state.lit));
    light(place, state.lit);
    const named = namedWeight(place, state.lit) ?? namedWeight(place, null);
    write(note, named && state.session ? told(named, state.session) : '');
    note.hidden = named === null;
  }

  return (/** @type {State} */ state) => {
    const { session } = state;
    if (!session) return;
    const changed = session !== shown || state.scope !== scope;
    motion.before(state);
    if (changed) draw(state, null);
    if (changed || state.lit !== lit) mark(state);
    motion.after(state, lines);
    [shown, scope, lit] = [session, state.scope, state.lit];
  };
}
