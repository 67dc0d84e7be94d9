// What keys do in this part of a page.
// @ts-check

/** @type {import("../kit/keys.js").Keys} */
export const KEYS = [["ArrowLeft ArrowRight", "go through time, or through epochs in their list"],
  ["ArrowUp ArrowDown", "go through units, or through epochs"],
  ["Home End", "go to the first and the last epoch"],
  ["Escape", "lets go of what is pinned"]];
