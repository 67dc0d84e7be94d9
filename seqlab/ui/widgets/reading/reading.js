// A text, each character on the colour of its surprise, and the distribution of the one that is chosen.
// Reads the bytes of seqlab/figures/reading.py. The text is a person's own: it is only ever set as text, never as HTML.
// @ts-check

import { channels, legible, lookup } from "../kit/colour.js";
import { el, keeper, met } from "../kit/dom.js";
import { pictured } from "../kit/export.js";
import { figure } from "../kit/numbers.js";
import { unpacked } from "../kit/packed.js";
import { applyTheme } from "../kit/theme.js";
import { declare } from "../kit/keys.js";
import { KEYS } from "./keys.js";

/**
 * A text, and what a network expected at each of its characters.
 * @typedef {{ id: string, characters: string[], symbols: string[], keep: number, worst: number[], end: string | null,
 *   guess: number, ids: Uint16Array, rank: Uint16Array, top: Uint16Array, surprise: Float32Array, p: Float32Array }}
 * Read
 */

const MOST = 6; // nats; the scale is the same for every text, so that two can be compared
const AROUND = 16; // characters of the text before a place in the list

/** @param {Uint8Array} bytes */
function readReading(bytes) {
  const { header: read, arrays } = unpacked(bytes, ({ name }) =>
    (name === "surprise" || name === "p" ? Float32Array : Uint16Array));
  for (const { name, values } of arrays) read[name] = values;
  read.characters = Array.from(read.characters);
  return read;
}

/** A character as it is named, where white space must be seen. @param {string} character */
const nameOf = (character) => ({ " ": "␣", "\n": "↵", "\t": "⇥" })[character] ?? character;

/** @param {number} p */
export const share = (p) => (p >= 0.0995 ? `${(100 * p).toFixed(0)} %` : p >= 0.00095 ? `${(100 * p).toFixed(1)} %`
  : p > 0 ? `${figure(Number((100 * p).toPrecision(2)), 5).replace(/0+$/, "")} %` : "0 %");

class Reading {
  /** @param {HTMLElement} root */
  constructor(root) {
    declare(root, "Text that is read", KEYS);
    this.root = root;
    this.text = el("div", { class: "text", tabindex: "0", role: "group",
      "aria-label": "The text, each character coloured by its surprise; arrow keys go from one to the next" });
    this.text.addEventListener("click", (event) => this.clicked(event));
    this.text.addEventListener("keydown", (event) => this.pressed(event));
    this.said = el("p", { class: "said", "aria-live": "polite" });
    this.bars = el("ol", { class: "bars" });
    this.places = el("ol", { class: "places" });
    this.legend = el("div", { class: "legend" });
    const step = (by, label, text) => el("button", { type: "button", "aria-label": label, title: label, text,
      onclick: () => this.move(by) });
    const page = el("div", { class: "page" }, this.legend, this.text);
    pictured(page, () => "The surprise of each character", () => this.palette);
    root.replaceChildren(page,
      el("div", { class: "side" },
        el("section", { class: "detail" }, el("header", {}, el("b", { text: "Expected here" }),
          step(-1, "the character before", "‹"), step(1, "the next character", "›")), this.said, this.bars),
        el("section", {}, el("header", {}, el("b", { text: "Most surprising" })), this.places)));
  }

  /** @param {Uint8Array} bytes */
  update(bytes) {
    this.palette = applyTheme(this.root);
    const read = readReading(bytes);
    if (read.id === this.read?.id && this.root.dataset.drawn === this.root.dataset.theme) return;
    const same = this.read && read.characters.join("") === this.read.characters.join("");
    this.read = read;
    this.root.classList.toggle("words", read.symbols.some((symbol) => [...symbol].length > 2));
    this.root.dataset.drawn = this.root.dataset.theme;
    this.root.dataset.id = read.id;
    this.table = lookup(this.palette.sequential);
    this.write();
    this.list();
    this.scale();
    this.choose(same ? this.at : read.worst[0] ?? 0, false);
  }

  /** @param {number} nats */
  colour(nats) {
    const ground = channels(this.table[Math.round(255 * Math.min(nats / MOST, 1))]);
    return [`rgb(${ground.join(" ")})`, legible(ground)];
  }

  write() {
    const { characters, surprise, end } = this.read, last = end || "\n"; // of a line
    this.marks = characters.map((character, k) => {
      const mark = el("span", { text: `${character === "\n" ? "↵" : character}${character === last ? "\n" : ""}` });
      if (surprise[k] < 0) { mark.className = "unjudged"; return mark; }
      [mark.style.background, mark.style.color] = this.colour(surprise[k]);
      return mark;
    });
    this.places_of = new Map(this.marks.map((mark, k) => [mark, k]));
    this.text.replaceChildren(...this.marks);
  }

