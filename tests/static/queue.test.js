// @ts-check
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createQueue, join } from '../../static/js/queue.js';

/** @typedef {import('../../static/js/queue.js').Command} Command */

/** @param {string} name @param {object} body @param {string} [key] @returns {Command} */
const command = (name, body, key = 'k') => ({ name, body, key, query: '', scope: 'term' });

test('like steps join into one with a count', () => {
  const once = join(command('step', { by: 'term' }, 'a'), command('step', { by: 'term' }, 'b'));
  assert.deepEqual([once?.body, once?.key], [{ by: 'term', count: 2 }, 'b']);
  const again = once && join(once, command('step', { by: 'term' }, 'c'));
  assert.deepEqual(again?.body, { by: 'term', count: 3 });
});

test('different commands do not join', () => {
  assert.equal(join(command('step', { by: 'term' }), command('step', { by: 'layer' })), null);
  assert.equal(join(command('step', { by: 'term' }), command('back', { by: 'term' })), null);
  assert.equal(join(command('step', { by: 'term', count: 50 }), command('step', { by: 'term' })), null);
});

test('of several goto only the last goes', () => {
  assert.deepEqual(join(command('goto', { event: 1 }), command('goto', { event: 2 }))?.body, { event: 2 });
});

test('a command that may have arrived is never joined, for it could be done twice', () => {
  assert.equal(join({ ...command('step', { by: 'term' }), sent: true }, command('step', { by: 'term' })), null);
});

/** A server that answers when told to. */
function slow() {
  /** @type {Command[]} */
  const got = [];
  /** @type {{resolve: () => void, reject: (problem: unknown) => void}[]} */
  const open = [];
  /** @param {Command} sent @returns {Promise<void>} */
  const run = (sent) => {
    got.push(sent);
    return new Promise((resolve, reject) => open.push({ resolve, reject }));
  };
  return { got, open, run };
}

/** Let everything that is ready happen. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

test('one command is in flight and no click is lost', async () => {
  const { got, open, run } = slow();
  const busy = /** @type {boolean[]} */ ([]);
  const queue = createQueue({ run, onBusy: (now) => busy.push(now), onProblem: () => 'drop' });
  for (let k = 0; k < 5; k += 1) void queue.push(command('step', { by: 'term' }, `k${k}`));
  await settle();
  assert.equal(got.length, 1);
  open[0]?.resolve();
  await settle();
  assert.equal(got.length, 2);
  assert.equal(got.reduce((sum, { body }) => sum + (body['count'] ?? 1), 0), 5);
  open[1]?.resolve();
  await settle();
  assert.deepEqual([queue.size, busy], [0, [true, false]]);
});

test('a problem drops what waits', async () => {
  const { got, open, run } = slow();
  const queue = createQueue({ run, onBusy: () => {}, onProblem: () => 'drop' });
  void queue.push(command('step', { by: 'term' }));
  void queue.push(command('back', { by: 'term' }));
  await settle();
  open[0]?.reject(new Error('no'));
  await settle();
  assert.deepEqual([got.length, queue.size], [1, 0]);
});

test('a held command is sent again with its own key, and clicks since then wait behind it', async () => {
  const { got, open, run } = slow();
  const queue = createQueue({ run, onBusy: () => {}, onProblem: () => 'hold' });
  void queue.push(command('step', { by: 'term' }, 'first'));
  await settle();
  open[0]?.reject(new Error('offline'));
  await settle();
  void queue.push(command('step', { by: 'term' }, 'second'));
  await settle();
  open[1]?.resolve();
  await settle();
  open[2]?.resolve();
  await settle();
  assert.deepEqual(got.map(({ key }) => key), ['first', 'first', 'second']);
});

test('what is cleared while it is under way neither comes back nor takes away what came after', async () => {
  for (const fate of /** @type {const} */ (['hold', 'drop'])) {
    const { got, open, run } = slow();
    const queue = createQueue({ run, onBusy: () => {}, onProblem: () => fate });
    void queue.push(command('step', { by: 'term' }, 'old'));
    await settle();
    queue.clear();
    void queue.push(command('back', { by: 'term' }, 'new'));
    open[0]?.reject(new Error('offline'));
    await settle();
    assert.deepEqual(got.map(({ key }) => key), ['old', 'new'], fate);
    open[1]?.resolve();
    await settle();
    assert.equal(queue.size, 0);
  }
});
