// The four dials of the sampling studio. Temperature and α are two scales of one thing: moving one moves the other.
// @ts-check

import { el } from "../kit/dom.js";
import { Film } from "./film.js";
import { factorOf } from "./shaping.js";

/** @typedef {import("./shaping.js").Text} Text */
/** @typedef {import("./shaping.js").Choice} Choice */

const COLD = 0.01, HOT = 2; // 0 is the greedy end; below 0.01 there is nothing else to see
const ALPHAS = [1, 2, 5, 30]; // drawn as it is, and the powers of the published exercise
const LOW = 1 / HOT, HIGH = 1 / COLD, FINE = 240, SNAP = 2;

/** @param {number} place */
const alphaAt = (place) => LOW * (HIGH / LOW) ** (place / FINE);
/** @param {number} alpha */
const placeOf = (alpha) => FINE * Math.log(Math.min(HIGH, Math.max(LOW, alpha)) / LOW) / Math.log(HIGH / LOW);

/** As few digits as say it: 0.5, 0.033, 30. */
export function brief(value) {
  if (!Number.isFinite(value)) return "∞";
  return String(Number(value >= 10 ? value.toFixed(1) : value >= 0.1 ? value.toFixed(2) : value.toPrecision(2)));
}

class Dial {
  constructor({ name, label, sign, low, high, step, ticks, help }, moved, released) {
    this.range = el("input", { type: "range", min: low, max: high, step, "aria-label": label, title: help,
      "data-dial": name });
    this.value = el("output");
    this.ticks = el("div", { class: "ticks" }, ...ticks.map(([place, text, set]) => el(set ? "button" : "span",
      { style: `--at: ${(place - low) / (high - low)}`, text,
        ...(set ? { type: "button", onclick: set, "aria-label": `${label} ${text}` } : {}) })));
    this.node = el("div", { class: "dial" }, el("label", { title: help }, el("i", { class: "symbol", text: sign }),
      el("span", { text: label }),
      this.value), this.range, this.ticks);
    this.range.addEventListener("input", () => moved(Number(this.range.value)));
    // A mouse and a finger let go once; keys may follow one another, so they wait a little.
    this.range.addEventListener("change", () => released(this.keyed ? 450 : 0));
    this.range.addEventListener("keydown", () => { this.keyed = true; });
    this.range.addEventListener("pointerdown", () => { this.keyed = false; });
  }

  /** @param {number} place @param {string} text */
  show(place, text) {
    this.range.value = String(place);
    this.value.textContent = text;
    this.range.setAttribute("aria-valuetext", text);
    this.range.style.setProperty("--share",
      String((place - Number(this.range.min)) / (Number(this.range.max) - Number(this.range.min))));
  }
}

/** Temperature, α, top-k and top-p. */
export class Dials {
  /** @param {(choice: Choice) => void} moved @param {(wait: number) => void} released */
  constructor(moved, released) {
    this.moved = moved;
    this.released = released;
    this.same = el("p", { class: "same" });
    this.divide = el("input", { type: "checkbox", "data-dial": "divide" });
    this.keep = el("input", { type: "checkbox", "data-dial": "keep" });
    this.divide.addEventListener("change", () => this.switched());
    this.keep.addEventListener("change", () => this.keep.checked || released(0));
    this.film = new Film((temperature) => this.turn({ temperature, alpha: 1 }), () => 1 / factorOf(this.choice),
      () => released(0));
    this.front = el("div", { class: "front" });
    this.node = el("section", { class: "dials", "aria-label": "How a character is chosen" }, this.front);
    this.keeps = this.check(this.keep, "Keep this text",
      "Distributions, colours and marks move, the text stays until you press “Draw with these”.");
    this.notes = el("div", { class: "notes" }, this.same, this.check(this.divide,
      "Divide probabilities by T (does nothing)", "A classic fault: p/T, divided by its sum, is p again."));
  }

  check(input, text, help) {
    return el("label", { class: "check", title: help }, input, el("span", { text }));
  }

