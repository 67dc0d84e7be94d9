// From logits to the symbol that a uniform draw chooses, as seqlab/reference/sampling.py has it; in the browser, so
// that a slider moves the picture at once. Reads the bytes of seqlab/figures/studio.py.
// @ts-check

import { unpacked } from "../kit/packed.js";

/** What the dials say. @typedef {{ temperature: number, alpha: number, top_k: number, top_p: number, divide: boolean
 * }} Choice */
/**
 * A text that was drawn, with the logits and the uniform draws that chose each of its symbols.
 * @typedef {{ id: string, channel: string, colour: Kind, play: boolean, prompt: string, seed: number, symbols:
 * string[],
 *   unit: string, masked: Set<number>, end: number | null, choice: Choice, vocab: number, invitation?: string,
 *   column: { temperature: number, text: string[] }[], ids: Uint16Array, logits: Float32Array, draws: Float64Array }}
 * Text
 */
/** What characters are coloured by. @typedef {"surprise" | "entropy"} Kind */
/** What a choice would make of a text. @typedef {{ surprise: Float64Array, entropy: Float64Array, would: Uint16Array
 * }} Answers */

/** Everything about one character. @typedef {{ z: Float32Array, scaled: Float64Array, plain: Float64Array,
 *   p: Float64Array, before: Float64Array, cut: Record<number, string> | null, u: number, would: number }} About */

/** @param {Choice} one @param {Choice} other */
export const SAME = (one, other) => ["temperature", "alpha", "top_k", "top_p", "divide"].every((name) =>
  one[name] === other[name]);

/** What every logit is multiplied by: α, or 1/T; infinite at T = 0. */
export const factorOf = ({ temperature, alpha }) => alpha / temperature;

/** @param {Uint8Array} bytes */
export function readStudio(bytes) {
  const kinds = { ids: Uint16Array, logits: Float32Array, draws: Float64Array };
  const { header: studio, arrays } = unpacked(bytes, ({ name }) => kinds[name]);
  for (const { name, values } of arrays) studio[name] = values;
  studio.vocab = studio.symbols.length;
  studio.masked = new Set(studio.masked);
  return studio;
}

/** The distributions of one text under any choice; ``at`` gives one of them whole, ``all`` what the colours need. */
export class Shaper {
  /** @param {Text} studio */
  constructor(studio) {
    this.studio = studio;
    this.scaled = new Float64Array(studio.vocab);
    this.p = new Float64Array(studio.vocab);
    this.said = Array.from({ length: studio.vocab }, (_, id) => !studio.masked.has(id));
    this.ranked = Array.from({ length: studio.vocab }, (_, id) => id);
  }

  /** @param {number} t */
  logits(t) {
    const { logits, vocab } = this.studio;
    return logits.subarray(t * vocab, (t + 1) * vocab);
  }

  /** Probabilities at a time, into ``this.p``; returns why each symbol is out of the game, where any is.
   * @param {number} t @param {Choice} choice */
  shape(t, choice) {
    const z = this.logits(t), { scaled, p, said, studio } = this, factor = choice.divide ? choice.alpha
      : factorOf(choice);
    let top = -1;
    for (let id = 0; id < studio.vocab; id++) if (said[id] && (top < 0 || z[id] > z[top])) top = id;
    const greedy = !Number.isFinite(factor);
    for (let id = 0; id < studio.vocab; id++) scaled[id] = greedy ? z[id] : z[id] * factor;
    if (greedy) { p.fill(0); p[top] = 1; return null; }
    const cut = choice.top_k || choice.top_p < 1 ? this.cut(choice) : null;
    let total = 0;
    for (let id = 0; id < studio.vocab; id++) {
      p[id] = said[id] && !cut?.[id] ? Math.exp(scaled[id] - scaled[top]) : 0;
      total += p[id];
    }
    for (let id = 0; id < studio.vocab; id++) p[id] /= total;
    if (choice.divide && choice.temperature > 0) this.divide(choice.temperature);
    return cut;
  }

  /** The classic fault: divided by T and by their sum, probabilities are what they were.
   * @param {number} temperature */
  divide(temperature) {
    const { p } = this;
    let total = 0;
    for (let id = 0; id < p.length; id++) { p[id] /= temperature; total += p[id]; }
    for (let id = 0; id < p.length; id++) p[id] /= total;
  }

