// Taking a chart away: as a picture with its title, or as a sheet of its numbers.
// @ts-check

import { el } from "./dom.js";
import { csv, sheet } from "./reading.js";

const HEAD = 34; // height of the title over the picture

/** @typedef {{ title: string, panels: Chart.Panel[], canvases: HTMLCanvasElement[], palette: Palette }} Shown */

/** A name that any system takes for a file. @param {string} title @param {string} ending */
export function fileName(title, ending) {
  const plain = title.normalize("NFKD").replace(/[^\w\- ]+/g, "").trim().replace(/\s+/g, "-").toLowerCase();
  return `${plain.slice(0, 60) || "chart"}.${ending}`;
}

/** @param {Blob} blob @param {string} name */
function save(blob, name) {
  const link = el("a", { href: URL.createObjectURL(blob), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

/** The canvases of a chart, one below the other, under its title. @param {Shown} shown @returns {HTMLCanvasElement} */
export function picture({ title, canvases, palette }) {
  const ratio = canvases[0].width / canvases[0].clientWidth, head = Math.round(HEAD * ratio);
  const width = Math.max(...canvases.map((canvas) => canvas.width));
  const height = canvases.reduce((sum, canvas) => sum + canvas.height, head);
  const whole = el("canvas", { width, height }), c = /** @type {CanvasRenderingContext2D} */ (whole.getContext("2d"));
  c.fillStyle = palette.background;
  c.fillRect(0, 0, width, height);
  Object.assign(c, { fillStyle: palette.text, font: `600 ${15 * ratio}px ${THEME.font}`, textBaseline: "middle" });
  c.fillText(title, 12 * ratio, head / 2);
  canvases.reduce((top, canvas) => {
    c.drawImage(canvas, 0, top);
    return top + canvas.height;
  }, head);
  return whole;
}

/** Two quiet buttons; what they save is asked for when one is pressed. @param {() => Shown} shown */
export function exporter(shown) {
  const button = (/** @type {string} */ text, /** @type {string} */ label, /** @type {() => void} */ onclick) =>
    el("button", { type: "button", text, title: label, "aria-label": label, onclick });
  return el("div", { class: "export" },
    button("PNG", "Save this chart as a picture", () => {
      const now = shown();
      picture(now).toBlob((blob) => blob && save(blob, fileName(now.title, "png")));
    }),
    button("CSV", "Save the numbers of this chart", () => {
      const now = shown(), text = now.panels.map((panel) => csv(sheet(panel))).join("\r\n");
      save(new Blob([text], { type: "text/csv" }), fileName(now.title, "csv"));
    }));
}
