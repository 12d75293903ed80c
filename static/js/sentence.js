// @ts-check
/** Colour the numbers of a sentence like the things they name. */

/** @typedef {import('./types.js').Token} Token */

const NUMBER = /[−-]?\d[\d,]*(?:\.\d+)?(?: × 10[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)?/g;

/**
 * Cut a sentence where a number stands that the formula knows; a number that could be two things stays plain.
 * @param {string} sentence
 * @param {Token[]} known the formula's numbers
 * @returns {{text: string, role: string | null}[]}
 */
export function mark(sentence, known) {
  /** @type {Map<string, string | null>} */
  const roles = new Map();
  for (const { text = '', role = null } of known) {
    const other = roles.get(text);
    roles.set(text, other === undefined || other === role ? role : null);
  }
  const parts = [];
  let from = 0;
  for (const found of sentence.matchAll(NUMBER)) {
    const role = roles.get(found[0]) ?? null;
    if (!role || role === 'plain') continue;
    parts.push({ text: sentence.slice(from, found.index), role: null }, { text: found[0], role });
    from = found.index + found[0].length;
  }
  return [...parts, { text: sentence.slice(from), role: null }].filter(({ text }) => text);
}
