// Heatmaps, time × unit: the numbers go through a colour table straight into pixels, one pixel a number.
// @ts-check

import { channels, lookup } from "../kit/colour.js";
import { el } from "../kit/dom.js";
import { exporter } from "../kit/export.js";
import { MINUS } from "../kit/numbers.js";
import { LOST } from "../kit/packed.js";
import { grown } from "../kit/present.js";
import { Pixels } from "../kit/surface.js";
import { roomOf, rowHeight } from "./rooms.js";
import { timePlot } from "./strip.js";

/** @typedef {import("./film.js").Film} Film */
/** @typedef {import("./film.js").Picture} Picture */
/** @typedef {import("./trail.js").Trail} Trail */

/** @param {string} key @param {string} [index] */
export function symbolNode(key, index = "t") {
  return el("span", { class: "symbol", style: `color: var(--symbol-${key})` },
    el("i", { text: THEME.letters[key] || key }), el("sub", { text: index }));
}

/** The heatmap of one symbol. */
export class Panel {
  /** @param {string} key @param {boolean} wide */
  constructor(key, wide) {
    this.key = key;
    this.wide = wide;
    this.pixels = new Pixels();
    this.canvas = this.pixels.canvas;
    this.column = el("i", { class: "column" });
    this.row = el("i", { class: "unit-row" });
    this.ticks = el("div", { class: "ticks", "aria-hidden": "true" });
    this.count = el("span", { class: "units" });
    this.frameNode = el("div", { class: "heat" }, this.canvas, this.row);
    const { node, plot } = timePlot(key, [this.count], this.column, this.frameNode, this.ticks);
    this.scroller = node;
    this.plot = plot;
    plot.tabIndex = 0;
    plot.setAttribute("role", "img");
    this.name = el("b");
    this.meaning = el("span", { class: "meaning" });
    this.bar = el("span", { class: "bar" });
    this.low = el("span");
    this.high = el("span");
    this.extra = el("span", { class: "extra" });
    const tools = exporter(() => ({ title: `${this.name.textContent}, ${this.film.letters.join(" ")}`, panels: [],
      palette: this.palette, canvases: [this.canvas] }), false);
    this.node = el("section", { class: wide ? "panel wide" : "panel", "data-look": key },
      el("header", {}, symbolNode(key), this.name, this.meaning, this.extra,
        el("span", { class: "scale" }, this.low, this.bar, this.high), tools), node);
  }

  /** Take the numbers of one layer; new elements only for another number of columns or rows.
   * @param {Film} film @param {number} layer */
  build(film, layer) {
    this.film = film;
    this.panel = film.panels.find((panel) => panel.key === this.key && panel.layer === layer);
    const { units, label } = this.panel;
    this.titled = undefined;
    this.count.textContent = units === 1 ? "1 unit" : `${units} units`;
    this.plot.setAttribute("aria-label", `${label}, ${film.time} times by ${units} units; `
      + "arrow keys move and pin, Enter pins or lets go, Esc lets go");
    const row = rowHeight(units, roomOf(this.wide, film.keys.length - 1));
    this.height = row * units;
    this.frameNode.style.height = `${this.height}px`;
    this.canvas.classList.toggle("many", row < 1);
    this.labels();
  }

  labels() {
    const text = this.film.letters.join("");
    if (this.text === text) return;
    this.text = text;
    this.ticks.replaceChildren(...this.film.letters.map((letter) => el("span", { text: letter })));
  }

  /** Stand in the columns of the letters (aligned) or in narrower ones, with as many letters as have room.
   * @param {boolean} aligned @param {number} column */
  layout(aligned, column) {
    const every = Math.ceil((9 * grown()) / column);
    this.node.classList.toggle("aligned", aligned);
    if (aligned) this.node.style.removeProperty("--column");
    else this.node.style.setProperty("--column", `${column}px`);
    [...this.ticks.children].forEach((node, t) => node.classList.toggle("hushed", t % every > 0));
  }

