// @ts-check
/** What is said of a moment: on the page, and by the very same words to a screen reader. */

/**
 * @typedef {import('./types.js').Session} Session
 * @typedef {import('./types.js').Part} Part
 * @typedef {import('./types.js').Granularity} Granularity
 * @typedef {{title: string, parts: Part[], summary: Session['summary']}} Told
 */

const COARSE = new Set(['neuron', 'layer', 'pass', 'iteration']);

/** @param {string} text @returns {Part} */
const words = (text) => ({ text, address: null, role: null });

/** @param {Session['position']} position */
const beginning = ({ iteration }) => (iteration ? `Iteration ${iteration} begins` : 'Every number, one click at a time');

/**
 * Give title and sentence of the last move: of a larger step its own, otherwise the event's.
 * @param {Session} session
 * @param {Granularity} scope what the last move covered
 * @param {string} [about] what to say before the first event
 * @returns {Told}
 */
export function toldOf({ summary, event, position }, scope, about = '') {
  if (summary && COARSE.has(scope)) return { title: summary.title, parts: summary.sentence_parts, summary };
  if (event) return { title: event.explanation.title, parts: event.explanation.sentence_parts, summary: null };
  return { title: beginning(position), parts: about ? [words(about)] : [], summary: null };
}

/** Say it all in one line. @param {Told} told */
export const aloud = ({ title, parts }) => `${title}. ${parts.map(({ text }) => text).join('')}`;

/**
 * Keep on one line what is read as one: "neuron 2", "2.9 × 10⁻⁷".
 * @param {string} text
 */
export const unbroken = (text) =>
  text.replace(/(neuron|Hidden|Input|Output) (?=\d)/g, '$1\u00a0').replaceAll(' × 10', '\u00a0×\u00a010');
