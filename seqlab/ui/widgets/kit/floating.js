// The number under the pointer, which floats over the pictures.
// @ts-check

import { el } from "./dom.js";

export class Tip {
  constructor(root) {
    this.root = root;
    this.tip = el("div", { class: "tip", role: "presentation", hidden: "" });
  }

  /** Show lines of text and elements beside the pointer; nothing hides it. */
  show(html, event) {
    this.tip.hidden = !html;
    if (!html) return;
    this.tip.replaceChildren(...html);
    const box = this.root.getBoundingClientRect(), x = event.clientX - box.left, y = event.clientY - box.top;
    const left = x + 16 + this.tip.offsetWidth > box.width ? x - 16 - this.tip.offsetWidth : x + 16;
    this.tip.style.transform = `translate(${Math.max(0, left)}px, ${Math.max(0, y - 36)}px)`;
  }
}
