// A run while it trains: small charts with one crosshair, redrawn in place.
// @ts-check

import { el, keeper, resized } from "../kit/dom.js";
import { MINUS, figure, percent, whole } from "../kit/numbers.js";
import { applyTheme } from "../kit/theme.js";

const CHART_HEIGHT = 116, LEFT = 52, RIGHT = 8, TOP = 10, BOTTOM = 22;
const ROUND = [1, 1.5, 2, 3, 4, 5, 6, 8]; // times a power of ten: ends and marks of the perplexity's axis
const APART = 17; // pixels between two marks

const LOSS = { key: "loss", title: "Loss", digits: 3, dots: "validation", rule: "floor" };
const VALID = { key: "valid", title: "Valid", note: "strings", share: true, dots: "valid", sparse: true };
const PERPLEXITY = { key: "perplexity", title: "Perplexity", note: "e to the loss", log: true, round: true, digits: 2, dots: "held" };
const OTHERS = [
  { key: "accuracy", title: "Accuracy", note: "", share: true, dots: "evaluation", rule: "chance" },
  { key: "grad_norm", title: "Gradient norm", note: "before clip", log: true, digits: 3, rule: "clip", events: "clipped" },
  { key: "lr", title: "Learning rate", note: "", digits: 5 },
];

class Chart {
  constructor(spec, hover) {
    this.spec = spec;
    this.canvas = el("canvas", { role: "img", "aria-label": `${spec.title} by training step` });
    this.value = el("output");
    this.note = el("span", { text: spec.note ?? "" });
    this.node = el("section", { class: "chart" },
      el("header", {}, el("b", { text: spec.title }), this.note, this.value), this.canvas);
    this.canvas.addEventListener("pointermove", (event) => hover(this.stepAt(event)));
    this.canvas.addEventListener("pointerleave", () => hover(null));
  }

  stepAt(event) {
    const box = this.canvas.getBoundingClientRect();
    return ((event.clientX - box.left - LEFT) / (box.width - LEFT - RIGHT)) * this.steps;
  }

  text(value) {
    if (value === null || value === undefined) return "–";
    return this.spec.share ? percent(value) : figure(value, this.spec.digits);
  }

  /** Limits of the y axis: they only ever widen during a run, so the picture does not breathe. */
  limits(values, rule) {
    if (this.spec.share) return [0, 1];
    const known = [...values, rule].filter((value) => value !== null && value !== undefined && (!this.spec.log || value > 0));
    if (!known.length) return this.spec.log ? [this.spec.round ? 0 : -1, 1] : [0, 1];
    const high = known.reduce((a, b) => Math.max(a, b)), low = known.reduce((a, b) => Math.min(a, b));
    if (this.spec.round) return [Math.log10(round(low, false)), Math.log10(round(high * 1.0001, true))];
    if (this.spec.log) return [Math.floor(Math.log10(low)), Math.max(Math.floor(Math.log10(low)) + 1, Math.ceil(Math.log10(high)))];
    return [0, nice(high)];
  }

  draw(data, palette, at) {
    const { canvas, spec } = this, ratio = devicePixelRatio || 1, width = canvas.clientWidth;
    if (!width) return;
    if (canvas.width !== Math.round(width * ratio)) {
      canvas.width = Math.round(width * ratio);
      canvas.height = Math.round(CHART_HEIGHT * ratio);
    }
    const c = canvas.getContext("2d"), values = data.columns[spec.key] ?? [], rule = spec.rule ? data[spec.rule] : null;
    this.steps = Math.max(1, data.steps);
    const dots = spec.dots ? data.columns[spec.dots] ?? [] : [];
    const [low, high] = this.limits([...values, ...dots], rule);
    const x = (step) => LEFT + (step / this.steps) * (width - LEFT - RIGHT);
    const height = (value) => (spec.log ? (value > 0 ? Math.log10(value) : NaN) : value);
    const y = (value) => TOP + (1 - (height(value) - low) / (high - low)) * (CHART_HEIGHT - TOP - BOTTOM);
    c.setTransform(ratio, 0, 0, ratio, 0, 0);
    c.clearRect(0, 0, width, CHART_HEIGHT);
    this.axes(c, palette, { x, y, low, high, width });
    this.rules(c, palette, data, { x, y, rule, width });
    this.events(c, palette, data, { x, width });
    this.line(c, palette, data.columns.step, values, { x, y });
    this.dots(c, palette, data.columns.step, dots, { x, y, width });
    this.cross(c, palette, data, values, at, { x, y });
  }

