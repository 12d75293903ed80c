// @ts-check
/** Which of many connections are worth a line. Pure arithmetic. */

/**
 * Find the entries of largest size, in a matrix or in one of its rows.
 * @param {number[][]} rows
 * @param {number} most
 * @returns {number[]} row × columns + column
 */
export function strongest(rows, most) {
  const columns = rows[0]?.length ?? 0;
  const sizes = new Float64Array(rows.length * columns);
  let k = 0;
  for (const row of rows) for (const value of row) sizes[k++] = Math.abs(value);
  if (sizes.length <= most) return [...sizes.keys()];
  const least = sizes.slice().sort()[sizes.length - most] ?? 0;
  /** @type {number[]} */
  const found = [];
  for (let at = 0; at < sizes.length && found.length < most; at += 1) if ((sizes[at] ?? 0) >= least) found.push(at);
  return found;
}

/**
 * Tell how far a point is from a segment.
 * @param {ArrayLike<number>} ends x1, y1, x2, y2 of one segment after another
 * @param {number} at where the segment begins in `ends`
 * @param {number} x
 * @param {number} y
 */
export function distance(ends, at, x, y) {
  const x1 = ends[at] ?? 0;
  const y1 = ends[at + 1] ?? 0;
  const dx = (ends[at + 2] ?? 0) - x1;
  const dy = (ends[at + 3] ?? 0) - y1;
  const t = Math.min(1, Math.max(0, ((x - x1) * dx + (y - y1) * dy) / (dx * dx + dy * dy || 1)));
  return Math.hypot(x - x1 - dx * t, y - y1 - dy * t);
}
