// Scores over two settings as cells: colour and number tell how good, a hatch where it diverged; a click chooses one.
// Its data come from seqlab/figures/sweep.py.
// @ts-check

import { channels, legible, lookup } from "../kit/colour.js";
import { el, keeper } from "../kit/dom.js";
import { applyTheme } from "../kit/theme.js";

/** @typedef {import("../kit/dom.js").Send} Send */
/** @typedef {{ place: number, state: string, shade: number | null, text: string, label: string }} Cell */
/**
 * Scores over two settings.
 * @typedef {{ title: string, note: string, across: [string, string[]], down: [string, string[]], cells: Cell[][],
 *   scale: [number, string][], chosen: number, best: number, height: number }} Scores
 */

class Cells {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    this.title = el("b");
    this.note = el("span");
    this.scale = el("div", { class: "scale" });
    this.body = el("div", { class: "cells", role: "group" });
    this.reading = el("p", { "aria-live": "polite" });
    root.replaceChildren(el("header", {}, this.title, this.note), this.scale,
      el("div", { class: "scroll" }, this.body), this.reading);
    this.shape = "";
    this.buttons = [];
  }

  /** @param {Scores} data @param {Send} send */
  update(data, send) {
    this.data = data;
    this.send = send;
    this.palette = applyTheme(this.root);
    this.root.style.height = `${data.height}px`;
    this.title.textContent = data.title;
    this.note.textContent = data.note;
    const shape = JSON.stringify([data.across, data.down]);
    if (shape !== this.shape) this.build(shape);
    this.table = lookup(this.palette.sequential);
    data.cells.flat().forEach((cell, k) => this.paint(this.buttons[k], cell));
    this.name();
    this.read();
    this.root.dataset.draws = String(Number(this.root.dataset.draws ?? 0) + 1);
  }

  /** @param {string} shape */
  build(shape) {
    const { across: [wide, columns], down: [high, rows] } = this.data;
    this.shape = shape;
    this.buttons = [];
    this.body.style.setProperty("--columns", String(columns.length));
    this.body.style.setProperty("--rows", String(rows.length));
    this.body.replaceChildren(el("i", { class: "high", text: high, style: `grid-row: span ${rows.length}` }));
    rows.forEach((label) => {
      this.body.append(el("small", { text: label }), ...columns.map(() => this.button()));
    });
    this.body.append(el("span"), el("span"), ...columns.map((label) => el("small", { class: "below", text: label })),
      el("i", { class: "wide", text: wide }));
  }

  button() {
    const node = el("button", { type: "button" });
    const mine = () => this.data.cells.flat()[this.buttons.indexOf(node)];
    node.addEventListener("click", () => { const { place } = mine(); this.data.chosen = place; this.send("pick",
      place); this.mark(); });
    for (const come of ["pointerenter", "focus"]) node.addEventListener(come, () => this.read(mine()));
    for (const go of ["pointerleave", "blur"]) node.addEventListener(go, () => this.read());
    this.buttons.push(node);
    return node;
  }

  /** @param {HTMLButtonElement} node @param {Cell | undefined} cell */
  paint(node, cell) {
    node.textContent = cell.text;
    node.dataset.state = cell.state;
    node.dataset.place = String(cell.place);
    node.setAttribute("aria-label", cell.label);
    if (cell.shade === null) {
      node.style.background = node.style.color = "";
    } else {
      const ground = channels(this.table[Math.round(255 * cell.shade)]), { text, background } = this.palette;
      node.style.background = `rgb(${ground})`;
      node.style.color = legible(ground, [text, background]);
    }
    this.mark();
  }

  /** Ring what is chosen and star what is best. */
  mark() {
    for (const node of this.buttons) {
      const place = Number(node.dataset.place);
      node.setAttribute("aria-pressed", String(place === this.data.chosen));
      node.toggleAttribute("data-best", place === this.data.best);
    }
  }

  name() {
    const ticks = this.data.scale.map(([share, text]) => el("small", { text, style: `left: ${100 * share}%` }));
    const bar = el("div", { class: "bar",
      style: `background: linear-gradient(to right, ${this.palette.sequential.join()})` }, ...ticks);
    const states = new Set(this.data.cells.flat().map(({ state }) => state));
    const keys = [["diverged", "✗ diverged"], ["failed", "! failed"],
      ["waiting", "not trained yet"]].filter(([state]) => states.has(state));
    this.scale.replaceChildren(bar, ...keys.map(([state, text]) => el("span", {}, el("u", { "data-state": state }),
      text)));
  }

  /** The line below: what is under the pointer, else what is chosen. */
  read(cell = this.data.cells.flat().find(({ place }) => place === this.data.chosen)) {
    this.reading.textContent = cell?.label ?? "";
  }
}

export default keeper(Cells, ".grid");
