// The search over everything: "/" or its button opens it; letters, arrows, Enter and Esc do the rest.
// @ts-check

import { el, svg } from "../kit/dom.js";
import { AT } from "./arriving.js";
import { coloured } from "./everywhere.js";
import { cut, ranked } from "./ranking.js";

/** @typedef {import("./ranking.js").Entry} Entry @typedef {import("./calls.js").Site} Site */

const FIRST = "Such as: what is z · where is perplexity · GRU gates";
const NOTHING = "Nothing here is called so; try one word of it.";
const AWAY = "The server does not answer; try again in a moment.";

/** One window for the whole page. */
export class Finding {
  /** @param {AbortSignal} signal @param {() => Site} site */
  constructor(signal, site) {
    this.site = site;
    /** @type {Entry[]} */
    this.shown = [];
    this.at = 0;
    this.button = el("button", { type: "button", class: "finding-button", "aria-label": "Search everything here",
      title: "Search ( / )", onclick: () => this.open() }, svg("svg", { viewBox: "0 0 20 20", width: 20,
      height: 20, "aria-hidden": "true", fill: "none", stroke: "currentColor", "stroke-width": 1.8,
      "stroke-linecap": "round" }, svg("circle", { cx: 8.5, cy: 8.5, r: 5.5 }),
    svg("path", { d: "M12.7 12.7 17 17" })));
    this.field = el("input", { type: "search", role: "combobox", "aria-label": "Search everything here",
      "aria-expanded": "true", "aria-controls": "finding-list", "aria-autocomplete": "list", autocomplete: "off",
      spellcheck: "false", placeholder: "What are you looking for?", oninput: () => this.search(),
      onkeydown: (/** @type {KeyboardEvent} */ event) => this.keyed(event) });
    this.list = el("div", { id: "finding-list", role: "listbox", "aria-label": "Found" });
    this.note = el("p", { role: "status", text: FIRST });
    this.node = el("dialog", { class: "finding", "aria-label": "Search", onclick: (/** @type {MouseEvent} */ event) => {
      if (event.target === this.node) this.node.close(); // the ground around it
    } }, this.field, this.list, this.note);
    document.body.append(this.button, this.node);
    signal.addEventListener("abort", () => { this.button.remove(); this.node.remove(); });
  }

  /** The button in the colours of the page. */
  look() {
    coloured(this.button);
  }

  open() {
    if (this.node.open) return;
    coloured(this.node);
    this.node.showModal();
    this.field.select();
    this.fetch();
  }

  /** The index comes whenever somebody searches, for a lesson may have been added; the browser keeps what is so still.
   */
  async fetch() {
    try {
      const answer = await fetch(`${this.site().base}words.json`);
      if (!answer.ok) throw new Error(answer.statusText);
      this.known = cut(await answer.json());
      this.search();
    } catch {
      if (!this.known) this.note.textContent = AWAY;
    }
  }

  search() {
    const question = this.field.value.trim();
    this.shown = this.known ? ranked(this.known, question) : [];
    this.list.replaceChildren(...this.shown.map((entry, place) => el("a", { role: "option", id: `found-${place}`,
      href: this.link(entry), tabindex: "-1",
      onclick: (/** @type {MouseEvent} */ event) => this.pressed(event, entry) },
    el("small", { text: entry.kind }), el("b", { text: entry.name }), el("span", { text: entry.text }))));
    this.note.textContent = question && this.known && !this.shown.length ? NOTHING : question ? "" : FIRST;
    this.choose(0);
  }

  /** @param {number} place */
  choose(place) {
    this.at = Math.max(0, Math.min(place, this.shown.length - 1));
    [...this.list.children].forEach((node, k) => node.setAttribute("aria-selected", String(k === this.at)));
    const node = this.list.children[this.at];
    if (node) this.field.setAttribute("aria-activedescendant", node.id);
    else this.field.removeAttribute("aria-activedescendant");
    node?.scrollIntoView({ block: "nearest" });
  }

  /** @param {KeyboardEvent} event */
  keyed(event) {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === "Enter") {
      const entry = this.shown[this.at];
      if (entry) this.go(entry);
    } else if (event.key === "Escape") this.node.close(); // a search field would only be emptied
    else if (by) this.choose(this.at + by);
    else return;
    event.preventDefault();
  }

  /** @param {MouseEvent} event @param {Entry} entry */
  pressed(event, entry) {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return; // another tab is the browser's
    event.preventDefault();
    this.go(entry);
  }

  /** What an entry's address says behind its page. @param {Entry} entry */
  query = ({ query = {}, part }) => String(new URLSearchParams({ ...query, ...part ? { [AT]: part } : {} }));

  /** @param {Entry} entry */
  link(entry) {
    const query = this.query(entry);
    return `${this.site().base}${entry.page === "home" ? "" : entry.page}${query && `?${query}`}`;
  }

  /** @param {Entry} entry */
  go(entry) {
    this.node.close();
    this.site().go({ page: entry.page, query: this.query(entry) });
    dispatchEvent(new PopStateEvent("popstate")); // as if somebody had gone there: Streamlit takes it from here
  }
}
