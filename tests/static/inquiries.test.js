// @ts-check
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createInquiries, latest } from '../../static/js/inquiries.js';
import { INITIAL, reduce } from '../../static/js/state.js';
import { createStore } from '../../static/js/store.js';
import { session } from './sessions.js';

const settle = () => new Promise((resolve) => setTimeout(resolve, 5));

/** @param {import('../../static/js/types.js').Session} first @param {(path: string, call: any) => any} reply */
function desk(first, reply) {
  const store = createStore(reduce, { ...INITIAL, session: first, origin: { preset: 'tiny' } });
  /** @type {{path: string, body: any}[]} */
  const sent = [];
  let begun = 0;
  const inquiries = createInquiries({
    store, sleep: async () => {},
    api: { send: async (path, call = {}) => {
      sent.push({ path: decodeURIComponent(path).replace(/\?.*/, ''), body: call.body });
      return reply(path, call);
    } },
    started: async () => {
      begun += 1;
      const fresh = session({ id: 'new', revision: 1 });
      store.dispatch({ type: 'session', session: fresh, desk: 0 });
      return fresh;
    },
  });
  store.subscribe(inquiries.update);
  const dispatch = (/** @type {import('../../static/js/types.js').Action} */ action) => { store.dispatch(action); return inquiries.receive(action); };
  return { store, sent, dispatch, get begun() { return begun; } };
}

test('of what is asked while one is on its way, only the newest is asked', async () => {
  /** @type {number[]} */
  const run = [];
  const ask = latest(async (/** @type {number} */ number) => { await settle(); run.push(number); });
  await Promise.all([ask(1), ask(2), ask(3)]);
  assert.deepEqual(run, [1, 3]);
});

test('an open card asks what its number is, and again at the next revision', async () => {
  const { store, sent, dispatch } = desk(session({ revision: 3 }), () => ({ title: 'z' }));
  dispatch({ type: 'card', address: 'z[1][0][0]' });
  await settle();
  assert.equal(store.get().answer?.explanation?.title, 'z');
  store.dispatch({ type: 'session', session: session({ revision: 4 }), desk: 0 });
  await settle();
  assert.deepEqual(sent.map(({ path }) => path), ['/sessions/abc/explain/z[1][0][0]', '/sessions/abc/explain/z[1][0][0]']);
});

test('a number of what is only looked at is explained, and no session begun for it', async () => {
  const looked = desk(session({ id: null, revision: 0 }), () => ({ title: 'w' }));
  looked.dispatch({ type: 'card', address: 'w[1][0][0]' });
  await settle();
  assert.deepEqual([looked.begun, looked.sent.map(({ path }) => path)], [0, ['/presets/tiny/explain/w[1][0][0]']]);
  await looked.dispatch({ type: 'find-ways', address: 'w[1][0][0]' });
  assert.equal(looked.begun, 1);
  assert.ok(looked.sent.some(({ path }) => path === '/sessions/new/paths/w[1][0][0]'));
});

test('a number that is not computed yet is told as the server tells it', async () => {
  const { store, dispatch } = desk(session(), () => ({ address: 'delta[1][0][0]', absent: 'It comes with event 9.', event: 9 }));
  dispatch({ type: 'card', address: 'delta[1][0][0]' });
  await settle();
  assert.deepEqual(store.get().answer?.unknown, { text: 'It comes with event 9.', event: 9 });
});

test('a nudge is answered in the card and in the diagram; after letting go a late answer is not shown', async () => {
  const shock = { address: 'w[1][0][0]', by: 0.1, before: { a: [[[2, 3]], [[0.5, 0.6]]], cost: 1 }, after: { a: [[[2, 3]], [[0.5, 0.7]]], cost: 2 }, shown: [0] };
  const { store, sent, dispatch } = desk(session(), (path) => (path.endsWith('/shock') ? shock : {}));
  dispatch({ type: 'card', address: 'w[1][0][0]' });
  await dispatch({ type: 'nudge', address: 'w[1][0][0]', by: 0.1 });
  assert.deepEqual(sent.at(-1)?.body, { address: 'w[1][0][0]', by: 0.1 });
  assert.deepEqual(store.get().marks?.parts.map(({ key }) => key), ['n:1:1']);
  const late = dispatch({ type: 'nudge', address: 'w[1][0][0]', by: 0.2 });
  dispatch({ type: 'calm' });
  await late;
  assert.deepEqual([store.get().probe, store.get().marks], [null, null]);
});

test('the ways to the cost are asked for when they are wanted', async () => {
  const { store, sent, dispatch } = desk(session(), () => ({ ways: [] }));
  dispatch({ type: 'card', address: 'w[1][0][0]' });
  await dispatch({ type: 'find-ways', address: 'w[1][0][0]' });
  assert.equal(sent.at(-1)?.path, '/sessions/abc/paths/w[1][0][0]');
  assert.ok(store.get().ways?.found);
});
