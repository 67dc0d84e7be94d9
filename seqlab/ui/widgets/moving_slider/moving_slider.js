// A slider of the page that sends each stop while it is dragged: one message at a time, and always the last stop.
// @ts-check

import { Dial } from "../kit/dial.js";
import { facts, keeper } from "../kit/dom.js";
import { applyTheme } from "../kit/theme.js";
import { declare } from "../kit/keys.js";
import { KEYS } from "./keys.js";
import { Help } from "./help.js";
import { Turns } from "./turns.js";

/** @typedef {import("../kit/dom.js").Send} Send */
/** @typedef {{ label: string, help: string, disabled: boolean, texts: string[], at: number, turn: number }} Slider */

const BUSY = "[data-test-script-state='running']";
const OWN = /^(Arrow|Home|End|Page)/; // keys that move the slider

class MovingSlider {
  /** @param {HTMLElement} root */
  constructor(root) {
    declare(root, "Slider", KEYS);
    this.root = root;
    this.turns = new Turns((turn) => this.tell(turn), () => document.querySelector(BUSY) !== null);
    this.dial = new Dial("", () => this.turns.ask(), () => this.turns.ask());
    this.help = new Help();
    this.dial.range.addEventListener("keydown", (event) => {
      if (OWN.test(event.key) && !event.shiftKey) event.stopPropagation(); // these are no shortcuts of the page here
    });
    root.replaceChildren(this.dial.node, this.help.button, this.help.text);
  }

  /** @param {Slider} data @param {Send} send */
  update({ label, help, disabled, texts, at, turn }, send) {
    const { dial, turns } = this;
    this.send = send ?? this.send;
    turns.answer(turn);
    applyTheme(this.root);
    dial.label = label;
    dial.range.disabled = disabled;
    this.help.say(label, help);
    if (help) dial.range.setAttribute("aria-description", help);
    if (turns.settled) dial.wanted = null; // the page stands where the hand does, or has a reason not to
    dial.load({ stops: texts.map((_, place) => place), texts, at });
    facts(this.root, { at, turn });
  }

  /** @param {number} turn */
  tell(turn) {
    const at = this.dial.stop;
    this.send?.("move", { turn, at, text: this.dial.data.texts[at] });
  }

  destroy() {
    this.turns.stop();
  }
}

export default keeper(MovingSlider, ".moving-slider");