  scale() {
    const stops = [0, 1, 2, 3, 4, 5, 6].map((nats) => this.colour(nats)[0]).join();
    const at = (nats, text, side = "") => el("small", { text, class: side, style: `left: ${(100 * nats) / MOST}%` });
    const { guess } = this.read;
    this.legend.replaceChildren(el("span", { text: "surprise" }),
      el("div", { class: "ramp", style: `background: linear-gradient(to right, ${stops})` },
      at(0, "0 nats: certain", "first"), ...(guess < MOST - 1 ? [at(guess, `${guess.toFixed(1)}: guessing`)] : []),
        at(MOST, `${MOST}+`, "last")));
  }

  list() {
    const { read } = this;
    this.places.replaceChildren(...read.worst.map((k) => {
      const from = Math.max(0, k - AROUND), before = read.characters.slice(from, k).join("").replace(/\s+/g, " ");
      const sign = el("mark", { text: nameOf(read.characters[k]) });
      [sign.style.background, sign.style.color] = this.colour(read.surprise[k]);
      return el("li", {}, el("button", { type: "button", "data-place": k, onclick: () => this.choose(k) },
        el("span", { class: "around" }, el("bdi", { text: `${from ? "…" : ""}${before}` })), sign,
        el("small", { text: `${read.surprise[k].toFixed(1)} nats, not ${this.expected(k)}` })));
    }));
  }

  /** @param {number} k */
  expected(k) {
    const { read } = this;
    return `${read.symbols[read.top[k * read.keep]]} (${share(read.p[k * read.keep])})`;
  }

  /** @param {PointerEvent} event */
  clicked(event) {
    const mark = met(event, "span");
    if (this.places_of.has(mark)) this.choose(this.places_of.get(mark), false);
  }

  /** @param {KeyboardEvent} event */
  pressed(event) {
    const by = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -1, ArrowDown: 1, PageUp: -20, PageDown: 20 }[event.key];
    if (!by || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    this.move(by);
  }

  /** @param {number} by */
  move(by) {
    this.choose(Math.min(Math.max(this.at + by, 0), this.marks.length - 1));
  }

  /** Show what was expected at a place; the text scrolls to it, the page does not. */
  choose(k, scroll = true) {
    this.marks[this.at]?.classList.remove("on");
    this.at = Math.min(k, this.marks.length - 1);
    const mark = this.marks[this.at];
    mark.classList.add("on");
    this.root.dataset.at = String(this.at);
    if (scroll || mark.offsetTop > this.text.scrollTop + this.text.clientHeight)
      this.text.scrollTop = Math.max(0, mark.offsetTop - this.text.offsetTop - this.text.clientHeight / 2);
    for (const button of this.places.querySelectorAll("button")) button.setAttribute("aria-pressed",
      String(Number(button.dataset.place) === this.at));
    this.explain();
  }

  explain() {
    const { read, at } = this, nats = read.surprise[at], came = read.symbols[read.ids[at]],
      name = nameOf(read.characters[at]).trim();
    this.bars.classList.toggle("none", nats < 0);
    if (nats < 0) {
      this.said.textContent = `“${name}” comes first: nothing came before it, so nothing was expected.`;
      this.bars.replaceChildren(...Array.from({ length: read.keep + 1 }, () => el("li")));
      return;
    }
    const rank = read.rank[at], p = Math.exp(-nats), read_as = came === name ? "" : ` (read as ${came})`;
    this.said.replaceChildren("Here came ", el("b", { text: name }),
      `${read_as}: ${share(p)}, its ${rank ? `choice ${rank + 1} of ${read.symbols.length}` : "first choice"}. `,
      `Surprise ${nats.toFixed(2)} nats = ${(nats / Math.LN2).toFixed(2)} bits.`);
    const rows = Array.from({ length: read.keep }, (_, k) => [read.top[at * read.keep + k],
      read.p[at * read.keep + k]]);
    const listed = rows.some(([id]) => id === read.ids[at]);
    const rest = Math.max(0, 1 - rows.reduce((sum, [, q]) => sum + q, 0));
    this.bars.replaceChildren(...rows.map(([id, q]) => this.bar(read.symbols[id], q, id === read.ids[at])),
      listed ? this.bar("others", rest, false, true) : this.bar(came, p, true));
  }

  bar(name, p, came, others = false) {
    const fill = el("u", { style: `width: ${Math.max(100 * p, p > 0 ? 0.6 : 0)}%` });
    return el("li", { class: `${came ? "came" : ""}${others ? " others" : ""}` }, el("b", { text: name }),
      el("i", {}, fill),
      el("span", { text: share(p) }), el("em", { text: came ? "came" : "" }));
  }
}

export default keeper(Reading, ".reading");
