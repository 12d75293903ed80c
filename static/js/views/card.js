// @ts-check
/** The card of one number: what it is, what it means, where it comes from and where it is used. */

import { keyOf, observationIn, partOf } from '../addresses.js';
import { createChange } from '../card/change-block.js';
import { chip, fillChips } from '../card/chips.js';
import { createNudge } from '../card/nudge-block.js';
import { createWays } from '../card/ways-block.js';
import { hooks, html, light, partUnder, set, write } from '../dom.js';
import { layersOf, without } from '../editing.js';
import { number } from '../format.js';
import { pieces, tokensOf } from '../formula.js';
import { labelOfRow } from '../layers.js';
import { showFormula, showSentence } from '../mathml.js';
import { labelOf, numbersIn, placeOf, roleOf, valueOf } from '../numbers.js';
import { unbroken } from '../sentence.js';

/**
 * @typedef {import('../types.js').State} State
 * @typedef {import('../types.js').Session} Session
 * @typedef {import('../types.js').Explanation} Explanation
 * @typedef {import('../types.js').Dispatch} Dispatch
 * @typedef {(name: string) => HTMLElement} Hook
 */

/** Where the card covers the explanation whole; on a phone it is a sheet at the foot. */
const BESIDE = '(min-width: 900px), (min-width: 640px) and (max-height: 559px)';
/** Pixels between a part of the diagram and the sheet. */
const CLEARANCE = 28;

/** @param {Hook} hook @param {State} state @param {Session} session */
function showTrail(hook, { card }, session) {
  const trail = card?.trail ?? [];
  const here = card?.address ?? '';
  set(hook('back'), { 'aria-disabled': trail.length ? null : 'true' });
  const steps = trail.map((address) => html('li', {}, html('button', {
    type: 'button', class: `trail-step by-role role-${roleOf(address, session)}`, 'data-address': address,
    title: placeOf(address, session) || null }, labelOf(address, session))));
  hook('trail').replaceChildren(...steps, ...(trail.length
    ? [html('li', {}, html('span', { class: 'trail-here', 'aria-current': 'step' }, labelOf(here, session)))]
    : [html('li', {}, html('span', { class: 'trail-here' }, placeOf(here, session)))]));
  hook('trail').scrollLeft = hook('trail').scrollWidth;
}

/** In a batch a number is one observation's, or all of theirs. @param {string} address @param {Session} session */
function ofWhom(address, session) {
  const observation = observationIn(address);
  return observation === null || session.batch.rows.length < 2 ? '' : `, ${labelOfRow(session, observation)}`;
}

/** @param {Hook} hook @param {State} state @param {Session} session */
function showHead(hook, { card, answer }, session) {
  const address = card?.address ?? '';
  const told = answer?.address === address ? answer.explanation : null;
  const value = told?.value ?? valueOf(address, session);
  set(hook('label'), { class: `by-role role-${roleOf(address, session, value)}` });
  // Its name says where it is, and so does the bar of a first card.
  hook('place').hidden = Boolean(told) || !card?.trail.length;
  write(hook('place'), placeOf(address, session));
  write(hook('label'), told?.label ?? labelOf(address, session));
  write(hook('name'), told ? told.name + ofWhom(address, session) : '');
  const known = typeof value === 'number';
  hook('value-line').hidden = !known;
  if (!known) hook('full-line').hidden = true;
  set(hook('all-digits'), { 'aria-expanded': String(!hook('full-line').hidden) });
  write(hook('value'), told ? unbroken(told.shown) : number(value));
  write(hook('full'), known ? String(value).replace('-', '−') : '');
}

/** @param {Hook} hook @param {State} state */
function showUnknown(hook, { card, answer }) {
  const unknown = answer?.address === card?.address ? answer?.unknown : null;
  hook('unknown').hidden = !unknown;
  write(hook('unknown-text'), unknown?.text ?? '');
  hook('go-there').hidden = !unknown?.event;
}

/** @param {Explanation} told a number that was given has no formula but its own name */
const isPlain = ({ formula, label, operands }) => formula.text === label && !operands.length;

