// @ts-check
/** Commands one after the other: quick clicks lose no step, and each is sent against the newest revision. */

/**
 * @typedef {object} Command
 * @property {string} name the last part of the API's path: step, back, goto …; an edit changes the session itself
 * @property {Record<string, any>} body
 * @property {string} key the Idempotency-Key
 * @property {string} query the rest of the path; fixed with the key, as a repetition must be the same request
 * @property {import('./types.js').Granularity} scope what to light when it is done
 * @property {boolean} [sent] whether it may have reached the server already
 */

const MOST_AT_ONCE = 50;

/**
 * Join a command with the one waiting before it, where both say the same as one.
 * @param {Command} waiting
 * @param {Command} next
 * @returns {Command | null} null where both must go
 */
export function join(waiting, next) {
  if (waiting.name !== next.name || waiting.sent) return null;
  if (next.name === 'goto') return next;
  const { count = 1, ...rest } = waiting.body;
  const { count: more = 1, ...same } = next.body;
  const alike = (next.name === 'step' || next.name === 'back') && rest['by'] === same['by'];
  return alike && count + more <= MOST_AT_ONCE ? { ...next, body: { ...rest, count: count + more } } : null;
}

/**
 * Run commands in order, one in flight.
 * @param {object} parts
 * @param {(command: Command) => Promise<void>} parts.run
 * @param {(problem: unknown, command: Command) => 'drop' | 'hold'} parts.onProblem
 *   whether to forget what waits or to keep it, this command included, until `resume`
 * @param {(busy: boolean) => void} parts.onBusy
 */
export function createQueue({ run, onProblem, onBusy }) {
  /** @type {Command[]} */
  let waiting = [];
  let running = false;
  /** What was cleared away while it was under way neither comes back nor takes away what came after. */
  let cleared = 0;

  async function drain() {
    if (running) return;
    running = true;
    onBusy(true);
    while (waiting.length) {
      const command = /** @type {Command} */ (waiting.shift());
      const before = cleared;
      try {
        await run(command);
      } catch (problem) {
        if (before !== cleared) continue;
        const keep = onProblem(problem, command) === 'hold';
        waiting = keep ? [{ ...command, sent: true }, ...waiting] : [];
        break;
      }
    }
    running = false;
    onBusy(false);
  }

  return {
    /** @param {Command} command */
    push(command) {
      const last = waiting[waiting.length - 1];
      const joined = last ? join(last, command) : null;
      if (joined) waiting[waiting.length - 1] = joined;
      else waiting.push(command);
      return drain();
    },
    resume: drain,
    clear() {
      waiting = [];
      cleared += 1;
    },
    get size() { return waiting.length + (running ? 1 : 0); },
  };
}
