// The page's theme: which of the two palettes it wears, and its colours as variables of a component's style.
// @ts-check

import { rgb } from "./colour.js";
import { presented } from "./present.js";

/** Is the page dark? Streamlit's own background decides, so a switch of theme is followed. @param {Element} node */
export function isDark(node) {
  const value = getComputedStyle(node).getPropertyValue("--st-background-color").trim();
  const probe = /^#[0-9a-f]{6}/i.test(value) ? rgb(value.slice(0, 7)) : (value.match(/[\d.]+/g) || []).map(Number);
  if (probe.length < 3) return matchMedia("(prefers-color-scheme: dark)").matches;
  return 0.2126 * probe[0] + 0.7152 * probe[1] + 0.0722 * probe[2] < 128;
}

/** The palette of the page around a node. @param {Element} node @returns {Palette} */
export const paletteOf = (node) => (isDark(node) ? THEME.dark : THEME.light);

/** Give the root the colours of the present theme as CSS variables, and the name of how it is shown: a component that
 * draws by that name draws anew on a projector. @param {HTMLElement} root @returns {Palette} */
export function applyTheme(root) {
  const palette = paletteOf(root), shown = presented() === null ? "" : " presented";
  const name = `${palette === THEME.dark ? "dark" : "light"}${shown}`;
  if (root.dataset.theme !== name) {
    root.dataset.theme = name;
    for (const [key, value] of Object.entries(palette))
      if (typeof value === "string") root.style.setProperty(`--${key}`, value);
    for (const [key, value] of Object.entries(palette.symbols)) root.style.setProperty(`--symbol-${key}`, value);
  }
  return palette;
}
