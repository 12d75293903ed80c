// @ts-check
/**
 * Play short motions over a drawing that already shows their end. Whatever happens to a motion, what is left is
 * the drawing itself.
 */

/**
 * @typedef {object} Gesture one element's share of a motion
 * @property {Element} element
 * @property {Record<string, (string | number)[]>} frames from what was to what is, going forward
 * @property {number} at milliseconds
 * @property {number} lasts
 * @property {string} [easing]
 * @property {boolean} [passing] the element is there for the motion alone
 * @property {boolean} [oneWay] its frames lead to what is shown now, in whichever direction time goes
 * @property {boolean} [settles] it comes last in whichever direction
 */

const EASE = 'cubic-bezier(.4, 0, .25, 1)';

/** @param {Gesture['frames']} frames */
const mirrored = (frames) => Object.fromEntries(Object.entries(frames).map(([name, values]) =>
  [name, name === 'offset' ? [...values].reverse().map((at) => 1 - Number(at)) : [...values].reverse()]));

/** @param {Gesture[]} gestures */
export const lengthOf = (gestures) => Math.max(0, ...gestures.map(({ at, lasts }) => at + lasts));

/** @param {Gesture} gesture @param {number} total @param {boolean} back @returns {{frames: any, timing: any}} */
export function timed({ frames, at, lasts, easing = EASE, oneWay = false, settles = false }, total, back) {
  return {
    frames: back && !oneWay && !settles ? mirrored(frames) : frames,
    timing: { delay: back && !settles ? total - at - lasts : at, duration: lasts, fill: 'both', easing },
  };
}

/** Milliseconds that a motion may take. */
const LONGEST = 900;

/** A motion takes no longer than the pause of Play. @param {import('./types.js').State} state */
export const rateOf = ({ playing, pace }) => (playing ? Math.max(1, LONGEST / pace) : 1);

/** Make a player; one motion at a time. */
export function createMotion() {
  /** @type {Animation[]} */
  let running = [];
  /** @type {Element[]} */
  let passing = [];

  /** End what still moves, at once. */
  function finish() {
    for (const animation of running) animation.cancel();
    for (const element of passing) element.remove();
    running = [];
    passing = [];
  }

  return {
    finish,
    /**
     * @param {Gesture[]} gestures
     * @param {{back: boolean, rate: number}} how
     */
    play(gestures, { back, rate }) {
      finish();
      const total = lengthOf(gestures);
      const mine = gestures.map((gesture) => {
        const { frames, timing } = timed(gesture, total, back);
        const animation = gesture.element.animate(frames, timing);
        animation.playbackRate = rate;
        return animation;
      });
      running = mine;
      passing = gestures.filter((gesture) => gesture.passing).map(({ element }) => element);
      Promise.all(mine.map(({ finished }) => finished)).then(() => running === mine && finish(), () => {});
    },
  };
}
