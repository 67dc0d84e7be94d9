// The steps that chose one character: logits, times α, mask, softmax, cumulative, and where the uniform draw falls.
// @ts-check

import { el, svg } from "../kit/dom.js";
import { MINUS, figure } from "../kit/numbers.js";
import { brief } from "./dials.js";
import { ranked } from "./distribution.js";
import { factorOf, glyph } from "./shaping.js";

/** @typedef {import("./shaping.js").Text} Text */
/** @typedef {import("./shaping.js").Choice} Choice */
/** @typedef {import("./shaping.js").Answers} Answers */
/** @typedef {import("./shaping.js").Shaper} Shaper */
/** @typedef {import("./shaping.js").About} About */

const ROWS = 12;

/** A probability for a narrow column. @param {number} p */
function chance(p) {
  if (p === 0) return "0";
  if (p >= 0.9995 && p < 1) return "0.999+";
  return p >= 0.0005 ? p.toFixed(3) : p.toExponential(0).replace("e-", `e${MINUS}`);
}

/** What chose one character: in a sentence (``title``) and as a table (``node``). */
export class Steps {
  constructor(move) {
    this.name = el("b", { class: "name" });
    this.where = el("span", { class: "where" });
    this.explained = el("p", { class: "explained", "aria-live": "polite" });
    const arrow = (label, text, by) => el("button", { type: "button", "aria-label": label, title: label, text,
      onclick: () => move(by) });
    this.table = el("table");
    this.stair = svg("path", { class: "stair" });
    this.line = svg("svg", { class: "cumulative", preserveAspectRatio: "none", "aria-hidden": "true" }, this.stair);
    this.needle = el("div", { class: "needle" }, el("span"));
    this.frame = el("div", { class: "frame" }, this.table);
    this.fault = el("p", { class: "fault" });
    this.title = el("header", {}, this.name, this.explained, el("span", { class: "arrows" },
      arrow("Character before", "‹", -1), arrow("Next character", "›", 1)));
    this.node = el("section", { class: "steps" }, this.where, this.frame, this.fault);
  }

  /** The symbols that are listed: the likeliest, the one drawn and the one that would be, in the order of the draw.
   * @param {ArrayLike<number>} z @param {Text} studio @param {number[]} extra */
  listed(z, studio, extra) {
    const chosen = new Set(extra);
    for (const id of ranked(studio, z)) {
      if (chosen.size >= ROWS) break;
      chosen.add(id);
    }
    return [...chosen].sort((one, other) => one - other);
  }

  /** @param {Text} studio @param {Shaper} shaper @param {About} about @param {number} t @param {Choice} choice
   * @param {Answers} answers @param {boolean} open whether the table is seen */
  draw(studio, shaper, about, t, choice, answers, open) {
    const drawn = studio.ids[t], { would } = answers, now = would[t];
    const listed = this.listed(about.z, studio, [drawn, now]), name = (id) => `‘${glyph(studio.symbols[id])}’`;
    this.name.textContent = glyph(studio.symbols[drawn]);
    this.where.textContent = `The ${studio.unit} ${t + 1} of ${studio.ids.length}, ${name(drawn)}`;
    const from = about.before[now], to = from + about.p[now], greedy = !choice.divide
      && !Number.isFinite(factorOf(choice));
    this.explained.replaceChildren(...(greedy ? [`The largest logit wins: ${name(now)}.`]
      : [el("i", { class: "symbol", text: "u" }), ` = ${about.u.toFixed(4)} falls between `
      + `${from.toFixed(4)} and ${to.toFixed(4)}: ${name(now)}, p = ${chance(about.p[now])}.`]),
    ...(now === drawn ? [] : [" ", el("strong", { text: `Drawn was ${name(drawn)}; it would be ${name(now)} now.` })]),
    el("br"), `Surprise of ${name(drawn)} ${nats(answers.surprise[t])}, entropy ${nats(answers.entropy[t])}.`);
    this.node.classList.toggle("dividing", choice.divide);
    this.fault.hidden = !choice.divide;
    if (!open) return;
    if (choice.divide) this.sideBySide(studio, shaper, t, choice, listed, about);
    else this.waterfall(studio, choice, listed, about, drawn, now, greedy);
  }

  head(...cells) {
    return el("thead", {}, el("tr", {}, ...cells.map(([sign, text, help]) =>
      el("th", { scope: "col", title: help, "data-word": text },
      el("i", { class: "symbol", text: sign }), el("small", { text })))));
  }

