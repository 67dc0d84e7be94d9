// Attention: one snapshot, one head, one query, shown in every view at once. Its state lives here, in the browser.
// @ts-check

import { announce } from "../kit/channel.js";
import { lookup } from "../kit/colour.js";
import { arrow, el, keeper, met, resized } from "../kit/dom.js";
import { figure } from "../kit/numbers.js";
import { SpokenTable } from "../kit/reading.js";
import { Address } from "../kit/address.js";
import { applyTheme } from "../kit/theme.js";
import { Timeline } from "../kit/timeline.js";
import { Tip } from "../kit/tip.js";
import { follow, recall, remember } from "./address.js";
import { Chain } from "./chain.js";
import { HeadGrid, HeadMap } from "./heads.js";
import { formOf, hidden, mostRead, readMaps, share, sharpest, vectorOf, weightOf } from "./maps.js";
import { Reads } from "./reads.js";

/** @typedef {import("./maps.js").Maps} Maps */
/** @typedef {import("./maps.js").Place} Place */
/** @typedef {import("./maps.js").Cell} Cell */
/** @typedef {import("../kit/dom.js").Send} Send */

/** All views of the maps, and where a person stands in them. */
export class Attention {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    this.at = { frame: 0, layer: 0, head: 0, query: 0, key: null };
    this.pin = null;
    this.timeline = new Timeline((frame) => this.show({ frame }));
    this.grid = new HeadGrid(this);
    this.map = new HeadMap(this);
    this.reads = new Reads(this);
    this.chain = new Chain(this);
    this.tip = new Tip(root);
    this.views = [this.grid, this.map, this.reads, this.chain];
    this.spoken = new SpokenTable();
    this.address = new Address(() => follow(this));
    this.empty = el("p", { class: "empty" });
    this.body = el("div", { class: "body" }, this.timeline.node,
      el("div", { class: "upper" }, this.grid.node, this.reads.node),
      el("div", { class: "lower" }, this.map.node, this.chain.node), this.spoken.node);
    root.replaceChildren(this.empty, this.body, this.tip.node);
    this.listen();
  }

  listen() {
    const { heat } = this.map;
    heat.addEventListener("pointermove", (event) => event.pointerType !== "touch" && this.over(event));
    heat.addEventListener("pointerleave", () => { this.tip.hide(); this.point(null); });
    heat.addEventListener("click", (event) => this.fix(this.cellOf(event)));
    this.body.addEventListener("pointermove", (event) => this.overVector(event));
    this.body.addEventListener("keydown", (event) => this.keyed(event));
    this.unwatch = resized(this.root, () => this.film?.frames && this.layout());
  }

  destroy() {
    for (const part of [this.timeline, this.spoken, this.address]) part.stop();
    this.unwatch();
  }

  /** New data, a new theme, or only a rerun of the page; the same maps again change nothing.
   * @param {Uint8Array} bytes @param {Send} send */
  update(bytes, send) {
    this.send = send ?? this.send;
    const film = readMaps(bytes), theme = this.root.dataset.theme;
    this.palette = applyTheme(this.root);
    const repaint = theme !== this.root.dataset.theme;
    if (film.id === this.film?.id && !repaint && !this.waits) return;
    const before = this.film, first = !before?.frames;
    this.film = film;
    this.waits = false;
    this.root.classList.toggle("nothing", !film.frames);
    if (!film.frames) return this.nothing();
    this.tables = { map: lookup(this.palette.sequential), vector: lookup(this.palette.diverging) };
    this.lost = lookup([this.palette.muted, this.palette.muted])[0];
    this.keep(before, first);
    if (formOf(film) !== this.form) this.build();
    if (first || this.led) recall(this);
    this.led = false;
    for (const view of this.views) view.film = film;
    this.chain.paint(this.palette.diverging, film.span);
    this.timeline.load(film);
    this.timeline.node.style.display = film.total ? "" : "none"; // weights that were never trained have no steps
    this.timeline.about.textContent = `Play shows how attention formed: ${film.frames} snapshots, from before training `
      + "to the last step. The line is the share of right answers on this input.";
    this.timeline.word.replaceChildren(this.timeline.share, " right");
    this.layout();
  }

  /** Stay where the person was, as far as that place exists in the new maps.
   * @param {Maps | undefined} before @param {boolean} first */
  keep(before, first) {
    const { film, at } = this;
    if (first || before.frames !== film.frames) {
      this.timeline.stop();
      at.frame = film.frames - 1;
    }
    if (first || before.layers !== film.layers || before.heads !== film.heads) Object.assign(at, sharpest(film));
    if (first || before.time !== film.time) Object.assign(at, { query: film.time - 1, key: null });
  }

  build() {
    this.form = formOf(this.film);
    this.pin = null;
    for (const view of this.views) view.build(this.film);
  }

  nothing() {
    this.timeline.stop();
    this.form = "";
    this.empty.textContent = this.film.invitation || "There is nothing to read yet.";
    Object.assign(this.root.dataset, { id: this.film.id, frame: "", step: "", frames: 0, channel: this.film.channel });
    this.tell();
  }

  layout() {
    const width = this.root.clientWidth, wide = width > 820;
    if (!width) return;
    this.grid.layout(width);
    const grid = Math.min(400, Math.max(this.grid.grid.scrollWidth, this.grid.node.offsetWidth));
    this.reads.layout(wide ? width - grid - 28 : width);
    this.map.layout(wide ? 0.42 * width : width, wide);
    this.show({});
    this.reads.reveal(this.at.query);
  }

  /** Draw with something changed: snapshot, head or query. @param {Partial<Place>} change */
  show(change) {
    const { film, at, tables } = this, framed = "frame" in change || !Object.keys(change).length;
    Object.assign(at, change);
    if (Object.keys(change).length) remember(this);
    if (framed) {
      this.timeline.draw(at.frame, this.palette);
      this.grid.draw(at, tables.map, this.lost);
      this.reads.say(at.frame);
    } else this.grid.mark(at);
    this.map.draw(at, tables.map, this.lost, this.palette.sequential);
    this.reads.read(at);
    this.chain.draw(at, tables.vector);
    this.spoken.tell(() => (this.film.frames ? [mostRead(this.film, this.at)] : []));
    Object.assign(this.root.dataset, { id: film.id, frame: at.frame, step: film.steps[at.frame], frames: film.frames,
      channel: film.channel, layer: at.layer, head: at.head, query: at.query,
        off: film.off.map((pair) => pair.join(".")).join(),
      drawn: performance.now() });
    if (framed) this.tell();
  }

  tell() {
    const { film, at } = this;
    announce({ channel: film.channel, id: film.id, frame: at.frame, step: film.steps?.[at.frame] ?? null });
  }

  /** Let another position be the query. @param {number} query */
  ask(query) {
    const place = Math.max(0, Math.min(this.film.time - 1, query));
    this.show({ query: place });
    this.reads.reveal(place);
  }

  /** Mark a key while it is pointed at; null goes back to the one that was fixed. @param {{ key: number } | null} cell
   * */
  point(cell) {
    const key = cell ? cell.key : this.pin;
    if (key === this.at.key) return;
    this.at.key = key;
    this.map.mark(this.at);
    this.chain.mark(this.at);
    this.reads.read(this.at);
  }

  /** @param {Cell | null} cell */
  fix(cell) {
    if (!cell) return;
    this.pin = this.pin === cell.key && this.at.query === cell.query ? null : cell.key;
    this.show({ query: cell.query, key: this.pin });
  }

  /** @param {PointerEvent} event */
  cellOf(event) {
    const box = this.map.heat.getBoundingClientRect(), { time } = this.film;
    const query = Math.floor(((event.clientY - box.top) / box.height) * time);
    const key = Math.floor(((event.clientX - box.left) / box.width) * time);
    return query >= 0 && query < time && key >= 0 && key < time ? { query, key } : null;
  }

  /** @param {PointerEvent} event */
  over(event) {
    const cell = this.cellOf(event);
    if (cell) this.tip.show(this.reading(cell.query, cell.key), event);
    else this.tip.hide();
    this.point(cell && cell.query === this.at.query ? cell : null);
  }

  /** The number under the pointer in one of the strips. @param {PointerEvent} event */
  overVector(event) {
    const strip = met(event, "[data-vector]");
    if (met(event, "[data-map]")) return;
    if (!strip || event.pointerType === "touch") return this.tip.hide();
    const { at, film } = this, box = strip.getBoundingClientRect(), name = strip.dataset.vector;
    const place = Math.max(0, Math.min(film.feature - 1,
      Math.floor(((event.clientX - box.left) / box.width) * film.feature)));
    const value = vectorOf(film, name, at, Number(strip.dataset.at ?? at.query))[place];
    const word = { query: "query", key: "key", value: "value", heads: "output" }[name];
    this.tip.show([`${word}[${place}] = ${figure(value)}`], event);
  }

  /** ``“cat” reads “the”: 0.731`` @param {number} query @param {number} key */
  reading(query, key) {
    const { film, at } = this, name = (place) => el("bdi", { text: `“${film.tokens[place]}”` });
    const weight = weightOf(film, { ...at, query }, key);
    return [name(query), ` (t = ${query}) reads `, name(key), ` (${key}): `,
      hidden(film, query, key) ? "masked, 0" : share(weight)];
  }

  /** @param {KeyboardEvent} event */
  keyed(event) {
    if (event.key === "Escape" && this.pin !== null) this.show({ key: this.pin = null });
    const [across, down] = arrow(event);
    const inMap = met(event, "[data-map]"), inReads = met(event, "[data-token]");
    if (!(across || down) || !(inMap || inReads)) return;
    event.preventDefault();
    if (inReads) {
      this.ask(this.at.query + down + across);
      this.reads.cells[this.at.query].focus();
      return;
    }
    const from = this.at.key ?? this.at.query, last = this.film.time - 1;
    this.pin = across ? Math.max(0, Math.min(last, from + across)) : this.at.key;
    this.at.key = this.pin;
    this.ask(this.at.query + down);
  }

  switchHead() {
    this.ordered({ layer: this.at.layer, head: this.at.head });
  }

  switchAll() {
    this.ordered("all");
  }

  ordered(what) {
    this.waits = true;
    this.grid.mark(this.at);
    this.send?.("switch", what);
  }
}

export default keeper(Attention, ".attention");
