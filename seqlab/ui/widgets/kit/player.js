// A slider with a play button beside it, which goes frame after frame up to the last one.
// @ts-check

import { el, svg } from "./dom.js";

/** A play button and its slider; ``show`` brings a frame onto the screen and moves the slider there. */
export class Player {
  /** @param {string} label @param {(frame: number) => void} show */
  constructor(label, show) {
    this.show = show;
    this.playing = 0;
    this.button = el("button", { class: "play", type: "button", onclick: () => this.toggle() });
    this.range = el("input", { type: "range", min: 0, step: 1, "aria-label": label,
      oninput: () => this.go(this.frame) });
    this.face(false);
  }

  get frame() {
    return Number(this.range.value);
  }

  get last() {
    return Number(this.range.max);
  }

  /** So many frames are there; one alone cannot be played. @param {number} count */
  extent(count) {
    this.range.max = String(Math.max(0, count - 1));
    this.range.disabled = this.button.disabled = count < 2;
  }

  /** A person goes to a frame, which ends the playing. @param {number} frame */
  go(frame) {
    this.stop();
    this.show(frame);
  }

  /** Milliseconds for each frame; a film of few frames takes its time. */
  get pace() {
    return 500;
  }

  toggle() {
    if (this.playing) this.stop();
    else this.play(this.frame >= this.last ? 0 : this.frame);
  }

  /** Run from a frame to the last one. @param {number} from */
  play(from) {
    this.stop();
    const { last, pace } = this, start = performance.now();
    if (last < 1) return;
    const tick = (/** @type {number} */ now) => {
      const k = Math.min(last, from + Math.max(0, Math.floor((now - start) / pace)));
      if (k !== this.frame) this.show(k);
      if (k >= last) this.stop();
      else this.playing = requestAnimationFrame(tick);
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

  /** @param {boolean} playing */
  face(playing) {
    faced(this.button, playing, "Play the training from the start");
  }
}

/** Give a play button the sign and the name of what a press on it does.
 * @param {HTMLButtonElement} button @param {boolean} playing @param {string} play */
export function faced(button, playing, play) {
  button.title = playing ? "Pause" : play;
  button.setAttribute("aria-label", button.title);
  button.replaceChildren(svg("svg", { viewBox: "0 0 16 16", "aria-hidden": "true" },
    svg("path", { d: playing ? "M4 3h3v10H4zM9 3h3v10H9z" : "M4.5 2.6v10.8L13 8z" })));
}
