// A text area of the page sends its text as it is typed: after a short pause it is taken as if Ctrl and Enter were
// pressed.
// @ts-check

import { AreaSeeker } from "../kit/area.js";
import { keeper } from "../kit/dom.js";

/** @typedef {HTMLTextAreaElement & { liveArea?: boolean }} CodeArea */

const PAUSE = 30; // ms without a key

class LiveArea extends AreaSeeker {
  update({ field }) {
    this.seek(field, (area) => this.hook(area));
  }

  /** @param {CodeArea} area */
  hook(area) {
    if (area.liveArea) return;
    area.liveArea = true;
    let waiting = 0;
    area.addEventListener("input", (event) => {
      clearTimeout(waiting);
      if (event.isComposing) return;
      waiting = setTimeout(() => area.dispatchEvent(new KeyboardEvent("keydown",
        { key: "Enter", code: "Enter", keyCode: 13, which: 13, ctrlKey: true, bubbles: true, cancelable: true })),
          PAUSE);
    });
  }
}

export default keeper(LiveArea, ".live-area");
