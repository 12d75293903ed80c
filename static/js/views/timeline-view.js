// @ts-check
/** Time: the events of this iteration in the colours of their phases, and all iterations with their cost. */

import { hooks, html, set, svg, write } from '../dom.js';
import { count, number } from '../format.js';
import { layerTitle, observationOf, phaseTitle } from '../layers.js';
import { domain } from '../scales.js';
import { costAt, curvePoints, done, phaseAt, phasesOf, phaseSpans } from '../timeline.js';
import { changes } from '../whatif.js';

/**
 * @typedef {import('../types.js').State} State
 * @typedef {import('../types.js').Session} Session
 * @typedef {import('../types.js').CostCurve} CostCurve
 */

const PAD = 5;
const AXIS = 36;
/** The cost changes little from one iteration to the next. */
const COST_DIGITS = 4;
/** Up to so many costs each has a point of its own. */
const FEW = 40;

/** @param {Session} session */
function phaseBars({ position }) {
  return phaseSpans(phasesOf(position.stretches), position.events).map((span) => {
    const bar = html('div', { class: `phase phase-${span.phase}` }, html('div', { class: 'phase-done' }));
    bar.style.setProperty('flex-grow', String(span.end - span.start));
    for (const tick of span.ticks) {
      const mark = html('i', { class: 'tick' });
      mark.style.setProperty('left', `${(((tick - span.start) / (span.end - span.start)) * 100).toFixed(2)}%`);
      bar.append(mark);
    }
    return bar;
  });
}

/** @param {Session} session */
function phaseNames({ position }) {
  return phaseSpans(phasesOf(position.stretches), position.events).map((span) => {
    const name = html('span', { class: `phase-name phase-${span.phase}` }, phaseTitle(span.phase));
    name.style.setProperty('flex-grow', String(span.end - span.start));
    return name;
  });
}

/** @param {Element} root @param {Session} session */
function fillPhases(root, { position }) {
  const share = position.events ? position.event / position.events : 0;
  for (const [k, span] of phaseSpans(phasesOf(position.stretches), position.events).entries()) {
    const bar = root.children[k]?.querySelector('.phase-done');
    if (bar instanceof HTMLElement) bar.style.setProperty('width', `${(done(span, share) * 100).toFixed(2)}%`);
  }
}

/** @typedef {{width: number, height: number}} Room what the curve has, its axis left out */

/** @param {Room} room @param {number} top */
const axes = ({ width, height }, top) => [
  svg('line', { class: 'axis', x1: 0, x2: width, y1: PAD, y2: PAD, 'stroke-dasharray': '2 4' }),
  svg('line', { class: 'axis', x1: 0, x2: width, y1: height - PAD, y2: height - PAD }),
  svg('text', { class: 'axis-text', x: width + 8, y: PAD + 4 }, String(top)),
  svg('text', { class: 'axis-text', x: width + 8, y: height - PAD + 4 }, '0'),
];

/** @param {Room} room @param {number} first the iteration that the past begins with */
const promise = ({ width, height }, first) => [
  svg('line', { class: 'axis', x1: 0, x2: width, y1: height - PAD, y2: height - PAD }),
  svg('text', { class: 'axis-text', x: 0, y: height / 2 + 4 }, first ? `The costs from iteration ${count(first)} on will be drawn here.` : 'The cost of each iteration will be drawn here.'),
];

/** @param {Element} root @param {CostCurve | null} curve @param {Session} session @param {Room} room */
function drawCurve(root, curve, { position, values, history }, room) {
  const { width, height } = room;
  const known = curve ?? { iterations: [], costs: [] };
  const here = values.cost ?? costAt(curve, position.iteration);
  set(root, { viewBox: `0 0 ${width + AXIS} ${height}` });
  if (!known.costs.length && here === null) return root.replaceChildren(...promise(room, history.first));
  const top = domain([...known.costs, here]);
  const box = { width, height: height - 2 * PAD, last: Math.max(history.iterations, position.iteration, 1), top };
  const line = curvePoints(known, box).map(({ x, y }) => `${x} ${y + PAD}`);
  const dots = here === null ? [] : curvePoints({ iterations: [position.iteration], costs: [here] }, box);
  root.replaceChildren(...axes(room, top),
    svg('path', { class: 'cost-curve', d: line.length > 1 ? `M${line.join('L')}` : '' }),
    ...(line.length > FEW ? [] : curvePoints(known, box).map(({ x, y }) =>
      svg('circle', { class: 'cost-point', cx: x, cy: y + PAD, r: 2 }))),
    ...dots.map(({ x, y }) => svg('circle', { class: 'cost-dot', cx: x, cy: y + PAD, r: 4.5 })));
}

