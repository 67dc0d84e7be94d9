// Reads the bytes of seqlab/figures/machine.py.
// @ts-check

import { decoded, unpacked } from "../kit/packed.js";
import { grown } from "../kit/present.js";

const NARROWEST = 0.8, WIDEST = 1.65; // times the width in which it was drawn

/**
 * A part of a machine: an operation or what comes in, its card, and its numbers at every time as codes of its range.
 * @typedef {{ name: string, kind: string, label: string, line: string, gate: string, key: string, text: string,
 *   title: string, meaning: string, axis: string, units: number, span: [number, number], range: [number, number],
 *   colour: "diverging" | "sequential", card: { x: number, y: number, width: number, height: number },
 *   values: Int16Array }} Part
 */
/** @typedef {{ start: string, end: string, points: [number, number][] }} Wire */
/** @typedef {{ symbol: string, text: string, name: string, code: string }} Line */
/**
 * A layer over an input.
 * @typedef {{ id: string, key: string, model: string, layer: number, head: number, heads: boolean, times: number,
 *   all: number, letters: string[], predicted: string[], target: string[], units: number, lines: Line[],
 *   width: number, height: number, wires: Wire[], parts: Part[], order: Uint16Array }} Machine
 */

/** @param {Uint8Array} bytes @returns {Machine} */
export function readMachine(bytes) {
  const { header, arrays } = unpacked(bytes, ({ kind }) => (kind === "order" ? Uint16Array : Int16Array));
  const [order, ...parts] = arrays;
  return { ...header, parts, order: order.values };
}

/** A number of a part. @param {Part} part @param {number} t @param {number} unit */
export function numberAt({ values, units, range }, t, unit) {
  return decoded(values[t * units + unit], range);
}

/** The mean over all units of a part. @param {Part} part @param {number} t */
export function meanAt(part, t) {
  let sum = 0;
  for (let unit = 0; unit < part.units; unit++) sum += numberAt(part, t, unit);
  return sum / part.units;
}

/** A machine as wide as its place allows: cards and wires are stretched across. What would be much narrower than drawn
 * stays as it is, and scrolls; on a projector it is as much larger as its words.
 * @param {Machine} machine @param {number} room @returns {Machine} */
export function stretched(machine, room) {
  const by = grown(), share = room / machine.width / by;
  const factor = by * (share < NARROWEST ? 1 : Math.min(WIDEST, share));
  const parts = machine.parts.map((part) => ({ ...part,
    card: { x: factor * part.card.x, width: factor * part.card.width, y: by * part.card.y,
      height: by * part.card.height } }));
  const wires = machine.wires.map((wire) => ({ ...wire,
    points: wire.points.map(([x, y]) => /** @type {[number, number]} */ ([factor * x, by * y])) }));
  return { ...machine, parts, wires, width: factor * machine.width, height: by * machine.height };
}

/** What cards and wires a machine is drawn with; two of one form use the same elements. @param {Machine} machine */
export function formOf({ parts, wires, units }) {
  return JSON.stringify([units, wires, parts.map(({ name, card, units }) => [name, card, units])]);
}
