// @ts-check
/** Put a formula on the page, its symbols tied to the parts of the diagram they name. */

import { keyOf } from './addresses.js';
import { html, math, set } from './dom.js';
import { mark } from './sentence.js';

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
 * Put a sentence on the page, its numbers coloured like the formula's.
 * @param {Element} root
 * @param {string} sentence
 * @param {import('./types.js').Token[]} known
 */
export function showSentence(root, sentence, known) {
  root.replaceChildren(...mark(sentence, known).map(({ text, role }) =>
    role ? html('b', { class: `by-role role-${role}` }, text) : text));
}
