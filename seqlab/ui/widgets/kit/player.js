// A slider with a play button beside it: frame after frame up to the last one. A subclass has ``range``, ``button`` and ``show``.
// @ts-check

import { svg } from "./dom.js";

export class Player {
  /** Run from a frame to the last; ``pace`` is the time of one frame in milliseconds. */
  run(from, last, pace) {
    this.stop();
    if (last < 1) return;
    const start = performance.now();
    const tick = (now) => {
      const k = Math.min(last, from + Math.max(0, Math.floor((now - start) / pace)));
      if (k !== Number(this.range.value)) this.show(k);
      if (k >= last) return this.stop();
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
