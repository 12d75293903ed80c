// @ts-check
/** Draw the neurons: ring, curve with its dot at (z, a), value, bias and error. */

import { neuronKey } from '../addresses.js';
import { alongCurve, curvePath, hasCurve, placeOnCurve, tangent } from '../curve.js';
import { set, svg, write } from '../dom.js';
import { roleOf } from '../layers.js';
import { biasText, errorText, valueText } from '../readings.js';
import { fillStrength } from '../scales.js';

/**
 * @typedef {import('../layout.js').Place} Place
 * @typedef {import('../scene.js').Scene} Scene
 * @typedef {import('../scene.js').NeuronView} NeuronView
 * @typedef {ReturnType<typeof drawNeuron>} Drawn
 */

/** From so large on a neuron shows its curve, and then roomily. */
const CURVE_FROM = 16;
const ROOMY_FROM = 28;
const TEXT_FROM = 11;
const LEAST_TEXT = 9;

/** @param {number} r @param {string} text */
const textSize = (r, text) => {
  const best = r >= 40 ? Math.max(16, r * 0.31) : r >= ROOMY_FROM ? 14 : r >= 21 ? 12.5 : 11;
  return Math.min(best, Math.max(LEAST_TEXT, (1.75 * r) / (Math.max(1, text.length) * 0.6)));
};

/** @param {Place} place @param {string} name @param {number} [grow] */
function outline({ r, shape }, name, grow = 0) {
  const size = r + grow;
  return shape === 'square'
    ? svg('rect', { class: name, x: -size, y: -size, width: 2 * size, height: 2 * size, rx: size * 0.36 })
    : svg('circle', { class: name, r: size });
}

/** @param {number} r */
const curveBox = (r) => (r >= ROOMY_FROM
  ? { x: -0.58 * r, y: -0.66 * r, width: 1.16 * r, height: 0.66 * r }
  : { x: -0.5 * r, y: -0.72 * r, width: r, height: 0.5 * r });

/** @param {string} name @param {boolean} small @param {number} scale */
function pill(name, small, scale) {
  const half = small ? 7.5 : 9 * scale;
  const box = svg('rect', { class: 'pill-box', y: -half, height: 2 * half, rx: half });
  const text = svg('text', { class: 'pill-text', y: small ? 3.4 : 4 * scale, 'font-size': small ? 9.5 : 11 * scale });
  return { group: svg('g', { class: `pill ${name}` }, box, text), box, text, perCharacter: small ? 5.6 : 6.5 * scale };
}

/** @param {ReturnType<typeof pill>} drawn @param {string} content */
function fillPill({ group, box, text, perCharacter }, content) {
  set(group, { visibility: content ? null : 'hidden' });
  if (!content) return;
  write(text, content);
  const width = perCharacter * (content.length + 2.3);
  set(box, { x: -width / 2, width });
}

/** @param {Place} place @param {string} activation */
function curveParts({ r }, activation) {
  const box = curveBox(r);
  const shape = svg('path', { class: 'curve', d: curvePath(activation, box) });
  const slope = svg('line', { class: 'tangent', visibility: 'hidden' });
  const dot = svg('circle', { class: 'dot', r: r >= 40 ? 4.5 : 3.5, visibility: 'hidden' });
  return { box, slope, dot, group: svg('g', { class: 'curve-group' }, shape, slope, dot) };
}

/**
 * @param {number} layer
 * @param {number} neuron
 * @param {number} depth
 * @param {Place} place
 * @param {{activation: string, scale: number, pilled: boolean}} how
 */
function drawNeuron(layer, neuron, depth, place, { activation, scale, pilled }) {
  const outer = place.r + (layer === depth ? 8 : 5);
  const tint = outline(place, 'tint');
  const curved = place.r >= CURVE_FROM && layer > 0;
  const value = svg('text', { class: 'value', y: curved ? place.r * (place.r >= ROOMY_FROM ? 0.46 : 0.36) : 4.8 });
  const progress = svg('circle', { class: 'progress', r: outer, pathLength: 1, transform: 'rotate(-90)' });
  const ring = svg('g', { class: 'running', visibility: 'hidden' }, svg('circle', { class: 'progress-track', r: outer }), progress);
  const curve = curved && hasCurve(activation) ? curveParts(place, activation) : null;
  const small = place.r < ROOMY_FROM;
  const bias = pill('bias', small, scale);
  const error = pill('error-pill', small, scale);
  set(bias.group, { transform: `translate(0 ${place.r + 1})` });
  set(error.group, { transform: `translate(0 ${-place.r - 1})` });
  const group = svg('g', { class: `neuron role-${roleOf(layer, depth)}`, 'data-part': neuronKey(layer, neuron),
    transform: `translate(${place.x.toFixed(1)} ${place.y.toFixed(1)})` }, ring);
  if (layer === depth) group.append(outline(place, 'second-ring', 4));
  group.append(outline(place, 'body'), tint, outline(place, 'rim'));
  if (curve) group.append(curve.group);
  group.append(value);
  if (pilled) group.append(bias.group, error.group);
  return { layer, neuron, r: place.r, scale, group, tint, value, ring, progress, curve, bias, error, activation };
}

