// @ts-check
/** What a first step can do without: motion, tables, panels, the card, settings, links, editing on the diagram. */

import { createMover } from './drawing/mover.js';
import { create as createBlame } from './views/blame.js';
import { create as createCard } from './views/card.js';
import { create as createCode } from './views/code.js';
import { create as createDrag } from './views/drag.js';
import { create as createLayerMenu } from './views/layer-menu.js';
import { create as createMarks } from './views/marks.js';
import { create as createMatrices } from './views/matrices.js';
import { create as createObservations } from './views/observations.js';
import { create as createPanels } from './views/panels.js';
import { create as createPresets } from './views/presets.js';
import { create as createRover } from './views/rover.js';
import { create as createSettings } from './views/settings.js';
import { create as createShare } from './views/share.js';
import { create as createShares } from './views/shares.js';
import { create as createSquares } from './views/squares.js';
import { create as createStructure } from './views/structure.js';
import { create as createValuesTable } from './views/values-table.js';
import { create as createWalker } from './views/walker.js';

/** Let the browser answer a click, if there is one. */
const breathe = () => new Promise((resolve) => setTimeout(resolve));

/**
 * Add the rest of the page, a view at a time.
 * @param {object} parts
 * @param {{subscribe: (view: (state: import('./types.js').State) => void) => unknown}} parts.store
 * @param {(id: string) => HTMLElement} parts.byId
 * @param {import('./types.js').Dispatch} parts.dispatch
 * @param {(path: string) => Promise<any>} parts.send
 * @param {{enliven: (mover: import('./drawing/mover.js').Mover) => void}} parts.diagram
 */
export async function furnish({ store, byId, dispatch, send, diagram }) {
  diagram.enliven(createMover());
  const stage = byId('stage');
  const share = createShare(byId('share'), dispatch, send);
  const views = [
    () => createValuesTable(stage), () => createSquares(byId('squares')), () => createBlame(byId('blame')),
    () => createMatrices(byId('matrices')), () => createCode(byId('code')), () => createShares(byId('shares')),
    // After what is in them: it says where there is nothing.
    () => createPanels(byId('explanation'), dispatch),
    () => createObservations(byId('observations'), dispatch), () => createPresets(byId('presets'), dispatch),
    () => createSettings(byId('settings'), byId('toolbar'), dispatch), () => share.update,
    () => createStructure(byId('settings-layers'), dispatch), () => createWalker(stage, dispatch),
    () => createMarks(stage), () => createLayerMenu(stage, byId('layer-menu'), dispatch),
    () => createDrag(stage, dispatch), () => createRover([stage, byId('explanation')]),
    () => createCard(byId('card'), byId('explanation'), dispatch),
  ];
  for (const create of views) {
    store.subscribe(create());
    await breathe();
  }
  return share;
}
