// @ts-check
/** Draw the neurons: ring, curve with its dot at (z, a), value, bias and error. */

import { neuronKey } from '../addresses.js';
import { alongCurve, curvePath, hasCurve, placeOnCurve, tangent } from '../curve.js';
import { set, svg } from '../dom.js';
import { spotsOf } from '../fit.js';
import { roleOf } from '../layers.js';
import { kindOf } from '../layout.js';
import { biasText, errorText, valueText } from '../readings.js';
import { fillStrength } from '../scales.js';
import { halfPill, inside, note, pill } from './fittings.js';
import { giveWay, roomsTaken } from './making-room.js';

/**
 * @typedef {import('../layout.js').Place} Place
 * @typedef {import('../scene.js').Scene} Scene
 * @typedef {import('../scene.js').NeuronView} NeuronView
 * @typedef {import('../fit.js').Kind} Kind
 * @typedef {import('./fittings.js').Fitting} Fitting
 * @typedef {import('../layout.js').At} At
 * @typedef {{scale: number, reach: number, gap: number}} Surroundings
 * @typedef {ReturnType<typeof drawNeuron>} Drawn
 */

const ROOMY_FROM = 28;
/** From this radius on a curve can be told. */
const CURVE_FROM = 9;

/** @param {Place} place @param {string} name @param {number} [grow] */
function outline({ r, shape }, name, grow = 0) {
  const size = r + grow;
  return shape === 'square'
    ? svg('rect', { class: name, x: -size, y: -size, width: 2 * size, height: 2 * size, rx: size * 0.36 })
    : svg('circle', { class: name, r: size });
}

/** @param {Place} place */
function curveBox({ r, fit }) {
  if (fit !== 'pills') return { x: -0.62 * r, y: -0.5 * r, width: 1.24 * r, height: r };
  return r >= ROOMY_FROM
    ? { x: -0.58 * r, y: -0.64 * r, width: 1.16 * r, height: 0.54 * r }
    : { x: -0.52 * r, y: -0.46 * r, width: 1.04 * r, height: 0.36 * r };
}

/** @param {Place} place @param {string} activation */
function curveParts(place, activation) {
  if (place.r < CURVE_FROM || !hasCurve(activation)) return null;
  const box = curveBox(place);
  const shape = svg('path', { class: 'curve', d: curvePath(activation, box) });
  const slope = svg('line', { class: 'tangent', visibility: 'hidden' });
  const dot = svg('circle', { class: 'dot', r: place.r >= 40 ? 4.5 : place.r >= ROOMY_FROM ? 3.5 : place.r >= 14 ? 2.8 : 2.2, visibility: 'hidden' });
  return { box, slope, dot, group: svg('g', { class: 'curve-group' }, shape, slope, dot) };
}

/**
 * Say where a neuron's numbers are written: in and on it, or beside it where it is small.
 * @param {Place} place
 * @param {Kind} kind
 * @param {boolean} curved
 * @param {Surroundings} around
 * @returns {{value: Fitting, bias: Fitting, error: Fitting, follow?: () => void}} follow: push the error on where it
 *   stands behind the value, when both are written
 */
function fittings(place, kind, curved, { scale, reach, gap }) {
  const { r, fit } = place;
  if (fit === 'pills') {
    const small = r < ROOMY_FROM;
    const how = { small, scale, reach: kind === 'output' ? reach - 3 : Infinity, room: kind === 'output' ? Infinity : gap - 4 };
    const floor = kind === 'input' ? Infinity : r - halfPill(small, scale) - 0.5;
    return { value: inside(r, curved ? r * 0.31 : 0, floor), bias: pill('bias', r + 1, how), error: pill('error-pill', -r - 1, how) };
  }
  const { value, bias, error, short } = spotsOf(place, kind);
  const own = { value: note('value', value), bias: note('bias', bias, short), error: note('error-note', error) };
  return value.y === error.y && value.x < error.x ? { ...own, follow: () => own.error.follow(own.value.room()) } : own;
}

/**
 * @param {At} at
 * @param {Place} place
 * @param {Kind} kind
 * @param {string} activation
 * @param {string} role
 * @param {Surroundings} around
 */
