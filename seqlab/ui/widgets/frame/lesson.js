// A lesson beside the page: its links lead the page on, what a step speaks of is outlined, and its panel folds.
// @ts-check

import { Site, same } from "./calls.js";
import { Follower } from "./leading.js";
import { Looking } from "./looking.js";
import { TYPED } from "./everywhere.js";
import { LESSON } from "./present.js";

/** The step that is open, and the names of what it speaks of. @typedef {{ at: string, look: string[] }} Facts */

const PANEL = ".st-key-lesson", FOLDED = "seqlab-lesson-folded"; // in the tab's own memory
const LINK = "a.lesson-go, .st-key-lesson-words a[href^='/']", FOLD = "button.lesson-fold", TITLE = ".lesson-title";
const VERDICT = ".st-key-lesson-verdict"; // what stands in it anew is read aloud

/** The lesson as the browser sees it; which step is open, the server knows. */
export class Lesson {
  /** @param {AbortSignal} signal */
  constructor(signal) {
    this.looking = new Looking(signal);
    document.addEventListener("click", (event) => this.clicked(event), { signal, capture: true });
    document.addEventListener("keydown", (event) => this.keyed(event), { signal });
    addEventListener(LESSON, () => this.fold(), { signal });
    signal.addEventListener("abort", () => { this.follower?.stop(); this.update(undefined, ""); });
  }

  get folded() {
    return sessionStorage.getItem(FOLDED) === "1";
  }

  /** @param {Facts | undefined} facts @param {string} page the one that is open now */
  update(facts, page) {
    this.page = page;
    if (facts?.at !== this.facts?.at) this.due = facts?.at;
    this.facts = facts;
    this.looking.take(facts?.at ?? "", facts?.look ?? []);
    this.show();
  }

  /** The page has changed: what is new of the panel learns what it is, and a new step has the keyboard. */
  look() {
    this.looking.look();
    this.show();
    const panel = document.querySelector(PANEL), title = /** @type {HTMLElement | null | undefined} */ (
      panel?.querySelector(TITLE));
    if (!panel || !title) return;
    panel.setAttribute("role", "complementary");
    panel.setAttribute("aria-label", "Lesson");
    panel.querySelector(VERDICT)?.setAttribute("role", "status"); // it is there before it says anything
    if (!this.due || title.dataset.at !== this.due || this.folded) return;
    this.due = undefined;
    panel.scrollTo(0, 0);
    const { activeElement } = document;
    if (panel.contains(activeElement) || !activeElement?.matches(TYPED)) title.focus({ preventScroll: true });
  }

  show() {
    const { folded, facts } = this;
    if (facts) document.body.dataset.lesson = folded ? "folded" : "open";
    else delete document.body.dataset.lesson;
    for (const button of document.querySelectorAll(FOLD)) {
      button.setAttribute("aria-expanded", String(!folded));
      button.setAttribute("title", `${folded ? "Unfold" : "Fold"} the lesson (key l)`);
    }
  }

  fold() {
    sessionStorage.setItem(FOLDED, this.folded ? "" : "1");
    this.show();
  }

  /** @param {MouseEvent} event */
  clicked(event) {
    const at = /** @type {Element} */ (event.target), link = at.closest?.(LINK);
    if (at.closest?.(FOLD)) this.fold();
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    event.stopPropagation();
    const site = new Site(this.page ?? ""), to = this.placeOf(/** @type {HTMLAnchorElement} */ (link));
    this.follower?.stop();
    this.follower = new Follower(site);
    // A step is a place of its own for the browser's Back, also where the page stays the same.
    if (to.page === site.here().page && !same(to, site.here())) history.pushState(history.state, "", location.href);
    this.follower.go(to);
  }

  /** Where a link leads: one in the words of a step stays in it, and a step may leave the page as it is.
   * @param {HTMLAnchorElement} link @returns {import("./calls.js").Place} */
  placeOf({ href, dataset: { stay }, classList }) {
    const here = new Site(this.page ?? "").here(), url = new URL(href);
    const query = new URLSearchParams(stay ? here.query : url.search);
    if (stay || !classList.contains("lesson-go")) query.set("lesson", stay || (this.facts?.at ?? ""));
    return { page: stay ? here.page : url.pathname.replace(/.*\//, "") || "home", query: query.toString() };
  }

  /** One key folds the panel, where nobody writes. @param {KeyboardEvent} event */
  keyed(event) {
    const at = event.composedPath()[0];
    if (event.key !== "l" || event.ctrlKey || event.metaKey || event.altKey || !this.facts) return;
    if (!(at instanceof Element && at.matches(TYPED))) this.fold();
  }
}
