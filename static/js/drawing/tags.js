// @ts-check
/** Draw the small labels beside what the current event does, each where it covers nothing. */

import { svg } from '../dom.js';
import { nearest, rim } from '../geometry.js';
import { besideLine, besidePlace, COVERING, crossings } from '../placement.js';
import { segmentOf } from '../layout.js';
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

/** Where there is no other room a label's type is so much smaller. */
const TIGHT = 0.82;

/** A label that stands so far from its neuron is led to it. */
const FAR = 44;

/**
 * @typedef {{text: string, note: string, width: number, height: number, font: number}} Size
 * @param {Pick<Caption, 'text' | 'brief' | 'note'>} caption
 * @param {Layout} layout
 * @returns {Size}
 */
function sizeOf({ text, brief = '', note = '' }, layout) {
  const font = (layout.narrow ? 11.5 : layout.width < ROOMY ? 12.5 : 13.5) * layout.scale;
  const most = layout.width * WIDEST;
  const width = font * (ems(text) + 1.7);
  if (brief && width > most) return sizeOf({ text: brief, note }, layout);
  const second = font * (SMALL * ems(note, 500) + 1.7);
  if (!note || second > most) return { text, note: '', width, height: font * 1.95, font };
  return { text, note, width: Math.max(width, second), height: font * 3.05, font };
}

/** @param {Layout} layout @returns {Box[]} the pictures of folded layers */
const pictureBoxes = ({ columns }) => columns.flatMap(({ picture }) => picture ?? []);

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
function spotFor(caption, layout, around) {
  const size = sizeOf(caption, layout);
  if (caption.kind === 'connection') {
    const line = segmentOf(layout, caption);
    if (!line) return null;
    const { centre, cost } = besideLine(line, size, around);
    return { centre, cost, size, leader: nearest(line, centre) };
  }
  const place = layout.columns[caption.layer]?.places[caption.neuron];
  if (!place) return null;
  const { centre, cost } = besidePlace(place, size, around);
  const far = Math.hypot(centre.x - place.x, centre.y - place.y) > place.r + size.width / 2 + FAR;
  return { centre, cost, size, leader: far ? rim(place, centre) : null };
}

/** Find the best spot; where a label would cover something, less is said, and then smaller. @param {Caption} caption @param {Layout} layout @param {import('../placement.js').Surroundings} around */
function spot(caption, layout, around) {
  const { brief, note, ...bare } = caption;
  const least = { ...bare, text: brief ?? bare.text };
  /** @type {[Caption, Layout][]} */
  const shorter = [[{ ...bare, ...(brief ? { brief } : {}) }, layout], [least, layout], [least, { ...layout, scale: layout.scale * TIGHT }]];
  let best = spotFor(caption, layout, around);
  for (const [less, scaled] of note ? shorter : shorter.slice(1)) {
    if (!best || best.cost < COVERING) return best;
    const next = spotFor(less, scaled, around);
    if (next && next.cost < best.cost) best = next;
  }
  return best;
}

/** Draw what leads from a label to its line, if it does not lie on it. @param {Omit<NonNullable<ReturnType<typeof spot>>, 'cost'>} at */
function drawLeader({ centre, size, leader }) {
  const outside = leader && (Math.abs(leader.x - centre.x) > size.width / 2 || Math.abs(leader.y - centre.y) > size.height / 2);
  if (!leader || !outside) return [];
  return [svg('line', { class: 'leader', x1: centre.x, y1: centre.y, x2: leader.x, y2: leader.y }),
    svg('circle', { class: 'leader-end', cx: leader.x, cy: leader.y, r: 2.5 })];
}

/** @param {Caption} caption @param {Pick<NonNullable<ReturnType<typeof spot>>, 'centre' | 'size'>} at */
function drawTag(caption, { centre, size }) {
  const group = svg('g', { class: `tag role-${caption.role}${caption.held ? ' is-held' : ''}` });
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
  drawTag(caption, { centre, size: sizeOf(caption, layout) });

/**
 * Draw the labels of a scene.
 * @param {SVGGElement} group
 * @param {SVGGElement} under where the lines go that lead to them: below the neurons, whose numbers they would cross
 * @param {Layout} layout
 * @param {KeyedLine[]} lines
 */
export function createTags(group, under, layout, lines) {
  const points = crossings(lines);
  const pictures = pictureBoxes(layout);
  const names = nameBoxes(layout);
  const top = layout.headerY + 20;
  const bounds = { x: 4, y: top, width: layout.width - 8, height: layout.height - top - 4 };
  let shown = '';
  return {
    /** @param {Caption[]} captions @param {import('../focus.js').Focus} focus @param {() => {neurons: (Box & {key: string})[], others: Box[]}} room tells what is taken */
    update(captions, focus, room) {
      const now = captions.map(({ at, text }) => `${at} ${text}`).join('|');
      if (now === shown) return;
      shown = now;
      const { neurons, others } = room();
      /** @type {import('../placement.js').Surroundings['taken']} */
      const taken = [...neurons.map((box) => ({ ...box, dim: !focus.lit(box.key) })), ...pictures, ...names, ...others];
      /** @type {SVGElement[]} */
      const leaders = [];
      const drawn = captions.flatMap((caption) => {
        const around = { bounds, taken, crossings: points, crowded: captions.length > 1,
          lines: lines.map((line) => ({ ...line, lit: focus.lit(line.key) && line.key !== caption.at || focus.recent(line.key) })) };
        const at = spot(caption, layout, around);
        if (!at) return [];
        taken.push({ x: at.centre.x - at.size.width / 2 - 4, y: at.centre.y - at.size.height / 2 - 4,
          width: at.size.width + 8, height: at.size.height + 8 });
        leaders.push(...drawLeader(at));
        return [drawTag(caption, at)];
      });
      under.replaceChildren(...leaders);
      group.replaceChildren(...drawn);
    },
  };
}
