// @ts-check
/** Ask the server about the number whose card lies open: what it is, what a nudge does, its ways to the cost. */

import { kindWords } from './problem.js';
import { rippleMarks } from './ripple.js';
import { withDigits } from './route.js';

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
 * Read from a refusal which event a number comes with.
 * @param {unknown} problem
 * @returns {Unknown}
 */
export function unknownOf(problem) {
  const text = kindWords(problem);
  const found = /comes with event ([\d,]+)/.exec(text);
  return { text, event: found ? Number(found[1]?.replaceAll(',', '')) : null };
}

/**
 * Name the session to ask; whoever only follows one asks by the link they have.
 * @param {State} state
 */
function askedOf({ session, origin }) {
  if (session?.id) return session.id;
  return session?.read_only && 'session' in origin ? origin.session : null;
}

/** @param {Parts} parts @param {string} address */
async function explain({ store, api }, address) {
  const id = askedOf(store.get());
  if (!id) return;
  const revision = store.get().session?.revision ?? 0;
  const path = withDigits(`/sessions/${id}/explain/${encodeURIComponent(address)}`, store.get().digits);
  const answer = await api.send(path).then(
    (explanation) => ({ address, revision, explanation, unknown: null }),
    (problem) => ({ address, revision, explanation: null, unknown: unknownOf(problem) }),
  );
  store.dispatch({ type: 'answer', answer });
}

/** @param {Parts} parts @param {{address: string, by: number}} ask */
async function nudge({ store, api, started, sleep }, { address, by }) {
  try {
    const id = askedOf(store.get()) ?? (await started()).id;
    const shock = await api.send(`/sessions/${id}/shock`, { method: 'POST', body: { address, by } });
    const { card, session, probe } = store.get();
    // The learner may have let go or walked on meanwhile.
    if (!session || card?.address !== address || probe?.address !== address) return;
    store.dispatch({ type: 'probe', probe: { address, by, shock, problem: null } });
    store.dispatch({ type: 'marks', marks: rippleMarks(shock, session) });
  } catch (problem) {
    store.dispatch({ type: 'probe', probe: { address, by, shock: null, problem: kindWords(problem) } });
  }
  await sleep(BREATH);
}

/** @param {Parts} parts @param {string} address */
async function findWays({ store, api }, address) {
  const id = askedOf(store.get());
  if (!id) return;
  const revision = store.get().session?.revision ?? 0;
  const ways = await api.send(`/sessions/${id}/paths/${encodeURIComponent(address)}`).then(
    (found) => ({ address, revision, found, unknown: null }),
    (problem) => ({ address, revision, found: null, unknown: unknownOf(problem) }),
  );
  store.dispatch({ type: 'ways', ways });
}

/** @param {State} state what an answer must be about to still be right */
function keyOf(state) {
  const { card, session, digits } = state;
  const id = askedOf(state);
  return card && session && id ? `${card.address} ${id} ${session.revision} ${digits}` : '';
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
  let begun = -1;

  /** Begin a session for a card that a person opened on what is only looked at. @param {State} state */
  function begin({ desk }) {
    if (begun === desk) return;
    begun = desk;
    parts.started().catch((problem) => {
      begun = -1;
      store.dispatch({ type: 'message', message: { kind: 'problem', text: kindWords(problem), offer: null } });
      store.dispatch({ type: 'card', address: null });
    });
  }

  /** @param {State} state */
  function update(state) {
    const { card, session, probe, marks } = state;
    const key = keyOf(state);
    if (key !== asked) {
      asked = key;
      if (probe) store.dispatch({ type: 'probe', probe: null });
      if (marks) store.dispatch({ type: 'marks', marks: null });
      if (key && card) void askExplain(card.address);
    }
    if (card && session && !card.quiet && !key) begin(state);
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
