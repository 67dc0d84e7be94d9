// A quiet chart of lines, dots or a map, redrawn in place: what a slider moves must be there at once.
// Its data come from seqlab/figures/plot.py; colours are names of the theme, so a switch of theme is followed.
// @ts-check

import { colourOf, lookup } from "../kit/colour.js";
import { el, keeper, resized, svg } from "../kit/dom.js";
import { MINUS, figure, scientific } from "../kit/numbers.js";
import { applyTheme } from "../kit/theme.js";

const MARGIN = { left: 70, right: 12, top: 8, bottom: 24 };
const LINE = 15; // height of a line of text below the panel

class Scale {
  constructor(axis, start, end) {
    Object.assign(this, axis, { start, end });
    this.from = this.height(axis.low);
    this.to = this.height(axis.high);
  }

  /** On a logarithmic axis what is not above its low end, an exact 0 above all, stands at that end. */
  height(value) {
    return this.log ? Math.log10(Math.max(value, this.low)) : value;
  }

  place(value) {
    return this.start + ((this.height(value) - this.from) / (this.to - this.from)) * (this.end - this.start);
  }

  /** Is there a place for it? */
  has(value) {
    return value !== null && !(this.gaps && value === 0);
  }

  value(place) {
    const height = this.from + ((place - this.start) / (this.end - this.start)) * (this.to - this.from);
    return this.log ? 10 ** height : height;
  }
}

class Panel {
  constructor(point) {
    this.canvas = el("canvas", { role: "img" });
    this.node = el("div", { class: "panel" }, this.canvas);
    this.canvas.addEventListener("pointermove", (event) => point(this.under(event)));
    this.canvas.addEventListener("pointerleave", () => point(null));
  }

  under(event) {
    if (!this.x) return null;
    const box = this.canvas.getBoundingClientRect(), x = event.clientX - box.left, y = event.clientY - box.top;
    return { panel: this, x: this.x.value(Math.min(Math.max(x, this.x.start), this.x.end)), y: this.y.value(y) };
  }

  draw(panel, palette, last) {
    const { canvas } = this, ratio = devicePixelRatio || 1, width = canvas.clientWidth, height = canvas.clientHeight;
    if (!width || !height) return null;
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
    canvas.setAttribute("aria-label", panel.alt);
    const c = canvas.getContext("2d"), lines = Math.max(1, ...panel.x.ticks.map(([, text]) => text.split("\n").length));
    const bottom = MARGIN.bottom + (lines - 1) * LINE + (last && panel.x.label ? 16 : 0);
    c.setTransform(ratio, 0, 0, ratio, 0, 0);
    c.font = `12px ${getComputedStyle(canvas).fontFamily}`;
    this.x = new Scale(panel.x, MARGIN.left, width - MARGIN.right);
    this.y = new Scale(panel.y, height - bottom, MARGIN.top + (panel.name ? 14 : 0));
    this.area = { c, palette, panel, width, height };
    this.axes(last);
    c.save();
    c.beginPath();
    c.rect(this.x.start - 1, this.y.end - 5, this.x.end - this.x.start + 2, this.y.start - this.y.end + 10);
    c.clip();
    if (panel.map) this.map();
    for (const series of panel.series) this[series.kind](series, colourOf(palette, series.colour));
    c.restore();
    for (const rule of panel.rules) this.rule(rule);
  }

  axes(last) {
    const { c, palette, panel, width, height } = this.area;
    Object.assign(c, { fillStyle: palette.muted, strokeStyle: palette.border, lineWidth: 1, textBaseline: "middle", textAlign: "right" });
    for (const [value, text] of panel.y.ticks) {
      const row = Math.round(this.y.place(value)) + 0.5;
      if (!panel.map) { c.beginPath(); c.moveTo(this.x.start, row); c.lineTo(this.x.end, row); c.stroke(); }
      c.fillText(text, this.x.start - 7, row);
    }
    Object.assign(c, { textBaseline: "top", textAlign: "center" });
    for (const { lines, place } of this.below(panel.x.ticks, width))
      lines.forEach((text, k) => c.fillText(text, place, this.y.start + 7 + k * LINE));
    if (last && panel.x.label) c.fillText(panel.x.label, (this.x.start + this.x.end) / 2, height - 14);
    c.save();
    c.translate(3, (this.y.start + this.y.end) / 2);
    c.rotate(-Math.PI / 2);
    c.fillText(panel.y.label, 0, 0);
    c.restore();
    Object.assign(c, { textAlign: "left", textBaseline: "alphabetic", fillStyle: palette.text });
    if (panel.name) c.fillText(panel.name, this.x.start, this.y.end - 6);
  }