/** @param {Hook} hook @param {Explanation | null} told @param {Session} session */
function showMeaning(hook, told, session) {
  hook('meaning').hidden = !told;
  hook('formula-block').hidden = !told || isPlain(told);
  if (!told) return;
  const depth = session.network.layers.length - 1;
  showSentence(hook('meaning'), told.sentence_parts, depth);
  if (isPlain(told)) return;
  showFormula(hook('formula'), told.formula.text, pieces(tokensOf(told.formula)), depth);
  showFormula(hook('numbers'), told.substituted.text, pieces(tokensOf(told.substituted)), depth);
}

/** @param {Hook} hook @param {Explanation | null} told @param {Session} session */
function showLinks(hook, told, session) {
  const operands = told?.operands ?? [];
  const uses = told?.used_by ?? [];
  hook('from-block').hidden = operands.length === 0;
  hook('uses-block').hidden = uses.length === 0;
  fillChips(hook('from'), operands.map(({ address, label, value }) => chip(session, address, { label, value })));
  fillChips(hook('uses'), uses.map((address) => chip(session, address)));
}

/** @param {Hook} hook @param {string} address @param {Session} session */
function showKin(hook, address, session) {
  const part = partOf(address, session.network.layers.length - 1);
  const kin = part ? numbersIn(session, part, observationIn(address) ?? undefined) : [];
  hook('kin-block').hidden = kin.length < 2;
  write(hook('kin-title'), part?.type === 'connection' ? 'On this connection' : 'In this neuron');
  fillChips(hook('kin'), kin.map((one) => chip(session, one, { kin: true, current: one === address })));
}

/** @param {string} address @param {Session} session @returns {import('../addresses.js').Part | null} a neuron that may leave its layer */
function removable(address, session) {
  const depth = session.network.layers.length - 1;
  const part = partOf(address, depth);
  const size = session.network.layers[part?.layer ?? 0]?.size ?? 0;
  return part?.type === 'neuron' && part.layer > 0 && part.layer < depth && size > 1 && !session.read_only ? part : null;
}

/** @param {Hook} hook @param {Dispatch} dispatch @param {() => State | null} get */
function listen(hook, dispatch, get) {
  const full = hook('full-line');
  hook('back').addEventListener('click', () => get()?.card?.trail.length && dispatch({ type: 'card-back' }));
  hook('close').addEventListener('click', () => dispatch({ type: 'card', address: null }));
  hook('all-digits').addEventListener('click', () => {
    full.hidden = !full.hidden;
    set(hook('all-digits'), { 'aria-expanded': String(!full.hidden) });
  });
  hook('copy').addEventListener('click', () => {
    const text = (hook('full').textContent ?? '').replace('−', '-');
    const done = () => {
      write(hook('said'), `${text} copied`);
      write(hook('copy'), 'Copied');
      setTimeout(() => write(hook('copy'), 'Copy'), 1500);
    };
    // Where the clipboard is closed to pages, the number stands selected for the person's own copy.
    const select = () => getSelection()?.selectAllChildren(hook('full'));
    if (navigator.clipboard) navigator.clipboard.writeText(text).then(done, select);
    else select();
  });
  hook('remove-neuron').addEventListener('click', () => {
    const { card, session } = get() ?? {};
    const part = card && session ? removable(card.address, session) : null;
    if (!part || !session) return;
    dispatch({ type: 'card', address: null });
    dispatch({ type: 'edit', body: without(layersOf(session), part.layer - 1, part.neuron) });
  });
  hook('go-there').addEventListener('click', () => {
    const state = get();
    dispatch({ type: 'goto', iteration: state?.session?.position.iteration ?? 0, event: state?.answer?.unknown?.event ?? 0 });
    hook('title').focus();
  });
}

/** @param {HTMLElement} root @param {Dispatch} dispatch */
function lightParts(root, dispatch) {
  for (const name of ['pointerover', 'focusin']) root.addEventListener(name, (event) => dispatch({ type: 'light', key: partUnder(event) }));
  for (const name of ['pointerleave', 'focusout']) root.addEventListener(name, () => dispatch({ type: 'light', key: null }));
}

