// @ts-check
/** What stands behind the # of the page's address: the moment to open, the card that lies open. */

/**
 * @typedef {object} Hash
 * @property {string | null} card the address of a number
 * @property {string | null} moment a moment's token
 */

/** @type {Record<keyof Hash, RegExp>} */
const SHAPES = { moment: /^[\w-]+$/, card: /^[a-z_]{1,20}(?:\[\d{1,7}\]){0,4}$/ };
const NAMES = /** @type {(keyof Hash)[]} */ (Object.keys(SHAPES));

/** @param {string} text */
function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
}

/**
 * Read a hash such as `#card=w[1][0][2]`; what is not understood is left out.
 * @param {string} hash
 * @returns {Hash}
 */
export function readHash(hash) {
  /** @type {Hash} */
  const found = { card: null, moment: null };
  for (const part of hash.replace(/^#/, '').split('&')) {
    const [name = '', ...rest] = part.split('=');
    const known = NAMES.find((one) => one === name);
    const value = decoded(rest.join('='));
    if (known && SHAPES[known].test(value)) found[known] = value;
  }
  return found;
}

/**
 * Write a hash; the empty text where there is nothing to say.
 * @param {Partial<Hash>} hash
 */
export function writeHash(hash) {
  const parts = NAMES.flatMap((name) => (hash[name] ? [`${name}=${hash[name]}`] : []));
  return parts.length ? `#${parts.join('&')}` : '';
}