  axes(c, palette, { x, y, low, high, width }) {
    const { spec } = this, font = getComputedStyle(this.canvas).fontFamily;
    c.font = `12px ${font}`;
    c.fillStyle = palette.muted;
    c.strokeStyle = palette.border;
    c.lineWidth = 1;
    c.textBaseline = "middle";
    c.textAlign = "right";
    const ends = spec.round ? marks(low, high, y) : spec.log ? decades(low, high) : [low, (low + high) / 2, high];
    for (const end of ends) {
      const row = Math.round(y(end)) + 0.5;
      c.beginPath(); c.moveTo(LEFT, row); c.lineTo(width - RIGHT, row); c.stroke();
      c.fillText(spec.share ? `${100 * end} %` : short(end), LEFT - 7, row);
    }
    c.textBaseline = "alphabetic";
    [[0, "left"], [this.steps, "right"]].forEach(([step, align]) => {
      c.textAlign = align;
      c.fillText(whole(step), x(step), CHART_HEIGHT - 5);
    });
  }

  rules(c, palette, data, { x, y, rule, width }) {
    c.strokeStyle = palette.border;
    for (const { step } of data.marks ?? []) {
      c.beginPath(); c.moveTo(x(step), TOP); c.lineTo(x(step), CHART_HEIGHT - BOTTOM); c.stroke();
    }
    if (rule === null || rule === undefined) return;
    c.setLineDash([5, 4]);
    c.strokeStyle = c.fillStyle = palette.muted;
    c.beginPath(); c.moveTo(LEFT, y(rule)); c.lineTo(width - RIGHT, y(rule)); c.stroke();
    c.setLineDash([]);
    c.textAlign = "right";
    const above = y(rule) - 5 < 12 ? y(rule) + 14 : y(rule) - 5; // below the line where the canvas ends
    c.fillText(this.spec.share ? `chance ${percent(rule)}` : `${this.spec.rule} ${short(rule)}`, width - RIGHT, above);
  }

  /** A stroke at the foot of the chart for updates that were clipped, the stronger the more of them were. */
  events(c, palette, data, { x, width }) {
    const shares = data.columns[this.spec.events] ?? [], steps = data.columns.step;
    c.fillStyle = palette.wrong;
    shares.forEach((share, k) => {
      if (!share) return;
      const from = x(k ? steps[k - 1] : 0), to = x(steps[k]);
      c.globalAlpha = 0.25 + 0.75 * share;
      c.fillRect(from, CHART_HEIGHT - BOTTOM - 5, Math.max(1, Math.min(to, width - RIGHT) - from), 5);
    });
    c.globalAlpha = 1;
  }

  line(c, palette, steps, values, { x, y }) {
    c.strokeStyle = palette.accent;
    c.lineWidth = 1.75;
    c.lineJoin = "round";
    c.beginPath();
    let pen = false;
    values.forEach((value, k) => {
      const row = value === null ? NaN : y(value);
      if (Number.isFinite(row)) { if (pen) c.lineTo(x(steps[k]), row); else c.moveTo(x(steps[k]), row); }
      pen = Number.isFinite(row) || (pen && this.spec.sparse); // what is measured now and then is joined over the gaps
    });
    c.stroke();
  }

  dots(c, palette, steps, values, { x, y, width }) {
    const count = values.filter((value) => value !== null).length, radius = Math.max(1.75, Math.min(4, width / (4 * count)));
    c.fillStyle = palette.right;
    c.strokeStyle = palette.background;
    c.lineWidth = radius > 3 ? 1.5 : 0.75;
    values.forEach((value, k) => {
      if (value === null || !Number.isFinite(y(value))) return;
      c.beginPath(); c.arc(x(steps[k]), y(value), radius, 0, 7); c.fill(); c.stroke();
    });
  }

  cross(c, palette, data, values, at, { x, y }) {
    const last = values.findLastIndex((value) => value !== null), k = at ?? last;
    this.value.textContent = this.text(this.spec.sparse ? values.slice(0, k + 1).findLast((value) => value !== null) : values[k]);
    const share = data.columns[this.spec.events]?.[k];
    if (this.spec.events) this.note.textContent = share ? `clipped ${percent(share)}` : this.spec.note;
    this.value.classList.toggle("then", at !== null);
    if (this.spec.dots && !this.spec.sparse) {
      const fresh = (data.columns[this.spec.dots] ?? []).slice(0, k + 1).findLast((value) => value !== null);
      const unit = this.spec.note ?? `nats per ${data.unit ?? "letter"}`;
      this.note.textContent = fresh === undefined ? unit : `● ${this.text(fresh)}`;
      this.note.classList.toggle("held", fresh !== undefined);
    }
    if (at === null) return;
    const step = data.columns.step[at];
    c.strokeStyle = palette.text;
    c.lineWidth = 1;
    c.globalAlpha = 0.5;
    c.beginPath(); c.moveTo(x(step), TOP); c.lineTo(x(step), CHART_HEIGHT - BOTTOM); c.stroke();
    c.globalAlpha = 1;
    if (values[at] === null || values[at] === undefined) return;
    c.fillStyle = palette.accent;
    c.beginPath(); c.arc(x(step), y(values[at]), 3.5, 0, 7); c.fill();
  }
}

