// An address that names a part of its page (at=…): the part is unfolded, brought into view, and ringed for a moment.
// @ts-check

import { calm } from "../kit/dom.js";
import { everywhere } from "./everywhere.js";

export const AT = "at";
const PATIENCE = 15_000; // ms to wait for a part that is drawn late
const UNFOLDED = 300, RINGED = 2600; // ms
const FIELD = "input, textarea, [role=combobox], [role=slider], summary";

/** Watches the address for a part to go to. */
export class Arriving {
  /** Look once more; called when the page has changed. */
  look() {
    const query = new URLSearchParams(location.search), name = query.get(AT);
    if (!name) { this.since = undefined; return; }
    this.since ??= Date.now();
    const node = part(name);
    if (node) this.reveal(node);
    else if (Date.now() - this.since < PATIENCE) return;
    query.delete(AT);
    const rest = String(query);
    history.replaceState(history.state, "", `${location.pathname}${rest && `?${rest}`}${location.hash}`);
  }

  /** @param {HTMLElement} node */
  reveal(node) {
    const folds = [...node.querySelectorAll(":scope > details, :scope > * > details")];
    for (let at = node.closest("details"); at; at = at.parentElement?.closest("details") ?? null) folds.push(at);
    for (const fold of folds)
      if (!(/** @type {HTMLDetailsElement} */ (fold).open)) fold.querySelector("summary")?.click();
    node.classList.add("arrived");
    setTimeout(() => { // it is unfolded by then
      node.scrollIntoView({ block: "center", behavior: calm() ? "auto" : "smooth" });
      /** @type {HTMLElement | null} */ (node.querySelector(FIELD))?.focus({ preventScroll: true });
    }, UNFOLDED);
    setTimeout(() => node.classList.remove("arrived"), RINGED);
  }
}

/** The part of a name: what Streamlit keeps under this key, or under one that begins with it. @param {string} name
 * @returns {HTMLElement | undefined} */
function part(name) {
  const key = `st-key-${name.replace(/[^\w-]/g, "-")}`;
  return everywhere(`[class*="${key}"]`).find(({ classList }) =>
    [...classList].some((known) => known === key || known.startsWith(`${key}-`)));
}
