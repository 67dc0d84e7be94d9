// What a network wrote after each epoch: the share of valid strings as a curve, a slider under it, and ten strings.
// The strings are only ever set as text, never as HTML.
// @ts-check

import { el, keeper, resized, svg } from "../kit/dom.js";
import { Player } from "../kit/player.js";
import { applyTheme } from "../kit/theme.js";

const PACE = 500; // milliseconds an epoch while it plays
const CURVE = { height: 96, left: 44, right: 12, top: 12, bottom: 10 };

class Samples extends Player {
  constructor(root) {
    super();
    this.root = root;
    this.playing = 0;
    this.at = null; // the epoch that a person chose; null: the last one
    this.button = el("button", { class: "play", type: "button", onclick: () => this.toggle() });
    this.where = el("b");
    this.share = el("span");
    this.curve = svg("svg", { height: CURVE.height, "aria-hidden": "true" });
    this.range = el("input", { type: "range", min: 0, step: 1, "aria-label": "Epoch",
      oninput: () => { this.stop(); this.show(Number(this.range.value)); } });
    this.list = el("ol", { "aria-live": "polite" });
    root.replaceChildren(el("header", {}, this.button, el("div", {}, this.where, this.share)),
      el("div", { class: "body" }, el("div", { class: "rate" }, this.curve, this.range), this.list));
    this.face(false);
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
    applyTheme(this.root);
    this.range.max = Math.max(0, last);
    this.range.disabled = this.button.disabled = last < 1;
    if (this.at !== null && this.at >= last) this.at = null;
    this.draw();
  }

  toggle() {
    const last = this.data.evaluations.length - 1, now = this.at ?? last;
    if (this.playing) this.stop();
    else this.run(now >= last ? 0 : now, last, PACE);
  }

  show(k) {
    this.at = k >= this.data.evaluations.length - 1 ? null : k;
    this.draw();
  }

  draw() {
    const { evaluations, seed } = this.data ?? {};
    if (!evaluations?.length) return;
    const k = this.at ?? evaluations.length - 1, { name, valid, samples } = evaluations[k];
    this.range.value = k;
    this.range.setAttribute("aria-valuetext", name);
    this.where.textContent = name;
    this.share.textContent = valid === null ? "" : `${(100 * valid).toFixed(1)} % of 1,000 strings are in the language`;
    this.list.replaceChildren(...samples.map((sample) => this.row(sample, seed)));
    this.line(k);
    Object.assign(this.root.dataset, { at: k, count: evaluations.length });
  }

  row([good, rest, valid], seed) {
    const own = good.startsWith(seed) ? seed : "", told = valid ? "valid" : rest ? "leaves the language" : "ends too early";
    return el("li", { class: valid ? "right" : "wrong" }, el("i", { class: "mark", role: "img", "aria-label": told, title: told, text: valid ? "✓" : "✗" }),
      el("code", {}, ...(own ? [el("span", { class: "seed", text: own, title: "the seed sequence" })] : []), good.slice(own.length),
        ...(rest ? [el("mark", { text: rest, title: "from here on it is outside the language" })] : []),
        ...(valid || rest ? [] : [el("small", { text: "ends too early" })]),
        ...(good || rest ? [] : [el("small", { text: "the empty string" })])));
  }

  /** The share of valid strings over the epochs; a press on it goes to the nearest one. */
  line(k) {
    const width = this.curve.clientWidth, { evaluations } = this.data, last = Math.max(1, evaluations.length - 1);
    if (!width) return;
    const x = (place) => CURVE.left + (evaluations.length < 2 ? 0.5 : place / last) * (width - CURVE.left - CURVE.right);
    const y = (share) => CURVE.top + (1 - share) * (CURVE.height - CURVE.top - CURVE.bottom);
    const known = evaluations.map(({ valid }, place) => [x(place), y(valid ?? 0)]);
    const rules = [0, 0.5, 1].flatMap((share) => [
      svg("line", { x1: CURVE.left, x2: width - CURVE.right, y1: y(share), y2: y(share), class: "rule" }),
      Object.assign(svg("text", { x: CURVE.left - 7, y: y(share) + 4, "text-anchor": "end" }), { textContent: `${100 * share} %` })]);
    this.curve.replaceChildren(...rules, svg("path", { class: "line", d: known.map(([a, b], place) => `${place ? "L" : "M"}${a.toFixed(1)} ${b.toFixed(1)}`).join("") }),
      ...(evaluations.length <= 60 ? known.map(([a, b]) => svg("circle", { cx: a, cy: b, r: 2.5, class: "dot" })) : []),
      svg("circle", { cx: known[k][0], cy: known[k][1], r: 5, class: "here" }));
    this.curve.onpointerdown = (event) => {
      const share = (event.clientX - this.curve.getBoundingClientRect().left - CURVE.left) / (width - CURVE.left - CURVE.right);
      this.stop();
      this.show(Math.min(last, Math.max(0, Math.round(share * last))));
    };
  }
}

export default keeper(Samples, ".samples");
