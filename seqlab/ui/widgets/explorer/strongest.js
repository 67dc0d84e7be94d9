// What a heatmap shows, in words: the units of each picture that go furthest from 0, and when they do.
// @ts-check

import { figure } from "../kit/numbers.js";
import { plainTable } from "../kit/reading.js";
import { valueAt } from "./film.js";

/** @typedef {import("./film.js").Film} Film */
/** @typedef {import("./film.js").Picture} Picture */

const MOST = 5;

/** The strongest units of a picture: for each where it is furthest from 0, and its least and greatest number.
 * @param {Picture} panel @param {number} time @param {number} frame */
export function strongest(panel, time, frame) {
  const units = Array.from({ length: panel.units }, (_, unit) => {
    const values = Array.from({ length: time }, (_, t) => valueAt(panel, time, frame, t, unit));
    const t = values.reduce((best, value, place) => (Math.abs(value) > Math.abs(values[best]) ? place : best), 0);
    return { unit, t, value: values[t], low: Math.min(...values), high: Math.max(...values) };
  });
  return units.sort((a, b) => Math.abs(b.value) - Math.abs(a.value)).slice(0, MOST);
}

/** A table for each picture of a layer. @param {Film} film @param {number} frame @param {number} layer */
export function strongestTables(film, frame, layer) {
  return film.panels.filter((panel) => panel.layer === layer).map((panel) => plainTable(
    `${panel.label}: its strongest units`, ["unit", "strongest at", "there", "least", "greatest"],
    strongest(panel, film.time, frame).map(({ unit, t, value, low, high }) =>
      [unit, `t = ${t}, ${film.letters[t]}`, figure(value), figure(low), figure(high)])));
}
