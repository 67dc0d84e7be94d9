// What keys do in this part of a page.
// @ts-check

/** @type {import("../kit/keys.js").Keys} */
export const KEYS = [["ArrowLeft ArrowRight", "choose a key, or in the row of tokens a query"],
  ["ArrowUp ArrowDown", "choose a query"],
  ["Escape", "lets go of the key"]];
