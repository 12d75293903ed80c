// @ts-check
/** The network as a drawing. Builds it once for a shape and a size, then only changes what differs. */

import { captions } from '../captions.js';
import { tried } from '../change.js';
import { createArrows } from '../drawing/arrows.js';
import { createConnections } from '../drawing/connections.js';
import { createLabels, wordsOf } from '../drawing/labels.js';
import { createNeurons } from '../drawing/neurons.js';
import { createPalette } from '../drawing/palette.js';
import { sharpen } from '../drawing/measure.js';
import { createPictures } from '../drawing/pictures.js';
import { createTags } from '../drawing/tags.js';
import { hooks, html, partUnder, set, svg } from '../dom.js';
import { layout } from '../layout.js';
import { layerTitle } from '../layers.js';
import { scene } from '../scene.js';
import { whatIf } from '../whatif.js';

/**
 * @typedef {import('../types.js').State} State
 * @typedef {import('../types.js').Session} Session
 * @typedef {SVGGElement} G
 * @typedef {[G, G, G, G, G, G, G, G]} Eight
 */

/** What fits into a neuron; the panel beside it shows as many as the learner likes. */
const MOST_DIGITS = 4;

/** Below so many pixels there is no stage to draw on. */
const LEAST = 40;

const GROUPS = ['bands', 'connections', 'arrows', 'labels', 'leaders', 'neurons', 'over', 'tags'];

/** @param {Session} session */
function describeNetwork({ network }) {
  const depth = network.layers.length - 1;
  const parts = network.layers.map(({ size }, l) => `${layerTitle(l, depth)} ${size}`);
  return `Network diagram. Neurons by layer: ${parts.join(', ')}. The table shows the same numbers.`;
}

/**
 * @param {SVGSVGElement} root
 * @param {HTMLCanvasElement} ground
 * @param {Session} session
 * @param {import('../layout.js').Layout} plan
 * @param {() => import('../drawing/palette.js').Colours} colours
 */
function build(root, ground, session, plan, colours) {
  const sizes = sizesOf(session);
  const groups = GROUPS.map((name) => svg('g', { class: name }));
  const [bands, lines, arrows, labels, leaders, neurons, over, tags] = /** @type {Eight} */ (groups);
  set(root, { viewBox: `0 0 ${plan.width} ${plan.height}`, 'aria-label': describeNetwork(session) });
  root.classList.toggle('is-narrow', plan.narrow);
  root.style.setProperty('--scale', plan.scale.toFixed(3));
  root.replaceChildren(...groups);
  const connections = createConnections({ group: lines, ground }, plan, sizes, colours);
  return {
    connections,
    pictures: createPictures(bands, neurons.appendChild(svg('g')), plan),
    neurons: createNeurons(neurons.appendChild(svg('g')), plan, session),
    labels: createLabels(labels, plan, session),
    arrows: createArrows(arrows, plan, connections.single),
    tags: createTags(tags, leaders, plan, connections.lines),
    layout: plan, over, groups: { arrows, tags, leaders },
  };
}

/** @param {Session} session */
const sizesOf = ({ network }) => network.layers.map(({ size }) => size);

/** Name the neuron at work, which is drawn larger where its column is drawn small. @param {State} state @returns {import('../layout.js').At | null} */
function atWork({ session, scope }) {
  const { event = null } = session ?? {};
  return event && event.layer > 0 && event.neuron >= 0 && (scope === 'term' || scope === 'neuron') ? event : null;
}

/** Lay the network out, anew only where something about it differs. */
function createPlanner() {
  let asked = '';
  /** @type {import('../layout.js').Layout | null} */
  let plan = null;
  /** @param {State & {session: Session}} state @param {{width: number, height: number}} stage */
  return (state, stage) => {
    const at = atWork(state);
    const names = wordsOf(state.session);
    const wanted = `${stage.width}×${stage.height} ${sizesOf(state.session)} ${at?.layer}:${at?.neuron} ${names?.name}`;
    if (wanted !== asked || !plan) plan = layout(sizesOf(state.session), { ...stage, names }, at);
    asked = wanted;
    return plan;
  };
}

/** Give the focus back to the part that had it before all was drawn anew. @param {Element} drawing @param {string | null} key */
function refocus(drawing, key) {
  const part = key && drawing.querySelector(`[data-part="${key}"]`);
  if (!part || drawing.contains(document.activeElement)) return;
  set(part, { tabindex: 0 });
  /** @type {SVGElement} */ (part).focus({ preventScroll: true });
}

