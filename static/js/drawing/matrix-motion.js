// @ts-check
/** The matrices in motion: they slide to where they stand next, the weights turn, numbers go from cell to cell. */

import { directionOf } from '../choreography.js';
import { html, mayMove } from '../dom.js';
import { later, matrixMoves } from '../matrix-moves.js';
import { createMotion, rateOf } from '../motion.js';

/**
 * @typedef {import('../types.js').State} State
 * @typedef {import('../types.js').Session} Session
 * @typedef {import('../motion.js').Gesture} Gesture
 * @typedef {import('../matrix-moves.js').MatrixMove} MatrixMove
 * @typedef {import('../matrix-moves.js').Turn} Turn
 * @typedef {{element: Element, box: DOMRect}} Figure
 * @typedef {object} Ground what is moved, and over it
 * @property {HTMLElement} root
 * @property {HTMLElement} place
 * @property {boolean} back
 */

const SLIDE = 240;
/** A row of weights after the other sets out; all have by this share of the time. */
const STAGGER = 0.4;
/** Less than so many pixels is no way. */
const LEAST = 2;

/** @param {Element} place @returns {Map<string, Figure>} the matrices by their keys */
const figuresIn = (place) => new Map([...place.querySelectorAll('[data-matrix]')].reverse().map((element) =>
  [element.getAttribute('data-matrix') ?? '', { element, box: element.getBoundingClientRect() }]));

/** @param {number} x @param {number} y */
const shift = (x, y) => `translate(${x.toFixed(1)}px, ${y.toFixed(1)}px)`;

/** @param {DOMRect} box */
const middle = ({ left, top, width, height }) => ({ x: left + width / 2, y: top + height / 2 });

/** @param {Map<string, Figure>} before @param {Map<string, Figure>} after @returns {Gesture[]} */
function slides(before, after) {
  return [...after].flatMap(([key, { element, box }]) => {
    const was = before.get(key)?.box;
    if (!was) return [];
    const [x, y] = [was.left - box.left, was.top - box.top];
    if (Math.abs(x) < LEAST && Math.abs(y) < LEAST) return [];
    return [{ element, frames: { transform: [shift(x, y), 'none'] }, at: 0, lasts: SLIDE, oneWay: true }];
  });
}

/** @param {Element} figure a matrix on its side @param {{at: number, lasts: number}} time @returns {Gesture[]} */
function turning(figure, { at, lasts }) {
  const bracket = /** @type {Element} */ (figure.querySelector('.bracketed'));
  const rows = [...bracket.children].map((row) => [...row.children].map((cell) => ({ cell, box: cell.getBoundingClientRect() })));
  const centre = middle(bracket.getBoundingClientRect());
  const high = rows[0]?.[0]?.box.height ?? 0;
  const wide = Math.max(...rows.flat().map(({ box }) => box.width));
  const colour = getComputedStyle(bracket).borderLeftColor;
  const cells = rows.flatMap((row, j) => row.map(({ cell, box }, k) => {
    const { x, y } = middle(box);
    const from = { x: centre.x + (j - (rows.length - 1) / 2) * wide, y: centre.y + (k - (row.length - 1) / 2) * high };
    return { element: cell, frames: { transform: [shift(from.x - x, from.y - y), 'none'] },
      at: at + (lasts * STAGGER * k) / row.length, lasts: lasts * (1 - STAGGER) };
  }));
  return [...cells, { element: bracket, frames: { borderColor: ['transparent', 'transparent', colour] }, at, lasts }];
}

/** @param {Ground} ground @param {string} text @param {Element} like @param {string} kind */
function loose({ root }, text, like, kind) {
  const role = [...like.classList].filter((name) => name.startsWith('role-')).join(' ');
  return root.appendChild(html('span', { class: `loose ${kind} by-role ${role}`, 'aria-hidden': 'true' }, text));
}

/** @param {Ground} ground @param {Element} element @param {DOMRect} box where it comes to stand over the middle of a cell */
function over({ root }, element, box) {
  const [{ x, y }, base, own] = [middle(box), root.getBoundingClientRect(), element.getBoundingClientRect()];
  return shift(x - base.left - own.width / 2, y - base.top - own.height / 2);
}

/** @param {Ground} ground @param {number} line @param {string} address @returns {Element | null} */
const cellAt = ({ place }, line, address) =>
  place.querySelectorAll('.matrices')[line]?.querySelector(`[data-cell="${address}"]`) ?? null;

