// Units that follow an annotation: their scores, passages where one is strongest, and a text on its colours.
// Reads the bytes of seqlab/figures/search.py. The text is a person's own: it is only ever set as text, never as HTML.
// @ts-check

import { Inks, legible } from "../kit/colour.js";
import { arrow, el, facts, keeper, met } from "../kit/dom.js";
import { figure } from "../kit/numbers.js";
import { unpacked } from "../kit/packed.js";
import { applyTheme } from "../kit/theme.js";
import { declare } from "../kit/keys.js";
import { KEYS } from "./keys.js";

/** Symbols of a text with numbers of one or more units, and what the annotation says of each, from 0 to 1, -1: nothing.
 * @typedef {{ symbols: string[], at: number, cut: boolean[], breaks: number[], values: Float32Array,
 *   labels: Float32Array }} Passage */

/** @typedef {{ unit: number, score: number | null, sign: number, name: string, passages: Passage[] }} Unit */

/** What was searched for and what follows it. @typedef {{ id: string, title: string, symbol: string, measure: string,
 * limits: number[], colours: "diverging" | "sequential", gap: string, chosen: number, most: number, units: Unit[],
 * text: Passage }} SearchResult */

/** @param {Uint8Array} bytes @returns {SearchResult} */
function readSearch(bytes) {
  const { header, arrays } = unpacked(bytes, () => Float32Array);
  const [values, labels] = arrays.map((array) => array.values);
  let value = 0, label = 0;
  const passages = header.units.flatMap((unit) => unit.passages.map((passage) => [passage, 1]));
  for (const [passage, rows] of [...passages, [header.text, header.units.length]]) {
    const count = passage.symbols.length;
    passage.values = values.subarray(value, value += rows * count);
    passage.labels = labels.subarray(label, label += count);
  }
  return header;
}

class Search {
  /** @param {HTMLElement} root */
  constructor(root) {
    declare(root, "Text that is searched", KEYS);
    this.root = root;
    this.at = 0; // the symbol of the text that is pointed at
    this.from = null; // the other end of a stretch that is being marked
    this.head = el("h3");
    this.units = el("ol", { class: "units" });
    this.passages = el("ol", { class: "passages letters" });
    this.legend = el("div", { class: "legend" });
    this.said = el("span", { "aria-live": "polite" });
    this.whole = el("div", { class: "whole letters", tabindex: "0", role: "group", "aria-label":
      "The text on the colours of the unit; arrow keys go from symbol to symbol, with Shift they mark a stretch, Enter "
      + "searches for it" });
    this.whole.addEventListener("pointerdown", (event) => this.pressed(event));
    this.whole.addEventListener("pointermove", (event) => this.drawn(event));
    this.whole.addEventListener("pointerup", () => this.released());
    this.whole.addEventListener("keydown", (event) => this.keyed(event));
    this.strongest = el("h3");
    root.replaceChildren(el("div", { class: "side" }, el("section", {}, this.head,
      this.units)), el("div", { class: "main" }, el("section", {}, el("h3", { text: "The text" }), this.whole,
      this.legend), el("section", {}, this.strongest, this.passages)));
  }

  /** @param {Uint8Array} bytes @param {(name: string, value: unknown) => void} [send] */
  update(bytes, send) {
    this.send = send ?? this.send;
    this.palette = applyTheme(this.root);
    const result = readSearch(bytes);
    if (result.id === this.result?.id && this.root.dataset.drawn === this.root.dataset.theme) return;
    const same = this.result?.text.symbols.join() === result.text.symbols.join();
    this.result = result;
    this.inks = new Inks(this.palette);
    this.root.dataset.drawn = this.root.dataset.theme;
    if (!same) [this.at, this.from] = [0, null];
    this.list();
    this.choose(result.chosen);
  }

  list() {
    const { units, measure } = this.result, low = measure === "AUC" ? 0.5 : 0;
    this.head.textContent = measure ? `Best fitted first, ${measure} held out` : "Units";
    this.units.replaceChildren(...units.map(({ unit, score, sign, name }) => {
      const share = score === null ? 0 : Math.min(1, Math.max(0, (score - low) / (1 - low)));
      const falls = sign < 0 ? ", falling where the rule rises" : "";
      const says = score === null ? "" : `, ${measure} ${figure(score, 3)}${falls}`;
      return el("li", {}, el("button", { type: "button", "data-unit": unit, title:
        `Unit ${unit}${says}`, onclick: () => this.take(unit) },
      el("b", { text: `${unit}${sign < 0 ? " ↓" : ""}` }), el("i", {}, el("u", { style:
        `width: ${(100 * share).toFixed(1)}%` })),
      el("span", { text: score === null ? "" : figure(score, 3) }), ...(name ? [el("em", { text: name })] : [])));
    }));
  }

  /** A person chose a unit: it is shown at once, and the server follows. @param {number} unit */
  take(unit) {
    this.choose(unit);
    this.send?.("choose", { unit });
  }

