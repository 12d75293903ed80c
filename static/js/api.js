// @ts-check
/** Talk to the server: one request, its retries, and its answer or its problem. */

import { Problem } from './problem.js';

const BASE = '/api/v1';

const PAUSES = [300, 900, 2000, 4000];
const DEADLINE = 20_000;
const PASSING = new Set([502, 503, 504]);

/**
 * @typedef {object} Call
 * @property {string} [method]
 * @property {unknown} [body]
 * @property {number | null} [revision] sent as If-Match
 * @property {string} [key] sent as Idempotency-Key; the same in every retry
 *
 * @typedef {object} Surroundings
 * @property {typeof fetch} fetch
 * @property {(milliseconds: number) => Promise<unknown>} sleep
 * @property {(problem: Problem | null) => void} [onWaiting] told why a request is tried again; null when it no longer is
 */

/** @param {Call} call @returns {RequestInit} */
function requestOf({ method = 'GET', body, revision, key }) {
  /** @type {Record<string, string>} */
  const headers = { Accept: 'application/json' };
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  if (revision !== undefined && revision !== null) headers['If-Match'] = `"${revision}"`;
  if (key) headers['Idempotency-Key'] = key;
  return {
    method, headers, cache: 'no-store', signal: AbortSignal.timeout(DEADLINE),
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  };
}

/** @param {Response} response */
async function problemOf(response) {
  /** @type {import('./problem.js').ProblemBody} */
  const body = await response.json().catch(() => ({}));
  return new Problem(response.status, body.detail ?? '');
}

/** @param {Response} response @param {number} pause */
const waitFor = (response, pause) =>
  Math.max(pause, Math.min(10, Number(response.headers.get('Retry-After')) || 0) * 1000);

/**
 * @typedef {{done: true, data: any} | {done: false, problem: Problem, wait: number}} Outcome
 *   wait: milliseconds to let pass before the next try
 */

/**
 * Try once.
 * @param {typeof fetch} fetch
 * @param {string} path
 * @param {Call} call
 * @param {number} pause what to wait before the next try
 * @returns {Promise<Outcome>}
 * @throws {Problem} one that would come again
 */
async function attempt(fetch, path, call, pause) {
  let response;
  try {
    response = await fetch(BASE + path, requestOf(call));
    if (response.ok) return { done: true, data: response.status === 204 ? null : await response.json() };
  } catch {
    return { done: false, problem: new Problem(0, ''), wait: pause };
  }
  const problem = await problemOf(response);
  if (!PASSING.has(response.status)) throw problem;
  return { done: false, problem, wait: waitFor(response, pause) };
}

/**
 * Make the caller of the API.
 * @param {Surroundings} surroundings
 */
export function createApi({ fetch, sleep, onWaiting = () => {} }) {
  /**
   * Send a request, again with the same key while the network or the server is only passing by.
   * @param {string} path below the API's base
   * @param {Call} [call]
   * @returns {Promise<any>} the answer's body
   * @throws {Problem}
   */
  async function send(path, call = {}) {
    for (let tries = 0; ; tries += 1) {
      const outcome = await attempt(fetch, path, call, PAUSES[tries] ?? 0);
      if (outcome.done) {
        if (tries) onWaiting(null);
        return outcome.data;
      }
      if (tries >= PAUSES.length) {
        onWaiting(null);
        throw outcome.problem;
      }
      onWaiting(outcome.problem);
      await sleep(outcome.wait);
    }
  }
  return { send };
}
