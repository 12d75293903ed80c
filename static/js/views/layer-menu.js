// @ts-check
/** A layer changed where it stands: its curve, a neuron more or fewer, a layer beside it, or none of it. */

import { curvePath, hasCurve } from '../curve.js';
import { createHeads } from '../drawing/heads.js';
import { html, svg } from '../dom.js';
import { ACTIVATIONS, activated, inserted, layersOf, removed, resized } from '../editing.js';
import { layerTitle, roleOf } from '../layers.js';

/**
 * @typedef {import('../types.js').State} State
 * @typedef {import('../types.js').Session} Session
 */

const CURVE = { x: 3, y: 3, width: 30, height: 16 };
const EDGE = 8;

/** @param {string} act @param {string} text @param {string} [label] @param {boolean} [off] @param {string} [value] */
const button = (act, text, label = text, off = false, value = '') =>
  html('button', { type: 'button', class: 'small-button', 'data-act': act, value, 'aria-label': label === text ? null : label, disabled: off }, text);

/** @param {string} title @param {number} size */
const neurons = (title, size) => html('p', { class: 'menu-row' }, html('span', {}, 'Neurons'), html('span', { class: 'stepper' },
  button('fewer', '−', `One neuron fewer in ${title}`, size === 1), html('output', { class: 'size' }, String(size)),
  button('more', '+', `One neuron more in ${title}`)));

/** @param {string} name @param {boolean} chosen */
function curve(name, chosen) {
  const picture = svg('svg', { viewBox: '0 0 36 22', width: 36, height: 22, 'aria-hidden': 'true' },
    ...(hasCurve(name) ? [svg('path', { class: 'curve', d: curvePath(name, CURVE) })] : []));
  return html('button', { type: 'button', class: 'curve-choice', 'data-act': 'activate', value: name, 'aria-pressed': String(chosen) },
    picture, html('span', {}, name.replace('_', ' ')));
}

/** @param {Session} session @param {number} layer */
function content(session, layer) {
  const depth = session.network.layers.length - 1;
  const title = layerTitle(layer, depth);
  const { size = 0, activation = '' } = session.network.layers[layer] ?? {};
  const hidden = layer > 0 && layer < depth;
  const fixed = layer === 0 ? `${size} inputs, as many as the data has columns for.` : `${size} outputs, as many as the data has targets.`;
  const names = layer === depth ? [...ACTIVATIONS, 'softmax'] : ACTIVATIONS;
  return [
    html('h2', { id: 'layer-menu-title', class: `by-role role-${roleOf(layer, depth)}` }, title),
    hidden ? neurons(title, size) : html('p', { class: 'section-note' }, fixed),
    ...(layer ? [html('div', { class: `curve-choices role-${roleOf(layer, depth)}`, role: 'group', 'aria-label': `Activation of ${title}` },
      ...names.map((name) => curve(name, name === activation)))] : []),
    html('p', { class: 'menu-row' }, html('span', {}, 'Layer'), ...(layer ? [button('before', '+ before', `Add a layer before ${title}`)] : []),
      ...(layer < depth ? [button('after', '+ after', `Add a layer after ${title}`)] : []),
      ...(hidden ? [button('remove', 'Remove', `Remove ${title}`)] : [])),
    html('p', { class: 'section-note' }, 'Weights between neurons that stay are kept. Undo brings back the rest.'),
  ];
}

/** @param {HTMLElement} menu @param {HTMLElement | null} head below which it stands */
function putBelow(menu, head) {
  const { left = 0, width = 0, bottom = 0 } = head?.getBoundingClientRect() ?? {};
  const most = document.documentElement.clientWidth - menu.offsetWidth - EDGE;
  menu.style.setProperty('left', `${Math.max(EDGE, Math.min(most, left + width / 2 - menu.offsetWidth / 2)).toFixed(0)}px`);
  menu.style.setProperty('top', `${(bottom + 4).toFixed(0)}px`);
}

/** @type {Record<string, (layers: import('../editing.js').Layer[], place: number, value: string) => object>} */
const ACTS = {
  fewer: (layers, place) => resized(layers, place, -1),
  more: (layers, place) => resized(layers, place, 1),
  activate: activated,
  before: inserted,
  after: (layers, place) => inserted(layers, place + 1),
  remove: removed,
};
/** After these the layer stands elsewhere, or not at all. */
const CLOSES = new Set(['before', 'after', 'remove']);

/** Whether a teacher's link leaves the network as it is. */
const isHidden = () => (document.documentElement.dataset['hide'] ?? '').split(' ').includes('changes');

/**
 * @param {HTMLElement} stage
 * @param {HTMLElement} menu
 * @param {import('../types.js').Dispatch} dispatch
 */
export function create(stage, menu, dispatch) {
  const drawing = /** @type {SVGSVGElement} */ (stage.querySelector('.diagram'));
  /** @type {Session | null} */
  let session = null;
  let layer = 0;
  let drawn = '';
  let shown = '';
  const isOpen = () => menu.matches(':popover-open');
  const heads = createHeads(/** @type {HTMLElement} */ (drawing.parentElement), drawing, {
    open(chosen) {
      layer = chosen;
      if (!session) return;
      show(session);
      menu.showPopover();
      putBelow(menu, heads.at(layer));
      /** @type {HTMLElement | null} */ (menu.querySelector('button:enabled'))?.focus();
    },
    insert: (after) => session && dispatch({ type: 'edit', body: inserted(layersOf(session), after) }),
  });

  /** @param {Session} now */
  function show(now) {
    shown = JSON.stringify([layer, layersOf(now)]);
    const held = document.activeElement;
    const again = menu.contains(held) && held instanceof HTMLButtonElement ? `[data-act="${held.dataset['act']}"][value="${held.value}"]` : null;
    menu.replaceChildren(...content(now, layer));
    if (again) /** @type {HTMLElement | null} */ (menu.querySelector(`${again}:enabled`) ?? menu.querySelector('button:enabled'))?.focus();
  }
  function place() {
    drawn = `${session?.read_only} ${session?.network.layers.length}`;
    heads.place(Boolean(session) && !session?.read_only && !isHidden());
    if (isOpen()) putBelow(menu, heads.at(layer));
  }
  menu.addEventListener('click', (event) => {
    const chosen = /** @type {HTMLButtonElement | null} */ (/** @type {Element} */ (event.target).closest('[data-act]'));
    const name = chosen?.dataset['act'] ?? '';
    if (!session || !chosen) return;
    dispatch({ type: 'edit', body: ACTS[name]?.(layersOf(session), layer - 1, chosen.value) });
    if (!CLOSES.has(name)) return;
    menu.hidePopover();
    heads.at(Math.max(0, layer - 1))?.focus();
  });
  menu.addEventListener('toggle', () => {
    const held = document.activeElement;
    if (!isOpen() && (held === document.body || menu.contains(held))) heads.at(layer)?.focus();
  });
  // The drawing is built anew for another shape, and for a stage of another size.
  new MutationObserver(place).observe(drawing, { childList: true });

  return (/** @type {State} */ state) => {
    session = state.session;
    if (!session) return;
    if (drawn !== `${session.read_only} ${session.network.layers.length}`) place();
    if (!isOpen()) return;
    if (layer >= session.network.layers.length) menu.hidePopover();
    else if (shown !== JSON.stringify([layer, layersOf(session)])) show(session);
  };
}
