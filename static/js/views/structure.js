// @ts-check
/** The layers as a list to change: neurons more or fewer, another curve, a layer in or out. */

import { html, set } from '../dom.js';
import { ACTIVATIONS, activated, inserted, layersOf, removed, resized } from '../editing.js';
import { layerTitle, roleOf } from '../layers.js';

/**
 * @typedef {import('../types.js').State} State
 * @typedef {import('../types.js').Session} Session
 */

/** @param {string} label @param {string} text @param {string} act @param {number} place @param {boolean} [off] */
const button = (label, text, act, place, off = false) =>
  html('button', { type: 'button', class: 'small-button', 'aria-label': label, title: label, 'data-act': act, 'data-place': place, disabled: off }, text);

/** @param {string} chosen @param {number} place @param {string} title @param {boolean} last */
function curves(chosen, place, title, last) {
  const names = last ? [...ACTIVATIONS, 'softmax'] : ACTIVATIONS;
  return html('select', { 'aria-label': `Activation of ${title}`, 'data-act': 'activate', 'data-place': place },
    ...names.map((name) => html('option', { value: name, selected: name === chosen }, name)));
}

/** @param {import('../editing.js').Layer} layer @param {number} place @param {number} depth */
function item({ size, activation }, place, depth) {
  const title = layerTitle(place + 1, depth);
  const last = place === depth - 1;
  return html('li', { class: `layer-item role-${roleOf(place + 1, depth)}` },
    html('b', { class: 'by-role' }, title),
    last ? html('span', { class: 'size' }, String(size)) : html('span', { class: 'stepper' },
      button(`One neuron fewer in ${title}`, '−', 'fewer', place, size === 1),
      html('output', { class: 'size' }, String(size)),
      button(`One neuron more in ${title}`, '+', 'more', place)),
    curves(activation, place, title, last),
    last ? html('span') : button(`Remove ${title}`, '×', 'remove', place));
}

/** @param {number} place */
const gap = (place) => html('li', { class: 'layer-gap' }, button('Add a layer here', '+ layer', 'insert', place));

/**
 * @param {HTMLElement} root the list
 * @param {import('../types.js').Dispatch} dispatch
 */
export function create(root, dispatch) {
  /** @type {Session | null} */
  let shown = null;
  let drawn = '';
  /** @type {Record<string, (layers: import('../editing.js').Layer[], place: number, value: string) => object>} */
  const acts = {
    fewer: (layers, place) => resized(layers, place, -1),
    more: (layers, place) => resized(layers, place, 1),
    insert: inserted,
    remove: removed,
    activate: activated,
  };
  /** @param {Event} event @param {string[]} allowed */
  function act(event, allowed) {
    const target = /** @type {HTMLElement} */ (event.target).closest('[data-act]');
    const name = target?.getAttribute('data-act') ?? '';
    if (!shown || !allowed.includes(name)) return;
    const value = /** @type {HTMLSelectElement} */ (target).value ?? '';
    const body = acts[name]?.(layersOf(shown), Number(target?.getAttribute('data-place')), value);
    if (!body) return;
    // Whatever comes of it, the list then says what is.
    drawn = '';
    dispatch({ type: 'edit', body });
  }
  root.addEventListener('click', (event) => act(event, ['fewer', 'more', 'insert', 'remove']));
  root.addEventListener('change', (event) => act(event, ['activate']));

  return (/** @type {State} */ { session }) => {
    shown = session;
    if (!session) return;
    const layers = layersOf(session);
    const wanted = JSON.stringify(layers);
    if (wanted === drawn) return;
    const held = document.activeElement;
    const place = root.contains(held) && `[data-place="${held?.getAttribute('data-place')}"]`;
    // What had the focus may be gone, or have nothing more to do.
    const again = place ? [`${place}[data-act="${held?.getAttribute('data-act')}"]`, place, '[data-act]'] : [];
    drawn = wanted;
    root.replaceChildren(...layers.flatMap((layer, place) => [gap(place), item(layer, place, layers.length)]));
    set(root, { 'aria-label': 'Layers' });
    const home = again.map((one) => root.querySelector(`${one}:enabled`)).find((one) => one !== null);
    /** @type {HTMLElement | undefined} */ (home ?? undefined)?.focus();
  };
}
