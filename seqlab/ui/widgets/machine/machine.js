// The machine: a layer of the network as cards and wires, line by line, at one time, for one unit or all of them.
// @ts-check

import { Address, recalled } from "../kit/address.js";
import { Cursor } from "../kit/cursor.js";
import { arrow, el, facts, keeper, met, resized, scrollable } from "../kit/dom.js";
import { figure } from "../kit/numbers.js";
import { faced, Player } from "../kit/player.js";
import { applyTheme } from "../kit/theme.js";
import { Tip } from "../kit/tip.js";
import { declare } from "../kit/keys.js";
import { KEYS } from "./keys.js";
import { Card } from "./card.js";
import { formOf, numberAt, readMachine, stretched } from "./picture.js";
import { Wires } from "./wires.js";

/** @typedef {import("./picture.js").Machine} Shown */
/** @typedef {import("../kit/dom.js").Send} Send */

const REST = 250; // milliseconds after which a hand that moved is taken to rest
const FIRST = 4; // late enough for a state to have something in it

/** Plays the lines of one time after another. */
class Lines extends Player {
  get pace() {
    return 620;
  }

  /** @param {boolean} playing */
  face(playing) {
    faced(this.button, playing, "Play, line by line");
  }
}

/** One layer; where a person stands in it lives here. */
class Machine {
  /** @param {HTMLElement} root */
  constructor(root) {
    declare(root, "Machine", KEYS);
    this.root = root;
    this.at = { t: 0, line: 0 };
    this.unit = null;
    this.form = "";
    this.cards = new Map();
    this.address = new Address(() => this.follow());
    this.cursor = new Cursor((t) => {
      if (t !== null && t < (this.picture?.times ?? 0) && !this.player.playing)
        this.player.go((t + 1) * this.picture.lines.length - 1);
    });
    this.player = new Lines("Line and letter", (frame) => this.show(frame));
    this.letters = el("div", { class: "letters", role: "group", "aria-label": "Letters: what is read, and below it "
      + "what the network says" });
    this.code = el("p", { class: "code", "aria-live": "polite" });
    this.choice = el("input", { type: "number", min: 0, step: 1, placeholder: "all", "aria-label": "Unit",
      oninput: () => this.choose(this.choice.value === "" ? null : Number(this.choice.value)) });
    this.all = el("button", { type: "button", text: "All units", onclick: () => this.choose(null) });
    this.stage = el("div", { class: "stage" });
    this.note = el("p", { class: "note" });
    this.tip = new Tip(root);
    root.replaceChildren(this.letters,
      el("div", { class: "controls" }, this.player.button, this.player.range, this.code,
        el("label", {}, el("span", { text: "Unit" }), this.choice), this.all),
      scrollable(el("div", { class: "scroll" }, this.stage), "The machine, from left to right"), this.note,
      this.tip.node);
    this.listen();
    this.unwatch = resized(root, () => this.picture && this.root.clientWidth !== this.room && this.layout());
  }

  listen() {
    this.stage.addEventListener("click", (event) => this.clicked(event));
    this.stage.addEventListener("pointermove", (event) => this.over(event));
    this.stage.addEventListener("pointerleave", () => this.tip.hide());
    this.letters.addEventListener("keydown", (event) => {
      const [across] = arrow(event), to = Math.min(Math.max(this.at.t + across, 0), this.picture.times - 1);
      if (!across) return;
      event.preventDefault();
      this.goTo(to);
      /** @type {HTMLElement} */ (this.letters.children[to]).focus();
    });
  }

  destroy() {
    for (const part of [this.player, this.address, this.cursor]) part.stop();
    clearTimeout(this.resting);
    this.unwatch();
  }

  /** @param {Uint8Array} bytes @param {Send} send */
  update(bytes, send) {
    this.sender = send;
    const picture = readMachine(bytes), theme = this.root.dataset.theme, first = !this.picture;
    this.palette = applyTheme(this.root);
    if (picture.id === this.picture?.id && theme === this.root.dataset.theme) return;
    this.picture = picture;
    if (first) this.recall();
    this.at.t = Math.min(this.at.t, picture.times - 1);
    if (this.unit !== null && this.unit >= picture.units) this.unit = null;
    this.choice.max = String(picture.units - 1);
    this.player.extent(picture.times * picture.lines.length);
    this.spell();
    const cut = picture.times < picture.all ? ` Only the first ${picture.times} of ${picture.all} are drawn here.` : "";
    const valve = picture.parts.some(({ gate }) => gate)
      ? " A valve stands across where its gate is 0, and along where it is 1." : "";
    this.note.textContent = "A click on a card opens its line in Step by step; a click on its colours chooses that "
      + `unit.${valve}${cut}`;
    this.layout();
    if (first && this.unit !== null) this.pick(picture.lines.at(-1)?.symbol ?? "");
  }

  /** Go where the address leads. */
  follow() {
    if (!this.picture) return;
    this.player.stop();
    this.recall();
    this.layout();
  }

  /** Begin where the address says, else late enough to have something in memory. */
  recall() {
    const { key, times, units, lines } = this.picture, place = recalled([`${key}t`, `${key}unit`]);
    const t = Number(place[`${key}t`] ?? FIRST), unit = Number(place[`${key}unit`] ?? NaN);
    this.at = { t: Number.isInteger(t) && t >= 0 ? Math.min(t, times - 1) : 0, line: lines.length - 1 };
    this.unit = Number.isInteger(unit) && unit >= 0 && unit < units ? unit : null;
  }

