// @ts-check
/** Diagram or table, the theme, the keys. */

import { hooks, set } from '../dom.js';

const THEMES = /** @type {const} */ (['auto', 'light', 'dark']);
const WORDS = { auto: 'as the system', light: 'light', dark: 'dark' };

/**
 * @param {HTMLElement} root
 * @param {import('../types.js').Dispatch} dispatch
 */
export function create(root, dispatch) {
  const hook = hooks(root);
  const views = [...root.querySelectorAll('[data-view]')];
  /** @type {typeof THEMES[number]} */
  let theme = 'auto';
  for (const element of views) {
    element.addEventListener('click', () => dispatch({ type: 'view', view: element.getAttribute('data-view') }));
  }
  hook('help').addEventListener('click', () => dispatch({ type: 'help' }));
  hook('theme').addEventListener('click', () =>
    dispatch({ type: 'theme', theme: THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length] ?? 'auto' }));

  return (/** @type {import('../types.js').State} */ state) => {
    theme = state.theme;
    set(hook('theme'), { 'aria-label': `Theme: ${WORDS[theme]}`, title: `Theme: ${WORDS[theme]}` });
    for (const element of views) set(element, { 'aria-pressed': String(element.getAttribute('data-view') === state.view) });
    if (theme === 'auto') delete document.documentElement.dataset['theme'];
    else document.documentElement.dataset['theme'] = theme;
  };
}
