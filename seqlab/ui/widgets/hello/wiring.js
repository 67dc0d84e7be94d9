// The network as units and lines: every weight a line, every unit with its number at the chosen time.
// @ts-check

import { el, met, set, svg } from "../kit/dom.js";
import { signed, two } from "../kit/numbers.js";
import { NARROW, WIDE, blocksOf, columnsOf, scaleOf, titleOf, widthOf } from "./groups.js";

/** @typedef {import("./lesson.js").Lesson} Lesson */
/** @typedef {import("./groups.js").Group} Group */
/** @typedef {import("./groups.js").Chosen} Chosen */
/** @typedef {import("../kit/colour.js").Inks} Inks */

/** Colours of a number that is no cell's. @type {{ key?: string, span: [number, number], colour: "diverging" }} */
const PLAIN = { span: [-3, 3], colour: "diverging" };
const CAPTION = 40, BETWEEN = 14, MARGIN = 18, TOO_FINE = 200; // more lines than a pointer can tell apart

/** The drawing of a network, every weight a line. */
export class Wiring {
  constructor(choose, move) {
    this.choose = choose;
    this.by = 1; // how much larger it is than on a desk
    this.lines = el("canvas", { "aria-hidden": "true" });
    this.units = svg("g", { class: "units" });
    this.numbers = svg("g", { class: "numbers" });
    this.canvas = svg("svg", { class: "network", role: "img",
      "aria-label": "Every unit of the network with its number; a line for each weight" }, this.numbers, this.units);
    this.scroller = el("div", { class: "scroller", tabindex: 0, role: "group",
      "aria-label": "The network: left and right move in time, up and down through its units",
      onkeydown: (event) => move(event) }, el("div", { class: "layers" }, this.lines, this.canvas));
    this.node = el("div", { class: "wiring" }, this.scroller);
    this.canvas.addEventListener("pointermove", (event) => event.pointerType !== "touch" && choose(this.under(event),
      false));
    this.canvas.addEventListener("pointerleave", () => choose(null, false));
    this.canvas.addEventListener("click", (event) => choose(this.under(event), true));
  }

  /** The unit under the pointer, or in small networks the one that the line under it leads to.
   * @param {PointerEvent} event */
  under(event) {
    const node = met(event, ".unit");
    if (node) return { group: node.dataset.group, unit: Number(node.dataset.unit) };
    if (this.many > TOO_FINE) return null;
    const box = this.lines.getBoundingClientRect(), c = this.lines.getContext("2d"), ratio = devicePixelRatio || 1;
    c.lineWidth = 9;
    for (const { to, paths } of this.blocks)
      for (const { path, unit } of paths)
        if (c.isPointInStroke(path, (event.clientX - box.left) * ratio,
          (event.clientY - box.top) * ratio)) return { group: to, unit };
    return null;
  }

  /** @param {Lesson} lesson */
  build(lesson) {
    this.lesson = lesson;
    this.columns = columnsOf(lesson);
    this.blocks = blocksOf(lesson);
    /** @type {Map<string, Group>} */
    this.places = new Map();
    this.laid = "";
  }

  /** Place the groups for a width; small networks get tall units, and none is narrower than its numbers.
   * @param {number} width */
  layout(width) {
    const { columns, lesson } = this, gaps = columns.length - 1, { by, room } = scaleOf();
    [this.by, width] = [by, width / by];
    const across = (sizes) =>
      columns.map((groups) => Math.max(...groups.map(({ kind }) => widthOf(kind, lesson, sizes))));
    const needs = (sizes) => across(sizes).reduce((a, b) => a + b, 0) + gaps * sizes.gap;
    const free = width - 2 * MARGIN, cells = lesson.layers * lesson.cells.length,
      spare = (free - needs(NARROW)) / cells;
    const tight = { ...NARROW, cell: Math.max(NARROW.cell, Math.min(WIDE.cell, NARROW.cell + Math.floor(spare))) };
    const sizes = this.sizes = needs(WIDE) <= free ? WIDE : tight, widths = across(sizes);
    const tallest = Math.max(...columns.map((groups) => groups.reduce((sum, { count }) => sum + count, 0)));
    const pitch = Math.max(13, Math.min(40, room / tallest)), least = needs(sizes);
    const whole = Math.max(width, least + 2 * MARGIN), gap = Math.min(190, (whole - 2 * MARGIN - least) / gaps
      + sizes.gap);
    const used = least + gaps * (gap - sizes.gap);
    const heights = columns.map((groups) => groups.reduce((sum, { count }) => sum + count * pitch + CAPTION, 0)
      + BETWEEN * (groups.length - 1));
    const height = Math.max(...heights) + 4;
    const laid = `${whole} ${height} ${by}`;
    if (this.laid === laid) return;
    this.laid = laid;
    this.pitch = pitch;
    set(this.canvas, { width: by * whole, height: by * height, viewBox: `0 0 ${whole} ${height}` });
    const ratio = devicePixelRatio || 1;
    Object.assign(this.lines, { width: Math.round(by * whole * ratio), height: Math.round(by * height * ratio) });
    Object.assign(this.lines.style, { width: `${by * whole}px`, height: `${by * height}px` });
    this.units.replaceChildren();
    let x = (whole - used) / 2;
    columns.forEach((groups, place) => {
      let y = (height - heights[place]) / 2;
      for (const part of groups) {
        /** @type {Group} */
        const group = { nodes: [], size: 0, x: 0, y: 0, ...part, width: widthOf(part.kind, lesson, sizes) };
        const left = groups.length > 1 || place + 1 < columns.length ? x + widths[place] - group.width : x;
        this.places.set(group.id, { ...group, x: group.kind === "h" ? x : left, y: y + CAPTION });
        this.group(this.places.get(group.id));
        y += CAPTION + group.count * pitch + BETWEEN;
      }
      x += widths[place] + gap;
    });
    this.wire();
  }

