// The buttons that choose a layer.
// @ts-check

import { el } from "../kit/dom.js";
import { layout } from "./columns.js";

/** @typedef {import("./explorer.js").Explorer} Explorer */

/** A button for each layer, none where there is one layer alone. @param {Explorer} view */
export function layerButtons(view) {
  const { layers } = view.film;
  return layers < 2 ? [] : Array.from({ length: layers }, (_, layer) => el("button", { type: "button",
    text: `Layer ${layer}`, "aria-pressed": layer === view.layer, onclick: () => descend(view, layer) }));
}

/** @param {Explorer} view @param {number} layer */
function descend(view, layer) {
  view.layer = layer;
  view.pin = view.hover = null;
  view.unit = null;
  [...view.layers.children].forEach((node, k) => node.setAttribute("aria-pressed", String(k === layer)));
  view.fill();
  layout(view);
}
