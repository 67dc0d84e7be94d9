// The hello lab: one lesson, one epoch, one time, one unit, shown in every view at once. Its state lives in the
// browser.
// @ts-check

import { announce } from "../kit/channel.js";
import { Inks } from "../kit/colour.js";
import { arrow, calm, el, keeper, resized } from "../kit/dom.js";
import { pictured } from "../kit/export.js";
import { MINUS, figure } from "../kit/numbers.js";
import { applyTheme } from "../kit/theme.js";
import { declare } from "../kit/keys.js";
import { KEYS } from "./keys.js";
import { Epochs } from "./epochs.js";
import { Lesson } from "./lesson.js";
import { Spelling } from "./spelling.js";
import { sumsOf } from "./sums.js";
import { Tables } from "./tables.js";
import { Wiring } from "./wiring.js";

/** @typedef {import("./groups.js").Chosen} Chosen */

class Hello {
  /** @param {HTMLElement} root */
  constructor(root) {
    declare(root, "Hello", KEYS);
    this.root = root;
    this.epoch = this.time = this.gate = 0;
    this.hover = this.pin = null;
    this.epochs = new Epochs((epoch) => this.draw({ epoch }));
    this.spelling = new Spelling((time) => this.draw({ time }));
    this.wiring = new Wiring((at, fix) => this.point(at, fix), (event) => this.keyed(event));
    this.tables = new Tables((at, fix) => this.point(at, fix));
    this.gates = el("div", { class: "choice", role: "group", "aria-label": "Weights of" });
    this.legend = el("div", { class: "legend", "aria-hidden": "true" });
    this.sums = el("div", { class: "sums", "aria-live": "polite" });
    this.none = el("p", { class: "none",
      text: "This network is not drawn: it is not recurrent, or has too many weights "
      + "to show each of them. Step by step shows what it computes." });
    this.inside = el("div", { class: "inside" }, el("div", { class: "bar" }, this.gates, this.legend),
      this.wiring.node, this.sums);
    pictured(this.inside, () => "The network, every weight a line", () => this.palette);
    this.heading = el("h3", { text: "Every weight" });
    root.replaceChildren(el("div", { class: "lesson" }, this.epochs.node,
      el("div", { class: "right-side" }, this.spelling.node, this.inside, this.none)), this.heading, this.tables.node);
    this.escape = (event) => event.key === "Escape" && this.pin && this.point(null, true);
    document.addEventListener("keydown", this.escape);
    this.unwatch = resized(root, () => this.lesson && this.layout());
  }

  destroy() {
    this.epochs.stop();
    cancelAnimationFrame(this.later);
    this.unwatch();
    document.removeEventListener("keydown", this.escape);
  }

  /** New data, a new theme, or only a rerun of the page; the same lesson again changes nothing.
   * @param {Uint8Array} bytes */
  update(bytes) {
    const lesson = new Lesson(bytes), theme = this.root.dataset.theme, palette = applyTheme(this.root);
    const repaint = theme !== this.root.dataset.theme;
    if (lesson.id === this.lesson?.id && !repaint) return;
    this.palette = palette;
    this.inks = new Inks(palette);
    const before = this.lesson, again = before?.id === lesson.id, same = before?.form === lesson.form;
    const moving = lesson.autoplay && !again && !calm();
    this.lesson = lesson;
    this.epochs.stop();
    if (!again) this.epoch = moving ? 0 : lesson.epochs - 1;
    if (!same) this.choose();
    this.build();
    this.epochs.load(lesson);
    this.layout();
    if (moving) this.epochs.play(0);
  }

  /** What is looked at first in a lesson of another form: the time that needs a memory, and no unit. */
  choose() {
    this.hover = this.pin = null;
    this.time = this.lesson.riddle()?.[1] ?? Math.min(1, this.lesson.letters.length - 1);
    this.gate = 0;
  }

  build() {
    const { lesson } = this;
    this.spelling.build(lesson);
    this.inside.hidden = this.heading.hidden = this.tables.node.hidden = !lesson.drawn;
    this.none.hidden = lesson.drawn;
    if (!lesson.drawn) return;
    this.wiring.build(lesson);
    this.tables.build(lesson);
    this.gates.hidden = lesson.gates.length < 2;
    this.gates.replaceChildren(el("span", { text: "Weights of" }), ...lesson.gates.map((key, gate) =>
      el("button", { type: "button", onclick: () => this.draw({ gate }) },
        el("i", { class: "symbol", style: `color: var(--symbol-${key})`, text: key }),
          ` ${lesson.cells[gate].label}`)));
  }

