// What keys do in this part of a page.
// @ts-check

/** @type {import("../kit/keys.js").Keys} */
export const KEYS = [["ArrowLeft ArrowRight", "go on by a character"],
  ["ArrowUp ArrowDown", "go on by a line"],
  ["Home End", "go to its ends"]];
