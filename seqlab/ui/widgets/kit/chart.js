// The one chart: a panel of axes with lines, dots, maps and rules, drawn on a canvas at once and again at each frame.
// What moves under the hand draws by it (the explorer, films, live curves, dials); a chart that stands still is
// Plotly's.
// @ts-check

import { colourOf } from "./colour.js";
import { AxisLabels } from "./label.js";
import { grown } from "./present.js";
import { Scale } from "./scale.js";
import { DRAWERS, dot } from "./series.js";
import { Pixels, Surface, drawMap } from "./surface.js";

const LINE = 15; // height of a line of text below the axis, on a desk

/** @typedef {{ margin?: Partial<Chart.Margin>, texts?: boolean, last?: boolean }} Options */

/** One field with axes. ``texts: false`` leaves their numbers to somebody else, as a row that scrolls under them does.
 * */
export class ChartPanel {
  /** @param {Options} [options] */
  constructor({ margin = {}, texts = true } = {}) {
    this.surface = new Surface({ role: "img" });
    this.canvas = this.surface.canvas;
    this.labels = new AxisLabels(this.canvas);
    this.taken = -Infinity; // where the text over the last upright line ends
    this.margin = { left: 70, right: 12, top: 8, bottom: 24, ...margin };
    this.texts = texts;
    this.pixels = new Pixels();
    this.by = 1; // how much larger its texts and their room are than on a desk
    /** @type {Chart.Panel | null} */
    this.panel = null;
    /** @type {Scale | null} */
    this.x = null;
    /** @type {Scale | null} */
    this.y = null;
  }

  /** The numbers under the pointer; those at the ends where it is beyond them. @param {{ clientX: number, clientY:
   * number }} event */
  under({ clientX, clientY }) {
    if (!this.x || !this.y) return null;
    const box = this.canvas.getBoundingClientRect();
    return { x: this.x.value(this.x.within(clientX - box.left)), y: this.y.value(this.y.within(clientY - box.top)) };
  }

  /**
   * Draw a panel; ``last`` is the one whose axis of x has a label, ``cursor`` what is pointed at.
   * @param {Chart.Panel} panel @param {Palette} palette @param {{ last?: boolean, cursor?: Chart.Cursor | null }}
   * [more]
   */
  draw(panel, palette, { last = true, cursor = null } = {}) {
    const { surface, margin } = this;
    if (!surface.begin()) return;
    const { context: c, width, height } = surface, by = this.by = this.texts ? grown() : 1;
    const lines = Math.max(1, ...panel.x.ticks.map(([, text]) => text.split("\n").length));
    const bottom = by * (margin.bottom + (lines - 1) * LINE + (last && panel.x.label ? 16 : 0));
    if (this.panel?.alt !== panel.alt) this.canvas.setAttribute("aria-label", panel.alt);
    this.panel = panel;
    this.palette = palette;
    this.x = new Scale(panel.x, by * margin.left, width - by * margin.right);
    const named = panel.name || panel.rules.some(({ axis, text, upright }) => axis === "x" && text && !upright);
    this.y = new Scale(panel.y, height - bottom, by * (margin.top + (named ? 14 : 0)));
    this.area = { c, x: this.x, y: this.y, ground: palette.background };
    this.axes(last);
    this.content();
    this.taken = -Infinity;
    for (const rule of [...panel.rules].sort((one, other) => one.at - other.at)) this.rule(rule);
    if (panel.veil !== undefined) this.veil(panel.veil);
    if (cursor) this.cursor(cursor);
  }

  /** Marks of both axes with their texts, labels and the panel's name. @param {boolean} last */
  axes(last) {
    const { panel, palette, texts, by } = this, { c, x, y } = this.area, { width } = this.surface;
    Object.assign(c, { fillStyle: palette.muted, strokeStyle: palette.border, lineWidth: 1, textBaseline: "middle",
      textAlign: "right" });
    for (const [value, text] of panel.y.ticks) {
      const row = Math.round(y.place(value)) + 0.5;
      if (!panel.map) this.stroke(x.start, row, x.end, row);
      if (texts) c.fillText(text, x.start - 7, row);
    }
    if (!texts) return;
    Object.assign(c, { textBaseline: "top", textAlign: "center" });
    for (const { rows, place } of this.below(panel.x.ticks, width))
      rows.forEach((text, k) => c.fillText(text, place, y.start + 7 + k * by * LINE));
    this.labelled(last ? panel.x.label : "", panel.y.label);
    Object.assign(c, { textAlign: "left", textBaseline: "alphabetic", fillStyle: palette.text });
    if (panel.name) c.fillText(panel.name, x.start, y.end - 6);
  }

  /** What both axes are, each below a field that tells more of it. @param {string} [across] @param {string} [up] */
  labelled(across, up) {
    const { by } = this, { c, x, y } = this.area, { height } = this.surface, fields = [];
    const middle = (x.start + x.end) / 2, half = (y.start + y.end) / 2;
    const length = (/** @type {string} */ text) => Math.round(c.measureText(text).width);
    if (across) {
      c.fillText(across, middle, height - 14 * by);
      fields.push({ text: across, left: Math.round(middle - length(across) / 2), top: Math.round(height - 15 * by),
        width: length(across), height: Math.round(15 * by) });
    }
    if (up) {
      this.turned(up, 3, half);
      fields.push({ text: up, left: 0, top: Math.round(half - length(up) / 2), width: Math.round(18 * by),
        height: length(up), upright: true });
    }
    this.labels.lay(fields);
  }

