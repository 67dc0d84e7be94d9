// What a network wrote after each epoch: the share of valid strings as a curve, a slider under it, and ten strings.
// The strings are only ever set as text, never as HTML.
// @ts-check

import { ChartPanel } from "../kit/chart.js";
import { el, facts, keeper, resized } from "../kit/dom.js";
import { Player } from "../kit/player.js";
import { applyTheme } from "../kit/theme.js";

/** What was written at a step: the part in the language, the rest from where it leaves, and whether it is valid.
 * @typedef {{ step: number, name: string, valid: number | null, samples: [string, string, boolean][] }} Evaluation */


const PACE = 500; // milliseconds an epoch while it plays
const MARGIN = { left: 44, right: 12, top: 12, bottom: 10 };

class Samples extends Player {
  /** @param {HTMLElement} root */
  constructor(root) {
    super("Epoch", (k) => this.look(k));
    this.root = root;
    this.at = null; // the epoch that a person chose; null: the last one
    this.where = el("b");
    this.share = el("span");
    this.chart = new ChartPanel({ margin: MARGIN });
    this.chart.canvas.setAttribute("aria-hidden", "true");
    this.chart.canvas.addEventListener("pointerdown", (event) => this.pressed(event));
    this.list = el("ol", { "aria-live": "polite" });
    root.replaceChildren(el("header", {}, this.button, el("div", {}, this.where, this.share)),
      el("div", { class: "body" }, el("div", { class: "rate" }, this.chart.canvas, this.range), this.list));
    this.unwatch = resized(root, () => this.draw());
  }

  destroy() {
    this.stop();
    this.unwatch();
  }

  update(data) {
    const last = data.evaluations.length - 1;
    if (this.data && data.evaluations[0]?.step !== this.data.evaluations[0]?.step) this.at = null;
    this.data = data;
    this.palette = applyTheme(this.root);
    this.extent(last + 1);
    if (this.at !== null && this.at >= last) this.at = null;
    this.draw();
  }

  /** @param {number} k */
  look(k) {
    this.at = k >= this.data.evaluations.length - 1 ? null : k;
    this.draw();
  }

  draw() {
    const { evaluations, seed } = this.data ?? {};
    if (!evaluations?.length) return;
    const k = this.at ?? evaluations.length - 1, { name, valid, samples } = evaluations[k];
    this.range.value = String(k);
    this.range.setAttribute("aria-valuetext", name);
    this.where.textContent = name;
    this.share.textContent = valid === null ? "" : `${(100 * valid).toFixed(1)} % of 1,000 strings are in the language`;
    this.list.replaceChildren(...samples.map((sample) => this.row(sample, seed)));
    this.line(k);
    facts(this.root, { at: k, count: evaluations.length });
  }

  row([good, rest, valid], seed) {
    const own = good.startsWith(seed) ? seed : "", label = valid ? "valid" : rest ? "leaves the language"
      : "ends too early";
    return el("li", { class: valid ? "right" : "wrong" }, el("i", { class: "mark", role: "img", "aria-label": label,
      title: label, text: valid ? "✓" : "✗" }),
      el("code", {}, ...(own ? [el("span", { class: "seed", text: own, title: "the seed sequence" })] : []),
        good.slice(own.length),
        ...(rest ? [el("mark", { text: rest, title: "from here on it is outside the language" })] : []),
        ...(valid || rest ? [] : [el("small", { text: "ends too early" })]),
        ...(good || rest ? [] : [el("small", { text: "the empty string" })])));
  }

  /** The share of valid strings over the epochs, with the present one marked. @param {number} k */
  line(k) {
    const { evaluations } = this.data, x = evaluations.map((_, place) => place), y = evaluations.map(({ valid }) =>
      valid ?? 0);
    const ends = x.length < 2 ? { low: -0.5, high: 0.5 } : { low: 0, high: x.length - 1 };
    this.chart.draw({
      x: { ...ends, ticks: [], word: "epoch" }, y: { low: 0, high: 1, ticks: [[0, "0 %"], [0.5, "50 %"],
        [1, "100 %"]] },
      alt: "Share of valid strings", rules: [],
      series: [{ x, y, colour: "right", width: 1.75, name: "valid" },
        ...(x.length <= 60 ? [{ kind: /** @type {const} */ ("dots"), x, y, colour: "right", width: 2.5 }] : [])],
    }, this.palette, { cursor: { x: k, dots: [{ y: y[k], colour: "right", radius: 5 }] } });
  }

  /** A press on the curve goes to the nearest epoch. @param {PointerEvent} event */
  pressed(event) {
    const at = this.chart.under(event);
    if (at) this.go(Math.min(this.last, Math.max(0, Math.round(at.x))));
  }

  get pace() {
    return PACE;
  }
}

export default keeper(Samples, ".samples");
