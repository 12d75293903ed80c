// @ts-check
/** The words and the formula for the current event, and what comes next. */

import { hooks, set, write } from '../dom.js';
import { numbers, pieces, tokensOf, withoutResult } from '../formula.js';
import { whereOf } from '../layers.js';
import { showFormula, showSentence } from '../mathml.js';

/**
 * @typedef {import('../types.js').State} State
 * @typedef {import('../types.js').Session} Session
 */

/** @param {import('../types.js').Explanation} explanation */
const known = ({ substituted, running }) =>
  [...numbers(tokensOf(substituted)), ...(running ? numbers(tokensOf(running.substituted)) : [])];

/** @param {import('../types.js').Explanation} explanation */
function soFar({ running }) {
  if (!running) return '';
  return running.done === running.of ? `all ${running.of} terms` : `so far, ${running.done} of ${running.of} terms`;
}

const COARSE = new Set(['layer', 'pass', 'iteration']);

/** Give what a larger step says of itself. @param {Session} session @param {State['scope']} scope */
const summaryOf = ({ summary }, scope) => (COARSE.has(scope) ? summary : null);

/** @param {Session} session @param {Session['summary']} summary */
function titleOf({ event, position }, summary) {
  if (summary) return summary.title;
  if (event) return event.explanation.title;
  return position.iteration ? `Iteration ${position.iteration} begins` : 'Every number, one click at a time';
}

/** @typedef {ReturnType<typeof hooks>} Hook */

/** @param {Hook} hook @param {import('../types.js').Explanation} explanation @param {number} depth */
function showFormulas(hook, explanation, depth) {
  const { formula, substituted, shown } = explanation.running ?? explanation;
  showFormula(hook('formula'), formula.text, pieces(tokensOf(formula)), depth);
  showFormula(hook('numbers'), substituted.text, pieces(withoutResult(tokensOf(substituted))), depth);
  write(hook('result'), `= ${shown}`);
  write(hook('so-far'), soFar(explanation));
  set(hook('why'), { 'data-address': explanation.address });
}

/**
 * @param {Hook} hook
 * @param {Session} session
 * @param {Session['summary']} summary what a larger step says of itself
 * @param {string} about what the preset says of itself
 */
function showEvent(hook, session, summary, about) {
  const { event, position, network } = session;
  write(hook('where'), whereOf(session));
  write(hook('count'), event ? `event ${position.event} of ${position.events}` : `${position.events} events an iteration`);
  write(hook('title'), titleOf(session, summary));
  showSentence(hook('sentence'), summary?.sentence ?? event?.explanation.sentence ?? about,
    event ? known(event.explanation) : []);
  hook('sentence').hidden = !hook('sentence').textContent;
  hook('more').hidden = Boolean(summary || event);
  hook('formula-block').hidden = hook('numbers-block').hidden = !event;
  if (event) showFormulas(hook, event.explanation, network.layers.length - 1);
  write(hook('next'), position.next.sentence);
}

/** @param {Element} root @param {string | null} lit */
function light(root, lit) {
  for (const part of root.querySelectorAll('[data-part]')) {
    part.classList.toggle('is-held', part.getAttribute('data-part') === lit);
  }
}

/** @param {Event} event */
const partUnder = (event) =>
  /** @type {Element} */ (event.target).closest('[data-part]')?.getAttribute('data-part') ?? null;

/**
 * @param {HTMLElement} root
 * @param {import('../types.js').Dispatch} dispatch
 */
export function create(root, dispatch) {
  const hook = hooks(root);
  /** What the server wrote of the preset the page was opened with. */
  const introduced = { preset: root.dataset['preset'], summary: hook('sentence').textContent ?? '' };
  /** @type {Session | null} */
  let shown = null;
  let told = '';
  for (const name of ['pointerover', 'focusin']) {
    root.addEventListener(name, (event) => dispatch({ type: 'light', key: partUnder(event) }));
  }
  for (const name of ['pointerleave', 'focusout']) {
    root.addEventListener(name, () => dispatch({ type: 'light', key: null }));
  }

  return (/** @type {State} */ { session, scope, presets, lit }) => {
    const about = presets.find(({ id }) => id === session?.preset)?.summary
      ?? (session?.preset === introduced.preset ? introduced.summary : '');
    if (session && (session !== shown || (!session.event && about !== told))) {
      if (shown && session !== shown) root.scrollTop = 0;
      shown = session;
      told = about;
      showEvent(hook, session, summaryOf(session, scope), about);
    }
    light(root, lit);
  };
}
