// @ts-check
/** The step as code: a line of NumPy, a line of PyTorch, and what the API was asked. */

import { html } from '../dom.js';

/** @typedef {import('../types.js').State} State */

/** @param {string} title @param {string} text */
const block = (title, text) => [html('h2', {}, title),
  html('pre', { tabindex: '0', role: 'group', 'aria-label': title }, html('code', {}, text))];

/** @param {HTMLElement} root */
export function create(root) {
  /** @type {unknown[]} */
  let shown = [];
  return (/** @type {State} */ { session, call }) => {
    const code = session?.event?.code ?? null;
    if (shown[0] === code && shown[1] === call) return;
    shown = [code, call];
    root.hidden = code === null;
    if (!code) return;
    root.replaceChildren(...block('NumPy, the whole layer at once', code.numpy), ...block('PyTorch', code.pytorch),
      ...(call ? block('What the page asked the API', call) : []));
  };
}