/** Remember what had the focus, and give it back. @param {HTMLElement} root */
function focusKeeper(root) {
  /** @type {Element | null} */
  let before = null;
  return {
    keep() {
      if (!root.contains(document.activeElement)) before = document.activeElement;
    },
    giveBack() {
      if (!root.contains(document.activeElement) && document.activeElement !== document.body) return;
      const usable = before instanceof Element && before.isConnected && before !== document.body;
      const home = /** @type {HTMLElement | SVGElement | null} */ (usable ? before : document.getElementById('step'));
      home?.focus({ preventScroll: true });
    },
  };
}

/** @param {State} state @param {Session} session @returns {string | null} */
const ownPart = ({ card }, { network }) => (card ? keyOf(card.address, network.layers.length - 1) : null);

/** Bring the card's part of the diagram into sight above a sheet. @param {HTMLElement} sheet */
function uncover(sheet) {
  const part = document.querySelector('.diagram [data-mark]')?.getBoundingClientRect();
  const top = sheet.getBoundingClientRect().top;
  if (part && part.bottom > top - CLEARANCE) scrollBy(0, part.bottom - top + CLEARANCE);
}

/** @param {HTMLElement} root @param {Hook} hook @param {Dispatch} dispatch */
function createBody(root, hook, dispatch) {
  const change = createChange(hook, dispatch);
  const blocks = [change, createNudge(hook, dispatch), createWays(hook, dispatch)];
  /** @type {unknown[]} */
  let shown = [];
  return {
    change,
    /** @param {State} state @param {Session} session */
    update(state, session) {
      const { card, answer, lit } = state;
      const wanted = [card, answer, session];
      if (card && wanted.some((part, k) => part !== shown[k])) {
        shown = wanted;
        const told = answer?.address === card.address ? answer.explanation : null;
        showTrail(hook, state, session);
        showHead(hook, state, session);
        showUnknown(hook, state);
        showMeaning(hook, told, session);
        showLinks(hook, told, session);
        showKin(hook, card.address, session);
        hook('removal').hidden = !removable(card.address, session);
      }
      for (const block of blocks) block.update(state);
      light(root, lit === ownPart(state, session) ? null : lit);
    },
  };
}

/**
 * @param {HTMLElement} root the card
 * @param {HTMLElement} under what it covers on a wide page
 * @param {Dispatch} dispatch
 */
export function create(root, under, dispatch) {
  const find = hooks(root);
  /** @type {Hook} */
  const hook = (name) => (name === 'title' || name === 'said'
    ? /** @type {HTMLElement} */ (document.getElementById(`card-${name}`)) : find(name));
  const body = createBody(root, hook, dispatch);
  const focus = focusKeeper(root);
  const wide = matchMedia(BESIDE);
  /** @type {State | null} */
  let last = null;
  let address = '';
  listen(hook, dispatch, () => last);
  lightParts(root, dispatch);

  document.addEventListener('keydown', (press) => {
    if (press.key !== 'Escape' || root.hidden || document.querySelector('dialog[open], :popover-open:not(#messages)')) return;
    if (root.contains(document.activeElement) && body.change.drop()) return;
    dispatch({ type: 'card', address: null });
  });

  /** @param {State} state */
  function close({ card }) {
    if (root.hidden || card) return;
    root.hidden = true;
    under.inert = false;
    address = '';
    focus.giveBack();
  }

  /** @param {State} state @param {boolean} fresh whether another number is shown than before */
  function settle({ card, answer }, fresh) {
    if (!fresh || !card) return;
    address = card.address;
    find('body').scrollTop = 0;
    if (!wide.matches) uncover(root);
    if (card.quiet) return;
    hook('title').focus({ preventScroll: true });
    write(hook('said'), answer?.explanation?.sentence ?? answer?.unknown?.text ?? '');
  }

  return (/** @type {State} */ state) => {
    last = state;
    const { card, answer, session } = state;
    if (!card || !session) return close({ ...state, card: null });
    const ready = answer?.address === card.address;
    set(root, { 'aria-busy': ready ? null : 'true' });
    // What is shown stays until the answer is there, so that nothing flickers.
    if (!ready && !root.hidden) return undefined;
    if (root.hidden) focus.keep();
    root.hidden = false;
    under.inert = wide.matches;
    body.update(state, session);
    return settle(state, ready && card.address !== address);
  };
}
