// @ts-check
/** Let the drawing move from scene to scene. It comes after the first drawing, which stands still. */

import { movesOf } from '../choreography.js';
import { mayMove } from '../dom.js';
import { createMotion, rateOf } from '../motion.js';
import { gesturesOf } from './gestures.js';

/**
 * @typedef {import('../scene.js').Scene} Scene
 * @typedef {ReturnType<typeof createMover>} Mover
 */

/** Make what moves the drawing's parts; one motion at a time. */
export function createMover() {
  const motion = createMotion();
  return {
    finish: motion.finish,
    /**
     * @param {import('../views/diagram.js').Parts} parts
     * @param {Scene} was
     * @param {Scene} is
     * @param {import('../types.js').State} state
     */
    move(parts, was, is, state) {
      const { moves, back } = mayMove() ? movesOf(was, is) : { moves: [], back: false };
      if (!moves.length) return;
      const weight = (/** @type {import('../moves.js').At} */ { layer, neuron, source }) => is.connection(layer, neuron, source).weight;
      motion.play(gesturesOf(moves, { ...parts, ...parts.groups, back, weight }), { back, rate: rateOf(state) });
    },
  };
}
