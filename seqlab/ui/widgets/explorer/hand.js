// The hand on the explorer: pointing, pinning, keys, and rows that scroll together.
// @ts-check

import { arrow, met } from "../kit/dom.js";
import { reading } from "./hint.js";
import { scrollTogether } from "./strip.js";
import { declare } from "../kit/keys.js";
import { KEYS } from "./keys.js";

/** @typedef {import("./explorer.js").Explorer} Explorer */
/** @typedef {import("./explorer.js").At} At */

/** Listens on an explorer's views and tells it what is pointed at. */
export class Hand {
  /** @param {Explorer} view */
  constructor(view) {
    this.view = view;
    const { body } = view;
    body.addEventListener("pointermove", (event) => event.pointerType !== "touch" && this.over(event));
    body.addEventListener("pointerleave", () => view.point(null));
    body.addEventListener("click", (event) => this.clicked(event));
    body.addEventListener("keydown", (event) => this.keyed(event));
    declare(body, "Explorer", KEYS);
    body.addEventListener("scroll", (event) => scrollTogether(body, /** @type {HTMLElement} */ (event.target)), true);
    this.escape = (/** @type {KeyboardEvent} */ event) => { if (event.key === "Escape" && view.pin) view.fix(null); };
    document.addEventListener("keydown", this.escape);
  }

  destroy() {
    document.removeEventListener("keydown", this.escape);
  }

  /** What is under the pointer. @param {MouseEvent} event @returns {At | null} */
  place(event) {
    const plot = met(event, "[data-view]"), { film, panels, rows } = this.view;
    if (!plot || !film?.frames) return null;
    const view = plot.dataset.view ?? "", panel = panels.get(view), box = plot.getBoundingClientRect();
    const t = Math.floor(((event.clientX - box.left) / box.width) * film.time);
    const row = panel ? Math.floor(((event.clientY - box.top) / panel.height) * panel.panel.units) : -1;
    if (t < 0 || t >= film.time) return null;
    return { view, t, unit: panel && row >= 0 && row < panel.panel.units ? rows[row] : null,
      out: view === "strip" && Boolean(met(event, ".outs")) };
  }

  /** @param {PointerEvent} event */
  over(event) {
    const { view } = this, at = this.place(event);
    view.point(at);
    if (at && at.view !== "strip" && (at.unit !== null || at.view === "trace")) view.tip.show(reading(view, at), event);
    else view.tip.hide();
  }

  /** @param {MouseEvent} event */
  clicked(event) {
    const at = this.place(event), { pin } = this.view;
    if (!at) return;
    this.view.fix(pin && pin.view === at.view && pin.t === at.t && pin.unit === at.unit
      && Boolean(pin.out) === at.out ? null : at);
  }

  /** @param {KeyboardEvent} event */
  keyed(event) {
    const plot = met(event, "[data-view]"), name = plot?.dataset.view, [dt, du] = arrow(event), { view } = this;
    if (!plot || !name) return;
    if (event.key === "Enter") {
      view.fix(view.pin ? null : { view: name, t: view.hover?.t ?? 0, unit: name === "strip" ? null : view.unit });
      event.preventDefault();
    }
    if (!(dt || du)) return;
    event.preventDefault();
    const from = view.pin ?? view.hover, last = view.film.time - 1, { rows } = view;
    const t = from ? Math.max(0, Math.min(last, from.t + dt)) : dt < 0 ? last : 0;
    const row = Math.max(0, Math.min(rows.length - 1, view.places[view.unit ?? 0] + du));
    const out = name === "strip" && (du ? du > 0 : Boolean(from?.out)); // up to what goes in, down to what comes out
    view.fix({ view: name, t, unit: name === "strip" ? null : rows[row], out });
    const scroller = /** @type {HTMLElement} */ (plot.parentElement), x = t * view.column;
    if (x < scroller.scrollLeft || x > scroller.scrollLeft + scroller.clientWidth - 90) scroller.scrollLeft = x - 90;
  }
}
