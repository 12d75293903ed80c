// @ts-check
/** All ways from a weight or a bias to the cost: the factors met on each, their product, and the sum that is the gradient. */

import { html } from '../dom.js';
import { number } from '../format.js';
import { labelOfRow } from '../layers.js';
import { hasWays, labelOf, valueOf } from '../numbers.js';
import { stations, wayMarks } from '../ripple.js';
import { chip } from './chips.js';

/**
 * @typedef {import('../types.js').State} State
 * @typedef {import('../types.js').Session} Session
 * @typedef {import('../types.js').Ways} Ways
 * @typedef {import('../types.js').Way} Way
 * @typedef {import('../types.js').Dispatch} Dispatch
 */

const DIGITS = 4;

/** @param {number} product @param {number} largest */
function bar(product, largest) {
  const fill = html('i', { class: product < 0 ? 'is-negative' : 'is-positive' });
  fill.style.setProperty('width', `${(50 * Math.abs(product) / (largest || 1)).toFixed(1)}%`);
  return html('span', { class: 'way-bar', 'aria-hidden': 'true' }, fill);
}

/** @param {Ways} found @param {Way} way @param {Session} session @param {Dispatch} dispatch */
function wayItem(found, way, session, dispatch) {
  const route = stations(found.address, way, session).flatMap(({ text, role }, k) =>
    [...(k ? [' → '] : []), html('span', { class: `by-role role-${role}` }, text)]);
  const factors = way.factors.flatMap(({ address, label, value }, k) =>
    [...(k ? [html('span', { class: 'times', 'aria-hidden': 'true' }, '×')] : []), chip(session, address, { label, value })]);
  const item = html('li', { class: 'way' },
    html('p', { class: 'way-route' }, html('span', {}, ...route), html('b', {}, number(way.product, DIGITS))),
    html('div', { class: 'way-factors' }, ...factors),
    bar(way.product, Math.abs(found.ways[0]?.product ?? 0)));
  const show = () => dispatch({ type: 'marks', marks: wayMarks(found.address, way) });
  const hide = () => dispatch({ type: 'marks', marks: null });
  item.addEventListener('pointerenter', show);
  item.addEventListener('focusin', show);
  item.addEventListener('pointerleave', hide);
  item.addEventListener('focusout', hide);
  return item;
}

/**
 * Add the ways up to the gradient: those of this observation, then what the others of the batch and the penalties add.
 * @param {Ways} found @param {Session} session
 */
function summary({ address, count, observation, observations, others, rest, ways, total, penalty, gradient }, session) {
  const left = count - ways.length;
  const many = observations > 1;
  const whose = many ? ` for ${labelOfRow(session, observation)}` : '';
  const lines = [
    ...(left > 0 ? [[`The other ${left} ways`, number(rest, DIGITS)]] : []),
    [count === 1 ? `The one way${whose}` : `All ${count} ways${whose} added up`, number(total, DIGITS)],
    ...(many ? [[`The other ${observations - 1} of the batch`, number(others, DIGITS)]] : []),
    ...(penalty ? [['The penalty on the weight', number(penalty, DIGITS)]] : []),
    [`∂C/∂${labelOf(address, session)} by backpropagation`, number(gradient, DIGITS)],
  ];
  return html('dl', { class: 'proof' }, ...lines.map(([term = '', value = '']) => html('div', {}, html('dt', {}, term), html('dd', {}, value))));
}

const NOT_YET = 'The gradient is not known yet: the backward pass finds it.';

/** @param {Session} session @param {string} text @param {Dispatch} dispatch */
function notKnown({ position }, text, dispatch) {
  const goThere = html('button', { type: 'button', class: 'button' }, 'Go there');
  goThere.addEventListener('click', () => dispatch({ type: 'goto', iteration: position.iteration,
    event: position.stretches.findLast(({ phase }) => phase === 'backward')?.last ?? 0 }));
  return [html('p', { class: 'section-note' }, text), goThere];
}

/** @param {string} address @param {Session} session whether the gradient of a parameter is known */
const isKnown = (address, session) => valueOf(`d${address}`, session) !== null;

/** @param {State} state @param {Dispatch} dispatch */
function content({ card, ways, session }, dispatch) {
  if (!card || !session) return [];
  if (!isKnown(card.address, session)) return notKnown(session, NOT_YET, dispatch);
  if (!ways) return [html('p', { class: 'section-note' }, 'One moment…')];
  const { found, unknown } = ways;
  if (!found) return [html('p', { class: 'section-note' }, unknown?.text ?? '')];
  return [html('p', { class: 'section-note' }, 'Along each way the chain rule multiplies what it meets. The last factor is the output’s error.'),
    html('ol', { class: 'ways-list' }, ...found.ways.map((way) => wayItem(found, way, session, dispatch))), summary(found, session)];
}

/**
 * @param {(name: string) => HTMLElement} hook
 * @param {Dispatch} dispatch
 */
export function createWays(hook, dispatch) {
  const box = /** @type {HTMLDetailsElement} */ (hook('ways'));
  /** @type {State | null} */
  let last = null;
  let asked = '';
  /** @type {unknown[]} */
  let shown = [];

  /** @param {State} state */
  function update(state) {
    last = state;
    const { card, session, answer, ways } = state;
    box.hidden = !card || !hasWays(card.address) || answer?.address !== card.address || !answer.explanation;
    if (box.hidden || !box.open || !card || !session) return;
    const key = `${card.address} ${session.id} ${session.revision}`;
    if (key !== asked && isKnown(card.address, session)) {
      asked = key;
      dispatch({ type: 'find-ways', address: card.address });
    }
    const wanted = [ways, card.address, session];
    if (wanted.every((part, k) => part === shown[k])) return;
    shown = wanted;
    hook('ways-body').replaceChildren(...content(state, dispatch));
  }
  box.addEventListener('toggle', () => last && update(last));
  return { update };
}
