// All heads of all layers as small maps, and one of them large with the tokens on both axes.
// @ts-check

import { el } from "../kit/dom.js";
import { exporter } from "../kit/export.js";
import { release, touched } from "../kit/pin.js";
import { sized } from "../kit/present.js";
import { MapCanvas, headName, isOff } from "./maps.js";
import { picture } from "./picture.js";

/** @typedef {import("./maps.js").Maps} Maps */
/** @typedef {import("./maps.js").Place} Place */
/** @typedef {import("./attention.js").Attention} View */

/** All heads as small maps, each a button that chooses it. */
export class HeadGrid {
  /** @param {View} view */
  constructor(view) {
    this.view = view;
    this.grid = el("div", { class: "thumbs" });
    this.toggle = el("button", { type: "button", class: "toggle", onclick: () => view.switchHead() });
    this.reset = el("button", { type: "button", class: "reset", text: "All heads on", onclick: () =>
      view.switchAll() });
    this.node = el("section", { class: "heads" }, el("div", { class: "grid-scroll" }, this.grid),
      el("div", { class: "switches" }, this.toggle, this.reset));
  }

  /** @param {Maps} film */
  build(film) {
    this.film = film;
    this.grid.style.setProperty("--heads", String(film.heads));
    this.thumbs = [];
    const rows = [el("span")];
    for (let head = 0; head < film.heads; head++)
      rows.push(el("span", { class: "axis", text: film.heads < 7 ? `head ${head}` : head }));
    for (let layer = 0; layer < film.layers; layer++) {
      rows.push(el("span", { class: "axis", text: film.layers > 1 ? `layer ${layer}` : "" }));
      for (let head = 0; head < film.heads; head++) rows.push(this.thumb(layer, head));
    }
    this.grid.replaceChildren(...rows);
  }

  /** Maps as large as all of them fit; those of very many heads scroll. @param {number} width */
  layout(width) {
    const { layers, heads } = this.film, room = Math.min(346, width) - (layers > 1 ? 56 : 8) - 7 * heads;
    const side = Math.max(28, Math.min(76, Math.floor(room / heads), Math.floor(300 / layers)));
    this.grid.style.setProperty("--side", `${side}px`);
  }

  /** @param {number} layer @param {number} head */
  thumb(layer, head) {
    const map = new MapCanvas(), row = el("i", { class: "query-row" });
    const node = el("button", { type: "button", class: "thumb", "data-head": `${layer}.${head}`,
      onclick: () => this.view.show({ layer, head }) }, map.canvas, row);
    this.thumbs.push({ layer, head, map, row, node });
    return node;
  }

  /** @param {Place} at @param {Uint32Array} table @param {number} nothing */
  draw(at, table, nothing) {
    const { film } = this;
    for (const { layer, head, map } of this.thumbs)
      map.draw(film, { frame: at.frame, layer, head }, table, nothing);
    this.mark(at);
  }

  /** @param {Place} at */
  mark(at) {
    const { film } = this;
    for (const { layer, head, row, node } of this.thumbs) {
      const off = isOff(film, layer, head), on = layer === at.layer && head === at.head;
      node.classList.toggle("off", off);
      node.setAttribute("aria-pressed", String(on));
      node.title = `${headName(film, layer, head)}${off ? ", switched off" : ""}`;
      node.setAttribute("aria-label", node.title);
      placeRow(row, at.query, film.time);
    }
    const off = isOff(film, at.layer, at.head), name = headName(film, at.layer, at.head);
    this.toggle.textContent = this.view.waits ? "One moment …" : `Switch ${name} ${off ? "on" : "off"}`;
    this.toggle.disabled = this.view.waits;
    this.reset.disabled = this.view.waits || !film.off.length;
  }
}

const advice = () => (touched() ? "Tap a cell to read it and to choose its row."
  : "Point to read a number, click to choose a row.");

/** @param {HTMLElement} node @param {number} row @param {number} count */
function placeRow(node, row, count) {
  node.style.top = `${(100 * row) / count}%`;
  node.style.height = `${100 / count}%`;
}

