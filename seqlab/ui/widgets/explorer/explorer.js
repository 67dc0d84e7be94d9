// The explorer: one film, one time, one unit, shown in every view at once. Its state lives here, in the browser.
// @ts-check

import { announce } from "../kit/channel.js";
import { Cursor } from "../kit/cursor.js";
import { Dial } from "../kit/dial.js";
import { calm, el, keeper, resized } from "../kit/dom.js";
import { SpokenTable } from "../kit/reading.js";
import { Address } from "../kit/address.js";
import { applyTheme } from "../kit/theme.js";
import { Timeline } from "../kit/timeline.js";
import { Tip } from "../kit/tip.js";
import { follow, recall, remember } from "./address.js";
import { Answers } from "./answers.js";
import { layout } from "./columns.js";
import { atDelay, delayStops, formOf, liveliest, readFilm } from "./film.js";
import { Hand } from "./hand.js";
import { say } from "./hint.js";
import { layerButtons } from "./layers.js";
import { Panel } from "./panels.js";
import { Pinned } from "./pinned.js";
import { offerOrders } from "./sorting.js";
import { Story } from "./story.js";
import { Strip } from "./strip.js";
import { strongestTables } from "./strongest.js";
import { TracePlot } from "./trace.js";
import { trailIn } from "./trail.js";

/** @typedef {import("./film.js").Film} Film */
/** What is pointed at: a view, a time, a unit in the views that have them, and in the strip whether it is the letter
 * that comes out. @typedef {{ view: string, t: number, unit: number | null, out?: boolean }} At */

