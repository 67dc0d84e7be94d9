// Draws a path among states in a plane; both axes have one scale, so that distances are those of the states.
// @ts-check

import { ramp } from "../kit/colour.js";
import { grown } from "../kit/present.js";
import { Surface } from "../kit/surface.js";

/** @typedef {import("./trajectory.js").Path} Path */

const GOLDEN = 137.508; // degrees between two kinds, so that neighbours differ
const PAD = 8, DOT = 5, LETTERS = 80;
const foot = () => 20 * grown(); // below the field stand the names of its directions

/** The colour of a number: a hue of its own for a kind, a place on the map for an amount, grey for none.
 * @param {number | null} value @param {Path["colouring"]} colouring @param {Palette} palette @param {string[]} map */
export function toneOf(value, { form, low, high }, palette, map) {
  if (value === null) return palette.muted;
  if (form === "kind")
    return `oklch(${palette === THEME.dark ? 0.78 : 0.52} 0.15 ${((value * GOLDEN) % 360).toFixed(1)})`;
  const share = high > low ? Math.min(1, Math.max(0, (value - low) / (high - low))) : 0;
  return map[Math.round((0.25 + 0.75 * share) * (map.length - 1))]; // the palest would be lost on the page
}

/** The field that is drawn on. */
export class Plane {
  /** @param {Record<string, string>} props */
  constructor(props) {
    this.surface = new Surface(props);
    this.canvas = this.surface.canvas;
    this.middle = [0, 0];
    this.scale = 1;
  }

  /** @param {Path} data @param {Palette} palette @param {number} frame @param {number} t */
  draw(data, palette, frame, t) {
    if (!this.surface.begin()) return;
    const { context: c, width, height } = this.surface;
    const [wide, high] = [data.high[0] - data.low[0], data.high[1] - data.low[1]];
    this.scale = Math.min((width - 2 * PAD) / wide, (height - 2 * PAD - foot()) / high);
    this.middle = [(data.low[0] + data.high[0]) / 2, (data.low[1] + data.high[1]) / 2];
    this.map = ramp(palette.sequential);
    this.axes(data, palette);
    c.globalAlpha = 0.4;
    data.cloud.forEach((at, k) => this.dot(at, 2.2, toneOf(data.colouring.cloud[k], data.colouring, palette,
      this.map)));
    c.globalAlpha = 1;
    this.path(data, palette, frame, t);
    for (const mark of data.rests) this.rest(mark, palette);
  }

  /** The pixel of a state. @param {number[]} at @returns {[number, number]} */
  place([x, y]) {
    const { middle, scale, surface: { width, height } } = this;
    return [width / 2 + (x - middle[0]) * scale, (height - foot()) / 2 - (y - middle[1]) * scale];
  }

  /** @param {Path} data @param {Palette} palette */
  axes({ labels }, palette) {
    const { context: c, width, height } = this.surface;
    c.fillStyle = palette.muted;
    c.textBaseline = "alphabetic";
    c.textAlign = "left";
    const narrow = width < 520, [across, up] = narrow ? labels.map((text) => text.replace("direction ", "")) : labels;
    c.fillText(`↔ ${across}`, PAD, height - 5);
    c.textAlign = "right";
    c.fillText(`↕ ${up}`, width - PAD, height - 5);
  }

  /** @param {Path} data @param {Palette} palette @param {number} frame @param {number} t */
  path(data, palette, frame, t) {
    const { context: c } = this.surface, path = data.paths[frame], { colouring } = data;
    const values = Array.isArray(colouring.path[0]) ? colouring.path[frame] : colouring.path;
    c.lineWidth = 1.6;
    path.forEach((at, k) => {
      if (!k) return;
      c.globalAlpha = k <= t ? 0.75 : 0.18;
      c.strokeStyle = palette.muted;
      c.beginPath();
      c.moveTo(...this.place(path[k - 1]));
      c.lineTo(...this.place(at));
      c.stroke();
    });
    path.forEach((at, k) => {
      c.globalAlpha = k <= t ? 1 : 0.3;
      this.dot(at, DOT, toneOf(values[k], colouring, palette, this.map), palette.background);
    });
    c.textAlign = "left";
    c.textBaseline = "middle";
    c.fillStyle = palette.text;
    if (path.length <= LETTERS) path.forEach((at, k) => {
      const [x, y] = this.place(at);
      c.globalAlpha = k <= t ? 1 : 0.3;
      c.fillText(data.letters[k], x + DOT + 3, y - 1);
    });
    c.globalAlpha = 1;
    this.ring(path[t], palette);
  }

  /** @param {number[]} at @param {Palette} palette */
  ring(at, palette) {
    const { context: c } = this.surface, [x, y] = this.place(at);
    c.strokeStyle = palette.accent;
    c.lineWidth = 2.5;
    c.beginPath();
    c.arc(x, y, DOT + 4, 0, 2 * Math.PI);
    c.stroke();
  }

  /** @param {number[]} at @param {number} radius @param {string} tone @param {string} [outline] */
  dot(at, radius, tone, outline) {
    const { context: c } = this.surface, [x, y] = this.place(at);
    c.beginPath();
    c.arc(x, y, radius, 0, 2 * Math.PI);
    c.fillStyle = tone;
    c.fill();
    if (!outline) return;
    c.strokeStyle = outline;
    c.lineWidth = 1;
    c.stroke();
  }

  /** A square attracts, a cross repels, a rhombus does both; hollow where it only moves slowly.
   * @param {Path["rests"][number]} mark @param {Palette} palette */
  rest({ x, y, kind, fixed }, palette) {
    const { context: c } = this.surface, [across, down] = this.place([x, y]), size = 7;
    c.save();
    c.translate(across, down);
    c.rotate(kind === "saddle" ? Math.PI / 4 : 0);
    c.lineWidth = 2.5;
    c.strokeStyle = c.fillStyle = palette.text;
    c.beginPath();
    if (kind === "repels") {
      for (const slope of [1, -1]) { c.moveTo(-size, -slope * size); c.lineTo(size, slope * size); }
    } else c.rect(-size, -size, 2 * size, 2 * size);
    if (!fixed) c.setLineDash([3, 2]);
    c.stroke();
    c.restore();
  }

  /** The time of the state that is nearest to a pixel; the resting point where one is nearer.
   * @param {Path} data @param {number} frame @param {number} x @param {number} y */
  nearest(data, frame, x, y) {
    const far = (/** @type {number[]} */ at) => { const [a, b] = this.place(at); return Math.hypot(a - x, b - y); };
    const best = (/** @type {number[]} */ all) => all.reduce((low, value, k) => (value < all[low] ? k : low), 0);
    const states = data.paths[frame].map(far), rests = data.rests.map((mark) => far([mark.x, mark.y]));
    const t = best(states), rest = best(rests);
    return rests.length && rests[rest] < Math.min(12, states[t]) ? { rest, t: null } : { rest: null, t };
  }
}
