// @ts-check
/** A formula's tokens, as the server sends them, turned into a description of MathML. */

/** @typedef {import('./types.js').Token} Token */
/**
 * @typedef {object} MathNode
 * @property {string} tag
 * @property {string} [text]
 * @property {Record<string, string>} attrs
 * @property {MathNode[]} children
 */

/** @param {string} tag @param {string} text @param {Record<string, string>} [attrs] @returns {MathNode} */
const leaf = (tag, text, attrs = {}) => ({ tag, text, attrs, children: [] });

/** @param {string} tag @param {MathNode[]} children @param {Record<string, string>} [attrs] @returns {MathNode} */
const branch = (tag, children, attrs = {}) => ({ tag, attrs, children });

/**
 * Read the tree out of a formula; the server's description leaves its shape open.
 * @param {{tokens: unknown}} formula
 */
export const tokensOf = ({ tokens }) => /** @type {Token} */ (tokens);

const APPLY = '\u2061';
const BREAKS = new Set(['+', '−', '-', '=', '≈', '←']);

/** @param {string} text */
function subscript(text) {
  const parts = text.match(/\d+|[^\d]/g) ?? [];
  return branch('mrow', parts.map((part) => {
    if (/^\d+$/.test(part)) return leaf('mn', part);
    return part === ',' ? leaf('mo', ',', { separator: 'true' }) : leaf('mi', part);
  }));
}

/** @param {Token} token */
function attributes(token) {
  /** @type {Record<string, string>} */
  const attrs = {};
  const classes = [];
  if (token.role && token.role !== 'plain') classes.push('by-role', `role-${token.role}`);
  if (token.current) classes.push('current');
  if (token.pending) classes.push('pending');
  if (classes.length) attrs['class'] = classes.join(' ');
  if (token.address) attrs['data-address'] = token.address;
  return attrs;
}

/** @param {MathNode[]} inner @param {Record<string, string>} attrs */
const fenced = (inner, attrs) =>
  branch('mrow', [leaf('mo', '('), ...inner, leaf('mo', ')')], attrs);

/** @param {Token} token @param {Record<string, string>} attrs @returns {MathNode} */
function symbol({ text = '', sub, sup, prefix }, attrs) {
  const name = leaf('mi', text);
  const below = sub ? [subscript(sub)] : [];
  const above = sup ? [fenced([subscript(sup)], {})] : [];
  const tag = below.length && above.length ? 'msubsup' : below.length ? 'msub' : 'msup';
  const core = below.length || above.length ? branch(tag, [name, ...below, ...above]) : name;
  return prefix ? branch('mrow', [leaf('mtext', `${prefix}\u00a0`), core], attrs) : { ...core, attrs };
}

/** @type {Record<Token['t'], (token: Token, attrs: Record<string, string>) => MathNode>} */
const RULES = {
  num: (token, attrs) => leaf('mn', token.text ?? '', attrs),
  sym: symbol,
  op: (token, attrs) => leaf('mo', token.text ?? '', attrs),
  dots: (token, attrs) => leaf('mtext', token.text || '…', attrs),
  row: (token, attrs) => branch('mrow', (token.items ?? []).map(describe), attrs),
  frac: (token, attrs) => branch('mfrac', [describe(token.top), describe(token.bottom)], attrs),
  sup: (token, attrs) => branch('msup', [describe(token.base), describe(token.exponent)], attrs),
  paren: (token, attrs) => fenced([describe(token.body)], attrs),
  sum: (token, attrs) => branch('mrow', [
    branch('munder', [
      leaf('mo', '∑', { largeop: 'true', movablelimits: 'false' }),
      leaf('mi', token.index ?? ''),
    ]),
    describe(token.body),
  ], attrs),
  call: (token, attrs) => {
    const args = (token.args ?? []).flatMap((arg, k) =>
      k ? [leaf('mo', ',', { separator: 'true' }), describe(arg)] : [describe(arg)]);
    return branch('mrow', [leaf('mi', token.name ?? ''), leaf('mo', APPLY), fenced(args, {})], attrs);
  },
};

/**
 * Describe one token as MathML.
 * @param {Token | undefined} token
 * @returns {MathNode}
 */
export function describe(token) {
  if (!token) return branch('mrow', []);
  const rule = RULES[token.t];
  return rule ? rule(token, attributes(token)) : leaf('mtext', token.text ?? '');
}

/** @param {Token} token whether a line may be broken before it */
const breaksAt = ({ t, text }) => t === 'op' && BREAKS.has(text ?? '');

/** Take rows apart, but for one that is a number of its own and no sum. @param {Token} token @returns {Token[]} */
function flatten(token) {
  const { t, current, pending, address, items = [] } = token;
  const parts = t === 'row' && !current && !pending && (!address || items.some(breaksAt));
  return parts ? items.flatMap(flatten) : [token];
}

