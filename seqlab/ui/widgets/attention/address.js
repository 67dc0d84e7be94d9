// Where a person stands in the maps of attention, in the page's address: snapshot, head, query and the pinned key.
// @ts-check

import { recalled } from "../kit/address.js";

/** @typedef {import("./attention.js").Attention} Attention */

const NAMES = ["step", "head", "query", "key"];

/** Go where the address says, as far as that place is in the maps. @param {Attention} view */
export function recall(view) {
  const { film, at } = view, { step, head, query, key } = recalled(NAMES);
  const frame = step === null ? -1 : film.steps.indexOf(Number(step));
  const [layer, number] = (head ?? "").split(".").map(Number);
  if (frame >= 0) at.frame = frame;
  if (layer < film.layers && number < film.heads) Object.assign(at, { layer, head: number });
  if (query !== null && Number(query) < film.time) at.query = Number(query);
  if (key !== null && Number(key) < film.time) view.pin = at.key = Number(key);
}

/** Write where a person stands. @param {Attention} view */
export function remember(view) {
  const { film, at, pin } = view;
  view.address.write({ step: at.frame < film.frames - 1 ? film.steps[at.frame] : null, head: `${at.layer}.${at.head}`,
    query: at.query, key: pin });
}

/** Go where the address leads, and with the next maps once more. @param {Attention} view */
export function follow(view) {
  const { film, at } = view;
  if (!film?.frames) return;
  view.timeline.stop();
  view.pin = null;
  Object.assign(at, { frame: film.frames - 1, key: null });
  recall(view);
  view.layout();
  view.led = true;
}
