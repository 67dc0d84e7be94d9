// "?" lists the keys of this page: those of every page, and what each part that stands on it says of its own.
// @ts-check

import { el } from "../kit/dom.js";
import { shown } from "../kit/keys.js";
import { coloured, everywhere, seen } from "./everywhere.js";
import { CHART_KEYS, LESSON_KEYS, PAGE_KEYS, PROJECTOR_KEYS } from "./keys.js";

/** @typedef {{ name: string, keys: import("../kit/keys.js").Keys }} Part */

/** The keys of parts, each part and each line of it once. @param {Part[]} parts @returns {Part[]} */
export function merged(parts) {
  const byName = new Map();
  for (const { name, keys } of parts)
    byName.set(name, new Map([...byName.get(name) ?? [], ...keys]));
  return [...byName].map(([name, keys]) => ({ name, keys: [...keys] }));
}

/** The window with the keys. */
export class Shortcuts {
  /** @param {AbortSignal} signal */
  constructor(signal) {
    this.node = el("dialog", { class: "shortcuts", "aria-label": "Keys of this page", onclick: (event) => {
      if (event.target === this.node) this.node.close();
    } });
    document.body.append(this.node);
    signal.addEventListener("abort", () => this.node.remove());
  }

  open() {
    if (this.node.open) return;
    this.node.replaceChildren(
      el("header", {}, el("h2", { text: "Keys of this page" }),
        el("button", { type: "button", "aria-label": "Close", text: "✕", onclick: () => this.node.close() })),
      ...parts().map(({ name, keys }) => el("section", {}, el("h3", { text: name }), el("dl", {},
        ...keys.flatMap(([key, does]) => [el("dt", {}, ...key.split(/(?<=.) /).flatMap((one) => [el("kbd",
          { text: shown(one) }), " "])), el("dd", { text: does })])))));
    coloured(this.node);
    this.node.showModal();
  }
}

/** What stands on the page now, with its keys. @returns {Part[]} */
function parts() {
  const declared = everywhere("[data-keys]").filter(seen).map(({ dataset }) => JSON.parse(dataset.keys ?? "{}"));
  const buttons = everywhere(".stButton button:has(kbd)").filter(seen).map((button) => {
    const key = button.querySelector("kbd")?.textContent?.trim() ?? "";
    return /** @type {[string, string]} */ ([key, button.querySelector("p")?.textContent ?? "presses it"]);
  });
  return merged([{ name: "Every page", keys: PAGE_KEYS }, ...declared,
    ...buttons.length ? [{ name: "Buttons", keys: buttons }] : [],
    ...everywhere(".modebar-container").some(seen) ? [{ name: "Chart", keys: CHART_KEYS }] : [],
    ...new URLSearchParams(location.search).has("lesson") ? [{ name: "Lesson", keys: LESSON_KEYS }] : [],
    { name: "On a projector", keys: PROJECTOR_KEYS }]);
}
