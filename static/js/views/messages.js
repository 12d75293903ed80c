// @ts-check
/** One message at a time, with what can be done about it. */

import { html } from '../dom.js';

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
  /** Put the messages above whatever sheet is open; they are always there, so that they are read aloud. */
  function raise() {
    if (root.matches(':popover-open')) root.hidePopover();
    root.showPopover();
  }
  raise();
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
