// A card of the machine: what it computes, its numbers as a strip of colours, and a valve where a gate lets through.
// @ts-check

import { lookup } from "../kit/colour.js";
import { el, svg } from "../kit/dom.js";
import { two } from "../kit/numbers.js";
import { LOST } from "../kit/packed.js";
import { Pixels } from "../kit/surface.js";
import { meanAt, numberAt } from "./picture.js";

/** @typedef {import("./picture.js").Part} Part */

/** One operation, or what comes in. */
export class Card {
  /** @param {Part} part @param {string} reads what its line is, for those who hear it */
  constructor(part, reads) {
    this.part = part;
    this.reads = reads;
    /** @type {Uint16Array | null} */
    this.order = null;
    this.pixels = new Pixels();
    this.number = el("output");
    this.marker = el("i");
    this.bar = svg("line", { x1: -6, x2: 6, y1: 0, y2: 0 });
    this.valve = svg("svg", { class: "valve", viewBox: "-9 -9 18 18", "aria-hidden": "true" },
      svg("circle", { r: 8 }), this.bar);
    const sign = part.gate ? [this.valve] : part.label ? [el("b", { class: "label", text: part.label })] : [];
    this.head = el("span", { class: "head" }, ...sign, el("span", { class: "symbol",
      style: part.key ? `color: var(--symbol-${part.key}, var(--text))` : null, text: part.text }), this.number);
    this.strip = el("span", { class: "strip" }, this.pixels.canvas, this.marker);
    this.node = el(part.line ? "button" : "div", { class: `card ${part.kind}`, "data-part": part.name,
      type: part.line ? "button" : null, title: part.meaning || part.title,
      style: `left: ${part.card.x}px; top: ${part.card.y}px; width: ${part.card.width}px;`
        + ` height: ${part.card.height}px` }, this.head, this.strip);
  }

  /** @param {Palette} palette */
  paint(palette) {
    this.table = lookup(palette[this.part.colour]);
    this.nothing = lookup([palette.muted, palette.muted])[0];
  }

  /** Show its numbers at a time, of all units or with one marked; before its line is computed it is empty.
   * @param {number} t @param {number | null} unit @param {string} state @param {Part | undefined} gate */
  draw(t, unit, state, gate) {
    const { part, node } = this, one = unit !== null && part.axis === "unit", { units, range, span } = part;
    node.dataset.state = state;
    const pixels = this.pixels.sized(units, 1), gain = (range[1] - range[0]) / 65534;
    for (let k = 0; k < units; k++) {
      const code = part.values[t * units + this.unitOf(k)], value = range[0] + (code + 32767) * gain;
      const share = (value - span[0]) / (span[1] - span[0]);
      pixels[k] = code === LOST ? this.nothing : this.table[Math.round(255 * Math.min(1, Math.max(0, share)))];
    }
    this.pixels.put();
    const shown = state === "later" ? "" : one ? two(numberAt(part, t, unit ?? 0)) : "";
    this.number.textContent = shown;
    this.marker.hidden = !one;
    const place = one ? (this.order?.indexOf(unit ?? 0) ?? unit ?? 0) : 0;
    if (one) this.marker.style.left = `${(100 * (place + 0.5)) / units}%`;
    if (gate) this.open(gate, t, unit);
    this.name(shown, t, unit);
  }

  /** Turn the valve: across where the gate is 0, along where it is 1.
   * @param {Part} gate @param {number} t @param {number | null} unit */
  open(gate, t, unit) {
    const share = unit === null ? meanAt(gate, t) : numberAt(gate, t, unit);
    this.bar.setAttribute("transform", `rotate(${90 * (1 - Math.min(1, Math.max(0, share)))})`);
    this.node.dataset.open = share.toFixed(2);
  }

  /** What it is, for those who hear it. @param {string} shown @param {number} t @param {number | null} unit */
  name(shown, t, unit) {
    const { part, node } = this, says = shown ? `unit ${unit} is ${shown}` : `mean ${two(meanAt(part, t))}`;
    const what = part.text ? `${part.text}, ${part.title}` : part.title;
    const valve = node.dataset.open ? `, a valve that is ${Math.round(100 * Number(node.dataset.open))} % open` : "";
    const label = `${what}${valve}: ${node.dataset.state === "later" ? "not computed yet" : says}`;
    if (part.line) node.setAttribute("aria-label", `${label}. Opens ${this.reads} in Step by step`);
    else node.setAttribute("aria-label", label);
    if (!part.line) node.setAttribute("role", "img");
  }

  /** The unit at a place of the strip; where it has no units of the layer, they stand by number. @param {number} k */
  unitOf(k) {
    return this.order?.[k] ?? k;
  }

  /** Which unit of its strip lies under the pointer; null where it has no units of the layer.
   * @param {MouseEvent} event */
  unitAt(event) {
    const box = this.strip.getBoundingClientRect(), share = (event.clientX - box.left) / box.width;
    if (event.clientY < box.top - 2 || share < 0 || share >= 1) return null;
    return this.unitOf(Math.floor(share * this.part.units));
  }
}
