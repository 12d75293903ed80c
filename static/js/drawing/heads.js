// @ts-check
/** Buttons over the drawing: a layer's title opens what can be changed about it, a plus between two adds one. */

import { html, set } from '../dom.js';
import { layerTitle } from '../layers.js';

/** @typedef {{x: number, y: number}} Point */

/** The least a title is wide, and what a plus takes beside it. */
const LEAST_TITLE = 56;
const PLUS = 32;
const WIDEST = 124;

/** @param {Element} drawing @returns {Point[]} where the layers' titles are written */
const titlesIn = (drawing) => [...drawing.querySelectorAll('.header')].map((header) => {
  const [, x = 0, y = 0] = /translate\(([\d.]+) ([\d.]+)\)/.exec(header.getAttribute('transform') ?? '') ?? [];
  return { x: Number(x), y: Number(y) };
});

/** @param {HTMLElement} element @param {number} x @param {number} y @param {number} width */
function put(element, x, y, width) {
  element.style.setProperty('left', `${x.toFixed(1)}px`);
  element.style.setProperty('top', `${y.toFixed(1)}px`);
  element.style.setProperty('width', `${width.toFixed(1)}px`);
  return element;
}

/** @param {Point[]} titles @param {number} scale */
function buttons(titles, scale) {
  const depth = titles.length - 1;
  const gap = (titles[1]?.x ?? Infinity) - (titles[0]?.x ?? 0);
  const roomy = gap - PLUS >= LEAST_TITLE;
  const width = Math.min(WIDEST * scale, roomy ? gap - PLUS : gap - 4);
  const top = (titles[0]?.y ?? 0) - 20 * scale;
  return titles.flatMap(({ x }, layer) => {
    const title = layerTitle(layer, depth);
    const head = put(html('button', { type: 'button', class: 'layer-head', 'data-layer': layer, 'aria-haspopup': 'dialog',
      'aria-label': `Change the layer ${title}`, title: `Change ${title}` }), x - width / 2, top, width);
    if (!roomy || layer === depth) return [head];
    const words = `Add a layer between ${title} and ${layerTitle(layer + 1, depth)}`;
    return [head, put(html('button', { type: 'button', class: 'layer-add', 'data-after': layer, 'aria-label': words, title: words }, '+'),
      x + gap / 2 - 12, top + 4 * scale, 24)];
  });
}

/** @param {HTMLElement} root @param {Element} chosen */
function choose(root, chosen) {
  for (const one of root.children) set(one, { tabindex: one === chosen ? 0 : -1 });
}

/** @param {KeyboardEvent} press @param {HTMLElement} root the arrow keys walk from button to button */
function walk(press, root) {
  const by = press.key === 'ArrowRight' ? 1 : press.key === 'ArrowLeft' ? -1 : 0;
  if (!by || press.ctrlKey || press.metaKey || press.altKey) return;
  press.preventDefault();
  press.stopPropagation();
  const all = [...root.children];
  const next = all[all.indexOf(/** @type {Element} */ (press.target)) + by];
  if (!next) return;
  choose(root, next);
  /** @type {HTMLElement} */ (next).focus();
}

/**
 * @param {HTMLElement} canvas
 * @param {SVGElement} drawing
 * @param {{open: (layer: number) => void, insert: (after: number) => void}} acts
 */
export function createHeads(canvas, drawing, { open, insert }) {
  const root = html('div', { class: 'heads', role: 'toolbar', 'aria-label': 'Layers' });
  canvas.append(root);
  root.addEventListener('keydown', (press) => walk(press, root));
  root.addEventListener('click', (event) => {
    const target = /** @type {Element} */ (event.target);
    const [layer, after] = ['data-layer', 'data-after'].map((name) => target.getAttribute(name));
    if (layer) open(Number(layer));
    if (after) insert(Number(after));
  });
  const at = (/** @type {number} */ layer) => /** @type {HTMLElement | null} */ (root.querySelector(`[data-layer="${layer}"]`));
  return {
    /** Put the buttons where the drawing has its titles now. @param {boolean} editable */
    place(editable) {
      const { activeElement: focused } = document;
      const held = root.contains(focused) && ['data-layer', 'data-after'].map((name) => `[${name}="${focused?.getAttribute(name)}"]`).join();
      const scale = Number(drawing.style.getPropertyValue('--scale')) || 1;
      const titles = editable ? titlesIn(drawing) : [];
      root.hidden = titles.length === 0;
      root.style.setProperty('--head-height', `${(44 * scale).toFixed(1)}px`);
      root.replaceChildren(...buttons(titles, scale));
      const first = /** @type {HTMLElement | null} */ ((held && root.querySelector(held)) || root.firstElementChild);
      if (first) choose(root, first);
      if (held) first?.focus();
    },
    at,
  };
}
