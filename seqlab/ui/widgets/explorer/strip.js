// The letters: what goes in, what the network says under it, and a line from each letter to its echo.
// @ts-check

import { el, svg } from "../kit/dom.js";
import { percent } from "../kit/numbers.js";
import { probabilityOf, stateOf } from "./film.js";

/** @typedef {import("./film.js").Film} Film */

const LINKS_HEIGHT = 28;

/** A row that scrolls sideways in step with the others: a gutter that stays and a plot as wide as its columns. */
export function timePlot(view, gutter, ...children) {
  const plot = el("div", { class: "plot", "data-view": view }, ...children);
  const node = el("div", { class: "scroller" }, el("div", { class: "gutter" }, ...gutter), plot);
  return { node, plot };
}

/** Rows that scroll sideways do so together. @param {Element} body @param {HTMLElement} node */
export function scrollTogether(body, node) {
  if (!node.classList?.contains("scroller")) return;
  const room = node.scrollWidth - node.clientWidth, share = room > 0 ? node.scrollLeft / room : 0;
  for (const other of body.querySelectorAll(".scroller")) {
    const target = share * (other.scrollWidth - other.clientWidth);
    if (other !== node && Math.abs(other.scrollLeft - target) > 1) other.scrollLeft = target;
  }
}

/** The letters of an input, what the network says to each, and lines from one to the other. */
export class Strip {
  constructor() {
    this.ins = el("div", { class: "letters ins" });
    this.outs = el("div", { class: "letters outs" });
    this.links = svg("svg", { class: "links", height: LINKS_HEIGHT, "aria-hidden": "true" });
    this.column = el("i", { class: "column" });
    const label = (text, kind) => el("span", { class: kind, text });
    const { node, plot } = timePlot("strip", [label("in", "label-in"), label("out", "label-out")],
      this.column, this.ins, this.links, this.outs);
    plot.tabIndex = 0;
    plot.setAttribute("role", "group");
    this.plot = plot;
    this.node = el("section", { class: "strip", "data-look": "letters" }, node);
  }

  /** @param {Film} film */
  build(film) {
    this.film = film;
    this.plot.setAttribute("aria-label", `Letters in and out, ${film.time} times; arrow keys move in time`);
    this.ins.replaceChildren(...film.letters.map((letter) =>
      el("span", { class: letter === "·" ? "in blank" : "in", text: letter })));
    this.cells = film.letters.map((_, t) => {
      const letter = el("b"), bar = el("u"), mark = el("small");
      const node = el("button", { type: "button", class: "out", tabindex: -1, "data-out": t },
        letter, el("i", {}, bar), mark);
      return { node, letter, bar, mark, said: "", state: "", wanted: "" };
    });
    this.outs.replaceChildren(...this.cells.map((cell) => cell.node));
    this.paths = film.delay === null ? [] : film.letters.slice(0, Math.max(0, film.time - film.delay))
      .map((letter) => (letter === "·" ? null : svg("path")));
    this.links.replaceChildren(...this.paths.filter(Boolean));
  }

  /** @param {number} column */
  layout(column) {
    const { delay } = this.film, low = LINKS_HEIGHT;
    this.links.setAttribute("width", String(column * this.film.time));
    this.paths.forEach((path, t) => {
      const from = (t + 0.5) * column, to = (t + delay + 0.5) * column;
      path?.setAttribute("d", `M${from} 0C${from} ${low * 0.75} ${to} ${low * 0.25} ${to} ${low}`);
    });
  }

  /** @param {number} frame */
  draw(frame) {
    const { film } = this;
    this.cells.forEach((cell, t) => {
      const said = film.said[frame][t], state = stateOf(film, frame, t), p = probabilityOf(film, frame, t);
      if (cell.said !== said) cell.letter.textContent = cell.said = said;
      if (cell.state !== state || cell.wanted !== film.target[t] || state === "wrong") {
        cell.node.dataset.state = cell.state = state;
        cell.wanted = film.target[t];
        cell.mark.textContent = state === "right" ? "✓" : state === "wrong" ? cell.wanted : "";
        this.paths[t - film.delay]?.setAttribute("class", state);
      }
      cell.bar.style.transform = `scaleX(${p.toFixed(3)})`;
      cell.letter.style.setProperty("--p", p.toFixed(3));
      // What stands in the cell stands in its name in the same order: the letter, then the right one.
      const agreement = { right: "right", wrong: `${film.target[t]} would be right`, blank: "not scored" }[state];
      cell.node.setAttribute("aria-label", `time ${t}: says ${said}, ${agreement}, ${percent(p)} sure`);
    });
  }

  /** Mark a time: the letter that comes in there and its echo, or the one that goes out there and where it was read.
   * @param {number | null} t @param {boolean} [out] */
  mark(t, out = false) {
    const delay = this.film.delay ?? NaN, read = t === null ? NaN : out ? t - delay : t;
    this.paths.forEach((path, k) => path?.classList.toggle("on", k === read));
    [...this.ins.children].forEach((node, k) => node.classList.toggle("on", k === (out ? read : t)));
    this.cells.forEach(({ node }, k) => node.classList.toggle("on", k === (out ? t : read + delay)));
  }

  /** Light the letter whose trail is shown, and its echo once the trail has come that far.
   * @param {import("./trail.js").Lit | null} lit */
  light(lit) {
    const said = lit ? lit.letter + (this.film.delay ?? NaN) : NaN;
    [...this.ins.children].forEach((node, k) => node.classList.toggle("lit", k === lit?.letter));
    this.cells.forEach(({ node }, k) => node.classList.toggle("lit", k === said && lit !== null && lit.until >= said));
    this.paths.forEach((path, k) => path?.classList.toggle("lit", k === lit?.letter));
  }
}