/** The views of a film, and what is chosen in them. */
export class Explorer {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    this.frame = this.layer = this.column = 0;
    this.unit = null;
    this.way = "";
    this.led = this.hover = this.pin = null;
    this.panels = new Map();
    this.timeline = new Timeline((frame) => this.draw(frame));
    this.strip = new Strip();
    this.trace = new TracePlot();
    this.tip = new Tip(root);
    this.answers = new Answers(root);
    this.main = el("div", { class: "main" });
    this.gates = el("div", { class: "gates" });
    this.hint = el("p", { class: "hint", "aria-live": "polite" });
    this.dial = new Dial("Delay", (delay) => this.turn(delay), (delay) => this.send?.("delay", delay));
    this.story = new Story(() => this.light());
    this.sort = el("select", { onchange: () => this.sorted(this.sort.value) });
    this.layers = el("div", { class: "layers", role: "group", "aria-label": "Layer" });
    this.bar = el("div", { class: "toolbar" }, this.dial.node, this.layers,
      el("label", {}, el("span", { text: "Units by" }), this.sort), this.hint);
    this.empty = el("p", { class: "empty", text: "Type a word, and the network answers here, letter by letter." });
    this.spoken = new SpokenTable();
    this.address = new Address(() => follow(this));
    this.pinned = new Pinned();
    this.cursor = new Cursor((t) => (t ?? 0) < (this.film?.time ?? 0)
      && this.point(t === null ? null : { view: this.film.keys[0], t, unit: null }));
    this.body = el("div", { class: "body" }, this.bar, this.strip.node, this.main, this.gates, this.timeline.node,
      this.trace.node, this.spoken.node);
    root.replaceChildren(this.empty, this.body, this.tip.node, this.answers.card);
    this.hand = new Hand(this);
    this.unwatch = resized(root, () => { this.measured = null; if (this.film?.frames) layout(this); });
  }

  destroy() {
    for (const part of [this.timeline, this.story, this.spoken, this.address, this.pinned, this.cursor]) part.stop();
    this.trace.destroy();
    this.unwatch();
    this.hand.destroy();
  }

  /** New data, a new theme, or only a rerun of the page; the same film again changes nothing.
   * @param {Uint8Array} bytes @param {import("../kit/dom.js").Send} [send] */
  update(bytes, send) {
    const film = readFilm(bytes), theme = this.root.dataset.theme;
    this.send = send;
    this.palette = applyTheme(this.root);
    const repaint = theme !== this.root.dataset.theme;
    if (film.id === this.base?.id && !repaint) return;
    const first = !this.base?.frames, stay = !first && film.frames === this.base.frames && this.film === this.base;
    this.base = film;
    this.root.classList.toggle("nothing", !film.frames);
    if (!film.frames) return this.nothing();
    if (!stay) this.timeline.stop();
    const begins = first && film.autoplay, story = film.trailed.length > 0, moving = begins && !story && !calm();
    this.frame = stay ? this.frame : moving ? 0 : film.frames - 1;
    this.layer = Math.min(this.layer, film.layers - 1);
    this.dial.load(delayStops(film));
    this.timeline.load(film);
    this.timeline.node.style.display = film.total ? "" : "none"; // a network from a file has no steps to show
    this.take(atDelay(film, this.dial.wanted ?? film.delay), first);
    if (begins && story && !this.pin) this.story.play(film.trailed, film.delay ?? 0);
    if (moving) this.timeline.play(0);
  }

  /** Show the word at another delay: its picture is here, and the server's own follows when the hand rests.
   * @param {number} delay */
  turn(delay) {
    this.story.stop();
    this.frame = this.base.frames - 1;
    this.take(atDelay(this.base, delay));
  }

  /** Show a film, the server's or one of those within it. @param {Film} film @param {boolean} [first] */
  take(film, first = false) {
    const form = formOf(film);
    this.film = film;
    this.frame = Math.min(this.frame, film.frames - 1);
    if (first || this.led) recall(this);
    if (form !== this.form) this.build(form);
    this.fill();
    layout(this);
  }

  nothing() {
    this.film = this.base;
    this.timeline.stop();
    this.story.forget();
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
    this.layers.replaceChildren(...layerButtons(this));
    offerOrders(this);
  }

  /** Hand the numbers of the chosen layer to the views. */
  fill() {
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

  /** @param {number} [frame] */
  draw(frame = this.frame) {
    const { film } = this;
    this.frame = frame;
    if (film === this.base) this.timeline.draw(frame, this.palette);
    this.strip.draw(frame);
    this.shown = undefined;
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

  /** The letter whose trail is lit: the one that is pointed at, as it comes in or goes out, or that of the story. */
  get lit() {
    const at = this.pin ?? this.hover, { delay } = this.film;
    if (at?.view !== "strip") return this.story.lit;
    const letter = at.out ? at.t - (delay ?? NaN) : at.t;
    return this.film.trailed.includes(letter) ? { letter, until: Infinity } : this.story.lit;
  }

  /** Draw the maps with what is lit now, where that has changed. */
  light() {
    const { film, frame, lit } = this, shown = JSON.stringify([lit, frame]);
    if (this.shown === shown) return;
    this.shown = shown;
    for (const panel of this.panels.values()) panel.draw(frame, this.rows, trailIn(film, frame, panel.panel, lit));
    this.strip.light(lit && film.trailed.includes(lit.letter) ? lit : null);
    this.root.dataset.lit = lit ? String(lit.letter) : "";
    say(this);
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
    this.strip.mark(t, at?.out);
    this.answers.show(film, frame, at?.out ? t : null, t === null ? null : this.strip.cells[t]?.node);
    this.root.dataset.time = String(t ?? "");
    this.root.dataset.unit = String(this.unit);
    this.light();
    say(this);
    this.cursor.say(t);
  }

  /** @param {At | null} at */
  point(at) {
    if (!at) this.tip.hide();
    if (at?.view === this.hover?.view && at?.t === this.hover?.t && at?.unit === this.hover?.unit
      && at?.out === this.hover?.out) return;
    this.hover = at;
    if (at) this.story.stop();
    if (this.film?.frames) this.mark();
  }

  /** @param {At | null} pin */
  fix(pin) {
    this.pin = pin;
    if (pin) this.story.stop();
    else this.story.forget();
    remember(this);
    this.mark();
  }

  /** @param {string} way */
  sorted(way) {
    this.way = way;
    this.fill();
    this.draw();
  }
}

export default keeper(Explorer, ".explorer");
