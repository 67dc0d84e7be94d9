// The teacher's page leads: each change of its address goes to the class; a pupil's page goes where it leads.
// @ts-check

import { lead, onlyHere } from "../kit/address.js";
import { same } from "./calls.js";

/** @typedef {import("./calls.js").Site} Site @typedef {import("./calls.js").Place} Place */

const REST = 40; // ms: what changes together goes together
/** The page that the class does not see. */
export const TEACHERS = "classroom";
const BUSY = "[data-test-script-state='running']";
const PATIENCE = 3000; // ms to wait for a page that is still at work on the move before

/** Call a function at every change of the address. @param {() => void} then @param {AbortSignal} signal */
export function addressed(then, signal) {
  for (const name of /** @type {const} */ (["pushState", "replaceState"])) {
    const usual = history[name];
    /** @type {typeof usual} */
    const watched = function (...given) { usual.apply(history, given); then(); };
    history[name] = watched;
    signal.addEventListener("abort", () => { if (history[name] === watched) history[name] = usual; });
  }
  addEventListener("popstate", then, { signal });
}

/** Sends where this page is, the newest place alone, and never two at once. */
export class Sender {
  /** @param {Site} site @param {string} call @param {number} [rest] */
  constructor(site, call, rest = REST) {
    this.site = site;
    this.call = call;
    this.rest = rest;
    /** @type {Place | null | undefined} */
    this.sent = undefined;
  }

  soon() {
    this.timer ??= setTimeout(() => { this.timer = undefined; this.send(); }, this.rest);
  }

  async send() {
    const at = this.site.here();
    if (this.stopped || at.page === TEACHERS || same(at, this.sent)) return;
    if (this.sending) { this.soon(); return; }
    this.sending = true;
    const fault = await this.site.ask(this.call, { at });
    this.sending = false;
    this.sent = fault ? undefined : at;
    if (!fault && !same(at, this.site.here())) this.soon();
  }

  stop() {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.stopped = true;
  }
}

/** Brings a pupil's page to where the teacher is. */
export class Follower {
  /** @param {Site} site */
  constructor(site) {
    this.site = site;
    /** @type {Place | null} */
    this.due = null;
  }

  /** @param {Place} place */
  go(place) {
    this.due = place;
    this.since = Date.now();
    this.step();
  }

  step() {
    clearTimeout(this.timer);
    const here = this.site.here(), { due } = this;
    if (!due || same(here, due)) return;
    if (here.page === due.page && onlyHere(changes(here.query, due.query))) {
      this.site.go(due);
      lead();
    } else if (document.querySelector(BUSY) && Date.now() - (this.since ?? 0) < PATIENCE) {
      this.timer = setTimeout(() => this.step(), REST);
    } else {
      this.site.go(due);
      lead();
      dispatchEvent(new PopStateEvent("popstate")); // as if somebody had gone back there: Streamlit takes it from here
    }
  }

  stop() {
    clearTimeout(this.timer);
    this.due = null;
  }
}

/** The names under which two queries say something else. @param {string} one @param {string} other */
function changes(one, other) {
  const [a, b] = [new URLSearchParams(one), new URLSearchParams(other)];
  return [...new Set([...a.keys(), ...b.keys()])].filter((name) => a.get(name) !== b.get(name));
}
