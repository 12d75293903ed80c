// @ts-check
/** Nudge a number by ±ε: everything that answers downstream, and the proof of its gradient. */

import { html, write } from '../dom.js';
import { apart, number } from '../format.js';
import { keyOf } from '../addresses.js';
import { canNudge, labelOf } from '../numbers.js';
import { answersOf } from '../ripple.js';

/**
 * @typedef {import('../types.js').State} State
 * @typedef {import('../types.js').Session} Session
 * @typedef {import('../types.js').Shock} Shock
 */

const PROOF_DIGITS = 6;

/** @param {number} before @param {number} after */
const change = (before, after) => {
  const [old, now] = apart(before, after);
  return [html('td', {}, old), html('td', { class: 'arrow-cell', 'aria-hidden': 'true' }, '→'), html('td', {}, html('b', {}, now))];
};

/** @param {import('../ripple.js').LayerAnswers} layer @param {number} depth */
const layerRows = ({ title, role, rows, left }, depth) => [
  html('tr', { class: `answers-layer role-${role}` }, html('th', { colspan: 4, scope: 'colgroup', class: 'by-role' }, title)),
  ...rows.map(({ address, name, before, after }) => html('tr', { 'data-part': keyOf(address, depth) },
    html('th', { scope: 'row' }, name), ...change(before, after))),
  ...(left ? [html('tr', {}, html('td', { colspan: 4, class: 'answers-more' }, `and ${left} more`))] : []),
];

/** @param {Shock} shock @param {Session} session */
function table(shock, session) {
  const depth = session.network.layers.length - 1;
  const layers = answersOf(shock, session);
  return html('table', { class: 'answers-table' },
    html('caption', {}, shock.by > 0 ? `${labelOf(shock.address, session)} + ${number(shock.by, 4)}` : `${labelOf(shock.address, session)} − ${number(-shock.by, 4)}`),
    html('tbody', {}, ...layers.flatMap((layer) => layerRows(layer, depth)),
      html('tr', { class: 'answers-cost' }, html('th', { scope: 'row' }, 'Cost'), ...change(shock.before.cost, shock.after.cost))));
}

/** @param {Shock} shock @param {Session} session */
function proof({ address, by, central, derivative }, session) {
  const name = labelOf(address, session);
  return html('dl', { class: 'proof' },
    html('div', {}, html('dt', {}, `(C(+ε) − C(−ε)) ⁄ 2ε`), html('dd', {}, number(central, PROOF_DIGITS)),
      html('dd', { class: 'proof-why' }, `the cost at ${name} ± ${number(Math.abs(by), 5)}, how steep it is between`)),
    html('div', {}, html('dt', {}, `∂C/∂${name}`), html('dd', {}, derivative === null ? 'not known yet' : number(derivative, PROOF_DIGITS)),
      html('dd', { class: 'proof-why' }, derivative === null ? 'Backpropagation will find it on its way back.' : 'what backpropagation found')));
}

/** @param {import('../types.js').Probe | null} probe @param {Session | null} session */
function content(probe, session) {
  if (!probe || !session) return [];
  if (probe.problem) return [html('p', { class: 'section-note' }, probe.problem)];
  if (!probe.shock) return [];
  const { before, after } = probe.shock;
  const none = answersOf(probe.shock, session).length === 0;
  const others = before.cost === after.cost ? '' : ' Others of the batch do.';
  return [...(none ? [html('p', { class: 'section-note' }, `No neuron answers for this observation.${others}`)] : []),
    table(probe.shock, session), proof(probe.shock, session)];
}

/**
 * @param {(name: string) => HTMLElement} hook
 * @param {import('../types.js').Dispatch} dispatch
 */
export function createNudge(hook, dispatch) {
  const epsilon = /** @type {HTMLSelectElement} */ (hook('epsilon'));
  let address = '';
  /** @type {unknown} */
  let shown = null;
  let reveal = false;
  const nudge = (/** @type {number} */ sign) => {
    reveal = true;
    dispatch({ type: 'nudge', address, by: sign * Number(epsilon.value) });
  };
  hook('plus').addEventListener('click', () => nudge(1));
  hook('minus').addEventListener('click', () => nudge(-1));
  hook('calm').addEventListener('click', () => { dispatch({ type: 'calm' }); hook('plus').focus(); });
  return {
    /** @param {State} state */
    update({ card, answer, probe: any, session }) {
      // Another number may be dragged in the diagram.
      const probe = any?.address === card?.address ? any : null;
      const known = answer?.address === card?.address && answer?.explanation;
      address = card?.address ?? '';
      hook('nudge').hidden = !known || !canNudge(address);
      hook('calm').hidden = !probe;
      const wanted = probe?.shock ?? probe?.problem ?? null;
      if (wanted === shown) return;
      shown = wanted;
      hook('answers').replaceChildren(...content(probe, session));
      if (reveal && wanted) hook('answers').scrollIntoView({ block: 'nearest' });
      reveal = reveal && !wanted;
      if (probe?.shock) write(hook('said'), `Cost ${apart(probe.shock.before.cost, probe.shock.after.cost).join(' → ')}`);
    },
  };
}
