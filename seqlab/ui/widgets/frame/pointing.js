// A pointer that the phones see: the teacher's hand over a picture, as a place in an element that all pages have.
// @ts-check

import { el } from "../kit/dom.js";

/** Where somebody points: an element by its name, and the place in it as fractions.
 * @typedef {{ name: string, x: number, y: number }} Spot */

const PACE = 60; // ms between two places
const NAMED = "[class*='st-key-']"; // what Streamlit gives the same name on every page
const mark = el("div", { class: "class-pointer", "aria-hidden": "true" });

/** Sends where the teacher's hand is, while it is switched on. */
export class Pointing {
  /** @param {import("./calls.js").Site} site @param {AbortSignal} signal */
  constructor(site, signal) {
    this.site = site;
    this.on = false;
    document.addEventListener("pointermove", (event) => { if (this.on) this.soon(event); }, { signal });
  }

  turn() {
    this.on = !this.on;
    if (!this.on) this.site.ask("point", { at: null });
  }

  /** @param {PointerEvent} event */
  soon(event) {
    this.last = spotOf(event);
    this.timer ??= setTimeout(async () => {
      if (this.on && this.last) await this.site.ask("point", { at: this.last });
      this.timer = undefined;
    }, PACE);
  }
}

/** The finest part under a hand that has a name: a picture by its place among those of its component.
 * @param {PointerEvent} event @returns {Spot | undefined} */
function spotOf(event) {
  const path = /** @type {Element[]} */ (event.composedPath().filter((node) => node instanceof Element));
  const named = path.find((node) => node.matches(NAMED)), key = nameOf(named);
  if (!named || !key) return undefined;
  const place = pictures(named).findIndex((picture) => path.includes(picture));
  const box = (place < 0 ? named : pictures(named)[place]).getBoundingClientRect();
  return { name: place < 0 ? key : `${key} ${place}`, x: (event.clientX - box.left) / box.width,
    y: (event.clientY - box.top) / box.height };
}

/** @param {Element | null | undefined} node */
const nameOf = (node) => [...node?.classList ?? []].find((name) => name.startsWith("st-key-"));

/** What is drawn inside a named part, a component's own tree among it. @param {Element} named @returns {Element[]} */
function pictures(named) {
  const roots = [named, ...[...named.querySelectorAll("*")].flatMap(({ shadowRoot }) => shadowRoot ?? [])];
  return roots.flatMap((root) => [...root.querySelectorAll("canvas, svg.main-svg")]);
}

/** Show where the teacher points, or nothing. @param {Spot | null | undefined} spot */
export function pointAt(spot) {
  const [key, place] = spot?.name.split(" ") ?? [], named = key && document.getElementsByClassName(key)[0];
  const node = named && (place ? pictures(named)[Number(place)] : named);
  if (!spot || !node) {
    mark.remove();
    return;
  }
  node.scrollIntoView({ block: "nearest" });
  const box = node.getBoundingClientRect();
  mark.style.left = `${box.left + spot.x * box.width}px`;
  mark.style.top = `${box.top + spot.y * box.height}px`;
  if (!mark.isConnected) document.body.append(mark);
}
