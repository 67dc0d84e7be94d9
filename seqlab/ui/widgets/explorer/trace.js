// One unit over time: a line for each symbol, and their numbers at the present time.
// @ts-check

import { ChartPanel } from "../kit/chart.js";
import { el, svg } from "../kit/dom.js";
import { exporter } from "../kit/export.js";
import { MINUS, figure } from "../kit/numbers.js";
import { SpokenTable } from "../kit/reading.js";
import { Scale } from "../kit/scale.js";
import { valueAt } from "./film.js";
import { symbolNode } from "./panels.js";
import { timePlot } from "./strip.js";

/** @typedef {import("./film.js").Film} Film */

const EDGE = 10; // room above and below the lines for a dot

/** The lines of one unit, as wide as the letters above them. */
export class TracePlot {
  constructor() {
    this.chart = new ChartPanel({ margin: { left: 0, right: 0, top: EDGE, bottom: EDGE }, texts: false });
    this.chart.canvas.setAttribute("aria-hidden", "true");
    this.column = el("i", { class: "column" });
    this.ticks = el("div", { class: "ticks", "aria-hidden": "true" });
    this.scale = el("span", { class: "y" });
    const { node, plot } = timePlot("trace", [this.scale], this.column, this.chart.canvas, this.ticks);
    this.plot = plot;
    plot.tabIndex = 0;
    plot.setAttribute("role", "img");
    this.title = el("b");
    this.legend = el("span", { class: "legend" });
    this.spoken = new SpokenTable();
    const tools = exporter(() => ({ title: this.title.textContent ?? "", panels: [this.panel], palette: this.palette,
      canvases: [this.chart.canvas] }));
    this.node = el("section", { class: "panel wide aligned trace" },
      el("header", {}, this.title, this.legend, tools), node, this.spoken.node);
  }

  destroy() {
    this.spoken.stop();
  }

  /** @param {Film} film @param {number} layer @param {Palette} palette */
  build(film, layer, palette) {
    this.film = film;
    this.palette = palette;
    this.panels = film.panels.filter((panel) => panel.layer === layer);
    const low = Math.min(...this.panels.map(({ span }) => span[0])),
      high = Math.max(...this.panels.map(({ span }) => span[1]));
    const height = high - low > 2 ? 148 : 112; // room for a cell state beside gates
    this.chart.canvas.style.height = `${height}px`;
    this.y = { low, high, ticks: [high, (low + high) / 2, low].map((end) =>
      /** @type {[number, string]} */ ([end, ""])) };
    const scale = new Scale(this.y, height - EDGE, EDGE);
    this.scale.replaceChildren(...this.y.ticks.map(([end]) =>
      el("span", { text: String(end).replace("-", MINUS), style: `top: ${scale.place(end)}px` })));
    this.entries = this.panels.map(() => el("output"));
    this.legend.replaceChildren(...this.panels.map(({ key, label }, k) => el("span", { class: "entry", title: label },
      svg("svg", { width: 22, height: 8 }, svg("line", { x1: 0, x2: 22, y1: 4, y2: 4,
        stroke: `var(--symbol-${key})`, "stroke-dasharray": (THEME.dashes[key] || []).join(" ") })),
      symbolNode(key, ""), this.entries[k])));
    this.ticks.replaceChildren(...film.letters.map((letter) => el("span", { text: letter })));
  }

  /** Take the numbers of a unit; ``mark`` brings them onto the screen.
   * @param {number} frame @param {number} unit @param {number} column width of a time */
  draw(frame, unit, column) {
    const { film } = this, x = Array.from({ length: film.time }, (_, t) => t);
    this.chart.canvas.style.width = `${column * film.time}px`;
    this.title.textContent = film.layers > 1 ? `Unit ${unit}, layer ${this.panels[0].layer}` : `Unit ${unit}`;
    this.plot.setAttribute("aria-label", `${this.title.textContent} over time; arrow keys move`);
    const held = (/** @type {number} */ value) => (Number.isFinite(value) ? this.held(value) : null);
    /** @type {Chart.Panel} */
    this.panel = { x: { low: -0.5, high: film.time - 0.5, ticks: [] }, y: this.y, rules: [],
      alt: `${this.title.textContent} over time`,
      // the hidden state is drawn last, on top of the gates that make it
      series: this.panels.map((panel) => ({ x, y: x.map((t) => held(valueAt(panel, film.time, frame, t, unit))),
        name: panel.label, colour: `symbols.${panel.key}`, dash: THEME.dashes[panel.key], width: panel.key === "h"
          ? 2.6 : 1.6,
      })).reverse() };
    this.spoken.say(() => [this.panel]);
  }

  /** A number, or the nearest one that the axis has. @param {number} value */
  held(value) {
    return Math.min(this.y.high, Math.max(this.y.low, value));
  }

  /** @param {number} frame @param {number} unit @param {number | null} t */
  mark(frame, unit, t) {
    const dots = this.panels.flatMap((panel, k) => {
      const value = t === null ? NaN : valueAt(panel, this.film.time, frame, t, unit);
      this.entries[k].textContent = t === null ? "" : figure(value);
      return Number.isFinite(value) ? [{ y: this.held(value), colour: `symbols.${panel.key}` }] : [];
    }).reverse();
    this.chart.draw(this.panel, this.palette, { cursor: t === null ? null : { x: t, dots } });
    if (this.marked !== t) {
      this.ticks.children[this.marked ?? -1]?.classList.remove("on");
      this.ticks.children[t ?? -1]?.classList.add("on");
      this.marked = t;
    }
  }
}
