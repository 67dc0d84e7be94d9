// A slider over pictures that are here already: it moves them while it is dragged, and says where the hand rests.
// @ts-check

import { el } from "./dom.js";

/** The stops of a slider, each with its text; ``at`` is the one that the server shows (null: none of them), and then
 * the slider waits at ``start``. @typedef {{ stops: number[], texts: string[], at: number | null, start?: number }}
 * Stops */

// Milliseconds until a server that has not followed is told again: it may have been drawing anew.
const PATIENCE = 3000, TRIES = 5;

/** A slider over stops, and the text of the one where it stands. */
export class Dial {
  /** @param {string} label @param {(stop: number) => void} turn while a hand moves it @param {(stop: number) => void}
   * rest */
  constructor(label, turn, rest) {
    this.range = el("input", { type: "range", min: 0, step: 1, "aria-label": label,
      oninput: () => this.turned(turn), onchange: () => this.say() });
    this.rest = rest;
    /** @type {Stops} */
    this.data = { stops: [], texts: [], at: null };
    /** @type {number | null} */
    this.wanted = null; // the stop where the hand is, until the server has followed
    this.name = el("span", { text: label });
    this.text = el("output");
    this.node = el("label", { class: "dial", "data-look": "dial" }, this.name, this.range, this.text);
  }

  /** @param {string} label */
  set label(label) {
    this.name.textContent = label;
    this.range.setAttribute("aria-label", label);
  }

  /** The stop where it stands. */
  get stop() {
    return this.data.stops[Number(this.range.value)];
  }

  /** Offer stops; with one alone there is nothing to choose. @param {Stops} data */
  load(data) {
    const { stops, at, start = 0 } = data;
    this.data = data;
    this.node.hidden = stops.length < 2;
    if (!stops.includes(this.wanted ?? NaN) || this.wanted === stops[at ?? NaN]) this.wanted = null;
    if (this.node.hidden) return;
    this.range.max = String(stops.length - 1);
    this.range.value = String(this.wanted === null ? at ?? start : stops.indexOf(this.wanted));
    this.write();
  }

  /** @param {(stop: number) => void} turn */
  turned(turn) {
    this.wanted = this.stop;
    this.write();
    turn(this.stop);
  }

  /** Say where the hand rests, until the server has followed. */
  say(tries = TRIES) {
    this.rest(this.stop);
    clearTimeout(this.again);
    this.again = setTimeout(() => {
      if (this.wanted !== null && this.node.isConnected && tries > 1) this.say(tries - 1);
    }, PATIENCE);
  }

  write() {
    this.text.textContent = this.data.texts[Number(this.range.value)];
    this.range.setAttribute("aria-valuetext", this.text.textContent);
  }
}
