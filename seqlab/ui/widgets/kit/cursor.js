// One time for all pictures of a page: the picture under the hand says it, the others follow.
// @ts-check

const EVENT = "seqlab:time";

/** What a picture hears and says the time with; null: nothing is pointed at. */
export class Cursor {
  /** @param {(t: number | null) => void} follow */
  constructor(follow) {
    /** @type {number | null} */
    this.t = null;
    this.listener = (/** @type {Event} */ event) => {
      const { from, t } = /** @type {CustomEvent} */ (event).detail;
      if (from === this || t === this.t) return;
      this.t = t;
      follow(t);
    };
    window.addEventListener(EVENT, this.listener);
  }

  stop() {
    window.removeEventListener(EVENT, this.listener);
  }

  /** Say where the hand is, to all but the one that said it. @param {number | null} t */
  say(t) {
    if (t === this.t) return;
    this.t = t;
    window.dispatchEvent(new CustomEvent(EVENT, { detail: { from: this, t } }));
  }
}
