// Every weight as a number: a table for each layer, whose rows are the sums that its units compute.
// @ts-check

import { el, met, scrollable } from "../kit/dom.js";
import { MINUS, two } from "../kit/numbers.js";

/** @typedef {import("./lesson.js").Lesson} Lesson */
/** @typedef {import("./groups.js").Chosen} Chosen */
/** @typedef {import("../kit/colour.js").Inks} Inks */

/** The tables of all weights. */
export class Tables {
  constructor(choose) {
    this.node = el("section", { class: "tables" });
    this.choose = choose;
    this.node.addEventListener("pointerover", (event) => event.pointerType !== "touch" && choose(this.under(event),
      false));
    this.node.addEventListener("pointerleave", () => choose(null, false));
    this.node.addEventListener("click", (event) => choose(this.under(event), true));
  }

  /** @param {PointerEvent} event */
  under(event) {
    const row = met(event, "tr[data-group]");
    return row && { group: row.dataset.group, unit: Number(row.dataset.unit) };
  }

  /** @param {Lesson} lesson */
  build(lesson) {
    this.lesson = lesson;
    const parts = [];
    if (!lesson.onehot) parts.push(this.embedding());
    if (lesson.linear) parts.push(this.decoder()); // beside the embedding: both are narrow
    for (let layer = 0; layer < lesson.layers; layer++) parts.push(this.layer(layer));
    this.parts = parts.map((part) => this.table(part));
    this.node.replaceChildren(...this.parts.map(({ node }) => node));
  }

  /** @param {number} count */
  numbered(count) {
    return Array.from({ length: count }, (_, unit) => String(unit));
  }

  embedding() {
    const { lesson } = this;
    return { group: "letter", title: () => "Embedding: the numbers that stand for each letter", rows: lesson.symbols,
      biases: [],
      blocks: [{ label: "encoder.symbol.weight", names: this.numbered(lesson.width),
        weight: (k, gate, row, column) => lesson.at("encoder.symbol.weight", k, row, column) }],
      heard: (t, row) => lesson.heard(t, row) };
  }

  /** @param {number} layer */
  layer(layer) {
    const { lesson } = this, { hidden } = lesson, states = lesson.linear ? this.numbered(hidden) : lesson.symbols;
    const inputs = layer || !lesson.onehot ? this.numbered(lesson.width && !layer ? lesson.width : hidden)
      : lesson.symbols;
    const named = (kind) => `core.${kind}_l${layer}`, row = (gate, unit) => gate * hidden + unit;
    return { group: `h.${layer}`, rows: states, result: (gate) => lesson.gates[gate],
      title: (gate) => `${lesson.layers > 1 ? `Layer ${layer}` : "Hidden units"}: `
        + `the weights of ${lesson.gates.length > 1 ? `its ${lesson.cells[gate].label}` : "each unit"}`,
      blocks: [
        { label: `hears · weight_ih_l${layer}`, names: inputs, now: (k, t, column) => (lesson.onehot && !layer
          ? lesson.heard(t, column) : lesson.below(layer, k, t, column)),
          weight: (k, gate, unit, column) => lesson.at(named("weight_ih"), k, row(gate, unit), column) },
        { label: `remembers · weight_hh_l${layer}`, names: states, now: (k, t, column) => lesson.before(layer, k, t,
          column),
          weight: (k, gate, unit, column) => lesson.at(named("weight_hh"), k, row(gate, unit), column) }],
      biases: [["b_ih", (k, gate, unit) => lesson.at(named("bias_ih"), k, row(gate, unit))],
        ["b_hh", (k, gate, unit) => lesson.at(named("bias_hh"), k, row(gate, unit))]],
      value: (k, t, gate, unit) => lesson.at(`${lesson.gates[gate]}.${layer}`, k, t, unit),
      ink: (gate) => lesson.cells.find(({ key }) => key === lesson.gates[gate]) };
  }

