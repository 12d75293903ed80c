// @ts-check
/** How numbers are written. Values come from the server; here they only get their clothes. */

/** The decimals of an ordinary number, unless the learner chooses otherwise. */
export const DIGITS = 2;
/** As many as a double has; from here on every number is written in full. */
const MOST_DIGITS = 17;

const SUPERSCRIPT = '⁰¹²³⁴⁵⁶⁷⁸⁹';

/** @param {number} power */
const superscript = (power) =>
  (power < 0 ? '⁻' : '') + [...String(Math.abs(power))].map((d) => SUPERSCRIPT[Number(d)]).join('');

/**
 * Read a double as the shortest decimal that stands for it: its digits, and the power of ten of the first.
 * @param {number} value
 */
function decimal(value) {
  const [mantissa = '0', power = '0'] = Math.abs(value).toExponential().split('e');
  return { figures: mantissa.replace('.', ''), first: Number(power) };
}

/**
 * Round figures half up to at most `keep` of them.
 * @param {{figures: string, first: number}} of
 * @param {number} keep
 */
function rounded({ figures, first }, keep) {
  if (keep >= figures.length) return { figures, first };
  const whole = BigInt(figures.slice(0, keep)) + (Number(figures[keep]) >= 5 ? 1n : 0n);
  const text = String(whole);
  return { figures: text, first: first + text.length - keep };
}

/** @param {{figures: string, first: number}} of */
function inFull({ figures, first }) {
  if (first < 0) return `0.${'0'.repeat(-first - 1)}${figures}`;
  const whole = figures.slice(0, first + 1).padEnd(first + 1, '0');
  return figures.length > first + 1 ? `${whole}.${figures.slice(first + 1)}` : whole;
}

/** @param {{figures: string, first: number}} of */
function scientific({ figures, first }) {
  const mantissa = inFull({ figures, first: 0 });
  return mantissa === '1' ? `10${superscript(first)}` : `${mantissa}\u00a0×\u00a010${superscript(first)}`;
}

/**
 * Write a number as the server's sentences and formulas do: `digits` decimals, two significant digits for a
 * small number, a power of ten for tiny and huge ones, and no more figures than the double has.
 * @param {number | null | undefined} value
 * @param {number} [digits]
 * @returns {string} empty for a number that is not there
 */
export function number(value, digits = DIGITS) {
  if (value === null || value === undefined) return '';
  if (value === 0) return '0';
  const size = Math.abs(value);
  const exact = decimal(value);
  const ordinary = size >= 1e-5 && size < 1e6;
  const least = Math.min(digits, 2);
  const keep = digits >= MOST_DIGITS ? Infinity
    : ordinary ? Math.max(exact.first + 1 + digits, least) : Math.max(digits, 2);
  const short = rounded(exact, keep);
  return (value < 0 ? '−' : '') + (ordinary ? inFull(short) : scientific(short));
}

/** @param {string} text */
const bare = (text) => (text.includes('.') ? text.replace(/\.?0+$/, '') : text);

/**
 * Write two numbers with as many digits as it takes to see that they differ.
 * @param {number} before
 * @param {number} after
 * @param {number} [least] digits to begin with
 * @returns {[string, string]}
 */
export function apart(before, after, least = DIGITS) {
  for (let digits = least; digits < MOST_DIGITS; digits += 1) {
    const pair = /** @type {[string, string]} */ ([number(before, digits), number(after, digits)]);
    if (bare(pair[0]) !== bare(pair[1]) || before === after) return pair;
  }
  return [String(before), String(after)];
}

/**
 * Write the size of a scale's end: as short as it can be.
 * @param {number} value
 */
export function extent(value) {
  const size = Math.abs(value);
  return size === 0 || (size >= 1e-5 && size < 1e6) ? String(size) : scientific(decimal(size));
}

/**
 * Write the end of a scale with its sign.
 * @param {number} value
 */
export const bound = (value) => (value > 0 ? '+' : value < 0 ? '−' : '') + extent(value);

/** Write a whole number in groups of three; the first `toLocaleString` of a page takes many milliseconds. @param {number} value */
export const count = (value) => String(value).replace(/\B(?=(\d{3})+$)/g, ',');

/** @param {string} text @param {(text: string) => boolean} fits @returns {string} */
function shortened(text, fits) {
  if (fits(text)) return text;
  let kept = text;
  while (kept && !fits(`${kept}…`)) kept = kept.slice(0, -1);
  return `${kept.trimEnd()}…`;
}

/**
 * Split a name over two lines where it must be and its words allow it; what still does not fit is shortened.
 * @param {string} name
 * @param {(text: string) => boolean} fits whether a text is short enough for a line
 * @param {number} [rows] how many lines there is height for
 * @returns {string[]}
 */
export function lines(name, fits, rows = 2) {
  const parted = name.split(/\s*[·,]\s*/);
  const words = parted.join(' ').split(' ');
  if (rows < 2 || words.length < 2) return [shortened(words.join(' '), fits)];
  if (parted.length === 2) return parted.map((part) => shortened(part, fits));
  if (fits(name)) return [name];
  let first = words.shift() ?? '';
  while (words.length > 1 && fits(`${first} ${words[0]}`)) first += ` ${words.shift()}`;
  return [first, words.join(' ')].map((part) => shortened(part, fits));
}
