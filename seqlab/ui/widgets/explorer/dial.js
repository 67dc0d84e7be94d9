// The slider of the delay: it moves through pictures that are here already, and the server follows when it rests.
// @ts-check

import { el } from "../kit/dom.js";

/** @typedef {import("./film.js").Film} Film */

/** A slider over the delays of a film, and how many letters that is. */
export class Dial {
  /** @param {(delay: number) => void} turn while a hand moves it @param {(delay: number) => void} rest */
  constructor(turn, rest) {
    this.range = el("input", { type: "range", step: 1, "aria-label": "Delay",
      oninput: () => this.turned(turn), onchange: () => rest(this.delay) });
    /** @type {number | null} */
    this.wanted = null; // where the hand is, until the server has followed
    this.text = el("output");
    this.node = el("label", { class: "dial" }, el("span", { text: "Delay" }), this.range, this.text);
  }

  get delay() {
    return Number(this.range.value);
  }

  /** Offer the delays of a film; with one alone there is nothing to choose. @param {Film} film */
  load(film) {
    const delays = film.delays.map(({ delay }) => delay);
    this.node.hidden = delays.length < 2;
    if (this.node.hidden) return;
    this.range.min = String(Math.min(...delays));
    this.range.max = String(Math.max(...delays));
    if (this.wanted === film.delay || !delays.includes(this.wanted ?? NaN)) this.wanted = null;
    this.range.value = String(this.wanted ?? film.delay);
    this.write();
  }

  /** @param {(delay: number) => void} turn */
  turned(turn) {
    this.wanted = this.delay;
    this.write();
    turn(this.delay);
  }

  write() {
    this.text.textContent = this.delay === 1 ? "1 letter" : `${this.delay} letters`;
    this.range.setAttribute("aria-valuetext", this.text.textContent);
  }
}
