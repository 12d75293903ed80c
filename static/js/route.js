// @ts-check
/** What the address asks for. */

/**
 * Read the address.
 * @param {{pathname: string, search: string}} location
 * @returns {{session: string} | {preset: string}}
 */
export function read({ pathname, search }) {
  const found = /^\/s\/([\w-]+)\/?$/.exec(pathname);
  if (found?.[1]) return { session: found[1] };
  const preset = new URLSearchParams(search).get('preset') ?? '';
  return { preset: /^[\w-]{1,64}$/.test(preset) ? preset : 'article' };
}

/** @param {string} id */
export const sessionPath = (id) => `/s/${id}`;

/** @param {string} preset */
export const presetPath = (preset) => (preset === 'article' ? '/' : `/?preset=${preset}`);
