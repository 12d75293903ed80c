// @ts-check
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createCommands } from '../../static/js/commands.js';
import { Problem } from '../../static/js/problem.js';
import { INITIAL, reduce } from '../../static/js/state.js';
import { createStore } from '../../static/js/store.js';
import { session } from './sessions.js';

/** @typedef {import('../../static/js/types.js').Session} Session */

/** @param {Session} first @param {(path: string, call: any) => any} reply */
function desk(first, reply) {
  const store = createStore(reduce, { ...INITIAL, session: first, origin: { preset: 'tiny' } });
  /** @type {{path: string, call: any}[]} */
  const sent = [];
  /** @type {(string | null)[]} */
  const started = [];
  let keys = 0;
  /** @type {(value?: unknown) => void} */
  let wake = () => {};
  const commands = createCommands({
    store, sleep: () => new Promise((resolve) => { wake = resolve; }), uuid: () => `key-${(keys += 1)}`, onStarted: ({ id }) => started.push(id),
    api: { send: async (path, call = {}) => {
      sent.push({ path, call });
      return reply(path, call);
    } },
  });
  /** @param {import('../../static/js/types.js').Action} action */
  const dispatch = (action) => { store.dispatch(action); return commands.receive(action); };
  return { store, sent, started, dispatch, commands, wake: () => wake() };
}

const settle = () => new Promise((resolve) => setTimeout(resolve, 1));

test('the first click starts the session, then steps; looking stores nothing', async () => {
  let revision = 0;
  const { store, sent, started, dispatch } = desk(session({ id: null, revision: 0 }), () => session({ id: 'new', revision: (revision += 1) }));
  await dispatch({ type: 'step' });
  assert.deepEqual(sent.map(({ path }) => path), ['/sessions', '/sessions/new/step?granularity=term']);
  assert.deepEqual(sent[0]?.call.body, { preset: 'tiny' });
  assert.equal(sent[1]?.call.revision, 1);
  assert.deepEqual(started, ['new']);
  assert.equal(store.get().session?.revision, 2);
});

test('every command is sent against the revision of the answer before it', async () => {
  const { sent, dispatch } = desk(session({ revision: 3 }), (_path, { revision }) => session({ revision: revision + 1 }));
  void dispatch({ type: 'step' });
  void dispatch({ type: 'back' });
  void dispatch({ type: 'step' });
  await settle();
  assert.deepEqual(sent.map(({ call }) => call.revision), [3, 4, 5]);
  assert.equal(new Set(sent.map(({ call }) => call.key)).size, 3);
});

test('without a network on the desk a click does nothing', async () => {
  const { sent, dispatch } = desk(/** @type {any} */ (null), () => session());
  await dispatch({ type: 'step' });
  assert.equal(sent.length, 0);
});

test('at the very beginning there is nothing to go back to', async () => {
  const { sent, dispatch } = desk(session({ position: { event: 0 } }), () => session());
  await dispatch({ type: 'back' });
  await dispatch({ type: 'start' });
  assert.equal(sent.length, 0);
});

test('to the start goes to the iteration’s start, then to the first iteration', async () => {
  const at = (/** @type {object} */ position) => desk(session({ position }), () => session({ revision: 4 }));
  const middle = at({ iteration: 2, event: 9 });
  await middle.dispatch({ type: 'start' });
  assert.deepEqual(middle.sent[0]?.call.body, { iteration: 2, event: 0 });
  const begin = at({ iteration: 2, event: 0 });
  await begin.dispatch({ type: 'start' });
  assert.deepEqual(begin.sent[0]?.call.body, { iteration: 0, event: 0 });
});

test('another tab was quicker: the page says so and catches up', async () => {
  const { store, dispatch } = desk(session({ revision: 3 }), (path) => {
    if (path.includes('/step')) throw new Problem(412, '');
    return session({ revision: 9 });
  });
  await dispatch({ type: 'step' });
  await settle();
  assert.equal(store.get().session?.revision, 9);
  assert.match(store.get().message?.text ?? '', /another tab/);
  assert.equal(store.get().busy, false);
});

test('a reply for a network that is no longer on the desk is not painted', async () => {
  /** @type {(session: Session) => void} */
  let answer = () => {};
  const { store, dispatch } = desk(session({ revision: 3 }), () => new Promise((resolve) => { answer = resolve; }));
  void dispatch({ type: 'step' });
  await settle();
  void dispatch({ type: 'desk', origin: { preset: 'other' } });
  answer(session({ revision: 4 }));
  await settle();
  assert.equal(store.get().session, null);
});