  /** @param {number} unit */
  choose(unit) {
    const { units, text, symbol, title } = this.result;
    this.place = Math.max(0, units.findIndex((one) => one.unit === unit));
    const chosen = units[this.place];
    for (const button of this.units.querySelectorAll("button")) button.setAttribute("aria-pressed",
      String(Number(button.dataset.unit) === chosen.unit));
    this.strongest.textContent = `Where unit ${chosen.unit} is ${chosen.sign < 0 ? "lowest" : "highest"} in all of the `
      + "text";
    this.passages.replaceChildren(...chosen.passages.map((passage) => el("li", {}, el("bdi", {},
      passage.cut[0] ? "…" : "", ...this.spans(passage, 0), passage.cut[1] ? "…" : ""))));
    this.marks = this.spans(text, this.place);
    this.numbers = new Map(this.marks.map((mark, k) => [mark, k]));
    this.whole.replaceChildren(text.cut[0] ? "…" : "", ...this.marks.flatMap((mark, k) =>
      (text.breaks.includes(k) ? [el("br"), mark] : [mark])), text.cut[1] ? "…" : "");
    this.explain();
    this.key(symbol, title, text.labels.some((label) => label > 0));
    facts(this.root, { unit: chosen.unit, count: units.length, id: this.result.id });
  }

  /** @param {Passage} passage @param {number} row */
  spans(passage, row) {
    const { limits, colours, gap } = this.result, count = passage.symbols.length;
    return passage.symbols.map((symbol, k) => {
      const ground = this.inks.of(passage.values[row * count + k], limits, colours);
      const mark = el("span", { text: symbol + gap, class: k === passage.at ? "peak" : null });
      mark.style.background = ground;
      mark.style.color = legible(/** @type {[number, number, number]} */ (ground.match(/\d+/g)?.map(Number)));
      const label = passage.labels[k];
      if (label > 0) {
        mark.classList.add("true");
        mark.style.borderBottomColor = `color-mix(in srgb, var(--text) ${Math.round(30 + 70 * label)}%, transparent)`;
      }
      return mark;
    });
  }

  /** @param {string} symbol @param {string} title @param {boolean} somewhere */
  key(symbol, title, somewhere) {
    const { limits: [low, high], colours } = this.result;
    this.legend.replaceChildren(el("span", { text: `${symbol} = ${figure(low, 0)}` }),
      el("span", { class: "ramp", style: `background: ${this.inks.gradient(colours)}` }), figure(high, 0),
      ...(somewhere ? [el("span", { class: "key", text: title || "marked" })] : []), this.said);
  }

  explain() {
    const { text, symbol, most, units } = this.result, count = text.symbols.length;
    this.marks.forEach((mark, k) => {
      mark.classList.toggle("at", k === this.at);
      mark.classList.toggle("marked", this.from !== null && k >= Math.min(this.from, this.at)
        && k <= Math.max(this.from, this.at));
    });
    const label = text.labels[this.at], value = text.values[this.place * count + this.at];
    const amount = label * most, whole = Math.abs(amount - Math.round(amount)) < 1e-3;
    const true_ = label < 0 ? "" : `, the rule says ${figure(amount, whole ? 0 : 2)}`;
    this.said.textContent = `Here ${symbol} of unit ${units[this.place].unit} = ${figure(value, 2)}${true_}`;
    this.root.dataset.at = String(this.at);
  }

  /** @param {PointerEvent} event */
  pressed(event) {
    const k = this.numbers.get(met(event, "span"));
    if (k === undefined) return;
    [this.at, this.from, this.dragging] = [k, k, true];
    this.explain();
  }

  /** @param {PointerEvent} event */
  drawn(event) {
    const k = this.dragging ? this.numbers.get(met(event, "span")) : undefined;
    if (k === undefined || k === this.at) return;
    this.at = k;
    this.explain();
  }

  released() {
    if (!this.dragging) return;
    this.dragging = false;
    if (this.from === this.at) this.from = null;
    else this.mark();
    this.explain();
  }

  /** @param {KeyboardEvent} event */
  keyed(event) {
    const [right, down] = arrow(event), by = right + 20 * down;
    if (event.key === "Enter" && this.from !== null) this.mark();
    else if (event.key === "Escape") this.from = null;
    else if (!by || event.ctrlKey || event.metaKey || event.altKey) return;
    else {
      this.from = event.shiftKey ? this.from ?? this.at : null;
      this.at = Math.min(Math.max(this.at + by, 0), this.marks.length - 1);
      this.marks[this.at].scrollIntoView({ block: "nearest", inline: "nearest" });
    }
    event.preventDefault();
    this.explain();
  }

  /** Search for the stretch that is marked. */
  mark() {
    this.send?.("choose", { mark: [this.from, this.at] });
  }
}

export default keeper(Search, ".search");
