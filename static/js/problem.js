// @ts-check
/** What went wrong, in words a learner can use. */

/**
 * @typedef {object} ProblemBody
 * @property {number} [status]
 * @property {string} [title]
 * @property {string} [detail]
 */

export class Problem extends Error {
  /**
   * @param {number} status 0 when no answer came at all
   * @param {string} detail
   */
  constructor(status, detail) {
    super(detail);
    this.name = 'Problem';
    this.status = status;
  }
}

/** @type {Record<number, string>} */
const WORDS = {
  0: 'The server cannot be reached. Your steps are kept, and taken as soon as it is back.',
  404: 'This session is no longer on the server. Those that nobody uses for a while are cleared away.',
  412: 'This session moved on in another tab. Here is where it stands now.',
  413: 'That is more than this server takes at once.',
  429: 'That was a little too quick for this server. Wait a moment, then go on.',
  507: 'The server has no room left for now. What you see is still yours to look at.',
};

/** @type {Set<number>} */
const SPEAKS_FOR_ITSELF = new Set([400, 409, 413, 422, 429, 507]);

/**
 * Give the sentence to show for a problem.
 * @param {unknown} problem
 */
export function kindWords(problem) {
  if (!(problem instanceof Problem)) return 'Something in this page went wrong. Reload it to go on.';
  if (SPEAKS_FOR_ITSELF.has(problem.status) && problem.message) return problem.message;
  return WORDS[problem.status] ?? (problem.message || 'The server could not do that. Please try again.');
}

/** Say why a request is tried again. @param {Problem} problem */
export const waitingWords = ({ status }) =>
  (status === 0 ? 'The server cannot be reached. Trying again…' : 'The server is busy. Trying again…');

/** What may pass by itself. @param {unknown} problem */
export const mayPass = (problem) => problem instanceof Problem && [0, 502, 503, 504].includes(problem.status);

/**
 * Say what is wrong with what the page's address asks for.
 * @param {unknown} problem
 * @param {import('./route.js').Origin} origin
 */
export function openingWords(problem, origin) {
  const status = problem instanceof Problem ? problem.status : -1;
  if ('preset' in origin && status === 404) return `There is no ready-made network called “${origin.preset}” here.`;
  if ('moment' in origin && status >= 400 && status < 500) {
    return 'This link does not hold a whole moment: perhaps a part of it was cut off. Ask for it again, or start afresh.';
  }
  return kindWords(problem);
}

/**
 * Tell what to offer beside the sentence.
 * @param {unknown} problem
 * @returns {'retry' | 'restart' | null}
 */
export function offerFor(problem) {
  if (!(problem instanceof Problem)) return null;
  if (problem.status === 404) return 'restart';
  return problem.status === 0 || problem.status >= 500 ? 'retry' : null;
}
