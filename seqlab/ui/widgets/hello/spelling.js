// The word that is heard and the word that is said, letter under letter; a letter chooses the time.
// @ts-check

import { el } from "../kit/dom.js";
import { percent } from "../kit/numbers.js";

/** @typedef {import("./lesson.js").Lesson} Lesson */

/** The letters of the word, each a button that chooses its time. */
export class Spelling {
  constructor(show) {
    this.show = show;
    this.row = el("div", { class: "spelt", role: "listbox", "aria-label": "Time", onkeydown: (event) =>
      this.keyed(event) });
    this.riddle = el("p", { class: "riddle" });
    this.node = el("section", { class: "spelling" },
      el("div", { class: "sides" }, el("span", { text: "hears" }), el("span", { text: "says" }),
        el("span", { text: "time" })), this.row, this.riddle);
  }

  /** @param {Lesson} lesson */
  build(lesson) {
    this.cells = lesson.letters.map((letter, t) => {
      const said = el("b"), sure = el("small");
      const node = el("button", { type: "button", class: "letter", role: "option", "data-t": t, tabindex: -1,
        onclick: () => this.show(t) },
      el("span", { class: "in", text: letter }), el("i", { text: "↓" }), said, sure, el("em", { text: `t = ${t}` }));
      for (const part of node.children) part.ariaHidden = "true";
      const spoken = el("span", { class: "spoken" });
      node.append(spoken);
      return { node, said, sure, spoken };
    });
    this.row.replaceChildren(...this.cells.map(({ node }) => node));
    const pair = lesson.riddle();
    this.riddle.replaceChildren(...(pair ? this.puzzle(lesson, pair[0], pair[1]) : []));
    this.riddle.hidden = !pair;
  }

  /** @param {Lesson} lesson @param {number} early @param {number} late */
  puzzle(lesson, early, late) {
    const letter = (text) => el("b", { text });
    return ["It hears ", letter(lesson.letters[early]), ` at t = ${early} and at t = ${late}, and must say `,
      letter(lesson.target[early]), " and then ", letter(lesson.target[late]),
        ". Only its memory can tell the two apart."];
  }

  /** @param {Lesson} lesson @param {number} epoch @param {number} t */
  draw(lesson, epoch, t) {
    this.time = t;
    this.cells.forEach(({ node, said, sure, spoken }, place) => {
      const right = lesson.right(epoch, place), letter = lesson.said[epoch][place];
      const p = lesson.at("p", epoch, place, lesson.symbols.indexOf(letter));
      said.textContent = letter;
      sure.textContent = `${right ? "✓" : "✗"} ${percent(p)}`;
      node.dataset.state = right ? "right" : "wrong";
      node.setAttribute("aria-selected", String(place === t));
      spoken.textContent = `t = ${place}: hears ${lesson.letters[place]}, says ${letter}, `
        + (right ? "right" : `should say ${lesson.target[place]}`);
      node.tabIndex = place === t ? 0 : -1;
    });
  }

  /** @param {KeyboardEvent} event */
  keyed(event) {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key], next = this.cells[this.time + by];
    if (!next) return;
    event.preventDefault();
    this.show(this.time + by);
    next.node.focus({ preventScroll: true });
  }
}