test('an older answer never covers a newer one', () => {
  const { store } = desk(session({ revision: 8 }), () => session());
  store.dispatch({ type: 'session', session: session({ revision: 7 }), desk: 0 });
  assert.equal(store.get().session?.revision, 8);
});

test('a step that waits for the server is taken by itself once it is back', async () => {
  let calls = 0;
  const found = desk(session({ revision: 3 }), () => {
    calls += 1;
    if (calls < 3) throw new Problem(0, '');
    return session({ revision: 4 });
  });
  await found.dispatch({ type: 'step' });
  assert.equal(found.store.get().message?.offer, 'retry');
  found.wake();
  await settle();
  assert.equal(found.store.get().message?.offer, 'retry', 'still away');
  found.wake();
  await settle();
  assert.deepEqual(found.sent.map(({ call }) => call.key), ['key-1', 'key-1', 'key-1']);
  assert.deepEqual([found.store.get().session?.revision, found.store.get().message], [4, null]);
});

test('where a number has grown too large, a step is not asked for, and the way back is offered', async () => {
  const wild = { ...session(), diverged: /** @type {any} */ ({ sentence: 'W₁,₁ is too large.' }) };
  const { store, sent, dispatch } = desk(wild, () => session({ revision: 9 }));
  await dispatch({ type: 'step' });
  assert.deepEqual([sent.length, store.get().message?.offer], [0, 'back']);
  await dispatch({ type: 'back' });
  assert.deepEqual([sent.length, store.get().message], [1, null]);
});

test('a broken connection keeps the step; trying again sends the same key', async () => {
  let calls = 0;
  const { store, sent, dispatch } = desk(session({ revision: 3 }), () => {
    calls += 1;
    if (calls === 1) throw new Problem(0, '');
    return session({ revision: 4 });
  });
  await dispatch({ type: 'step' });
  assert.equal(store.get().message?.offer, 'retry');
  await dispatch({ type: 'retry' });
  assert.deepEqual(sent.map(({ call }) => call.key), ['key-1', 'key-1']);
  assert.equal(store.get().session?.revision, 4);
});

test('another size of step is told in its own words', async () => {
  const { sent, dispatch } = desk(session(), () => session());
  await dispatch({ type: 'granularity', granularity: 'layer' });
  assert.equal(sent[0]?.path, '/sessions/abc?granularity=layer');
});

test('a size of step chosen while a step is under way is told once that is done', async () => {
  /** @type {(value: Session) => void} */
  let answer = () => {};
  const { sent, dispatch } = desk(session({ revision: 3 }), (path) =>
    (path.includes('/step') ? new Promise((resolve) => { answer = resolve; }) : session({ revision: 4 })));
  void dispatch({ type: 'step' });
  await settle();
  await dispatch({ type: 'granularity', granularity: 'layer' });
  assert.deepEqual(sent.map(({ path }) => path), ['/sessions/abc/step?granularity=term']);
  answer(session({ revision: 4 }));
  await settle();
  assert.deepEqual(sent.map(({ path }) => path), ['/sessions/abc/step?granularity=term', '/sessions/abc?granularity=layer']);
});

test('whoever follows is told that they cannot step, and Play ends', async () => {
  const { store, sent, dispatch } = desk({ ...session(), read_only: true }, () => session());
  store.dispatch({ type: 'playing', playing: true });
  await dispatch({ type: 'step' });
  assert.deepEqual([store.get().playing, sent.length], [false, 0]);
  assert.match(store.get().message?.text ?? '', /following/);
});

test('while it is looked where a session stands, nobody looks again', async () => {
  /** @type {(value: Session) => void} */
  let answer = () => {};
  const { store, sent, dispatch } = desk({ ...session({ revision: 3 }), read_only: true }, () => new Promise((resolve) => { answer = resolve; }));
  for (let k = 0; k < 3; k += 1) void dispatch({ type: 'catch-up' });
  await settle();
  assert.equal(sent.length, 1);
  answer(session({ revision: 5 }));
  await settle();
  assert.equal(store.get().session?.revision, 5);
  void dispatch({ type: 'catch-up' });
  await settle();
  assert.equal(sent.length, 2);
});

test('what was refused is not tried out any longer', async () => {
  const { store, dispatch } = desk(session(), () => { throw new Problem(422, 'That is too large.'); });
  store.dispatch({ type: 'probe', probe: { address: 'w[1][0][0]', by: 1, shock: null, problem: null } });
  await dispatch({ type: 'edit', body: { values: { 'w[1][0][0]': 1e9 } } });
  assert.deepEqual([store.get().probe, store.get().marks, store.get().message?.kind], [null, null, 'problem']);
});