/** @param {Session} session */
const shapeOf = ({ network }) => JSON.stringify(network.layers.map(({ size, names, activation }) => [size, names, activation]));

/** @typedef {ReturnType<typeof build>} Parts */

/** @param {Session} session @param {State} state */
const sceneOf = (session, state) => scene(session, state.scope, state.domains,
  Math.min(state.digits, MOST_DIGITS), state.fill);

/** @param {SVGSVGElement} root @param {Parts} parts @param {State} state @returns {import('../scene.js').Scene} what is true, whatever is tried out */
function draw(root, parts, state) {
  const session = /** @type {Session} */ (state.session);
  const here = sceneOf(session, state);
  const trying = state.probe ? sceneOf(tried(session, state.probe), state) : here;
  const view = state.probe?.shock ? whatIf(trying, state.probe.shock) : trying;
  set(root, { 'data-phase': view.phase });
  root.classList.toggle('is-nudged', view.nudge !== null);
  root.classList.toggle('is-stale', view.stale);
  parts.connections.update(view, state.lit);
  parts.pictures.update(view);
  parts.neurons.update(view, state.lit);
  parts.labels.update(view);
  parts.arrows.update(view);
  parts.tags.update(captions(view, state.scope, state.lit), view.focus,
    () => ({ neurons: parts.neurons.rooms(), others: parts.connections.boxes() }));
  return here;
}

/**
 * @param {HTMLElement} root
 * @param {import('../types.js').Dispatch} dispatch
 */
export function create(root, dispatch) {
  const canvas = hooks(root)('canvas');
  const drawing = svg('svg', { class: 'diagram', role: 'img' });
  const ground = /** @type {HTMLCanvasElement} */ (html('canvas', { class: 'ground', 'aria-hidden': 'true', hidden: true }));
  canvas.append(ground, drawing);
  const colours = createPalette(canvas, () => last && update(last));
  /** @type {ReturnType<typeof build> | null} */
  let parts = null;
  let built = '';
  let moves = -1;
  /** @type {State | null} */
  let last = null;
  /** @type {import('../scene.js').Scene | null} */
  let seen = null;
  /** @type {import('../drawing/mover.js').Mover | null} */
  let mover = null;
  setTimeout(sharpen);
  const planned = createPlanner();
  let building = false;

  drawing.addEventListener('pointermove', (event) => {
    const { left, top } = drawing.getBoundingClientRect();
    const key = partUnder(event) ?? parts?.connections.near(event.clientX - left, event.clientY - top) ?? null;
    if (key !== last?.lit) dispatch({ type: 'light', key });
  });
  drawing.addEventListener('pointerleave', () => dispatch({ type: 'light', key: null }));

  /** @param {Session} session @param {import('../layout.js').Layout} plan */
  function rebuild(session, plan) {
    const { activeElement } = document;
    const held = drawing.contains(activeElement) ? activeElement?.getAttribute('data-part') ?? null : null;
    building = true;
    parts = build(drawing, ground, session, plan, colours);
    // The focus lights its part, which comes back here before all is drawn.
    refocus(drawing, held);
    building = false;
  }

  /** @param {State} state */
  function update(state) {
    last = state;
    if (building) return;
    canvas.hidden = state.view !== 'diagram';
    const stage = { width: Math.round(canvas.clientWidth), height: Math.round(canvas.clientHeight) };
    if (!state.session || stage.width < LEAST || stage.height < LEAST) return;
    const plan = planned(/** @type {State & {session: Session}} */ (state), stage);
    const wanted = `${stage.width}×${stage.height} ${shapeOf(state.session)} ${plan.unfolded} ${plan.gap}`;
    const moved = state.moves !== moves;
    if (moved || state.busy || wanted !== built) mover?.finish();
    const first = !parts;
    if (wanted !== built || !parts) rebuild(state.session, plan);
    built = wanted;
    // The first time, a browser has all of this to learn: it may paint and answer a click between making and filling it.
    if (first) requestAnimationFrame(() => setTimeout(() => last && update(last)));
    if (first || !parts) return;
    const view = draw(drawing, parts, last);
    if (moved && seen) mover?.move(parts, seen, view, state);
    moves = state.moves;
    seen = view;
  }

  canvas.addEventListener('pointerdown', () => mover?.finish());
  new ResizeObserver(() => last && update(last)).observe(canvas);
  return {
    update,
    /** Let the drawing move from now on. @param {import('../drawing/mover.js').Mover} found */
    enliven(found) {
      mover = found;
    },
  };
}
