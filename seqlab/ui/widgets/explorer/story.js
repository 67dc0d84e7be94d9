// The first seconds: a letter goes in, its trail lights up, it comes out, and the next one follows.
// @ts-check

import { calm } from "../kit/dom.js";

/** @typedef {import("./trail.js").Lit} Lit */

const PACE = 330, REST = 900; // ms for a time step, and for looking at what came out
const LETTERS = 4; // so many of them in some ten seconds

/** Plays letters one after another; ``show`` draws what is lit now. */
export class Story {
  /** @param {(lit: Lit) => void} show */
  constructor(show) {
    this.show = show;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
    /** @type {Lit | null} */
    this.lit = null;
  }

  /** Begin: some letters from the first to the last of them, each for its delay; at rest the last stays lit.
   * @param {number[]} letters @param {number} delay */
  play(letters, delay) {
    const chosen = [...new Set(Array.from({ length: Math.min(LETTERS, letters.length) }, (_, k, ) =>
      letters[Math.floor((k * letters.length) / LETTERS)]))];
    if (!chosen.length) return;
    this.stop();
    if (calm()) return this.light(chosen.at(-1) ?? 0, Infinity);
    const next = (/** @type {number} */ k, /** @type {number} */ t) => {
      const letter = chosen[k], out = t >= letter + delay, last = k === chosen.length - 1;
      this.light(letter, out ? Infinity : t);
      if (!(out && last)) this.timer = setTimeout(() => (out ? next(k + 1, chosen[k + 1]) : next(k, t + 1)),
        out ? REST : PACE);
    };
    next(0, chosen[0]);
  }

  /** @param {number} letter @param {number} until */
  light(letter, until) {
    this.lit = { letter, until };
    this.show(this.lit);
  }

  /** Stop where it is; the letter stays lit whole. */
  stop() {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (this.lit) this.lit = { ...this.lit, until: Infinity };
  }

  /** Stop with nothing lit. */
  forget() {
    this.stop();
    this.lit = null;
  }
}
