// The path of a state in a plane: one time, one snapshot, under the pointer, two sliders or the explorer's own.
// Its data come from seqlab/figures/trajectory.py.
// @ts-check

import { announce, heard } from "../kit/channel.js";
import { Cursor } from "../kit/cursor.js";
import { el, facts, keeper, resized } from "../kit/dom.js";
import { figure, whole } from "../kit/numbers.js";
import { Player } from "../kit/player.js";
import { SpokenTable, plainTable } from "../kit/reading.js";
import { applyTheme } from "../kit/theme.js";
import { Plane } from "./plane.js";

/**
 * What figures/trajectory.py sends.
 * @typedef {{ id: string, channel: string, title: string, note: string, height: number, labels: string[],
 *   low: number[], high: number[], steps: number[], paths: number[][][], cloud: number[][], letters: string[],
 *   says: string[][],
 *   colouring: { label: string, form: "kind" | "amount", path: any, cloud: (number | null)[], low: number,
 *     high: number }, rests: { x: number, y: number, kind: string, fixed: boolean, text: string }[] }} Path
 */

const SIGNS = { attracts: "□ attracts", saddle: "◇ saddle", repels: "✕ repels" };

/** Plays the snapshots, each for a moment. */
class Snapshots extends Player {
  get pace() {
    return Math.max(4000 / this.last, 90);
  }
}

class Trajectory {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    this.frame = this.t = 0;
    this.title = el("b");
    this.note = el("span");
    this.legend = el("div", { class: "legend" });
    this.plane = new Plane({ role: "img" });
    this.reading = el("p", { class: "reading", "aria-live": "polite" });
    this.player = new Snapshots("Snapshot of the training", (frame) => this.draw(frame, this.t));
    this.time = el("input", { type: "range", min: 0, step: 1, "aria-label": "Time",
      oninput: () => this.goTo(Number(this.time.value)) });
    this.letter = el("output");
    this.step = el("output");
    this.spoken = new SpokenTable();
    root.replaceChildren(el("header", {}, this.title, this.note), this.legend,
      el("div", { class: "field" }, this.plane.canvas), this.reading,
      el("div", { class: "controls" }, el("label", { text: "Time" }), this.time, this.letter, this.player.button,
        el("label", { text: "Step" }), this.player.range, this.step), this.spoken.node);
    this.plane.canvas.addEventListener("pointermove", (event) => this.point(event));
    this.plane.canvas.addEventListener("pointerdown", (event) => this.point(event));
    this.unwatch = resized(root, () => this.data && this.draw());
    this.unhear = heard((shown) => this.follow(shown));
    this.cursor = new Cursor((t) => {
      if (t !== null && t < (this.data?.letters.length ?? 0)) this.draw(this.frame, t);
    });
  }

  destroy() {
    this.player.stop();
    this.spoken.stop();
    this.cursor.stop();
    this.unwatch();
    this.unhear();
  }

  /** @param {Path} data */
  update(data) {
    const theme = this.root.dataset.theme, first = !this.data, more = data.steps.length - 1;
    this.palette = applyTheme(this.root);
    if (data.id === this.data?.id && theme === this.root.dataset.theme) return;
    const same = !first && this.data.letters.join() === data.letters.join();
    if (!same || more !== this.data.steps.length - 1) { this.player.stop(); this.frame = more; }
    if (!same) this.t = data.letters.length - 1;
    this.data = data;
    this.root.style.height = `${data.height}px`;
    this.title.textContent = data.title;
    this.note.textContent = data.note;
    this.player.extent(data.steps.length);
    this.time.max = String(data.letters.length - 1);
    this.name();
    this.draw();
  }

  name() {
    const { colouring, rests } = this.data, kinds = new Set(rests.map(({ kind }) => kind));
    const bar = colouring.form === "amount" ? [String(colouring.low), el("i", { style:
      `background: linear-gradient(to right, ${this.palette.sequential.slice(1).join()})` }), String(colouring.high)]
      : [" (one colour each)"];
    this.legend.replaceChildren(el("span", {}, `Colour: ${colouring.label} `, ...bar),
      el("span", { text: "small dots: states of other inputs" }),
      ...[...kinds].map((kind) => el("span", { text: SIGNS[kind] })),
      ...(rests.some(({ fixed }) => !fixed) ? [el("span", { text: "dashed: moves slowly" })] : []));
  }

  /** The explorer shows another snapshot: so does this, where it has it. @param {import("../kit/channel.js").Shown}
   * shown */
  follow({ channel, step }) {
    if (!this.data || channel === this.data.channel || step === null || this.player.playing) return;
    const frame = this.data.steps.indexOf(step);
    if (frame >= 0 && frame !== this.frame) this.draw(frame, this.t);
  }

  /** @param {PointerEvent} event */
  point(event) {
    if (!this.data) return;
    const box = this.plane.canvas.getBoundingClientRect();
    const at = this.plane.nearest(this.data, this.frame, event.clientX - box.left, event.clientY - box.top);
    if (at.rest === null) this.goTo(at.t);
    else this.reading.textContent = `Resting point: ${this.data.rests[at.rest].text}.`;
  }

  /** Show another time, here and in the other pictures. @param {number} t */
  goTo(t) {
    this.draw(this.frame, t);
    this.cursor.say(t);
  }

  draw(frame = this.frame, t = this.t) {
    const { data } = this;
    Object.assign(this, { frame, t });
    this.player.range.value = String(frame);
    this.time.value = String(t);
    this.plane.draw(data, this.palette, frame, t);
    this.plane.canvas.setAttribute("aria-label", `${data.title}: ${data.letters.length} states in a plane, `
      + `${data.labels.join(", ")}.`);
    this.letter.textContent = `t = ${t}, ${data.letters[t]}`;
    this.step.textContent = whole(data.steps[frame]);
    const [x, y] = data.paths[frame][t];
    this.reading.textContent = `After ${data.letters[t]} at t = ${t} the state is at (${figure(x)}, ${figure(y)}); the `
      + `network says ${data.says[frame][t]}.`;
    this.spoken.tell(() => [this.table(), ...(data.rests.length ? [plainTable("Resting points", ["point", "what it "
      + "does"], data.rests.map(({ text }, k) => [String(k + 1), text]))] : [])]);
    facts(this.root, { frame, t, step: data.steps[frame], frames: data.steps.length, rests: data.rests.length,
      id: data.id });
    announce({ channel: data.channel, id: data.id, frame, step: data.steps[frame] });
  }

  table() {
    const { data, frame } = this;
    return plainTable(`${data.title} after step ${whole(data.steps[frame])}`, ["time", "letter", ...data.labels],
      data.paths[frame].map(([x, y], t) => [String(t), data.letters[t], figure(x), figure(y)]));
  }
}

export default keeper(Trajectory, ".trajectory");
