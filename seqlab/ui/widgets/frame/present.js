// A page on a projector: one key makes all type large, others play, choose views and turn black on white around.
// @ts-check

import { el } from "../kit/dom.js";
import { INVERTED, PRESENT, PRESENTED, presented, said, saying } from "../kit/present.js";
import { everywhere, metInside, seen, writing } from "./everywhere.js";
import { addressed } from "./leading.js";

export const SWITCH = "seqlab:present"; // an event of the window: somebody presses what the key does
export const LESSON = "seqlab:lesson"; // another one: the lesson beside the page is folded, or no longer
export const PRESSED = "button, a, summary, [role=button], [role=radio], [role=checkbox], [role=tab], [role=option]";
const ROWS = ".stButtonGroup, [role=tablist]", VIEWS = "button:not(.stTooltipIcon *), [role=tab]";
const ASKED = ".st-key-asked"; // the fields that stay above the pictures
const FADES = 4000; // ms after which the line of keys is quiet

/** What a key does here; null: nothing. ``typing`` and ``pressing``: a field or a button would take it.
 * @param {{ key: string, ctrlKey?: boolean, metaKey?: boolean, altKey?: boolean }} event
 * @param {{ on: boolean, typing: boolean, pressing: boolean }} now @returns {string | null} */
export function doing({ key, ctrlKey, metaKey, altKey }, { on, typing, pressing }) {
  if (typing || ctrlKey || metaKey || altKey) return null;
  if (key === "p") return "switch";
  if (!on) return null;
  if (key === "b") return "invert";
  if (key === " ") return pressing ? null : "play";
  return /^[1-9]$/.test(key) ? key : null;
}

/** Presents the page, or no longer. */
export class Presenting {
  /** @param {AbortSignal} signal @param {(wish: string) => void} wish asks the server's script for larger charts */
  constructor(signal, wish) {
    this.wish = wish;
    /** @type {string | null} */
    this.how = presented();
    this.line = el("div", { class: "present-line", role: "group", "aria-label": "Keys of the projector" });
    document.addEventListener("keydown", (event) => this.keyed(event), { signal });
    window.addEventListener(SWITCH, () => this.turn(this.how === null ? "" : null), { signal });
    addEventListener("pointermove", () => this.wake(), { signal });
    addressed(() => this.write(), signal);
    signal.addEventListener("abort", () => { this.line.remove(); clearTimeout(this.later); });
    this.show(this.how);
  }

  /** @param {KeyboardEvent} event */
  keyed(event) {
    const does = doing(event, { on: this.how !== null, typing: writing(event),
      pressing: metInside(event, PRESSED) && metInside(event, ":focus-visible") });
    if (!does) return;
    if (does === "switch") this.turn(this.how === null ? "" : null);
    else if (does === "invert") this.turn(this.how === INVERTED ? "" : INVERTED);
    else if (does === "play" ? !play() : !choose(Number(does))) return;
    event.preventDefault();
  }

  /** A person presents the page in some way, or ends it (null). @param {string | null} how */
  turn(how) {
    const before = this.how;
    this.show(how);
    if ((before === null) === (how === null)) return;
    window.dispatchEvent(new Event(PRESENTED));
    this.wish(how === null ? "plain" : "present");
  }

  /** @param {string | null} how */
  show(how) {
    this.how = how;
    if (how === null) delete document.documentElement.dataset[PRESENT];
    else document.documentElement.dataset[PRESENT] = how;
    this.write();
    this.look();
    this.wake();
  }

  /** Say in the address what is so; a page that is opened from another one begins without it. */
  write() {
    const query = saying(location.search.slice(1), this.how);
    if (said(location.search) !== this.how)
      history.replaceState(history.state, "", `${location.pathname}${query && `?${query}`}${location.hash}`);
  }

  /** The page has changed: number its views, keep room for what stays above, and list the keys that do something. */
  look() {
    const on = this.how !== null, row = on ? rowOfViews() : undefined;
    for (const old of document.querySelectorAll("[data-views]")) if (old !== row) old.removeAttribute("data-views");
    row?.setAttribute("data-views", "");
    if (!on) return this.line.remove();
    const above = document.querySelector(ASKED)?.getBoundingClientRect().height ?? 0;
    document.documentElement.style.setProperty("--present-top", `${Math.round(above)}px`);
    const views = row?.querySelectorAll(VIEWS).length ?? 0, lesson = document.body.dataset.lesson ?? "";
    const keys = `${Boolean(player())} ${views} ${this.how} ${lesson}`;
    if (keys !== this.keys || !this.line.isConnected) this.list(keys, views);
  }

  /** @param {string} keys what the line says @param {number} views */
  list(keys, views) {
    this.keys = keys;
    const press = (/** @type {string} */ key, /** @type {string} */ text, /** @type {() => void} */ onclick) =>
      el("button", { type: "button", tabindex: "-1", onclick }, el("kbd", { text: key }), ` ${text}`);
    this.line.replaceChildren(...player() ? [press("space", "plays", play)] : [],
      ...views ? [el("span", {}, el("kbd", { text: views > 1 ? `1–${Math.min(9, views)}` : "1" }), " views")] : [],
      ...document.body.dataset.lesson ? [press("l", "lesson", () => dispatchEvent(new Event(LESSON)))] : [],
      press("b", this.how === INVERTED ? "colours as before" : "swaps black and white", () =>
        this.turn(this.how === INVERTED ? "" : INVERTED)),
      press("p", "ends", () => this.turn(null)));
    const app = document.querySelector(".stApp"); // the line stands outside of what Streamlit colours
    if (app) this.line.style.colorScheme = getComputedStyle(app).colorScheme;
    document.body.append(this.line);
  }

  /** Keys are listed while a hand moves, and quiet after. */
  wake() {
    if (!this.line.isConnected) return;
    clearTimeout(this.later);
    this.line.classList.remove("quiet");
    this.later = setTimeout(() => this.line.classList.add("quiet"), FADES);
  }
}

/** The button that plays the first picture on the page. */
const player = () => everywhere("button.play:not(:disabled)").find(seen);

/** The first row of choices on the page; number keys go through it. */
const rowOfViews = () => [...document.querySelectorAll(ROWS)].find((row) => row.closest(".stMain") && seen(row));

/** Play, or pause; false where nothing plays. */
function play() {
  const button = player();
  button?.click();
  return Boolean(button);
}

/** Choose a view by its number; false where there is none. @param {number} number */
function choose(number) {
  const row = rowOfViews(), view = /** @type {HTMLElement | undefined} */ (row?.querySelectorAll(VIEWS)[number - 1]);
  view?.click();
  row?.scrollIntoView({ block: "nearest" });
  return Boolean(view);
}
