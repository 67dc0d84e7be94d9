// The sampling studio: one text, its stored logits, and everything that chose each of its characters.
// @ts-check

import { announce } from "../kit/channel.js";
import { Inks } from "../kit/colour.js";
import { calm, el, keeper, resized } from "../kit/dom.js";
import { pictured } from "../kit/export.js";
import { large, whole } from "../kit/numbers.js";
import { applyTheme } from "../kit/theme.js";
import { declare } from "../kit/keys.js";
import { KEYS } from "./keys.js";
import { Column } from "./column.js";
import { Dials } from "./dials.js";
import { Distribution } from "./distribution.js";
import { Drawn, FIXED } from "./drawn.js";
import { SAME, Shaper, factorOf, glyph, readStudio } from "./shaping.js";
import { Steps } from "./steps.js";

/** @typedef {import("./shaping.js").Text} Text */
/** @typedef {import("./shaping.js").Choice} Choice */
/** @typedef {import("./shaping.js").Kind} Kind */
/** @typedef {import("../kit/dom.js").Send} Send */

const KINDS = { surprise: "surprise", entropy: "entropy" };
const SAYS = { surprise: "−ln p of what was drawn", entropy: "how open the choice was" };

/** A part that opens, under a line that says what it tells.
 * @param {string} name @param {string} tells @param {...Node} parts */
function fold(name, tells, ...parts) {
  return el("details", {}, el("summary", {}, el("b", { text: name }), el("span", { text: tells })), ...parts);
}

class Studio {
  /** @param {HTMLElement} root */
  constructor(root) {
    declare(root, "Text that was drawn", KEYS);
    this.root = root;
    /** @type {Kind} */
    this.kind = "surprise";
    this.hover = this.pin = null;
    this.dials = new Dials(() => this.turned(), (wait) => this.released(wait));
    this.drawn = new Drawn((t, fix) => this.choose(t, fix));
    this.steps = new Steps((by) => this.choose(Math.max(0, Math.min(this.studio.ids.length - 1, this.at + by)), true));
    this.column = new Column((temperature) => { this.dials.turn({ temperature, alpha: 1 }); this.sendNow(); });
    this.again = el("button", { type: "button", class: "again", text: "Draw with these", onclick: () =>
      this.sendNow() });
    this.first = el("span");
    this.distribution = new Distribution(this.steps.title);
    this.first = el("span");
    this.drawn.verdict.append(this.first, el("div", { class: "asks" }, this.dials.keeps, this.again));
    pictured(this.distribution.node, () => "What a symbol was drawn from", () => this.palette);
    pictured(this.drawn.node, () => "A sampled text", () => this.palette);
    pictured(this.steps.node, () => "How a symbol was drawn", () => this.palette);
    this.empty = el("p", { class: "empty" });
    this.taken = fold("Each step of this draw", "logit, times 1/T, mask, softmax, and where the draw falls",
      this.dials.notes, this.steps.node);
    this.taken.addEventListener("toggle", () => this.studio?.ids.length && this.mark());
    this.body = el("div", { class: "body" }, this.dials.node, el("div", { class: "main" }, this.distribution.node,
      this.drawn.node), this.taken, fold("The same draws at other temperatures",
      "what else this text could have been, from T = 0 to 1.5", this.column.node));
    root.replaceChildren(this.empty, this.body);
    this.unwatch = resized(root, () => this.studio?.ids.length && this.mark());
  }

  destroy() {
    this.drawn.stop(false);
    this.dials.film.stop();
    clearTimeout(this.later);
    this.unwatch();
  }

  /** New data, a new theme, or only a rerun of the page; the same text again changes nothing.
   * @param {Uint8Array} bytes @param {Send} send */
  update(bytes, send) {
    this.send = send ?? this.send;
    const studio = readStudio(bytes), theme = this.root.dataset.theme, palette = applyTheme(this.root);
    this.palette = palette;
    const repaint = theme !== this.root.dataset.theme, before = this.studio;
    if (studio.id === before?.id && !repaint) return;
    this.inks = new Inks(palette);
    this.studio = studio;
    this.shaper = new Shaper(studio);
    this.kind = studio.colour;
    this.root.classList.toggle("nothing", !studio.ids.length);
    this.root.classList.toggle("words", studio.unit === "word");
    this.empty.textContent = studio.invitation;
    if (!studio.ids.length) return this.tell();
    this.dials.build(studio.vocab - studio.masked.size);
    // A hand that has gone on turning since keeps its place; the answer to it is on its way.
    if (this.waits && SAME(studio.choice, this.waits)) this.waits = null;
    if (!before || (!this.turning && !this.waits)) this.dials.show(studio.choice);
    if (studio.id !== before?.id) {
      const still = calm();
      this.hover = null;
      if (this.pin === null || this.pin >= studio.ids.length) this.pin = this.worthSeeing();
      this.drawn.build(studio, studio.play && !still && !before); // later texts stand there at once
      this.column.build(studio);
    }
    this.look();
    this.draw();
  }

  get at() {
    return this.hover ?? this.pin;
  }

  get choice() {
    return this.dials.choice;
  }

  /** What is looked at first: an early character that was not the most probable one. */
  worthSeeing() {
    const { studio, shaper } = this;
    for (let t = Math.min(3, studio.ids.length - 1); t < studio.ids.length; t++) {
      shaper.shape(t, studio.choice);
      if (shaper.p[studio.ids[t]] < Math.max(...shaper.p) && shaper.p[studio.ids[t]] > 0.05) return t;
    }
    return 0;
  }

