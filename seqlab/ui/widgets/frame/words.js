// The sentence of a label where it stands: of an axis, a curve, a column, a number, for a pointer, keys and a finger.
// All sentences come once from the server (seqlab/ui/finding/said.py).
// @ts-check

import { el } from "../kit/dom.js";
import { LABELLED } from "../kit/label.js";
import { coloured, everywhere, seen } from "./everywhere.js";

/** @typedef {import("./calls.js").Site} Site */

const LABELS = ".infolayer text[class*='title']:not(.gtitle), .infolayer .legendtext, .tiles small, th[scope=col], "
  + "thead th:not([scope=row]), td > .over, [data-word]";
const NAMES = "[data-names], [aria-hidden=true], .spoken"; // heads that name things, and what nobody points at
const GROUPS = ".js-plotly-plot, table, .tiles, [data-words]"; // each is one stop for Tab; arrows go on from there
const STYLE = `
  [data-said] { text-decoration: underline dotted color-mix(in srgb, currentcolor 55%, transparent);
    text-underline-offset: 3px; cursor: help; }
  text[data-said] { pointer-events: all; }
  [data-said]:focus-visible { outline: 2px solid light-dark(#2457b8, #86b4ff); outline-offset: 2px; }`;
const PAUSE = 700, EDGE = 8; // ms between two looks into components that change; pixels to the edges of the window
const RESTS = 120; // ms that a pointer rests on a label before it is told

