// Every epoch of the training: the loss as a curve, a slider under it, and the list of what was said.
// @ts-check

import { ChartPanel } from "../kit/chart.js";
import { el } from "../kit/dom.js";
import { figure } from "../kit/numbers.js";
import { Player } from "../kit/player.js";
import { upperEnd } from "../kit/scale.js";

/** @typedef {import("./lesson.js").Lesson} Lesson */


const PACE = 260; // milliseconds an epoch while it plays
const MARGIN = { left: 38, right: 12, top: 12, bottom: 8 };

/** The epochs of a lesson, as a curve with a slider and as a list. */
export class Epochs extends Player {
  constructor(show) {
    super("Epoch", show);
    this.where = el("b", { class: "epoch" });
    this.loss = el("span", { class: "loss" });
    this.chart = new ChartPanel({ margin: MARGIN });
    this.chart.canvas.setAttribute("class", "curve");
    this.chart.canvas.setAttribute("aria-hidden", "true");
    this.about = el("p", { class: "published" });
    this.list = el("div", { class: "rows", role: "listbox", "aria-label": "What was said after each epoch",
      onkeydown: (event) => this.keyed(event) });
    this.node = el("section", { class: "epochs" },
      el("header", {}, this.button, el("div", {}, this.where, this.loss)), this.chart.canvas, this.range, this.about,
        this.list);
  }

  /** @param {Lesson} lesson */
  load(lesson) {
    this.lesson = lesson;
    const { epochs } = lesson;
    this.extent(epochs);
    this.list.style.setProperty("--half", String(Math.ceil(epochs / 2)));
    this.rows = lesson.said.map((word, k) => this.row(word, k));
    this.list.replaceChildren(...this.rows);
    this.about.replaceChildren(...this.comparison());
    this.about.hidden = !this.about.childNodes.length;
  }

  /** @param {string} word @param {number} k */
  row(word, k) {
    const { lesson } = this, whole = lesson.whole(k);
    const letters = [...word].map((letter, t) => el("i", { class: lesson.right(k, t) ? "right" : "wrong",
      text: letter }));
    const count = [...word].filter((_, t) => lesson.right(k, t)).length;
    return el("button", { type: "button", class: "row", role: "option", "data-k": k, tabindex: -1,
      onclick: () => this.go(k) },
    el("span", { class: "spoken",
      text: `after epoch ${lesson.steps[k]} it says ${word}, ${count} of ${word.length} letters right` }),
    ...[el("span", { class: "number", text: lesson.steps[k] }), el("span", { class: "word" }, ...letters),
      el("span", { class: `mark ${whole ? "right" : ""}`, text: whole ? "✓" : `${count}/${word.length}` }),
      el("span", { class: "size", text: this.size(k) })].map((part) => { part.ariaHidden = "true"; return part; }));
  }

  /** @param {number} k */
  size(k) {
    const loss = this.lesson.losses[k];
    return loss === null ? "–" : figure(loss, loss < 0.1 ? 4 : 3);
  }

  /** The published loss beside this run's, at the epoch at which it was printed: before that epoch's update. */
  comparison() {
    const { published, epochs, steps } = this.lesson;
    if (published === null || epochs < 2) return [];
    return [el("b", { text: `published ${published} · here ${this.size(epochs - 2)}` }),
      ` as printed at epoch ${steps[epochs - 1]}, before its update; ${this.size(epochs - 1)} after it`];
  }

  /** The curve for the present width; an epoch that says the whole word has a full dot.
   * @param {number} width @param {Palette} palette */
  layout(width, palette) {
    const { lesson } = this, { published } = lesson, last = Math.max(1, lesson.epochs - 1);
    const high = upperEnd(Math.max(...[...lesson.losses, published].filter((value) => value !== null), 1e-6));
    const x = lesson.losses.map((_, k) => k), of = (/** @type {boolean} */ whole) =>
      x.filter((k) => lesson.whole(k) === whole);
    /** @type {(whole: boolean, colour: string) => Chart.Series} */
    const dots = (whole, colour) => ({ kind: "dots", x: of(whole), y: of(whole).map((k) => lesson.losses[k]), colour,
      width: 3.5,
      hollow: !whole, outline: true });
    /** @type {Chart.Rule} */
    const rule = { axis: "y", at: published, colour: "muted", width: 1, dash: [5, 4], text: `published ${published}`,
      cornered: true };
    this.palette = palette;
    /** @type {Chart.Panel} */
    this.panel = {
      x: { low: 0, high: last, ticks: [], word: "epoch" }, y: { low: 0, high, ticks: [[0, "0"], [high, String(high)]] },
      alt: "Loss after each epoch", rules: published === null ? [] : [rule],
      series: [{ x, y: lesson.losses, colour: "accent", width: 1.75, name: "loss" }, dots(true, "right"),
        dots(false, "wrong")] };
    this.chart.canvas.style.width = `${width}px`;
    this.range.style.marginLeft = `${MARGIN.left - 9}px`;
    this.range.style.width = `${width - MARGIN.left - MARGIN.right + 18}px`;
  }

  /** The curve with the present epoch marked. @param {number} k */
  curve(k) {
    const { lesson, panel } = this, loss = lesson.losses[k], whole = lesson.whole(k);
    if (!panel) return;
    const dots = loss === null ? [] : [{ y: loss, colour: whole ? "right" : "wrong", radius: 5.5, hollow: !whole }];
    this.chart.draw(panel, this.palette, { cursor: { x: k, line: "text", dots } });
  }

  /** @param {number} k */
  draw(k) {
    const { lesson } = this, last = lesson.steps[lesson.epochs - 1];
    this.range.value = String(k);
    this.where.textContent = k || lesson.steps[0] ? `Epoch ${lesson.steps[k]} of ${last}` : "Before training";
    this.loss.textContent = `loss ${this.size(k)}, ${lesson.summed ? "summed" : "mean"} over the letters`;
    this.range.setAttribute("aria-valuetext", `${this.where.textContent}: says ${lesson.said[k]}`);
    this.rows.forEach((row, place) => {
      row.setAttribute("aria-selected", String(place === k));
      row.tabIndex = place === k ? 0 : -1;
    });
    this.curve(k);
  }

  /** @param {KeyboardEvent} event */
  keyed(event) {
    const by = { ArrowUp: -1, ArrowLeft: -1, ArrowDown: 1, ArrowRight: 1, Home: -1000, End: 1000 }[event.key];
    if (!by) return;
    event.preventDefault();
    const k = Math.max(0, Math.min(this.lesson.epochs - 1, this.frame + by));
    this.go(k);
    this.rows[k].focus({ preventScroll: true });
  }

  get pace() {
    return PACE;
  }
}