/** @param {NonNullable<Drawn['curve']>} curve @param {NeuronView} view @param {string} activation */
function moveDot({ box, slope, dot }, { z, a, slope: steepness }, activation) {
  const known = z !== null && a !== null;
  const at = known ? placeOnCurve(activation, z, a) : placeOnCurve(activation, 0, 0);
  const x = box.x + at.x * box.width;
  const y = box.y + at.y * box.height;
  set(dot, { visibility: known ? null : 'hidden' });
  dot.style.setProperty('transform', `translate(${x.toFixed(2)}px, ${y.toFixed(2)}px)`);
  set(slope, { visibility: steepness === null || !known ? 'hidden' : null });
  if (steepness === null || !known) return;
  const way = tangent(activation, steepness, box);
  const reach = box.width * 0.42;
  set(slope, { x1: x - way.x * reach, y1: y - way.y * reach, x2: x + way.x * reach, y2: y + way.y * reach });
}

/**
 * Write something else where a neuron's value, bias or error is written, on an element of its own.
 * @param {Drawn} drawn
 * @param {'value' | 'bias' | 'error'} part
 * @param {string} text
 */
export function twin(drawn, part, text) {
  const group = svg('g', { class: drawn.group.getAttribute('class'), transform: drawn.group.getAttribute('transform') });
  if (part === 'value') {
    const copy = /** @type {SVGTextElement} */ (drawn.value.cloneNode());
    copy.textContent = text;
    set(copy, { 'font-size': textSize(drawn.r, text).toFixed(1) });
    group.append(copy);
  } else {
    const copy = pill(part === 'bias' ? 'bias' : 'error-pill', drawn.r < ROOMY_FROM, drawn.scale);
    set(copy.group, { transform: drawn[part].group.getAttribute('transform') });
    fillPill(copy, text);
    group.append(copy.group);
  }
  return group;
}

/** Where a dot may be on its way along the curve, from its middle to (z, a). @param {Drawn} drawn @param {number} z @param {number} a */
export function dotsOnTheWay({ curve, activation }, z, a) {
  if (!curve) return [];
  const { box } = curve;
  return alongCurve(activation, z, a).map(({ x, y }) => `translate(${(box.x + x * box.width).toFixed(2)}px, ${(box.y + y * box.height).toFixed(2)}px)`);
}

/** @param {Drawn} drawn @param {Scene} scene @param {string | null} lit */
function updateNeuron(drawn, scene, lit) {
  const { layer, neuron, group, tint } = drawn;
  const view = scene.neuron(layer, neuron);
  const key = neuronKey(layer, neuron);
  const fill = scene.fill(layer, neuron);
  const bright = scene.focus.lit(key) || scene.focus.recent(key);
  group.classList.toggle('is-dim', !bright);
  group.classList.toggle('is-acting', view.acting && !scene.focus.all);
  group.classList.toggle('is-held', lit === key);
  group.classList.toggle('is-error', fill.error);
  group.classList.toggle('adds-bias', view.acting && scene.fine && ['bias', 'bias_gradient', 'new_bias'].includes(scene.event?.kind ?? ''));
  set(tint, { 'fill-opacity': (fillStrength(fill.value, fill.top) / 100).toFixed(2) });
  const text = drawn.r < TEXT_FROM ? '' : valueText(view, scene);
  write(drawn.value, text);
  set(drawn.value, { 'font-size': textSize(drawn.r, text).toFixed(1) });
  set(drawn.ring, { visibility: view.sum === null ? 'hidden' : null });
  drawn.ring.classList.toggle('is-blame', scene.backward);
  set(drawn.progress, { 'stroke-dasharray': `${view.share.toFixed(3)} 1` });
  if (drawn.curve) moveDot(drawn.curve, view, drawn.activation);
  if (layer > 0) {
    fillPill(drawn.bias, biasText(view, scene));
    fillPill(drawn.error, errorText(view, scene));
  }
}

/**
 * Draw all neurons that are not folded away.
 * @param {SVGGElement} group
 * @param {import('../layout.js').Layout} layout
 * @param {import('../types.js').Session} session
 */
export function createNeurons(group, layout, session) {
  const depth = layout.columns.length - 1;
  /** @type {Drawn[]} */
  const all = [];
  for (const [layer, column] of layout.columns.entries()) {
    if (column.folded) continue;
    const activation = session.network.layers[layer]?.activation ?? '';
    for (const [neuron, place] of column.places.entries()) {
      all.push(drawNeuron(layer, neuron, depth, place, { activation, scale: layout.scale, pilled: column.pilled }));
    }
  }
  group.replaceChildren(...all.map((drawn) => drawn.group));
  const byKey = new Map(all.map((drawn) => [neuronKey(drawn.layer, drawn.neuron), drawn]));
  return {
    /** @param {Scene} scene @param {string | null} lit */
    update(scene, lit) {
      for (const drawn of all) updateNeuron(drawn, scene, lit);
    },
    /** @param {number} layer @param {number} neuron */
    at: (layer, neuron) => byKey.get(neuronKey(layer, neuron)) ?? null,
  };
}
