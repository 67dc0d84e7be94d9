// A run while it trains: small charts with one crosshair, redrawn in place.
// @ts-check

import { ChartPanel } from "../kit/chart.js";
import { el, facts, keeper, resized, set } from "../kit/dom.js";
import { exporter } from "../kit/export.js";
import { figure, percent, whole } from "../kit/numbers.js";
import { SpokenTable } from "../kit/reading.js";
import { applyTheme } from "../kit/theme.js";
import { MARGIN, panelOf, specsOf } from "./curve.js";

/** @typedef {import("./curve.js").Spec} Spec */
/** @typedef {import("./curve.js").Curves} Curves */
/** @typedef {import("./curve.js").Column} Column */

/** The last number of a column up to a row. @param {Column} [column] @param {number} [k] */
const lastOf = (column = [], k = column.length) => column.slice(0, k + 1).findLast((value) => value !== null);

/** One curve under its name and its present number. */
class Curve {
  /** @param {Spec} spec @param {(step: number | null) => void} point */
  constructor(spec, point) {
    this.spec = spec;
    this.chart = new ChartPanel({ margin: MARGIN });
    this.value = el("output");
    this.note = el("span", { text: spec.note ?? "" });
    this.node = el("section", { class: "chart" },
      el("header", {}, el("b", { text: spec.title, "data-word": "" }), this.note, this.value), this.chart.canvas);
    this.chart.canvas.addEventListener("pointermove", (event) => point(this.chart.under(event)?.x ?? null));
    this.chart.canvas.addEventListener("pointerleave", () => point(null));
  }

  /** @param {number | null | undefined} value */
  text(value) {
    if (value === null || value === undefined) return "–";
    return this.spec.share ? percent(value) : figure(value, this.spec.digits);
  }

  /** @param {Curves} data @param {Palette} palette @param {number | null} at */
  draw(data, palette, at) {
    const { spec } = this, values = data.columns[spec.key] ?? [], value = at === null ? null : values[at];
    this.panel = panelOf(spec, data, this.chart.canvas.clientWidth);
    const dots = value === null || value === undefined ? [] : [{ y: value, colour: "accent" }];
    this.chart.draw(this.panel, palette, { cursor: at === null ? null : { x: data.columns.step[at], line: "text",
      dots } });
    this.say(data, values, at);
  }

  /** The number at the row that is pointed at, else the last one, and what is known beside it.
   * @param {Curves} data @param {Column} values @param {number | null} at */
  say(data, values, at) {
    const { spec } = this, k = at ?? values.findLastIndex((value) => value !== null);
    this.value.textContent = this.text(spec.sparse ? lastOf(values, k) : values[k]);
    this.value.classList.toggle("then", at !== null);
    const clipped = data.columns[spec.events ?? ""]?.[k];
    if (spec.events) this.note.textContent = clipped ? `clipped ${percent(clipped)}` : spec.note ?? "";
    if (!spec.dots || spec.sparse) return;
    const fresh = lastOf(data.columns[spec.dots], k), unit = spec.note ?? `nats per ${data.unit ?? "letter"}`;
    this.note.textContent = fresh === undefined ? unit : `● ${this.text(fresh)}`;
    this.note.classList.toggle("held", fresh !== undefined);
  }
}

class Live {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    /** @type {number | null} */
    this.at = null;
    /** @type {Curve[]} */
    this.charts = [];
    this.state = el("b");
    this.step = el("span");
    this.speed = el("span", { class: "speed", "data-word": "speed" });
    this.fill = el("i");
    this.progress = el("div", { class: "progress", role: "progressbar", "aria-label": "training", "aria-valuemin": 0 },
      this.fill);
    this.marked = el("span", { class: "marked" });
    this.fresh = el("span", { "data-word": "" });
    this.legend = el("span", { class: "legend" }, el("i", { class: "line" }), el("span", { text: "training batches",
      "data-word": "" }), el("i", { class: "dot" }), this.fresh);
    this.usual = el("span", { class: "usual", role: "note", "data-word": "", hidden: "" }, el("i", { class: "area" }),
      el("span"));
    this.legend.append(this.usual);
    this.row = el("div", { class: "charts" });
    this.spoken = new SpokenTable();
    const tools = exporter(() => ({ title: "Training", palette: this.palette, panels: this.panels(),
      canvases: this.charts.map(({ chart }) => chart.canvas) }));
    root.dataset.words = "";
    root.replaceChildren(el("div", { class: "status" }, this.state, this.step, this.marked, this.legend, this.speed,
      tools),
      this.progress, this.row, this.spoken.node);
    this.unwatch = resized(root, () => this.draw());
  }

  destroy() {
    this.unwatch();
    this.spoken.stop();
  }

  /** @param {Curves} data */
  update(data) {
    const specs = specsOf(data);
    if (specs.some((spec, k) => spec !== this.charts[k]?.spec)) {
      this.charts = specs.map((spec) => new Curve(spec, (step) => this.point(step)));
      this.row.replaceChildren(...this.charts.map((chart) => chart.node));
      this.row.dataset.charts = String(specs.length);
    }
    const exp = (/** @type {Column} */ column = []) =>
      column.map((loss) => (loss === null ? null : Math.min(1e9, Math.exp(loss))));
    const { columns } = data;
    /** @type {Curves} */
    this.data = { ...data, columns: { ...columns, perplexity: exp(columns.loss), held: exp(columns.validation) } };
    this.fresh.textContent = data.fresh ?? "fresh data";
    this.usual.hidden = !data.bands;
    set(this.usual, { title: data.bands?.tells, "aria-label": `${data.bands?.name}: ${data.bands?.tells}` });
    /** @type {HTMLElement} */ (this.usual.lastChild).textContent = data.bands?.name ?? "";
    this.palette = applyTheme(this.root);
    this.draw();
    this.spoken.say(() => this.panels());
  }

  /** What is drawn, in the words of the kit. */
  panels() {
    return this.charts.flatMap(({ panel }) => (panel ? [panel] : []));
  }

  /** @param {number | null} step */
  point(step) {
    const steps = this.data?.columns.step ?? [];
    let at = null;
    if (step !== null && steps.length)
      at = steps.reduce((best, value, k) => (Math.abs(value - step) < Math.abs(steps[best] - step) ? k : best), 0);
    if (at === this.at) return;
    this.at = at;
    this.draw();
  }

  draw() {
    const { data } = this;
    if (!data) return;
    const steps = data.columns.step ?? [], last = steps.length - 1;
    const at = this.at !== null && this.at <= last ? this.at : null;
    const present = data.step ?? (last < 0 ? 0 : steps[last]), speed = data.columns.tokens_per_s?.[at ?? last] ?? null;
    this.state.textContent = data.state;
    this.step.textContent = at === null ? `step ${whole(present)} of ${whole(data.steps)}`
      : `at step ${whole(steps[at])}`;
    this.speed.textContent = speed === null ? "" : `${whole(speed)} tokens per second`;
    this.fill.style.transform = `scaleX(${Math.min(1, present / Math.max(1, data.steps))})`;
    set(this.progress, { "aria-valuemax": data.steps, "aria-valuenow": present });
    for (const chart of this.charts) chart.draw(data, this.palette, at);
    const mark = (data.marks ?? []).filter(({ step }) => step <= (at === null ? present : steps[at])).at(-1);
    this.marked.textContent = mark ? `step ${whole(mark.step)}: ${mark.label}` : "";
    facts(this.root, { state: data.state, step: present, points: steps.length, drawn: performance.now() });
  }
}

export default keeper(Live, ".live");