  /** Which symbols top-k and top-p leave out, ``k`` or ``p``. */
  cut({ top_k, top_p }) {
    const { scaled, said, ranked } = this, left_out = {};
    ranked.sort((one, other) => Number(said[other]) - Number(said[one]) || scaled[other] - scaled[one] || one - other);
    const count = said.filter(Boolean).length, kept = top_k ? Math.min(top_k, count) : count;
    for (let k = kept; k < count; k++) left_out[ranked[k]] = "k";
    if (top_p >= 1) return left_out;
    const weights = ranked.slice(0, kept).map((id) => Math.exp(scaled[id] - scaled[ranked[0]]));
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    let before = 0;
    for (let k = 0; k < kept; k++) {
      // the smallest set that reaches top_p stays, one symbol at least
      if (before >= top_p - 1e-12) left_out[ranked[k]] = "p";
      before += weights[k] / total;
    }
    return left_out;
  }

  /** The smallest symbol whose cumulative probability exceeds u. @param {number} u */
  chosen(u) {
    const { p } = this;
    let total = 0, last = 0;
    for (let id = 0; id < p.length; id++) {
      if (!p[id]) continue;
      total += p[id];
      last = id;
      if (u < total) return id;
    }
    return last;
  }

  entropy() {
    return this.p.reduce((sum, p) => (p > 0 ? sum - p * Math.log(p) : sum), 0);
  }

  /** Surprise, entropy, and the symbol that the same draw would choose, for every character of the text.
   * @param {Choice} choice */
  all(choice) {
    const { ids, draws } = this.studio, count = ids.length;
    const answers = { surprise: new Float64Array(count), entropy: new Float64Array(count),
      would: new Uint16Array(count) };
    for (let t = 0; t < count; t++) {
      this.shape(t, choice);
      answers.surprise[t] = -Math.log(this.p[ids[t]]);
      answers.entropy[t] = this.entropy();
      answers.would[t] = this.chosen(draws[t]);
    }
    if (SAME(choice, this.studio.choice)) answers.would.set(ids); // what was drawn is what was drawn
    return answers;
  }

  /** Everything about one character: logits, scaled, probabilities plain and shaped, cumulative, and what was cut.
   * @param {number} t @param {Choice} choice */
  at(t, choice) {
    this.shape(t, { temperature: 1, alpha: 1, top_k: 0, top_p: 1, divide: false });
    const plain = this.p.slice(), z = this.logits(t);
    const cut = this.shape(t, choice), p = this.p.slice();
    let total = 0;
    const before = p.map((share) => (total += share) - share);
    return { z, scaled: this.scaled.slice(), plain, p, before, cut, u: this.studio.draws[t],
      would: this.chosen(this.studio.draws[t]) };
  }

  /** Largest |Δ| to the undivided probabilities over the whole text: after dividing them by T, and with T as it is
   * meant. */
  fault({ temperature, alpha }) {
    const none = { alpha, top_k: 0, top_p: 1, temperature: 1, divide: false };
    let divided = 0, meant = 0;
    for (let t = 0; t < this.studio.ids.length; t++) {
      this.shape(t, none);
      const p = this.p.slice();
      this.divide(temperature || 1);
      for (let id = 0; id < p.length; id++) divided = Math.max(divided, Math.abs(this.p[id] - p[id]));
      this.shape(t, { ...none, temperature });
      for (let id = 0; id < p.length; id++) meant = Math.max(meant, Math.abs(this.p[id] - p[id]));
    }
    return { divided, meant };
  }
}

const WHITE = { " ": "␣", "\n": "↵", "\t": "⇥", "\r": "↵" };

/** A symbol as people see it: white space has signs, and what has no glyph its code. @param {string} symbol */
export function glyph(symbol) {
  if (WHITE[symbol]) return WHITE[symbol];
  const code = symbol.codePointAt(0);
  return code < 32 || (code >= 127 && code < 161) || code === 0xad
    ? `U+${code.toString(16).toUpperCase().padStart(4, "0")}` : symbol;
}