  /** Stretch it over the width that there is. */
  layout() {
    this.room = this.root.clientWidth;
    const drawn = stretched(this.picture, this.room || this.picture.width);
    if (formOf(drawn) !== this.form) this.build(drawn);
    for (const part of drawn.parts) {
      const card = /** @type {Card} */ (this.cards.get(part.name));
      Object.assign(card, { part, order: part.axis === "unit" ? this.picture.order : null });
      card.paint(this.palette);
    }
    this.show(this.frame);
  }

  /** @param {Shown} picture */
  build(picture) {
    const named = new Map(picture.lines.map(({ symbol, name }) => [symbol, name]));
    this.form = formOf(picture);
    this.cards = new Map(picture.parts.map((part) => [part.name, new Card(part, named.get(part.line) ?? "")]));
    this.wires = new Wires(picture, this.cards);
    this.stage.style.width = `${picture.width}px`;
    this.stage.style.height = `${picture.height}px`;
    this.stage.replaceChildren(this.wires.node, ...[...this.cards.values()].map(({ node }) => node),
      this.wires.packets);
  }

  /** Write the letters, what is read above what is said. */
  spell() {
    const { letters, predicted, target } = this.picture;
    this.letters.replaceChildren(...letters.map((letter, t) => {
      const state = target[t] === "·" ? "blank" : predicted[t] === target[t] ? "right" : "wrong";
      return el("button", { type: "button", "data-state": state, onclick: () => this.goTo(t),
        "aria-label": `time ${t}: reads ${letter}, says ${predicted[t]}, ${state === "blank" ? "not scored" : state}` },
      el("b", { text: letter }), el("span", { text: predicted[t] }));
    }));
  }

  get frame() {
    return this.at.t * this.picture.lines.length + this.at.line;
  }

  /** Show a whole time. @param {number} t */
  goTo(t) {
    this.player.go((t + 1) * this.picture.lines.length - 1);
    this.cursor.say(t);
    if (this.unit !== null) this.pick(this.picture.lines.at(-1)?.symbol ?? "");
  }

  /** Show the machine when so many lines were computed, time after time. @param {number} frame */
  show(frame) {
    const { picture } = this, count = picture.lines.length, before = this.frame;
    this.at = { t: Math.floor(frame / count), line: frame % count };
    this.player.range.value = String(frame);
    const { t, line } = this.at, { code, name } = picture.lines[line];
    if (this.player.playing) this.cursor.say(t);
    this.code.replaceChildren(el("span", { text: `t = ${t}, ${name}: ` }), el("code", { text: code }));
    this.player.range.setAttribute("aria-valuetext", `t = ${t}, letter ${picture.letters[t]}, ${name}`);
    this.draw(frame === before + 1);
    this.address.write({ [`${picture.key}t`]: t === FIRST ? null : t, [`${picture.key}unit`]: this.unit });
  }

  /** @param {boolean} moved */
  draw(moved) {
    const { picture, at } = this, order = new Map(picture.lines.map(({ symbol }, k) => [symbol, k]));
    const stateOf = (/** @type {string} */ line) => {
      const place = order.get(line) ?? -1;
      return place > at.line ? "later" : place === at.line ? "now" : "done";
    };
    for (const card of this.cards.values())
      card.draw(at.t, this.unit, stateOf(card.part.line), this.cards.get(card.part.gate)?.part);
    this.wires?.draw(stateOf, moved);
    [...this.letters.children].forEach((node, t) => node.setAttribute("aria-pressed", String(t === at.t)));
    if (document.activeElement !== this.choice) this.choice.value = this.unit === null ? "" : String(this.unit);
    this.all.disabled = this.unit === null;
    facts(this.root, { t: at.t, line: picture.lines[at.line].symbol, unit: this.unit ?? "", id: picture.id,
      times: picture.times });
  }

  /** @param {number | null} unit @param {string} [line] whose number is meant */
  choose(unit, line = this.picture.lines.at(-1)?.symbol ?? "") {
    const there = unit === null || (Number.isInteger(unit) && unit >= 0 && unit < this.picture.units);
    this.choice.setCustomValidity(there ? "" : `Units go from 0 to ${this.picture.units - 1}.`);
    if (!there) return void this.choice.reportValidity();
    this.unit = unit;
    this.show(this.frame);
    this.pick(line);
  }

  /** Say to the page which number is meant, once the hand rests. @param {string} line */
  pick(line) {
    clearTimeout(this.resting);
    this.resting = setTimeout(() => this.sender?.("pick", { line, t: this.at.t, unit: this.unit ?? -1 }), REST);
  }

  /** @param {MouseEvent} event */
  clicked(event) {
    const card = this.cards.get(met(event, "[data-part]")?.dataset.part ?? "");
    if (!card) return;
    const unit = event.detail && card.part.axis === "unit" ? card.unitAt(event) : null; // a key's click has no place
    if (unit !== null) this.choose(unit === this.unit ? null : unit, card.part.line || card.part.key);
    else if (card.part.line) this.sender?.("open", { line: card.part.line, t: this.at.t, unit: this.unit ?? -1 });
  }

  /** @param {PointerEvent} event */
  over(event) {
    const card = this.cards.get(met(event, "[data-part]")?.dataset.part ?? ""), unit = card?.unitAt(event) ?? null;
    if (!card || unit === null || event.pointerType === "touch") return this.tip.hide();
    const { part } = card, words = { unit: "unit", position: "position", entry: "entry", other: "entry" };
    const name = part.text || part.title;
    this.tip.show([`${name}, ${words[part.axis]} ${unit}: ${figure(numberAt(part, this.at.t, unit))}`], event);
  }
}

export default keeper(Machine, ".machine");
