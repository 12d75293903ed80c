// @ts-check
/** What neurons and their numbers take of the stage as it is drawn, and how longer numbers give way to each other. */

import { neuronKey } from '../addresses.js';
import { overlap } from '../geometry.js';

/**
 * @typedef {import('../geometry.js').Box} Box
 * @typedef {import('./fittings.js').Fitting} Fitting
 * @typedef {{layer: number, neuron: number, place: import('../layout.js').Place, value: Fitting, bias: Fitting, error: Fitting}} Drawn
 */

/** So near two numbers can still be told apart. */
const AIR = 2;

/** @param {Drawn} drawn @param {Fitting} fitting @returns {Box | null} on the stage */
function onStage({ place }, fitting) {
  const room = fitting.room();
  return room && { ...room, x: place.x + room.x, y: place.y + room.y };
}

/** @param {Drawn} drawn */
const fittingsOf = ({ value, bias, error }) => [value, bias, error];

/** @param {readonly Drawn[]} all @param {number} rim what a rim adds to the radius @returns {(Box & {key: string})[]} */
export function roomsTaken(all, rim = 6) {
  return all.flatMap((drawn) => {
    const { x, y, r } = drawn.place;
    const body = { x: x - r - rim, y: y - r - rim, width: 2 * (r + rim), height: 2 * (r + rim) };
    const texts = fittingsOf(drawn).map((fitting) => onStage(drawn, fitting)).filter((room) => room !== null);
    return [body, ...texts].map((box) => ({ ...box, key: neuronKey(drawn.layer, drawn.neuron) }));
  });
}

/** @param {Box} box */
const withAir = ({ x, y, width, height }) => ({ x: x - AIR, y, width: width + 2 * AIR, height });

/**
 * Shorten the biases that would cover a number or a rim of another neuron, those that the moment is about last.
 * @template {Drawn} T
 * @param {readonly T[]} all
 * @param {(drawn: T) => boolean} isActing
 */
export function giveWay(all, isActing) {
  const long = all.filter(({ place }) => place.fit === 'pills').sort((a, b) => Number(isActing(a)) - Number(isActing(b)));
  if (!long.length) return;
  let rooms = roomsTaken(all, 0);
  for (const one of long) {
    const own = onStage(one, one.bias);
    const key = neuronKey(one.layer, one.neuron);
    const covers = own && rooms.some((room) => room.key !== key && overlap(withAir(own), room));
    if (covers && one.bias.shorten()) rooms = roomsTaken(all, 0);
  }
}
