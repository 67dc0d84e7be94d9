// Reads the bytes of seqlab/figures/comparison.py.
// @ts-check

import { decoded, unpacked } from "../kit/packed.js";

/** One of the two passes. @typedef {{ letter: string, name: string, inputs: string[], outputs: string[], target:
 * string[], states: ("right" | "wrong" | "blank")[], sure: number[] }} Side */
/** One of the maps, row after row. @typedef {{ name: string, shape: [number, number], range: [number, number], values:
 * Int16Array }} Picture */
/** A row: its unit in A, in B (null: none), and their correlation. @typedef {[string | null, string | null, number |
 * null]} Row */

/** Both passes, and what is shown of them. */
export class Comparison {
  /** @param {any} header @param {Picture[]} maps */
  constructor(header, maps) {
    /** @type {string} */
    this.id = header.id;
    /** @type {string} */
    this.title = header.layer === null ? header.title : `${header.title}, layer ${header.layer}`;
    /** @type {"diverging" | "sequential"} */
    this.colour = header.colour;
    /** @type {[number, number]} */
    this.span = header.span;
    /** @type {number} */
    this.width = header.width;
    /** @type {[Side, Side]} */
    this.sides = header.sides;
    /** @type {Row[]} */
    this.rows = header.rows;
    /** @type {(number | null)[] | null} */
    this.kl = header.kl;
    /** @type {number} */
    this.most = header.most;
    /** @type {string} */
    this.why = header.why;
    this.maps = maps;
    this.time = Math.max(...this.sides.map(({ inputs }) => inputs.length));
  }

  /** One exact number, to half a quantisation step. @param {number} map @param {number} row @param {number} t */
  value(map, row, t) {
    const { values, shape, range } = this.maps[map];
    return decoded(values[row * shape[1] + t], range);
  }

  /** The rows of a map as a chart has them. @param {number} map @returns {(number | null)[][]} */
  grid(map) {
    const [rows, time] = this.maps[map].shape;
    return Array.from({ length: rows }, (_, row) => Array.from({ length: time }, (_, t) => {
      const value = this.value(map, row, t);
      return Number.isFinite(value) ? value : null;
    }));
  }

  /** How far both are apart in a row, at most. @param {number} row */
  apart(row) {
    const known = Array.from({ length: this.maps[2].shape[1] }, (_, t) => Math.abs(this.value(2, row, t)));
    return Math.max(0, ...known.filter(Number.isFinite));
  }
}

/** @param {Uint8Array} bytes */
export function readComparison(bytes) {
  const { header, arrays } = unpacked(bytes, () => Int16Array);
  return new Comparison(header, /** @type {any} */ (arrays));
}
