// Reads the bytes of seqlab/figures/attention.py, and answers for single numbers of it.
// @ts-check

import { figure } from "../kit/numbers.js";
import { LOST, decoded, unpacked } from "../kit/packed.js";
import { evenly, plainTable } from "../kit/reading.js";
import { Pixels } from "../kit/surface.js";

const MOST_ROWS = 60; // of the table that is read aloud

/** Numbers of one name, as codes of its range or as they are. @typedef {{ kind: string, values: Int16Array |
 * Float32Array, range: [number, number] }} Part */
/** What a head is asked at. @typedef {{ frame: number, layer: number, head: number, query: number }} Asked */
/** Where a person stands. @typedef {Asked & { key: number | null }} Place */
/** A query and a key. @typedef {{ query: number, key: number }} Cell */
/**
 * What the network says, with all heads and without those that are off.
 * @typedef {{ target: string[], now: string[][], before: string[][], accuracy: (number | null)[],
 *   accuracy_before: (number | null)[], loss: (number | null)[], loss_before: (number | null)[] }} Answers
 */
/**
 * The maps of all heads, in every snapshot of a training.
 * @typedef {{ id: string, channel: string, frames: number, time: number, layers: number, heads: number, feature:
 * number,
 *   causal: boolean, tokens: string[], steps: number[], total: number, off: [number, number][], vectors: boolean,
 *   span: number, measure: string, answers: Answers | null, accuracy: (number | null)[], invitation?: string,
 *   parts: Record<string, Part> }} Maps
 */

/** @param {Uint8Array} bytes */
export function readMaps(bytes) {
  const { header: film, arrays } = unpacked(bytes, ({ kind }) => (kind === "float32" ? Float32Array : Int16Array));
  film.parts = Object.fromEntries(arrays.map((part) =>
    [part.layer === undefined ? part.name : `${part.name}.${part.layer}`, part]));
  const { answers, frames } = film;
  film.accuracy = answers?.accuracy ?? Array(frames).fill(null);
  for (const side of answers ? ["now", "before"] : []) answers[side] = answers[side].map((text) => Array.from(text));
  if (answers) answers.target = Array.from(answers.target);
  return film;
}

/** @param {Part} part @param {number} place */
function numberOf(part, place) {
  const code = part.values[place];
  if (part.kind === "float32") return code;
  return decoded(code, part.range);
}

/** Where the numbers of one query begin: row ``query`` of the map of a head. */
function rowPlace(film, { frame, head, query }) {
  return ((frame * film.heads + head) * film.time + query) * film.time;
}

/** @param {Maps} film @param {Asked} at @param {number} key */
export function weightOf(film, at, key) {
  return numberOf(film.parts[`attention.${at.layer}`], rowPlace(film, at) + key);
}

/** The score after the division by √feature; the product before it is √feature times as large.
 * @param {Maps} film @param {Asked} at @param {number} key */
export function scoreOf(film, at, key) {
  return numberOf(film.parts[`scores.${at.layer}`], rowPlace(film, at) + key);
}

/** A query, key, value or output of a head at a position, as plain numbers.
 * @param {Maps} film @param {string} name @param {Asked} at @param {number} position */
export function vectorOf(film, name, at, position) {
  const part = film.parts[`${name}.${at.layer}`];
  if (!part) return [];
  const start = ((at.frame * film.heads + at.head) * film.time + position) * film.feature;
  return Array.from({ length: film.feature }, (_, place) => numberOf(part, start + place));
}

/** A weight, always with three digits: they are sent in steps of 0.000015. */
export const share = (weight) => (Number.isFinite(weight) ? Math.abs(weight).toFixed(3) : figure(weight));
/** @param {number[]} vector */
export const normOf = (vector) => Math.hypot(...vector);
/** @param {Maps} film @param {number} query @param {number} key */
export const hidden = (film, query, key) => film.causal && key > query;
/** @param {Maps} film @param {number} layer @param {number} head */
export const isOff = (film, layer, head) => film.off.some(([one, other]) => one === layer && other === head);
/** @param {Maps} film @param {number} layer @param {number} head */
export const headName = (film, layer, head) => (film.layers > 1 ? `layer ${layer}, head ${head}` : `head ${head}`);

/** What the elements of maps are made for; maps of the same form are drawn into the same ones. @param {Maps} film */
export function formOf({ tokens, layers, heads, feature, answers, vectors }) {
  return JSON.stringify([tokens, layers, heads, feature, Boolean(answers), vectors]);
}

/** What each query of a head reads most, in words: a table of the tokens. @param {Maps} film @param {Asked} at */
export function mostRead(film, at) {
  const rows = evenly(film.tokens.map((token, query) => {
    const weights = film.tokens.map((_, key) => weightOf(film, { ...at, query }, key) || 0);
    const key = weights.indexOf(Math.max(...weights));
    return [`${token} (${query})`, `${film.tokens[key]} (${key})`, share(weights[key])];
  }), MOST_ROWS);
  return plainTable(`${headName(film, at.layer, at.head)}: what each position reads most`,
    ["query", "reads most", "weight"], rows);
}

/** The head that is surest of what it reads, at the last snapshot: a good one to show first. */
export function sharpest(film) {
  let best = { layer: 0, head: 0 }, most = -1;
  for (let layer = 0; layer < film.layers; layer++) {
    for (let head = 0; head < film.heads; head++) {
      let sum = 0;
      for (let query = 1; query < film.time; query++) {
        const at = { frame: film.frames - 1, layer, head, query };
        let top = 0;
        for (let key = 0; key < film.time; key++) top = Math.max(top, weightOf(film, at, key) || 0);
        sum += top;
      }
      if (sum > most) [best, most] = [{ layer, head }, sum];
    }
  }
  return best;
}

/** One map of weights as pixels, a pixel a number; what is masked stays clear, so that the hatching shows. */
export class MapCanvas {
  constructor() {
    this.pixels = new Pixels();
    this.canvas = this.pixels.canvas;
  }

  /** @param {Maps} film @param {Asked} at @param {Uint32Array} table @param {number} nothing */
  draw(film, at, table, nothing) {
    const { time, heads } = film, { values } = film.parts[`attention.${at.layer}`];
    const pixels = this.pixels.sized(time, time), start = (at.frame * heads + at.head) * time * time;
    for (let query = 0, pixel = 0; query < time; query++) {
      for (let key = 0; key < time; key++, pixel++) {
        const code = values[start + pixel];
        pixels[pixel] = hidden(film, query, key) ? 0 : code === LOST ? nothing
          : table[Math.round(((code + 32767) / 65534) * 255)];
      }
    }
    this.pixels.put();
  }
}

/** A vector as a strip of cells; colours run from −span to span.
 * @param {Pixels} strip @param {number[]} vector @param {Uint32Array} table @param {number} span */
export function drawVector(strip, vector, table, span) {
  const pixels = strip.sized(Math.max(1, vector.length), 1);
  vector.forEach((value, place) => {
    const shade = ((value + span) / (2 * span)) * 255;
    pixels[place] = Number.isFinite(value) ? table[Math.max(0, Math.min(255, Math.round(shade)))] : 0;
  });
  strip.put();
}