function nice(high) {
  if (high <= 0) return 1;
  const ten = 10 ** Math.floor(Math.log10(high));
  return [1, 1.5, 2, 3, 4, 5, 6, 8, 10].map((part) => part * ten).find((end) => end >= high * 0.9999);
}

/** The next round number at or below a value, or at or above it. */
function round(value, up) {
  const ten = 10 ** Math.floor(Math.log10(value)), steps = [...ROUND, 10].map((part) => part * ten);
  return up ? steps.find((end) => end >= value * 0.9999) : steps.findLast((end) => end <= value * 1.0001);
}

/** Round numbers between two powers of ten, both ends among them, as many as there is room for. */
function marks(low, high, y) {
  const found = [10 ** low], end = 10 ** high;
  for (let power = Math.floor(low); power <= high; power++)
    for (const part of ROUND) {
      const mark = part * 10 ** power;
      if (mark < end && y(found.at(-1)) - y(mark) >= APART && y(mark) - y(end) >= APART) found.push(mark);
    }
  return [...found, end];
}

function decades(low, high) {
  const hop = Math.ceil((high - low) / 3), ends = [];
  for (let power = low; power <= high; power += hop) ends.push(10 ** power);
  return ends;
}

function short(value) {
  if (value === 0) return "0";
  return value >= 1e4 || value < 1e-3 ? value.toExponential(0).replace("e-", `e${MINUS}`).replace("e+", "e")
    : String(Number(value.toPrecision(2)));
}

class Live {
  constructor(root) {
    this.root = root;
    this.at = null;
    this.charts = [];
    this.state = el("b");
    this.step = el("span");
    this.speed = el("span", { class: "speed" });
    this.fill = el("i");
    this.progress = el("div", { class: "progress", role: "progressbar", "aria-valuemin": 0 }, this.fill);
    this.marked = el("span", { class: "marked" });
    this.legend = el("span", { class: "legend" }, el("i", { class: "line" }), el("span", { text: "training batches" }),
      el("i", { class: "dot" }), this.fresh = el("span"));
    this.row = el("div", { class: "charts" });
    root.replaceChildren(el("div", { class: "status" }, this.state, this.step, this.marked, this.legend, this.speed),
      this.progress, this.row);
    this.unwatch = resized(root, () => this.draw());
  }

  destroy() {
    this.unwatch();
  }

  update(data) {
    const specs = [LOSS, ...(data.valid ? [VALID] : data.perplexity ? [PERPLEXITY] : []), ...OTHERS];
    if (specs.some((spec, k) => spec !== this.charts[k]?.spec)) {
      this.charts = specs.map((spec) => new Chart(spec, (step) => this.point(step)));
      this.row.replaceChildren(...this.charts.map((chart) => chart.node));
      this.row.dataset.charts = specs.length;
    }
    const exp = (column) => (column ?? []).map((loss) => (loss === null ? null : Math.min(1e9, Math.exp(loss))));
    this.data = { ...data, columns: { ...data.columns, perplexity: exp(data.columns.loss), held: exp(data.columns.validation) } };
    this.fresh.textContent = data.fresh ?? "fresh data";
    this.palette = applyTheme(this.root);
    this.draw();
  }

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
    const steps = data.columns.step ?? [], last = steps.length - 1, at = this.at !== null && this.at <= last ? this.at : null;
    const present = data.step ?? (last < 0 ? 0 : steps[last]), speed = data.columns.tokens_per_s?.[at ?? last] ?? null;
    this.state.textContent = data.state;
    this.step.textContent = at === null ? `step ${whole(present)} of ${whole(data.steps)}` : `at step ${whole(steps[at])}`;
    this.speed.textContent = speed === null ? "" : `${whole(speed)} tokens per second`;
    this.fill.style.transform = `scaleX(${Math.min(1, present / Math.max(1, data.steps))})`;
    this.progress.setAttribute("aria-valuemax", data.steps);
    this.progress.setAttribute("aria-valuenow", present);
    for (const chart of this.charts) chart.draw(data, this.palette, at);
    const mark = (data.marks ?? []).filter(({ step }) => step <= (at === null ? present : steps[at])).at(-1);
    this.marked.textContent = mark ? `step ${whole(mark.step)}: ${mark.label}` : "";
    Object.assign(this.root.dataset, { state: data.state, step: present, points: steps.length, drawn: performance.now() });
  }
}

export default keeper(Live, ".live");