  /** The units of a group, under what they are called. @param {Group} place */
  group(place) {
    const { lesson, pitch } = this, size = Math.min(30, pitch - 4), nodes = [];
    const [title, under] = titleOf(place, lesson);
    this.units.append(this.text(place.x + place.width / 2, place.y - 22, title, "caption"));
    if (under) this.units.append(this.text(place.x + place.width / 2, place.y - 7, under, "under"));
    const cells = place.kind === "h" ? lesson.cells : [null];
    if (place.kind === "h") cells.forEach(({ key }, c) => {
      const name = this.text(place.x + (c + 0.5) * (place.width / cells.length), place.y - 6, key, "symbol");
      name.style.fill = `var(--symbol-${key})`;
      this.units.append(name);
    });
    for (let unit = 0; unit < place.count; unit++) nodes.push(this.unit(place, unit, size, cells));
    place.nodes = nodes;
    place.size = size;
  }

  unit(place, unit, size, cells) {
    const y = place.y + unit * this.pitch + (this.pitch - size) / 2, across = place.width / cells.length;
    const node = svg("g", { class: `unit ${place.kind}`, "data-group": place.id, "data-unit": unit },
      svg("rect", { class: "hit", x: place.x - 4, y: place.y + unit * this.pitch, height: this.pitch,
        width: place.width + 8 }));
    const parts = cells.map((_, c) => {
      const wide = place.kind === "p" ? 30 : across - (cells.length > 1 ? 2 : 0), left = place.x + c * across;
      const shape = svg("rect", { class: "shape", x: left, y, width: wide, height: size,
        rx: Math.min(size / 2, across < 42 ? 7 : wide / 2) });
      const text = this.text(left + wide / 2, y + size / 2, "", size < 12 ? "tiny" : across < 42 ? "small" : "");
      node.append(shape, text);
      return { shape, text };
    });
    if (place.kind === "p" || place.kind === "letter") parts[0].text.style.fontSize = `${Math.min(16, size + 2)}px`;
    if (place.kind === "p") {
      const box = { x: place.x + 38, y: y + size / 2 - 4, width: this.sizes.bar, height: 8, rx: 4 };
      const bar = svg("rect", { class: "bar", ...box }), full = svg("rect", { class: "full", ...box });
      const number = this.text(place.x + place.width, y + size / 2, "", "p-value");
      node.append(bar, full, number);
      Object.assign(parts[0], { full, number });
    }
    if (place.kind === "before" && size >= 9)
      node.append(this.text(place.x - 10, y + size / 2, this.lesson.linear ? String(unit) : this.lesson.symbols[unit],
        "index"));
    this.units.append(node);
    return { node, parts, y: y + size / 2 };
  }

  text(x, y, content, kind) {
    const node = svg("text", { x, y, class: kind });
    node.textContent = content;
    return node;
  }

  /** The way of one line for each weight. */
  wire() {
    this.many = this.blocks.reduce((sum, { from, to }) => sum
      + this.places.get(from).count * this.places.get(to).count, 0);
    for (const block of this.blocks) {
      const from = this.places.get(block.from), to = this.places.get(block.to);
      block.paths = [];
      for (let unit = 0; unit < to.count; unit++)
        for (let source = 0; source < from.count; source++) {
          if (block.straight && unit !== source) continue;
          const [x, y, right, down] = [from.x + from.width, from.nodes[source].y, to.x, to.nodes[unit].y],
            bend = (right - x) / 2;
          block.paths.push({ unit, source,
            path: new Path2D(`M${x} ${y}C${x + bend} ${y} ${right - bend} ${down} ${right} ${down}`) });
        }
    }
  }

