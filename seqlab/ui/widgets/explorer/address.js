// Where a person stands in the explorer, in the page's address: snapshot, layer, order of the units, pinned number.
// @ts-check

import { recalled } from "../kit/address.js";

/** @typedef {import("./explorer.js").Explorer} Explorer */

const NAMES = ["step", "layer", "order", "pin"];

/** Go where the address says, as far as that place is in the film; led there, what it does not name is as at first.
 * @param {Explorer} view */
export function recall(view) {
  const { film } = view, { step, layer, order, pin } = recalled(NAMES);
  const frame = step === null ? -1 : film.steps.indexOf(Number(step));
  if (view.led) Object.assign(view, { frame: film.frames - 1, layer: 0, way: film.orders[0].name, pin: null });
  view.led = false;
  if (frame >= 0) view.frame = frame;
  if (layer !== null && Number(layer) < film.layers) view.layer = Number(layer);
  if (film.orders.some(({ name }) => name === order)) view.way = order;
  const [name, t, unit] = (pin ?? "").split(".");
  if (pin === null || !(Number(t) < film.time) || !(Number(unit || 0) < film.panels[0].units)) return;
  const out = name === "out";
  view.pin = { view: out ? "strip" : name, t: Number(t), unit: unit ? Number(unit) : null, out };
  if (unit) view.unit = Number(unit);
}

/** Write where a person stands; what is so anyway is not written. @param {Explorer} view */
export function remember(view) {
  const { film, frame, layer, way, pin } = view;
  view.address.write({ step: film.frames > 1 && frame < film.frames - 1 ? film.steps[frame] : null,
    layer: layer || null, order: way === film.orders[0].name ? null : way,
    pin: pin && `${pin.out ? "out" : pin.view}.${pin.t}.${pin.unit ?? ""}` });
  view.pinned.say(view);
}

/** Go where the address leads, and with the next film once more: that one may be what it speaks of.
 * @param {Explorer} view */
export function follow(view) {
  if (!view.film?.frames) return;
  view.timeline.stop();
  view.story.stop();
  Object.assign(view, { led: true, form: "" });
  view.take(view.film);
  view.led = true;
}
