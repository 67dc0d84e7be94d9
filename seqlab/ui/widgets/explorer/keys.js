// What keys do in this part of a page.
// @ts-check

/** @type {import("../kit/keys.js").Keys} */
export const KEYS = [["ArrowLeft ArrowRight", "go through time, and pin the cell"],
  ["ArrowUp ArrowDown", "go through units, or from what is read to what is said"],
  ["Enter", "pins the cell, or lets it go"],
  ["Escape", "lets it go"]];
