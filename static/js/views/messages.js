// @ts-check
/** One message at a time, with what can be done about it. */

import { html, set } from '../dom.js';

const NAMES = { retry: 'Try again', restart: 'Start afresh', back: 'Step back' };
const NOTE_STAYS = 6000;

/**
 * @param {HTMLElement} root
 * @param {import('../types.js').Dispatch} dispatch
 */
export function create(root, dispatch) {
  /** @type {unknown} */
  let shown = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const home = /** @type {HTMLElement} */ (root.parentElement);
  /**
   * Put the messages above all else: into a sheet that is open, which a click outside it would close, else into the
   * page. They are always there, so that they are read aloud.
   */
  function raise() {
    const sheet = document.querySelector('.side-sheet:popover-open');
    if (root.matches(':popover-open')) root.hidePopover();
    (sheet ?? home).append(root);
    set(root, { popover: sheet ? null : 'manual' });
    if (!sheet) root.showPopover();
  }
  raise();
  document.addEventListener('toggle', ({ target }) => {
    if (root.hasChildNodes() && /** @type {Element} */ (target).matches('.side-sheet')) raise();
  }, true);
  const close = () => dispatch({ type: 'message', message: null });

  /** @param {import('../types.js').Message} message */
  function draw({ kind, text, offer }) {
    const box = html('div', { class: `message message-${kind}`, role: kind === 'problem' ? 'alert' : null }, html('p', {}, text));
    if (offer) {
      const act = html('button', { type: 'button', class: 'button' }, NAMES[offer]);
      act.addEventListener('click', () => { close(); dispatch({ type: offer }); });
      box.append(act);
    }
    const away = html('button', { type: 'button', class: 'button' }, 'Close');
    away.addEventListener('click', close);
    box.append(away);
    return box;
  }

  return (/** @type {import('../types.js').State} */ { message }) => {
    if (message === shown) return;
    shown = message;
    clearTimeout(timer);
    root.replaceChildren(...(message ? [draw(message)] : []));
    if (message) raise();
    if (message?.kind === 'note' && !message.waiting) timer = setTimeout(close, NOTE_STAYS);
  };
}
