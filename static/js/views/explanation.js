// @ts-check
/** The words and the formula for the current event, and what comes next. */

import { hooks, html, light, partUnder, set, write } from '../dom.js';
import { pieces, tokensOf, withoutResult } from '../formula.js';
import { whereOf } from '../layers.js';
import { link, showFormula, showSentence } from '../mathml.js';
import { toldOf, unbroken } from '../sentence.js';

/**
 * @typedef {import('../types.js').State} State
 * @typedef {import('../types.js').Session} Session
 */

/** @typedef {ReturnType<typeof hooks>} Hook */

/** @param {Hook} hook @param {import('../types.js').Explanation} explanation @param {number} depth */
function showFormulas(hook, explanation, depth) {
  const { formula, substituted, shown, adds_up: exact } = explanation.running ?? explanation;
  showFormula(hook('formula'), formula.text, pieces(tokensOf(formula)), depth);
  showFormula(hook('numbers'), substituted.text, pieces(withoutResult(tokensOf(substituted))), depth);
  write(hook('result'), `${exact ? '=' : '≈'} ${unbroken(shown)}`);
  write(hook('so-far'), explanation.running?.counted ?? '');
  set(hook('why'), { 'data-address': explanation.address });
}

/** @param {import('../types.js').Figure} figure @param {number} depth */
function figureItem({ label, name, number, before }, depth) {
  const numbers = before ? [link(before, depth), ' → ', link(number, depth)] : [link(number, depth)];
  return html('div', {}, html('dt', {}, html('span', { class: 'figure-label' }, label), ` ${unbroken(name)}`), html('dd', {}, ...numbers));
}

/** Show the numbers a larger step came to. @param {Hook} hook @param {NonNullable<Session['summary']>} summary @param {number} depth */
function showFigures(hook, { figures, more }, depth) {
  const rest = more ? [html('div', { class: 'figures-more' }, html('dt', {}, `and ${more} more`), html('dd'))] : [];
  hook('figures').replaceChildren(...figures.map((figure) => figureItem(figure, depth)), ...rest);
}

/** @param {Hook} hook @param {Session} session @param {Session['summary']} summary */
function showNumbers(hook, { event, network }, summary) {
  const depth = network.layers.length - 1;
  hook('numbers-block').hidden = !event;
  hook('formula-block').hidden = !event || Boolean(summary);
  for (const part of ['numbers', 'result-line']) hook(part).hidden = Boolean(summary);
  hook('figures').hidden = !summary;
  write(hook('numbers-title'), summary ? 'What came out' : 'With the numbers');
  const note = summary ? '' : event?.explanation.digits_note ?? '';
  write(hook('digits-note'), note);
  hook('digits-note').hidden = !note;
  if (summary) showFigures(hook, summary, depth);
  if (event) showFormulas(hook, event.explanation, depth);
}

/**
 * @param {Hook} hook
 * @param {Session} session
 * @param {State['scope']} scope
 * @param {string} about what the preset says of itself
 */
function showEvent(hook, session, scope, about) {
  const { event, position, network } = session;
  const { title, parts, summary } = toldOf(session, scope, about);
  write(hook('where'), whereOf(session));
  write(hook('count'), event ? `event ${position.event} of ${position.events}` : `${position.events} events an iteration`);
  write(hook('title'), unbroken(title));
  showSentence(hook('sentence'), parts, network.layers.length - 1);
  hook('sentence').hidden = !parts.length;
  hook('more').hidden = Boolean(summary || event);
  showNumbers(hook, session, summary);
  write(hook('next'), unbroken(position.next.sentence));
}

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
      showEvent(hook, session, scope, about);
    }
    light(root, lit);
  };
}
