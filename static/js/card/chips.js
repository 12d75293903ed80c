// @ts-check
/** Numbers as small buttons: each opens its own card. */

import { keyOf } from '../addresses.js';
import { html } from '../dom.js';
import { number } from '../format.js';
import { labelOf, layerMark, placeOf, roleOf, valueOf } from '../numbers.js';

/** @typedef {import('../types.js').Session} Session */

/** @param {import('../numbers.js').Value} value */
const written = (value) => (value === null ? 'not yet' : number(value));

/**
 * Make a chip for a number.
 * @param {Session} session
 * @param {string} address
 * @param {{label?: string, value?: import('../numbers.js').Value, kin?: boolean, current?: boolean}} [told]
 *   what the server said of it; kin: whether it stands among others of its own neuron or connection
 */
export function chip(session, address, told = {}) {
  const { label = labelOf(address, session), value = valueOf(address, session), kin = false, current = false } = told;
  const where = placeOf(address, session);
  // Among its own kin the card says where it is.
  const mark = kin ? '' : layerMark(address, session);
  return html('button', {
    type: 'button', class: `chip by-role role-${roleOf(address, session, value)}${value === null ? ' is-unknown' : ''}`,
    'data-address': address, 'data-part': kin ? null : keyOf(address, session.network.layers.length - 1),
    title: where || null, 'aria-current': current ? 'true' : null,
  }, ...(mark ? [html('small', { class: 'chip-mark' }, mark), ' '] : []), html('b', {}, label), ...(value === undefined ? [] : [' ', html('span', { class: 'chip-value' }, written(value))]));
}

const FEW = 12;

/**
 * Fill a list with chips; the rest of a long one waits behind a button.
 * @param {Element} list
 * @param {HTMLElement[]} chips
 */
export function fillChips(list, chips) {
  const items = chips.map((one) => html('li', {}, one));
  if (items.length <= FEW + 1) return list.replaceChildren(...items);
  const more = html('button', { type: 'button', class: 'quiet' }, `${items.length - FEW} more`);
  const last = html('li', {}, more);
  more.addEventListener('click', () => {
    last.replaceWith(...items.slice(FEW));
    items[FEW]?.querySelector('button')?.focus();
  });
  return list.replaceChildren(...items.slice(0, FEW), last);
}
