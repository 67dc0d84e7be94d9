// Scales from numbers to pixels, and round numbers for the marks of their axes.
// @ts-check

import { MINUS } from "./numbers.js";

const ROUND = [1, 1.5, 2, 3, 4, 5, 6, 8, 10]; // times a power of ten

/** Numbers of an axis on pixels from ``start`` to ``end``. */
export class Scale {
  /** @param {Chart.Axis} axis @param {number} start @param {number} end */
  constructor(axis, start, end) {
    this.axis = axis;
    this.start = start;
    this.end = end;
    this.from = this.height(axis.low);
    this.to = this.height(axis.high);
  }

  /** On a logarithmic axis what is not above its low end, an exact 0 above all, stands at that end.
   * @param {number} value */
  height(value) {
    return this.axis.log ? Math.log10(Math.max(value, this.axis.low)) : value;
  }

  /** The pixel of a number. @param {number} value */
  place(value) {
    return this.start + ((this.height(value) - this.from) / (this.to - this.from)) * (this.end - this.start);
  }

  /** Is there a place for it? @param {number | null} value */
  has(value) {
    return value !== null && !(this.axis.gaps && value === 0);
  }

  /** The number at a pixel. @param {number} place */
  value(place) {
    const height = this.from + ((place - this.start) / (this.end - this.start)) * (this.to - this.from);
    return this.axis.log ? 10 ** height : height;
  }

  /** A pixel, or the nearest one between the ends. @param {number} place */
  within(place) {
    const [low, high] = this.start < this.end ? [this.start, this.end] : [this.end, this.start];
    return Math.min(Math.max(place, low), high);
  }
}

/** The next round number at or below a number above 0, or at or above it. @param {number} value @param {boolean} up */
export function rounded(value, up) {
  const ten = 10 ** Math.floor(Math.log10(value)), steps = ROUND.map((part) => part * ten);
  return /** @type {number} */ (up ? steps.find((end) => end >= value * 0.9999)
    : steps.findLast((end) => end <= value * 1.0001));
}

/** A round upper end of an axis that begins at 0. @param {number} high */
export const upperEnd = (high) => (high > 0 ? rounded(high, true) : 1);

/**
 * Round numbers between two ends, both among them, as many as stand ``apart`` pixels from one another.
 * @param {number} low @param {number} high @param {(value: number) => number} y @param {number} apart
 */
export function roundMarks(low, high, y, apart) {
  const marks = [low];
  for (let power = Math.floor(Math.log10(low)); 10 ** power <= high; power++)
    for (const part of ROUND.slice(0, -1)) {
      const mark = part * 10 ** power, before = /** @type {number} */ (marks.at(-1));
      if (mark > low && mark < high && y(before) - y(mark) >= apart && y(mark) - y(high) >= apart) marks.push(mark);
    }
  return [...marks, high];
}

/** Powers of ten from one exponent to another, some four of them. @param {number} low @param {number} high */
export function decades(low, high) {
  const hop = Math.ceil((high - low) / 3), ends = [];
  for (let power = low; power <= high; power += hop) ends.push(10 ** power);
  return ends;
}

/** A number for the mark of an axis, with as few digits as say it. @param {number} value */
export function markText(value) {
  if (value === 0) return "0";
  return value >= 1e4 || value < 1e-3 ? value.toExponential(0).replace("e-", `e${MINUS}`).replace("e+", "e")
    : String(Number(value.toPrecision(2)));
}
