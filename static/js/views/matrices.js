// @ts-check
/** The layer at work as matrices, linked cell by cell with the neurons and connections. */

import { keyOf } from '../addresses.js';
import { html, math, set, write } from '../dom.js';
import { number } from '../format.js';
import { matricesOf } from '../matrices.js';
import { weightRole } from '../scales.js';

/**
 * @typedef {import('../types.js').State} State
 * @typedef {import('../matrices.js').Cell} Cell
 * @typedef {import('../matrices.js').Matrix} Matrix
 * @typedef {import('../formula.js').MathNode} MathNode
 */

/** @typedef {{depth: number, digits: number}} How */

/** @param {Matrix} matrix @param {number} value */
const roleOf = ({ role }, value) => (role === 'weight' ? weightRole(value) : role);

/**
 * @param {Matrix} matrix
 * @param {Cell | null} cell
 * @param {number} column
 * @param {How} how
 * @returns {MathNode}
 */
function cellNode(matrix, cell, column, { depth, digits }) {
  if (!cell) return { tag: 'mtd', attrs: { class: 'left-out' }, children: [{ tag: 'mo', text: '⋯', attrs: {}, children: [] }] };
  const known = cell.value !== null;
  const classes = [
    ...(known ? ['by-role', `role-${roleOf(matrix, Number(cell.value))}`] : ['empty']),
    ...(cell.current ? ['current'] : []),
    ...(matrix.lit !== undefined && matrix.lit !== column ? ['aside'] : []),
  ];
  const key = keyOf(cell.address, depth);
  /** @type {Record<string, string>} */
  const attrs = { class: classes.join(' '), ...(key ? { 'data-part': key } : {}), ...(known ? { 'data-address': cell.address } : {}) };
  const text = known ? number(cell.value, digits) : '\u2007\u2007\u2007';
  return { tag: 'mtd', attrs: {}, children: [{ tag: known ? 'mn' : 'mtext', text, attrs, children: [] }] };
}

/** @param {Matrix} matrix @param {How} how @returns {MathNode} */
function matrixNode(matrix, how) {
  const rows = matrix.rows.map((row) => ({ tag: 'mtr', attrs: {},
    children: row.map((cell, column) => cellNode(matrix, cell, column, how)) }));
  const fence = (/** @type {string} */ text) => ({ tag: 'mo', text, attrs: { stretchy: 'true' }, children: [] });
  const table = { tag: 'mtable', attrs: matrix.turned ? { class: 'turned' } : {}, children: rows };
  return { tag: 'math', attrs: { display: 'inline' }, children: [
    { tag: 'mrow', attrs: {}, children: [fence('['), table, fence(']')] }] };
}

/** @param {import('../matrices.js').Piece} piece @param {How} how */
function pieceElement(piece, how) {
  if ('sign' in piece) return html('span', { class: 'sign', 'aria-hidden': 'true' }, piece.sign);
  return html('figure', { class: 'matrix' }, math(matrixNode(piece, how)), html('figcaption', {}, piece.name));
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