  /** The switch of the colours, and their legend: fixed, whatever the text. */
  look() {
    const { inks, kind } = this, colours = inks.maps.sequential.filter((_, k) => k % 16 === 0).join(", ");
    this.drawn.kinds.replaceChildren(.../** @type {[Kind, string][]} */ (Object.entries(KINDS)).map(([name, text]) =>
      el("button", { type: "button", text, title: SAYS[name], "aria-pressed": name === kind, onclick: () =>
        this.recolour(name) })));
    this.drawn.legend.replaceChildren(el("span", { text: "0" }),
      el("i", { style: `background: linear-gradient(90deg, ${colours})` }),
      el("span", { text: `≥ ${FIXED[kind]} nats` }));
  }

  /** @param {Kind} kind */
  recolour(kind) {
    this.kind = kind;
    this.look();
    this.draw();
    this.send?.("choose", { ...this.studio.choice, colour: kind });
  }

  /** A dial moves: everything that the stored logits can answer, at once. */
  turned() {
    this.turning = true;
    clearTimeout(this.later);
    this.draw();
  }

  /** @param {number} wait */
  released(wait) {
    clearTimeout(this.later);
    if (!this.dials.keep.checked) this.later = setTimeout(() => this.sendNow(), wait);
  }

  sendNow() {
    clearTimeout(this.later);
    this.turning = false;
    if (SAME(this.choice, this.waits ?? this.studio.choice)) return;
    this.waits = this.choice;
    this.send?.("choose", { ...this.choice, colour: this.kind });
  }

  /** @param {number} t @param {boolean} fix */
  choose(t, fix) {
    if (fix) { this.pin = t; this.hover = null; } else this.hover = t;
    this.mark();
  }

  draw() {
    const { studio, shaper, choice } = this;
    this.answers = shaper.all(choice);
    const first = studio.ids.findIndex((id, t) => id !== this.answers.would[t]);
    this.drawn.draw(this.answers, this.kind, this.inks, first);
    this.say(first);
    if (choice.divide) this.blame();
    this.dividing = choice.divide;
    this.column.draw(choice);
    this.mark();
    Object.assign(this.root.dataset, { id: studio.id, count: studio.ids.length,
      temperature: String(Number((1 / factorOf(choice)).toPrecision(8))), colour: this.kind,
      first, text: [...studio.ids].map((id) => studio.symbols[id]).join(""), drawn: performance.now() });
    this.tell();
  }

  /** The steps open by themselves when they begin to show the fault. */
  blame() {
    if (!this.dividing) this.taken.open = true;
    this.steps.blame(this.shaper.fault(this.choice), this.choice);
  }

  /** Below the text: how surprising it was, and where another choice would part from it. @param {number} first */
  say(first) {
    const { studio, answers } = this, count = studio.ids.length, name = (id) => `‘${glyph(studio.symbols[id])}’`;
    const mean = answers.surprise.reduce((sum, value) => sum + value, 0) / count;
    const ended = studio.ids[count - 1] === studio.end ? ", ended by itself" : "";
    this.drawn.figures.replaceChildren(el("b", { text: `${whole(count)} ${studio.unit}s${ended}` }),
      Number.isFinite(mean)
      ? ` · ${mean.toFixed(2)} nats each, perplexity ${large(Math.exp(mean))}` : " · some can no longer be drawn");
    const moved = answers.would.reduce((sum, id, t) => sum + Number(id !== studio.ids[t]), 0);
    const differs = !SAME(this.choice, studio.choice);
    this.drawn.node.classList.toggle("differs", differs);
    this.again.disabled = !differs;
    this.first.textContent = first < 0 ? (differs ? "The same draws would choose the same text."
      : "Turn a dial: where the same draw would then choose another, it is marked here.")
      : `From ${studio.unit} ${first + 1} on the text would differ: the same draw would choose `
        + `${name(answers.would[first])} instead of ${name(studio.ids[first])}`
        + `${moved > 1 ? `, and ${moved - 1} more of these ${count} draws would choose another one` : ""}.`;
  }

  mark() {
    const { at, studio, choice } = this, about = this.shaper.at(at, choice);
    this.drawn.mark(at);
    this.distribution.draw(studio, about, choice, studio.ids[at], this.answers.would[at]);
    this.steps.draw(studio, this.shaper, about, at, choice, this.answers, this.taken.open);
    this.root.dataset.at = String(at);
  }

  tell() {
    const { studio } = this, step = studio.ids.length ? 0 : null;
    announce({ channel: studio.channel, id: studio.id, frame: 0, step, own: this.own() });
  }

  /** Why no proof speaks of the picture yet: a dial stands elsewhere than when NumPy and torch computed it. */
  own() {
    const { studio, dials } = this;
    if (!studio.ids.length || !this.choice || SAME(this.choice, studio.choice)) return "";
    if (!this.send) return "Computed in your browser, from the proved logits; no proof speaks of these dials.";
    return `Computed in your browser; the proof follows ${dials.keep.checked ? "when you press “Draw with these”"
      : "when the text is drawn anew"}.`;
  }
}

export default keeper(Studio, ".studio");
