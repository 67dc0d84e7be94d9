// The card under a letter: the probabilities of what the network says there.
// @ts-check

import { el } from "../kit/dom.js";
import { stateOf, topOf } from "./film.js";

/** @typedef {import("./film.js").Film} Film */

/** The five most probable answers at a time. */
export class Answers {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    this.list = el("ol");
    this.head = el("p");
    this.card = el("div", { class: "card", role: "status", hidden: "" }, this.head, this.list);
    this.rows = Array.from({ length: 5 }, () => {
      const letter = el("b"), bar = el("u"), number = el("span");
      const node = el("li", {}, letter, el("i", {}, bar), number);
      this.list.append(node);
      return { node, letter, bar, number };
    });
  }

  /** The five most probable answers at a time, under that letter.
   * @param {Film} film @param {number} frame @param {number} t @param {Element | null} anchor */
  show(film, frame, t, anchor) {
    this.card.hidden = t === null || !anchor;
    if (this.card.hidden) return;
    const state = stateOf(film, frame, t), said = film.said[frame][t];
    const verdict = { right: "✓ right", wrong: `✗ should be ${film.target[t]}`, blank: "not scored: no answer is due" };
    this.head.replaceChildren(el("span", { text: `t = ${t}` }), el("b", { text: `says ${said}` }),
      el("span", { class: state, text: verdict[state] }));
    topOf(film, frame, t, this.rows.length).forEach(({ letter, p }, k) => {
      const row = this.rows[k];
      row.node.className = letter === film.target[t] ? "target" : "";
      row.letter.textContent = letter;
      row.bar.style.transform = `scaleX(${p})`;
      row.number.textContent = p.toFixed(3);
    });
    const box = this.root.getBoundingClientRect(), at = anchor.getBoundingClientRect();
    const left = at.left + at.width / 2 - box.left - this.card.offsetWidth / 2;
    const x = Math.max(0, Math.min(box.width - this.card.offsetWidth, left));
    this.card.style.transform = `translate(${x}px, ${at.bottom - box.top + 6}px)`;
  }
}
