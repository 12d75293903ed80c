// @ts-check
/** Where a label may stand: near its line or its neuron, over no neuron and over no crossing of lines. */

import { along, boxAround, contains, crossing, meets, overlap } from './geometry.js';

/**
 * @typedef {import('./geometry.js').Segment} Segment
 * @typedef {import('./geometry.js').Point} Point
 * @typedef {import('./geometry.js').Box} Box
 * @typedef {Segment & {key: string}} Line
 * @typedef {Point & {between: [string, string]}} Crossing the keys of the two lines
 * @typedef {object} Surroundings
 * @property {Box} bounds
 * @property {(Box & {dim?: boolean})[]} taken neurons, names and labels already placed; dim: what the moment is not about
 * @property {(Line & {lit: boolean})[]} lines
 * @property {Crossing[]} crossings
 * @property {boolean} crowded whether several labels share the room, so that a faint crossing may be covered
 * @typedef {{width: number, height: number}} Size
 * @typedef {{centre: Point, cost: number, stem?: Segment}} Candidate the stem leads from the label to its line
 */

/** What a place costs; the cheapest is taken. Nothing outweighs a word or a neuron that is covered. */
const PRICE = {
  taken: 60000, dimTaken: 20000, litCrossing: 400, dimCrossing: 90, crowdedCrossing: 12, litLine: 150, dimLine: 5,
  own: 6, aside: 30, stem: 80, far: 1.4, offMiddle: 20,
};
/** A place that costs as much covers something. */
export const COVERING = PRICE.dimTaken;
const STEPS = Array.from({ length: 31 }, (_, k) => 0.125 + k * 0.025);
/** The least distance between a label and its line. */
const GAP = 5;
/** Farther away places are tried so many pixels apart. */
const GRID = 10;
const ROUND = [0, 8, 20, 36, 56, 80, 110, 150];
const EXTRA = [0, 6, 12, 20, 30, 44, 66, 92, 120, 150];

/**
 * Find all crossings of some lines; nothing for more lines than a label could avoid anyway.
 * @param {Line[]} lines
 * @param {number} [most]
 * @returns {Crossing[]}
 */
export function crossings(lines, most = 160) {
  if (lines.length > most) return [];
  /** @type {Crossing[]} */
  const found = [];
  for (const [k, a] of lines.entries()) {
    for (const b of lines.slice(k + 1)) {
      const point = crossing(a, b);
      if (point) found.push({ ...point, between: [a.key, b.key] });
    }
  }
  return found;
}

/** @param {Crossing} point @param {Surroundings['lines']} lines @param {boolean} crowded */
function crossingPrice({ between }, lines, crowded) {
  if (crowded) return PRICE.crowdedCrossing;
  return lines.some(({ key, lit }) => lit && between.includes(key)) ? PRICE.litCrossing : PRICE.dimCrossing;
}

/**
 * @param {Box} box
 * @param {Surroundings} around
 * @param {number} most above which it does not matter
 * @returns {number}
 */
function price(box, { taken, lines, crossings: points, crowded }, most) {
  let cost = 0;
  for (const other of taken) if (overlap(box, other)) cost += other.dim ? PRICE.dimTaken : PRICE.taken;
  if (cost >= most) return cost;
  for (const point of points) if (contains(box, point)) cost += crossingPrice(point, lines, crowded);
  for (const line of lines) if (meets(line, box)) cost += line.lit ? PRICE.litLine : PRICE.dimLine;
  return cost;
}

/** @param {Segment | undefined} stem @param {Surroundings} around */
function stemPrice(stem, { lines }) {
  if (!stem) return 0;
  return lines.filter((line) => line.lit && crossing(line, stem)).length * PRICE.stem;
}

/** @param {number} at @param {number} from @param {number} length @param {number} size */
const within = (at, from, length, size) => (size > length ? from + length / 2 : Math.min(from + length - size / 2, Math.max(from + size / 2, at)));

