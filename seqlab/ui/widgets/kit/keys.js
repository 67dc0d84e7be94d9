// What keys do in a part of a page: the part says so itself, and the frame lists it when somebody asks with "?".
// @ts-check

/** Keys, such as ``ArrowLeft ArrowRight`` or ``Enter``, and what they do. @typedef {[string, string][]} Keys */

const SHOWN = { ArrowLeft: "←", ArrowRight: "→", ArrowUp: "↑", ArrowDown: "↓", Escape: "Esc", " ": "space",
  PageUp: "Page ↑", PageDown: "Page ↓" };

/** Say which keys do something in a part. @param {HTMLElement} node @param {string} name what the part is called
 * @param {Keys} keys */
export function declare(node, name, keys) {
  node.dataset.keys = JSON.stringify({ name, keys });
}

/** A key as it is written on a keyboard. @param {string} key @returns {string} */
export const shown = (key) => /** @type {Record<string, string>} */ (SHOWN)[key] ?? key;
