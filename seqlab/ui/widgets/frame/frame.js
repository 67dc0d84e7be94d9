// Mends what Streamlit's own parts lack: scrollers that the keyboard reaches, charts that are one stop for Tab, help
// that comes after its field, links that open in a new tab, a word where the server is out of reach, and a projector.
// @ts-check

import { el, keeper } from "../kit/dom.js";
import { fileName, save } from "../kit/export.js";
import { slideSvg } from "../kit/slide.js";
import { paletteOf } from "../kit/theme.js";
import { Arriving } from "./arriving.js";
import { Site } from "./calls.js";
import { Classroom } from "./classroom.js";
import { Connection } from "./connection.js";
import { writing } from "./everywhere.js";
import { Finding } from "./finding.js";
import { helpOf, tabbed } from "./help.js";
import { Lesson } from "./lesson.js";
import { Presenting } from "./present.js";
import { Shortcuts } from "./shortcuts.js";
import { Words } from "./words.js";

const PAUSE = 250; // ms between two looks at a page that changes
const LINKS = "[data-testid='stTopNavLink'], [data-testid='stPopoverBody'] .stPageLink a";
const SCROLLERS = ".stCode pre, [data-testid='stVerticalBlock'][overflow='auto'], .katex-display";

class Frame {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.ends = new AbortController();
    const { signal } = this.ends;
    this.connection = new Connection(signal);
    this.presenting = new Presenting(signal, (wish) => this.send?.("wish", wish));
    this.lesson = new Lesson(signal);
    this.arriving = new Arriving();
    this.finding = new Finding(signal, () => new Site(this.page ?? ""));
    this.shortcuts = new Shortcuts(signal);
    this.words = new Words(signal, () => new Site(this.page ?? ""));
    document.addEventListener("keydown", (event) => this.keyed(event), { signal });
    root.replaceChildren(el("i"));
    this.observer = new MutationObserver(() => this.soon());
    this.observer.observe(document.body, { childList: true, subtree: true });
    document.addEventListener("keydown", tabbed, { signal, capture: true });
    document.addEventListener("keydown", along, { signal });
    for (const kind of ["click", "auxclick"])
      document.addEventListener(kind, elsewhere, { signal, capture: true });
    document.addEventListener("click", pictured, { signal, capture: true });
    addEventListener("resize", () => this.soon(), { signal });
    this.soon();
  }

  destroy() {
    this.classroom?.destroy(); // it watches the address over all else, so it lets go first
    this.ends.abort();
    this.observer.disconnect();
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  /** @param {{ page: string, head: string, class?: import("./classroom.js").Facts,
   *   lesson?: import("./lesson.js").Facts }} data
   * @param {import("../kit/dom.js").Send} [send] */
  update(data, send) {
    this.soon();
    this.send = send;
    this.page = data.page;
    this.lesson.update(data.lesson, data.page);
    this.here = { page: data.page, head: data.head };
    const role = data.class?.role;
    if (role === this.classroom?.role) return;
    this.classroom?.destroy();
    this.classroom = data.class && new Classroom(data.class, (wish) => this.send?.("wish", wish));
  }

  /** Look at the page when there is time for it. */
  soon() {
    this.timer ??= setTimeout(() => { this.timer = undefined; this.look(); }, PAUSE);
  }

  look() {
    mend();
    if (this.here) {
      whereOne(this.here);
      this.words.look(); // it asks the server, whose address is known by the page's
    }
    this.lesson.look();
    this.presenting.look();
    this.finding.look();
    this.arriving.look();
  }

  /** Two keys open a window on every page, unless somebody writes. @param {KeyboardEvent} event */
  keyed(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || writing(event)) return;
    if (event.key === "/") this.finding.open();
    else if (event.key === "?") this.shortcuts.open();
    else return;
    event.preventDefault();
  }
}