  /** The ticks below: all of them, or every second, third … where no more fit.
   * @param {[number, string][]} ticks @param {number} width */
  below(ticks, width) {
    const { c, x } = this.area, every = ticks.map(([value, text]) => {
      const rows = text.split("\n"), half = Math.max(...rows.map((row) => c.measureText(row).width)) / 2;
      return { rows, half, place: Math.min(x.place(value), width - half) };
    });
    for (let hop = 1; ; hop++) {
      const some = every.filter((_, k) => k % hop === 0);
      if (some.every(({ place, half }, k) => !k || place - half > some[k - 1].place + some[k - 1].half
        + 2)) return some;
    }
  }

  /** A map and the series, none of them beyond the axes. */
  content() {
    const { panel, palette } = this, { c, x, y } = this.area;
    c.save();
    c.beginPath();
    c.rect(x.start - 5, y.end - 5, x.end - x.start + 10, y.start - y.end + 10);
    c.clip();
    if (panel.map) this.map(panel.map);
    for (const series of panel.series)
      if (series.x.length) DRAWERS[series.kind ?? "line"](this.area, series, colourOf(palette, series.colour));
    c.restore();
  }

  /** @param {Chart.Map} map */
  map(map) {
    const { c, x, y } = this.area, rows = map.values.length, columns = map.values[0].length;
    drawMap(this.pixels, map, this.palette);
    c.imageSmoothingEnabled = false;
    const [left, right] = [x.place(-0.5), x.place(columns - 0.5)], [top, end] = [y.place(-0.5), y.place(rows - 0.5)];
    c.drawImage(this.pixels.canvas, left, top, right - left, end - top);
  }

  /** @param {Chart.Rule} rule */
  rule({ axis, at, text = "", colour, width = 1.5, dash = [], upright, cornered }) {
    const { c, x, y } = this.area, tone = colourOf(this.palette, colour), place = this[axis].place(at);
    Object.assign(c, { strokeStyle: tone, fillStyle: tone, lineWidth: width });
    c.setLineDash(dash);
    if (axis === "x") this.stroke(place, y.start, place, y.end);
    else this.stroke(x.start, place, x.end, place);
    if (cornered) this.cornered(text);
    c.setLineDash([]);
    if (!text || cornered) return;
    if (upright) this.along(place, text);
    else if (axis === "y") this.beside(place, text);
    else this.above(place, text);
  }

  /** A text over the upper end of an upright line, to the right of the one before it where they are close.
   * @param {number} place @param {string} text */
  above(place, text) {
    const { c, x, y } = this.area, half = c.measureText(text).width / 2;
    Object.assign(c, { textAlign: "center", textBaseline: "bottom" });
    const at = Math.max(Math.min(Math.max(place, x.start + half), x.end - half), this.taken + half);
    c.fillText(text, at, y.end - 1);
    this.taken = at + half + 6 * this.by;
  }

  /** A text at the right end of a level line: above it, or below where the panel ends. @param {number} place @param
   * {string} text */
  beside(place, text) {
    const { by } = this, { c, x } = this.area, above = place - 5 >= 12 * by;
    Object.assign(c, { textAlign: "right", textBaseline: "alphabetic" });
    c.fillText(text, x.end, above ? place - 5 : place + 14 * by);
  }

  /** A text in the upper right corner, where a falling curve leaves room, with a piece of the line as its key.
   * @param {string} text */
  cornered(text) {
    const { c, x, y } = this.area, row = y.end + 16 * this.by, left = x.end - c.measureText(text).width - 8;
    Object.assign(c, { textAlign: "right", textBaseline: "middle" });
    c.fillText(text, x.end, row);
    this.stroke(left - 30, row, left, row);
  }

  /** A text along the lower end of an upright line, to its left where there is room; lines do not run through it.
   * @param {number} place @param {string} text */
  along(place, text) {
    const { c, x, y } = this.area, left = place - 16 * this.by >= x.start;
    Object.assign(c, { textAlign: "left", textBaseline: left ? "bottom" : "top", lineWidth: 4, lineJoin: "round" });
    c.strokeStyle = this.palette.background;
    c.save();
    c.translate(place + (left ? -3 : 3), y.start - 5);
    c.rotate(-Math.PI / 2);
    c.strokeText(text, 0, 0);
    c.fillText(text, 0, 0);
    c.restore();
  }

  /** A text that is read upwards. @param {string} text @param {number} across @param {number} down */
  turned(text, across, down) {
    const { c } = this.area;
    c.save();
    c.translate(across, down);
    c.rotate(-Math.PI / 2);
    c.fillText(text, 0, 0);
    c.restore();
  }

  /** @param {number} from */
  veil(from) {
    const { c, x } = this.area, left = x.place(from);
    Object.assign(c, { fillStyle: this.palette.background, globalAlpha: 0.66 });
    c.fillRect(left, 0, this.surface.width - left, this.surface.height);
    c.globalAlpha = 1;
  }

  /** What is pointed at, over all that is drawn. @param {Chart.Cursor} cursor */
  cursor({ x: at, line, dots = [] }) {
    const { c, x, y } = this.area, place = x.place(at);
    if (line) {
      Object.assign(c, { strokeStyle: colourOf(this.palette, line), lineWidth: 1, globalAlpha: 0.45 });
      this.stroke(place, y.start, place, y.end);
      c.globalAlpha = 1;
    }
    for (const { y: value, colour, radius = 3.5, hollow } of dots)
      dot(this.area, place, y.place(value), radius, colourOf(this.palette, colour), { outline: true, hollow });
  }

  /** @param {number} left @param {number} top @param {number} right @param {number} bottom */
  stroke(left, top, right, bottom) {
    const { c } = this.area;
    c.beginPath();
    c.moveTo(left, top);
    c.lineTo(right, bottom);
    c.stroke();
  }
}
