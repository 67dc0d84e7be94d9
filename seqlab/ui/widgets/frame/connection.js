// Says in one sentence that the server cannot be reached, and that the page goes on by itself.
// @ts-check

import { el } from "../kit/dom.js";
import { paletteOf } from "../kit/theme.js";

const GRACE = 700; // ms: a short break is not worth a word
const SENTENCE = "The server of seqlab does not answer. What stands here stays; this page goes on by itself as soon as "
  + "it answers again.";
const STATE = "data-test-connection-state";

/** Watches what Streamlit says of its connection. */
export class Connection {
  /** @param {AbortSignal} signal */
  constructor(signal) {
    this.note = el("div", { role: "alert", class: "connection-lost", text: SENTENCE });
    this.observer = new MutationObserver(() => this.look());
    const app = document.querySelector(`[${STATE}]`);
    if (app) this.observer.observe(app, { attributes: true, attributeFilter: [STATE] });
    signal.addEventListener("abort", () => { this.observer.disconnect(); this.back(); });
    this.look();
  }

  look() {
    const state = document.querySelector(`[${STATE}]`)?.getAttribute(STATE);
    if (!state || state === "CONNECTED") this.back();
    else this.timer ??= setTimeout(() => this.lost(), GRACE);
  }

  lost() {
    const { surface, text, wrong } = paletteOf(document.querySelector(".stApp") ?? document.body);
    Object.assign(this.note.style, { background: surface, color: text, borderColor: wrong });
    document.body.append(this.note);
    document.body.dataset.connection = "lost"; // frame.css hides the window about the internet
  }

  back() {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.note.remove();
    delete document.body.dataset.connection;
  }
}
