// @ts-check
/** The buttons that move through time. */

import { hooks, set, write } from '../dom.js';
import { canBack } from '../timeline.js';

/**
 * @param {HTMLElement} root
 * @param {import('../types.js').Dispatch} dispatch
 */
export function create(root, dispatch) {
  const hook = hooks(root);
  const step = /** @type {HTMLButtonElement} */ (root.querySelector('[data-do="step"]'));
  const pace = /** @type {HTMLSelectElement} */ (hook('pace'));
  const button = (/** @type {string} */ name) => /** @type {HTMLButtonElement} */ (root.querySelector(`[data-do="${name}"]`));
  const sizes = [...root.querySelectorAll('[data-granularity]')];

  for (const element of root.querySelectorAll('[data-do]')) {
    element.addEventListener('click', () => dispatch({ type: element.getAttribute('data-do') ?? '' }));
  }
  for (const element of sizes) {
    element.addEventListener('click', (event) => {
      dispatch({ type: 'granularity', granularity: element.getAttribute('data-granularity') });
      // After a click with the pointer the space bar should step, not press this button again.
      if (/** @type {MouseEvent} */ (event).detail > 0) step.focus({ preventScroll: true });
    });
  }
  pace.addEventListener('change', () => dispatch({ type: 'pace', pace: Number(pace.value) }));

  return (/** @type {import('../types.js').State} */ { session, granularity, playing, busy }) => {
    const back = Boolean(session && canBack(session.position, session.history.first));
    button('back').setAttribute('aria-disabled', String(!back));
    button('start').setAttribute('aria-disabled', String(!back));
    if (session) step.disabled = false;
    set(step, { 'aria-busy': busy ? 'true' : null });
    const play = button('toggle-play');
    play.disabled = !session;
    set(play, { 'aria-pressed': String(playing) });
    write(hook('play-name'), playing ? 'Pause' : 'Play');
    for (const element of sizes) {
      set(element, { 'aria-pressed': String(element.getAttribute('data-granularity') === granularity) });
    }
  };
}
