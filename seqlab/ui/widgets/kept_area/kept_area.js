// Keeps what is typed into a text area of the page, and gives it back after a reload.
// @ts-check

import { AreaSeeker } from "../kit/area.js";
import { keeper } from "../kit/dom.js";
import { KeptText } from "../kit/kept.js";

/** @typedef {HTMLTextAreaElement & { keptArea?: KeptArea }} Area */

class KeptArea extends AreaSeeker {
  place = new KeptText();

  /** @param {any} data @param {import("../kit/dom.js").Send} [send] */
  update({ field, ...kept }, send) {
    this.place.take(kept, send);
    this.seek(field, (/** @type {Area} */ area) => {
      const hooked = area.keptArea;
      area.keptArea = this;
      if (!hooked) area.addEventListener("input", () => area.keptArea?.place.write(area.value));
    });
  }
}

export default keeper(KeptArea, ".kept-area");