/** Move a place into the stage. @param {Candidate} candidate @param {Size} size @param {Box} bounds @returns {Candidate} */
function kept({ centre, cost, stem }, size, bounds) {
  const { x, y } = { x: within(centre.x, bounds.x, bounds.width, size.width), y: within(centre.y, bounds.y, bounds.height, size.height) };
  const moved = Math.hypot(x - centre.x, y - centre.y);
  return { centre: { x, y }, cost: cost + moved * PRICE.far, ...(stem ? { stem: { ...stem, x2: x, y2: y } } : {}) };
}

/** @param {Candidate[]} candidates @param {Size} size @param {Surroundings} around @returns {{centre: Point, cost: number}} */
function cheapest(candidates, size, around) {
  let best = { x: 0, y: 0 };
  let least = Infinity;
  for (const candidate of candidates.sort((a, b) => a.cost - b.cost)) {
    if (candidate.cost >= least) break;
    const { centre, stem, cost: own } = kept(candidate, size, around.bounds);
    const cost = own + stemPrice(stem, around) + price(boxAround(centre, size.width, size.height), around, least - own);
    if (cost < least) [best, least] = [centre, cost];
  }
  return { centre: best, cost: least };
}

/** Look over the whole stage, too, where all places near a point cover something. @param {{centre: Point, cost: number}} near @param {Point} from @param {Size} size @param {Surroundings} around */
function orAnywhere(near, from, size, around) {
  if (near.cost < COVERING) return near;
  const { x: left, y: top, width, height } = around.bounds;
  const candidates = [];
  for (let x = left; x <= left + width; x += GRID) {
    for (let y = top; y <= top + height; y += GRID) {
      candidates.push({ centre: { x, y }, cost: Math.hypot(x - from.x, y - from.y) * PRICE.far, stem: { x1: from.x, y1: from.y, x2: x, y2: y } });
    }
  }
  const far = cheapest(candidates, size, around);
  return far.cost < near.cost ? far : near;
}

/**
 * Place a label beside a line, or on it where there is no better room.
 * @param {Segment} line
 * @param {Size} size
 * @param {Surroundings} around
 */
export function besideLine(line, size, around) {
  const dx = line.x2 - line.x1;
  const dy = line.y2 - line.y1;
  const length = Math.hypot(dx, dy) || 1;
  const normal = { x: -dy / length, y: dx / length };
  const clear = (Math.abs(normal.x) * size.width + Math.abs(normal.y) * size.height) / 2 + GAP;
  // Where several labels share the room each is best told from the others on its own line.
  const aside = around.crowded ? PRICE.aside : 0;
  const offsets = [0, ...EXTRA.flatMap((extra) => [clear + extra, -clear - extra])];
  const candidates = STEPS.flatMap((t) => offsets.map((offset) => {
    const at = along(line, t);
    const cost = offset === 0 ? PRICE.own : aside + (Math.abs(offset) - clear + GAP) * PRICE.far;
    const centre = { x: at.x + normal.x * offset, y: at.y + normal.y * offset };
    return { centre, cost: cost + Math.abs(t - 0.5) * PRICE.offMiddle,
      ...(offset ? { stem: { x1: at.x, y1: at.y, x2: centre.x, y2: centre.y } } : {}) };
  }));
  return orAnywhere(cheapest(candidates, size, around), along(line, 0.5), size, around);
}

/**
 * Place a label around a neuron.
 * @param {{x: number, y: number, r: number}} place
 * @param {Size} size
 * @param {Surroundings} around
 */
export function besidePlace(place, size, around) {
  const reachX = place.r + size.width / 2 + 10;
  const reachY = place.r + size.height / 2 + 14;
  const candidates = [];
  for (const [k, [sx, sy]] of [[-1, 0], [0, -1], [0, 1], [1, 0], [-0.8, -0.8], [-0.8, 0.8], [0.8, -0.8], [0.8, 0.8]].entries()) {
    for (const extra of ROUND) {
      candidates.push({ cost: k * 3 + extra,
        centre: { x: place.x + (sx ?? 0) * (reachX + extra), y: place.y + (sy ?? 0) * (reachY + extra) } });
    }
  }
  return orAnywhere(cheapest(candidates, size, around), place, size, around);
}
