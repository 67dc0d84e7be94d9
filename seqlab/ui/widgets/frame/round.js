// A question to the class: for pupils something to tap, for all the bars and the truth once it is out.
// @ts-check

import { el } from "../kit/dom.js";

/** A question as the server tells it. @typedef {{ id: number, text: string, kind: "choice" | "number",
 *   choices: string[], own: string | null, right: boolean | null, bars: [string, number][] | null,
 *   answered: number | null, hides: string, truth: { answer: string, sentence: string } | null }} Round */

/** What a person can do with a question. @typedef {{ answer: (text: string) => void, reveal: () => void,
 *   over: () => void, teaches: boolean, here: number }} Hands */

/** Draw a question. @param {Round} round @param {Hands} hands @returns {HTMLElement} */
export function drawRound(round, hands) {
  const { text, truth, own, bars } = round, node = el("section", { class: "class-round", "aria-label": "Question" });
  node.append(el("p", { class: "class-question", text }));
  if (!hands.teaches && !truth) node.append(own === null ? choices(round, hands.answer) : answered(own));
  if (bars) node.append(chart(round, bars));
  if (truth) node.append(el("p", { class: "class-truth", role: "status" },
    el("strong", { text: truth.answer }), ` ${truth.sentence}${verdict(round)}`));
  if (hands.teaches) node.append(tools(round, hands));
  return node;
}

/** @param {string} own */
const answered = (own) => el("p", { class: "class-own", role: "status" }, "Your answer: ", el("strong", { text: own }),
  ". It counts; wait for the truth.");

/** @param {Round} round */
const verdict = ({ own, right }) => (own === null ? "" : right ? ` You said ${own}: right.` : ` You said ${own}.`);

/** @param {Round} round @param {(text: string) => void} answer */
function choices({ kind, choices }, answer) {
  if (kind === "choice") return el("div", { class: "class-choices" }, ...choices.map((text) =>
    el("button", { type: "button", text, onclick: () => answer(text) })));
  const field = el("input", { inputmode: "decimal", autocomplete: "off", maxlength: "20",
    "aria-label": "Your number" });
  return el("form", { class: "class-choices", onsubmit: (/** @type {Event} */ event) => {
    event.preventDefault();
    answer(field.value);
  } }, field, el("button", { type: "submit", text: "Answer" }));
}

/** One bar for each answer. @param {Round} round @param {[string, number][]} bars */
function chart({ truth, own, answered }, bars) {
  const most = Math.max(1, ...bars.map(([, count]) => count));
  const shown = bars.length > 8 ? bars.filter(([text, count]) => count || text === truth?.answer) : bars;
  return el("dl", { class: "class-bars", "data-answered": answered }, ...shown.flatMap(([text, count]) => {
    const bar = el("span", { class: "class-bar-length" });
    bar.style.width = `${(100 * count) / most}%`;
    const kind = truth?.answer === text ? "truth" : text === own ? "own" : "";
    return [el("dt", { text, "data-kind": kind }),
      el("dd", { "data-kind": kind }, bar, el("span", { text: `${count}${kind === "truth" ? " ✓" : ""}` }))];
  }));
}

/** @param {Round} round @param {Hands} hands */
function tools({ truth, answered }, hands) {
  const said = `${answered} of ${Math.max(hands.here, answered ?? 0)} answered`;
  return el("div", { class: "class-tools" }, el("span", { text: said, role: "status" }),
    ...(truth ? [] : [el("button", { type: "button", class: "first", text: "Reveal", onclick: hands.reveal })]),
    el("button", { type: "button", text: truth ? "Done" : "Take it away", onclick: hands.over }));
}
