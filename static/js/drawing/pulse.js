// @ts-check
/** One short motion per step: a drop that runs along the connection at work. */

import { mayMove, svg } from '../dom.js';
import { segmentOf } from './connections.js';

const LENGTH = 420;

/**
 * @param {SVGGElement} group
 * @param {import('../layout.js').Layout} layout
 */
export function createPulse(group, layout) {
  /** @type {Animation | null} */
  let running = null;

  /** @param {import('../types.js').StepEvent} event */
  function pathOf({ kind, layer, neuron, index }) {
    if (kind === 'product') return { line: segmentOf(layout, { layer, neuron, source: index }), back: false };
    if (kind === 'blame') return { line: segmentOf(layout, { layer: layer + 1, neuron: index, source: neuron }), back: true };
    return { line: null, back: false };
  }

  return {
    /** Finish what is still moving. */
    stop() {
      running?.finish();
    },
    /** @param {import('../types.js').StepEvent | null} event */
    run(event) {
      running?.finish();
      const { line, back } = event ? pathOf(event) : { line: null, back: false };
      if (!line || !mayMove()) return;
      const drop = svg('circle', { class: back ? 'pulse is-blame' : 'pulse', r: 5 });
      const from = `translate(${line.x1}px, ${line.y1}px)`;
      const to = `translate(${line.x2}px, ${line.y2}px)`;
      group.replaceChildren(drop);
      running = drop.animate({ transform: back ? [to, from] : [from, to], opacity: [0.2, 1, 1, 0] },
        { duration: LENGTH, easing: 'cubic-bezier(.4,0,.3,1)' });
      running.onfinish = () => drop.remove();
    },
  };
}
