// @ts-check
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createApi } from '../../static/js/api.js';
import { kindWords, offerFor, openingWords, Problem } from '../../static/js/problem.js';

/** @param {unknown} body @param {ResponseInit} [init] */
const answer = (body, init) => new Response(JSON.stringify(body), init);

/** @param {(Response | Error)[]} answers */
function server(answers) {
  /** @type {{url: string, init: RequestInit}[]} */
  const asked = [];
  /** @type {number[]} */
  const slept = [];
  /** @type {(number | null)[]} */
  const waited = [];
  const api = createApi({
    fetch: async (url, init) => {
      asked.push({ url: String(url), init: init ?? {} });
      const next = answers.shift();
      if (!next || next instanceof Error) throw next ?? new TypeError('offline');
      return next;
    },
    sleep: async (milliseconds) => { slept.push(milliseconds); },
    onWaiting: (problem) => waited.push(problem?.status ?? null),
  });
  return { api, asked, slept, waited };
}

test('a command carries its revision, its key and its body', async () => {
  const { api, asked } = server([answer({ ok: 1 })]);
  assert.deepEqual(await api.send('/sessions/x/step', { method: 'POST', body: { by: 'term' }, revision: 7, key: 'k' }), { ok: 1 });
  assert.equal(asked[0]?.url, '/api/v1/sessions/x/step');
  const headers = /** @type {Record<string, string>} */ (asked[0]?.init.headers);
  assert.deepEqual([headers['If-Match'], headers['Idempotency-Key'], headers['Content-Type']], ['"7"', 'k', 'application/json']);
});

test('a lost answer is asked for again with the same key', async () => {
  const { api, asked, slept } = server([new TypeError('network'), answer({}, { status: 503, headers: { 'Retry-After': '2' } }), answer({ ok: 2 })]);
  assert.deepEqual(await api.send('/x', { method: 'POST', body: {}, key: 'same' }), { ok: 2 });
  assert.equal(asked.length, 3);
  assert.ok(asked.every(({ init }) => /** @type {any} */ (init.headers)['Idempotency-Key'] === 'same'));
  assert.deepEqual(slept, [300, 2000]);
});

test('after some tries it gives up', async () => {
  const { api, asked, waited } = server([]);
  await assert.rejects(api.send('/x'), (problem) => problem instanceof Problem && problem.status === 0);
  assert.equal(asked.length, 5);
  assert.deepEqual(waited, [0, 0, 0, 0, null], 'and nobody is told that it is tried again');
});

test('a refusal is not repeated, and keeps the server’s words', async () => {
  const { api, asked } = server([answer({ detail: 'First the forward pass.' }, { status: 409 })]);
  await assert.rejects(api.send('/x'), { status: 409, message: 'First the forward pass.' });
  assert.equal(asked.length, 1);
});

test('an answer that is not JSON is a problem, not a crash', async () => {
  const { api } = server([new Response('<html>', { status: 404 })]);
  await assert.rejects(api.send('/x'), { status: 404 });
});

test('no content is null', async () => {
  const { api } = server([new Response(null, { status: 204 })]);
  assert.equal(await api.send('/x', { method: 'DELETE' }), null);
});

test('problems have kind words and something to do', () => {
  assert.equal(kindWords(new Problem(409, 'First the forward pass.')), 'First the forward pass.');
  assert.equal(kindWords(new Problem(429, 'The limit here is 2 requests a minute.')), 'The limit here is 2 requests a minute.');
  assert.match(kindWords(new Problem(412, 'x')), /another tab/);
  assert.match(kindWords(new Problem(0, '')), /cannot be reached/);
  assert.match(kindWords(new Problem(500, '')), /could not/);
  assert.match(kindWords(new Error('bug')), /Reload/);
  assert.deepEqual([0, 503, 404, 409].map((status) => offerFor(new Problem(status, ''))), ['retry', 'retry', 'restart', null]);
  assert.equal(offerFor(new Error('bug')), null);
});

test('what an address asks for in vain is named', () => {
  assert.match(openingWords(new Problem(404, ''), { preset: 'nope' }), /no ready-made network called “nope”/);
  assert.match(openingWords(new Problem(422, 'x'), { moment: 'abc' }), /whole moment/);
  assert.match(openingWords(new Problem(404, ''), { session: 'abc' }), /no longer on the server/);
});