/**
 * Cut a formula before each +, − and = of its top level, so that a long one can wrap like a sentence.
 * @param {Token} token
 * @returns {MathNode[]} one description for each piece
 */
export function pieces(token) {
  /** @type {Token[][]} */
  const cut = [[]];
  for (const item of flatten(token)) {
    const here = cut[cut.length - 1] ?? [];
    if (breaksAt(item) && here.some((other) => other.t !== 'op')) cut.push([item]);
    else here.push(item);
  }
  return cut.filter((part) => part.length).map((part, k) => branch('mrow', part.map((item, place) => {
    const node = describe(item);
    // At the start of a piece an operator would be taken for a sign and stand too close.
    return k && !place ? { ...node, attrs: { ...node.attrs, form: 'infix' } } : node;
  })));
}

/**
 * Leave out the "= result" at the end, where the result has a place of its own.
 * @param {Token} token
 * @returns {Token}
 */
export function withoutResult(token) {
  const items = token.items ?? [];
  const equals = items.findLastIndex(({ t, text }) => t === 'op' && (text === '=' || text === '≈'));
  return token.t === 'row' && equals > 0 ? { ...token, items: items.slice(0, equals) } : token;
}

/** @param {Token | undefined} token @returns {Token[]} */
function inside(token) {
  if (!token) return [];
  return [token.top, token.bottom, token.base, token.exponent, token.body,
    ...(token.items ?? []), ...(token.args ?? [])].filter((child) => child !== undefined);
}

/**
 * Find the part of a formula that the current event is about.
 * @param {Token | undefined} token
 * @returns {Token | null}
 */
export function currentPart(token) {
  if (!token) return null;
  if (token.current) return token;
  for (const child of inside(token)) {
    const found = currentPart(child);
    if (found) return found;
  }
  return null;
}

/** @param {string} from @param {string} to @returns {(text: string) => string} */
const translated = (from, to) => (text) => [...text].map((one) => [...to][[...from].indexOf(one)] ?? one).join('');

const lowered = translated('0123456789ijkn', '₀₁₂₃₄₅₆₇₈₉ᵢⱼₖₙ');
const raised = translated('0123456789−n', '⁰¹²³⁴⁵⁶⁷⁸⁹⁻ⁿ');

/** @param {Token[]} items @returns {Token[]} a row with what is still to come said by dots */
function spoken(items) {
  const done = items.filter(({ pending }) => !pending);
  return done.length === items.length ? items : [...done, { t: 'op', text: '+' }, { t: 'dots', text: '…' }];
}

/** @param {Token[]} items */
const rowText = (items) => spoken(items).map((item, place) => {
  const text = plain(item);
  return item.t === 'op' && place ? ` ${text} ` : text;
}).join('');

/** @param {Token | undefined} token @param {Token['t'][]} loose kinds that come apart beside the stroke of a fraction */
const held = (token, loose) => (token && loose.includes(token.t) ? `(${plain(token)})` : plain(token));

/** @param {Token} token */
function fractionText({ top, bottom }) {
  if (top?.text === '∂C') return `∂C/${plain(bottom)}`;
  return `${held(top, ['row'])} ⁄ ${held(bottom, ['row', 'frac'])}`;
}

/** @param {Token | undefined} exponent */
function power(exponent) {
  const text = plain(exponent);
  if (exponent?.t === 'num' && /^\d+$/.test(text)) return raised(text);
  const simple = exponent && (['num', 'sym', 'call'].includes(exponent.t) || (exponent.t === 'row' && exponent.items?.length === 2));
  return simple ? `^${text}` : `^(${text})`;
}

/** @param {Token} token */
function callText({ name = '', args = [] }) {
  const inside = args.map(plain).join(', ');
  return name === 'abs' ? `|${inside}|` : `${name}(${inside})`;
}

/** @param {Token} token */
const symbolText = ({ text = '', sub = '', sup = '' }) => text + lowered(sub ?? '') + (sup ? `⁽${raised(sup)}⁾` : '');

/** @type {Record<Token['t'], (token: Token) => string>} */
const TEXTS = {
  row: ({ items = [] }) => rowText(items),
  paren: ({ body }) => `(${plain(body)})`,
  sup: ({ base, exponent }) => plain(base) + power(exponent),
  frac: fractionText,
  sum: ({ index, body }) => `Σ${lowered(index ?? '')} ${plain(body)}`,
  call: callText,
  dots: ({ text }) => text || '…',
  op: ({ text = '' }) => (text === '·' ? '×' : text),
  num: ({ text = '' }) => text,
  sym: symbolText,
};

/**
 * Write a formula on one line, for the small labels of the diagram: as the server writes it, brackets and all.
 * @param {Token | undefined} token
 * @returns {string}
 */
export function plain(token) {
  if (!token) return '';
  return (token.prefix ? `${token.prefix} ` : '') + (TEXTS[token.t]?.(token) ?? token.text ?? '');
}
