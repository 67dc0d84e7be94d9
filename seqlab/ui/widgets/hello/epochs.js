// Every epoch of the training: the loss as a curve, a slider under it, and the list of what was said.
// @ts-check

import { el, svg } from "../kit/dom.js";
import { figure } from "../kit/numbers.js";
import { Player } from "../kit/player.js";

const PACE = 260; // milliseconds an epoch while it plays
const CURVE = { height: 118, left: 38, right: 12, top: 12, bottom: 8 };

export class Epochs extends Player {
  constructor(show) {
    super();
    this.show = show;
    this.playing = 0;
    this.button = el("button", { class: "play", type: "button", onclick: () => this.toggle() });
    this.where = el("b", { class: "epoch" });
    this.loss = el("span", { class: "loss" });
    this.curve = svg("svg", { class: "curve", height: CURVE.height, "aria-hidden": "true" });
    this.range = el("input", { type: "range", min: 0, step: 1, "aria-label": "Epoch",
      oninput: () => { this.stop(); this.show(Number(this.range.value)); } });
    this.about = el("p", { class: "published" });
    this.list = el("div", { class: "rows", role: "listbox", "aria-label": "What was said after each epoch",
      onkeydown: (event) => this.keyed(event) });
    this.node = el("section", { class: "epochs" },
      el("header", {}, this.button, el("div", {}, this.where, this.loss)), this.curve, this.range, this.about, this.list);
    this.face(false);
  }

  load(lesson) {
    this.lesson = lesson;
    const { epochs } = lesson;
    this.range.max = epochs - 1;
    this.range.disabled = this.button.disabled = epochs < 2;
    this.list.style.setProperty("--half", Math.ceil(epochs / 2));
    this.rows = lesson.said.map((word, k) => this.row(word, k));
    this.list.replaceChildren(...this.rows);
    this.about.replaceChildren(...this.comparison());
    this.about.hidden = !this.about.childNodes.length;
  }

  row(word, k) {
    const { lesson } = this, whole = lesson.whole(k);
    const letters = [...word].map((letter, t) => el("i", { class: lesson.right(k, t) ? "right" : "wrong", text: letter }));
    const count = [...word].filter((_, t) => lesson.right(k, t)).length;
    return el("button", { type: "button", class: "row", role: "option", "data-k": k, tabindex: -1,
      "aria-label": `after epoch ${lesson.steps[k]} it says ${word}, ${count} of ${word.length} letters right`,
      onclick: () => { this.stop(); this.show(k); } },
    el("span", { class: "number", text: lesson.steps[k] }), el("span", { class: "word" }, ...letters),
    el("span", { class: `mark ${whole ? "right" : ""}`, text: whole ? "✓" : `${count}/${word.length}` }),
    el("span", { class: "size", text: this.size(k) }));
  }

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

  /** The curve in pixels of the present width. */
  layout(width) {
    const { lesson } = this, { height, left, right, top, bottom } = CURVE, last = Math.max(1, lesson.epochs - 1);
    const known = [...lesson.losses, lesson.published].filter((value) => value !== null);
    const ends = Math.max(...known, 1e-6), ten = 10 ** Math.floor(Math.log10(ends));
    const high = [1, 1.5, 2, 3, 4, 5, 6, 8, 10].map((part) => part * ten).find((end) => end >= ends * 0.999);
    this.x = (k) => left + (k / last) * (width - left - right);
    this.y = (value) => top + (1 - value / high) * (height - top - bottom);
    const line = lesson.losses.map((value, k) => (value === null ? "" : `${this.x(k).toFixed(1)} ${this.y(value).toFixed(1)}`));
    this.dots = lesson.losses.map((value, k) => svg("circle", { cx: this.x(k), cy: this.y(value ?? 0), r: 3.5,
      class: lesson.whole(k) ? "right" : "wrong" }));
    this.cursor = svg("line", { class: "cursor", y1: top - 6, y2: height });
    this.curve.setAttribute("width", width);
    this.curve.replaceChildren(
      ...[0, high].flatMap((value) => [svg("line", { class: "grid", x1: left, x2: width - right, y1: this.y(value), y2: this.y(value) }),
        this.text(left - 7, this.y(value) + 4, String(value), "end")]),
      ...this.rule(width), svg("path", { class: "line", d: `M${line.filter(Boolean).join("L")}` }), this.cursor, ...this.dots);
    this.range.style.marginLeft = `${left - 9}px`;
    this.range.style.width = `${width - left - right + 18}px`;
  }

  rule(width) {
    const { published } = this.lesson;
    if (published === null) return [];
    // Its name stands where a falling curve leaves room, with a piece of the line as its key.
    const y = this.y(published), x = width - CURVE.right, name = this.text(x, CURVE.top + 20, `published ${published}`, "end");
    return [svg("line", { class: "rule", x1: CURVE.left, x2: x, y1: y, y2: y }), name,
      svg("line", { class: "rule", x1: x - 142, x2: x - 112, y1: CURVE.top + 16, y2: CURVE.top + 16 })];
  }

  text(x, y, text, anchor) {
    const node = svg("text", { x, y, "text-anchor": anchor });
    node.textContent = text;
    return node;
  }

  draw(k) {
    const { lesson } = this, last = lesson.steps[lesson.epochs - 1];
    this.range.value = k;
    this.where.textContent = k || lesson.steps[0] ? `Epoch ${lesson.steps[k]} of ${last}` : "Before training";
    this.loss.textContent = `loss ${this.size(k)}${lesson.summed ? ", summed over the letters" : ", mean over the letters"}`;
    this.range.setAttribute("aria-valuetext", `${this.where.textContent}: says ${lesson.said[k]}`);
    this.rows.forEach((row, place) => {
      row.setAttribute("aria-selected", place === k);
      row.tabIndex = place === k ? 0 : -1;
    });
    this.dots?.forEach((dot, place) => dot.classList.toggle("on", place === k));
    this.cursor?.setAttribute("x1", this.x(k));
    this.cursor?.setAttribute("x2", this.x(k));
  }

  keyed(event) {
    const by = { ArrowUp: -1, ArrowLeft: -1, ArrowDown: 1, ArrowRight: 1, Home: -1000, End: 1000 }[event.key];
    if (!by) return;
    event.preventDefault();
    this.stop();
    const k = Math.max(0, Math.min(this.lesson.epochs - 1, Number(this.range.value) + by));
    this.show(k);
    this.rows[k].focus({ preventScroll: true });
  }

  toggle() {
    if (this.playing) return this.stop();
    const at = Number(this.range.value);
    this.play(at >= this.lesson.epochs - 1 ? 0 : at);
  }

  play(from) {
    this.run(from, this.lesson.epochs - 1, PACE);
  }
}
