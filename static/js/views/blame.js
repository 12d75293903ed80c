// @ts-check
/** The blame panel: activity, weight, error and gradient side by side, and the sentence that keeps them apart. */

import { connectionKey } from '../addresses.js';
import { blameOf, sayBlame, sayGradient } from '../blame.js';
import { html, svg, write } from '../dom.js';
import { number } from '../format.js';
import { domain } from '../scales.js';
import { partAt } from '../walk.js';

/**
 * @typedef {import('../types.js').State} State
 * @typedef {import('../blame.js').Blame} Blame
 * @typedef {import('../blame.js').Row} Row
 * @typedef {import('../blame.js').Entry} Entry
 * @typedef {'activity' | 'share' | 'gradient' | 'weight' | 'error' | 'slope'} Key
 * @typedef {{key: Key, title: string, how: string}} Column
 */

const HALF = 20;

/** @param {Blame} blame @returns {{title: string, columns: Column[]}[]} what the gradient is made of, and what travels back */
function groupsOf(blame) {
  const shared = blame.rows.some(({ share }) => share !== null);
  const inner = blame.layer > 1;
  return [
    { title: 'What its weight learns', columns: [
      { key: 'activity', title: 'Activity', how: 'a' },
      ...(shared ? [/** @type {Column} */ ({ key: 'share', title: 'Its share', how: 'δ × a' })] : []),
      { key: 'gradient', title: 'Gradient', how: sayGradient(blame) }] },
    { title: inner ? 'What travels back' : '', columns: [
      { key: 'weight', title: 'Weight', how: 'w' },
      ...(inner ? [/** @type {Column} */ ({ key: 'error', title: 'Error', how: 'w × δ' }),
        /** @type {Column} */ ({ key: 'slope', title: 'Slope', how: '× f′' })] : [])] },
  ];
}

/** @param {Row[]} rows @returns {Record<Key, number>} the ends of the bars' scales; a share is seen beside the gradient */
function tops(rows) {
  const top = (/** @type {Key[]} */ ...keys) => domain(rows.flatMap((row) => keys.map((key) => row[key]?.value)));
  const gradient = top('share', 'gradient');
  return { activity: top('activity'), share: gradient, gradient, weight: top('weight'), error: top('error'), slope: top('slope') };
}

/** @param {number} value @param {number} top @param {Key} kind */
function bar(value, top, kind) {
  const length = HALF * Math.min(1, Math.abs(value) / top);
  return svg('svg', { viewBox: `0 0 ${2 * HALF} 6`, class: `blame-bar of-${kind}`, 'aria-hidden': 'true' },
    svg('path', { class: 'axis', d: `M${HALF} 0v6` }),
    svg('rect', { class: value < 0 ? 'negative' : 'positive', x: value < 0 ? HALF - length : HALF, y: 1, width: length, height: 4, rx: 1 }));
}

/** @param {Entry | null} entry @param {number} top @param {Key} kind @param {number} digits */
function cell(entry, top, kind, digits) {
  if (!entry || entry.value === null) return html('td', { class: 'none' });
  return html('td', {}, html('span', { 'data-address': entry.address }, number(entry.value, digits)), bar(entry.value, top, kind));
}

/** @param {Blame} blame @param {ReturnType<typeof groupsOf>} groups */
function head({ senders }, groups) {
  const span = (/** @type {string} */ title, /** @type {Column[]} */ columns) =>
    html('th', { scope: 'colgroup', colspan: columns.length, class: 'group' }, title);
  return html('thead', {},
    html('tr', {}, html('td', {}), ...groups.map(({ title, columns }) => (title ? span(title, columns) : html('td', { colspan: columns.length })))),
    html('tr', {}, html('th', { scope: 'col' }, `From ${senders}`),
      ...groups.flatMap(({ columns }) => columns.map(({ title, how }, k) =>
        html('th', { scope: 'col', class: k === 0 ? 'first' : '' }, title, html('small', {}, how))))));
}

/** @param {Blame} blame @param {number} digits */
function tableParts(blame, digits) {
  const groups = groupsOf(blame);
  const top = tops(blame.rows);
  const columns = groups.flatMap(({ columns: some }) => some);
  return [head(blame, groups), html('tbody', {}, ...blame.rows.map((row) => html('tr', {
    class: row.current ? 'is-current' : '',
    'data-part': connectionKey(blame.layer, blame.at, row.source),
  }, html('th', { scope: 'row' }, row.name), ...columns.map(({ key }) => cell(row[key], top[key], key, digits)))))];
}

/** @param {Blame} blame @param {number} digits */
function ownError({ delta, observation, observations }, digits) {
  if (delta.value === null) return ['Its error δ is not known yet.'];
  return ['Its error δ', ...(observations > 1 ? [` for observation ${observation} of ${observations}`] : []), ': ',
    html('button', { type: 'button', 'data-address': delta.address, class: 'bare-number by-role role-error' }, number(delta.value, digits))];
}

/** @param {HTMLElement} root */
export function create(root) {
  const title = root.appendChild(html('h2'));
  const error = root.appendChild(html('p', { class: 'blame-error' }));
  const back = html('button', { type: 'button', class: 'quiet', hidden: true });
  const scroll = root.appendChild(html('div', { class: 'blame-scroll' }));
  const table = scroll.appendChild(html('table', { class: 'blame' }));
  const note = root.appendChild(html('p', { class: 'section-note' }));
  /** @type {State | null} */
  let last = null;
  /** @type {import('../addresses.js').Part | null} */
  let held = null;

  /** @param {State} state */
  function draw({ session, digits }) {
    const found = session && blameOf(session, held);
    root.hidden = !found;
    if (!found) return;
    write(title, `The blame game of ${found.neuron}`);
    error.replaceChildren(...ownError(found, digits), back);
    back.hidden = held === null;
    write(back, `Back to ${blameOf(session)?.neuron}`);
    table.replaceChildren(...tableParts(found, digits));
    write(note, sayBlame(found));
  }

  /** @param {State} state */
  function update(state) {
    const { session, lit, panel } = state;
    const before = last;
    last = state;
    // A neuron pointed at in the diagram stays here until the next step, so that its numbers can be reached.
    const part = lit && lit !== before?.lit && panel === 'blame' ? partAt(lit) : null;
    const pointed = part?.type === 'neuron' && part.layer > 0;
    if (session === before?.session && !pointed) return;
    held = pointed ? part : null;
    draw(state);
  }
  back.addEventListener('click', () => {
    held = null;
    if (last) draw(last);
    /** @type {HTMLElement | null} */ (root.closest('[tabindex]'))?.focus({ preventScroll: true });
  });
  return update;
}
