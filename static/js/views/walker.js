// @ts-check
/** The diagram by keyboard: one part has the focus, the arrow keys walk on along the connections. */

import { partUnder, set } from '../dom.js';
import { spoken, walk } from '../walk.js';

/**
 * @typedef {import('../types.js').Session} Session
 * @typedef {import('../walk.js').Arrow} Arrow
 */

const ARROWS = new Set(['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown']);

/** @param {Element} drawing @param {string} key @returns {SVGElement | null} */
const find = (drawing, key) => drawing.querySelector(
  ['.neuron', '.cell', '.connection'].map((kind) => `${kind}[data-part="${key}"]`).join());

/** @param {Element} drawing */
function createPlace(drawing) {
  /** @type {import('../walk.js').Here} */
  let here = { key: 'n:0:0', fan: 'out' };
  /** @type {SVGElement | null} */
  let element = null;
  return {
    get here() { return here; },
    get lost() { return !element?.isConnected; },
    /** @param {Session} session @param {import('../walk.js').Here} next */
    put(session, next) {
      here = next;
      const found = find(drawing, here.key);
      if (found !== element && element) set(element, { tabindex: null, role: null, 'aria-label': null });
      element = found;
      if (element) set(element, { tabindex: 0, role: 'button', 'aria-label': spoken(session, here.key) });
      return element;
    },
  };
}

/**
 * Tell when the drawing changes. It may come after the state: it waits until it knows how much room there is.
 * @param {Element} drawing
 * @param {() => unknown} then
 */
const whenDrawn = (drawing, then) => new MutationObserver(then).observe(drawing, { childList: true, subtree: true });

/**
 * @param {HTMLElement} root the stage
 * @param {import('../types.js').Dispatch} dispatch
 */
export function create(root, dispatch) {
  const drawing = /** @type {SVGSVGElement} */ (root.querySelector('.diagram'));
  const place = createPlace(drawing);
  /** @type {Session | null} */
  let session = null;
  // Its parts can be walked, so it is no longer one picture.
  set(drawing, { role: 'application', 'aria-roledescription': 'diagram' });

  whenDrawn(drawing, () => session && place.lost && place.put(session, place.here));

  drawing.addEventListener('keydown', (press) => {
    if (!session || !partUnder(press) || !ARROWS.has(press.key) || press.ctrlKey || press.metaKey || press.altKey) return;
    press.preventDefault();
    press.stopPropagation();
    const sizes = session.network.layers.map(({ size }) => size);
    const next = walk(place.here, /** @type {Arrow} */ (press.key), sizes, (key) => find(drawing, key) !== null);
    if (next) place.put(session, next)?.focus({ preventScroll: true });
  });
  for (const name of ['click', 'contextmenu']) {
    drawing.addEventListener(name, (event) => {
      const key = partUnder(event);
      // The focus waits where the learner was, for when the card is closed again.
      if (session && key && find(drawing, key)) place.put(session, { key, fan: 'out' })?.focus({ preventScroll: true });
    });
  }
  // Chromium lets an SVG element that listens for the focus take it; so its frame listens.
  root.addEventListener('focusin', (event) => {
    if (partUnder(event)) dispatch({ type: 'light', key: partUnder(event) });
  });
  root.addEventListener('focusout', () => dispatch({ type: 'light', key: null }));

  return (/** @type {import('../types.js').State} */ state) => {
    session = state.session;
    if (session) place.put(session, find(drawing, place.here.key) ? place.here : { key: 'n:0:0', fan: 'out' });
  };
}
