// The tokens, and arcs from the chosen one to those it reads; under them what the network says, and what changed.
// @ts-check

import { el, svg } from "../kit/dom.js";
import { figure, percent } from "../kit/numbers.js";
import { larger, sized } from "../kit/present.js";
import { headName, hidden, share, weightOf } from "./maps.js";
import { declare } from "../kit/keys.js";
import { KEYS } from "./keys.js";

/** @typedef {import("./maps.js").Maps} Maps */
/** @typedef {import("./maps.js").Place} Place */
/** @typedef {import("./attention.js").Attention} View */

const ARCS_HEIGHT = 66;

/** The tokens in a row, and what the chosen one reads. */
export class Reads {
  /** @param {View} view */
  constructor(view) {
    this.view = view;
    this.arcs = svg("svg", { class: "arcs", height: ARCS_HEIGHT, "aria-hidden": "true" });
    this.tokens = el("div", { class: "row tokens", role: "group", "aria-label": "Tokens; arrow keys move the query" });
    this.now = el("div", { class: "row says" });
    this.before = el("div", { class: "row says" });
    this.change = el("div", { class: "row changes" });
    this.names = { tokens: el("span", { text: "reads" }), before: el("span"), now: el("span"), change: el("span") };
    this.plot = el("div", { class: "plot", "data-reads": "" }, this.arcs, this.tokens, this.before, this.now,
      this.change);
    declare(this.plot, "Attention", KEYS);
    this.outcome = el("p", { class: "outcome", "aria-live": "polite" });
    this.node = el("section", { class: "reads" }, el("div", { class: "scroller" },
      el("div", { class: "gutter" }, el("span"), ...Object.values(this.names)), this.plot), this.outcome);
  }

  /** @param {Maps} film */
  build(film) {
    this.film = film;
    this.cells = film.tokens.map((token, place) => el("button", { type: "button", class: "token", title: token,
      "data-token": place, onclick: () => this.view.ask(place) }, el("bdi", { text: token })));
    this.tokens.replaceChildren(...this.cells);
    this.paths = film.tokens.map(() => svg("path"));
    this.arcs.replaceChildren(...this.paths);
    const said = () => film.tokens.map(() => el("span"));
    this.now.replaceChildren(...said());
    this.before.replaceChildren(...said());
    this.bars = film.tokens.map(() => el("u"));
    this.change.replaceChildren(...this.bars.map((bar) => el("span", {}, bar)));
    this.node.classList.toggle("mute", !film.answers);
  }

  /** Every token as wide as it is written, all wider where there is room. @param {number} width */
  layout(width) {
    const gutter = Math.round(larger() * (width < 560 ? 58 : 72));
    const ruler = document.createElement("canvas").getContext("2d");
    ruler.font = `700 ${sized(17)}px ${getComputedStyle(this.cells[0]).fontFamily}`;
    const widths = this.film.tokens.map((token) => Math.max(22, Math.min(200, Math.ceil(ruler.measureText(token).width)
      + 12)));
    const spare = (width - gutter - widths.reduce((sum, one) => sum + one, 0)) / widths.length;
    const columns = widths.map((one) => one + Math.max(0, Math.min(54, spare)));
    let left = 0;
    this.centres = columns.map((one) => (left += one) - one / 2);
    this.node.style.setProperty("--gutter", `${gutter}px`);
    this.node.style.setProperty("--columns", columns.map((one) => `${one.toFixed(2)}px`).join(" "));
    this.arcs.setAttribute("width", String(left));
  }

  /** Scroll so that the query can be seen, and what is read before it. @param {number} query */
  reveal(query) {
    const scroller = this.plot.parentElement, x = this.centres[query], room = scroller.clientWidth;
    if (x < scroller.scrollLeft + 20 || x > scroller.scrollLeft + room - 110) scroller.scrollLeft = x - room + 150;
  }

  /** @param {Place} at */
  draw(at) {
    this.read(at);
    this.say(at.frame);
  }

