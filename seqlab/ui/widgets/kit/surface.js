// A canvas as sharp as the screen, and small pictures of one pixel a number.
// @ts-check

import { lookup } from "./colour.js";
import { el } from "./dom.js";
import { sized } from "./present.js";

const WIDEST = 16000; // device pixels; browsers draw nothing on a wider canvas

/** A canvas that is drawn on in CSS pixels, whatever the screen's own. */
export class Surface {
  /** @param {Record<string, string>} [props] */
  constructor(props = {}) {
    this.canvas = el("canvas", props);
    this.context = /** @type {CanvasRenderingContext2D} */ (this.canvas.getContext("2d"));
    this.width = this.height = 0;
  }

  /** Begin a new picture on an empty ground; false where there is no room for one. */
  begin() {
    const { canvas, context: c } = this, { clientWidth: width, clientHeight: height } = canvas;
    if (!width || !height) return false;
    const ratio = Math.min(devicePixelRatio || 1, WIDEST / width);
    const [across, down] = [Math.round(width * ratio), Math.round(height * ratio)];
    if (canvas.width !== across) canvas.width = across;
    if (canvas.height !== down) canvas.height = down;
    c.setTransform(ratio, 0, 0, ratio, 0, 0);
    c.clearRect(0, 0, width, height);
    c.font = `${sized(12)}px ${getComputedStyle(canvas).fontFamily}`;
    Object.assign(this, { width, height });
    return true;
  }
}

/** Numbers as pixels, one each, which the browser enlarges without smoothing. */
export class Pixels {
  /** @param {HTMLCanvasElement} [canvas] */
  constructor(canvas = el("canvas")) {
    this.canvas = canvas;
    this.context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
    this.values = new Uint32Array(0);
    /** @type {ImageData | null} */
    this.image = null;
  }

  /** Make room for so many numbers, where there is not yet; returns the pixels, row after row.
   * @param {number} width @param {number} height */
  sized(width, height) {
    if (this.image?.width !== width || this.image.height !== height) {
      [this.canvas.width, this.canvas.height] = [width, height];
      this.image = new ImageData(width, height);
      this.values = new Uint32Array(this.image.data.buffer);
    }
    return this.values;
  }

  /** Bring the pixels onto the screen. */
  put() {
    this.context.putImageData(/** @type {ImageData} */ (this.image), 0, 0);
  }
}

/** Draw rows of numbers with the colours of a map; what is no number stays clear.
 * @param {Pixels} pixels @param {Chart.Map} map @param {Palette} palette */
export function drawMap(pixels, { values, low, high, colours }, palette) {
  const table = lookup(palette[colours]), columns = values[0].length, cells = pixels.sized(columns, values.length);
  values.forEach((row, unit) => row.forEach((value, t) => {
    const share = value === null ? 0 : Math.min(Math.max((value - low) / (high - low), 0), 1);
    cells[unit * columns + t] = value === null ? 0 : table[Math.round(255 * share)];
  }));
  pixels.put();
}