/** One head's map, large enough to be read. */
export class HeadMap {
  /** @param {View} view */
  constructor(view) {
    this.view = view;
    this.map = new MapCanvas();
    this.row = el("i", { class: "query-row" });
    this.cell = el("i", { class: "cell" });
    this.heat = el("div", { class: "heat square", "data-map": "" }, this.map.canvas, this.row, this.cell);
    this.heat.tabIndex = 0;
    this.heat.setAttribute("role", "img");
    this.keys = el("div", { class: "keys", "aria-hidden": "true" });
    this.queries = el("div", { class: "queries", "aria-hidden": "true" });
    this.title = el("b");
    this.bar = el("span", { class: "bar" });
    this.hint = el("p", { class: "reading", "aria-live": "polite" });
    const tools = exporter(() => ({ title: `Attention: ${this.title.textContent}`, panels: [],
      palette: this.view.palette, canvases: [picture(this.film.tokens, this.map.canvas, this.view.palette)] }), false);
    this.node = el("section", { class: "head-map" },
      el("header", {}, this.title, tools, el("span", { class: "scale" }, "0", this.bar, "1")),
      el("div", { class: "square-frame" }, el("span", { class: "corner", text: "reads →" }), this.keys, this.queries,
        this.heat),
      this.hint);
  }

  /** @param {Maps} film */
  build(film) {
    this.film = film;
    const label = (token) => el("span", { title: token }, el("bdi", { text: token }));
    this.keys.replaceChildren(...film.tokens.map(label));
    this.queries.replaceChildren(...film.tokens.map(label));
  }

  /** As large as the place allows, with whole pixels for each cell; labels where they have room.
   * @param {number} width @param {boolean} wide */
  layout(width, wide) {
    const { film } = this, longest = Math.max(...film.tokens.map((token) => Array.from(token).length));
    const by = sized(13) / 13, gutter = Math.round(by * (longest < 3 ? 28 : Math.min(112, 14 + 7.4 * longest)));
    const room = Math.max(120, Math.min(width - gutter, wide ? 404 : 460));
    const cell = room / film.time, side = film.time * (cell < 8 ? cell : Math.floor(cell));
    const every = Math.ceil((11 * by) / (side / film.time));
    const set = (name, value) => this.node.style.setProperty(name, value);
    set("--map-gutter", `${gutter}px`);
    set("--map-side", `${side}px`);
    set("--map-cell", `${side / film.time}px`);
    this.node.classList.toggle("words", longest > 2);
    this.node.classList.toggle("roomy", gutter > 54);
    for (const axis of [this.keys, this.queries])
      [...axis.children].forEach((node, place) => node.classList.toggle("hushed", place % every > 0));
  }

  /** @param {Place} at @param {Uint32Array} table @param {number} nothing @param {string[]} stops */
  draw(at, table, nothing, stops) {
    const { film } = this;
    this.map.draw(film, at, table, nothing);
    this.bar.style.background = `linear-gradient(90deg, ${stops.join(", ")})`;
    const name = headName(film, at.layer, at.head), off = isOff(film, at.layer, at.head);
    this.title.textContent = name[0].toUpperCase() + name.slice(1) + (off ? ", switched off" : "");
    this.node.classList.toggle("off", off);
    this.heat.setAttribute("aria-label",
      `${this.title.textContent}: weights, ${film.time} queries by ${film.time} keys; `
      + "up and down move the query, left and right the key and pin it, Esc lets go");
    this.mark(at);
  }

  /** @param {Place} at */
  mark(at) {
    const { film } = this, key = at.key;
    placeRow(this.row, at.query, film.time);
    this.cell.hidden = key === null;
    if (key !== null) {
      placeRow(this.cell, at.query, film.time);
      this.cell.style.left = `${(100 * key) / film.time}%`;
      this.cell.style.width = `${100 / film.time}%`;
    }
    for (const { axis, place } of [{ axis: this.keys, place: key }, { axis: this.queries, place: at.query }]) {
      axis.querySelector(".on")?.classList.remove("on");
      if (place !== null) axis.children[place]?.classList.add("on");
    }
    this.hint.replaceChildren(...(key === null ? [advice()] : this.view.reading(at.query, key)),
      ...(key !== null && this.view.pin === key ? [release()] : []));
  }
}
