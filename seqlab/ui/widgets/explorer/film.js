// Reads the bytes of seqlab/figures/film.py; the arrays stay typed and are not copied but once.
// @ts-check

import { decoded, unpacked } from "../kit/packed.js";

export function readFilm(bytes) {
  const { header, arrays } = unpacked(bytes, ({ kind }) => (kind === "panel" ? Int16Array : Uint16Array));
  const kinds = (/** @type {string} */ wanted) => arrays.filter(({ kind }) => kind === wanted);
  const film = { ...header, panels: kinds("panel"), orders: kinds("order"), probabilities: null };
  film.probabilities = arrays.find(({ kind }) => kind !== "panel" && kind !== "order")?.values ?? null;
  film.letters = Array.from(film.inputs || "");
  if (!film.frames) return film;
  film.target = Array.from(film.target);
  film.alphabet = Array.from(film.alphabet);
  film.said = film.said.map((text) => Array.from(text));
  film.keys = [...new Set(film.panels.map((panel) => panel.key))];
  return film;
}

/** What a film's page is built for; two films of the same form are drawn into the same elements. */
export function formOf(film) {
  return JSON.stringify([film.letters, film.delay, film.layers, film.panels.map((p) => [p.name, p.units, p.span])]);
}

/** One exact number of a panel, to half a quantisation step; NaN where there was none. */
export function valueAt(panel, time, frame, t, unit) {
  return decoded(panel.values[(frame * time + t) * panel.units + unit], panel.range);
}

export function stateOf(film, frame, t) {
  if (film.target[t] === "·") return "blank";
  return film.said[frame][t] === film.target[t] ? "right" : "wrong";
}

/** The unit of the hidden state that moves most at the last snapshot: a good one to show first. */
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

/** The most probable symbols at a time, best first. */
export function topOf(film, frame, t, count) {
  const vocab = film.alphabet.length, start = (frame * film.time + t) * vocab;
  return film.alphabet
    .map((letter, k) => ({ letter, p: film.probabilities[start + k] / 65535 }))
    .sort((a, b) => b.p - a.p)
    .slice(0, count);
}

export function probabilityOf(film, frame, t) {
  const place = film.alphabet.indexOf(film.said[frame][t]);
  return place < 0 ? 0 : film.probabilities[(frame * film.time + t) * film.alphabet.length + place] / 65535;
}
