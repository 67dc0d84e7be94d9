// The slider over the snapshots, with the word's accuracy behind it, and the play button.

const FULL_RUN = 4000; // milliseconds to play a whole film

class Timeline {
  constructor(show) {
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
    this.stop();
    const last = this.film.frames - 1;
    if (last < 1) return;
    const pace = Math.max(FULL_RUN / last, 40), start = performance.now();
    const tick = (now) => {
      const frame = Math.min(last, from + Math.max(0, Math.floor((now - start) / pace)));
      if (frame !== Number(this.range.value) || now === start) this.show(frame);
      if (frame >= last) return this.stop();
      this.playing = requestAnimationFrame(tick);
    };
    this.face(true);
    this.show(from);
    this.playing = requestAnimationFrame(tick);
  }

  stop() {
    cancelAnimationFrame(this.playing);
    this.playing = 0;
    this.face(false);
  }

  face(playing) {
    const label = playing ? "Pause" : "Play the training from the start";
    this.button.setAttribute("aria-label", label);
    this.button.title = label;
    this.button.replaceChildren(svg("svg", { viewBox: "0 0 16 16", "aria-hidden": "true" },
      svg("path", { d: playing ? "M4 3h3v10H4zM9 3h3v10H9z" : "M4.5 2.6v10.8L13 8z" })));
  }
}
