// @ts-check
/** The first state and what each action makes of it. */

import { steady } from './domains.js';
import { DIGITS } from './format.js';
import { exists } from './numbers.js';
import { CARD_RULES, NO_CARD } from './trail.js';

/**
 * @typedef {import('./types.js').State} State
 * @typedef {import('./types.js').Action} Action
 * @typedef {import('./types.js').Session} Session
 */

/** @type {State} */
export const INITIAL = {
  session: null,
  domains: null,
  origin: { preset: 'article' },
  desk: 0,
  presets: [],
  granularity: 'term',
  scope: 'pass',
  moves: 0,
  forward: false,
  playing: false,
  pace: 900,
  busy: false,
  message: null,
  lit: null,
  theme: 'auto',
  view: 'diagram',
  panel: 'formula',
  call: '',
  digits: DIGITS,
  fill: 'step',
  curve: null,
  ...NO_CARD,
};

/** @param {State} state @param {Session} session */
function isStale(state, session) {
  return state.session !== null && state.session.id === session.id
    && session.revision < state.session.revision;
}

/**
 * Give what the server wants to be said along with a session.
 * @param {Session} session
 * @param {Session | null} before
 * @returns {State['message']}
 */
function messageOf({ diverged, notices }, before) {
  if (diverged && !before?.diverged) return { kind: 'problem', text: diverged.sentence, offer: 'back' };
  return notices?.length ? { kind: 'note', text: notices.join(' '), told: true } : null;
}

/** What was wrong is past once a session comes. @param {State['message']} message */
const lasting = (message) => (message?.kind === 'problem' || message?.waiting || message?.told ? null : message);

/** @param {State['message']} a @param {State['message']} b */
const sameMessage = (a, b) => a?.text === b?.text && a?.kind === b?.kind && a?.offer === b?.offer;

/**
 * Take a session the server sent, unless it is of another desk or older than what is shown.
 * @param {State} state
 * @param {Action} action
 * @returns {State}
 */
function receive(state, { session, desk, scope, forward = false, quiet = false }) {
  if (desk !== state.desk || isStale(state, session)) return state;
  const domains = steady(state.domains, state.session, session);
  if (quiet) return { ...state, session, domains };
  const message = messageOf(session, state.session) ?? lasting(state.message);
  // Its neuron may have left the network, or stand in another layer now.
  const deeper = state.session && state.session.network.layers.length !== session.network.layers.length;
  const card = state.card && (deeper || !exists(state.card.address, session)) ? NO_CARD : {};
  return { ...state, ...card, session, domains, message, scope: scope ?? state.scope, forward, moves: state.moves + 1 };
}

/** @type {Record<string, (state: State, action: Action) => State>} */
const RULES = {
  ...CARD_RULES,
  session: receive,
  desk: (state, { origin }) => ({ ...state, origin, desk: state.desk + 1, session: null, domains: null, curve: null, lit: null, playing: false, scope: 'pass', ...NO_CARD }),
  presets: (state, { presets }) => ({ ...state, presets }),
  granularity: (state, { granularity }) => ({ ...state, granularity }),
  playing: (state, { playing }) => ({ ...state, playing }),
  pace: (state, { pace }) => ({ ...state, pace }),
  busy: (state, { busy }) => ({ ...state, busy }),
  message: (state, { message }) => (sameMessage(message, state.message) ? state : { ...state, message }),
  light: (state, { key }) => ({ ...state, lit: key }),
  theme: (state, { theme }) => ({ ...state, theme }),
  view: (state, { view }) => ({ ...state, view }),
  panel: (state, { panel }) => ({ ...state, panel }),
  call: (state, { call }) => ({ ...state, call }),
  digits: (state, { digits }) => ({ ...state, digits }),
  fill: (state, { fill }) => ({ ...state, fill }),
  curve: (state, { curve, desk }) => (desk === state.desk ? { ...state, curve } : state),
};

/**
 * Give the state after an action; the same object where nothing changes.
 * @param {State} state
 * @param {Action} action
 * @returns {State}
 */
export function reduce(state, action) {
  const rule = RULES[action.type];
  if (!rule) return state;
  const next = rule(state, action);
  const same = Object.keys(next).every((key) => Reflect.get(next, key) === Reflect.get(state, key));
  return same ? state : next;
}
