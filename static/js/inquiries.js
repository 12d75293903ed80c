// @ts-check
/** Ask the server about the number whose card lies open: what it is, what a nudge does, its ways to the cost. */

import { kindWords } from './problem.js';
import { rippleMarks } from './ripple.js';
import { apiPath, withDigits } from './route.js';

/**
 * @typedef {import('./types.js').State} State
 * @typedef {import('./types.js').Action} Action
 * @typedef {import('./types.js').Session} Session
 * @typedef {import('./types.js').Unknown} Unknown
 *
 * @typedef {object} Parts
 * @property {{get: () => State, dispatch: (action: Action) => void}} store
 * @property {{send: (path: string, call?: import('./api.js').Call) => Promise<any>}} api
 * @property {() => Promise<Session>} started gives the session, begun now if need be
 * @property {(milliseconds: number) => Promise<unknown>} sleep
 */

/** No more than so many milliseconds' rest between two nudges of a drag. */
const BREATH = 40;

/**
 * Keep one request in flight; of those asked for meanwhile only the newest is sent.
 * @template Ask
 * @param {(ask: Ask) => Promise<void>} run
 */
export function latest(run) {
  let running = false;
  /** @type {{ask: Ask} | null} */
  let next = null;
  return async (/** @type {Ask} */ ask) => {
    next = { ask };
    if (running) return;
    running = true;
    while (next) {
      const { ask: now } = /** @type {{ask: Ask}} */ (next);
      next = null;
      await run(now);
    }
    running = false;
  };
}

/**
 * Name what is to be asked: a session, or what is only looked at and stored nowhere. Whoever only follows a session
 * asks by the link they have.
 * @param {State} state
 */
const askedOf = ({ session, origin }) => apiPath(session?.id ? { session: session.id } : origin);

/** @param {unknown} problem @returns {Unknown} */
const refusal = (problem) => ({ text: kindWords(problem), event: null });

/** @param {Parts} parts @param {string} address */
async function explain({ store, api }, address) {
  const state = store.get();
  const path = withDigits(`${askedOf(state)}/explain/${encodeURIComponent(address)}`, state.digits);
  const answer = await api.send(`${path}${path.includes('?') ? '&' : '?'}absent=tell`).then(
    (found) => ('absent' in found
      ? { address, explanation: null, unknown: { text: found.absent, event: found.event } }
      : { address, explanation: found, unknown: null }),
    (problem) => ({ address, explanation: null, unknown: refusal(problem) }),
  );
  store.dispatch({ type: 'answer', answer });
}

/** Name the session, begun now if there is none yet. @param {State} state @param {Parts['started']} started */
async function sessionOf(state, started) {
  const { session, origin } = state;
  if (session?.id || (session?.read_only && 'session' in origin)) return askedOf(state);
  return apiPath({ session: (await started()).id ?? '' });
}

/** @param {Parts} parts @param {{address: string, by: number}} ask */
async function nudge({ store, api, started, sleep }, { address, by }) {
  try {
    const path = await sessionOf(store.get(), started);
    const shock = await api.send(`${path}/shock`, { method: 'POST', body: { address, by } });
    const { session, probe } = store.get();
    // The learner may have let go or walked on meanwhile.
    if (!session || probe?.address !== address) return;
    store.dispatch({ type: 'probe', probe: { address, by, shock, problem: null } });
    store.dispatch({ type: 'marks', marks: rippleMarks(shock, session) });
  } catch (problem) {
    if (store.get().probe?.address === address) store.dispatch({ type: 'probe', probe: { address, by, shock: null, problem: kindWords(problem) } });
  }
  await sleep(BREATH);
}

/** @param {Parts} parts @param {string} address */
async function findWays({ store, api, started }, address) {
  const ways = await sessionOf(store.get(), started)
    .then((path) => api.send(`${path}/paths/${encodeURIComponent(address)}`))
    .then((found) => ({ found, unknown: null }), (problem) => ({ found: null, unknown: refusal(problem) }));
  store.dispatch({ type: 'ways', ways: { address, ...ways } });
}

/** @param {State} state what an answer must be about to still be right */
function keyOf(state) {
  const { card, session, digits, desk } = state;
  return session ? `${card?.address} ${desk} ${session.revision} ${digits}` : '';
}

/**
 * Follow the card with questions to the server.
 * @param {Parts} parts
 */
export function createInquiries(parts) {
  const { store } = parts;
  const askExplain = latest((/** @type {string} */ address) => explain(parts, address));
  const askNudge = latest((/** @type {{address: string, by: number}} */ ask) => nudge(parts, ask));
  const askWays = latest((/** @type {string} */ address) => findWays(parts, address));
  let asked = '';

  /** @param {State} state */
  function update(state) {
    const { card, probe, marks } = state;
    const key = keyOf(state);
    if (key !== asked) {
      asked = key;
      if (probe) store.dispatch({ type: 'probe', probe: null });
      if (marks) store.dispatch({ type: 'marks', marks: null });
      if (card) void askExplain(card.address);
    }
  }

  /** @type {Record<string, (action: Action) => unknown>} */
  const intents = {
    nudge: ({ address, by }) => {
      const { probe } = store.get();
      store.dispatch({ type: 'probe', probe: { address, by, shock: probe?.shock ?? null, problem: null } });
      return askNudge({ address, by });
    },
    calm: () => {
      store.dispatch({ type: 'probe', probe: null });
      store.dispatch({ type: 'marks', marks: null });
    },
    'find-ways': ({ address }) => askWays(address),
  };
  return { update, receive: (/** @type {Action} */ action) => intents[action.type]?.(action) };
}
