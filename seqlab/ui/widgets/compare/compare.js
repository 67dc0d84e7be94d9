// Two passes side by side: one time and one row are pointed at in all of their pictures at once.
// @ts-check

import { Address, recalled } from "../kit/address.js";
import { announce } from "../kit/channel.js";
import { Dial } from "../kit/dial.js";
import { arrow, el, keeper, met, resized } from "../kit/dom.js";
import { figure, percent, two } from "../kit/numbers.js";
import { release, touched } from "../kit/pin.js";
import { SpokenTable, plainTable } from "../kit/reading.js";
import { applyTheme } from "../kit/theme.js";
import { declare } from "../kit/keys.js";
import { KEYS } from "./keys.js";
import { Field } from "./field.js";
import { readComparison } from "./picture.js";
import { sentence } from "./sentence.js";

/** @typedef {import("./picture.js").Comparison} Comparison */
/** A place among so many, the nearest one there is. @param {number} place @param {number} count */
const within = (place, count) => Math.max(0, Math.min(count - 1, place));

/** A time and a row. @typedef {{ t: number, row: number }} At */

const STRONGEST = 5; // rows that are read aloud

class Compare {
  /** @param {HTMLElement} root */
  constructor(root) {
    declare(root, "Two networks", KEYS);
    this.root = root;
    this.fields = ["A", "B", "A − B"].map((name) => new Field(name));
    /** @type {At | null} */
    this.at = null;
    this.pinned = false;
    this.address = new Address(() => this.follow());
    this.spoken = new SpokenTable();
    /** @type {Map<string, Dial>} */
    this.dials = new Map();
    this.turns = el("div", { class: "dials" });
    this.says = el("p", { class: "says", "aria-live": "polite" });
    this.scale = el("p", { class: "scale" });
    this.hint = el("p", { class: "hint", "aria-live": "polite" });
    this.body = el("div", { class: "fields", tabindex: "0", role: "group" }, ...this.fields.map(({ node }) => node));
    root.replaceChildren(this.turns, this.says, this.scale, this.body, this.hint, this.spoken.node);
    this.listen();
    this.unwatch = resized(root, () => this.draw());
  }

  listen() {
    const { body } = this;
    body.addEventListener("pointermove", (event) => {
      if (event.pointerType !== "touch" && !this.pinned) this.point(this.under(event));
    });
    body.addEventListener("pointerleave", () => this.pinned || this.point(null));
    body.addEventListener("click", (event) => this.clicked(this.under(event)));
    body.addEventListener("keydown", (event) => this.keyed(event));
  }

  destroy() {
    this.unwatch();
    this.spoken.stop();
    this.address.stop();
  }

  /** @param {Uint8Array} bytes @param {import("../kit/dom.js").Send} [send] */
  update(bytes, send) {
    const first = !this.base, base = this.base = readComparison(bytes);
    this.send = send;
    this.palette = applyTheme(this.root);
    this.offer();
    const moved = base.dials.find(({ name }) => typeof this.dials.get(name)?.wanted === "number");
    this.data = base;
    if (first || this.led) this.recall();
    this.led = false;
    if (this.at && !this.holds(this.at)) this.letGo();
    const { sides, title } = base;
    this.body.setAttribute("aria-label", `${title} of ${sides.map(({ name }) => name).join(" and ")}; arrow keys move`);
    this.scaled();
    this.take(moved ? base.at(moved, this.dials.get(moved.name)?.wanted ?? NaN) : base);
    this.remember(); // what the server wrote into the address since is not forgotten, nor is this
    Object.assign(this.root.dataset, { rows: base.rows.length, time: base.time, difference: base.difference,
      draws: Number(this.root.dataset.draws ?? 0) + 1 });
  }

  /** Offer the sliders that a comparison has; one that was there stays, with the hand on it. */
  offer() {
    const { dials } = this.base;
    for (const { name, label } of dials)
      if (!this.dials.has(name)) this.dials.set(name, new Dial(label, (stop) => this.turn(name, stop),
        (stop) => this.send?.("rest", { name, stop })));
    for (const [name, dial] of this.dials)
      dial.load(dials.find((one) => one.name === name) ?? { stops: [], texts: [], at: null });
    const nodes = [...this.dials.values()].map(({ node }) => node);
    if (nodes.some((node, k) => node !== this.turns.children[k])) this.turns.replaceChildren(...nodes);
  }

  /** Show one side as a slider has it: its picture is here, and the server's own follows when the hand rests.
   * @param {string} name @param {number} stop */
  turn(name, stop) {
    const dial = this.base.dials.find((one) => one.name === name);
    if (dial) this.take(this.base.at(dial, stop));
  }

  /** Show a comparison, the server's or one of a slider's. @param {Comparison} data */
  take(data) {
    this.data = data;
    this.fields.forEach((field, k) => field.build(data, k));
    this.draw();
    this.says.textContent = sentence(data);
    this.spoken.tell(() => this.tables());
    this.root.dataset.id = data.id;
    announce({ channel: "compare", id: data.id, frame: 0, step: 0 });
  }

