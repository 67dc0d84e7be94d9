// The widths of the columns: equal in all views that are as wide as the page, so that letters stand over their states.
// @ts-check

import { larger, presented } from "../kit/present.js";

/** @typedef {import("./explorer.js").Explorer} Explorer */

const SHORT_COLUMN = 18, THIN_COLUMN = 3;

/** Give every view its columns, and draw. @param {Explorer} view */
export function layout(view) {
  const { root, film: { time } } = view, { width, across } = measured(view);
  if (!width) return;
  const gutter = Math.round(larger() * (width < 560 ? 32 : 52)), narrow = width < 640;
  const beside = presented() !== null && view.panels.size > 1; // the gates stand to the right of h, each for itself
  view.column = Math.max(SHORT_COLUMN, (width - gutter) / time);
  root.style.setProperty("--gutter", `${gutter}px`);
  root.style.setProperty("--column", `${view.column}px`);
  root.style.setProperty("--time", String(time));
  root.classList.toggle("narrow-letters", view.column < 30);
  for (const panel of view.panels.values()) {
    const aligned = panel.wide || (!beside && (narrow || view.panels.size === 2));
    panel.layout(aligned, aligned ? view.column : Math.max(THIN_COLUMN, across / time));
  }
  view.strip.layout(view.column);
  view.draw();
}

/** Width of the letters and of one gate; asked of the browser only when it changed, for asking costs a layout.
 * @param {Explorer} view */
function measured(view) {
  const { theme } = view.root.dataset; // on a projector they stand elsewhere
  if (view.measured?.panels !== view.panels || view.measured.theme !== theme || !view.measured.width) {
    const gate = [...view.panels.values()].find((panel) => !panel.wide);
    view.measured = { panels: view.panels, theme, width: view.main.clientWidth, across: gate?.node.clientWidth ?? 0 };
  }
  return view.measured;
}
