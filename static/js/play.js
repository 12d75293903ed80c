// @ts-check
/** Play: a step, its answer, a pause, the next step. Never two in flight; nothing runs on without the page. */

const LOOK_AGAIN = 20;

/**
 * Make the loop; it runs while the state says so.
 * @param {object} parts
 * @param {() => import('./types.js').State} parts.get
 * @param {(action: import('./types.js').Action) => void} parts.dispatch
 * @param {(milliseconds: number) => Promise<unknown>} parts.sleep
 */
export function createPlay({ get, dispatch, sleep }) {
  let looping = false;

  async function loop() {
    if (looping) return;
    looping = true;
    while (get().playing) {
      dispatch({ type: 'step' });
      while (get().busy) await sleep(LOOK_AGAIN);
      await sleep(get().pace);
    }
    looping = false;
  }

  return {
    /** @param {import('./types.js').State} state */
    update(state) {
      if (state.playing) void loop();
    },
  };
}
