// A quiet chart of lines, dots or maps, redrawn in place: what a slider moves must be there at once.
// Its data come from seqlab/figures/plot.py; colours are names of the theme, so a switch of theme is followed.
// @ts-check

import { ChartPanel } from "../kit/chart.js";
import { colourOf } from "../kit/colour.js";
import { el, keeper, resized, svg } from "../kit/dom.js";
import { exporter } from "../kit/export.js";
import { SpokenTable, nearest, readings } from "../kit/reading.js";
import { applyTheme } from "../kit/theme.js";

/** The mark of a series in the legend. @param {Chart.Series} series @param {Palette} palette */
function mark({ kind, colour, dash = [], width = 2, alpha = 1 }, palette) {
  const tone = colourOf(palette, colour);
  return svg("svg", { width: 22, height: 10, "aria-hidden": "true" }, kind === "dots"
    ? svg("circle", { cx: 11, cy: 5, r: 3.5, fill: tone })
    : svg("line", { x1: 0, x2: 22, y1: 5, y2: 5, stroke: tone, "stroke-width": width,
      "stroke-dasharray": dash.join(" "), opacity: alpha }));
}

/** The colours of a map as a bar, with the texts of some values below. @param {Chart.Map} map @param {Palette} palette
 * */
function bar({ low, high, colours, scale }, palette) {
  const texts = scale.map(([value, text]) =>
    el("small", { text, style: `left: ${(100 * (value - low)) / (high - low)}%` }));
  const style = `background: linear-gradient(to right, ${palette[colours].join()})`;
  return el("div", { class: "bar", style }, ...texts);
}

class Plot {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    this.title = el("b");
    this.note = el("span");
    this.tip = el("div", { class: "tip", hidden: "" });
    this.legend = el("div", { class: "legend", "data-words": "" });
    this.body = el("div", { class: "panels" }, this.tip);
    /** @type {{ chart: ChartPanel, node: HTMLElement }[]} */
    this.panels = [];
    /** @type {{ panel: number, x: number, y: number } | null} */
    this.at = null;
    this.spoken = new SpokenTable();
    const tools = exporter(() => ({ title: this.data.title, panels: this.data.panels, palette: this.palette,
      canvases: this.panels.map(({ chart }) => chart.canvas) }));
    root.replaceChildren(el("header", {}, this.title, this.note), this.legend, this.body, this.spoken.node, tools);
    this.unwatch = resized(root, () => this.draw());
  }

  destroy() {
    this.unwatch();
    this.spoken.stop();
  }

  /** @param {Chart.Plot} data */
  update(data) {
    this.data = data;
    this.palette = applyTheme(this.root);
    this.root.style.height = `${data.height}px`;
    while (this.panels.length > data.panels.length) this.panels.pop()?.node.remove();
    while (this.panels.length < data.panels.length) this.add();
    this.at = null;
    this.title.textContent = data.title;
    this.note.textContent = data.note;
    this.name();
    this.draw();
    this.spoken.say(() => this.data.panels);
    const begun = data.panels.flatMap(({ series }) => series).filter(({ x }) => x.length);
    const points = begun.reduce((sum, { x }) => sum + x.length, 0);
    Object.assign(this.root.dataset, { title: data.title, begun: begun.length, points });
    this.root.dataset.draws = String(Number(this.root.dataset.draws ?? 0) + 1);
  }

  add() {
    const chart = new ChartPanel(), node = el("div", { class: "panel" }, chart.canvas), panel = this.panels.length;
    const point = (/** @type {{ x: number, y: number } | null} */ at) => { this.at = at
      && { panel, ...at }; this.draw(); };
    chart.canvas.addEventListener("pointermove", (event) => point(chart.under(event)));
    chart.canvas.addEventListener("pointerleave", () => point(null));
    this.panels.push({ chart, node });
    this.body.insertBefore(node, this.tip);
  }

  /** The legend: each name once, with its colour and its way of being drawn, and the scales of the maps. */
  name() {
    const { palette } = this, { panels } = this.data;
    const named = new Map(panels.flatMap(({ series }) => series).filter(({ name }) => name).map((one) =>
      [one.name, one]));
    this.legend.replaceChildren(
      ...[...named.values()].map((series) => el("span", { "data-word": "" }, mark(series, palette),
        series.name ?? "")),
      ...panels.flatMap(({ map }) => (map?.scale.length ? [bar(map, palette)] : [])));
    this.legend.hidden = !this.legend.childElementCount;
  }

  draw() {
    const { data, at } = this;
    if (!data) return;
    const cursor = at && { x: nearest(data.panels[at.panel], at.x), line: "text" };
    this.panels.forEach(({ chart }, k) =>
      chart.draw(data.panels[k], this.palette, { last: k === this.panels.length - 1, cursor }));
    this.tip.hidden = !at;
    if (at && cursor) this.tell(at, cursor.x);
  }

  /** The numbers beside the line under the pointer. @param {{ panel: number, x: number, y: number }} at @param
   * {number} x */
  tell(at, x) {
    const { chart, node } = this.panels[at.panel], [head, ...rest] = readings(this.data.panels[at.panel], at);
    this.tip.replaceChildren(el("b", { text: head }), ...rest.map((text) => el("span", { text })));
    const left = chart.x?.place(x) ?? 0, right = left > this.body.clientWidth / 2;
    Object.assign(this.tip.style, { top: `${node.offsetTop + 14}px`, left: right ? "auto" : `${left + 10}px`,
      right: right ? `${this.body.clientWidth - left + 10}px` : "auto" });
  }
}

export default keeper(Plot, ".plot");
