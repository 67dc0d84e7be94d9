// Reads the bytes of seqlab/figures/film.py; the arrays stay typed and are not copied but once.
// @ts-check

import { decoded, unpacked } from "../kit/packed.js";

/**
 * One picture of a film: numbers of a symbol in a layer over frames, times and units, as codes of its range.
 * @typedef {{ name: string, key: string, layer: number, units: number, label: string, meaning: string, values:
 * Int16Array,
 *   range: [number, number], span: [number, number], colour: "diverging" | "sequential" }} Picture
 */
/** An order of the units of a layer. @typedef {{ name: string, label: string, layer: number, values: Uint16Array }}
 * Order */
/**
 * A film: the same input in every snapshot of a training.
 * @typedef {{ id: string, channel: string, frames: number, time: number, layers: number, total: number, steps:
 * number[],
 *   accuracy: (number | null)[], delay: number | null, autoplay: boolean, letters: string[], target: string[],
 *   alphabet: string[], said: string[][], keys: string[], panels: Picture[], orders: Order[],
 *   probabilities: Uint16Array, trailed: number[], trails: import("./trail.js").TrailPart[], delays: { delay: number,
 *   bytes: Uint8Array, film: Film | null }[] }} Film
 */

/** @type {Record<string, any>} */
const TYPES = { panel: Int16Array, trail: Int16Array, film: Uint8Array };

/** Read a film; one without frames has an id and a channel. @param {Uint8Array} bytes @returns {Film} */
export function readFilm(bytes) {
  const { header, arrays } = unpacked(bytes, ({ kind }) => TYPES[kind ?? ""] ?? Uint16Array);
  const kinds = (/** @type {string} */ wanted) => arrays.filter(({ kind }) => kind === wanted);
  const film = { ...header, panels: kinds("panel"), orders: kinds("order"), trails: kinds("trail") };
  film.probabilities = kinds("probabilities")[0]?.values ?? null;
  film.delays = kinds("film").map(({ delay, values }) => ({ delay, bytes: values, film: null }));
  film.letters = Array.from(film.inputs || "");
  if (!film.frames) return film;
  film.target = Array.from(film.target);
  film.alphabet = Array.from(film.alphabet);
  film.said = film.said.map((/** @type {string} */ text) => Array.from(text));
  film.keys = [...new Set(kinds("panel").map((panel) => panel.key))];
  return film;
}

/** The same word at another delay, at the last snapshot; the film itself where it has none.
 * @param {Film} film @param {number} delay */
export function atDelay(film, delay) {
  const other = film.delays.find((one) => one.delay === delay);
  if (!other || delay === film.delay) return film;
  other.film ??= readFilm(other.bytes);
  return other.film;
}

/** The delays of a film as a slider has them. @param {Film} film @returns {import("../kit/dial.js").Stops} */
export function delayStops({ delays, delay }) {
  const stops = delays.map((one) => one.delay).sort((a, b) => a - b), at = stops.indexOf(delay ?? NaN);
  return { stops, texts: stops.map((one) => (one === 1 ? "1 letter" : `${one} letters`)), at: at < 0 ? null : at };
}

/** What a film's page is built for; two films of the same form are drawn into the same elements. @param {Film} film */
export function formOf(film) {
  return JSON.stringify([film.letters, film.delay, film.layers, film.panels.map((p) => [p.name, p.units, p.span])]);
}

/** One exact number of a picture, to half a quantisation step; NaN where there was none.
 * @param {Picture} panel @param {number} time @param {number} frame @param {number} t @param {number} unit */
export function valueAt(panel, time, frame, t, unit) {
  return decoded(panel.values[(frame * time + t) * panel.units + unit], panel.range);
}

/** Is what is said at a time right, or is nothing due there? @param {Film} film @param {number} frame @param {number}
 * t */
export function stateOf(film, frame, t) {
  if (film.target[t] === "·") return "blank";
  return film.said[frame][t] === film.target[t] ? "right" : "wrong";
}

/** The unit of the hidden state that moves most at the last snapshot: a good one to show first.
 * @param {Film} film @param {number} layer */
export function liveliest(film, layer) {
  const { values, units } = film.panels.find((panel) => panel.key === film.keys[0] && panel.layer === layer);
  let best = 0, widest = -1;
  for (let unit = 0; unit < units; unit++) {
    let low = Infinity, high = -Infinity;
    for (let t = 0; t < film.time; t++) {
      const code = values[((film.frames - 1) * film.time + t) * units + unit];
      [low, high] = [Math.min(low, code), Math.max(high, code)];
    }
    if (high - low > widest) [best, widest] = [unit, high - low];
  }
  return best;
}

/** The most probable symbols at a time, best first.
 * @param {Film} film @param {number} frame @param {number} t @param {number} count */
export function topOf(film, frame, t, count) {
  const vocab = film.alphabet.length, start = (frame * film.time + t) * vocab;
  return film.alphabet
    .map((letter, k) => ({ letter, p: film.probabilities[start + k] / 65535 }))
    .sort((a, b) => b.p - a.p)
    .slice(0, count);
}

/** How sure of what it says the network is. @param {Film} film @param {number} frame @param {number} t */
export function probabilityOf(film, frame, t) {
  const place = film.alphabet.indexOf(film.said[frame][t]);
  return place < 0 ? 0 : film.probabilities[(frame * film.time + t) * film.alphabet.length + place] / 65535;
}