  /** The two scales, as bars of their colours. */
  scaled() {
    const { data, palette } = this, [low, high] = data.span;
    const bar = (/** @type {string} */ text, /** @type {number} */ from, /** @type {number} */ to,
      /** @type {"diverging" | "sequential"} */ colour) => el("span", {}, el("b", { text }), `${two(from)} `,
      el("i", { style: `background: linear-gradient(90deg, ${palette[colour].join()})` }), ` ${two(to)}`);
    this.scale.replaceChildren(bar(data.title, low, high, data.colour),
      ...(data.difference ? [bar("difference", -data.width, data.width, "diverging")] : []));
  }

  draw() {
    if (!this.data) return;
    for (const field of this.fields) field.draw(this.palette);
    this.mark();
  }

  /** What is under the pointer: the time of the field's own, the row where it is over a map. @param {MouseEvent} event
   * @returns {At | null} */
  under(event) {
    const node = met(event, "[data-field]"), field = this.fields[Number(node?.dataset.field)];
    return field?.under(event, this.at?.row ?? 0) ?? null;
  }

  /** @param {At | null} at */
  point(at) {
    this.at = at;
    this.mark();
  }

  /** @param {At | null} at */
  clicked(at) {
    if (!at) return;
    const same = this.pinned && this.at?.t === at.t && this.at.row === at.row;
    this.pinned = !same;
    this.point(at);
    this.remember();
  }

  letGo() {
    this.pinned = false;
    this.at = null;
    this.remember();
  }

  /** @param {KeyboardEvent} event */
  keyed(event) {
    const [dt, dr] = arrow(event), { data } = this;
    if (event.key === "Escape") {
      this.letGo();
      this.mark();
    }
    if (!data || !(dt || dr)) return;
    event.preventDefault();
    const { t, row } = this.at ?? { t: dt < 0 ? data.time : -1, row: 0 };
    this.pinned = true;
    this.point({ t: within(t + dt, data.time), row: within(row + dr, data.rows.length) });
    this.remember();
  }

  mark() {
    for (const field of this.fields) field.mark(this.at);
    Object.assign(this.root.dataset, { at: this.at ? `${this.at.t}.${this.at.row}` : "" });
    const advice = touched() ? "Tap a picture to read a number." : "Point to read a number, click to pin it.";
    this.hint.replaceChildren(...(this.at ? this.reading(this.at) : []),
      this.pinned ? release() : el("span", { class: "advice", text: advice }));
  }

  /** ``t = 5 · A reads b, says q (83 %), unit 17: 0.73 · B … · difference 0.93`` @param {At} at */
  reading({ t, row }) {
    const { data } = this, [, , r] = data.rows[row];
    const parts = data.sides.map(({ letter, inputs, outputs, sure }, k) => (t >= inputs.length ? `${letter}: over`
      : `${letter} reads ${inputs[t]}, says ${outputs[t]} (${percent(sure[t])})${this.number(k, t, row)}`));
    const kl = data.kl?.[t];
    return [`t = ${t}`, ...parts, ...(data.difference ? [`difference ${figure(data.value(2, row, t))}`] : []),
      ...(r === null || data !== this.base ? [] : [`r = ${two(r)}`]),
      ...(kl === null || kl === undefined ? [] : [`KL ${figure(kl)}`])]
      .map((text) => el("span", { text }));
  }

  /** @param {number} side @param {number} t @param {number} row */
  number(side, t, row) {
    const name = this.data.rows[row][side];
    return name === null ? "" : `, ${name}: ${figure(this.data.value(side, row, t))}`;
  }

  /** What the pictures say, in tables: both answers at every time, and the rows that are furthest apart. */
  tables() {
    const { data } = this, [a, b] = data.sides;
    const answers = Array.from({ length: data.time }, (_, t) => [t, ...[a, b].flatMap(({ inputs, outputs, states }) =>
      [inputs[t] ?? "over", outputs[t] ?? "over", states[t] ?? "over"]), data.kl?.[t] ?? "none"]);
    return [plainTable("Both answers", ["t", "A in", "A out", "A is", "B in", "B out", "B is", "KL"], answers),
      ...(data.difference ? [this.furthest()] : [])];
  }

  furthest() {
    const { data } = this, apart = data.rows.map(([first, second], row) => ({ row: `${first ?? "none"} and ${second
      ?? "none"}`, most: data.apart(row) }));
    return plainTable("Rows furthest apart", ["row", "largest difference"], apart.sort((one, other) => other.most
      - one.most).slice(0, STRONGEST).map(({ row, most }) => [row, figure(most)]));
  }

  /** @param {At} at */
  holds({ t, row }) {
    return t >= 0 && row >= 0 && t < this.data.time && row < this.data.rows.length;
  }

  /** Go where the address leads, and with the next pair once more. */
  follow() {
    if (!this.data) return;
    Object.assign(this, { pinned: false, at: null });
    this.recall();
    this.draw();
    this.led = true;
  }

  recall() {
    const [t, row] = (recalled(["pin"]).pin ?? "").split(".").map((part) => (part === "" ? NaN : Number(part)));
    if (Number.isInteger(t) && Number.isInteger(row) && this.holds({ t, row })) {
      this.at = { t, row };
      this.pinned = true;
    }
  }

  remember() {
    this.address.write({ pin: this.pinned && this.at ? `${this.at.t}.${this.at.row}` : null });
  }
}

export default keeper(Compare, ".compare");
