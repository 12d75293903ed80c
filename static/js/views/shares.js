// @ts-check
/** A batch's gradient as bars: what each observation adds, stacked into the sum. */

import { html, set, svg, write } from '../dom.js';
import { number } from '../format.js';
import { domain } from '../scales.js';

/** @typedef {import('../types.js').State} State */

const WIDTH = 320;
const ROW = 12;
const MOST = 12;

/** Where each bar begins and ends when they are laid end to end. @param {number[]} shares */
function laid(shares) {
  let end = 0;
  return shares.map((share) => {
    const from = end;
    // Only the place of a bar: the sum that is shown is the server's.
    end += share;
    return { from, to: end, share };
  });
}

/** @param {ReturnType<typeof laid>} bars @param {number} focus */
function picture(bars, focus) {
  const top = domain(bars.flatMap(({ from, to }) => [from, to]));
  const x = (/** @type {number} */ value) => WIDTH / 2 + (value / top) * (WIDTH / 2 - 4);
  return svg('svg', { viewBox: `0 0 ${WIDTH} ${bars.length * ROW + 4}`, class: 'shares', 'aria-hidden': 'true' },
    svg('line', { class: 'axis', x1: x(0), x2: x(0), y1: 0, y2: bars.length * ROW + 4 }),
    ...bars.map(({ from, to, share }, k) => svg('rect', { class: `${share < 0 ? 'negative' : 'positive'}${k === focus ? ' is-focus' : ''}`,
      x: Math.min(x(from), x(to)), y: k * ROW + 2, width: Math.max(1, Math.abs(x(to) - x(from))), height: ROW - 3, rx: 1 })));
}

/** @param {HTMLElement} root */
export function create(root) {
  const title = root.appendChild(html('h2'));
  const place = root.appendChild(html('div'));
  const note = root.appendChild(html('p', { class: 'section-note' }));
  /** @type {State['session']} */
  let shown = null;
  return (/** @type {State} */ { session, panel }) => {
    const shares = session?.event?.shares ?? null;
    root.hidden = !shares || panel !== 'formula';
    if (!session || !shares || session === shown) return;
    shown = session;
    const listed = shares.slice(0, MOST);
    const value = number(session.event?.explanation.value);
    write(title, 'What each observation adds');
    place.replaceChildren(picture(laid(listed), session.batch.focus));
    set(place, { role: 'img', 'aria-label': `${listed.map((share) => number(share)).join(', ')}` });
    const left = session.batch.rows.length - listed.length;
    write(note, `Each of the ${session.batch.rows.length} observations adds its error times its signal, the average’s 1/${session.batch.rows.length} already in it. End to end they reach the gradient: ${value}.${left > 0 ? ` ${left} more are not drawn.` : ''}`);
  };
}
