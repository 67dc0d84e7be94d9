// What keys do in this part of a page.
// @ts-check

/** @type {import("../kit/keys.js").Keys} */
export const KEYS = [["ArrowLeft ArrowRight ArrowUp ArrowDown", "go on by a symbol"],
  ["PageUp PageDown", "go on by twenty"]];
