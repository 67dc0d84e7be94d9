// The words of a review, each on the colour of what it did, and the words that did most.
// Reads the data of seqlab/figures/sentiment.py. The words are a person's own: they are only ever set as text.
// @ts-check

import { channels, legible, lookup } from "../kit/colour.js";
import { el, keeper } from "../kit/dom.js";
import { pictured } from "../kit/export.js";
import { whole } from "../kit/numbers.js";
import { applyTheme } from "../kit/theme.js";
import { declare } from "../kit/keys.js";
import { KEYS } from "./keys.js";

/**
 * One way to colour the words.
 * @typedef {{ name: string, kind: "signed" | "plain", limit: number, ends: [string, string], note: string, tells:
 * string[],
 *   values: number[], largest: number[] }} Layer
 */
/** @typedef {{ id: string, words: string[], known: boolean[], layers: Layer[] }} Words */

class Opinion {
  /** @param {HTMLElement} root */
  constructor(root) {
    declare(root, "Review", KEYS);
    this.root = root;
    this.layer = 0;
    this.tabs = el("div", { class: "tabs", role: "group", "aria-label": "Coloured by" });
    this.legend = el("div", { class: "legend" });
    this.note = el("p", { class: "note" });
    this.text = el("div", { class: "text", tabindex: "0", role: "group",
      "aria-label": "The review, each word coloured by what it did; arrow keys go from one to the next" });
    this.text.addEventListener("click", (event) => {
      const place = this.marks.indexOf(event.target);
      if (place >= 0) this.choose(place);
    });
    this.text.addEventListener("keydown", (event) => this.pressed(event));
    this.said = el("p", { class: "said", "aria-live": "polite" });
    this.list = el("ol", { class: "largest" });
    const page = el("div", { class: "page" }, el("div", { class: "head" }, this.tabs, this.legend), this.text,
      this.note);
    pictured(page, () => `What each word did: ${this.data.layers[this.layer].name}`, () => this.palette);
    root.replaceChildren(page,
      el("div", { class: "side" }, el("b", { text: "Words that did most" }), this.list, this.said));
  }

  update(data) {
    this.palette = applyTheme(this.root);
    const stamp = `${data.id} ${this.root.dataset.theme}`;
    if (stamp === this.stamp) return;
    this.stamp = stamp;
    this.data = data;
    this.root.dataset.id = data.id;
    this.layer = Math.min(this.layer, data.layers.length - 1);
    this.tabs.replaceChildren(...(data.layers.length > 1 ? data.layers.map(({ name }, k) =>
      el("button", { type: "button", text: name, onclick: () => { this.layer = k; this.draw(); } })) : []));
    this.marks = data.words.map((word, k) => el("span", { text: word, class: data.known[k] ? null : "unknown",
      title: data.known[k] ? null : "this word is not in the network's vocabulary: it is read as the unknown" }));
    this.text.replaceChildren(...this.marks.flatMap((mark) => [mark, " "]));
    this.draw();
  }

  colour(value, { kind, limit }) {
    const share = Math.max(-1, Math.min(1, value / limit));
    const table = lookup(kind === "signed" ? this.palette.diverging : this.palette.sequential);
    const strength = Math.sqrt(Math.abs(share)); // a root, so that small effects can be seen
    const place = kind === "signed" ? 0.5 + 0.5 * Math.sign(share) * strength : share > 0 ? strength : 0;
    const ground = channels(table[Math.round(255 * place)]);
    return [`rgb(${ground.join(" ")})`, legible(ground)];
  }

  draw() {
    const layer = this.data.layers[this.layer];
    for (const [k, button] of [...this.tabs.children].entries()) button.setAttribute("aria-pressed",
      String(k === this.layer));
    this.root.dataset.layer = layer.name;
    for (const [k, mark] of this.marks.entries())
      [mark.style.background, mark.style.color] = layer.values[k] ? this.colour(layer.values[k], layer) : ["none", ""];
    const stops = Array.from({ length: 9 }, (_, k) => this.colour(layer.limit * (layer.kind === "signed" ? k / 4 - 1
      : k / 8), layer)[0]);
    this.legend.replaceChildren(el("small", { text: layer.ends[0] }),
      el("i", { style: `background: linear-gradient(to right, ${stops.join()})` }),
        el("small", { text: layer.ends[1] }));
    this.note.textContent = layer.note;
    this.list.replaceChildren(...layer.largest.map((place) => {
      const sign = el("mark", { text: this.data.words[place] });
      [sign.style.background, sign.style.color] = this.colour(layer.values[place], layer);
      return el("li", {}, el("button", { type: "button", "data-place": place, onclick: () => this.choose(place,
        true) }, sign,
        el("span", { text: layer.tells[place] })));
    }));
    this.choose(Math.min(layer.largest[0] ?? 0, this.marks.length - 1));
  }

  choose(place, scroll = false) {
    this.marks[this.at]?.classList.remove("on");
    this.at = place;
    const mark = this.marks[place], layer = this.data.layers[this.layer];
    if (!mark) return;
    mark.classList.add("on");
    this.root.dataset.at = String(place);
    if (scroll) this.text.scrollTop = Math.max(0, mark.offsetTop - this.text.clientHeight / 2);
    for (const button of this.list.querySelectorAll("button")) button.setAttribute("aria-pressed",
      String(Number(button.dataset.place) === place));
    this.said.replaceChildren(`Word ${whole(place + 1)}, `, el("b", { text: this.data.words[place] }),
      `: ${layer.tells[place]}`);
  }

  /** @param {KeyboardEvent} event */
  pressed(event) {
    const by = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (!by || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    this.choose(Math.min(Math.max(this.at + by, 0), this.marks.length - 1), true);
  }
}

export default keeper(Opinion, ".opinion");
