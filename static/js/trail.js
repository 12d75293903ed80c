// @ts-check
/** Which number's card lies open, how the learner came to it, and what the server said about it. */

/**
 * @typedef {import('./types.js').State} State
 * @typedef {import('./types.js').Action} Action
 * @typedef {import('./types.js').CardState} CardState
 */

const LONGEST = 40;

/** Nothing open, nothing asked. */
export const NO_CARD = Object.freeze({ card: null, answer: null, probe: null, ways: null, marks: null });

/**
 * Open a number's card, close it, or walk on from the one that lies open.
 * @param {CardState | null} card
 * @param {{address: string | null, within?: boolean, quiet?: boolean}} to
 *   within: asked for inside the card; quiet: by the page's address, so that the focus stays where it is
 * @returns {CardState | null}
 */
export function opened(card, { address, within = false, quiet = false }) {
  if (!address) return null;
  if (!card || !within) return card?.address === address && card.quiet === quiet ? card : { address, trail: [], quiet };
  if (card.address === address) return quiet === card.quiet ? card : { ...card, quiet };
  const before = card.trail.indexOf(address);
  const trail = before < 0 ? [...card.trail, card.address].slice(-LONGEST) : card.trail.slice(0, before);
  return { address, trail, quiet };
}

/**
 * Go back to the number one came from; from the first, close the card.
 * @param {CardState | null} card
 * @returns {CardState | null}
 */
export function back(card) {
  const address = card?.trail[card.trail.length - 1];
  return card && address ? { ...card, address, trail: card.trail.slice(0, -1) } : null;
}

/** @param {State} state @param {CardState | null} card @returns {State} */
const withCard = (state, card) => (card === state.card ? state
  : card?.address === state.card?.address ? { ...state, card }
    : { ...state, card, probe: null, ways: null, marks: null, answer: card ? state.answer : null });

/** @type {Record<string, (state: State, action: Action) => State>} */
export const CARD_RULES = {
  card: (state, { address, within, quiet }) =>
    withCard(state, opened(state.card, { address: address ?? null, within, quiet })),
  'card-back': (state) => withCard(state, back(state.card)),
  answer: (state, { answer }) => (answer?.address === state.card?.address ? { ...state, answer } : state),
  probe: (state, { probe }) => ({ ...state, probe }),
  ways: (state, { ways }) => (ways?.address === state.card?.address ? { ...state, ways } : state),
  marks: (state, { marks }) => ({ ...state, marks }),
};
