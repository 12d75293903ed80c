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
 * @typedef {'halo' | 'ghost'} Under what lies under a line, made when it is first needed: what is hidden costs time too
 * @typedef {At & {key: string, group: SVGGElement, line: SVGLineElement, ends: import('../dom.js').Attributes}
 *   & Record<Under, SVGLineElement | null>} Drawn
 */

/** @param {Layout} layout @param {At} at @returns {Drawn} */
export function drawConnection(layout, at) {
  const key = connectionKey(at.layer, at.neuron, at.source);
  const ends = { ...segmentOf(layout, at) };
  const line = svg('line', { class: 'weight', ...ends });
  const group = svg('g', { class: 'connection', 'data-part': key }, line, svg('line', { class: 'hit', ...ends }));
  return { ...at, key, group, line, ends, halo: null, ghost: null };
}

/** @param {Drawn} drawn @param {Under} name @param {number | null} width none where there is nothing to show @param {string} kind */
function lay(drawn, name, width, kind = '') {
  if (width === null) {
    if (drawn[name]) set(drawn[name], { visibility: 'hidden' });
    return;
  }
  drawn[name] ??= drawn.group.insertBefore(svg('line', drawn.ends), drawn.ghost ?? drawn.line);
  set(drawn[name], { visibility: null, class: name + kind, 'stroke-width': width });
}

/** @param {Drawn} drawn @param {Scene} scene @param {string | null} lit */
export function updateConnection(drawn, scene, lit) {
  const { layer, neuron, source, key, group, line } = drawn;
  const { weight, gradient, blame, before } = scene.connection(layer, neuron, source);
  const { backward, focus, domains } = scene;
  const shine = lit === key ? ' is-held' : '';
  const light = focus.all ? 'is-plain' : focus.lit(key) ? 'is-lit' : focus.recent(key) ? 'is-recent' : 'is-dim';
  const under = backward && blame !== null ? ' is-under' : '';
  set(group, { class: `connection role-${weightRole(weight)} ${light}${shine}${under}` });
  const width = weightWidth(weight, domains.weight);
  set(line, { 'stroke-width': width });
  lay(drawn, 'ghost', before === null ? null : weightWidth(before, domains.weight) + 5);
  const wide = !backward || gradient === null ? null : width + gradientWidth(gradient, domains.gradient ?? 1);
  lay(drawn, 'halo', wide, (gradient ?? 0) < 0 ? ' is-negative' : '');
}
