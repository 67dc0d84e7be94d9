// One of the three pictures: its letters or its divergence above, its map below, and the cursor through both.
// @ts-check

import { ChartPanel } from "../kit/chart.js";
import { el } from "../kit/dom.js";
import { exporter } from "../kit/export.js";
import { percent, two } from "../kit/numbers.js";

/** @typedef {import("./picture.js").Comparison} Comparison */
/** @typedef {import("./picture.js").Side} Side */
/** @typedef {import("./compare.js").At} At */

const BARE = { margin: { left: 0, right: 0, top: 0, bottom: 0 }, texts: false };
const LETTER = 11; // pixels that a letter needs

/** A field of the comparison; the third has no letters of its own. */
export class Field {
  /** @param {string} name */
  constructor(name) {
    this.name = name;
    this.title = el("b", { text: name });
    this.about = el("span");
    this.letters = el("div", { class: "letters", "aria-hidden": "true" });
    this.chart = new ChartPanel(BARE);
    this.kl = new ChartPanel(BARE);
    this.column = el("i", { class: "column" });
    this.row = el("i", { class: "row" });
    this.map = el("div", { class: "map" }, this.chart.canvas, this.row);
    this.above = el("div", { class: "above" });
    this.why = el("p", { class: "why" });
    this.plot = el("div", { class: "fieldplot" }, this.above, this.map, this.column);
    const tools = exporter(() => ({ title: `${this.data.title}, ${this.name}`, panels: [this.panel],
      palette: this.palette, canvases: [this.chart.canvas] }));
    this.node = el("section", { class: "field" }, el("header", {}, this.title, this.about, tools), this.plot, this.why);
  }

  /** @param {Comparison} data @param {number} place */
  build(data, place) {
    this.data = data;
    this.plot.dataset.field = String(place);
    const side = data.sides[place], there = place < 2 || data.difference, same = side && this.side === side;
    this.about.textContent = this.about.title = side ? side.name
      : there ? "" : data.kl ? "answers" : "";
    this.time = side ? side.inputs.length : Math.min(...data.sides.map(({ inputs }) => inputs.length));
    this.map.hidden = !there;
    this.why.textContent = there || side ? "" : data.why;
    if (!side || this.numbers !== data.maps[place]) this.panel = there ? this.mapped(data, place) : null;
    this.side = side;
    this.numbers = data.maps[place];
    this.bars = !side && data.kl ? this.divergence(data) : null;
    this.above.replaceChildren(...(side ? [this.letters] : this.bars ? [this.kl.canvas, el("small", {
      text: `KL(A ‖ B) in nats, up to ${two(data.most)}` })] : []));
    if (!same) this.said = side ? this.spell(side) : [];
  }

  /** @param {Comparison} data @param {number} place @returns {Chart.Panel} */
  mapped(data, place) {
    const values = data.grid(place), [low, high] = place < 2 ? data.span : [-data.width, data.width];
    return { x: { low: -0.5, high: this.time - 0.5, ticks: [] }, y: { low: values.length - 0.5, high: -0.5, ticks: [] },
      series: [], rules: [], alt: `${data.title}, ${this.name}: ${values.length} rows over ${this.time} times`,
      map: { values, low, high, colours: place < 2 ? data.colour : "diverging", scale: [] } };
  }

  /** @param {Comparison} data @returns {Chart.Panel} */
  divergence({ kl, most }) {
    const y = (kl ?? []).map((value) => (value === null ? null : Math.min(value, most)));
    return { x: { low: -0.5, high: y.length - 0.5, ticks: [] }, y: { low: 0, high: most, ticks: [[0, ""], [most, ""]] },
      series: [{ x: y.map((_, t) => t), y, colour: "accent", name: "KL", width: 2 },
        { x: y.map((_, t) => t), y, colour: "accent", kind: "dots", width: 2.5 }], rules: [],
      alt: "KL divergence of the two answers at every time" };
  }

  /** Letters in, and under them the answers, each with its mark. @param {Side} side */
  spell({ inputs, outputs, states, target, sure }) {
    this.letters.style.gridTemplateColumns = `repeat(${inputs.length}, 1fr)`;
    this.letters.replaceChildren(...inputs.map((text) => el("span", { class: "in", text })),
      ...outputs.map((text, t) => el("span", { class: "out", "data-state": states[t], text, title: percent(sure[t])
        + (states[t] === "wrong" ? `; ${target[t]} would be right` : "") })),
      ...states.map((state) => el("small", { text: { right: "✓", wrong: "✗", blank: "" }[state] })));
    return [...this.letters.children];
  }

  /** @param {Palette} palette */
  draw(palette) {
    this.palette = palette;
    if (this.panel) this.chart.draw(this.panel, palette);
    if (this.bars) this.kl.draw(this.bars, palette);
    const hop = Math.ceil(LETTER / Math.max(1, this.plot.clientWidth / this.time));
    this.said.forEach((node, k) => node.classList.toggle("hushed", (k % this.time) % hop > 0));
  }

  /** The time and the row at a place; the row of before where it is above the map.
   * @param {MouseEvent} event @param {number} before @returns {At | null} */
  under(event, before) {
    const box = this.plot.getBoundingClientRect(), map = this.map.getBoundingClientRect();
    const t = Math.floor(((event.clientX - box.left) / box.width) * this.time);
    if (t < 0 || t >= this.time) return null;
    const row = Math.floor(((event.clientY - map.top) / map.height) * this.data.rows.length);
    return { t, row: this.panel && row >= 0 && row < this.data.rows.length ? row : before };
  }

  /** @param {At | null} at */
  mark(at) {
    const here = at !== null && at.t < this.time;
    this.column.hidden = this.row.hidden = !here;
    if (!at || !here) return;
    this.column.style.left = `${(100 * at.t) / this.time}%`;
    this.column.style.width = `${100 / this.time}%`;
    this.row.style.top = `${(100 * at.row) / this.data.rows.length}%`;
    this.row.style.height = `max(1px, ${100 / this.data.rows.length}%)`;
  }
}
