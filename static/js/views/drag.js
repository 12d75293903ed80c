// @ts-check
/** A given number dragged up or down where it is drawn: everything answers at once, letting go keeps it, Escape does not. */

import { draggedTo, slideRange } from '../change.js';
import { html, write } from '../dom.js';
import { apart, number } from '../format.js';
import { canNudge, labelOf, presentValue, valueOf } from '../numbers.js';
import { partAt } from '../walk.js';

/**
 * @typedef {import('../types.js').State} State
 * @typedef {import('../types.js').Session} Session
 * @typedef {object} Drag
 * @property {string} address
 * @property {{x: number, top: number}} at where the pointer is on the stage
 * @property {number} y where it was pressed
 * @property {number} start the number at the iteration's start, where a nudge is made
 * @property {number} present
 * @property {number} value
 * @property {boolean} moving
 */

/** Pixels a press may wander and still be a click. */
const STILL = 4;

/** So far to the right of the pointer its reading stands, and so far from the drawing's edge. */
const AWAY = 20;

/** @param {Element} target @param {string | null} lit the line near the pointer, where lines are too many to press @param {Session} session */
function givenUnder(target, lit, session) {
  const own = target.closest('.label [data-address]')?.getAttribute('data-address');
  if (own) return own;
  const key = target.closest('[data-part]')?.getAttribute('data-part') ?? lit;
  if (!key) return null;
  const { type, layer, neuron, source } = partAt(key);
  if (type === 'connection') return target.closest('.arrow') ? null : `w[${layer}][${neuron}][${source}]`;
  if (layer === 0) return `a[0][${session.batch.focus}][${neuron}]`;
  return target.closest('.pill.bias') ? `b[${layer}][${neuron}]` : null;
}

/** @param {Session} session @param {string} address @param {number} y @returns {Drag | null} */
function begin(session, address, y) {
  const present = presentValue(address, session);
  const start = valueOf(address, session);
  if (typeof present !== 'number' || typeof start !== 'number') return null;
  return { address, at: { x: 0, top: 0 }, y, start, present, value: present, moving: false };
}

/** @param {Session} session @param {Drag} drag @param {State['probe']} probe */
function words(session, { address, present, value }, probe) {
  const [old, now] = apart(present, value);
  const costs = probe?.shock && probe.address === address ? apart(probe.shock.before.cost, probe.shock.after.cost).join(' → ') : null;
  return `${labelOf(address, session)}: ${value === present ? number(value) : `${old} → ${now}`}${costs ? `, cost ${costs}` : ''}`;
}

const mayChange = (/** @type {Session | null} */ session) => session && !session.read_only
  && !(document.documentElement.dataset['hide'] ?? '').split(' ').includes('changes');

/** @param {Event} event the click that ends a drag opens no card */
function swallow(event) {
  event.stopPropagation();
  event.preventDefault();
}

/** Let the click pass that is about to end a drag. */
function swallowClick() {
  addEventListener('click', swallow, { capture: true, once: true });
  // A press that ends elsewhere brings no click to swallow.
  setTimeout(() => removeEventListener('click', swallow, { capture: true }), 0);
}

/** Make the words that stand beside the pointer. @param {SVGElement} drawing */
function createReading(drawing) {
  const words = html('p', { class: 'drag-reading', 'aria-hidden': 'true', hidden: true });
  drawing.after(words);
  return {
    /** @param {string} text @param {{x: number, top: number}} at */
    tell(text, { x, top }) {
      words.hidden = false;
      write(words, text);
      // Within the drawing, which cuts off what stands out of it.
      const room = (words.parentElement?.clientWidth ?? 0) - words.offsetWidth - AWAY;
      words.style.setProperty('left', `${Math.max(0, Math.min(x, room)).toFixed(0)}px`);
      words.style.setProperty('top', `${top.toFixed(0)}px`);
    },
    hide() { words.hidden = true; },
  };
}

/**
 * @param {HTMLElement} stage
 * @param {import('../types.js').Dispatch} dispatch
 */
export function create(stage, dispatch) {
  const drawing = /** @type {SVGSVGElement} */ (stage.querySelector('.diagram'));
  const reading = createReading(drawing);
  /** @type {State | null} */
  let state = null;
  /** @type {Drag | null} */
  let drag = null;

  /** @param {boolean} keep */
  function end(keep) {
    const done = drag;
    drag = null;
    reading.hide();
    stage.classList.remove('is-dragging');
    if (!done?.moving) return;
    if (keep && done.value !== done.present) dispatch({ type: 'edit', body: { values: { [done.address]: done.value } } });
    else dispatch({ type: 'calm' });
  }

  /** @param {PointerEvent} event */
  function move(event) {
    if (!drag || !state?.session) return;
    if (!drag.moving && Math.abs(event.clientY - drag.y) < STILL) return;
    if (!drag.moving) dispatch({ type: 'playing', playing: false });
    drag.moving = true;
    event.stopPropagation();
    stage.classList.add('is-dragging');
    const value = draggedTo(slideRange(drag.present), drag.present, drag.y - event.clientY, event.shiftKey);
    if (value === drag.value) return;
    drag.value = value;
    const { left, top } = stage.getBoundingClientRect();
    drag.at = { x: event.clientX - left, top: event.clientY - top };
    reading.tell(words(state.session, drag, state.probe), drag.at);
    if (canNudge(drag.address)) dispatch(value === drag.start ? { type: 'calm' } : { type: 'nudge', address: drag.address, by: value - drag.start });
  }

  drawing.addEventListener('pointerdown', (event) => {
    // A finger scrolls the page; it has the slider in the card.
    if (event.button !== 0 || event.pointerType === 'touch' || !state?.session || !mayChange(state.session)) return;
    const address = givenUnder(/** @type {Element} */ (event.target), state.lit, state.session);
    drag = address ? begin(state.session, address, event.clientY) : null;
  });
  addEventListener('pointermove', move, { capture: true });
  addEventListener('pointerup', () => {
    if (drag?.moving) swallowClick();
    end(Boolean(drag?.moving));
  }, { capture: true });
  addEventListener('pointercancel', () => end(false));
  addEventListener('keydown', (press) => {
    if (press.key !== 'Escape' || !drag?.moving) return;
    press.stopPropagation();
    press.preventDefault();
    // The button is still down; its click comes once it is up.
    addEventListener('pointerup', swallowClick, { capture: true, once: true });
    end(false);
  }, { capture: true });

  return (/** @type {State} */ now) => {
    state = now;
    if (drag?.moving && now.session) reading.tell(words(now.session, drag, now.probe), drag.at);
  };
}
