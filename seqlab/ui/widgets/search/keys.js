// What keys do in this part of a page.
// @ts-check

/** @type {import("../kit/keys.js").Keys} */
export const KEYS = [["ArrowLeft ArrowRight", "go on by a symbol"],
  ["ArrowUp ArrowDown", "go on by twenty"],
  ["Shift", "held with an arrow, marks a stretch"],
  ["Enter", "searches what is marked"],
  ["Escape", "unmarks it"]];
