// @ts-check
/** Where the page's parts meet. */

import { createApi } from './api.js';
import { createCommands } from './commands.js';
import { readHash, writeHash } from './hash.js';
import { createInquiries } from './inquiries.js';
import { actionFor } from './keys.js';
import { exists } from './numbers.js';
import { createPlay } from './play.js';
import { offerFor, openingWords, waitingWords } from './problem.js';
import { apiPath, presetPath, read, sessionPath, withDigits } from './route.js';
import { INITIAL, reduce } from './state.js';
import { createStore } from './store.js';
import { create as createControls } from './views/controls.js';
import { create as createDiagram } from './views/diagram.js';
import { create as createDigits } from './views/digits.js';
import { create as createExplanation } from './views/explanation.js';
import { create as createHelp } from './views/help.js';
import { create as createLegend } from './views/legend.js';
import { create as createLive } from './views/live.js';
import { create as createMessages } from './views/messages.js';
import { create as createOpeners } from './views/openers.js';
import { create as createTimeline } from './views/timeline-view.js';
import { create as createToolbar } from './views/toolbar.js';

/** @typedef {import('./types.js').Action} Action */

const THEME = 'glassbox-theme';
const CURVE_POINTS = 400;
const FOLLOW_MILLISECONDS = 1500;

/** @param {number} milliseconds */
const sleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** @param {import('./problem.js').Problem | null} problem why a request is tried again */
function tellWaiting(problem) {
  const { message } = store.get();
  const told = message?.waiting || message?.offer === 'retry';
  if (problem && !told) store.dispatch({ type: 'message', message: { kind: 'note', text: waitingWords(problem), waiting: true } });
  if (!problem && told) store.dispatch({ type: 'message', message: null });
}

/** @param {string} id */
const byId = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

const store = createStore(reduce, { ...INITIAL, theme: storedTheme() });
const api = createApi({
  fetch: (...request) => fetch(...request),
  sleep,
  onWaiting: tellWaiting,
});
const commands = createCommands({
  store, api, sleep, uuid: unguessable,
  onStarted: ({ id }) => history.replaceState(null, '',
    sessionPath(id ?? '', location.search) + writeHash({ card: store.get().card?.address ?? null })),
});
const inquiries = createInquiries({ store, api, started: commands.started, sleep });
const openers = createOpeners(dispatch);
const diagram = createDiagram(byId('stage'), dispatch);
const help = createHelp(/** @type {HTMLDialogElement} */ (byId('help')));

/** Make up a name; over plain HTTP from another computer a page has no randomUUID. */
function unguessable() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** @returns {import('./types.js').State['theme']} */
function storedTheme() {
  const stored = document.documentElement.dataset['theme'];
  return stored === 'light' || stored === 'dark' ? stored : 'auto';
}

/** @param {import('./types.js').State['theme']} theme */
function keepTheme(theme) {
  try {
    localStorage.setItem(THEME, theme);
  } catch {
    // Without storage the choice lasts as long as the page.
  }
}

/** Put what the address asks for on the desk. A page nobody touches stores nothing: a preset is only looked at. */
async function open() {
  const origin = read(location);
  const { card } = readHash(location.hash);
  dispatch({ type: 'desk', origin });
  const { desk } = store.get();
  try {
    const session = await api.send(withDigits(apiPath(origin), store.get().digits));
    if (desk !== store.get().desk) return;
    store.dispatch({ type: 'session', session, desk, scope: session.event ? 'term' : 'pass' });
    delete document.documentElement.dataset['opening'];
    if (card && exists(card, session)) store.dispatch({ type: 'card', address: card, quiet: true });
    else if (card) store.dispatch({ type: 'message', message: { kind: 'note', text: `This network has no number ${card}.` } });
  } catch (problem) {
    if (desk !== store.get().desk) return;
    // There is nothing to show, so nothing is shown of another network either.
    document.documentElement.dataset['opening'] = '';
    store.dispatch({ type: 'message', message: { kind: 'problem', text: openingWords(problem, origin),
      offer: offerFor(problem) ?? 'restart' } });
  }
}

/** @param {string} preset */
function openPreset(preset) {
  history.pushState(null, '', presetPath(preset, location.search));
  byId('step').focus({ preventScroll: true });
  void open();
}