  decoder() {
    const { lesson } = this, top = lesson.layers - 1;
    return { group: "p", title: () => "Scores: what each letter's score is made of", rows: lesson.symbols,
      result: () => "y",
      blocks: [{ label: "decoder.weight", names: this.numbered(lesson.hidden), now: (k, t, column) =>
        lesson.at(`h.${top}`, k, t, column),
        weight: (k, gate, unit, column) => lesson.at("decoder.weight", k, unit, column) }],
      biases: [["bias", (k, gate, unit) => lesson.at("decoder.bias", k, unit)]],
      value: (k, t, gate, unit) => lesson.at("logits", k, t, unit), ink: () =>
        ({ span: [-3, 3], colour: "diverging" }) };
  }

  table(part) {
    const cell = (tag, props) => el(tag, props), title = el("h4"), result = cell("th", { class: "result symbol" });
    const heads = [cell("td", {})], names = [cell("td", {})], now = part.value
      ? [cell("th", { text: "now", scope: "row" })] : [];
    const active = [], columns = [];
    for (const { label, names: listed, now: source, weight } of part.blocks) {
      heads.push(cell("th", { text: label, colspan: listed.length, class: "block" }));
      listed.forEach((name, place) => {
        names.push(cell("th", { text: name, class: place ? "" : "first" }));
        columns.push({ weight: (k, gate, row) => weight(k, gate, row, place), first: !place });
        if (part.value) active.push({ node: cell("td", { class: place ? "" : "first" }), of: (k, t) =>
          source(k, t, place) });
      });
    }
    part.biases.forEach(([name, weight], place) => {
      names.push(cell("th", { text: name, class: place ? "" : "first" }));
      columns.push({ weight, first: !place });
      if (part.value) active.push({ node: cell("td", { class: place ? "" : "first" }), of: () => 1 });
    });
    if (part.biases.length) heads.push(cell("th", { text: "biases · 1", colspan: part.biases.length, class: "block" }));
    if (part.value) { heads.push(cell("td", {})); names.push(result); now.push(...active.map(({ node }) => node),
      cell("td", { class: "first" })); }
    const rows = part.rows.map((name, unit) => this.row(part, name, unit, columns));
    const table = el("table", { "data-names": "" }, el("thead", {}, el("tr", {}, ...heads),
      el("tr", { class: "names" }, ...names),
      ...(now.length ? [el("tr", { class: "now" }, ...now)] : [])), el("tbody", {}, ...rows.map(({ node }) => node)));
    return { ...part, title, titled: part.title, symbolOf: part.result, result, active, table: rows,
      node: el("div", { class: "part" }, title, scrollable(el("div", { class: "scroller" }, table),
        "The numbers, wider than the screen")) };
  }

  row(part, name, unit, columns) {
    const cells = columns.map(({ weight, first }) => ({ node: el("td", { class: first ? "first" : "" }), weight }));
    const value = part.value ? el("td", { class: "first value" }) : null;
    const node = el("tr", { "data-group": part.group, "data-unit": unit }, el("th", { text: name, scope: "row" }),
      ...cells.map(({ node: made }) => made), ...(value ? [value] : []));
    return { node, cells, value };
  }

  /** @param {number} epoch @param {number} t @param {number} gate @param {Chosen | null} chosen @param {Inks} inks */
  draw(epoch, t, gate, chosen, inks) {
    const { lesson } = this, span = [-lesson.scale, lesson.scale];
    const fill = (node, value, limits, kind) => {
      node.textContent = two(value);
      node.style.background = inks.of(value, limits, kind);
      node.style.color = inks.on(value, limits, kind);
    };
    for (const part of this.parts) {
      part.title.textContent = part.titled(gate);
      for (const { node, of } of part.active) {
        const value = of(epoch, t);
        node.textContent = Number.isInteger(value) ? String(value).replace("-", MINUS) : two(value);
        node.classList.toggle("silent", value === 0);
      }
      if (part.value) {
        const key = part.symbolOf(gate);
        part.result.textContent = key;
        part.result.style.color = `var(--symbol-${key}, var(--text))`;
      }
      part.table.forEach(({ node, cells, value }, unit) => {
        cells.forEach((cell) => fill(cell.node, cell.weight(epoch, gate, unit), span));
        if (value) fill(value, part.value(epoch, t, gate, unit), part.ink(gate).span, part.ink(gate).colour);
        node.classList.toggle("on", chosen ? chosen.group === part.group && chosen.unit === unit
          : Boolean(part.heard?.(t, unit)));
      });
    }
  }
}
