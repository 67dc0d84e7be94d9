// What a network's drawing consists of: groups of units in columns, and the blocks of weights between them.
// @ts-check

import { subscript } from "../kit/numbers.js";
import { presented, sized } from "../kit/present.js";

/** @typedef {import("./lesson.js").Lesson} Lesson */
/** A unit as it is drawn. @typedef {{ node: SVGGElement, parts: any[], y: number }} Unit */
/**
 * Units of one kind, one below the other, and where they stand.
 * @typedef {{ kind: "letter" | "x" | "before" | "h" | "p", layer: number | null, count: number, id: string, x: number,
 * y: number,
 *   width: number, nodes: Unit[], size: number }} Group
 */
/** A unit of a group. @typedef {{ group: string, unit: number }} Chosen */

/** Columns of groups from the letters to the answers; what a layer remembers stands under what it hears.
 * @param {Lesson} lesson */
export function columnsOf(lesson) {
  const group = (kind, layer, count) => ({ kind, layer, count, id: layer === null ? kind : `${kind}.${layer}` });
  const letters = lesson.symbols.length, columns = [[group("letter", null, letters)]];
  if (!lesson.onehot) columns.push([group("x", null, lesson.width)]);
  for (let layer = 0; layer < lesson.layers; layer++) {
    columns.at(-1).push(group("before", layer, lesson.hidden));
    columns.push([group("h", layer, lesson.hidden)]);
  }
  columns.push([group("p", null, letters)]);
  return columns;
}

/** Blocks of weights between the groups; ``weight(epoch, gate, to, from)`` reads one. @param {Lesson} lesson */
export function blocksOf(lesson) {
  const blocks = [], first = lesson.onehot ? "letter" : "x", { hidden } = lesson;
  if (!lesson.onehot)
    blocks.push({ from: "letter", to: "x", name: "encoder.symbol.weight", weight: (k, gate, to, from) =>
      lesson.at("encoder.symbol.weight", k, from, to) });
  for (let layer = 0; layer < lesson.layers; layer++)
    for (const [kind, from] of [["ih", layer ? `h.${layer - 1}` : first], ["hh", `before.${layer}`]]) {
      const name = `core.weight_${kind}_l${layer}`;
      blocks.push({ from, to: `h.${layer}`, name, gated: true, weight: (k, gate, to, source) => lesson.at(name, k,
        gate * hidden + to, source) });
    }
  const top = `h.${lesson.layers - 1}`;
  if (lesson.linear) blocks.push({ from: top, to: "p", name: "decoder.weight", weight: (k, gate, to, from) =>
    lesson.at("decoder.weight", k, to, from) });
  else blocks.push({ from: top, to: "p", name: "", straight: true, weight: () => 1 });
  return blocks;
}

/** How wide the parts of a drawing are in pixels where there is little room, and where there is enough. */
export const NARROW = { letter: 40, number: 44, cell: 35, gap: 44, answer: 104, bar: 24 };
export const WIDE = { letter: 44, number: 46, cell: 46, gap: 72, answer: 130, bar: 50 };

const SMALLEST = 11, HEIGHT = 440; // pixels: of the numbers in units, and of the units of a column
const AROUND = 460, LEAST = 260; // on a projector: what stands around the drawing, and the least that is left to it

/** How many times larger the whole drawing is (on a projector its least numbers are read too), and how many of its
 * own pixels the units of a column may take. */
export function scaleOf() {
  const by = sized(SMALLEST) / SMALLEST;
  return { by, room: presented() === null ? HEIGHT : Math.max(LEAST, innerHeight - AROUND) / by };
}

/** How wide a unit of a group is.
 * @param {Group["kind"]} kind @param {Lesson} lesson @param {typeof NARROW} sizes */
export function widthOf(kind, lesson, sizes) {
  return { letter: sizes.letter, x: sizes.number, before: sizes.number, p: sizes.answer,
    h: Math.max(sizes.number, sizes.cell * lesson.cells.length) }[kind];
}

/** What a group is called, and what stands under that. @param {Group} group @param {Lesson} lesson */
export function titleOf({ kind, layer }, { layers, linear }) {
  if (kind === "h") return [linear ? (layers > 1 ? `layer ${layer}` : "hidden") : "hidden = score", ""];
  if (kind === "before") return ["remembers", `h${layers > 1 ? subscript(layer ?? 0) : ""} at t − 1`];
  return [{ letter: "hears", x: "embedding", p: "says" }[kind], ""];
}
