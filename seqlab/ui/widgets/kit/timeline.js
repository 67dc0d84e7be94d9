// The slider over the snapshots, with the word's accuracy behind it, and the play button.
// @ts-check

import { el, svg } from "./dom.js";
import { percent, whole } from "./numbers.js";
import { Player } from "./player.js";

const FULL_RUN = 4000; // milliseconds to play a whole film

export class Timeline extends Player {
  constructor(show) {
    super();
    this.show = show;
    this.playing = 0;
    this.button = el("button", { class: "play", type: "button", onclick: () => this.toggle() });
    this.range = el("input", { type: "range", min: 0, step: 1, "aria-label": "Snapshot of the training",
      oninput: () => { this.stop(); this.show(Number(this.range.value)); } });
    this.area = svg("path", { class: "area" });
    this.line = svg("path", { class: "line" });
    this.future = svg("rect", { class: "future", y: 0, height: 100 });
    this.dot = el("i", { class: "dot" });
    this.step = el("b");
    this.share = el("span");
    this.word = el("span", {}, this.share, el("em", { text: " of the echo" }), " right");
    this.about = el("p", { class: "about" });
    this.node = el("div", { class: "timeline" }, this.button,
      el("div", { class: "track" },
        svg("svg", { viewBox: "0 0 100 100", preserveAspectRatio: "none", "aria-hidden": "true" },
          this.area, this.line, this.future), this.dot, this.range),
      el("div", { class: "where" }, this.step, this.word), this.about);
    this.face(false);
  }

  load(film) {
    this.film = film;
    const last = Math.max(1, film.frames - 1);
    this.range.max = film.frames - 1;
    this.range.disabled = this.button.disabled = film.frames < 2;
    this.node.classList.toggle("still", film.frames < 2);
    this.about.replaceChildren("Play shows how the network learned this word", el("em", { text: `: ${film.frames} snapshots, `
      + "from before training to the last step. The line is the share of the echo that is right" }), ".");
    const points = film.accuracy.map((share, k) => [(100 * k) / last, 96 - 88 * (share ?? 0)]);
    if (points.length === 1) points.push([100, points[0][1]]);
    const path = points.map(([x, y]) => `${x.toFixed(2)} ${y.toFixed(2)}`).join("L");
    this.line.setAttribute("d", `M${path}`);
    this.area.setAttribute("d", `M0 100L${path}L100 100Z`);
  }

  draw(frame) {
    const { film } = this, share = film.accuracy[frame];
    const place = film.frames > 1 ? (100 * frame) / (film.frames - 1) : 100;
    this.range.value = frame;
    this.future.setAttribute("x", place);
    this.future.setAttribute("width", 100 - place);
    this.dot.style.setProperty("--x", place / 100);
    this.dot.style.setProperty("--y", (96 - 88 * (share ?? 0)) / 100);
    const step = `step ${whole(film.steps[frame])} of ${whole(film.total)}`;
    this.step.textContent = step;
    this.share.textContent = share === null ? "–" : percent(share);
    this.range.setAttribute("aria-valuetext", `${step}, ${this.word.textContent}`);
  }

  toggle() {
    if (this.playing) return this.stop();
    this.play(Number(this.range.value) >= this.film.frames - 1 ? 0 : Number(this.range.value));
  }

  play(from) {
    const last = this.film.frames - 1;
    this.run(from, last, Math.max(FULL_RUN / last, 40));
  }
}
