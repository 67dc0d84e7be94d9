// Reads the bytes of seqlab/figures/lesson.py and answers for every number in them.

const LETTERS = 'ui-monospace, "SF Mono", "Cascadia Mono", "Segoe UI Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace';

class Lesson {
  constructor(bytes) {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), length = view.getUint32(0, true);
    Object.assign(this, JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length))));
    const body = bytes.slice(4 + length).buffer; // a copy: the bytes may start anywhere in a larger message
    this.numbers = new Map(this.arrays.map(({ name, shape, offset, length: size }) =>
      [name, { shape, values: new Float32Array(body, offset, size) }]));
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

/** A colour map as CSS colours, finely enough for an eye. */
function ramp(stops, count = 129) {
  const colours = stops.map(rgb);
  return Array.from({ length: count }, (_, k) => {
    const place = (k / (count - 1)) * (colours.length - 1), low = Math.min(Math.floor(place), colours.length - 2);
    const mixed = [0, 1, 2].map((c) => Math.round(colours[low][c] + (place - low) * (colours[low + 1][c] - colours[low][c])));
    return `rgb(${mixed.join(" ")})`;
  });
}

/** Colours of the present theme for numbers within limits, and a letter colour that is legible on each. */
class Inks {
  constructor(palette) {
    this.palette = palette;
    this.maps = { diverging: ramp(palette.diverging), sequential: ramp(palette.sequential) };
  }

  of(value, [low, high], kind = "diverging") {
    const map = this.maps[kind], share = (value - low) / (high - low);
    return map[Math.round(Math.min(1, Math.max(0, Number.isFinite(share) ? share : 0)) * (map.length - 1))];
  }

  /** On a strong colour the background's own colour is legible, on a pale one the text's. */
  on(value, [low, high], kind = "diverging") {
    const share = (value - low) / (high - low), strength = kind === "diverging" ? Math.abs(2 * share - 1) : share;
    return strength > (kind === "diverging" ? 0.64 : 0.5) ? this.palette.background : this.palette.text;
  }
}

/** Two decimals, for numbers that stand side by side; and with a plus. */
const two = (value) => (Number.isFinite(value) ? (value <= -0.005 ? MINUS : "") + Math.abs(value).toFixed(2) : "–");
const signed = (value) => (value > -0.005 ? `+${two(value)}` : two(value));
const low = (number) => String(number).replace(/\d/g, (digit) => "₀₁₂₃₄₅₆₇₈₉"[digit]);
