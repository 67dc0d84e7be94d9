// The text that was drawn: coloured character by character, played as it came, each one to be chosen.
// @ts-check

import { el, svg } from "../kit/dom.js";
import { glyph } from "./shaping.js";

/** @typedef {import("./shaping.js").Text} Text */
/** @typedef {import("./shaping.js").Answers} Answers */
/** @typedef {import("./shaping.js").Kind} Kind */
/** @typedef {import("../kit/colour.js").Inks} Inks */

export const FIXED = { surprise: 6, entropy: 3 }; // nats at the strong end of the colours, whatever the text
const SECONDS = 3, PER_SECOND = 60; // a long text is played in so many seconds, a short one at this pace

/** A text that was drawn, each character a place to look at. */
export class Drawn {
  constructor(choose) {
    this.choose = choose;
    this.cells = [];
    this.shown = 0;
    this.text = el("div", { class: "text", tabindex: "0", role: "listbox", "aria-label": "The text that was drawn" });
    this.prompt = el("span", { class: "prompt" });
    this.button = el("button", { type: "button", class: "play", onclick: () => this.toggle() });
    this.skip = el("button", { type: "button", class: "skip", text: "Skip to the end", onclick: () =>
      this.stop(true) });
    this.figures = el("p", { class: "figures" });
    this.kinds = el("div", { class: "choice", role: "group", "aria-label": "Colour by" });
    this.legend = el("div", { class: "legend", "aria-hidden": "true" });
    this.verdict = el("div", { class: "verdict", "aria-live": "polite" });
    this.node = el("section", { class: "drawn" }, el("header", {}, this.button, this.figures, this.skip),
      el("div", { class: "key" }, this.kinds, this.legend), this.text, this.verdict);
    this.text.addEventListener("click", (event) => this.over(event, true));
    this.text.addEventListener("pointerover", (event) => event.pointerType !== "touch" && this.over(event, false));
    this.text.addEventListener("pointerleave", () => this.choose(null, false));
    this.text.addEventListener("keydown", (event) => this.keyed(event));
  }

  /** @param {PointerEvent} event @param {boolean} fix */
  over(event, fix) {
    const place = /** @type {HTMLElement} */ (event.target).dataset.t;
    if (place !== undefined) this.choose(Number(place), fix);
  }

  /** Left and right by a character, up and down by a line. @param {KeyboardEvent} event */
  keyed(event) {
    const last = this.cells.length - 1, at = this.at ?? 0;
    const to = { ArrowLeft: () => at - 1, ArrowRight: () => at + 1, Home: () => 0, End: () => last,
      ArrowUp: () => this.line(at, -1), ArrowDown: () => this.line(at, 1) }[event.key];
    if (!to) return;
    event.preventDefault();
    this.choose(Math.max(0, Math.min(last, to())), true);
  }

  line(at, way) {
    const from = this.cells[at].getBoundingClientRect();
    let best = at, gap = Infinity, row = null;
    for (let t = at + way; this.cells[t]; t += way) {
      const box = this.cells[t].getBoundingClientRect();
      if (Math.abs(box.top - from.top) < 4) continue;
      row ??= box.top;
      if (Math.abs(box.top - row) > 4) break;
      if (Math.abs(box.left - from.left) < gap) { gap = Math.abs(box.left - from.left); best = t; }
    }
    return best;
  }

  /** A new text, played as it came or there at once.
   * @param {Text} studio @param {boolean} moving */
  build(studio, moving) {
    const { ids } = studio;
    this.ids = ids;
    this.end = studio.end;
    this.prompt.replaceChildren(...[...studio.prompt].map((symbol) => (symbol === "\n" ? el("br") : symbol)));
    while (this.cells.length > ids.length) this.cells.pop();
    ids.forEach((id, t) => {
      const cell = this.cells[t] ??= el("span", { role: "option", "data-t": t, id: `drawn-${t}` });
      const symbol = studio.symbols[id], sign = glyph(symbol);
      if (cell.title !== sign) {
        cell.title = sign;
        cell.setAttribute("aria-label", symbol === " " ? "space" : sign);
        cell.replaceChildren(symbol === " " ? " " : sign, ...(symbol === "\n" ? [el("br")] : []));
        cell.classList.toggle("sign", symbol !== " " && sign !== symbol || id === studio.end);
      }
    });
    this.text.replaceChildren(this.prompt, ...this.cells);
    for (const cell of this.cells) cell.classList.remove("unseen");
    this.shown = ids.length;
    this.stop(false);
    if (moving) this.play(0);
    else this.reveal(ids.length);
  }

  /** @param {number} count */
  reveal(count) {
    for (let t = Math.min(count, this.shown); t < Math.max(count,
      this.shown); t++) this.cells[t]?.classList.toggle("unseen", t >= count);
    this.shown = count;
    this.skip.hidden = !this.playing;
  }

  /** @param {number} from */
  play(from) {
    const last = this.cells.length, pace = Math.min(1000 / PER_SECOND, (SECONDS * 1000) / Math.max(1, last - from)),
      start = performance.now();
    const tick = (now) => {
      this.reveal(Math.min(last, from + 1 + Math.floor(Math.max(0, now - start) / pace)));
      if (this.shown >= last) return this.stop(true);
      this.playing = requestAnimationFrame(tick);
    };
    this.playing = requestAnimationFrame(tick);
    this.face();
    this.reveal(from);
  }

  /** @param {boolean} whole */
  stop(whole) {
    cancelAnimationFrame(this.playing);
    this.playing = 0;
    if (whole) this.reveal(this.cells.length);
    this.skip.hidden = this.shown >= this.cells.length;
    this.face();
  }

  toggle() {
    if (this.playing) this.stop(false);
    else this.play(this.shown >= this.cells.length ? 0 : this.shown);
  }

  face() {
    const label = this.playing ? "Pause" : "Play the text as it was drawn";
    this.button.setAttribute("aria-label", label);
    this.button.title = label;
    this.button.replaceChildren(svg("svg", { viewBox: "0 0 16 16", "aria-hidden": "true" },
      svg("path", { d: this.playing ? "M4 3h3v10H4zM9 3h3v10H9z" : "M4.5 2.6v10.8L13 8z" })));
  }

  /** Colours and marks; ``first`` is where the text would go another way, or -1.
   * @param {Answers} answers @param {Kind} kind @param {Inks} inks @param {number} first */
  draw(answers, kind, inks, first) {
    const limits = [0, FIXED[kind]], values = answers[kind];
    this.cells.forEach((cell, t) => {
      const value = Math.min(values[t], FIXED[kind]), other = answers.would[t] !== this.ids[t];
      const tone = inks.of(value, limits, "sequential"), state = (other ? 1 : 0) + (t === first ? 2 : 0)
        + (first >= 0 && t > first ? 4 : 0);
      if (cell.tone !== tone) { // most characters of a long text keep theirs from one place of a dial to the next
        cell.tone = tone;
        cell.style.background = tone;
        cell.style.color = inks.on(value, limits, "sequential");
      }
      if (cell.state === state) return;
      cell.state = state;
      cell.classList.toggle("other", other);
      cell.classList.toggle("first", t === first);
      cell.classList.toggle("after", first >= 0 && t > first);
    });
  }

  /** @param {number} at */
  mark(at) {
    if (this.at !== at) {
      this.cells[this.at]?.classList.remove("on");
      this.cells[this.at]?.setAttribute("aria-selected", "false");
    }
    this.at = at;
    this.cells[at]?.classList.add("on");
    this.cells[at]?.setAttribute("aria-selected", "true");
    this.text.setAttribute("aria-activedescendant", `drawn-${at}`);
  }
}
