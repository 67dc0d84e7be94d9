// What a step of a lesson speaks of: parts of the page by their names, outlined and brought into view while the page
// settles.
// @ts-check

import { calm, el } from "../kit/dom.js";

const AGAIN = 500; // ms between two looks: what a component draws changes nothing that the page sees
const BUSY = "[data-test-script-state='running']";
const PATIENCE = 4000; // ms to wait until the page stands still before it is scrolled
const SETTLES = 3000; // ms in which a part is brought into view again: what stands above it may grow meanwhile
const FULL = 0.5; // of the window: a part that is higher is shown from its head
const AROUND = 5; // pixels between a part and its ring

/** Lays rings over parts, where nothing can clip them; a part may come later, and again. */
export class Looking {
  /** @param {AbortSignal} signal */
  constructor(signal) {
    /** @type {string[]} */
    this.names = [];
    /** @type {HTMLElement[]} */
    this.rings = [];
    this.step = "";
    this.due = false;
    this.since = this.settled = 0;
    for (const event of ["scroll", "resize"])
      addEventListener(event, () => this.place(), { signal, capture: true, passive: true });
    // A hand that scrolls, or does anything else, is left alone.
    for (const event of ["wheel", "touchmove", "pointerdown", "keydown"])
      addEventListener(event, () => { this.due = false; }, { signal, passive: true });
  }

  /** @param {string} step @param {string[]} names */
  take(step, names) {
    if (step === this.step && names.join() === this.names.join()) return;
    Object.assign(this, { step, names, due: names.length > 0, since: Date.now(), settled: 0 });
    clearInterval(this.watch);
    if (names.length) this.watch = setInterval(() => this.look(), AGAIN);
    for (const ring of this.rings) ring.remove();
    this.rings = names.map(() => el("div", { class: "lesson-ring", "aria-hidden": "true" }));
    document.body.append(...this.rings);
    this.look();
  }

  look() {
    this.parts = this.names.map(part);
    this.place();
    const [first] = this.parts.filter(Boolean);
    if (this.due && first && (!document.querySelector(BUSY) || Date.now() - this.since > PATIENCE)) this.reveal(first);
  }

  place() {
    this.rings.forEach((ring, number) => {
      const box = this.parts?.[number]?.getBoundingClientRect(), shown = Boolean(box?.width && box.height);
      ring.hidden = !shown;
      if (box && shown) Object.assign(ring.style, { left: `${box.left - AROUND}px`, top: `${box.top - AROUND}px`,
        width: `${box.width + 2 * AROUND}px`, height: `${box.height + 2 * AROUND}px` });
    });
  }

  /** @param {HTMLElement} node */
  reveal(node) {
    this.settled ||= Date.now() + SETTLES;
    this.due = Date.now() < this.settled;
    node.scrollIntoView({ behavior: calm() ? "auto" : "smooth",
      block: node.getBoundingClientRect().height > FULL * innerHeight ? "start" : "center" });
  }
}

/** The part of a name that can be seen: what Streamlit keeps under a key, or KEY/PART, what a component calls so in it.
 * @param {string} name @returns {HTMLElement | undefined} */
function part(name) {
  const [key, inside] = name.split("/"), keyed = [...document.getElementsByClassName(`st-key-${key}`)];
  const found = inside === undefined ? keyed : keyed.flatMap((node) => [...node.querySelectorAll("*")]).flatMap(
    ({ shadowRoot }) => [...shadowRoot?.querySelectorAll(`[data-look="${CSS.escape(inside)}"]`) ?? []]);
  return /** @type {HTMLElement | undefined} */ (found.find((node) => node.getClientRects().length > 0));
}
