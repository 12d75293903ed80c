// @ts-check
/** One frozen state, changed by actions alone. */

/**
 * @typedef {import('./types.js').State} State
 * @typedef {import('./types.js').Action} Action
 */

/**
 * Keep a state and tell the subscribers when it changes.
 * @param {(state: State, action: Action) => State} reduce
 * @param {State} initial
 */
export function createStore(reduce, initial) {
  let state = Object.freeze(initial);
  /** @type {Set<(state: State) => void>} */
  const subscribers = new Set();
  return {
    get: () => state,
    /** @param {Action} action */
    dispatch(action) {
      const next = reduce(state, action);
      if (next === state) return;
      state = Object.freeze(next);
      for (const subscriber of subscribers) subscriber(state);
    },
    /** @param {(state: State) => void} subscriber */
    subscribe(subscriber) {
      subscribers.add(subscriber);
      subscriber(state);
      return () => subscribers.delete(subscriber);
    },
  };
}
