// @ts-check
/** What the address asks for. */

import { DIGITS } from './format.js';
import { readHash } from './hash.js';

/** @typedef {{session: string} | {moment: string} | {preset: string}} Origin where what is on the desk comes from */

/**
 * Read the address.
 * @param {{pathname: string, search: string, hash: string}} location
 * @returns {Origin}
 */
export function read({ pathname, search, hash }) {
  const found = /^\/s\/([\w-]+)\/?$/.exec(pathname);
  if (found?.[1]) return { session: found[1] };
  const { moment } = readHash(hash);
  if (moment) return { moment };
  const preset = new URLSearchParams(search).get('preset') ?? '';
  return { preset: /^[\w-]{1,64}$/.test(preset) ? preset : 'article' };
}

/**
 * Name the answer of the API that shows it; none of them stores anything.
 * @param {Origin} origin
 */
export function apiPath(origin) {
  if ('session' in origin) return `/sessions/${origin.session}`;
  return 'moment' in origin ? `/moments/${origin.moment}` : `/presets/${origin.preset}`;
}

/**
 * Ask for the digits the learner chose; the server's own choice needs no word.
 * @param {string} path
 * @param {number} digits
 */
export const withDigits = (path, digits) =>
  (digits === DIGITS ? path : `${path}${path.includes('?') ? '&' : '?'}digits=${digits}`);

/** @param {string} id */
export const sessionPath = (id) => `/s/${id}`;

/** @param {string} preset */
export const presetPath = (preset) => (preset === 'article' ? '/' : `/?preset=${preset}`);
