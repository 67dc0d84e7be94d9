// Reads the bytes of seqlab/figures/comparison.py.
// @ts-check

import { decoded, unpacked } from "../kit/packed.js";

/** One of the two passes. @typedef {{ letter: string, name: string, inputs: string[], outputs: string[], target:
 * string[], states: ("right" | "wrong" | "blank")[], sure: number[] }} Side */
/** One of the maps, row after row. @typedef {{ shape: [number, number], range: [number, number], values: Int16Array }}
 * Picture */
/** A row: its unit in A, in B (null: none), and their correlation. @typedef {[string | null, string | null, number |
 * null]} Row */
/** A slider: which side it moves, and at each of its stops the answers, how sure, KL, and the map where it moves.
 * @typedef {import("../kit/dial.js").Stops & { name: string, label: string, side: 0 | 1, titles: string[],
 * best: Uint16Array, sure:
 * Uint16Array, kl: Float32Array | null, map: Picture | null }} Moved */

/** @type {Record<string, any>} */
const TYPES = { map: Int16Array, best: Uint16Array, sure: Uint16Array, kl: Float32Array };

/** Both passes, and what is shown of them. */
export class Comparison {
  /** @param {any} header @param {[Picture, Picture]} maps @param {Moved[]} dials */
  constructor(header, maps, dials) {
    this.header = header;
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
    /** @type {boolean} */
    this.difference = header.difference;
    /** @type {string | null} */
    this.says = header.says;
    this.maps = maps;
    this.dials = dials;
    this.time = Math.max(...this.sides.map(({ inputs }) => inputs.length));
  }

  /** The picture with one side as a slider has it at a stop. @param {Moved} dial @param {number} stop */
  at(dial, stop) {
    const place = dial.stops.indexOf(stop), { side, map, kl } = dial, alphabet = this.header.alphabets[side];
    if (place < 0 || place === dial.at) return this;
    const of = (/** @type {any} */ all, /** @type {number} */ size) => all.subarray(place * size, (place + 1) * size);
    const before = this.sides[side], time = before.inputs.length;
    const outputs = Array.from(of(dial.best, time), (/** @type {number} */ best) => alphabet[best]);
    const moved = { ...before, name: dial.titles[place] ?? before.name, outputs,
      sure: Array.from(of(dial.sure, time), (code) => Number(code) / 65535),
      states: outputs.map((out, t) => (before.target[t] === "·" ? "blank" : out === before.target[t] ? "right"
        : "wrong")) };
    const maps = this.maps.map((one, k) => (k !== side || !map ? one
      : { ...map, values: of(map.values, map.shape[0] * map.shape[1]) }));
    const apart = kl && Array.from(of(kl, kl.length / dial.stops.length), (one) => (Number.isFinite(one) ? one : null));
    return new Comparison({ ...this.header, id: `${this.id}-${dial.name}-${stop}`, says: this.says === null ? null : "",
      sides: this.sides.map((one, k) => (k === side ? moved : one)), kl: apart ?? this.kl },
    /** @type {[Picture, Picture]} */ (maps), this.dials);
  }

  /** One exact number, to half a quantisation step; of the third map the difference, a partner that goes against its
   * unit with its sign turned. @param {number} map @param {number} row @param {number} t @returns {number} */
  value(map, row, t) {
    if (map === 2) return this.value(0, row, t) - ((this.rows[row][2] ?? 0) < 0 ? -1 : 1) * this.value(1, row, t);
    const { values, shape, range } = this.maps[map];
    return decoded(values[row * shape[1] + t], range);
  }

  /** The rows of a map as a chart has them. @param {number} map @returns {(number | null)[][]} */
  grid(map) {
    const [rows, time] = this.maps[map % 2].shape;
    return Array.from({ length: rows }, (_, row) => Array.from({ length: time }, (_, t) => {
      const value = this.value(map, row, t);
      return Number.isFinite(value) ? value : null;
    }));
  }

  /** How far both are apart in a row, at most. @param {number} row */
  apart(row) {
    const known = Array.from({ length: this.maps[0].shape[1] }, (_, t) => Math.abs(this.value(2, row, t)));
    return Math.max(0, ...known.filter(Number.isFinite));
  }
}

/** @param {Uint8Array} bytes */
export function readComparison(bytes) {
  const { header, arrays } = unpacked(bytes, ({ kind }) => TYPES[kind ?? ""]);
  const dials = header.dials.map((/** @type {Moved} */ dial, /** @type {number} */ place) => {
    const part = (/** @type {string} */ kind) => arrays.find((one) => one.dial === place && one.kind === kind) ?? null;
    return { ...dial, best: part("best")?.values, sure: part("sure")?.values, kl: part("kl")?.values ?? null,
      map: part("map") };
  });
  const maps = arrays.filter(({ dial }) => dial === undefined);
  return new Comparison(header, /** @type {any} */ (maps), dials);
}
