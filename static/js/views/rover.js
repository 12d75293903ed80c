// @ts-check
/** Groups of numbers by keyboard: a group is one stop of the Tab key, the arrow keys walk inside it, Enter opens a card. */

import { set } from '../dom.js';

const GROUPS = '.values, .matrices, .blame, .squares';
const NUMBER = '[data-address]';

/** @type {Record<string, [number, number]>} */
const WAYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
/** Going aside costs more than going on. */
const ASIDE = 4;

/** @param {Element} element */
const centre = (element) => {
  const { left, top, width, height } = element.getBoundingClientRect();
  return { x: left + width / 2, y: top + height / 2 };
};

/**
 * Find the nearest number in a direction.
 * @param {Element} from
 * @param {Element[]} others
 * @param {[number, number]} way
 */
function nearest(from, others, [right, down]) {
  const here = centre(from);
  /** @type {Element | null} */
  let best = null;
  let least = Infinity;
  for (const other of others) {
    const { x, y } = centre(other);
    const ahead = (x - here.x) * right + (y - here.y) * down;
    const aside = Math.abs((x - here.x) * down) + Math.abs((y - here.y) * right);
    const far = ahead + ASIDE * aside;
    if (other !== from && ahead > 1 && far < least) [best, least] = [other, far];
  }
  return best;
}

/** @param {Element} group @param {Element} chosen */
function choose(group, chosen) {
  for (const one of group.querySelectorAll(NUMBER)) {
    const native = one.tagName === 'BUTTON';
    set(one, { tabindex: one === chosen ? 0 : -1, ...(native ? {} : { role: 'button' }) });
  }
}

/** @param {HTMLElement[]} roots what the groups stand in */
export function create(roots) {
  for (const root of roots) {
    root.addEventListener('keydown', (press) => {
      const way = WAYS[press.key];
      const from = press.target instanceof Element ? press.target.closest(NUMBER) : null;
      const group = from?.closest(GROUPS);
      if (!way || !from || !group || press.ctrlKey || press.metaKey || press.altKey) return;
      press.preventDefault();
      press.stopPropagation();
      const next = nearest(from, [...group.querySelectorAll(NUMBER)], way);
      if (next) choose(group, next);
      /** @type {HTMLElement | null} */ (next)?.focus();
    });
  }
  return () => {
    for (const group of roots.flatMap((root) => [...root.querySelectorAll(GROUPS)])) {
      const first = group.querySelector(`${NUMBER}[tabindex="0"]`) ?? group.querySelector(NUMBER);
      if (first && group.querySelector(`${NUMBER}:not([tabindex])`)) choose(group, first);
    }
  };
}
