// Reads the bytes of seqlab/figures/lesson.py and answers for every number in them.
// @ts-check

import { unpacked } from "../kit/packed.js";

export class Lesson {
  constructor(bytes) {
    const { header, arrays } = unpacked(bytes, () => Float32Array);
    Object.assign(this, header);
    this.numbers = new Map(arrays.map(({ name, shape, values }) => [name, { shape, values }]));
    this.letters = [...this.word];
    this.symbols = [...this.alphabet];
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

  /** One number of an array: its epoch, then its place in the array. */
  at(name, epoch, row, column) {
    const { shape, values } = this.numbers.get(name);
    return shape.length === 2 ? values[epoch * shape[1] + row] : values[(epoch * shape[1] + row) * shape[2] + column];
  }

  /** A unit's state one step earlier; it starts at 0. */
  before(layer, epoch, t, unit) {
    return t ? this.at(`h.${layer}`, epoch, t - 1, unit) : 0;
  }

  /** What reaches layer ``layer`` from below. */
  below(layer, epoch, t, unit) {
    return layer ? this.at(`h.${layer - 1}`, epoch, t, unit) : this.at("x", epoch, t, unit);
  }

  heard(t, place) {
    return this.symbols[place] === this.letters[t] ? 1 : 0;
  }

  right(epoch, t) {
    return this.said[epoch][t] === this.target[t];
  }

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
        if (this.letters[early] === this.letters[late] && this.target[early] !== this.target[late]) return [early, late];
    return null;
  }
}