/** @param {Session} session */
const eventText = ({ position, network, event }) =>
  `${phaseTitle(phaseAt(phasesOf(position.stretches), position.event))}${event && event.kind !== 'cost'
    ? `, ${layerTitle(event.layer, network.layers.length - 1)}` : ''}, event ${position.event} of ${position.events}`;

/** @param {Session} session @param {CostCurve | null} curve @param {number} chosen digits */
function costText({ values, position }, curve, chosen) {
  const digits = Math.max(COST_DIGITS, chosen);
  const after = values.cost_after === null ? '' : ` → ${number(values.cost_after, digits)}`;
  const cost = values.cost ?? costAt(curve, position.iteration);
  return cost === null ? 'cost not known yet' : `cost ${number(cost, digits)}${after}`;
}

/** @param {HTMLInputElement} slider @param {number} value @param {boolean} busy */
function slide(slider, value, busy) {
  // While it is dragged, answers that are on their way must not pull it back.
  if (!busy || document.activeElement !== slider) slider.value = String(value);
}

/** @param {(name: string) => HTMLElement} hook @param {State} state @param {Session} session */
function showIteration(hook, { busy, curve, digits, probe }, session) {
  const cost = costText(session, curve, digits);
  const { position, history } = session;
  const slider = /** @type {HTMLInputElement} */ (hook('iteration'));
  const last = Math.max(history.iterations, position.iteration);
  set(slider, { min: history.first, max: last, 'aria-valuetext': `Iteration ${position.iteration}, ${cost}` });
  slider.disabled = last <= history.first;
  slide(slider, position.iteration, busy);
  write(hook('iteration-label'), `Iteration ${count(position.iteration)}`);
  write(hook('observation'), `${session.read_only ? 'you follow someone’s steps · ' : ''}${observationOf(session)}`);
  write(hook('cost'), cost);
  const known = session.values.cost !== null;
  hook('cost').classList.toggle('is-stale', Boolean(known && probe?.shock && changes(probe.shock)));
  set(hook('cost'), known ? { 'data-address': 'cost', role: 'button', tabindex: 0 } : { 'data-address': null, role: null, tabindex: null });
}

/** @param {(name: string) => HTMLElement} hook @param {State} state @param {Session} session */
function showEvents(hook, { busy }, session) {
  const { position } = session;
  const bars = hook('phases');
  const shape = JSON.stringify(position.stretches);
  if (bars.dataset['shape'] !== shape) {
    bars.dataset['shape'] = shape;
    bars.replaceChildren(...phaseBars(session));
    hook('phase-names').replaceChildren(...phaseNames(session));
  }
  fillPhases(bars, session);
  const slider = /** @type {HTMLInputElement} */ (hook('event'));
  set(slider, { max: position.events, 'aria-valuetext': eventText(session) });
  slide(slider, position.event, busy);
}

/**
 * @param {HTMLElement} root
 * @param {import('../types.js').Dispatch} dispatch
 */
export function create(root, dispatch) {
  const hook = hooks(root);
  const curve = /** @type {Element} */ (root.querySelector('[data-hook="curve"]'));
  /** @type {State | null} */
  let last = null;
  /** @type {Room | null} */
  let room = null;
  const place = () => last?.session?.position ?? { iteration: 0, event: 0 };
  const value = (/** @type {string} */ name) => Number(/** @type {HTMLInputElement} */ (hook(name)).value);
  hook('event').addEventListener('input', () =>
    dispatch({ type: 'goto', iteration: place().iteration, event: value('event') }));
  hook('iteration').addEventListener('input', () =>
    dispatch({ type: 'goto', iteration: value('iteration'), event: place().event }));

  /** @param {State} state */
  function update(state) {
    last = state;
    if (!state.session) return;
    showEvents(hook, state, state.session);
    showIteration(hook, state, state.session);
    if (room) drawCurve(curve, state.curve, state.session, room);
  }
  // Told its size rather than asking for it: to answer, the browser would have to lay out the page at once.
  new ResizeObserver(([entry]) => {
    const { width = 0, height = 0 } = entry?.contentRect ?? {};
    room = { width: Math.max(60, width - AXIS), height: Math.max(24, height) };
    if (last) update(last);
  }).observe(curve);
  return update;
}