  /** The ticks below a panel: all of them, or every second, third … where no more fit. */
  below(ticks, width) {
    const { c } = this.area, every = ticks.map(([value, text]) => {
      const lines = text.split("\n"), half = Math.max(...lines.map((line) => c.measureText(line).width)) / 2;
      return { lines, half, place: Math.min(this.x.place(value), width - half) };
    });
    for (let hop = 1; ; hop++) {
      const kept = every.filter((_, k) => k % hop === 0);
      if (kept.every(({ place, half }, k) => !k || place - half > kept[k - 1].place + kept[k - 1].half + 2)) return kept;
    }
  }

  trail({ x, y }) {
    const { c } = this.area;
    c.beginPath();
    let pen = false;
    x.forEach((value, k) => {
      if (!this.y.has(y[k])) { pen = false; return; }
      const at = [this.x.place(value), this.y.place(y[k])];
      if (pen) c.lineTo(...at); else c.moveTo(...at);
      pen = true;
    });
  }

  line(series, colour) {
    const { c } = this.area;
    Object.assign(c, { strokeStyle: colour, lineWidth: series.width, lineJoin: "round", globalAlpha: series.alpha });
    c.setLineDash(series.dash);
    this.trail(series);
    c.stroke();
    c.setLineDash([]);
    c.globalAlpha = 1;
  }

  dots(series, colour) {
    const { c } = this.area;
    c.fillStyle = colour;
    series.x.forEach((value, k) => {
      if (!this.y.has(series.y[k])) return;
      c.beginPath(); c.arc(this.x.place(value), this.y.place(series.y[k]), series.width, 0, 7); c.fill();
    });
  }

  ring(series, colour) {
    const { c } = this.area;
    Object.assign(c, { strokeStyle: colour, lineWidth: 2.5 });
    c.beginPath(); c.arc(this.x.place(series.x[0]), this.y.place(series.y[0]), 8, 0, 7); c.stroke();
  }

  /** Everything below a line: where numbers count as agreeing. */
  band(series, colour) {
    const { c } = this.area;
    this.trail(series);
    c.lineTo(this.x.place(series.x.at(-1)), this.y.start);
    c.lineTo(this.x.place(series.x[0]), this.y.start);
    Object.assign(c, { fillStyle: colour, globalAlpha: 0.1 });
    c.fill();
    c.globalAlpha = 1;
    this.line(series, colour);
  }

  rule({ axis, at, text, colour, width, dash, upright }) {
    const { c, palette } = this.area, place = this[axis].place(at);
    const ends = axis === "x" ? [place, this.y.start, place, this.y.end] : [this.x.start, place, this.x.end, place];
    Object.assign(c, { strokeStyle: colourOf(palette, colour), fillStyle: colourOf(palette, colour), lineWidth: width });
    c.setLineDash(dash);
    c.beginPath(); c.moveTo(ends[0], ends[1]); c.lineTo(ends[2], ends[3]); c.stroke();
    c.setLineDash([]);
    if (upright) this.along(place, text);
    else this.above(place, text);
  }

  above(place, text) {
    const { c } = this.area;
    const half = c.measureText(text).width / 2, middle = Math.min(Math.max(place, this.x.start + half), this.x.end - half);
    Object.assign(c, { textAlign: "center", textBaseline: "bottom" });
    c.fillText(text, middle, this.y.end - 1);
  }

  /** A text along the lower end of an upright line, to its left where there is room; lines do not run through it. */
  along(place, text) {
    const { c, palette } = this.area, left = place - 16 >= this.x.start;
    Object.assign(c, { textAlign: "left", textBaseline: left ? "bottom" : "top", strokeStyle: palette.background, lineWidth: 4,
      lineJoin: "round" });
    c.save();
    c.translate(place + (left ? -3 : 3), this.y.start - 5);
    c.rotate(-Math.PI / 2);
    c.strokeText(text, 0, 0);
    c.fillText(text, 0, 0);
    c.restore();
  }

  map() {
    const { c, palette, panel } = this.area, { values, low, high, colours } = panel.map;
    const table = lookup(palette[colours]), rows = values.length, columns = values[0].length;
    const image = new ImageData(columns, rows), pixels = new Uint32Array(image.data.buffer);
    values.forEach((row, unit) => row.forEach((value, t) => {
      if (value !== null) pixels[unit * columns + t] = table[Math.round(255 * Math.min(Math.max((value - low) / (high - low), 0), 1))];
    }));
    const small = Object.assign(document.createElement("canvas"), { width: columns, height: rows });
    small.getContext("2d").putImageData(image, 0, 0);
    c.imageSmoothingEnabled = false;
    const [left, right] = [this.x.place(-0.5), this.x.place(columns - 0.5)], [top, end] = [this.y.place(-0.5), this.y.place(rows - 0.5)];
    c.drawImage(small, left, top, right - left, end - top);
  }

  cross(x) {
    const { c, palette } = this.area;
    Object.assign(c, { strokeStyle: palette.text, lineWidth: 1, globalAlpha: 0.45 });
    c.beginPath(); c.moveTo(this.x.place(x), this.y.start); c.lineTo(this.x.place(x), this.y.end); c.stroke();
    c.globalAlpha = 1;
  }
}

