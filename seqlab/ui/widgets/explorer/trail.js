// Where the network holds a letter: the trail of a symbol in the states, as the film has it of its last snapshot.
// @ts-check

import { figure } from "../kit/numbers.js";
import { decoded } from "../kit/packed.js";

/** @typedef {import("./film.js").Film} Film */
/** Trails of all symbols in one state. @typedef {{ name: string, key: string, layer: number, units: number, limit:
 * number, range: [number, number], values: Int16Array }} TrailPart */
/** The trail of the letter at a time, seen up to ``until``. @typedef {{ letter: number, until: number }} Lit */

/** The trail of a letter, as far as a film has it. */
export class Trail {
  /** @param {Film} film @param {TrailPart} part @param {Lit} lit */
  constructor(film, part, { letter, until }) {
    this.part = part;
    this.until = until;
    this.letter = letter;
    this.start = film.trailed.indexOf(letter) * film.time * part.units;
    this.high = part.range[1];
  }

  /** How far a unit at a time depends on the letter. @param {number} t @param {number} unit */
  at(t, unit) {
    return t > this.until ? 0 : decoded(this.part.values[this.start + t * this.part.units + unit], this.part.range);
  }

  /** The same as a share of the colours' scale, from 0 to 1. @param {number} t @param {number} unit */
  share(t, unit) {
    return Math.min(1, this.at(t, unit) / this.part.limit);
  }
}

/** The trail that a picture shows: that of its own symbol where that carries letters, else of the state of its layer.
 * @param {Film} film @param {number} frame @param {{ key: string, layer: number }} picture @param {Lit | null} lit
 * @returns {Trail | null} */
export function trailIn(film, frame, { key, layer }, lit) {
  if (!lit || frame < film.frames - 1 || !film.trailed.includes(lit.letter)) return null;
  const parts = film.trails.filter((part) => part.layer === layer);
  const part = parts.find((one) => one.key === key) ?? parts.find((one) => one.key === "c") ?? parts[0];
  return part ? new Trail(film, part, lit) : null;
}

/** How many units hold a letter at each time: more than half of the scale depends on it.
 * @param {Trail} trail @param {number} time */
export function holders(trail, time) {
  return Array.from({ length: time }, (_, t) =>
    Array.from({ length: trail.part.units }, (_unit, unit) => Number(trail.share(t, unit) >= 0.5))
      .reduce((sum, one) => sum + one, 0));
}

/** What the picture of a trail says, in a sentence. @param {Film} film @param {Trail} trail */
export function sentence(film, trail) {
  const counts = holders(trail, film.time), most = Math.max(...counts), letter = film.letters[trail.letter];
  const last = counts.findLastIndex((count) => count > 0), said = trail.letter + (film.delay ?? NaN);
  if (!most) return `${letter} at t = ${trail.letter}: no unit depends much on it.`;
  const end = last === said ? `until it is said at t = ${last}` : last === film.time - 1 ? "up to the end"
    : `until t = ${last}${said < last ? `, beyond t = ${said} where it is said` : ""}`;
  const first = counts.findIndex(Boolean);
  return `${letter} is held by up to ${most} of ${trail.part.units} units from t = ${first} ${end}.`;
}

/** The reading of a cell: how far it depends on the letter. @param {Film} film @param {Trail} trail @param {number} t
 * @param {number} unit */
export const dependence = (film, trail, t, unit) =>
  `moves by ±${figure(trail.at(t, unit))} with ${film.letters[trail.letter]}`;