  /** Dials for an alphabet of so many symbols that may be drawn. */
  build(symbols) {
    if (this.symbols === symbols) return;
    this.symbols = symbols;
    const set = (change) => () => { this.turn(change); this.released(0); };
    const dial = (about, change) => new Dial(about, (place) => {
      this.film.stop();
      this.turn(change(place));
    }, this.released);
    this.temperature = dial({ name: "temperature", label: "temperature", sign: "T", low: 0, high: HOT, step: 0.01,
      ticks: [[0, "0 greedy"], [0.5, "0.5"], [1, "1"], [1.5, "1.5"], [2, "2"]],
      help: "Every logit is divided by T. 0 always takes the most probable character." },
    (place) => ({ temperature: place, alpha: 1 }));
    this.alpha = dial({ name: "alpha", label: "alpha", sign: "α", low: 0, high: FINE, step: 1,
      ticks: ALPHAS.map((alpha) => [placeOf(alpha), String(alpha), set({ alpha, temperature: 1 })]),
      help: "Every logit is multiplied by α, so that p is raised to the power α. Published: 2, 5 and 30." },
        (place) => {
      const near = ALPHAS.find((alpha) => Math.abs(placeOf(alpha) - place) < SNAP);
      return { alpha: near ?? Number(alphaAt(place).toPrecision(3)), temperature: 1 };
    });
    this.top_k = dial({ name: "top_k", label: "top-k", sign: "k", low: 1, high: symbols, step: 1,
      ticks: [[1, "1"], [symbols, `all ${symbols}`]], help: "Only the k most probable characters may be drawn." },
    (place) => ({ top_k: place >= symbols ? 0 : place }));
    this.top_p = dial({ name: "top_p", label: "top-p", sign: "P", low: 0.05, high: 1, step: 0.01,
      ticks: [[0.05, "0.05"], [0.5, "0.5"], [1, "1"]],
      help: "Only the smallest group of most probable characters that together have probability P may be drawn." },
    (place) => ({ top_p: place }));
    this.front.replaceChildren(this.film.node, el("div", { class: "pair" }, this.temperature.node,
      el("b", { class: "equals", text: "≡", title: "α = 1/T" }),
      this.alpha.node), this.top_k.node, this.top_p.node);
  }

  /** @param {Partial<Choice>} change */
  turn(change) {
    this.choice = { ...this.choice, ...change };
    if (this.choice.divide) Object.assign(this.choice, plainly(this.choice));
    this.show(this.choice);
    this.moved(this.choice);
  }

  switched() {
    this.turn({ divide: this.divide.checked });
    this.released(0);
  }

  /** @param {Choice} choice */
  show(choice) {
    this.choice = choice;
    const factor = factorOf(choice), temperature = 1 / factor, top_k = choice.top_k || this.symbols;
    this.temperature.show(temperature, brief(temperature));
    this.alpha.show(placeOf(factor), brief(factor));
    this.top_k.show(top_k, top_k >= this.symbols ? "all" : String(top_k));
    this.top_p.show(choice.top_p, choice.top_p >= 1 ? "all" : choice.top_p.toFixed(2));
    this.divide.checked = choice.divide;
    this.notes.classList.toggle("dividing", choice.divide);
    this.same.replaceChildren(...sentence(choice));
  }
}

/** The same choice with T alone. */
function plainly({ temperature, alpha }) {
  return { temperature: Math.min(HOT, Math.max(COLD, temperature / alpha)), alpha: 1 };
}

/** That α and T are one thing, with the present numbers. @param {Choice} choice */
function sentence(choice) {
  const factor = factorOf(choice), symbol = (text) => el("i", { class: "symbol", text });
  if (!Number.isFinite(factor)) return [symbol("T"), " = 0 is ", symbol("α"),
    " = ∞: always the most probable character; the draws play no part."];
  return [symbol("α"), " = 1/", symbol("T"), ": one knob with two scales. Here every logit is multiplied by ",
    el("b", { text: brief(factor) }),
    " = 1/", el("b", { text: brief(1 / factor) }), "."];
}