/** @param {Ground} ground @param {import('../matrix-moves.js').Carry} move @returns {Gesture[]} */
function carrying(ground, { from, to, text, at, lasts }) {
  const [start, end] = [cellAt(ground, 0, from), cellAt(ground, 0, to)];
  if (!start || !end) return [];
  const element = loose(ground, text, start, 'flying');
  const way = [start, end].map((cell) => over(ground, element, cell.getBoundingClientRect()));
  return [{ element, frames: { transform: way, opacity: [0, 1, 1, 1, 1, 1, 1, 0] }, at, lasts, passing: true }];
}

/** @param {Ground} ground @param {import('../matrix-moves.js').Come} move @returns {Gesture[]} */
function coming(ground, { line, address, text, at, lasts }) {
  const cell = cellAt(ground, line, address);
  if (!cell) return [];
  if (!ground.back) return [{ element: cell, frames: { opacity: [0, 1] }, at, lasts }];
  // On the way back the cell is empty already: its number goes once more.
  const element = loose(ground, text, cell, 'going');
  const here = over(ground, element, cell.getBoundingClientRect());
  return [{ element, frames: { transform: [here, here], opacity: [0, 1] }, at, lasts, passing: true }];
}

/**
 * Turn the weights back; their matrix has left the page already.
 * @param {Ground} ground
 * @param {Turn} move
 * @param {Figure | undefined} was
 * @returns {Gesture[]}
 */
function turningBack({ root, place }, { at, lasts }, was) {
  if (!was) return [];
  const base = root.getBoundingClientRect();
  const element = root.appendChild(html('div', { class: 'loose', 'aria-hidden': 'true', inert: true }, was.element));
  element.style.setProperty('transform', shift(was.box.left - base.left, was.box.top - base.top));
  const time = { at, lasts };
  return [...turning(was.element, time), { element, frames: { opacity: [0, 1, 1, 1] }, ...time, passing: true },
    { element: place, frames: { opacity: [1, 0, 0, 0] }, ...time }];
}

/** @param {Ground} ground @param {MatrixMove} move @param {Map<string, Figure>} before @param {Map<string, Figure>} after @returns {Gesture[]} */
function gesturesOf(ground, move, before, after) {
  if (move.what === 'carry') return carrying(ground, move);
  if (move.what === 'come') return coming(ground, move);
  if (ground.back) return turningBack(ground, move, before.get(move.matrix));
  const figure = after.get(move.matrix)?.element;
  return figure ? turning(figure, move) : [];
}

/** @param {Session} session @param {boolean} fine */
const momentOf = (session, fine) => ({ session, fine, sizes: session.network.layers.map(({ size }) => size) });

/**
 * Move the matrices from step to step: `before` they are drawn anew and `after`.
 * @param {HTMLElement} root what the matrices' motion may cover
 * @param {HTMLElement} place
 */
export function createMatrixMotion(root, place) {
  const motion = createMotion();
  let moves = -1;
  /** @type {{session: Session, lines: import('../matrices.js').Line[]} | null} */
  let seen = null;
  /** @type {Map<string, Figure> | null} */
  let figures = null;
  root.addEventListener('pointerdown', () => motion.finish());

  /** @param {State} state @param {import('../matrices.js').Line[]} lines */
  function play(state, lines) {
    const session = /** @type {Session} */ (state.session);
    if (!seen || !figures || !mayMove() || !place.clientWidth) return;
    const fine = state.scope === 'term';
    const direction = directionOf(momentOf(seen.session, fine), momentOf(session, fine));
    if (direction === 0) return;
    const back = direction < 0;
    const [early, late, after, before] = [back ? session : seen.session, back ? seen.session : session, figuresIn(place), figures];
    const plan = matrixMoves({ early, late, fine, lines: back ? seen.lines : lines, digits: state.digits });
    const sliding = plan.some(({ what }) => what === 'turn') && back ? [] : slides(before, after);
    const waits = sliding.length && !back && plan[0]?.what !== 'turn' ? SLIDE : 0;
    const ground = { root, place, back };
    motion.play([...sliding, ...later(plan, waits).flatMap((move) => gesturesOf(ground, move, before, after))],
      { back, rate: rateOf(state) });
  }

  return {
    /** @param {State} state */
    before(state) {
      const moved = state.moves !== moves;
      if (moved || state.busy || state.panel !== 'matrices') motion.finish();
      figures = moved && place.clientWidth ? figuresIn(place) : null;
    },
    /** @param {State} state @param {import('../matrices.js').Line[]} lines */
    after(state, lines) {
      if (state.moves !== moves) play(state, lines);
      moves = state.moves;
      seen = state.session && { session: state.session, lines };
    },
  };
}
