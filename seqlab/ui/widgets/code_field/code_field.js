// Makes a text area of the page fit for code: Tab and Enter indent, lines are numbered, one may be marked as wrong, and
// the browser keeps what was written.
// @ts-check

import { AreaSeeker } from "../kit/area.js";
import { keeper } from "../kit/dom.js";
import { KeptText } from "../kit/kept.js";
import { declare } from "../kit/keys.js";
import { larger, sized } from "../kit/present.js";
import { paletteOf } from "../kit/theme.js";
import { KEYS } from "./keys.js";

/** @typedef {HTMLTextAreaElement & { codeField?: CodeField, leaves?: boolean }} CodeArea */

const INDENT = "    ";
const LOOK = { fontFamily: '"SF Mono", "Cascadia Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace',
  paddingLeft: "46px", whiteSpace: "pre", overflowX: "auto", tabSize: "4", backgroundRepeat: "no-repeat",
  backgroundAttachment: "local" };
const SIZES = { desk: [14, 21], phone: [16, 23] }; // pixels of a letter and of a line
// A phone zooms in on a tap where letters are smaller.
const PHONE = "(max-width: 640px)";

class CodeField extends AreaSeeker {
  place = new KeptText();

  /** @param {any} data @param {import("../kit/dom.js").Send} [send] */
  update({ field, wrong, ...kept }, send) {
    this.wrong = wrong;
    this.place.take(kept, send);
    this.seek(field, (area) => {
      this.hook(area);
      // Streamlit puts a text that was loaded into the area after this call.
      for (const wait of [0, 60, 300]) setTimeout(() => this.number(area), wait);
      this.number(area, kept.text.split("\n").length);
    });
  }

  /** @param {CodeArea} area */
  hook(area) {
    const [letter, line] = matchMedia(PHONE).matches ? SIZES.phone : SIZES.desk;
    Object.assign(area.style, { fontSize: `${sized(letter)}px`, lineHeight: `${larger() * line}px` });
    if (area.codeField) { area.codeField = this; return; }
    area.codeField = this;
    Object.assign(area.style, LOOK);
    for (const [name, value] of [["spellcheck", "false"], ["autocapitalize", "off"], ["autocorrect", "off"],
      ["wrap", "off"]])
      area.setAttribute(name, value);
    area.addEventListener("input", () => {
      area.codeField.wrong = null;
      area.codeField.number(area);
      area.codeField.place.write(area.value);
    });
    area.addEventListener("keydown", (event) => typed(area, event));
    declare(area, "Code", KEYS);
  }

  number(area, lines = area.value.split("\n").length) {
    const style = getComputedStyle(area), height = parseFloat(style.lineHeight), top = parseFloat(style.paddingTop);
    const palette = paletteOf(area);
    const all = Math.max(lines, 1), size = Math.ceil(2 * top + all * height);
    const rows = Array.from({ length: all }, (_, k) => `<text x="34" y="${top + (k + 0.68) * height}">${k + 1}</text>`);
    const mark = this.wrong ? `<rect x="0" y="${top + (this.wrong - 1) * height}" width="4000" height="${height}"
      fill="${palette.wrong}" opacity="0.22"/>` : "";
    const image = `<svg xmlns="http://www.w3.org/2000/svg" width="4000" height="${size}">${mark}<g
      fill="${palette.muted}" font-family="monospace" font-size="${sized(12)}"
      text-anchor="end">${rows.join("")}</g></svg>`;
    area.style.backgroundImage = `url("data:image/svg+xml,${encodeURIComponent(image)}")`;
  }
}

/** Tab indents (Shift-Tab takes it back), Enter keeps the indent; after Escape, Tab moves on as everywhere.
 * @param {CodeArea} area @param {KeyboardEvent} event */
function typed(area, event) {
  if (event.key === "Escape") { area.leaves = true; return; }
  if (event.key === "Tab" && !area.leaves) {
    event.preventDefault();
    tab(area, event.shiftKey);
  } else if (event.key === "Enter" && !event.ctrlKey && !event.metaKey && !event.isComposing) {
    event.preventDefault();
    const line = area.value.slice(0, area.selectionStart).split("\n").pop();
    write("\n" + line.match(/^ */)[0] + (/:\s*(#.*)?$/.test(line) ? INDENT : ""));
  }
  area.leaves = false;
}

/** @param {CodeArea} area @param {boolean} back */
function tab(area, back) {
  const { value, selectionStart: start, selectionEnd: end } = area;
  if (!back && !value.slice(start, end).includes("\n")) return write(INDENT);
  const first = value.lastIndexOf("\n", start - 1) + 1, rest = value.indexOf("\n", Math.max(end - 1, start));
  const last = rest < 0 ? value.length : rest, old = value.slice(first, last);
  const block = old.replace(/^(.*)$/gm, (line) => back ? line.replace(/^ {1,4}/, "") : line && INDENT + line);
  area.setSelectionRange(first, last);
  write(block);
  const shift = block.length - old.length;
  if (start === end) area.setSelectionRange(Math.max(first, start + shift), Math.max(first, start + shift));
  else area.setSelectionRange(first, last + shift);
}

/** Type as a hand would, so that undo and Streamlit both notice. @param {string} text */
function write(text) {
  if (text) document.execCommand("insertText", false, text);
  else document.execCommand("delete");
}

export default keeper(CodeField, ".code-field");
