// The explorer: one film, one time, one unit, shown in every view at once. Its state lives here, in the browser.
// @ts-check

import { announce } from "../kit/channel.js";
import { calm, el, keeper, resized } from "../kit/dom.js";
import { figure } from "../kit/numbers.js";
import { SpokenTable } from "../kit/reading.js";
import { release, touched } from "../kit/pin.js";
import { Address } from "../kit/address.js";
import { applyTheme } from "../kit/theme.js";
import { Timeline } from "../kit/timeline.js";
import { Tip } from "../kit/tip.js";
import { recall, remember } from "./address.js";
import { Answers } from "./answers.js";
import { formOf, liveliest, readFilm, valueAt } from "./film.js";
import { Hand } from "./hand.js";
import { Panel } from "./panels.js";
import { Strip } from "./strip.js";
import { strongestTables } from "./strongest.js";
import { TracePlot } from "./trace.js";

/** @typedef {import("./film.js").Film} Film */
/** What is pointed at: a view, a time, and a unit in the views that have them. @typedef {{ view: string, t: number,
 * unit: number | null }} At */

const SHORT_COLUMN = 18, THIN_COLUMN = 3;

/** The views of a film, and what is chosen in them. */
export class Explorer {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    this.frame = this.layer = 0;
    this.unit = null;
    this.way = "strongest";
    this.hover = this.pin = null;
    this.panels = new Map();
    this.timeline = new Timeline((frame) => this.draw(frame));
    this.strip = new Strip();
    this.trace = new TracePlot();
    this.tip = new Tip(root);
    this.answers = new Answers(root);
    this.main = el("div", { class: "main" });
    this.gates = el("div", { class: "gates" });
    this.hint = el("p", { class: "hint", "aria-live": "polite" });
    this.sort = el("select", { onchange: () => this.sorted(this.sort.value) });
    this.layers = el("div", { class: "layers", role: "group", "aria-label": "Layer" });
    this.bar = el("div", { class: "toolbar" }, this.layers,
      el("label", {}, el("span", { text: "Units by" }), this.sort), this.hint);
    this.empty = el("p", { class: "empty", text: "Type a word, and the network answers here, letter by letter." });
    this.spoken = new SpokenTable();
    this.address = new Address();
    this.body = el("div", { class: "body" }, this.strip.node, this.timeline.node, this.bar, this.main,
      this.trace.node, this.gates, this.spoken.node);
    root.replaceChildren(this.empty, this.body, this.tip.node, this.answers.card);
    this.hand = new Hand(this);
    this.unwatch = resized(root, () => { this.measured = null; if (this.film?.frames) this.layout(); });
  }

  destroy() {
    for (const part of [this.timeline, this.spoken, this.address]) part.stop();
    this.trace.destroy();
    this.unwatch();
    this.hand.destroy();
  }

  /** New data, a new theme, or only a rerun of the page; the same film again changes nothing.
   * @param {Uint8Array} bytes */
  update(bytes) {
    const film = readFilm(bytes), theme = this.root.dataset.theme;
    this.palette = applyTheme(this.root);
    const repaint = theme !== this.root.dataset.theme;
    if (film.id === this.film?.id && !repaint) return;
    const first = !this.film?.frames, form = film.frames ? formOf(film) : "";
    const stay = !first && film.frames === this.film.frames;
    this.film = film;
    this.root.classList.toggle("nothing", !film.frames);
    if (!film.frames) return this.nothing();
    if (!stay) this.timeline.stop();
    const moving = first && film.autoplay && !calm();
    this.frame = stay ? this.frame : moving ? 0 : film.frames - 1;
    this.layer = Math.min(this.layer, film.layers - 1);
    if (first) recall(this);
    if (form !== this.form) this.build(form);
    this.take();
    this.timeline.load(film);
    this.timeline.node.style.display = film.total ? "" : "none"; // a network from a file has no steps to show
    this.layout();
    if (moving) this.timeline.play(0);
  }

  nothing() {
    this.timeline.stop();
    this.form = "";
    this.point(null);
    Object.assign(this.root.dataset, { id: this.film.id, frame: "", step: "", frames: 0, channel: this.film.channel });
    this.tell();
  }

  /** Make the elements for a film of another form: other letters, other panels. @param {string} form */
  build(form) {
    const { film } = this, [wide, ...others] = film.keys;
    this.form = form;
    if (this.pin && (this.pin.t >= film.time || this.pin.unit >= film.panels[0].units)) this.pin = null;
    this.hover = null;
    this.strip.build(film);
    if ([...this.panels.keys()].join() !== film.keys.join()) {
      this.panels = new Map(film.keys.map((key) => [key, new Panel(key, key === wide)]));
      this.main.replaceChildren(this.panels.get(wide).node);
      this.gates.replaceChildren(...others.map((key) => this.panels.get(key).node));
      this.gates.dataset.count = String(others.length);
    }
    this.layers.replaceChildren(...(film.layers < 2 ? [] : Array.from({ length: film.layers }, (_, layer) =>
      el("button", { type: "button", text: `Layer ${layer}`, "aria-pressed": layer === this.layer,
        onclick: () => this.descend(layer) }))));
    const orders = film.orders.filter((order) => order.layer === 0);
    this.sort.replaceChildren(...orders.map(({ name, label }) => el("option", { value: name, text: label })));
    this.sort.value = this.way;
  }

  /** Hand the numbers of the chosen layer to the views. */
  take() {
    const { film } = this;
    for (const panel of this.panels.values()) {
      panel.build(film, this.layer);
      panel.paint(this.palette);
    }
    this.strip.film = film;
    this.trace.build(film, this.layer, this.palette);
    const order = film.orders.find(({ name, layer }) => name === this.way && layer === this.layer);
    this.rows = order.values;
    this.places = new Uint16Array(this.rows.length);
    this.rows.forEach((unit, row) => { this.places[unit] = row; });
    if (this.unit === null || this.unit >= this.rows.length) this.unit = liveliest(film, this.layer);
  }

  /** Widths of the columns: equal in all views that are as wide as the page, so that letters stand over their states.
   * */
  layout() {
    const { time } = this.film, { width, across } = this.measure();
    if (!width) return;
    const gutter = width < 560 ? 32 : 52, narrow = width < 640;
    this.column = Math.max(SHORT_COLUMN, (width - gutter) / time);
    this.root.style.setProperty("--gutter", `${gutter}px`);
    this.root.style.setProperty("--column", `${this.column}px`);
    this.root.style.setProperty("--time", String(time));
    this.root.classList.toggle("narrow-letters", this.column < 30);
    for (const panel of this.panels.values()) {
      const aligned = panel.wide || narrow || this.panels.size === 2;
      panel.layout(aligned, aligned ? this.column : Math.max(THIN_COLUMN, across / time));
    }
    this.strip.layout(this.column);
    this.draw();
  }

  /** Width of the page and of one gate; asked of the browser only when it changed, for asking costs a layout. */
  measure() {
    if (this.measured?.panels !== this.panels || !this.measured.width) {
      const gate = [...this.panels.values()].find((panel) => !panel.wide);
      this.measured = { panels: this.panels, width: this.root.clientWidth, across: gate?.node.clientWidth ?? 0 };
    }
    return this.measured;
  }

  /** @param {number} [frame] */
  draw(frame = this.frame) {
    const { film } = this;
    this.frame = frame;
    this.timeline.draw(frame, this.palette);
    this.strip.draw(frame);
    for (const panel of this.panels.values()) panel.draw(frame, this.rows);
    this.trace.draw(frame, this.unit, this.column);
    this.traced = this.unit;
    remember(this);
    this.spoken.tell(() => (this.film.frames ? strongestTables(this.film, this.frame, this.layer) : []));
    this.mark();
    Object.assign(this.root.dataset, { id: film.id, frame, step: film.steps[frame], frames: film.frames,
      channel: film.channel, drawn: performance.now() });
    this.tell();
  }

  tell() {
    const { film, frame } = this;
    announce({ channel: film.channel, id: film.id, frame, step: film.steps?.[frame] ?? null });
  }

  /** Show the present time and unit in every view. */
  mark() {
    const at = this.pin ?? this.hover, t = at?.t ?? null, { film, frame } = this;
    this.unit = at?.unit ?? this.unit;
    if (this.traced !== this.unit) this.trace.draw(frame, this.traced = this.unit, this.column);
    this.root.classList.toggle("timed", t !== null);
    this.root.classList.toggle("pinned", Boolean(this.pin));
    if (t !== null) this.root.style.setProperty("--t", String(t));
    for (const panel of this.panels.values()) panel.mark(t, this.places[this.unit], at?.unit != null);
    this.trace.mark(frame, this.unit, t);
    this.strip.mark(t);
    this.answers.show(film, frame, at?.view === "strip" ? t : null, t === null ? null : this.strip.cells[t]?.node);
    this.root.dataset.time = String(t ?? "");
    this.root.dataset.unit = String(this.unit);
    this.hint.replaceChildren(...(at && at.view !== "strip" ? this.reading(at) : []),
      ...(this.pin || !at || at.view === "strip" ? [this.advice()] : []));
  }

  advice() {
    if (this.pin) return release();
    return touched() ? "Tap a picture to read a number." : "Point to read a number, click to pin it.";
  }

  /** ``h[t = 5, unit 17] = −0.731`` */
  reading({ view, t, unit }) {
    const key = this.panels.has(view) ? view : this.film.keys[0], { panel } = this.panels.get(key);
    const value = valueAt(panel, this.film.time, this.frame, t, unit ?? this.unit);
    return [el("i", { class: "math", text: key }), `[t = ${t}, unit ${unit ?? this.unit}] = ${figure(value)}`];
  }

  /** @param {At | null} at */
  point(at) {
    if (!at) this.tip.hide();
    if (at?.view === this.hover?.view && at?.t === this.hover?.t && at?.unit === this.hover?.unit) return;
    this.hover = at;
    if (this.film?.frames) this.mark();
  }

  /** @param {At | null} pin */
  fix(pin) {
    this.pin = pin;
    remember(this);
    this.mark();
  }

  /** @param {string} way */
  sorted(way) {
    this.way = way;
    this.take();
    this.draw();
  }

  /** @param {number} layer */
  descend(layer) {
    this.layer = layer;
    this.pin = this.hover = null;
    this.unit = null;
    [...this.layers.children].forEach((node, k) => node.setAttribute("aria-pressed", String(k === layer)));
    this.take();
    this.layout();
  }
}

export default keeper(Explorer, ".explorer");