function drawNeuron({ layer, neuron }, place, kind, activation, role, around) {
  const outer = place.r + (kind === 'output' ? 8 : 5);
  const tint = outline(place, 'tint');
  const curve = kind === 'input' ? null : curveParts(place, activation);
  const { value, bias, error, follow } = fittings(place, kind, curve !== null, around);
  const progress = svg('circle', { class: 'progress', r: outer, pathLength: 1, transform: 'rotate(-90)' });
  const ring = svg('g', { class: 'running', visibility: 'hidden' }, svg('circle', { class: 'progress-track', r: outer }), progress);
  const group = svg('g', { class: `neuron role-${role}`, 'data-part': neuronKey(layer, neuron),
    transform: `translate(${place.x.toFixed(1)} ${place.y.toFixed(1)})` }, ring);
  if (kind === 'output') group.append(outline(place, 'second-ring', place.r < CURVE_FROM ? 3 : 4));
  group.append(outline(place, 'body'), tint, outline(place, 'rim'));
  if (curve) group.append(curve.group);
  group.append(value.group);
  if (kind !== 'input') group.append(bias.group, error.group);
  return { layer, neuron, place, r: place.r, group, tint, ring, progress, curve, value, bias, error, follow, activation };
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
  const copy = drawn[part].copy();
  copy.write(text);
  group.append(copy.group);
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
  group.classList.toggle('is-answering', view.was !== null);
  group.classList.toggle('adds-bias', view.acting && scene.fine && ['bias', 'bias_gradient', 'new_bias'].includes(scene.event?.kind ?? ''));
  set(tint, { 'fill-opacity': (fillStrength(fill.value, fill.top) / 100).toFixed(2) });
  // Behind what would be there is no room for an error that no longer holds.
  const error = view.was !== null && drawn.follow ? '' : errorText(view, scene);
  drawn.value.write(drawn.place.single && drawn.place.fit === 'beside' && error ? '' : valueText(view, scene));
  set(drawn.ring, { visibility: view.sum === null ? 'hidden' : null });
  drawn.ring.classList.toggle('is-blame', scene.backward);
  set(drawn.progress, { 'stroke-dasharray': `${view.share.toFixed(3)} 1` });
  if (drawn.curve) moveDot(drawn.curve, view, drawn.activation);
  if (layer > 0) {
    drawn.bias.write(biasText(view, scene), biasText(view, scene, !view.acting || drawn.place.fit !== 'pills'));
    drawn.bias.group.classList.toggle('is-stale', scene.stale && view.before !== null);
    drawn.bias.group.classList.toggle('is-tried', scene.nudge?.address === `b[${layer}][${neuron}]`);
    drawn.error.group.classList.toggle('is-stale', scene.stale);
    drawn.error.write(error);
    drawn.follow?.();
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
  const { scale, gap } = layout;
  const all = layout.columns.flatMap(({ folded, places, reach }, layer) => (folded ? [] : places.map((place, neuron) =>
    drawNeuron({ layer, neuron }, place, kindOf(layer, depth), session.network.layers[layer]?.activation ?? '', roleOf(layer, depth), { scale, reach, gap }))));
  // The unfolded one lies over its neighbours.
  const last = layout.unfolded && all.find(({ layer, neuron }) => `${layer}:${neuron}` === layout.unfolded);
  group.replaceChildren(...all.map((drawn) => drawn.group), ...(last ? [last.group] : []));
  const byKey = new Map(all.map((drawn) => [neuronKey(drawn.layer, drawn.neuron), drawn]));
  return {
    /** @param {Scene} scene @param {string | null} lit */
    update(scene, lit) {
      for (const drawn of all) updateNeuron(drawn, scene, lit);
      giveWay(all, ({ layer, neuron }) => scene.neuron(layer, neuron).acting);
    },
    rooms: () => roomsTaken(all),
    /** @param {number} layer @param {number} neuron */
    at: (layer, neuron) => byKey.get(neuronKey(layer, neuron)) ?? null,
  };
}