  waterfall(studio, choice, listed, { z, scaled, plain, p, before, cut, u }, drawn, now, greedy) {
    const factor = factorOf(choice), by = choice.alpha === 1 ? "z / T" : "α · z";
    const cell = (text, kind = "") => el("td", { text, class: kind });
    const rows = listed.map((id) => {
      const out = cut?.[id], bar = el("td", { class: "bar" });
      if (!out) bar.append(el("u", { style: `left: ${100 * before[id]}%; width: ${100 * p[id]}%` }));
      return el("tr", { class: `${id === now ? "now" : ""} ${id === drawn ? "drawn" : ""} ${out ? "out" : ""}`,
        "data-id": id },
        el("th", { scope: "row", text: glyph(studio.symbols[id]) }), cell(figure(z[id], 2)),
          cell(chance(plain[id]), "plain"),
        cell(greedy ? "–" : figure(scaled[id], 2)), cell(out ? `✗ top-${out}` : "✓", "mask"), cell(chance(p[id]), "p"),
          bar);
    });
    const rest = studio.vocab - studio.masked.size - listed.length;
    const left = Math.max(0, 1 - listed.reduce((sum, id) => sum + p[id], 0));
    if (rest > 0) rows.push(el("tr", { class: "rest" }, el("th", { text: "…" }),
      el("td", { colspan: 4, text: `${rest} others` }), cell(chance(left < 1e-12 ? 0 : left), "p"), el("td")));
    this.table.replaceChildren(this.head(["", ""], ["z", "logit"], ["p₁", "at T = 1", "The network's own probability"],
      [by, greedy ? "argmax" : `× ${brief(factor)}`], ["", "mask", "top-k and top-p"],
      ["p", "softmax"], ["Σ p", "cumulative"]), el("tbody", {}, ...rows));
    if (!greedy) this.stairs(listed, p, before, u);
  }

  /** The cumulative line through the bars, and the draw across it; both lie in the first row, as high as all of them.
   * */
  stairs(listed, p, before, u) {
    this.line.setAttribute("viewBox", `0 0 1 ${listed.length}`);
    this.stair.setAttribute("d",
      `M0 0 ${listed.map((id, row) => `H${before[id]} V${row} H${before[id] + p[id]} V${row + 1}`).join(" ")} H1`);
    this.needle.style.left = `${100 * u}%`;
    this.needle.firstChild.textContent = `u = ${u.toFixed(4)}`;
    this.needle.classList.toggle("late", u > 0.72);
    this.needle.classList.toggle("early", u < 0.28);
    this.frame.style.setProperty("--rows", String(listed.length));
    this.table.tBodies[0].rows[0].lastElementChild?.append(this.line, this.needle);
  }

  /** What dividing probabilities gives, and what T means, beside each other. */
  sideBySide(studio, shaper, t, choice, listed, { z, p, plain }) {
    const { temperature } = choice, meant = shaper.at(t, { ...choice, divide: false }).p;
    const cell = (text, kind = "") => el("td", { text, class: kind });
    const bar = (share, kind) => el("td", { class: `bar ${kind}` },
      el("u", { style: `left: 0; width: ${68 * share}%` }),
      el("small", { text: chance(share), style: `left: ${68 * share}%` }));
    this.table.replaceChildren(this.head(["", ""], ["z", "logit"], ["p", "softmax"],
      ["p / T", temperature ? `÷ ${brief(temperature)}` : "÷ 0"], ["Σ = 1", "divided by the sum"],
      ["z / T", "softmax, as it is meant"]),
        el("tbody", {}, ...listed.map((id) => el("tr", {}, el("th", { scope: "row", text: glyph(studio.symbols[id]) }),
      cell(figure(z[id], 2)), cell(chance(plain[id])), cell(temperature ? (plain[id] / temperature).toFixed(3) : "–"),
        bar(p[id], "divided"), bar(meant[id], "meant")))));
  }

  blame({ divided, meant }, { temperature }) {
    if (!temperature) {
      this.fault.replaceChildren("At T = 0 there is nothing to divide by; the probabilities are left as they are.");
      return;
    }
    this.fault.replaceChildren(el("b", { text: "✗ Dividing does nothing. " }),
      "p/T and its sum have the same factor 1/T, which cancels: the largest |Δ| to the undivided p, over this whole "
        + "text, is ",
      el("b", { text: figure(divided) }), `. Dividing the logits by ${brief(temperature)} moves them by up to `,
        el("b", { text: figure(meant) }), ".");
  }
}

/** A number of nats for a sentence. @param {number} value */
const nats = (value) => (Number.isFinite(value) ? `${value.toFixed(2)} nats` : "infinite");