  /** Arcs and shades: the more a token is read, the stronger. @param {Place} at */
  read(at) {
    const { film, centres } = this, base = ARCS_HEIGHT - 3, from = centres[at.query];
    this.paths.forEach((path, key) => {
      const weight = hidden(film, at.query, key) ? 0 : weightOf(film, at, key) || 0, to = centres[key];
      const rise = Math.min(base * 1.25, 22 + 0.42 * Math.abs(to - from));
      path.setAttribute("d", key === at.query
        ? `M${from - 4} ${base}C${from - 15} ${base - 26} ${from + 15} ${base - 26} ${from + 4} ${base}`
        : `M${from} ${base}C${from} ${base - rise} ${to} ${base - rise} ${to} ${base}`);
      path.style.opacity = String(weight < 0.004 ? 0 : 0.15 + 0.85 * weight);
      path.style.strokeWidth = String(1 + 4 * weight);
      const cell = this.cells[key];
      cell.style.setProperty("--weight", weight.toFixed(3));
      cell.classList.toggle("on", key === at.query);
      cell.classList.toggle("key", key === at.key);
      cell.classList.toggle("masked", hidden(film, at.query, key));
      cell.tabIndex = key === at.query ? 0 : -1;
      cell.setAttribute("aria-label", `t = ${key}, ${film.tokens[key]}: ${hidden(film, at.query, key)
        ? "masked" : `read with weight ${share(weight)}`}`);
      cell.setAttribute("aria-pressed", String(key === at.query));
    });
  }

  /** @param {number} frame */
  say(frame) {
    const { film } = this, { answers } = film, off = film.off.length > 0;
    this.names.before.textContent = answers ? "says" : "";
    this.names.now.textContent = answers ? "without" : "";
    this.names.change.textContent = answers ? "|Δp|" : "change";
    this.node.classList.toggle("ablated", off);
    film.tokens.forEach((_, t) => {
      const change = film.parts.change.values[frame * film.time + t];
      this.bars[t].style.transform = `scaleY(${off ? Math.min(1, change) : 0})`;
      this.bars[t].parentElement.title = off ? `t = ${t}: ${figure(change)}` : "";
      if (!answers) return;
      const [before, now] = [answers.before[frame][t], answers.now[frame][t]];
      letter(/** @type {HTMLElement} */ (this.before.children[t]), before, answers.target[t], false);
      letter(/** @type {HTMLElement} */ (this.now.children[t]), off ? now : "", answers.target[t], off
        && now !== before);
    });
    this.outcome.replaceChildren(...this.result(frame));
  }

  /** What a person can do next; nothing in a file, where no server answers. @param {string} text */
  hint(text) {
    return this.view.send ? text : "";
  }

  /** @param {number} frame */
  result(frame) {
    const { film } = this, { answers } = film, start = frame * film.time;
    if (!film.off.length && !answers)
      return ["All heads are on.", this.hint(" Switch one off to see how far the output moves at each position.")];
    if (!film.off.length)
      return [`All heads are on: ${this.score(frame, "")}.`, this.hint(" Switch one off to see what it was good for.")];
    const changes = Array.from(film.parts.change.values.subarray(start, start + film.time));
    const most = changes.reduce((best, value, t) => (value > changes[best] ? t : best), 0);
    const names = film.off.map(([layer, head]) => headName(film, layer, head));
    const without = el("b", { text: `Without ${listed(names)}: ` });
    const where = `t = ${most} (${film.tokens[most]})`;
    if (!answers) return [without, `the output moves by up to ${percent(changes[most])} of its length, at ${where}.`];
    return [without, `${this.score(frame, "")}; before: ${this.score(frame, "_before")}. `
      + `A probability moves by up to ${figure(changes[most])}, at ${where}.`];
  }

  /** @param {number} frame @param {string} side */
  score(frame, side) {
    const { answers } = this.film, loss = answers[`loss${side}`][frame], share = answers[`accuracy${side}`][frame];
    if (share === null) return "no answer is scored here";
    const scored = answers.target.filter((letter) => letter !== "·").length;
    return `${Math.round(share * scored)} of ${scored} right, loss ${loss === null ? "not a number" : figure(loss)}`;
  }
}

/** @param {HTMLElement} node @param {string} text @param {string} target @param {boolean} changed */
function letter(node, text, target, changed) {
  const state = !text || target === "·" ? "blank" : text === target ? "right" : "wrong";
  node.dataset.state = state;
  node.classList.toggle("changed", changed);
  node.textContent = text;
  node.title = !text ? "" : state === "blank" ? `says ${text}; not scored` : `says ${text}; ${state}${state === "wrong"
    ? `, should be ${target}` : ""}${changed ? "; changed" : ""}`;
}

/** @param {string[]} names */
const listed = (names) => (names.length < 2 ? names.join("") : `${names.slice(0, -1).join("; ")} and ${names.at(-1)}`);
