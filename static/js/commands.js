// @ts-check
/** What a click means for the server: start the session at the first one, then send the command. */

import { kindWords, mayPass, offerFor, Problem } from './problem.js';
import { createQueue } from './queue.js';
import { apiPath, withDigits } from './route.js';
import { canBack } from './timeline.js';

/**
 * @typedef {import('./types.js').Action} Action
 * @typedef {import('./types.js').Granularity} Granularity
 * @typedef {import('./types.js').Session} Session
 * @typedef {import('./queue.js').Command} Command
 *
 * @typedef {object} Parts
 * @property {{get: () => import('./types.js').State, dispatch: (action: Action) => void}} store
 * @property {{send: (path: string, call?: import('./api.js').Call) => Promise<any>}} api
 * @property {() => string} uuid
 * @property {(milliseconds: number) => Promise<unknown>} sleep
 * @property {(session: Session) => void} onStarted told the first time a session has an id
 *
 * @typedef {object} Owed what is still to be done
 * @property {Map<number, string>} startKeys the key under which each desk's session is started
 * @property {boolean} retelling whether the moment is to be told again once nothing is under way
 * @property {boolean} looking whether it is looked already where the session stands
 * @typedef {Parts & Owed} Desk
 */

/** Milliseconds until a server that could not be reached is asked again. */
const AGAIN = 4000;

const FOLLOWING = 'You are following someone else’s steps here: they move, you watch.';

/**
 * Ask for `position.next` to be told in steps of the chosen size, and numbers in the chosen digits.
 * @param {import('./types.js').State} state
 */
const told = ({ granularity, digits }) => withDigits(`?granularity=${granularity}`, digits);

/**
 * Give the session to work on, started now if this is the first click.
 * @param {Desk} parts
 * @param {number} desk
 * @returns {Promise<Session>}
 */
async function started({ store, api, uuid, onStarted, startKeys }, desk) {
  const { session, origin } = store.get();
  if (session?.id) return session;
  const key = startKeys.get(desk) ?? uuid();
  startKeys.set(desk, key);
  const fresh = await api.send('/sessions', { method: 'POST', body: origin, key });
  if (desk === store.get().desk) {
    store.dispatch({ type: 'session', session: fresh, desk });
    onStarted(fresh);
  }
  return fresh;
}

/** @param {Desk} parts @param {Command} command */
async function run(parts, command) {
  const { store, api } = parts;
  const { desk } = store.get();
  const first = await started(parts, desk);
  const { id, revision } = desk === store.get().desk ? store.get().session ?? first : first;
  const place = command.name === 'edit' ? '' : `/${command.name}`;
  const next = await api.send(`/sessions/${id}${place}${command.query}`, {
    method: place ? 'POST' : 'PATCH', body: command.body, key: command.key, revision,
  });
  const method = place ? 'POST' : 'PATCH';
  store.dispatch({ type: 'call', call: `${method} /api/v1/sessions/{id}${place}\n${JSON.stringify(command.body)}` });
  const forward = command.name === 'step' && (command.body['count'] ?? 1) === 1;
  store.dispatch({ type: 'session', session: next, desk, scope: command.scope, forward });
}

/**
 * Read again what is on the desk, told in steps of the chosen size.
 * @param {Desk} parts
 * @returns {Promise<Session | null>}
 */
async function look({ store, api }) {
  const { session, origin } = store.get();
  if (!session) return null;
  const path = apiPath(session.id ? { session: session.id } : origin);
  return api.send(path + told(store.get())).catch(() => null);
}

/** Show the session as the server has it now, if it has moved on. @param {Desk} parts */
async function catchUp(parts) {
  const { session, desk } = parts.store.get();
  if (parts.looking || !(session?.id || session?.read_only)) return;
  parts.looking = true;
  const now = await look(parts);
  parts.looking = false;
  if (now && now.revision > (parts.store.get().session?.revision ?? -1)) {
    parts.store.dispatch({ type: 'session', session: now, desk, scope: 'term' });
  }
}

/** Tell the same moment again, now that a step has another size or numbers other digits. @param {Desk} parts */
async function retell(parts) {
  const before = parts.store.get();
  const now = await look(parts);
  const since = parts.store.get();
  if (now && told(since) === told(before) && since.moves === before.moves) {
    parts.store.dispatch({ type: 'session', session: now, desk: before.desk, quiet: true });
  }
}