class Plot {
  constructor(root) {
    this.root = root;
    this.title = el("b");
    this.note = el("span");
    this.tip = el("div", { class: "tip", hidden: "" });
    this.legend = el("div", { class: "legend" });
    this.body = el("div", { class: "panels" });
    this.panels = [];
    this.at = null;
    root.replaceChildren(el("header", {}, this.title, this.note), this.legend, this.body);
    this.body.append(this.tip);
    this.unwatch = resized(root, () => this.draw());
  }

  destroy() {
    this.unwatch();
  }

  update(data) {
    this.data = data;
    this.palette = applyTheme(this.root);
    this.root.style.height = `${data.height}px`;
    while (this.panels.length > data.panels.length) this.panels.pop().node.remove();
    while (this.panels.length < data.panels.length) {
      const panel = new Panel((at) => { this.at = at; this.draw(); });
      this.panels.push(panel);
      this.body.insertBefore(panel.node, this.tip);
    }
    this.at = null;
    this.title.textContent = data.title;
    this.note.textContent = data.note;
    this.name();
    this.draw();
    this.root.dataset.title = data.title;
    this.root.dataset.draws = Number(this.root.dataset.draws ?? 0) + 1;
  }

  /** The legend: each name once, with its colour and its way of being drawn, and the scales of the maps. */
  name() {
    const named = new Map(this.data.panels.flatMap(({ series }) => series).filter(({ name }) => name).map((one) => [one.name, one]));
    this.legend.replaceChildren(...[...named.values()].map(({ name, kind, colour, dash, width, alpha }) => {
      const mark = svg("svg", { width: 22, height: 10, "aria-hidden": "true" }, kind === "dots"
        ? svg("circle", { cx: 11, cy: 5, r: 3.5, fill: colourOf(this.palette, colour) })
        : svg("line", { x1: 0, x2: 22, y1: 5, y2: 5, stroke: colourOf(this.palette, colour), "stroke-width": width,
          "stroke-dasharray": dash.join(" "), opacity: alpha }));
      return el("span", {}, mark, name);
    }), ...this.data.panels.flatMap(({ map }) => (map?.scale.length ? [this.bar(map)] : [])));
    this.legend.hidden = !this.legend.childElementCount;
  }

  /** The colours of a map as a bar, with a text below each value that is told. */
  bar({ low, high, colours, scale }) {
    const texts = scale.map(([value, text]) => el("small", { text, style: `left: ${(100 * (value - low)) / (high - low)}%` }));
    return el("div", { class: "bar", style: `background: linear-gradient(to right, ${this.palette[colours].join()})` }, ...texts);
  }

  draw() {
    const { data, at } = this;
    if (!data) return;
    this.panels.forEach((panel, k) => panel.draw(data.panels[k], this.palette, k === this.panels.length - 1));
    this.tip.hidden = !at;
    if (!at) return;
    const x = this.near(data.panels[this.panels.indexOf(at.panel)], at.x), [head, ...rest] = this.said(at);
    for (const panel of this.panels) if (panel.x) panel.cross(x);
    this.tip.replaceChildren(el("b", { text: head }), ...rest.map((text) => el("span", { text })));
    const left = at.panel.x.place(x), right = left > this.body.clientWidth / 2;
    Object.assign(this.tip.style, { top: `${at.panel.node.offsetTop + 14}px`, left: right ? "auto" : `${left + 10}px`,
      right: right ? `${this.body.clientWidth - left + 10}px` : "auto" });
  }

  /** The drawn x that is nearest to the pointer. */
  near(panel, x) {
    if (panel.map) return Math.min(Math.max(Math.round(x), 0), panel.map.values[0].length - 1);
    const known = panel.series.flatMap((series) => series.kind === "ring" ? [] : series.x);
    return known.reduce((best, value) => (Math.abs(value - x) < Math.abs(best - x) ? value : best), known[0] ?? x);
  }

  said(at) {
    const panel = this.data.panels[this.panels.indexOf(at.panel)], x = this.near(panel, at.x);
    if (panel.map) {
      const { values, read, names } = panel.map, unit = Math.min(Math.max(Math.round(at.y), 0), values.length - 1);
      const value = (read ?? values)[unit][x];
      return [names?.length ? `${names[unit]} and ${names[x]}` : `${panel.x.word} = ${x}, unit ${unit}`, value === null ? "not a number" : (read ? scientific : figure)(value)];
    }
    const write = panel.y.log ? scientific : figure;
    const parts = panel.series.filter(({ name, kind }) => name && kind !== "ring").map(({ name, x: places, y }) => {
      const k = places.indexOf(x);
      return k < 0 || y[k] === null ? null : `${name} ${y[k] === 0 ? "0" : write(y[k])}`;
    });
    return [`${panel.x.word} = ${figure(x, Number.isInteger(x) ? 0 : 1)}`, ...parts.filter(Boolean)];
  }
}

export default keeper(Plot, ".plot");