  /** @param {number} epoch @param {number} t @param {number} gate @param {Chosen | null} chosen @param {Inks} inks */
  draw(epoch, t, gate, chosen, inks) {
    for (const place of this.places.values()) this.paint(place, epoch, t, chosen, inks);
    const c = this.lines.getContext("2d"), ratio = this.by * (devicePixelRatio || 1);
    c.setTransform(ratio, 0, 0, ratio, 0, 0);
    c.clearRect(0, 0, this.lines.width, this.lines.height);
    const labels = this.blocks.flatMap((block) => (block.straight ? this.dashes(c, block, inks)
      : this.stroke(c, block, epoch, t, gate, chosen, inks)));
    this.numbers.replaceChildren(...labels.map(([x, y, text, kind]) =>
      this.text(x, y, text, `weight ${kind} ${this.sizes === WIDE ? "" : "small"}`)));
  }

  /** Where the hidden state is the score no weight lies between. */
  dashes(c, { paths }, { palette }) {
    Object.assign(c, { globalAlpha: 0.7, lineWidth: 1.25, strokeStyle: palette.muted });
    c.setLineDash([3, 4]);
    for (const { path } of paths) c.stroke(path);
    c.setLineDash([]);
    return [];
  }

  /** Draw the weights of a block; returns those into the chosen unit, as what to write beside which unit. */
  stroke(c, block, epoch, t, gate, chosen, inks) {
    const { scale } = this.lesson, from = this.places.get(block.from), labels = [];
    for (const { path, unit, source } of block.paths) {
      const weight = block.weight(epoch, gate, unit, source), into = chosen?.group === block.to && unit === chosen.unit;
      const flows = Math.abs(this.flow(from, epoch, t, source)), size = Math.min(1, Math.abs(weight) / scale);
      c.strokeStyle = inks.of(weight, [-scale, scale]);
      c.lineWidth = (into ? 1.5 : 0.6) + 3.2 * size;
      c.globalAlpha = into ? (flows ? 1 : 0.35) : chosen ? 0.07 : flows ? 0.3 + 0.7 * Math.min(1, flows) : 0.12;
      c.stroke(path);
      if (into && from.size >= 9) labels.push([from.x + from.width + 5, from.nodes[source].y, signed(weight), flows
        ? "" : "silent"]);
    }
    return labels;
  }

  /** What a unit sends on at a time.
   * @param {Group} place @param {number} epoch @param {number} t @param {number} unit */
  flow(place, epoch, t, unit) {
    const { lesson } = this, { kind, layer } = place;
    if (kind === "letter") return lesson.heard(t, unit);
    if (kind === "before") return lesson.before(layer, epoch, t, unit);
    return kind === "x" ? lesson.at("x", epoch, t, unit) : lesson.at(`h.${layer}`, epoch, t, unit);
  }

  /** @param {Group} place @param {number} epoch @param {number} t @param {Chosen | null} chosen @param {Inks} inks */
  paint(place, epoch, t, chosen, inks) {
    const { lesson } = this, { kind, layer, size } = place;
    place.nodes.forEach(({ node, parts }, unit) => {
      node.classList.toggle("on", chosen?.group === place.id && chosen.unit === unit);
      if (kind === "letter") {
        node.classList.toggle("heard", Boolean(lesson.heard(t, unit)));
        parts[0].text.textContent = lesson.symbols[unit];
      } else if (kind === "p") this.answer(node, parts[0], epoch, t, unit);
      else parts.forEach(({ shape, text }, c) => {
        const cell = kind === "h" ? lesson.cells[c] : kind === "before" ? lesson.cells.at(-1) : PLAIN;
        const value = kind === "h" ? lesson.at(`${cell.key}.${layer}`, epoch, t, unit) : this.flow(place, epoch, t,
          unit);
        shape.style.fill = inks.of(value, cell.span, cell.colour);
        text.style.fill = inks.on(value, cell.span, cell.colour);
        text.textContent = size >= 12 ? two(value) : "";
      });
    });
  }

  answer(node, { text, full, number }, epoch, t, unit) {
    const { lesson } = this, p = lesson.at("p", epoch, t, unit), letter = lesson.symbols[unit];
    const said = lesson.said[epoch][t] === letter, due = lesson.target[t] === letter;
    node.dataset.state = said ? (due ? "right" : "wrong") : due ? "due" : "";
    text.textContent = letter;
    full.setAttribute("width", String(Math.max(0, this.sizes.bar * p)));
    number.textContent = `${said ? (due ? "✓ " : "✗ ") : due ? "→ " : ""}${two(p)}`;
  }
}
