// @ts-check
/** The training settings, undo and redo, and the way back to the first weights. */

import { readNumber } from '../change.js';
import { hooks, html, set } from '../dom.js';
import { COSTS, OPTIMIZERS, plain } from '../editing.js';

/**
 * @typedef {import('../types.js').State} State
 * @typedef {import('../types.js').Session} Session
 */

const NUMBERS = new Set(['learning_rate', 'l1', 'l2']);
const SEEDS = 2 ** 32;

/** @param {Session} session @returns {Record<string, string>} */
function shownValues({ training, network }) {
  return {
    learning_rate: String(training.learning_rate),
    batch_size: training.batch_size === null ? '' : String(training.batch_size),
    cost: network.cost,
    optimizer: training.optimizer.name,
    l1: String(training.l1),
    l2: String(training.l2),
  };
}

/** @type {Record<string, string>} */
const FIELDS = { learning_rate: 'learning rate', l1: 'L1 penalty', l2: 'L2 penalty' };

/** Say what a field takes. @param {string} name */
const wanted = (name) => (name === 'batch_size'
  ? 'The batch size is a whole number, 1 or more; leave it empty for all observations.'
  : `The ${FIELDS[name] ?? name} is a number, 0 or more.`);

/**
 * Make the body of an edit from a field; null where nothing sensible was typed.
 * @param {string} name
 * @param {string} text
 * @param {boolean} checked
 */
function bodyOf(name, text, checked) {
  if (name === 'cost') return { network: { cost: text } };
  if (name === 'optimizer') return { training: { optimizer: { name: text } } };
  if (name === 'shuffle') return { training: { shuffle: checked } };
  if (name === 'batch_size') {
    if (!text.trim() || text.trim() === 'all') return { training: { batch_size: null } };
    const size = readNumber(text);
    return size !== null && Number.isInteger(size) && size > 0 ? { training: { batch_size: size } } : null;
  }
  const value = readNumber(text);
  return NUMBERS.has(name) && value !== null && value >= 0 ? { training: { [name]: value } } : null;
}

/** Show what holds, but for what is being typed. @param {(name: string) => HTMLInputElement} field @param {Session} session */
function showFields(field, session) {
  field('shuffle').checked = session.training.shuffle;
  for (const [name, value] of Object.entries(shownValues(session))) {
    // What is being typed stays; a choice that was refused goes back.
    if (document.activeElement === field(name) && field(name).tagName === 'INPUT') continue;
    field(name).value = value;
    set(field(name), { 'aria-invalid': null });
  }
}

/** Let what can be undone be undone. @param {HTMLElement} back @param {HTMLElement} forth @param {{undo: number, redo: number}} history */
function showHistory(back, forth, { undo, redo }) {
  const left = undo ? forth : back;
  const held = document.activeElement === left && !(undo && redo);
  set(back, { disabled: undo === 0 });
  set(forth, { disabled: redo === 0 });
  // The focus does not go with a button that has nothing more to do.
  if (held) (undo ? back : forth).focus();
}

/**
 * @param {HTMLElement} root the sheet
 * @param {HTMLElement} bar where undo and redo are
 * @param {import('../types.js').Dispatch} dispatch
 */
export function create(root, bar, dispatch) {
  const hook = hooks(root);
  const own = hooks(bar);
  const form = /** @type {HTMLFormElement} */ (hook('training'));
  const field = (/** @type {string} */ name) => /** @type {HTMLInputElement} */ (form.elements.namedItem(name));
  field('cost').append(...COSTS.map((name) => html('option', { value: name }, plain(name))));
  field('optimizer').append(...OPTIMIZERS.map((name) => html('option', { value: name }, plain(name))));
  form.addEventListener('submit', (event) => event.preventDefault());
  form.addEventListener('change', (event) => {
    const { name, value, checked } = /** @type {HTMLInputElement} */ (event.target);
    const body = bodyOf(name, value, checked);
    const wrong = body === null;
    set(field(name), { 'aria-invalid': wrong ? 'true' : null });
    if (wrong) dispatch({ type: 'message', message: { kind: 'problem', text: wanted(name) } });
    else dispatch({ type: 'edit', body });
  });
  own('undo').addEventListener('click', () => dispatch({ type: 'undo' }));
  own('redo').addEventListener('click', () => dispatch({ type: 'redo' }));
  let first = 0;
  hook('restart').addEventListener('click', () => {
    dispatch({ type: 'goto', iteration: first, event: 0 });
    dispatch({ type: 'message', message: { kind: 'note',
      text: 'Back at the first weights. Your steps are still on the timeline, until you go another way.' } });
  });
  // A seed is no number of the network; it only has to be another one.
  hook('reseed').addEventListener('click', () =>
    dispatch({ type: 'edit', body: { network: { seed: Math.floor(Math.random() * SEEDS) } } }));

  return (/** @type {State} */ { session }) => {
    if (!session) return;
    first = session.history.first;
    showHistory(own('undo'), own('redo'), session.history);
    showFields(field, session);
  };
}
