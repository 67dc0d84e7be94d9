// The help of a field: a button behind it, and a text that is shown while it is pointed at, focused or tapped.
// @ts-check

import { el } from "../kit/dom.js";

const EDGE = 8; // px to the edge of the window

/** The button and the text, which float over what else is there. */
export class Help {
  help = "";

  constructor() {
    this.text = el("div", { class: "help-text", popover: "manual" });
    this.button = el("button", { type: "button", class: "help", onpointerenter: () => this.show(),
      onpointerleave: () => this.hide(), onfocus: () => this.show(), onblur: () => this.hide(),
      onclick: () => this.show(), onkeydown: (/** @type {KeyboardEvent} */ event) => {
        if (event.key === "Escape") this.hide();
      } }, el("span", { class: "sign", text: "?" }));
  }

  /** @param {string} label @param {string} help */
  say(label, help) {
    this.help = help;
    this.button.hidden = !help;
    this.button.setAttribute("aria-label", `Help for ${label}`);
  }

  show() {
    if (!this.text.isConnected || this.text.matches(":popover-open")) return;
    this.text.textContent = this.help;
    this.text.showPopover?.();
    const at = this.button.getBoundingClientRect(), { offsetWidth: width, offsetHeight: height } = this.text;
    const left = Math.max(EDGE, Math.min(at.left, innerWidth - width - EDGE));
    const top = at.top > height + 2 * EDGE ? at.top - height - EDGE : at.bottom + EDGE;
    Object.assign(this.text.style, { left: `${left}px`, top: `${top}px` });
  }

  hide() {
    if (this.text.isConnected && this.text.matches(":popover-open")) this.text.hidePopover();
    this.text.textContent = "";
  }
}
