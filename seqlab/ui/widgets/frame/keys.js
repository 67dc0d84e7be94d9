// The keys of every page; those of a projector do something while it is on.
// @ts-check

/** @type {import("../kit/keys.js").Keys} */
export const PAGE_KEYS = [["/", "searches everything here"], ["?", "shows these keys"],
  ["p", "presents the page, or ends it"], ["Tab", "goes from field to field, and to a field's help after it"],
  ["Escape", "closes what is open"]];

/** @type {import("../kit/keys.js").Keys} */
export const PROJECTOR_KEYS = [[" ", "plays the picture, or stops it"], ["1–9", "choose a view"],
  ["b", "swaps black and white"]];

/** @type {import("../kit/keys.js").Keys} */
export const CHART_KEYS = [["ArrowLeft ArrowRight", "go through a chart's tools"]];

/** @type {import("../kit/keys.js").Keys} */
export const SEARCH_KEYS = [["ArrowUp ArrowDown", "go through what was found"], ["Enter", "opens it"]];

/** @type {import("../kit/keys.js").Keys} */
export const LESSON_KEYS = [["l", "folds the lesson, or opens it"]];
