// @ts-check
/** The layer at work as matrices, linked cell by cell with the neurons and connections. */

import { keyOf } from '../addresses.js';
import { html, set, write } from '../dom.js';
import { number } from '../format.js';
import { matricesOf } from '../matrices.js';
import { weightRole } from '../scales.js';

/**
 * @typedef {import('../types.js').State} State
 * @typedef {import('../matrices.js').Cell} Cell
 * @typedef {import('../matrices.js').Matrix} Matrix
 */

/** @typedef {{depth: number, digits: number}} How */

/** @param {Matrix} matrix @param {number} value */
const roleOf = ({ role }, value) => (role === 'weight' ? weightRole(value) : role);

/**
 * @param {Matrix} matrix
 * @param {Cell | null} cell
 * @param {number} column
 * @param {How} how
 */
function cellElement(matrix, cell, column, { depth, digits }) {
  if (!cell) return html('span', { class: 'cell left-out' }, '⋯');
  const known = cell.value !== null;
  const classes = [
    'cell',
    ...(known ? ['by-role', `role-${roleOf(matrix, Number(cell.value))}`] : ['empty']),
    ...(cell.current ? ['current'] : []),
    ...(matrix.lit !== undefined && matrix.lit !== column ? ['aside'] : []),
  ];
  return html('span', {
    class: classes.join(' '),
    'data-part': keyOf(cell.address, depth),
    'data-address': known ? cell.address : null,
  }, known ? number(cell.value, digits) : '\u2007\u2007\u2007');
}

/**
 * Draw a matrix in its brackets. Its cells can be opened, so it is no <math>: what lies inside one is hidden
 * from those who listen.
 * @param {Matrix} matrix
 * @param {How} how
 */
const bracketed = (matrix, how) => html('div', { class: 'bracketed', role: 'group', 'aria-label': matrix.name },
  ...matrix.rows.map((row) => html('div', { class: 'cells' },
    ...row.map((cell, column) => cellElement(matrix, cell, column, how)))));

/** @param {import('../matrices.js').Piece} piece @param {How} how */
function pieceElement(piece, how) {
  if ('sign' in piece) return html('span', { class: 'sign', 'aria-hidden': 'true' }, piece.sign);
  return html('figure', { class: 'matrix' }, bracketed(piece, how), html('figcaption', {}, piece.name));
}

/** @param {HTMLElement} root */
export function create(root) {
  const title = root.querySelector('h2') ?? root.appendChild(html('h2'));
  const line = root.appendChild(html('div', { class: 'matrices', role: 'group' }));
  /** @type {State['session']} */
  let shown = null;
  /** @type {string | null} */
  let lit = null;

  return (/** @type {State} */ { session, digits, lit: held }) => {
    if (session && session !== shown) {
      shown = session;
      lit = null;
      const how = { depth: session.network.layers.length - 1, digits };
      const lines = matricesOf(session);
      root.hidden = lines.length === 0;
      write(title, lines[0]?.title ?? '');
      set(line, { 'aria-label': lines[0]?.title ?? null });
      line.replaceChildren(...lines.flatMap(({ pieces }) => pieces.map((piece) => pieceElement(piece, how))));
    }
    if (held !== lit) {
      lit = held;
      for (const part of line.querySelectorAll('[data-part]')) {
        part.classList.toggle('is-held', part.getAttribute('data-part') === lit);
      }
    }
  };
}
