// @ts-check
/** The network as a drawing. Builds it once for a shape and a size, then only changes what differs. */

import { captions } from '../captions.js';
import { createArrows } from '../drawing/arrows.js';
import { createConnections } from '../drawing/connections.js';
import { createLabels } from '../drawing/labels.js';
import { createNeurons } from '../drawing/neurons.js';
import { createPictures } from '../drawing/pictures.js';
import { createPulse } from '../drawing/pulse.js';
import { createTags } from '../drawing/tags.js';
import { hooks, set, svg } from '../dom.js';
import { layout } from '../layout.js';
import { layerTitle } from '../layers.js';
import { scene } from '../scene.js';

/**
 * @typedef {import('../types.js').State} State
 * @typedef {import('../types.js').Session} Session
 * @typedef {SVGGElement} G
 * @typedef {[G, G, G, G, G, G, G]} Seven
 */

/** Below so many pixels there is no stage to draw on. */
const LEAST = 40;

const GROUPS = ['bands', 'connections', 'arrows', 'labels', 'neurons', 'pulse', 'tags'];

/** @param {Session} session */
function describeNetwork({ network }) {
  const depth = network.layers.length - 1;
  const parts = network.layers.map(({ size }, l) => `${layerTitle(l, depth)} ${size}`);
  return `Network diagram. Neurons by layer: ${parts.join(', ')}. The table shows the same numbers.`;
}

/** @param {SVGSVGElement} root @param {Session} session @param {{width: number, height: number}} stage */
function build(root, session, stage) {
  const sizes = session.network.layers.map(({ size }) => size);
  const plan = layout(sizes, stage);
  const groups = GROUPS.map((name) => svg('g', { class: name }));
  const [bands, lines, arrows, labels, neurons, pulse, tags] = /** @type {Seven} */ (groups);
  set(root, { viewBox: `0 0 ${stage.width} ${stage.height}`, 'aria-label': describeNetwork(session) });
  root.classList.toggle('is-narrow', plan.narrow);
  root.style.setProperty('--scale', plan.scale.toFixed(3));
  root.replaceChildren(...groups);
  const connections = createConnections(lines, plan, sizes);
  return {
    connections,
    pictures: createPictures(bands, neurons.appendChild(svg('g')), plan),
    neurons: createNeurons(neurons.appendChild(svg('g')), plan, session),
    labels: createLabels(labels, plan, session),
    arrows: createArrows(arrows, plan),
    tags: createTags(tags, plan, connections.lines),
    pulse: createPulse(pulse, plan),
  };
}

/** @param {Session} session */
const shapeOf = ({ network }) => JSON.stringify(network.layers.map(({ size, names, activation }) => [size, names, activation]));

/** @param {Event} event */
const partUnder = (event) =>
  /** @type {Element} */ (event.target).closest('[data-part]')?.getAttribute('data-part') ?? null;

/**
 * @param {SVGSVGElement} root
 * @param {ReturnType<typeof build>} parts
 * @param {State} state
 * @param {boolean} moved whether another position is shown than before
 */
function draw(root, parts, state, moved) {
  const session = /** @type {Session} */ (state.session);
  const view = scene(session, state.scope);
  set(root, { 'data-phase': view.phase });
  parts.connections.update(view, state.lit);
  parts.pictures.update(view);
  parts.neurons.update(view, state.lit);
  parts.labels.update(view);
  parts.arrows.update(view);
  parts.tags.update(captions(view, state.scope, state.lit), view.focus);
  if (moved && state.forward && view.fine) parts.pulse.run(session.event);
  else if (moved) parts.pulse.stop();
}

/**
 * @param {HTMLElement} root
 * @param {import('../types.js').Dispatch} dispatch
 */
export function create(root, dispatch) {
  const canvas = hooks(root)('canvas');
  const drawing = svg('svg', { class: 'diagram', role: 'img' });
  canvas.append(drawing);
  /** @type {ReturnType<typeof build> | null} */
  let parts = null;
  let built = '';
  let moves = -1;
  /** @type {State | null} */
  let last = null;

  drawing.addEventListener('pointerover', (event) => dispatch({ type: 'light', key: partUnder(event) }));
  drawing.addEventListener('pointerleave', () => dispatch({ type: 'light', key: null }));

  /** @param {State} state */
  function update(state) {
    last = state;
    canvas.hidden = state.view !== 'diagram';
    const stage = { width: Math.round(canvas.clientWidth), height: Math.round(canvas.clientHeight) };
    if (!state.session || stage.width < LEAST || stage.height < LEAST) return;
    const wanted = `${stage.width}×${stage.height} ${shapeOf(state.session)}`;
    if (wanted !== built || !parts) parts = build(drawing, state.session, stage);
    built = wanted;
    draw(drawing, parts, state, state.moves !== moves);
    moves = state.moves;
  }

  new ResizeObserver(() => last && update(last)).observe(canvas);
  return update;
}