/** @type {Record<string, (action: Action) => unknown>} */
const own = {
  bookmark: async () => (await furnished)?.bookmark(),
  help: () => help.toggle(),
  explain: () => openers.explain(),
  'toggle-play': () => store.dispatch({ type: 'playing', playing: !store.get().playing }),
  'open-preset': ({ preset }) => openPreset(preset),
  restart: () => openPreset(store.get().session?.preset ?? 'article'),
  retry: () => (store.get().session ? undefined : open()),
  theme: ({ theme }) => keepTheme(theme),
};

/** @param {Action} action */
function dispatch(action) {
  store.dispatch(action);
  own[action.type]?.(action);
  commands.receive(action);
  inquiries.receive(action);
}

/** Keep the open card in the page's address. */
function followCard() {
  /** @type {string | null} */
  let shown = null;
  return (/** @type {import('./types.js').State} */ { session, card }) => {
    const address = card?.address ?? null;
    if (!session || address === shown) return;
    shown = address;
    const hash = writeHash({ ...readHash(location.hash), card: address });
    history.replaceState(history.state, '', location.pathname + location.search + hash);
  };
}

/** Go where the browser's history leads; the same desk is not laid anew for another card. */
function revisit() {
  const { session, origin } = store.get();
  const here = session?.id ? { session: session.id } : origin;
  if (!session || apiPath(read(location)) !== apiPath(here)) return open();
  return store.dispatch({ type: 'card', address: readHash(location.hash).card, quiet: true });
}

/** Ask for the cost curve whenever the number of iterations has changed. */
function followCurve() {
  let shown = '';
  return (/** @type {import('./types.js').State} */ { session, desk, origin }) => {
    const wanted = `${desk} ${session?.id} ${session?.history.iterations}`;
    if (!(session?.id || session?.read_only) || wanted === shown) return;
    shown = wanted;
    api.send(`${apiPath(session.id ? { session: session.id } : origin)}/history?points=${CURVE_POINTS}`)
      .then((curve) => store.dispatch({ type: 'curve', curve, desk }), () => {});
  };
}

const play = createPlay({ get: store.get, dispatch, sleep });
for (const view of [
  diagram.update, createLegend(byId('legend'), dispatch),
  createExplanation(byId('explanation'), dispatch), createDigits(byId('explanation'), dispatch),
  createControls(byId('controls'), dispatch),
  createTimeline(byId('time'), dispatch), createToolbar(byId('toolbar'), dispatch),
  createMessages(byId('messages'), dispatch), createLive(byId('live')),
  openers.update, inquiries.update, play.update, followCurve(), followCard(),
]) store.subscribe(view);

addEventListener('keydown', (press) => {
  if (help.open && press.key !== '?') return;
  const { activeElement: focused } = document;
  const slider = focused instanceof HTMLInputElement && focused.type === 'range';
  const action = actionFor(press, slider ? 'RANGE' : focused?.tagName ?? '');
  if (!action) return;
  press.preventDefault();
  dispatch(action);
});
setInterval(() => {
  // Whoever follows somebody else's steps looks again and again; nobody else has to.
  if (store.get().session?.read_only && !document.hidden) dispatch({ type: 'catch-up' });
}, FOLLOW_MILLISECONDS);
addEventListener('popstate', () => void revisit());
addEventListener('focus', () => dispatch({ type: 'catch-up' }));
document.addEventListener('visibilitychange', () => {
  if (document.hidden) store.dispatch({ type: 'playing', playing: false });
});

// What the first step can do without comes once the network is on the desk, so that nobody waits for it.
const furnished = open().then(() => import('./furnish.js'))
  .then(({ furnish }) => furnish({ store, byId, dispatch, send: api.send, diagram }))
  .then((share) => {
    document.documentElement.dataset['furnished'] = '';
    return share;
  })
  .catch(() => {
    store.dispatch({ type: 'message', message: { kind: 'problem', text: 'A part of this page did not arrive. Load the page again to have all of it.' } });
    return null;
  });
api.send('/presets').then((presets) => store.dispatch({ type: 'presets', presets }), () => {});
