// @ts-check
/** Draw the small labels beside what the current event does, each where it covers nothing. */

import { neuronKey } from '../addresses.js';
import { svg } from '../dom.js';
import { nearest } from '../geometry.js';
import { besideLine, besidePlace, crossings } from '../placement.js';
import { roomsOf } from '../fit.js';
import { kindOf, segmentOf } from '../layout.js';
import { ems } from './measure.js';

/**
 * @typedef {import('../layout.js').Layout} Layout
 * @typedef {import('../captions.js').Caption} Caption
 * @typedef {import('../geometry.js').Box} Box
 * @typedef {import('../geometry.js').Segment & {key: string}} KeyedLine
 */

const ROOMY = 760;

/** The share of the stage's width that a label may take. */
const WIDEST = 0.62;

const SMALL = 0.84;

/**
 * @typedef {{text: string, note: string, width: number, height: number, font: number}} Size
 * @param {Pick<Caption, 'text' | 'brief' | 'note'>} caption
 * @param {Layout} layout
 * @returns {Size}
 */
function sizeOf({ text, brief, note = '' }, layout) {
  const font = (layout.narrow ? 11.5 : layout.width < ROOMY ? 12.5 : 13.5) * layout.scale;
  const most = layout.width * WIDEST;
  const width = font * (ems(text) + 1.7);
  if (brief && width > most) return sizeOf({ text: brief, note }, layout);
  const second = font * (SMALL * ems(note, 500) + 1.7);
  if (!note || second > most) return { text, note: '', width, height: font * 1.95, font };
  return { text, note, width: Math.max(width, second), height: font * 3.05, font };
}

/** @param {Layout} layout @returns {(Box & {key: string})[]} the room neurons and what is written at them take */
function neuronBoxes({ columns }) {
  return columns.flatMap(({ folded, picture, places }, layer) => (folded && picture ? [{ ...picture, key: '' }]
    : places.flatMap((place, neuron) => roomsOf(place, kindOf(layer, columns.length - 1))
      .map((box) => ({ ...box, key: neuronKey(layer, neuron) })))));
}

/** @param {Layout} layout */
function nameBoxes({ columns, width }) {
  const first = columns[0];
  const last = columns[columns.length - 1];
  if (!first || !last) return [];
  const left = first.folded ? 0 : first.x - (first.places[0]?.r ?? 0);
  return [{ x: 0, y: 0, width: left, height: 1e4 },
    ...(last.folded ? [] : [{ x: last.x + last.reach - 4, y: 0, width: Math.max(0, width - last.x), height: 1e4 }])];
}

/** @param {Caption} caption @param {Layout} layout @param {import('../placement.js').Surroundings} around */
function spot(caption, layout, around) {
  const size = sizeOf(caption, layout);
  if (caption.kind === 'connection') {
    const line = segmentOf(layout, caption);
    if (!line) return null;
    const centre = besideLine(line, size, around);
    return { centre, size, leader: nearest(line, centre) };
  }
  const place = layout.columns[caption.layer]?.places[caption.neuron];
  return place ? { centre: besidePlace(place, size, around), size, leader: null } : null;
}

/** @param {Caption} caption @param {NonNullable<ReturnType<typeof spot>>} at */
function drawTag(caption, { centre, size, leader }) {
  const group = svg('g', { class: `tag role-${caption.role}${caption.held ? ' is-held' : ''}` });
  const outside = leader && (Math.abs(leader.x - centre.x) > size.width / 2 || Math.abs(leader.y - centre.y) > size.height / 2);
  if (leader && outside) {
    group.append(svg('line', { class: 'leader', x1: centre.x, y1: centre.y, x2: leader.x, y2: leader.y }),
      svg('circle', { class: 'leader-end', cx: leader.x, cy: leader.y, r: 2.5 }));
  }
  const { font, note } = size;
  const first = centre.y + font * (note ? -0.2 : 0.345);
  group.append(
    svg('rect', { class: 'tag-box', x: centre.x - size.width / 2, y: centre.y - size.height / 2,
      width: size.width, height: size.height, rx: font * 0.975 }),
    svg('text', { class: 'tag-text', x: centre.x, y: first, 'font-size': font }, size.text),
    ...(note ? [svg('text', { class: 'tag-note', x: centre.x, y: first + font * 1.2, 'font-size': font * SMALL }, note)] : []),
  );
  return group;
}

/** Draw a label that no line is led to, around (0, 0) to be moved about. @param {Caption} caption @param {Layout} layout @param {import('../geometry.js').Point} [centre] */
export const looseTag = (caption, layout, centre = { x: 0, y: 0 }) =>
  drawTag(caption, { centre, size: sizeOf(caption, layout), leader: null });

/**
 * Draw the labels of a scene.
 * @param {SVGGElement} group
 * @param {Layout} layout
 * @param {KeyedLine[]} lines
 */
export function createTags(group, layout, lines) {
  const points = crossings(lines);
  const neurons = neuronBoxes(layout);
  const names = nameBoxes(layout);
  const top = layout.headerY + 20;
  const bounds = { x: 4, y: top, width: layout.width - 8, height: layout.height - top - 4 };
  let shown = '';
  return {
    /** @param {Caption[]} captions @param {import('../focus.js').Focus} focus @param {Box[]} boxes room taken */
    update(captions, focus, boxes) {
      const now = captions.map(({ at, text }) => `${at} ${text}`).join('|');
      if (now === shown) return;
      shown = now;
      /** @type {import('../placement.js').Surroundings['taken']} */
      const taken = [...neurons.map((box) => ({ ...box, dim: box.key !== '' && !focus.lit(box.key) })), ...names, ...boxes];
      const drawn = captions.flatMap((caption) => {
        const around = { bounds, taken, crossings: points, crowded: captions.length > 1,
          lines: lines.map((line) => ({ ...line, lit: focus.lit(line.key) && line.key !== caption.at || focus.recent(line.key) })) };
        const at = spot(caption, layout, around);
        if (!at) return [];
        taken.push({ x: at.centre.x - at.size.width / 2 - 4, y: at.centre.y - at.size.height / 2 - 4,
          width: at.size.width + 8, height: at.size.height + 8 });
        return [drawTag(caption, at)];
      });
      group.replaceChildren(...drawn);
    },
  };
}
