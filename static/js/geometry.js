// @ts-check
/** Lines, boxes and where they meet. Pure arithmetic, in pixels. */

/**
 * @typedef {{x: number, y: number}} Point
 * @typedef {{x1: number, y1: number, x2: number, y2: number}} Segment
 * @typedef {{x: number, y: number, width: number, height: number}} Box x and y are its top left corner
 */

/**
 * Move from a place's centre towards a point until its rim.
 * @param {{x: number, y: number, r: number, shape: string}} place
 * @param {Point} towards
 * @param {number} [gap] distance kept from the rim
 * @returns {Point}
 */
export function rim(place, towards, gap = 0) {
  const dx = towards.x - place.x;
  const dy = towards.y - place.y;
  const length = Math.hypot(dx, dy) || 1;
  const reach = place.shape === 'round'
    ? place.r
    : Math.min(place.r / Math.max(Math.abs(dx), Math.abs(dy)) * length, place.r * 1.2);
  const k = (reach + gap) / length;
  return { x: place.x + dx * k, y: place.y + dy * k };
}

/**
 * Draw the line between two places from rim to rim.
 * @param {{x: number, y: number, r: number, shape: string}} from
 * @param {{x: number, y: number, r: number, shape: string}} to
 * @param {number} [gapFrom]
 * @param {number} [gapTo]
 * @returns {Segment}
 */
export function between(from, to, gapFrom = 0, gapTo = 0) {
  const start = rim(from, to, gapFrom);
  const end = rim(to, from, gapTo);
  return { x1: start.x, y1: start.y, x2: end.x, y2: end.y };
}

/** @param {Segment} line @param {number} t @returns {Point} */
export const along = (line, t) => ({
  x: line.x1 + (line.x2 - line.x1) * t,
  y: line.y1 + (line.y2 - line.y1) * t,
});

/** @param {Point} centre @param {number} width @param {number} height @returns {Box} */
export const boxAround = (centre, width, height) => ({
  x: centre.x - width / 2, y: centre.y - height / 2, width, height,
});

/** @param {Box} a @param {Box} b */
export const overlap = (a, b) =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

/** @param {Box} outer @param {Box} inner */
export const holds = (outer, inner) =>
  inner.x >= outer.x && inner.y >= outer.y &&
  inner.x + inner.width <= outer.x + outer.width && inner.y + inner.height <= outer.y + outer.height;

/** @param {Box} box @param {Point} point */
export const contains = (box, point) =>
  point.x >= box.x && point.x <= box.x + box.width && point.y >= box.y && point.y <= box.y + box.height;

/**
 * Find where two segments cross.
 * @param {Segment} a
 * @param {Segment} b
 * @returns {Point | null}
 */
export function crossing(a, b) {
  const ax = a.x2 - a.x1;
  const ay = a.y2 - a.y1;
  const bx = b.x2 - b.x1;
  const by = b.y2 - b.y1;
  const cross = ax * by - ay * bx;
  if (Math.abs(cross) < 1e-9) return null;
  const t = ((b.x1 - a.x1) * by - (b.y1 - a.y1) * bx) / cross;
  const u = ((b.x1 - a.x1) * ay - (b.y1 - a.y1) * ax) / cross;
  return t > 0 && t < 1 && u > 0 && u < 1 ? along(a, t) : null;
}

/**
 * Tell whether a segment touches a box (Liang and Barsky).
 * @param {Segment} line
 * @param {Box} box
 */
export function meets(line, box) {
  const dx = line.x2 - line.x1;
  const dy = line.y2 - line.y1;
  let from = 0;
  let to = 1;
  const sides = [[-dx, line.x1 - box.x], [dx, box.x + box.width - line.x1],
    [-dy, line.y1 - box.y], [dy, box.y + box.height - line.y1]];
  for (const [p = 0, q = 0] of sides) {
    if (p === 0 && q < 0) return false;
    if (p < 0) from = Math.max(from, q / p);
    if (p > 0) to = Math.min(to, q / p);
    if (from > to) return false;
  }
  return true;
}

/** The length of a broken arrow's pieces, and of what lies between them. */
const PIECE = 9;
const BREAK = 4.5;

/**
 * Cut the shaft of an arrow into pieces, a whole one at its head.
 * @param {number} length
 * @returns {[number, number][]} from and to, from the arrow's start
 */
function piecesOf(length) {
  /** @type {[number, number][]} */
  const pieces = [];
  for (let end = length; end > 1; end -= PIECE + BREAK) pieces.push([Math.max(0, end - PIECE), end]);
  return pieces;
}

/**
 * Outline an arrow along a segment, its tip at the end.
 * @param {Segment} line
 * @param {number} width of its shaft
 * @param {boolean} [broken] as the arrow of a negative number is, and the line of a negative weight
 */
export function arrow(line, width, broken = false) {
  const length = Math.hypot(line.x2 - line.x1, line.y2 - line.y1) || 1;
  const ux = (line.x2 - line.x1) / length;
  const uy = (line.y2 - line.y1) / length;
  const head = Math.min(length * 0.5, 7 + width * 1.3);
  const wing = 3 + width * 0.85;
  const neck = length - head;
  const at = (/** @type {number} */ far, /** @type {number} */ d) => `${(line.x1 + ux * far - uy * d).toFixed(1)} ${(line.y1 + uy * far + ux * d).toFixed(1)}`;
  const outline = (/** @type {string[]} */ ...points) => `M${points.join('L')}Z`;
  const half = width / 2;
  const [last = [0, neck], ...others] = broken ? piecesOf(neck) : [];
  return [outline(at(last[0], half), at(neck, half), at(neck, wing), at(length, 0), at(neck, -wing), at(neck, -half), at(last[0], -half)),
    ...others.map(([from, to]) => outline(at(from, half), at(to, half), at(to, -half), at(from, -half)))].join('');
}

/**
 * Find the point of a segment nearest to a point.
 * @param {Segment} line
 * @param {Point} point
 */
export function nearest(line, point) {
  const dx = line.x2 - line.x1;
  const dy = line.y2 - line.y1;
  const t = ((point.x - line.x1) * dx + (point.y - line.y1) * dy) / (dx * dx + dy * dy || 1);
  return along(line, Math.min(1, Math.max(0, t)));
}
