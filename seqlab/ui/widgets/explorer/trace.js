// One unit over time: a line for each symbol, and their numbers at the present time.
// @ts-check

import { el, svg } from "../kit/dom.js";
import { MINUS, figure } from "../kit/numbers.js";
import { valueAt } from "./film.js";
import { symbolNode } from "./panels.js";
import { timePlot } from "./strip.js";

const TRACE_EDGE = 10;

export class TracePlot {
  constructor() {
    this.lines = svg("g", { class: "lines" });
    this.grid = svg("g", { class: "grid" });
    this.dots = svg("g", { class: "dots" });
    this.drawing = svg("svg", { "aria-hidden": "true" }, this.grid, this.lines, this.dots);
    this.column = el("i", { class: "column" });
    this.ticks = el("div", { class: "ticks", "aria-hidden": "true" });
    this.scale = el("span", { class: "y" });
    const { node, plot } = timePlot("trace", [this.scale], this.column, this.drawing, this.ticks);
    this.plot = plot;
    plot.tabIndex = 0;
    plot.setAttribute("role", "img");
    this.title = el("b");
    this.legend = el("span", { class: "legend" });
    this.node = el("section", { class: "panel wide aligned trace" }, el("header", {}, this.title, this.legend), node);
  }

  build(film, layer) {
    this.film = film;
    this.panels = film.panels.filter((panel) => panel.layer === layer);
    this.low = Math.min(...this.panels.map((panel) => panel.span[0]));
    this.high = Math.max(...this.panels.map((panel) => panel.span[1]));
    this.height = this.high - this.low > 2 ? 148 : 112; // room for a cell state beside gates
    this.drawing.setAttribute("height", this.height);
    const ends = [this.high, (this.low + this.high) / 2, this.low];
    this.scale.replaceChildren(...ends.map((end) =>
      el("span", { text: String(end).replace("-", MINUS), style: `top: ${this.y(end)}px` })));
    this.grid.replaceChildren(...ends.map((end) => svg("line", { x1: 0, x2: "100%", y1: this.y(end), y2: this.y(end) })));
    // the hidden state is drawn last, on top of the gates that make it
    this.paths = this.panels.map((panel) => svg("path", { class: `line-${panel.key}`,
      stroke: `var(--symbol-${panel.key})`, "stroke-dasharray": (THEME.dashes[panel.key] || []).join(" ") }));
    this.points = this.panels.map((panel) => svg("circle", { r: 3.5, fill: `var(--symbol-${panel.key})` }));
    this.lines.replaceChildren(...[...this.paths].reverse());
    this.dots.replaceChildren(...[...this.points].reverse());
    this.entries = this.panels.map((panel) => el("output"));
    this.legend.replaceChildren(...this.panels.map((panel, k) => el("span", { class: "entry", title: panel.label },
      svg("svg", { width: 22, height: 8 }, svg("line", { x1: 0, x2: 22, y1: 4, y2: 4,
        stroke: `var(--symbol-${panel.key})`, "stroke-dasharray": (THEME.dashes[panel.key] || []).join(" ") })),
      symbolNode(panel.key, ""), this.entries[k])));
    const letters = film.letters.map((letter) => el("span", { text: letter }));
    this.ticks.replaceChildren(...letters);
  }

  y(value) {
    const share = (Math.min(this.high, Math.max(this.low, value)) - this.low) / (this.high - this.low);
    return this.height - TRACE_EDGE - share * (this.height - 2 * TRACE_EDGE);
  }

  draw(frame, unit, column) {
    const { film } = this;
    this.drawing.setAttribute("width", column * film.time);
    this.title.textContent = film.layers > 1 ? `Unit ${unit}, layer ${this.panels[0].layer}` : `Unit ${unit}`;
    this.plot.setAttribute("aria-label", `${this.title.textContent} over time; arrow keys move`);
    this.panels.forEach((panel, k) => {
      let path = "", pen = "M";
      for (let t = 0; t < film.time; t++) {
        const value = valueAt(panel, film.time, frame, t, unit);
        if (Number.isFinite(value)) {
          path += `${pen}${((t + 0.5) * column).toFixed(1)} ${this.y(value).toFixed(1)}`;
          pen = "L";
        } else pen = "M";
      }
      this.paths[k].setAttribute("d", film.time === 1 && path ? `${path}h0.1` : path);
    });
  }

  mark(frame, unit, t, column) {
    this.panels.forEach((panel, k) => {
      const value = t === null ? NaN : valueAt(panel, this.film.time, frame, t, unit);
      this.entries[k].textContent = t === null ? "" : figure(value);
      this.points[k].style.display = Number.isFinite(value) ? "" : "none";
      if (!Number.isFinite(value)) return;
      this.points[k].setAttribute("cx", (t + 0.5) * column);
      this.points[k].setAttribute("cy", this.y(value));
    });
    if (this.marked !== t) {
      this.ticks.children[this.marked]?.classList.remove("on");
      this.ticks.children[t]?.classList.add("on");
      this.marked = t;
    }
  }
}