  /** @param {Palette} palette */
  paint(palette) {
    this.palette = palette;
    this.titled = undefined;
    this.table = lookup(palette[this.panel.colour]);
    this.strengths = lookup(palette.sequential);
    this.nothing = lookup([palette.muted, palette.muted])[0];
    this.veil = lookup([palette.border, palette.border])[0];
  }

  /** Say what the map shows and in which colours: the symbol itself, or how far it depends on a letter.
   * @param {Trail | null} trail */
  title(trail) {
    const { label, meaning, span, colour, key } = this.panel, own = trail && trail.part.key === key;
    const letter = trail && this.film.letters[trail.letter];
    if (this.titled === `${letter} ${trail?.letter} ${own}`) return;
    this.titled = `${letter} ${trail?.letter} ${own}`;
    this.name.textContent = own ? `trail of ${letter}` : label;
    this.meaning.textContent = this.meaning.title = own
      ? `how far it depends on the ${letter} read at t = ${trail.letter}: its spread over all letters there; `
        + "grey below: not at all" : meaning;
    const ends = own ? [0, trail.part.limit] : span, stops = this.palette[own ? "sequential" : colour];
    [this.low.textContent, this.high.textContent] = ends.map((end) => String(end).replace("-", MINUS));
    this.bar.style.background = `linear-gradient(90deg, ${stops.join(", ")})`;
  }

  /** @param {number} frame @param {ArrayLike<number>} rows @param {Trail | null} [trail] */
  draw(frame, rows, trail = null) {
    const { units, key } = this.panel, { time } = this.film;
    const pixels = this.pixels.sized(time, units);
    this.title(trail);
    if (trail && trail.part.key === key) {
      for (let row = 0, pixel = 0; row < units; row++)
        for (let t = 0; t < time; t++) pixels[pixel++] = this.strengths[(trail.share(t, rows[row]) * 255) | 0];
    } else this.values(frame, rows, pixels);
    if (trail && trail.part.key !== key && trail.part.units === units) this.veiled(rows, pixels, trail);
    this.pixels.put();
  }

  /** @param {number} frame @param {ArrayLike<number>} rows @param {Uint32Array} pixels */
  values(frame, rows, pixels) {
    const { values, units, range, span } = this.panel, { time } = this.film, { table, nothing } = this;
    // colour = gain · code + offset, from the quantised range to the fixed span of the colours
    const gain = ((range[1] - range[0]) / 65534 / (span[1] - span[0])) * 255;
    const offset = ((range[0] - span[0]) / (span[1] - span[0])) * 255 + 32767 * gain + 0.5;
    for (let row = 0, pixel = 0; row < units; row++) {
      for (let t = 0, at = frame * time * units + rows[row]; t < time; t++, at += units) {
        const code = values[at], shade = code * gain + offset;
        pixels[pixel++] = code === LOST ? nothing : table[shade < 0 ? 0 : shade > 255 ? 255 : shade | 0];
      }
    }
  }

  /** Veil what does not depend on a letter, the more the less it does.
   * @param {ArrayLike<number>} rows @param {Uint32Array} pixels @param {Trail} trail */
  veiled(rows, pixels, trail) {
    const { time } = this.film, veil = channels(this.veil);
    for (let row = 0, pixel = 0; row < rows.length; row++)
      for (let t = 0; t < time; t++, pixel++) {
        const share = Math.min(1, 2 * trail.share(t, rows[row])), own = channels(pixels[pixel]);
        const [r, g, b] = own.map((part, k) => Math.round(veil[k] + share * (part - veil[k])));
        pixels[pixel] = ((255 << 24) | (b << 16) | (g << 8) | r) >>> 0;
      }
  }

  /** @param {number} t @param {number} row @param {boolean} strong */
  mark(t, row, strong) {
    const height = this.height / this.panel.units;
    this.row.style.transform = `translateY(${row * height}px)`;
    this.row.style.height = `${Math.max(height, 1)}px`;
    this.row.classList.toggle("on", strong);
    if (this.marked !== t) {
      this.ticks.children[this.marked]?.classList.remove("on");
      this.ticks.children[t]?.classList.add("on");
      this.marked = t;
    }
  }
}