/** @param {Desk} parts @param {unknown} problem @returns {'hold' | 'drop'} */
function onProblem(parts, problem) {
  const { store } = parts;
  const offer = offerFor(problem);
  const overtaken = problem instanceof Problem && problem.status === 412;
  store.dispatch({ type: 'playing', playing: false });
  store.dispatch({ type: 'message', message: { kind: overtaken ? 'note' : 'problem', text: kindWords(problem), offer } });
  if (overtaken) void catchUp(parts);
  if (offer === 'retry') return 'hold';
  // What was refused is not tried out any longer either.
  store.dispatch({ type: 'probe', probe: null });
  store.dispatch({ type: 'marks', marks: null });
  return 'drop';
}

/**
 * Say what each intent asks of the server.
 * @param {Desk} parts
 * @param {ReturnType<typeof createQueue>} queue
 * @returns {Record<string, (action: Action) => unknown>}
 */
function intentsOf(parts, queue) {
  const { store, uuid } = parts;
  /** @param {string} name @param {Record<string, any>} body @param {Granularity} scope */
  function push(name, body, scope) {
    const { session } = store.get();
    if (!session) return undefined;
    if (session.read_only) {
      store.dispatch({ type: 'playing', playing: false });
      return store.dispatch({ type: 'message', message: { kind: 'note', text: FOLLOWING } });
    }
    return queue.push({ name, body, scope, key: uuid(), query: told(store.get()) });
  }
  /** What is under way was asked in the old size and digits. */
  const tellAgain = () => {
    parts.retelling = queue.size > 0;
    return parts.retelling ? undefined : retell(parts);
  };
  /** Nothing follows from a number that is too large. @param {{sentence: string}} diverged */
  function stopAt({ sentence }) {
    store.dispatch({ type: 'playing', playing: false });
    store.dispatch({ type: 'message', message: { kind: 'problem', text: sentence, offer: 'back' } });
  }
  return {
    step: () => {
      const { session, granularity } = store.get();
      return session?.diverged ? stopAt(session.diverged) : push('step', { by: granularity }, granularity);
    },
    back: () => {
      const { session, granularity } = store.get();
      return session && canBack(session.position, session.history.first) ? push('back', { by: granularity }, granularity) : undefined;
    },
    start: () => {
      const { session } = store.get();
      if (!session || !canBack(session.position, session.history.first)) return undefined;
      const { event, iteration } = session.position;
      return push('goto', { iteration: event ? iteration : session.history.first, event: 0 }, 'pass');
    },
    goto: ({ iteration, event }) => push('goto', { iteration, event }, event ? 'term' : 'pass'),
    edit: ({ body, scope = store.get().scope }) => push('edit', body, scope),
    // Where nothing is left to undo the server says why.
    undo: () => (store.get().session?.id ? push('undo', {}, 'pass') : undefined),
    redo: () => (store.get().session?.history.redo ? push('redo', {}, 'pass') : undefined),
    retry: () => queue.resume(),
    desk: () => queue.clear(),
    granularity: tellAgain,
    digits: tellAgain,
    'catch-up': () => (queue.size ? undefined : catchUp(parts)),
  };
}

/**
 * Connect the page's intents with the API.
 * @param {Parts} parts
 */
export function createCommands(parts) {
  /** @type {Desk} */
  const desk = { ...parts, startKeys: new Map(), retelling: false, looking: false };
  const queue = createQueue({
    run: (command) => run(desk, command),
    onBusy: (busy) => {
      parts.store.dispatch({ type: 'busy', busy });
      if (busy || !desk.retelling) return;
      desk.retelling = false;
      void retell(desk);
    },
    onProblem: (problem) => {
      const then = onProblem(desk, problem);
      // What waits is sent by itself once the server is back; nobody has to sit and click.
      if (then === 'hold' && mayPass(problem)) void parts.sleep(AGAIN).then(() => queue.resume());
      return then;
    },
  });
  const intents = intentsOf(desk, queue);
  return {
    /** @param {Action} action */
    receive: (action) => intents[action.type]?.(action),
    /** Give the session on the desk, begun now if it was only looked at. */
    started: () => started(desk, parts.store.get().desk),
  };
}
