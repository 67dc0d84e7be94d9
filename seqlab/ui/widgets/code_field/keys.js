// What keys do in this part of a page.
// @ts-check

/** @type {import("../kit/keys.js").Keys} */
export const KEYS = [["Tab", "indents the lines"],
  ["Shift", "held with Tab, takes an indent back"],
  ["Enter", "begins a line as far in as the one above"],
  ["Escape", "lets Tab go on to the next field"]];
