// @ts-check
/** What colours, widths and fills mean, with their numbers. */

import { hooks, html, svg } from '../dom.js';
import { bound, extent } from '../format.js';
import { blameWidth, gradientWidth, legendStops, weightRole, weightWidth } from '../scales.js';
import { scene } from '../scene.js';
import { arrow } from '../geometry.js';

/** @typedef {import('../types.js').State} State */

/** @param {string} name @param {SVGElement} picture @param {string} low @param {string} high */
const entry = (name, picture, low, high) => html('figure', { class: 'legend-entry' },
  html('figcaption', {}, name),
  html('span', { class: 'legend-end' }, low), picture, html('span', { class: 'legend-end' }, high));

/** @param {number} top */
function weights(top) {
  const lines = legendStops(top).map((value, k) => svg('g', { class: `connection is-plain role-${weightRole(value)}` },
    svg('line', { class: 'weight', x1: k * 22 + 1, x2: k * 22 + 19, y1: 8, y2: 8, 'stroke-width': weightWidth(value, top) })));
  return entry('weight', svg('svg', { width: 132, height: 16, 'aria-hidden': 'true' }, ...lines), bound(-top), bound(top));
}

/** Both ends of a scale and something between. @param {number} top */
const fewStops = (top) => [-top, top / 4, top];

/** @param {number} top */
function blame(top) {
  const arrows = fewStops(top).map((value, k) => svg('path', { class: 'arrow is-plain',
    d: arrow({ x1: k * 37 + 35, y1: 9, x2: k * 37 + 1, y2: 9 }, blameWidth(value, top), value < 0) }));
  return entry('blame', svg('svg', { width: 111, height: 18, 'aria-hidden': 'true' }, ...arrows), bound(-top), bound(top));
}

/** @param {number} top */
function gradients(top) {
  const lines = fewStops(top).map((value, k) => svg('line', { class: value < 0 ? 'halo is-negative' : 'halo',
    x1: k * 22 + 1, x2: k * 22 + 19, y1: 8, y2: 8, 'stroke-width': gradientWidth(value, top) + 1 }));
  return entry('gradient', svg('svg', { width: 64, height: 16, 'aria-hidden': 'true' }, ...lines), bound(-top), bound(top));
}

/** @param {string} name @param {string} role @param {string} low @param {string} high */
function fills(name, role, low, high) {
  const dots = [0.08, 0.3, 0.52].map((strength, k) => svg('g', {},
    svg('circle', { class: 'tint', cx: k * 17 + 8, cy: 9, r: 6.5, 'fill-opacity': strength }),
    svg('circle', { class: 'rim', cx: k * 17 + 8, cy: 9, r: 6.5 })));
  const picture = svg('svg', { width: 51, height: 18, class: `neuron role-${role}`, 'aria-hidden': 'true' }, ...dots);
  return entry(name, picture, low, high);
}

/** @param {number} top */
const errors = (top) => fills('error δ', 'error', '0', `±${extent(top)}`);

/** @param {import('../types.js').Session} session @param {import('../domains.js').Domains} domains */
function activations({ network }, { activation }) {
  const role = network.layers.length > 2 ? 'hidden-1' : 'output';
  return fills('activation', role, '0', `±${extent(Math.max(...activation.slice(1)))}`);
}

/** What a nudge makes of the numbers. @param {string} name @param {string} kind @param {string} text */
const mark = (name, kind, text) => html('figure', { class: 'legend-entry' },
  html('figcaption', {}, name), html('span', { class: `legend-mark ${kind}`, 'aria-hidden': 'true' }, text));

/** A scale that has no number yet is left out. @param {number | null} top @param {(top: number) => Element} draw */
const known = (top, draw) => (top === null ? [] : [draw(top)]);

/**
 * @param {HTMLElement} root
 * @param {import('../types.js').Dispatch} dispatch
 */
export function create(root, dispatch) {
  const hook = hooks(root);
  const choice = /** @type {HTMLSelectElement} */ (hook('fill'));
  choice.addEventListener('change', () => dispatch({ type: 'fill', fill: choice.value }));
  let shown = '';
  return (/** @type {State} */ state) => {
    root.hidden = state.view !== 'diagram' || !state.session;
    if (!state.session) return;
    choice.value = state.fill;
    const { domains, backward } = scene(state.session, 'pass', state.domains);
    const nudged = Boolean(state.probe?.shock);
    const wanted = JSON.stringify([domains, backward, state.fill, nudged]);
    if (wanted === shown) return;
    shown = wanted;
    if (nudged) {
      hook('entries').replaceChildren(weights(domains.weight), activations(state.session, domains),
        mark('what it would be', 'is-tried', '→ 0.5'), mark('from before, no longer true', 'is-struck', '0.5'));
      return;
    }
    const byError = state.fill === 'error' || (state.fill === 'step' && backward);
    hook('entries').replaceChildren(weights(domains.weight),
      ...(backward ? [...known(domains.blame, blame), ...known(domains.gradient, gradients)] : []),
      ...(byError ? known(domains.delta, errors) : [activations(state.session, domains)]));
  };
}
