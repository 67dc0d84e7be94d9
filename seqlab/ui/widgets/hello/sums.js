// What one unit computes at one time, in words and numbers.
// @ts-check

import { el } from "../kit/dom.js";
import { MINUS, figure, signed, subscript, two } from "../kit/numbers.js";

/** @typedef {import("./lesson.js").Lesson} Lesson */
/** @typedef {import("./groups.js").Chosen} Chosen */

function total(count, of) {
  let sum = 0;
  for (let place = 0; place < count; place++) sum += of(place);
  return sum;
}

/** One part of a sum and where it comes from. @param {number} value @param {string} from */
const term = (value, from) => el("span", { class: "term" }, el("b", { text: signed(value) }), ` ${from}`);
/** The letter of a quantity in its colour. @param {string} key */
const math = (key) => el("i", { class: "symbol", style: `color: var(--symbol-${key}, var(--text))`, text: key });

/** Lines of text and elements about a chosen unit. */
export function sumsOf(lesson, epoch, t, gate, { group, unit }) {
  const [kind, number] = group.split("."), layer = Number(number);
  if (kind === "letter") return [[`The letter ${lesson.symbols[unit]}: `, lesson.heard(t, unit)
    ? `heard at t = ${t}, so it is 1.` : `not heard at t = ${t}, so it is 0.`]];
  const x = () => figure(lesson.at("x", epoch, t, unit));
  if (kind === "x") return [[`Number ${unit} of the embedding of ${lesson.letters[t]} is ${x()}.`]];
  if (kind === "before") return [[`Unit ${unit} remembers ${figure(lesson.before(layer, epoch, t, unit))}: `,
    t ? `its state at t = ${t - 1}.` : "nothing has been heard before t = 0."]];
  if (kind === "p") return [score(lesson, epoch, t, unit)];
  return [activation(lesson, epoch, t, gate, layer, unit), ...update(lesson, epoch, t, layer, unit)];
}

/** A hidden unit's index: its number, or its letter where it is the score of one.
 * @param {Lesson} lesson @param {number} unit */
const named = (lesson, unit) => (lesson.linear ? subscript(unit) : el("sub", { text: lesson.symbols[unit] }));

/** @param {Lesson} lesson @param {number} epoch @param {number} t @param {number} unit */
function score(lesson, epoch, t, unit) {
  const y = lesson.at("logits", epoch, t, unit), letter = lesson.symbols[unit],
    p = figure(lesson.at("p", epoch, t, unit));
  const share = ` so p = e^${two(y)} divided by the same of all letters = ${p}`;
  if (!lesson.linear) return [`Score of ${letter} = hidden unit ${letter} = ${figure(y)},`, share];
  const bias = lesson.at("decoder.bias", epoch, unit);
  return [`Score of ${letter} = `, term(y - bias, "from the top layer"), term(bias, "bias"), ` = ${figure(y)},`, share];
}

/** σ or tanh of what comes from the letter, from the memory and from the biases.
 * @param {Lesson} lesson @param {number} epoch @param {number} t @param {number} gate @param {number} layer @param
 * {number} unit */
function activation(lesson, epoch, t, gate, layer, unit) {
  const { hidden } = lesson, row = gate * hidden + unit, array = (kind) => `core.${kind}_l${layer}`,
    key = lesson.gates[gate];
  const width = layer || !lesson.onehot ? lesson.numbers.get(array("weight_ih")).shape[2] : lesson.symbols.length;
  const x = (place) => (lesson.onehot && !layer ? lesson.heard(t, place) : lesson.below(layer, epoch, t, place));
  const heard = total(width, (place) => lesson.at(array("weight_ih"), epoch, row, place) * x(place));
  const kept = total(hidden, (place) => lesson.at(array("weight_hh"), epoch, row, place) * lesson.before(layer, epoch,
    t, place));
  const [b_ih, b_hh] = ["bias_ih", "bias_hh"].map((kind) => lesson.at(array(kind), epoch, row));
  const from = layer ? "from the layer below" : `from the letter ${lesson.letters[t]}`;
  const value = (/** @type {string} */ name) => lesson.at(`${name}.${layer}`, epoch, t, unit);
  if (key === "a") {
    const name = lesson.model.endsWith("relu") ? "max(0, " : "tanh(";
    return [math("h"), named(lesson, unit), ` = ${name}`, term(heard, from), term(kept, "from memory"),
      term(b_ih + b_hh, "from biases"),
      `) = ${name}${two(value("a"))}) = ${figure(value("h"))}`];
  }
  if (lesson.model === "gru" && key === "n")
    return [math("n"), named(lesson, unit), " = tanh(", term(heard + b_ih, from),
      ` ${value("r") < 0 ? "" : "+ "}${two(value("r"))} ×`,
      term(kept + b_hh, "from memory"), `) = ${figure(value("n"))}`];
  return [math(key), named(lesson, unit), key === "g" ? " = tanh(" : " = σ(", term(heard, from),
    term(kept, "from memory"),
    term(b_ih + b_hh, "from biases"), `) = ${figure(value(key))}`];
}

/** How gates make the new state of the old one.
 * @param {Lesson} lesson @param {number} epoch @param {number} t @param {number} layer @param {number} unit */
function update(lesson, epoch, t, layer, unit) {
  const value = (/** @type {string} */ name, time = t) => (time < 0 ? 0 : lesson.at(`${name}.${layer}`, epoch, time,
    unit));
  if (lesson.model === "gru") return [[math("h"), ` = (1 ${MINUS} `, math("z"), ") × ", math("n"), " + ", math("z"),
    " × h before = ",
    `${two(1 - value("z"))} × ${two(value("n"))} + ${two(value("z"))} × ${two(value("h", t - 1))} `,
    `= ${figure(value("h"))}`]];
  if (lesson.model === "lstm") return [[math("c"), " = ", math("f"), " × c before + ", math("i"), " × ", math("g"),
    ` = ${two(value("f"))} × ${two(value("c", t - 1))} + ${two(value("i"))} × ${two(value("g"))} `,
    `= ${figure(value("c"))}; `,
    math("h"), " = ", math("o"), " × tanh ", math("c"), ` = ${figure(value("h"))}`]];
  return [];
}
