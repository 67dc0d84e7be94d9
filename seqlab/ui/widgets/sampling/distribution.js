// The distribution that one character is drawn from, large: bars of p under the dials behind outlines of p at T = 1,
// and below them the line from 0 to 1 on which the uniform draw falls.
// @ts-check

import { el } from "../kit/dom.js";
import { grown } from "../kit/present.js";
import { brief } from "./dials.js";
import { factorOf, glyph } from "./shaping.js";

/** @typedef {import("./shaping.js").Text} Text */
/** @typedef {import("./shaping.js").Choice} Choice */
/** @typedef {import("./shaping.js").About} About */

const LETTER = 21, WORD = 58; // pixels that a bar needs with its name, on a desk
const FEWEST = 8;
const SEEN = 0.004; // a share of the line that has a part of its own
const NAMED = 0.022; // a share that has room for its letter

/** @param {number} p */
const percent = (p) => (p < 0.01 ? "" : `${Math.round(100 * p)}`);

/** Symbols from the most to the least probable, which no temperature changes.
 * @param {Text} studio @param {ArrayLike<number>} z @returns {number[]} */
export function ranked(studio, z) {
  return [...studio.symbols.keys()].filter((id) => !studio.masked.has(id)).sort((one, other) =>
    z[other] - z[one] || one - other);
}

/** Bars of one distribution, on a scale from 0 to 100 % that nothing changes. */
export class Distribution {
  /** @param {HTMLElement} head what stands above: the character, and what chose it */
  constructor(head) {
    this.now = el("span", { class: "now-at" });
    this.legend = el("p", { class: "of" }, el("i", { class: "fill" }), this.now, el("i", { class: "line" }),
      el("span", { text: "p at T = 1" }));
    this.bars = el("div", { class: "bars", role: "img" }, el("u", { class: "top", text: "100 %" }),
      el("u", { class: "half", text: "50 %" }));
    this.parts = el("div", { class: "parts" });
    this.mark = el("div", { class: "mark" }, el("span"));
    this.line = el("div", { class: "line01", "aria-hidden": "true" }, this.parts, this.mark);
    this.node = el("section", { class: "distribution" }, head, this.legend, this.bars, this.line);
    /** @type {HTMLElement[]} */
    this.bins = [];
    /** @type {HTMLElement[]} */
    this.pieces = [];
  }

  /** @param {Text} studio @param {About} about @param {Choice} choice @param {number} drawn the symbol of the text
   * @param {number} now what the same draw chooses under these dials */
  draw(studio, about, choice, drawn, now) {
    const room = Math.max(FEWEST, Math.floor(this.bars.clientWidth
      / (grown() * (studio.unit === "word" ? WORD : LETTER))));
    const order = ranked(studio, about.z), all = order.length <= room;
    const shown = all ? order : order.slice(0, room - 1);
    if (!all) for (const id of new Set([drawn, now])) if (!shown.includes(id)) shown[shown.length - 1] = id;
    this.fill(studio, shown, about, drawn, now, all ? 0 : order.length - shown.length);
    this.strip(studio, about, drawn, now, !choice.divide && !Number.isFinite(factorOf(choice)));
    this.now.textContent = choice.divide ? "p / T, divided by its sum" : `p at T = ${brief(1 / factorOf(choice))}`;
    this.legend.classList.toggle("plain", this.now.textContent === "p at T = 1");
    this.bars.setAttribute("aria-label", this.sentence(studio, shown, about));
  }

  /** @param {Text} studio @param {number[]} shown @param {About} about @param {number} drawn @param {number} now
   * @param {number} others how many symbols have no bar of their own */
  fill(studio, shown, { p, plain, cut }, drawn, now, others) {
    const rest = (/** @type {Float64Array} */ share) => Math.max(0, 1 - shown.reduce((sum, id) => sum + share[id], 0));
    this.amount(this.bins, this.bars, shown.length + Number(others > 0), () => el("div", { class: "bin" },
      el("b"), el("i"), el("small"), el("span")));
    shown.forEach((id, place) => this.bin(this.bins[place], p[id], plain[id], glyph(studio.symbols[id]),
      `bin${id === drawn ? " drawn" : ""}${id === now ? " chosen" : ""}${cut?.[id] ? " out" : ""}`));
    if (others) this.bin(this.bins[shown.length], rest(p), rest(plain), `${others} others`, "bin others");
  }

  /** @param {HTMLElement} bin @param {number} p @param {number} plain @param {string} name @param {string} kind */
  bin(bin, p, plain, name, kind) {
    const [bar, outline, value, label] = /** @type {HTMLElement[]} */ ([...bin.children]);
    bar.style.height = `${100 * p}%`;
    outline.style.height = `${100 * plain}%`;
    value.style.bottom = `${100 * Math.max(p, plain)}%`;
    value.textContent = percent(p);
    if (label.textContent !== name) label.textContent = label.title = name;
    if (bin.className !== kind) bin.className = kind;
  }

  /** The line from 0 to 1, cut in the order of the alphabet; the draw stays while its parts move.
   * @param {Text} studio @param {About} about @param {number} drawn @param {number} now @param {boolean} greedy */
  strip(studio, { p, before, u }, drawn, now, greedy) {
    const seen = [...p.keys()].filter((id) => p[id] > SEEN || id === now);
    this.amount(this.pieces, this.parts, seen.length, () => el("span"));
    seen.forEach((id, place) => {
      const piece = this.pieces[place];
      piece.style.left = `${100 * before[id]}%`;
      piece.style.width = `${100 * p[id]}%`;
      piece.textContent = p[id] > NAMED * (studio.unit === "word" ? 4 : 1) ? glyph(studio.symbols[id]) : "";
      piece.className = `${id === now ? "chosen" : ""} ${id === drawn ? "drawn" : ""}`;
    });
    this.line.classList.toggle("greedy", greedy);
    this.mark.style.left = `${100 * u}%`;
    /** @type {Element} */ (this.mark.firstChild).textContent = `u = ${u.toFixed(4)}`;
    this.mark.classList.toggle("late", u > 0.85);
    this.mark.classList.toggle("early", u < 0.15);
  }

  /** Have so many elements, and make or take away what differs.
   * @param {HTMLElement[]} pool @param {HTMLElement} place @param {number} count @param {() => HTMLElement} make */
  amount(pool, place, count, make) {
    while (pool.length < count) place.append(pool[pool.push(make()) - 1]);
    while (pool.length > count) pool.pop()?.remove();
  }

  /** What the bars say, for who hears them. @param {Text} studio @param {number[]} shown @param {About} about */
  sentence(studio, shown, { p, plain }) {
    const first = (/** @type {Float64Array} */ share) => shown.slice(0, 3).map((id) =>
      `${glyph(studio.symbols[id])} ${Math.round(100 * share[id])} %`).join(", ");
    return `${this.now.textContent}: ${first(p)}. At T = 1: ${first(plain)}.`;
  }
}
