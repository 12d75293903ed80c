// @ts-check
/** The moment as a link, the link to follow along, and bookmarks kept in this browser. */

import { hooks, html, set, write } from '../dom.js';
import { count } from '../format.js';
import { whereOf } from '../layers.js';
import { HIDES, presetPath, searchOf } from '../route.js';

/**
 * @typedef {import('../types.js').State} State
 * @typedef {import('../types.js').Session} Session
 * @typedef {{iteration: number, event: number, title: string, edits?: number}} Bookmark edits: how many could be undone
 */

const MOST = 50;
const CHANGED = 'The network was changed since this bookmark, so this may be another moment. Undo brings the old one back.';

/** @param {string} id */
const place = (id) => `glassbox-bookmarks-${id}`;

/** @param {string | null} id @returns {Bookmark[]} */
function kept(id) {
  try {
    const found = JSON.parse(localStorage.getItem(place(id ?? '')) ?? '[]');
    return Array.isArray(found) ? found : [];
  } catch {
    return [];
  }
}

/** @param {string} id @param {Bookmark[]} bookmarks */
function keep(id, bookmarks) {
  try {
    localStorage.setItem(place(id), JSON.stringify(bookmarks.slice(-MOST)));
  } catch {
    // Without storage they last as long as the page.
  }
}

/** @param {Session} session @returns {Bookmark} */
const bookmarkOf = (session) => ({
  iteration: session.position.iteration,
  event: session.position.event,
  title: session.event?.explanation.title ?? whereOf(session),
  edits: session.history.undo,
});

/** @param {Bookmark} bookmark @param {number} at */
const item = ({ iteration, event, title }, at) => html('li', {},
  html('button', { type: 'button', class: 'bookmark', 'data-at': at },
    html('b', {}, title), html('span', {}, `iteration ${count(iteration)}, event ${event}`)),
  html('button', { type: 'button', class: 'small-button', 'data-drop': at, 'aria-label': `Forget the bookmark ${title}` }, '×'));

/** @param {HTMLElement} field @param {HTMLElement} button */
async function copy(field, button) {
  const input = /** @type {HTMLInputElement} */ (field);
  input.select();
  try {
    await navigator.clipboard.writeText(input.value);
  } catch {
    // Where the clipboard is closed to pages, the text stands selected for the person's own copy.
    return;
  }
  write(button, 'Copied');
  setTimeout(() => write(button, 'Copy'), 1500);
}

/**
 * @param {HTMLElement} root the sheet
 * @param {import('../types.js').Dispatch} dispatch
 * @param {(path: string) => Promise<any>} send
 */
export function create(root, dispatch, send) {
  const hook = hooks(root);
  /** @type {State | null} */
  let last = null;
  /** @type {Bookmark[]} */
  let bookmarks = [];
  let owner = '';
  const note = hook('link-note').textContent ?? '';
  const field = (/** @type {string} */ name) => /** @type {HTMLInputElement} */ (hook(name));
  hook('hides').append(...HIDES.map(([name, words]) => html('label', { class: 'check' },
    html('input', { type: 'checkbox', value: name }), ` ${words}`)));
  hook('hides').addEventListener('change', () => void ask());
  /** What the links shall hide, as a search. */
  const wanted = () => `?hide=${[...hook('hides').querySelectorAll('input')].filter(({ checked }) => checked)
    .map(({ value }) => value).join(',')}`;

  function draw() {
    hook('bookmarks').replaceChildren(...bookmarks.map(item));
  }
  /** @param {Bookmark[]} next */
  function change(next) {
    bookmarks = next;
    keep(owner, next);
    draw();
  }
  async function ask() {
    const session = last?.session;
    if (!session) return;
    const start = `${location.origin}${presetPath(session.preset ?? 'article', wanted())}`;
    field('follow').value = session.follow_id ? `${location.origin}/s/${session.follow_id}${searchOf(wanted())}` : '';
    set(hook('copy-follow'), { disabled: !session.follow_id });
    if (!session.id) {
      field('link').value = location.hash.includes('moment=')
        ? `${location.origin}/${searchOf(wanted())}${location.hash}` : start;
      return;
    }
    try {
      const { path } = await send(`/sessions/${session.id}/link`);
      if (session !== last?.session) return;
      const card = last?.card ? `&card=${encodeURIComponent(last.card.address)}` : '';
      field('link').value = location.origin + path.replace('/#', `/${searchOf(wanted())}#`) + card;
      write(hook('link-note'), note);
    } catch (problem) {
      write(hook('link-note'), problem instanceof Error ? problem.message : 'The link could not be made.');
    }
  }
  root.addEventListener('toggle', (event) => {
    if (/** @type {ToggleEvent} */ (event).newState === 'open') void ask();
  });
  hook('copy').addEventListener('click', () => void copy(hook('link'), hook('copy')));
  hook('copy-follow').addEventListener('click', () => void copy(hook('follow'), hook('copy-follow')));
  hook('bookmark').addEventListener('click', () => dispatch({ type: 'bookmark' }));
  hook('bookmarks').addEventListener('click', (event) => {
    const target = /** @type {HTMLElement} */ (event.target);
    const drop = target.closest('[data-drop]')?.getAttribute('data-drop');
    const at = target.closest('[data-at]')?.getAttribute('data-at');
    const chosen = bookmarks[Number(at)];
    if (drop) change(bookmarks.filter((_, k) => k !== Number(drop)));
    if (!at || !chosen) return;
    dispatch({ type: 'goto', iteration: chosen.iteration, event: chosen.event });
    const { edits = last?.session?.history.undo } = chosen;
    if (edits !== last?.session?.history.undo) dispatch({ type: 'message', message: { kind: 'note', text: CHANGED } });
  });

  return {
    /** Keep the present moment. */
    bookmark() {
      if (!last?.session?.id) {
        const text = last?.session?.read_only ? 'A bookmark needs a network of your own; here you follow someone else’s.'
          : 'Take a step first; then there is a moment to keep.';
        return dispatch({ type: 'message', message: { kind: 'note', text } });
      }
      change([...bookmarks, bookmarkOf(last.session)]);
      return dispatch({ type: 'message', message: { kind: 'note', text: 'Bookmarked. You find it under Share.' } });
    },
    /** @param {State} state */
    update(state) {
      const moved = state.session !== last?.session;
      last = state;
      // Bookmarks and keys move on while the sheet lies open.
      if (moved && root.matches(':popover-open')) void ask();
      const id = state.session?.id ?? '';
      if (id === owner) return;
      owner = id;
      bookmarks = kept(id);
      draw();
    },
  };
}
