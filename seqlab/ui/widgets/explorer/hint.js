// The line that says what is pointed at: a number, or where a letter is held.
// @ts-check

import { el } from "../kit/dom.js";
import { figure } from "../kit/numbers.js";
import { release, touched } from "../kit/pin.js";
import { valueAt } from "./film.js";
import { dependence, sentence, trailIn } from "./trail.js";

/** @typedef {import("./explorer.js").Explorer} Explorer */
/** @typedef {import("./explorer.js").At} At */

/** @param {Explorer} view */
export function say(view) {
  const at = view.pin ?? view.hover, { film, frame, lit } = view, picture = view.panels.get(film.keys[0]).panel;
  const trail = trailIn(film, frame, picture, lit), whole = trail && lit?.until === Infinity;
  const says = at && at.view !== "strip" ? reading(view, at) : whole ? [sentence(film, trail)] : [];
  view.hint.replaceChildren(...says, ...(view.pin || (!says.length && !lit) ? [advice(view)] : []));
}

/** What a person can do now. @param {Explorer} view */
function advice({ pin, film }) {
  if (pin) return release();
  if (film.trailed.length) return `${touched() ? "Tap" : "Point to"} a letter: its trail lights up.`;
  return touched() ? "Tap a picture to read a number." : "Point to read a number, click to pin it.";
}

/** ``h[t = 5, unit 17] = −0.731`` @param {Explorer} view @param {At} at */
export function reading(view, { view: name, t, unit }) {
  const key = view.panels.has(name) ? name : view.film.keys[0], { panel } = view.panels.get(key);
  const chosen = unit ?? view.unit, value = valueAt(panel, view.film.time, view.frame, t, chosen);
  const trail = trailIn(view.film, view.frame, panel, view.lit);
  return [el("i", { class: "math", text: key }), `[t = ${t}, unit ${chosen}] = ${figure(value)}${
    trail?.part.key === key ? `, ${dependence(view.film, trail, t, chosen)}` : ""}`];
}
