// @ts-check
/** Any number, anywhere: a click, Enter or the context menu on it opens its card. */

import { parseAddress } from '../addresses.js';
import { mainNumber } from '../numbers.js';
import { partAt } from '../walk.js';

/**
 * @typedef {import('../types.js').State} State
 * @typedef {import('../types.js').Session} Session
 */

/** @param {Element} target @param {import('../addresses.js').Part} part @param {Session} session */
function numberUnder(target, part, session) {
  const { layer, neuron, source } = part;
  const focus = session.batch.focus;
  if (target.closest('.pill.bias')) return `b[${layer}][${neuron}]`;
  if (target.closest('.error-pill')) return `delta[${layer}][${focus}][${neuron}]`;
  if (target.closest('.arrow')) return `blame_term[${layer - 1}][${focus}][${source}][${neuron}]`;
  return mainNumber(session, part);
}

/** @param {Element} target @param {Session} session @returns {string | null} */
function addressUnder(target, session) {
  const own = target.closest('[data-address]')?.getAttribute('data-address');
  if (own) return parseAddress(own) ? own : null;
  const key = target.closest('.diagram [data-part]')?.getAttribute('data-part');
  return key ? numberUnder(target, partAt(key), session) : null;
}

/** @param {Session} session what is happening now, or the first number of all */
function presentNumber({ event, batch }) {
  return event?.address ?? `a[0][${batch.focus}][0]`;
}

/** @param {import('../types.js').Dispatch} dispatch */
export function create(dispatch) {
  /** @type {Session | null} */
  let session = null;

  /** @param {Event} event @param {boolean} [whole] */
  function open(event, whole = false) {
    const { target } = event;
    if (!session || !(target instanceof Element)) return;
    const address = addressUnder(target, session);
    if (!address) return;
    if (whole) {
      event.preventDefault();
      event.stopPropagation();
    }
    dispatch({ type: 'card', address, within: Boolean(target.closest('#card')) });
  }

  document.addEventListener('click', (event) => open(event));
  document.addEventListener('contextmenu', (event) => open(event, true));
  document.addEventListener('keydown', (press) => {
    const { target } = press;
    const plain = !press.ctrlKey && !press.metaKey && !press.altKey && (press.key === 'Enter' || press.key === ' ');
    // A button is clicked by these keys anyway.
    if (plain && target instanceof Element && target.matches('[data-address], [data-part]') && target.tagName !== 'BUTTON') open(press, true);
  });
  return {
    update: (/** @type {State} */ state) => { session = state.session; },
    /** Open the card of what the present event works out. */
    explain() {
      if (session) dispatch({ type: 'card', address: presentNumber(session) });
    },
  };
}
