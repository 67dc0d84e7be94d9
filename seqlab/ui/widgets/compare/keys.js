// What keys do in this part of a page.
// @ts-check

/** @type {import("../kit/keys.js").Keys} */
export const KEYS = [["ArrowLeft ArrowRight", "go through time"],
  ["ArrowUp ArrowDown", "go through units"],
  ["Escape", "lets go"]];
