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

/** What a teacher's link may hide. */
export const HIDES = Object.freeze(/** @type {const} */ ([
  ['networks', 'the choice of network'], ['changes', 'changing numbers and settings'], ['links', 'links and bookmarks'],
  ['table', 'the table'], ['views', 'matrices, blame and code'], ['code', 'the code alone'], ['next', 'what comes next'],
  ['time', 'the timeline'],
]));

/**
 * Keep what an address says of how the page looks.
 * @param {string} search
 * @param {Record<string, string>} [more]
 */
export function searchOf(search, more = {}) {
  const before = new URLSearchParams(search);
  const parts = Object.entries(more).map(([name, value]) => `${name}=${value}`);
  if (before.has('embed')) parts.push('embed');
  const hide = (before.get('hide') ?? '').split(',').filter((name) => HIDES.some(([known]) => known === name));
  if (hide.length) parts.push(`hide=${hide.join(',')}`);
  return parts.length ? `?${parts.join('&')}` : '';
}

/** @param {string} id @param {string} [search] */
export const sessionPath = (id, search = '') => `/s/${id}${searchOf(search)}`;

/** @param {string} preset @param {string} [search] */
export const presetPath = (preset, search = '') => `/${searchOf(search, preset === 'article' ? {} : { preset })}`;
