// What keys do in this part of a page.
// @ts-check

/** @type {import("../kit/keys.js").Keys} */
export const KEYS = [["ArrowLeft ArrowRight ArrowUp ArrowDown", "move it by one"],
  ["Home End", "go to its ends"],
  ["PageUp PageDown", "move it further"],
  ["Escape", "closes its help"]];
