// @ts-check
/** The blame panel: activity, weight, error and gradient side by side, and the sentence that keeps them apart. */

import { blameOf } from '../blame.js';
import { html, svg, write } from '../dom.js';
import { number } from '../format.js';
import { domain } from '../scales.js';

/**
 * @typedef {import('../types.js').State} State
 * @typedef {import('../blame.js').Row} Row
 * @typedef {import('../blame.js').Entry} Entry
 */

const HALF = 20;
/** @type {{key: 'activity' | 'weight' | 'error' | 'gradient', title: string, how: string}[]} */
const COLUMNS = [
  { key: 'activity', title: 'Activity', how: 'a' },
  { key: 'weight', title: 'Weight', how: 'w' },
  { key: 'error', title: 'Error sent back', how: 'w × δ' },
  { key: 'gradient', title: 'Gradient', how: 'δ × a' },
];

/** @param {Row[]} rows */
const tops = (rows) => Object.fromEntries(COLUMNS.map(({ key }) => [key, domain(rows.map((row) => row[key]?.value))]));

/** @param {number} value @param {number} top @param {string} kind */
function bar(value, top, kind) {
  const length = HALF * Math.min(1, Math.abs(value) / top);
  return svg('svg', { viewBox: `0 0 ${2 * HALF} 6`, class: `blame-bar of-${kind}`, 'aria-hidden': 'true' },
    svg('path', { class: 'axis', d: `M${HALF} 0v6` }),
    svg('rect', { class: value < 0 ? 'negative' : 'positive', x: value < 0 ? HALF - length : HALF, y: 1, width: length, height: 4, rx: 1 }));
}

/** @param {Entry | null} entry @param {number} top @param {string} kind @param {number} digits */
function cell(entry, top, kind, digits) {
  if (entry === null) return html('td', { class: 'none' }, '–');
  if (entry.value === null) return html('td', { class: 'none' });
  return html('td', {}, html('span', { 'data-address': entry.address }, number(entry.value, digits)), bar(entry.value, top, kind));
}

/** @param {HTMLElement} root */
export function create(root) {
  const title = root.appendChild(html('h2'));
  const table = root.appendChild(html('table', { class: 'blame' }));
  const note = root.appendChild(html('p', { class: 'section-note' }));
  const head = html('thead', {}, html('tr', {}, html('th', { scope: 'col' }, 'From'),
    ...COLUMNS.map(({ title: name, how }) => html('th', { scope: 'col' }, name, html('small', {}, how)))));
  /** @type {State['session']} */
  let shown = null;
  return (/** @type {State} */ { session, digits }) => {
    if (!session || session === shown) return;
    shown = session;
    const found = blameOf(session);
    root.hidden = found === null;
    if (!found) return;
    const top = tops(found.rows);
    write(title, `The blame game of ${found.neuron}`);
    table.replaceChildren(head, html('tbody', {}, ...found.rows.map((row) => html('tr', {},
      html('th', { scope: 'row' }, row.name), ...COLUMNS.map(({ key }) => cell(row[key], top[key] ?? 1, key, digits))))));
    const more = found.left > 0 ? ` ${found.left} more are left out here.` : '';
    write(note, `The busiest sender gets the largest gradient on its weight (δ × a). The error that travels back goes by the weight (w × δ), however busy the sender was.${more}`);
  };
}