/** What a label speaks of, as seqlab/glossary.py has it. @param {string} label */
export const bare = (label) => label.trim().replace(/(?:\s+[\d.,]+)?(?:\s*[(,:].*)?$/s, "").trim().toLowerCase();

/** Says what labels mean. */
export class Words {
  /** @param {AbortSignal} signal @param {() => Site} site */
  constructor(signal, site) {
    this.site = site;
    this.sheet = new CSSStyleSheet();
    this.sheet.replaceSync(STYLE);
    this.tip = el("div", { class: "said", role: "tooltip", popover: "manual" });
    document.body.append(this.tip);
    this.observer = new MutationObserver(() => this.soon());
    /** @type {WeakSet<Node>} */
    this.watched = new WeakSet();
    document.addEventListener("pointerover", (event) => this.rest(event), { signal });
    document.addEventListener("focusin", (event) => {
      const label = labelAt(event);
      if (label?.matches(":focus-visible")) this.show(label);
    }, { signal });
    document.addEventListener("focusout", () => this.hide(), { signal });
    document.addEventListener("click", (event) => this.pressed(event), { signal });
    document.addEventListener("keydown", (event) => this.keyed(event), { signal, capture: true });
    document.addEventListener("scroll", () => this.scrolled(), { signal, capture: true, passive: true });
    window.addEventListener(LABELLED, () => this.soon(), { signal });
    signal.addEventListener("abort", () => {
      this.observer.disconnect();
      clearTimeout(this.timer);
      clearTimeout(this.resting);
      this.tip.remove();
    });
  }

  /** The sentences come once. */
  async fetch() {
    if (this.asked) return;
    this.asked = true;
    try {
      const answer = await fetch(`${this.site().base}said.json`);
      if (!answer.ok) throw new Error(answer.statusText);
      /** @type {Record<string, string>} */
      this.known = await answer.json();
      this.look();
    } catch {
      this.asked = false; // the server is away, which the page says; the next look asks again
    }
  }

  /** Look into the components once they rest. */
  soon() {
    this.timer ??= setTimeout(() => { this.timer = undefined; this.look(); }, PAUSE);
  }

  /** Give every label that is on the page now its sentence. */
  look() {
    if (!this.known) {
      this.fetch();
      return;
    }
    const groups = new Map();
    for (const label of everywhere(LABELS)) {
      if (label.closest(NAMES)) continue;
      this.watch(label.getRootNode());
      if (!this.say(label)) continue;
      const group = label.closest(GROUPS) ?? label.parentElement;
      groups.set(group, [...groups.get(group) ?? [], label]);
    }
    for (const labels of groups.values()) {
      const stops = labels.filter(seen), first = stops.find(({ tabIndex }) => tabIndex === 0) ?? stops[0];
      for (const label of labels) label.setAttribute("tabindex", label === first ? "0" : "-1");
    }
  }

  /** Read a part of the page that has a style and changes of its own. @param {Node} root */
  watch(root) {
    if (this.watched.has(root)) return;
    this.watched.add(root);
    if (root instanceof ShadowRoot) this.observer.observe(root, { childList: true, subtree: true });
    if (root instanceof ShadowRoot || root instanceof Document) root.adoptedStyleSheets.push(this.sheet);
  }

  /** Keep a label's sentence with it: its own, or that of what it speaks of. @param {HTMLElement} label */
  say(label) {
    const text = label.dataset.word || label.textContent?.trim().replace(/^[↑↓] /, "") || ""; // sorted by it
    const own = [label, ...label.querySelectorAll("[title]")].find((node) => node.getAttribute("title"));
    if (!own && label.dataset.of === text) return Boolean(label.dataset.said);
    label.dataset.of = text;
    const sentence = own?.getAttribute("title") || this.known?.[bare(text)] || "";
    own?.removeAttribute("title"); // the browser would show it beside the tip
    if (sentence) {
      label.dataset.said = sentence;
      label.setAttribute("aria-description", sentence);
    } else for (const name of ["data-said", "aria-description", "tabindex"]) label.removeAttribute(name);
    return Boolean(sentence);
  }

  /** A pointer that stays on a label is told. @param {PointerEvent} event */
  rest(event) {
    clearTimeout(this.resting);
    if (event.pointerType === "touch") return;
    const label = labelAt(event);
    if (label) this.resting = setTimeout(() => this.show(label), RESTS);
    else if (!this.label?.matches(":focus-visible")) this.hide();
  }

  /** A finger taps a label, or elsewhere. @param {Event} event */
  pressed(event) {
    const label = labelAt(event);
    if (label) this.show(label);
    else this.hide();
  }

  /** Esc lets go; arrows go from label to label of a group. @param {KeyboardEvent} event */
  keyed(event) {
    if (event.key === "Escape") this.hide();
    const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key], label = labelAt(event);
    if (!by || !label || event.composedPath()[0] !== label) return;
    const group = label.closest(GROUPS) ?? label.parentElement;
    const labels = /** @type {HTMLElement[]} */ ([...group?.querySelectorAll("[data-said]") ?? []]).filter(seen);
    const next = labels[(labels.indexOf(label) + by + labels.length) % labels.length];
    label.setAttribute("tabindex", "-1");
    next.setAttribute("tabindex", "0");
    next.focus();
    event.preventDefault();
    event.stopPropagation();
  }

  /** A label that holds the focus keeps its sentence: coming to it is what scrolled the page. */
  scrolled() {
    if (this.label?.matches(":focus-visible")) this.place(this.label);
    else this.hide();
  }

  /** @param {HTMLElement} label */
  show(label) {
    const { tip } = this;
    this.label = label;
    tip.textContent = label.dataset.said ?? "";
    coloured(tip);
    tip.showPopover();
    this.place(label);
  }

  /** Above its label, or below where there is no room. @param {HTMLElement} label */
  place(label) {
    const { tip } = this, at = label.getBoundingClientRect();
    const { offsetWidth: width, offsetHeight: height } = tip;
    const left = Math.max(EDGE, Math.min(at.left + at.width / 2 - width / 2, innerWidth - width - EDGE));
    const top = at.top > height + 2 * EDGE ? at.top - height - EDGE : at.bottom + EDGE;
    Object.assign(tip.style, { left: `${left}px`, top: `${top}px` });
  }

  hide() {
    clearTimeout(this.resting);
    this.label = undefined;
    if (this.tip.matches(":popover-open")) this.tip.hidePopover();
  }
}

/** The label that an event met; Plotly lays a field for the pointer over each of its curves' names.
 * @param {Event} event @returns {HTMLElement | null} */
function labelAt(event) {
  const at = event.composedPath()[0];
  if (!(at instanceof Element)) return null;
  const over = at.matches(".legendtoggle") ? at.parentElement?.querySelector(".legendtext") : at;
  return /** @type {HTMLElement | null} */ (over?.closest("[data-said]") ?? null);
}
