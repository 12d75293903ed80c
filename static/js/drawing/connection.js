// @ts-check
/** Draw one connection: colour, dash and width by weight, a red halo for the gradient, a ghost of the old weight. */

import { connectionKey } from '../addresses.js';
import { set, svg } from '../dom.js';
import { segmentOf } from '../layout.js';
import { gradientWidth, weightRole, weightWidth } from '../scales.js';

/**
 * @typedef {import('../layout.js').Layout} Layout
 * @typedef {import('../scene.js').Scene} Scene
 * @typedef {{layer: number, neuron: number, source: number}} At
 * @typedef {ReturnType<typeof drawConnection>} Drawn
 */

/** @param {Layout} layout @param {At} at */
export function drawConnection(layout, at) {
  const key = connectionKey(at.layer, at.neuron, at.source);
  const ends = { ...segmentOf(layout, at) };
  const halo = svg('line', { class: 'halo', ...ends, visibility: 'hidden' });
  const ghost = svg('line', { class: 'ghost', ...ends, visibility: 'hidden' });
  const line = svg('line', { class: 'weight', ...ends });
  const hit = svg('line', { class: 'hit', ...ends });
  const group = svg('g', { class: 'connection', 'data-part': key }, halo, ghost, line, hit);
  return { ...at, key, group, halo, ghost, line };
}

/** @param {Drawn} drawn @param {Scene} scene @param {string | null} lit */
export function updateConnection({ layer, neuron, source, key, group, halo, ghost, line }, scene, lit) {
  const view = scene.connection(layer, neuron, source);
  const { focus, domains } = scene;
  const shine = lit === key ? ' is-held' : '';
  const light = focus.all ? 'is-plain' : focus.lit(key) ? 'is-lit' : focus.recent(key) ? 'is-recent' : 'is-dim';
  const under = scene.backward && view.blame !== null ? ' is-under' : '';
  set(group, { class: `connection role-${weightRole(view.weight)} ${light}${shine}${under}` });
  set(line, { 'stroke-width': weightWidth(view.weight, domains.weight) });
  const gradient = scene.backward ? view.gradient : null;
  set(halo, { visibility: gradient === null ? 'hidden' : null, class: (gradient ?? 0) < 0 ? 'halo is-negative' : 'halo',
    'stroke-width': gradient === null ? null
      : weightWidth(view.weight, domains.weight) + gradientWidth(gradient, domains.gradient ?? 1) });
  set(ghost, { visibility: view.before === null ? 'hidden' : null,
    'stroke-width': view.before === null ? null : weightWidth(view.before, domains.weight) + 5 });
}
