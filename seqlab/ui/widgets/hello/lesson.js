// Reads the bytes of seqlab/figures/lesson.py and answers for every number in them.
// @ts-check

import { unpacked } from "../kit/packed.js";

/**
 * What the header says: a word, a network, and what it said after each epoch.
 * @typedef {{ id: string, channel: string, word: string, target: string, alphabet: string, model: string, layers:
 * number,
 *   steps: number[], losses: (number | null)[], said: string[], published: number | null, summed: boolean, drawn:
 * boolean,
 *   onehot: boolean, autoplay: boolean, gates: string[],
 *   cells: { key: string, label: string, span: [number, number], colour: "diverging" | "sequential" }[] }} Header
 */

/** A lesson's numbers, by their names and places. */
export class Lesson {
  /** @param {Uint8Array} bytes */
  constructor(bytes) {
    const { header, arrays } = unpacked(bytes, () => Float32Array);
    const /** @type {Header} */ about = header;
    this.id = about.id;
    this.channel = about.channel;
    this.word = about.word;
    this.target = about.target;
    this.model = about.model;
    this.layers = about.layers;
    this.steps = about.steps;
    this.losses = about.losses;
    this.said = about.said;
    this.published = about.published;
    this.summed = about.summed;
    this.drawn = about.drawn;
    this.onehot = about.onehot;
    this.autoplay = about.autoplay;
    this.gates = about.gates;
    this.cells = about.cells;
    /** @type {Map<string, { shape: number[], values: Float32Array }>} */
    this.numbers = new Map(arrays.map(({ name, shape, values }) => [name, { shape, values }]));
    this.letters = [...this.word];
    this.symbols = [...about.alphabet];
    this.epochs = this.steps.length;
    this.linear = this.numbers.has("decoder.weight");
    this.hidden = this.drawn ? this.numbers.get("core.weight_hh_l0").shape[2] : 0;
    this.width = this.drawn ? this.numbers.get("core.weight_ih_l0").shape[2] : 0;
    this.scale = this.drawn ? this.largest() : 1;
  }

  /** The shape of what is drawn; in another lesson of the same form the time and the unit that were chosen stay. */
  get form() {
    return JSON.stringify([this.word, this.target, this.model, this.layers, this.hidden, this.width, this.linear]);
  }

  /** One number of an array: its epoch, then its place in the array.
   * @param {string} name @param {number} epoch @param {number} row @param {number} [column] */
  at(name, epoch, row, column = 0) {
    const { shape, values } = this.numbers.get(name);
    return shape.length === 2 ? values[epoch * shape[1] + row] : values[(epoch * shape[1] + row) * shape[2] + column];
  }

  /** A unit's state one step earlier; it starts at 0.
   * @param {number} layer @param {number} epoch @param {number} t @param {number} unit */
  before(layer, epoch, t, unit) {
    return t ? this.at(`h.${layer}`, epoch, t - 1, unit) : 0;
  }

  /** What reaches layer ``layer`` from below.
   * @param {number} layer @param {number} epoch @param {number} t @param {number} unit */
  below(layer, epoch, t, unit) {
    return layer ? this.at(`h.${layer - 1}`, epoch, t, unit) : this.at("x", epoch, t, unit);
  }

  /** @param {number} t @param {number} place */
  heard(t, place) {
    return this.symbols[place] === this.letters[t] ? 1 : 0;
  }

  /** @param {number} epoch @param {number} t */
  right(epoch, t) {
    return this.said[epoch][t] === this.target[t];
  }

  /** @param {number} epoch */
  whole(epoch) {
    return this.said[epoch] === this.target;
  }

  /** The largest weight of all epochs, so that a colour means the same at each of them. */
  largest() {
    let most = 0.1;
    for (const [name, { values }] of this.numbers)
      if (/^core\.|^decoder\./.test(name)) for (const value of values) most = Math.max(most, Math.abs(value));
    return most;
  }

  /** Two times with the same letter and different answers: what a network without a memory cannot do. */
  riddle() {
    for (let late = 1; late < this.letters.length; late++)
      for (let early = 0; early < late; early++)
        if (this.letters[early] === this.letters[late] && this.target[early] !== this.target[late]) return [early,
          late];
    return null;
  }
}
