// The proof beside the pictures, for the frame that the explorer of the same channel shows.
// @ts-check

import { announced, heard } from "../kit/channel.js";
import { el, keeper } from "../kit/dom.js";
import { figure, whole } from "../kit/numbers.js";
import { applyTheme } from "../kit/theme.js";

/**
 * How far two programs differ at a step, in each precision; ``rounding`` says why float32 parts, where it is no fault.
 * @typedef {{ step: number | null, float32?: number | null, float64?: number | null, fault: string | null,
 *   rounding?: string | null }} Difference
 */
/**
 * What is proved.
 * @typedef {{ state: string, id?: string, channel?: string, message?: string, frames?: Difference[], numbers?: number,
 *   against?: string, compares?: string, tolerance?: Record<string, number>,
 *   owner?: { largest: number, holds: boolean, says: string } | null,
 *   symbols?: { key: string, name: string, meaning: string }[] }} Proof
 */

const EVERYTHING =
  "The badge compares all quantities of this pass, one by one: states, gates, logits and probabilities.";

class Badge {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    this.icon = el("b", { "aria-hidden": "true" });
    this.text = el("span");
    this.open = el("button", { type: "button", "aria-label": "what is this?", "aria-expanded": "false",
      onclick: () => this.explain() }, el("span", { class: "long", text: "what is this?" }),
      el("span", { class: "short", text: "?" }));
    this.more = el("div", { class: "more", hidden: "" });
    this.pill = el("div", { class: "pill", role: "status" }, this.icon, this.text, this.open);
    root.replaceChildren(this.pill, this.more);
    this.destroy = heard(({ channel }) => channel === this.proof?.channel && this.draw());
  }

  update(proof) {
    this.proof = proof;
    applyTheme(this.root);
    this.draw();
  }

  draw() {
    const now = this.now();
    this.root.dataset.state = now.state;
    this.root.dataset.id = this.proof.id ?? "";
    this.icon.textContent = now.icon;
    if (this.written !== now.text) {
      this.written = now.text;
      this.text.replaceChildren(...(now.spare ? ["Proved: ", el("i", { text: now.spare })] : []), now.text,
        ...(now.cause ? [el("i", { class: "cause", text: now.cause })] : []));
    }
    this.more.replaceChildren(...this.explanation().map((text) => el("p", { text })), this.letters());
  }

  /** What is to be said now: of the picture on the screen, and of no other. */
  now() {
    const { proof } = this, shown = this.shown();
    if (shown?.own) return { state: "browser", icon: "◌", text: shown.own };
    if (proof.state === "unavailable") return { state: "unavailable", icon: "○", text: proof.message || "Not proved." };
    if (shown && shown.step === null) return { state: "pending", icon: "○",
      text: "Nothing is drawn yet, so there is nothing to prove." };
    if (proof.state !== "proved" || !shown || shown.id !== proof.id)
      return { state: "pending", icon: "◌", text: "Proving: torch and NumPy compute this once more …" };
    const frame = proof.frames.find(({ step }) => step === shown.step);
    if (!frame) return { state: "pending", icon: "◌", text: "Proving: torch and NumPy compute this once more …" };
    if (frame.fault) return { state: "wrong", icon: "✗", text: `Differs first at ${frame.fault}` };
    if (frame.rounding) {
      const end = frame.rounding.indexOf(". ") + 1;
      return { state: "rounding", icon: "≈", text: frame.rounding.slice(0, end), cause: frame.rounding.slice(end) };
    }
    const numbers = ["float64", "float32"].filter((kind) => frame[kind] !== null && frame[kind] !== undefined)
      .map((kind) => `${figure(frame[kind])} (${kind})`).join(", ");
    const { owner } = proof;
    if (owner && !owner.holds) return { state: "wrong", icon: "✗", text: `torch and NumPy agree. ${owner.says}` };
    return { state: "proved", icon: "✓",
      spare: "torch and NumPy agree, ", // a narrow badge has no room for it
      text: `largest |Δ| ${numbers} over ${whole(proof.numbers)} numbers`
        + (owner ? ` · your program: ${figure(owner.largest)}` : "") };
  }

  /**
   * What the explorer of the channel shows; a badge without a channel speaks for its one frame.
   * @returns {{ id?: string, step?: number | null, own?: string } | undefined}
   */
  shown() {
    const { proof } = this;
    return proof.channel ? announced(proof.channel) : { id: proof.id, step: proof.frames?.[0]?.step };
  }

  explanation() {
    const { proof } = this, tolerance = proof.tolerance ?? {};
    const limits = Object.entries(tolerance).map(([name, size]) => `${figure(size)} (${name})`).join(", ");
    return [
      "Every number in these pictures was computed by plain NumPy, from formulas you can read. The same weights and "
      + `the same input also ran through ${proof.against || "torch"}, a program that shares no code with it.`,
      `${proof.compares || EVERYTHING} |Δ| is the largest difference.`
      + (limits && ` A number x agrees when |Δ| is at most ${limits}, times 1 + |x|.`),
      ...(proof.frames ?? []).filter(({ step }) => step === this.shown()?.step).flatMap(({ rounding }) => rounding ?
        [`${rounding} That is no fault of either program: both lose as much against their own float64.`] : []),
      ...(proof.owner ? [`${proof.owner.says} Its ids and logits were given by who opened this network.`] : []),
    ];
  }

  /** What the letters over the pictures stand for. */
  letters() {
    const symbols = this.proof.symbols ?? [];
    return el("dl", {}, ...symbols.flatMap(({ key, name, meaning }) => [
      el("dt", {}, el("i", { class: "symbol", style: `color: var(--symbol-${key})`, text: key }), ` ${name}`),
      el("dd", { text: meaning })]));
  }

  explain() {
    this.more.hidden = !this.more.hidden;
    this.open.setAttribute("aria-expanded", String(!this.more.hidden));
  }
}

export default keeper(Badge, ".badge");
