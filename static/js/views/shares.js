// @ts-check
/** A batch's gradient as a flight of steps: what each observation adds, and where they all end. */

import { html, svg, write } from '../dom.js';
import { number } from '../format.js';
import { domain } from '../scales.js';
import { laid, restOf } from '../shares.js';

/**
 * @typedef {import('../types.js').State} State
 * @typedef {import('../types.js').Session} Session
 * @typedef {import('../shares.js').Step} Step
 */

const WIDTH = 360;
const HEIGHT = 72;
/** Room for the numbers of the axis, and for those of the observations. */
const LEFT = 56;
const FOOT = 16;
/** An observation's number needs so much room. */
const NUMBER = 20;
const WIDEST = 34;

/** @param {Step[]} steps */
function axes(steps) {
  const ends = steps.flatMap(({ from, to }) => [from, to]);
  const end = (/** @type {number[]} */ side) => (side.length ? domain(side) : 0);
  const [low, high] = [-end(ends.filter((one) => one < 0)), end(ends.filter((one) => one > 0))];
  const room = Math.min(WIDEST, (WIDTH - LEFT) / steps.length);
  return {
    low, high, room,
    /** @param {number} value */
    y: (value) => 6 + ((high - value) / (high - low || 1)) * (HEIGHT - 12),
    /** @param {number} place */
    x: (place) => LEFT + place * room,
  };
}

/** @typedef {ReturnType<typeof axes>} Axes */

/** @param {Axes} axes @param {number} count nought and the ends of the scale, where they can be read apart */
function scale({ low, high, y, x, room }, count) {
  const ends = [low, high].filter((end) => end !== 0 && Math.abs(y(end) - y(0)) > 10);
  return [...[0, ...ends].map((end) => svg('text', { x: LEFT - 6, y: y(end) + 4, 'text-anchor': 'end' }, number(end))),
    svg('path', { class: 'axis', d: `M${LEFT} ${y(0)}H${x(0) + count * room}` })];
}

/** @param {Step} step @param {number} place @param {Axes} axes @param {boolean} numbered */
function bar({ kind, name, short, from, to, value }, place, { x, y, room }, numbered) {
  const [top, bottom] = [Math.min(y(from), y(to)), Math.max(y(from), y(to))];
  const gap = Math.min(3, room / 6);
  const said = value === null ? name : `${name}: ${number(value)}`;
  return svg('g', { class: kind, role: 'listitem', 'aria-label': said },
    svg('title', {}, said),
    // Even where little is added there is something to point at.
    svg('path', { class: 'hit', d: `M${x(place)} 0h${room}V${HEIGHT + FOOT}h${-room}z` }),
    svg('rect', { x: x(place) + gap, y: top, width: room - 2 * gap, height: Math.max(1, bottom - top) }),
    ...(numbered ? [svg('text', { x: x(place) + room / 2, y: HEIGHT + FOOT - 3, 'text-anchor': 'middle' }, short)] : []));
}

/** @param {Step[]} steps */
function picture(steps) {
  const plan = axes(steps);
  const every = Math.ceil(NUMBER / plan.room);
  const ends = steps.slice(0, -1).map(({ to }, k) =>
    svg('path', { class: 'step', d: `M${plan.x(k)} ${plan.y(to)}H${plan.x(k + 2)}` }));
  return svg('svg', { viewBox: `0 0 ${WIDTH} ${HEIGHT + FOOT}`, class: 'shares', role: 'list', 'aria-label': 'What each observation adds, and their sum' },
    ...scale(plan, steps.length), ...ends,
    ...steps.map((step, k) => bar(step, k, plan, step.kind !== 'share' || k % every === 0)));
}

/** @param {Session} session @param {number[]} shares */
function stepsOf({ batch, event, training }, shares) {
  const value = event?.explanation.value ?? 0;
  const steps = laid(shares, batch.focus);
  const penalised = event?.kind === 'gradient' && Boolean(training.l1 || training.l2);
  const rest = restOf(steps, value, batch.rows.length - shares.length, penalised);
  return [...steps, ...(rest ? [rest] : []), { kind: 'total', name: 'The gradient', short: 'Σ', from: 0, to: value, value }];
}

/** @param {HTMLElement} root */
export function create(root) {
  const title = html('h2');
  const own = html('span');
  root.append(html('div', { class: 'shares-head' }, title, own));
  const place = root.appendChild(html('div'));
  /** @type {Session | null} */
  let shown = null;
  return (/** @type {State} */ { session, panel, digits }) => {
    const shares = session?.event?.shares ?? null;
    root.hidden = !shares || panel !== 'formula';
    if (!session || !shares || session === shown) return;
    shown = session;
    const { focus } = session.batch;
    write(title, 'What each adds to the average');
    write(own, focus < shares.length ? `${focus + 1} adds ${number(shares[focus], digits)}` : '');
    place.replaceChildren(picture(stepsOf(session, shares)));
  };
}
