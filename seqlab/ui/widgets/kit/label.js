// The labels of a chart's axes as parts of the page: empty fields over what the canvas shows, for a pointer, the
// keyboard and a finger; the frame says what they mean (frame/words.js).
// @ts-check

import { el } from "./dom.js";

export const LABELLED = "seqlab:labelled"; // an event of the window: a chart has other labels

/** A label and its field in pixels of the canvas.
 * ``upright``: it is read upwards.
 * @typedef {{ text: string, left: number, top: number, width: number, height: number, upright?: boolean }} Field */

/** The fields over one canvas. */
export class AxisLabels {
  /** @param {HTMLCanvasElement} canvas */
  constructor(canvas) {
    this.canvas = canvas;
    /** @type {HTMLElement[]} */
    this.nodes = [];
    this.laid = "";
  }

  /** Lay a field over each label; nothing is touched while they stay where they are. @param {Field[]} fields */
  lay(fields) {
    const { offsetLeft, offsetTop, isConnected } = this.canvas, laid = JSON.stringify([offsetLeft, offsetTop, fields]);
    if (!isConnected || laid === this.laid) return;
    this.laid = laid;
    this.nodes.splice(fields.length).forEach((node) => node.remove());
    fields.forEach(({ text, left, top, width, height, upright }, k) => {
      const node = this.nodes[k] ??= el("span", { class: "axis-label", role: "note" });
      node.dataset.word = text;
      node.classList.toggle("upright", Boolean(upright));
      node.setAttribute("aria-label", text);
      Object.assign(node.style, { left: `${offsetLeft + left}px`, top: `${offsetTop + top}px`, width: `${width}px`,
        height: `${height}px` });
      if (!node.isConnected) this.canvas.after(node);
    });
    window.dispatchEvent(new Event(LABELLED));
  }
}
