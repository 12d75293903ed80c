// @ts-check
/** Put a formula on the page, its symbols tied to the parts of the diagram they name. */

import { keyOf } from './addresses.js';
import { html, math, set } from './dom.js';
import { unbroken } from './sentence.js';

/**
 * @param {Element} root
 * @param {string} text what the formula says, for a screen reader
 * @param {import('./formula.js').MathNode[]} cut the formula in pieces, so that it wraps like a sentence
 * @param {number} depth
 */
export function showFormula(root, text, cut, depth) {
  set(root, { role: 'math', 'aria-label': text });
  root.replaceChildren(...cut.flatMap((piece) =>
    [math({ tag: 'math', attrs: { displaystyle: 'true' }, children: [piece] }), ' ']));
  for (const symbol of root.querySelectorAll('[data-address]')) {
    const key = keyOf(symbol.getAttribute('data-address') ?? '', depth);
    if (key) set(symbol, { 'data-part': key });
  }
}

/**
 * Make a number a link to its card.
 * @param {import('./types.js').Part} part
 * @param {number} depth
 */
export const link = ({ text, address, role }, depth) => html('span', {
  class: role && role !== 'plain' ? `number by-role role-${role}` : 'number',
  role: 'button', tabindex: 0, 'data-address': address, 'data-part': keyOf(address ?? '', depth),
}, unbroken(text));

/**
 * Put a sentence on the page: each number in the colour of what it names, and a link to its card.
 * @param {Element} root
 * @param {import('./types.js').Part[]} parts
 * @param {number} depth
 */
export function showSentence(root, parts, depth) {
  root.replaceChildren(...parts.map((part) => (part.address ? link(part, depth) : unbroken(part.text))));
}
