// The number under the pointer, which floats over the pictures.
// @ts-check

import { el } from "./dom.js";

/** A line of text beside the pointer, within its root. */
export class Tip {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    this.node = el("div", { class: "tip", role: "presentation", hidden: "" });
  }

  hide() {
    this.node.hidden = true;
  }

  /** Show texts and elements beside the pointer. @param {(Node | string)[]} parts @param {MouseEvent} event */
  show(parts, event) {
    const { node } = this;
    node.hidden = false;
    node.replaceChildren(...parts);
    const box = this.root.getBoundingClientRect(), x = event.clientX - box.left, y = event.clientY - box.top;
    const left = x + 16 + node.offsetWidth > box.width ? x - 16 - node.offsetWidth : x + 16;
    node.style.transform = `translate(${Math.max(0, left)}px, ${Math.max(0, y - 36)}px)`;
  }
}
