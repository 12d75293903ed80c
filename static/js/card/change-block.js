// @ts-check
/** Change a given number: by typing, or with a slider that shows what answers before anything is kept. */

import { readNumber, slideRange } from '../change.js';
import { set, write } from '../dom.js';
import { number } from '../format.js';
import { canNudge, isGiven, presentValue, valueOf } from '../numbers.js';

/**
 * @typedef {import('../types.js').State} State
 * @typedef {import('../types.js').Dispatch} Dispatch
 * @typedef {{address: string, start: number, present: number}} Subject start: at the iteration's start, where a nudge is made
 */

/** @param {State} state @returns {Subject | null} */
function subjectOf({ card, answer, session }) {
  if (!card || !session || session.read_only || !isGiven(card.address)) return null;
  if (answer?.address !== card.address || !answer.explanation) return null;
  // The answer may still be the one before the last change; what the session lists is of now.
  const start = valueOf(card.address, session) ?? answer.explanation.value;
  return { address: card.address, start, present: presentValue(card.address, session) ?? start };
}

/** @param {string} address @param {number | null} draft @param {boolean} readable */
function noteOf(address, draft, readable) {
  if (!readable) return 'That is not a number yet. One looks like −0.42 or 1.5e−3.';
  if (draft !== null) return `Enter keeps ${number(draft, 4)}, Escape lets it go. So far nothing is changed.`;
  return canNudge(address) ? 'Drag to see what answers; release to keep it. Everything after it is then worked out anew.'
    : 'The error is measured against this value.';
}

/** @param {(name: string) => HTMLElement} hook */
const fields = (hook) => ({
  box: hook('change'), keep: hook('change-keep'), drop: hook('change-drop'), undo: hook('change-undo'),
  field: /** @type {HTMLInputElement} */ (hook('change-number')),
  slider: /** @type {HTMLInputElement} */ (hook('change-slider')),
});

/** @param {(name: string) => HTMLElement} hook @param {Dispatch} dispatch */
function createDraft(hook, dispatch) {
  const { field, slider, keep, drop } = fields(hook);
  /** @type {Subject | null} */
  let subject = null;
  /** @type {number | null} */
  let draft = null;

  /** @param {boolean} [readable] */
  function tell(readable = true) {
    keep.hidden = drop.hidden = draft === null;
    set(field, { 'aria-invalid': readable ? null : 'true' });
    write(hook('change-note'), noteOf(subject?.address ?? '', draft, readable));
  }

  return {
    get draft() { return draft; },
    /** @param {Subject} next */
    begin(next) {
      subject = next;
      draft = null;
      const { min, max, step } = slideRange(next.present);
      set(slider, { min, max, step });
      field.value = slider.value = String(next.present);
      write(hook('change-low'), number(min));
      write(hook('change-high'), number(max));
      tell();
    },
    /** @param {number | null} value @param {boolean} typed */
    offer(value, typed) {
      if (!subject) return;
      draft = value === subject.present ? null : value;
      if (!typed && value !== null) field.value = String(value);
      if (typed && value !== null) slider.value = String(value);
      tell(value !== null);
      if (!canNudge(subject.address) || value === null) return;
      const { address, start } = subject;
      dispatch(value === start ? { type: 'calm' } : { type: 'nudge', address, by: value - start });
    },
    keep() {
      if (subject && draft !== null) dispatch({ type: 'edit', body: { values: { [subject.address]: draft } } });
    },
    /** @returns {boolean} whether there was something to let go */
    drop() {
      if (!subject || (draft === null && !field.hasAttribute('aria-invalid'))) return false;
      this.begin(subject);
      dispatch({ type: 'calm' });
      return true;
    },
  };
}

/** @param {HTMLInputElement} field @param {HTMLInputElement} slider @param {ReturnType<typeof createDraft>} draft */
function listen(field, slider, draft) {
  let dragged = false;
  field.addEventListener('input', () => draft.offer(readNumber(field.value), true));
  slider.addEventListener('pointerdown', () => { dragged = true; });
  slider.addEventListener('input', () => draft.offer(Number(slider.value), false));
  slider.addEventListener('change', () => {
    // An arrow key changes a slider too; only a released pointer keeps the value by itself.
    if (dragged) draft.keep();
    dragged = false;
  });
  for (const one of [field, slider]) {
    one.addEventListener('keydown', (press) => {
      if (press.key === 'Enter') draft.keep();
    });
  }
}

/**
 * @param {(name: string) => HTMLElement} hook
 * @param {Dispatch} dispatch
 */
export function createChange(hook, dispatch) {
  const { box, field, slider, keep, drop, undo } = fields(hook);
  const draft = createDraft(hook, dispatch);
  let shown = '';
  listen(field, slider, draft);
  keep.addEventListener('click', () => { draft.keep(); field.focus(); });
  drop.addEventListener('click', () => { draft.drop(); field.focus(); });
  undo.addEventListener('click', () => { dispatch({ type: 'undo' }); field.focus(); });
  return {
    /** @param {State} state */
    update(state) {
      const subject = subjectOf(state);
      box.hidden = !subject;
      undo.hidden = !state.session?.history.undo;
      const key = subject ? `${subject.address} ${subject.present} ${state.session?.revision}` : '';
      if (subject && key !== shown) draft.begin(subject);
      shown = key;
    },
    /** Let go of what is not kept yet. */
    drop: () => draft.drop(),
  };
}
