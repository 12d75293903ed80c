// @ts-check
/** Tell a screen reader one sentence per event, once things have come to rest. */

import { write } from '../dom.js';
import { aloud, toldOf } from '../sentence.js';

const REST = 180;
const REST_IN_PLAY = 2500;

/** @param {HTMLElement} root */
export function create(root) {
  let told = 0;
  let last = -Infinity;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  return (/** @type {import('../types.js').State} */ { session, scope, moves, playing }) => {
    if (!session || moves === told) return;
    const first = told === 0;
    told = moves;
    clearTimeout(timer);
    if (first) return;
    const sentence = aloud(toldOf(session, scope, session.position.next.sentence));
    const wait = playing ? Math.max(REST, last + REST_IN_PLAY - performance.now()) : REST;
    timer = setTimeout(() => { last = performance.now(); write(root, sentence); }, wait);
  };
}
