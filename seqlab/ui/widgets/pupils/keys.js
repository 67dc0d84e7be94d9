// What keys do in this part of a page.
// @ts-check

/** @type {import("../kit/keys.js").Keys} */
export const KEYS = [["ArrowLeft ArrowRight ArrowUp ArrowDown", "go through the cards"]];
