// Taking a chart away: as a picture with its title, or as a sheet of its numbers.
// @ts-check

import { el } from "./dom.js";
import { csv, sheet } from "./reading.js";
import { slideOf } from "./slide.js";
import { snapshotOf } from "./snapshot.js";

/** @typedef {{ title: string, panels: Chart.Panel[], canvases: HTMLCanvasElement[], palette: Palette }} Shown */

/** A name that any system takes for a file. @param {string} title @param {string} ending */
export function fileName(title, ending) {
  const plain = title.normalize("NFKD").replace(/[^\w\- ]+/g, "").trim().replace(/\s+/g, "-").toLowerCase();
  return `${plain.slice(0, 60) || "chart"}.${ending}`;
}

/** Save a file. @param {Blob} blob @param {string} name */
export function save(blob, name) {
  const link = el("a", { href: URL.createObjectURL(blob), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

/** Two quiet buttons, or without ``numbers`` one; what they save is asked for when one is pressed.
 * @param {() => Shown | Promise<Shown>} shown */
export function exporter(shown, numbers = true) {
  const button = (/** @type {string} */ text, /** @type {string} */ label,
    /** @type {() => Promise<void>} */ onclick) =>
    el("button", { type: "button", text, title: label, "aria-label": `${text}: ${label}`, onclick });
  return el("div", { class: "export" },
    button("PNG", "Save this as a picture for a slide", async () => {
      const now = await shown();
      slideOf(now).toBlob((blob) => blob && save(blob, fileName(now.title, "png")));
    }),
    ...(numbers ? [button("CSV", "Save the numbers of this chart", async () => {
      const now = await shown(), text = now.panels.map((panel) => csv(sheet(panel))).join("\r\n");
      save(new Blob([text], { type: "text/csv" }), fileName(now.title, "csv"));
    })] : []));
}

/** The button for a part that is words and elements, as it stands.
 * @param {HTMLElement} node @param {() => string} title @param {() => Palette} palette */
export function pictured(node, title, palette) {
  node.classList.add("takeable");
  node.append(exporter(async () => ({ title: title(), panels: [], palette: palette(),
    canvases: [await snapshotOf(node)] }), false));
}
