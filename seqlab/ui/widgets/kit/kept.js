// What a person writes in a field, kept by the browser over a reload of the page.
// @ts-check

import { keep, kept } from "./store.js";

/** A field's text as Python has it: ``given`` is what stands there where nobody wrote; ``fresh``: nobody has written
 * since the page was loaded. @typedef {{ store: string, text: string, given: string, fresh: boolean }} Field */

/** The place of one field's text. */
export class KeptText {
  /** Take what Python says of the field: give back what was kept, or keep what was changed there.
   * @param {Field} field @param {import("./dom.js").Send} [send] */
  take({ store, text, given, fresh }, send) {
    const before = fresh && store ? kept(store) : null;
    this.store = store;
    this.given = given;
    if (before !== null && before !== given) send?.("restore", before);
    else if (!fresh && text !== this.text) this.write(text);
    this.text = text;
  }

  /** Keep a text; one that is given anyway is not worth a place. @param {string} text */
  write(text) {
    if (this.store) keep(this.store, text === this.given ? null : text);
  }
}
