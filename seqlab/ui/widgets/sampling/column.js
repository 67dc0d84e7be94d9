// The same draws at several temperatures, one below the other; a click makes one the text that is shown.
// @ts-check

import { el } from "../kit/dom.js";
import { factorOf, glyph } from "./shaping.js";

/** @typedef {import("./shaping.js").Text} Text */
/** @typedef {import("./shaping.js").Choice} Choice */

/** One text below another, each of its own temperature. */
export class Column {
  constructor(pick) {
    this.pick = pick;
    this.note = el("p", { class: "about" });
    this.rows = el("div", { class: "samples" });
    this.node = el("section", { class: "column" },
      this.note, this.rows);
  }

  /** The rows of a new text. @param {Text} studio */
  build(studio) {
    const texts = new Set(studio.column.map(({ text }) => text.join("\n"))), write = (part) =>
      part.map((symbol) => (symbol === " " ? " " : glyph(symbol))).join("");
    this.buttons = studio.column.map(({ temperature, text }, row) => {
      const above = studio.column[row - 1]?.text ?? [];
      let same = 0;
      while (same < text.length && text[same] === above[same]) same++;
      return el("button", { type: "button", class: "sample", "data-temperature": temperature, onclick: () =>
        this.pick(temperature) },
        el("b", {}, el("i", { class: "symbol", text: "T" }), ` = ${temperature || "0"}`,
          ...(temperature ? [] : [el("small", { text: "greedy" })])),
        el("span", {}, el("i", { text: write(text.slice(0, same)) }), write(text.slice(same))));
    });
    this.rows.replaceChildren(...this.buttons);
    this.node.dataset.texts = String(texts.size);
    this.note.textContent = studio.choice.divide
      ? "Probabilities divided by T: every temperature draws the same text, because dividing does nothing."
      : `Every row uses the same uniform draws, one for each ${studio.unit}, so rows differ by the temperature `
        + "alone. The grey beginning is what a row shares with the row above.";
  }

  /** @param {Choice} choice */
  draw(choice) {
    for (const button of this.buttons)
      button.setAttribute("aria-pressed",
        String(Math.abs(1 / factorOf(choice) - Number(button.dataset.temperature)) < 1e-9));
  }
}
