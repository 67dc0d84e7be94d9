// The widths of the columns: equal in all views that are as wide as the page, so that letters stand over their states.
// @ts-check

/** @typedef {import("./explorer.js").Explorer} Explorer */

const SHORT_COLUMN = 18, THIN_COLUMN = 3;

/** Give every view its columns, and draw. @param {Explorer} view */
export function layout(view) {
  const { root, film: { time } } = view, { width, across } = measured(view);
  if (!width) return;
  const gutter = width < 560 ? 32 : 52, narrow = width < 640;
  view.column = Math.max(SHORT_COLUMN, (width - gutter) / time);
  root.style.setProperty("--gutter", `${gutter}px`);
  root.style.setProperty("--column", `${view.column}px`);
  root.style.setProperty("--time", String(time));
  root.classList.toggle("narrow-letters", view.column < 30);
  for (const panel of view.panels.values()) {
    const aligned = panel.wide || narrow || view.panels.size === 2;
    panel.layout(aligned, aligned ? view.column : Math.max(THIN_COLUMN, across / time));
  }
  view.strip.layout(view.column);
  view.draw();
}

/** Width of the page and of one gate; asked of the browser only when it changed, for asking costs a layout.
 * @param {Explorer} view */
function measured(view) {
  if (view.measured?.panels !== view.panels || !view.measured.width) {
    const gate = [...view.panels.values()].find((panel) => !panel.wide);
    view.measured = { panels: view.panels, width: view.root.clientWidth, across: gate?.node.clientWidth ?? 0 };
  }
  return view.measured;
}
