// What a chart says in words: the numbers under the pointer, all of them as a table, and a sheet of them to take away.
// @ts-check

import { el } from "./dom.js";
import { figure, scientific } from "./numbers.js";

const MOST_ROWS = 60, MOST_COLUMNS = 60; // of the table that is read aloud; a sheet has all numbers
const PAUSE = 1000; // ms between two tables: they follow a hand or a run, they need not lead it

/** Series that are named, and read. @param {Chart.Panel} panel */
const named = (panel) => panel.series.filter(({ name, kind }) => name && kind !== "ring");

/** The drawn x that is nearest to a number. @param {Chart.Panel} panel @param {number} x */
export function nearest(panel, x) {
  if (panel.map) return Math.min(Math.max(Math.round(x), 0), panel.map.values[0].length - 1);
  const known = panel.series.flatMap((series) => (series.kind === "ring" ? [] : series.x));
  return known.reduce((best, value) => (Math.abs(value - x) < Math.abs(best - x) ? value : best), known[0] ?? x);
}

/** The text of an x, with the word for it. @param {Chart.Panel} panel @param {number} x */
const placed = (panel, x) => `${panel.x.word ?? "t"} = ${figure(x, Number.isInteger(x) ? 0 : 1)}`;

/** Lines of text for a place in a panel: where it is, then each number there.
 * @param {Chart.Panel} panel @param {{ x: number, y: number }} at @returns {string[]} */
export function readings(panel, at) {
  const x = nearest(panel, at.x);
  if (panel.map) return cellReading(panel, panel.map, x, at.y);
  const write = panel.y.log ? scientific : figure;
  const parts = named(panel).flatMap(({ name, x: places, y }) => {
    const value = y[places.indexOf(x)];
    return value === null || value === undefined ? [] : [`${name} ${value === 0 ? "0" : write(value)}`];
  });
  return [placed(panel, x), ...parts];
}

/** @param {Chart.Panel} panel @param {Chart.Map} map @param {number} x @param {number} y */
function cellReading(panel, { values, read, names }, x, y) {
  const unit = Math.min(Math.max(Math.round(y), 0), values.length - 1), value = (read ?? values)[unit][x];
  const where = names?.length ? `${names[unit]} and ${names[x]}` : `${panel.x.word ?? "t"} = ${x}, unit ${unit}`;
  return [where, value === null ? "not a number" : (read ? scientific : figure)(value)];
}

/** All numbers of a panel as rows, the first of them the names of the columns.
 * @param {Chart.Panel} panel @returns {(string | number | null)[][]} */
export function sheet(panel) {
  const word = panel.x.word ?? "t";
  if (panel.map) {
    const rows = panel.map.read ?? panel.map.values, { names = [] } = panel.map;
    return [["unit", ...rows[0].map((_, t) => names[t] ?? `${word} = ${t}`)],
      ...rows.map((row, unit) => [names[unit] ?? unit, ...row])];
  }
  const series = named(panel), at = series.map(({ x, y }) => new Map(x.map((place, k) => [place, y[k]])));
  const places = [...new Set(series.flatMap(({ x }) => x))].sort((one, other) => one - other);
  return [[word, ...series.map(({ name }) => name ?? "")],
    ...places.map((place) => [place, ...at.map((values) => values.get(place) ?? null)])];
}

/** A sheet as CSV (RFC 4180): what is no number stays empty, and no cell can be taken for a formula.
 * @param {(string | number | null)[][]} rows */
export function csv(rows) {
  const cell = (/** @type {string | number | null} */ value) => {
    if (value === null || typeof value === "number") return value === null ? "" : String(value);
    const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
    return /[",\r\n]/.test(text) ? `"${text.replaceAll("\"", "\"\"")}"` : text;
  };
  return rows.map((row) => `${row.map(cell).join(",")}\r\n`).join("");
}

/** So many of some things, evenly, the first and the last among them. @template T @param {T[]} all @param {number}
 * most */
export function evenly(all, most) {
  if (all.length <= most) return all;
  return Array.from({ length: most }, (_, k) => all[Math.round((k * (all.length - 1)) / (most - 1))]);
}

/** A map too wide to be read aloud: of each row the least, the mean and the greatest number.
 * @param {(string | number | null)[][]} rows */
export function summary(rows) {
  return [["unit", "least", "mean", "greatest"], ...rows.slice(1).map(([unit, ...cells]) => {
    const numbers = /** @type {number[]} */ (cells.filter((cell) => typeof cell === "number"));
    if (!numbers.length) return [unit, null, null, null];
    const mean = numbers.reduce((sum, value) => sum + value, 0) / numbers.length;
    return [unit, Math.min(...numbers), mean, Math.max(...numbers)];
  })];
}

/** A table that is read aloud and not seen, renewed when there is time for it. */
export class SpokenTable {
  constructor() {
    this.node = el("div", { class: "spoken" });
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
  }

  /** Say panels, soon. @param {() => Chart.Panel[]} panels */
  say(panels) {
    this.tell(() => panels().map((panel) => this.table(panel)));
  }

  /** Say tables, soon. @param {() => Node[]} tables */
  tell(tables) {
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      this.node.replaceChildren(...tables());
    }, PAUSE);
  }

  stop() {
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  /** @param {Chart.Panel} panel */
  table(panel) {
    const all = sheet(panel), [head, ...rows] = all[0].length > MOST_COLUMNS ? summary(all) : all;
    const text = (/** @type {string | number | null} */ cell) => (cell === null ? "none" : typeof cell === "string"
      ? cell
      : Number.isInteger(cell) ? String(cell) : panel.y.log ? scientific(cell) : figure(cell));
    return plainTable(panel.alt, head, evenly(rows, MOST_ROWS).map(([first, ...cells]) => [first, ...cells.map(text)]));
  }
}

/** A table of texts, the first of each row its head.
 * @param {string} caption @param {(string | number | null)[]} head @param {(string | number | null)[][]} rows */
export function plainTable(caption, head, rows) {
  return el("table", {}, el("caption", { text: caption }),
    el("thead", {}, el("tr", {}, ...head.map((name) => el("th", { scope: "col", text: name })))),
    el("tbody", {}, ...rows.map(([first, ...cells]) => el("tr", {}, el("th", { scope: "row", text: first }),
      ...cells.map((cell) => el("td", { text: cell }))))));
}
