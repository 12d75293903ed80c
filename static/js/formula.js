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

/** @param {Token} token @returns {Token[]} */
function flatten(token) {
  const plainRow = token.t === 'row' && !token.current && !token.pending && !token.address;
  return plainRow ? (token.items ?? []).flatMap(flatten) : [token];
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
    const breaks = item.t === 'op' && BREAKS.has(item.text ?? '');
    if (breaks && here.some((other) => other.t !== 'op')) cut.push([item]);
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

/**
 * Collect the numbers of a formula that belong to an address.
 * @param {Token | undefined} token
 * @returns {Token[]}
 */
export function numbers(token) {
  if (!token) return [];
  const own = token.t === 'num' && token.address ? [token] : [];
  return [...own, ...inside(token).flatMap(numbers)];
}

/**
 * Write a formula on one line, for the small labels of the diagram.
 * @param {Token | undefined} token
 * @returns {string}
 */
export function plain(token) {
  if (!token) return '';
  switch (token.t) {
    case 'row': return (token.items ?? []).map(plain).filter(Boolean).join(' ');
    case 'paren': return `(${plain(token.body)})`;
    case 'sup': return plain(token.base) + power(plain(token.exponent));
    case 'frac': return `${plain(token.top)} ⁄ ${plain(token.bottom)}`;
    case 'sum': return `∑ ${plain(token.body)}`;
    case 'call': return `${token.name ?? ''}(${(token.args ?? []).map(plain).join(', ')})`;
    case 'dots': return token.text || '…';
    case 'op': return token.text === '·' || token.text === '⋅' ? '×' : token.text ?? '';
    default: return (token.prefix ? `${token.prefix} ` : '') + (token.text ?? '') + (token.sub ?? '');
  }
}

/** @param {string} text */
const power = (text) => (text === '2' ? '²' : text === '3' ? '³' : `^${text}`);