/** Mark in the menu, the wide one and the phone's, the page that is open and the head it stands under.
 * @param {{ page: string, head: string }} here */
function whereOne({ page, head }) {
  for (const button of document.querySelectorAll("[data-testid='stTopNavSection']"))
    mark(button, button.querySelector("p")?.textContent === head ? "true" : "");
  for (const link of document.querySelectorAll(LINKS)) {
    const { pathname } = new URL(/** @type {HTMLAnchorElement} */ (link).href);
    mark(link, (pathname.split("/").pop() || "home") === page ? "page" : "");
  }
}

/** @param {Element} node @param {string} current */
function mark(node, current) {
  if ((node.getAttribute("aria-current") ?? "") === current) return;
  if (current) node.setAttribute("aria-current", current);
  else node.removeAttribute("aria-current");
}

/** Give the keyboard what it lacks; nothing is touched twice. */
function mend() {
  for (const node of document.querySelectorAll(SCROLLERS)) reach(/** @type {HTMLElement} */ (node));
  for (const bar of document.querySelectorAll(".modebar-container:not([data-one])")) {
    const buttons = /** @type {NodeListOf<HTMLElement>} */ (
      bar.querySelectorAll("button, [role=button], .modebar-btn"));
    if (!buttons.length) continue;
    /** @type {HTMLElement} */ (bar).dataset.one = "";
    buttons.forEach((button, place) => { button.tabIndex = place ? -1 : 0; });
  }
  for (const help of document.querySelectorAll("label .stTooltipIcon button:not([tabindex='-1'])"))
    if (helpOf.field(help)) /** @type {HTMLElement} */ (help).tabIndex = -1;
}

/** A stop for Tab where something scrolls, and only there. @param {HTMLElement} node */
function reach(node) {
  const scrolls = node.scrollWidth > node.clientWidth + 1 || node.scrollHeight > node.clientHeight + 1;
  if (scrolls === node.hasAttribute("tabindex")) return;
  if (scrolls) node.setAttribute("tabindex", "0");
  else node.removeAttribute("tabindex");
}

/** Arrow keys go through the buttons of a chart. @param {KeyboardEvent} event */
function along(event) {
  const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key], bar = /** @type {Element} */ (event.target)
    .closest?.(".modebar-container");
  if (!by || !bar) return;
  const buttons = /** @type {HTMLElement[]} */ ([...bar.querySelectorAll("button, [role=button], .modebar-btn")]);
  const at = buttons.indexOf(/** @type {HTMLElement} */ (event.target));
  const next = buttons[(at + by + buttons.length) % buttons.length];
  buttons.forEach((button) => { button.tabIndex = button === next ? 0 : -1; });
  next.focus();
  event.preventDefault();
}

/** Streamlit takes every click on a link for its own; with Ctrl, Shift or the middle button it is the browser's.
 * @param {Event} event */
function elsewhere(event) {
  const { ctrlKey, metaKey, shiftKey, button, target } = /** @type {MouseEvent} */ (event);
  if ((ctrlKey || metaKey || shiftKey || button === 1) && /** @type {Element} */ (target).closest?.("a[href]"))
    event.stopPropagation();
}

/** The camera over a chart saves it for a slide, with its settings and its link. @param {Event} event */
function pictured(event) {
  const button = /** @type {Element} */ (event.target).closest?.(".modebar-btn[data-title^='Download plot'], "
    + "[role=button][aria-label^='Download plot'], button[aria-label^='Download plot']");
  const chart = /** @type {HTMLElement | null | undefined} */ (button?.closest(".js-plotly-plot"));
  if (!chart) return;
  event.preventDefault();
  event.stopPropagation();
  const { background, text } = paletteOf(chart);
  const title = chart.querySelector(".gtitle")?.textContent ?? document.title;
  save(new Blob([slideSvg(chart, background, text)], { type: "image/svg+xml" }), fileName(title, "svg"));
}

export default keeper(Frame, ".page-frame");
