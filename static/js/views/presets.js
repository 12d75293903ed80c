// @ts-check
/** The chooser of ready-made networks. */

import { hooks, html, svg, write } from '../dom.js';
import { roleOf } from '../layers.js';

/**
 * @typedef {import('../types.js').Preset} Preset
 * @typedef {import('../types.js').State} State
 */

/** @param {number[]} sizes a network's sizes, drawn as columns of dots, at most six high */
function glyph(sizes) {
  const most = 6;
  const depth = sizes.length - 1;
  const dots = sizes.flatMap((size, l) => {
    const shown = Math.min(size, most);
    return Array.from({ length: shown }, (_, j) => svg('circle', { class: `role-${roleOf(l, depth)}`,
      cx: 8 + l * 12, cy: 20 + (j - (shown - 1) / 2) * 6, r: 2.4 }));
  });
  return svg('svg', { class: 'glyph', width: 16 + depth * 12, height: 40, 'aria-hidden': 'true' }, ...dots);
}

/** @param {Preset} preset @param {boolean} current */
function item({ id, title, summary, layers }, current) {
  return html('li', {}, html('button', { type: 'button', class: 'preset', 'data-preset': id, 'aria-current': current ? 'true' : null },
    glyph(layers),
    html('span', { class: 'preset-words' }, html('b', {}, title), html('span', {}, summary), html('small', {}, layers.join(' – ')))));
}

/**
 * @param {HTMLElement} root the sheet
 * @param {import('../types.js').Dispatch} dispatch
 */
export function create(root, dispatch) {
  const list = hooks(root)('preset-list');
  const outside = hooks(document);
  const introduced = { preset: outside('preset-title').dataset['preset'], title: outside('preset-title').textContent ?? '' };
  /** @type {unknown[]} */
  let shown = [];
  list.addEventListener('click', (event) => {
    const id = /** @type {Element} */ (event.target).closest('[data-preset]')?.getAttribute('data-preset');
    if (!id) return;
    root.hidePopover();
    dispatch({ type: 'open-preset', preset: id });
  });
  return (/** @type {State} */ { presets, session }) => {
    if (session) {
      const preset = presets.find(({ id }) => id === session.preset);
      // The server has written the name of the preset the page was opened with; the list comes later.
      const known = preset?.title ?? (session.preset === introduced.preset ? introduced.title : session.title);
      write(outside('preset-title'), known);
      const sizes = session.network.layers.map(({ size }) => size).join(' – ');
      write(outside('preset-data'), known === session.data.name ? sizes : session.data.name);
    }
    const wanted = [presets, session?.preset];
    if (wanted.every((part, k) => part === shown[k])) return;
    shown = wanted;
    list.replaceChildren(...presets.map((preset) => item(preset, preset.id === session?.preset)));
  };
}
