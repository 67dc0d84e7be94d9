// One text at several temperatures: the slider moves the text while it is dragged, for all of them are here.
// The texts are only ever set as text, never as HTML.
// @ts-check

import { el, facts, keeper } from "../kit/dom.js";
import { applyTheme } from "../kit/theme.js";

/** @typedef {import("../kit/dom.js").Send} Send */
/** @typedef {{ prompt: string, texts: [number, string][], at: number }} Texts */

const SAYS = [[0, "the most probable symbol each time"], [0.95, "careful"], [1.05, "as the network has it"],
  [Infinity, "bold"]];

class Temperatures {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    this.range = el("input", { type: "range", min: 0, step: 1, "aria-label": "temperature",
      oninput: () => this.look(Number(this.range.value)), onchange: () =>
        this.send?.("choose", this.data.texts[this.at][0]) });
    this.value = el("output");
    this.says = el("span", { class: "says" });
    this.prompt = el("i");
    this.text = el("span");
    root.replaceChildren(el("label", {}, el("i", { class: "symbol", text: "T" }), el("span", { text: "temperature" }),
      this.range, this.value, this.says), el("div", { class: "text-sample", "aria-live": "polite" }, this.prompt,
      this.text));
  }

  /** A place that a person chose stays where other texts come, until the page names another one.
   * @param {Texts} data @param {Send} send */
  update(data, send) {
    this.send = send ?? this.send;
    applyTheme(this.root);
    const named = data.at !== this.data?.at;
    this.data = data;
    this.range.max = String(data.texts.length - 1);
    this.prompt.textContent = data.prompt;
    this.look(named ? data.at : Math.min(this.at, data.texts.length - 1));
  }

  /** @param {number} at */
  look(at) {
    const [temperature, text] = this.data.texts[at];
    this.at = at;
    this.range.value = String(at);
    this.range.setAttribute("aria-valuetext", String(temperature));
    this.value.textContent = temperature.toFixed(1);
    this.says.textContent = String(SAYS.find(([limit]) => temperature <= Number(limit))?.[1]);
    this.text.textContent = text;
    facts(this.root, { temperature, texts: this.data.texts.length });
  }
}

export default keeper(Temperatures, ".temperatures");
