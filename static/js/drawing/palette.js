// @ts-check
/** The theme's colours for a canvas, which knows no roles of its own. */

import { html } from '../dom.js';

const NAMES = /** @type {const} */ (['weight-negative', 'weight-positive', 'error', 'ink', 'surface', 'line-strong']);

/**
 * @typedef {typeof NAMES[number]} Name
 * @typedef {Record<Name, {text: string, rgb: [number, number, number]}>} Colours
 */

/**
 * Read the colours, again whenever the theme changes.
 * @param {HTMLElement} root
 * @param {() => void} onChange
 * @returns {() => Colours}
 */
export function createPalette(root, onChange) {
  const probe = html('i', { hidden: true });
  root.append(probe);
  /** @type {Colours | null} */
  let known = null;

  /** @param {Name} name @returns {[Name, Colours[Name]]} */
  function read(name) {
    probe.style.setProperty('color', `var(--${name})`);
    const text = getComputedStyle(probe).color;
    const [r = 0, g = 0, b = 0] = (text.match(/[\d.]+/g) ?? []).map(Number);
    return [name, { text, rgb: [r, g, b] }];
  }
  function change() {
    known = null;
    onChange();
  }
  new MutationObserver(change).observe(document.documentElement, { attributeFilter: ['data-theme'] });
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', change);
  return () => {
    known ??= /** @type {Colours} */ (Object.fromEntries(NAMES.map(read)));
    return known;
  };
}
