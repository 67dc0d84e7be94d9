// Looking through the page and the trees of its components, and whether somebody writes there.
// @ts-check

import { paletteOf } from "../kit/theme.js";

/** Fields in which somebody writes. */
export const TYPED = "textarea, select, [contenteditable=''], [contenteditable=true], [role=textbox], [role=combobox], "
  + "input:not([type=range], [type=checkbox], [type=radio], [type=button])";

/** Everything in the page's own part that fits a selector, inside of components too. @param {string} selector
 * @returns {HTMLElement[]} */
export function everywhere(selector) {
  const page = document.querySelector(".stMain");
  if (!page) return [];
  const roots = [page, ...[...page.querySelectorAll("*")].flatMap(({ shadowRoot }) => shadowRoot ?? [])];
  return /** @type {HTMLElement[]} */ (roots.flatMap((root) => [...root.querySelectorAll(selector)]));
}

/** Is there something to see of it? @param {Element} node */
export const seen = (node) => node.checkVisibility({ visibilityProperty: true }) && node.getClientRects().length > 0;

/** Does what an event met fit a selector, where it really is? @param {Event} event @param {string} selector */
export function metInside(event, selector) {
  const at = /** @type {Element} */ (event.composedPath()[0]);
  return at instanceof Element && at.matches(selector);
}

/** Does somebody write where a key was pressed? @param {Event} event */
export const writing = (event) => metInside(event, TYPED);

/** Give what stands outside of Streamlit's page its colours. @param {HTMLElement} node */
export function coloured(node) {
  const app = document.querySelector(".stApp") ?? document.body, { surface, text, border, accent } = paletteOf(app);
  Object.entries({ surface, text, border, accent }).forEach(([name, value]) =>
    node.style.setProperty(`--${name}`, value));
  node.style.colorScheme = getComputedStyle(app).colorScheme;
}
