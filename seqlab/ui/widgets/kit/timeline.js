// The slider over the snapshots of a film, with the share of right answers behind it, and the play button.
// @ts-check

import { ChartPanel } from "./chart.js";
import { el } from "./dom.js";
import { percent, whole } from "./numbers.js";
import { Player } from "./player.js";

const FULL_RUN = 4000; // milliseconds to play a whole film
const EDGE = 5; // room for the dot at the ends

/** What a timeline reads of a film. @typedef {{ frames: number, steps: number[], total: number, accuracy: (number |
 * null)[] }} Steps */

/** The snapshots of a training in a row. */
export class Timeline extends Player {
  /** @param {(frame: number) => void} show */
  constructor(show) {
    super("Snapshot of the training", show);
    this.chart = new ChartPanel({ margin: { left: EDGE, right: EDGE, top: EDGE, bottom: EDGE }, texts: false });
    this.chart.canvas.setAttribute("aria-hidden", "true");
    this.step = el("b");
    this.share = el("span");
    this.word = el("span", {}, this.share, el("em", { text: " of the answers" }), " right");
    this.about = el("p", { class: "about" });
    this.node = el("div", { class: "timeline", "data-look": "training" }, this.button,
      el("div", { class: "track" }, this.chart.canvas, this.range),
      el("div", { class: "where" }, this.step, this.word), this.about);
  }

  /** @param {Steps} film */
  load(film) {
    this.film = film;
    this.extent(film.frames);
    this.node.classList.toggle("still", film.frames < 2);
    this.about.replaceChildren("Play shows how the network learned this word",
      el("em", { text: `: ${film.frames} snapshots, `
      + "from before training to the last step. The line is the share of the answers that are right" }), ".");
    const y = film.accuracy.map((share) => share ?? 0), x = y.map((_, k) => k), last = Math.max(1, film.frames - 1);
    /** @type {Chart.Panel} */
    this.panel = { x: { low: 0, high: last, ticks: [] }, y: { low: 0, high: 1, ticks: [] }, alt: "", rules: [],
      series: [{ kind: "band", x, y, colour: "accent", width: 1.75 }] };
  }

  /** @param {number} frame @param {Palette} palette */
  draw(frame, palette) {
    const { film, panel } = this, share = film.accuracy[frame];
    this.range.value = String(frame);
    this.chart.draw({ ...panel, veil: frame }, palette,
      { cursor: { x: frame, dots: [{ y: share ?? 0, colour: "accent", radius: 4 }] } });
    const step = `step ${whole(film.steps[frame])} of ${whole(film.total)}`;
    this.step.textContent = step;
    this.share.textContent = share === null ? "–" : percent(share);
    this.range.setAttribute("aria-valuetext", `${step}, ${this.word.textContent}`);
  }

  get pace() {
    return Math.max(FULL_RUN / this.last, 40);
  }
}
