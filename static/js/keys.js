// @ts-check
/** Which key asks for what. */

/** @typedef {import('./types.js').Action} Action */
/** @typedef {import('./types.js').Granularity} Granularity */

/** @type {readonly Granularity[]} */
export const GRANULARITIES = Object.freeze(['term', 'neuron', 'layer', 'pass', 'iteration']);

const OWN_SPACE = new Set(['BUTTON', 'INPUT', 'SELECT', 'TEXTAREA', 'SUMMARY', 'A']);
const OWN_ALL = new Set(['INPUT', 'SELECT', 'TEXTAREA']);
const SLIDES = new Set(['ArrowRight', 'ArrowLeft', 'Home']);

/**
 * Turn a key press into an action; null where the focused element has its own use for the key.
 * @param {{key: string, ctrlKey?: boolean, metaKey?: boolean, altKey?: boolean, shiftKey?: boolean}} press
 * @param {string} tag the focused element's tag name, in capitals; RANGE for a slider
 * @returns {Action | null}
 */
export function actionFor({ key, ctrlKey, metaKey, altKey, shiftKey }, tag) {
  if ((ctrlKey || metaKey) && key.toLowerCase() === 'z' && !OWN_ALL.has(tag)) return { type: shiftKey ? 'redo' : 'undo' };
  if (ctrlKey || metaKey || altKey) return null;
  if (key === ' ') return OWN_SPACE.has(tag) ? null : { type: 'step' };
  if (OWN_ALL.has(tag) || (tag === 'RANGE' && SLIDES.has(key))) return null;
  const granularity = GRANULARITIES[Number(key) - 1];
  if (granularity) return { type: 'granularity', granularity };
  switch (key) {
    case 'ArrowRight': return { type: 'step' };
    case 'ArrowLeft': return { type: 'back' };
    case 'Home': return { type: 'start' };
    case 'e': return { type: 'explain' };
    case 'p': return { type: 'toggle-play' };
    case 'k': return { type: 'bookmark' };
    case 'f': return { type: 'panel', panel: 'formula' };
    case 'c': return { type: 'panel', panel: 'code' };
    case 'm': return { type: 'panel', panel: 'matrices' };
    case 'b': return { type: 'panel', panel: 'blame' };
    case '?': return { type: 'help' };
    default: return null;
  }
}