  layout() {
    const { lesson } = this, width = this.epochs.list.clientWidth;
    if (!width) return;
    this.epochs.layout(width, this.inks.palette);
    if (lesson.drawn) {
      this.wiring.layout(this.wiring.node.clientWidth);
      const end = figure(lesson.scale, 1), colours = this.inks.maps.diverging.filter((_, k) => k % 16 === 0).join(", ");
      this.legend.replaceChildren(el("span", { text: `${MINUS}${end}` }),
        el("i", { style: `background: linear-gradient(90deg, ${colours})` }),
        el("span", { text: `+${end}` }), el("span", { text: " a line is a weight; faint: nothing flows" }));
    }
    this.draw({});
  }

  draw({ epoch = this.epoch, time = this.time, gate = this.gate }) {
    const { lesson } = this;
    Object.assign(this, { epoch, time, gate });
    this.epochs.draw(epoch);
    this.spelling.draw(lesson, epoch, time);
    if (lesson.drawn) {
      [...this.gates.querySelectorAll("button")].forEach((button, place) => button.setAttribute("aria-pressed",
        String(place === gate)));
      this.mark();
    }
    const step = lesson.steps[epoch];
    Object.assign(this.root.dataset, { id: lesson.id, epoch: step, time, said: lesson.said[epoch],
      frames: lesson.epochs,
      drawn: performance.now() });
    announce({ channel: lesson.channel, id: lesson.id, frame: epoch, step });
  }

  /** Show the numbers of the present epoch, time and unit in the drawing, in the tables and as a sum. */
  mark() {
    const { lesson, epoch, time, gate, inks } = this, chosen = this.hover ?? this.pin;
    this.wiring.draw(epoch, time, gate, chosen, inks);
    // The tables stand below and have many cells: they follow when the drawing is on the screen.
    cancelAnimationFrame(this.later);
    this.later = requestAnimationFrame(() => setTimeout(() => {
      this.tables.draw(this.epoch, this.time, this.gate, this.hover ?? this.pin, this.inks);
      this.root.dataset.listed = String(lesson.steps[this.epoch]);
    }));
    const lines = chosen ? sumsOf(lesson, epoch, time, gate, chosen) : [[this.advice()]];
    this.sums.replaceChildren(...lines.map((parts) => el("p", {}, ...parts)));
    this.root.dataset.unit = String(chosen ? `${chosen.group}:${chosen.unit}` : "");
  }

  advice() {
    const { scrollWidth, clientWidth } = this.root.querySelector(".right-side .scroller") ?? this.root;
    const swipe = scrollWidth > clientWidth + 1 ? "Swipe the drawing to see what it says. " : "";
    return matchMedia("(pointer: coarse)").matches ? `${swipe}Tap a unit to see the weights into it and its sum.`
      : "Point at a unit to see the weights into it and its sum; click to keep it.";
  }

  /** @param {Chosen | null} at @param {boolean} fix */
  point(at, fix) {
    const same = (one, other) => one?.group === other?.group && one?.unit === other?.unit;
    if (fix) this.pin = same(at, this.pin) ? null : at;
    if (!fix && same(at, this.hover)) return;
    this.hover = fix && !matchMedia("(pointer: fine)").matches ? null : at;
    if (fix && !this.pin) this.hover = null;
    this.mark();
  }

  /** In the drawing: left and right move in time, up and down through the units of the layers and the answers.
   * @param {KeyboardEvent} event */
  keyed(event) {
    const { lesson } = this, [dt, du] = arrow(event);
    if (!dt && !du) return;
    event.preventDefault();
    if (dt) return this.draw({ time: Math.max(0, Math.min(lesson.letters.length - 1, this.time + dt)) });
    const units = [...this.wiring.places.values()].filter(({ kind }) => kind === "h" || kind === "p")
      .flatMap(({ id, count }) => Array.from({ length: count }, (_, unit) => ({ group: id, unit })));
    const at = units.findIndex(({ group, unit }) => group === this.pin?.group && unit === this.pin?.unit);
    this.pin = units[Math.max(0, Math.min(units.length - 1, at < 0 ? 0 : at + du))];
    this.hover = null;
    this.mark();
  }
}

export default keeper(Hello, ".hello");
