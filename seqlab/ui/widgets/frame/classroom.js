// The bar of a class at the foot of each page: the teacher leads, pauses and asks; a pupil follows and answers.
// @ts-check

import { el } from "../kit/dom.js";
import { Site } from "./calls.js";
import { covers } from "./cover.js";
import { Follower, Sender, TEACHERS, addressed } from "./leading.js";
import { News } from "./news.js";
import { Pointing, pointAt } from "./pointing.js";
import { SWITCH } from "./present.js";
import { drawRound } from "./round.js";

/** Who sits here, and on which page. @typedef {{ role: "pupil" | "teacher", page: string }} Facts */

const LEFT = "seqlab-left", LEADS = "seqlab-leads"; // in the tab's own memory
const PAUSED = "The teacher has paused the class: look up. This page goes on by itself.";
const AT_REST = 1000; // ms between two notes of where a pupil is

/** The class as one page sees it. */
export class Classroom {
  /** @param {Facts} facts @param {(wish: string) => void} wish asks the server's script for something */
  constructor(facts, wish) {
    this.role = facts.role;
    this.teaches = this.role === "teacher";
    this.wish = wish;
    this.ends = new AbortController();
    const { signal } = this.ends;
    this.site = new Site(facts.page);
    /** @type {Record<string, any>} */
    this.parts = { place: null, frozen: false, round: null, here: 0 };
    this.said = el("p", { class: "class-said", role: "alert" });
    this.row = el("div", { class: "class-row" });
    this.question = el("div");
    this.node = el("aside", { class: "class-bar", "aria-label": "Class", "data-role": facts.role }, this.question,
      this.said, this.row);
    document.body.append(this.node);
    this.sender = new Sender(this.site, this.teaches ? "show" : "at", this.teaches ? undefined : AT_REST);
    this.follower = new Follower(this.site);
    this.pointing = new Pointing(this.site, signal);
    addressed(() => this.moved(), signal);
    this.news = new News(() => this.site.call("events"), (parts) => this.take(parts), () => this.back(), signal);
    this.draw();
  }

  destroy() {
    this.ends.abort();
    this.sender.stop();
    this.follower.stop();
    this.node.remove();
    this.pause(false);
    document.body.classList.remove("class-covered");
    pointAt(null);
  }

  get leads() {
    return this.teaches && sessionStorage.getItem(LEADS) === "1";
  }

  get follows() {
    return !this.teaches && sessionStorage.getItem(LEFT) !== "1";
  }

  /** The address has changed: the class is led along, or the server learns where this pupil is. */
  moved() {
    this.cover();
    if (!this.teaches || this.leads) this.sender.soon();
  }

  /** The stream is there, again: what it missed comes now, and what the server may have forgotten is said anew. */
  back() {
    this.sender.sent = undefined;
    this.known = false;
    if (!this.teaches || this.leads) this.sender.soon();
  }

  /** @param {Record<string, any>} parts what has changed */
  take(parts) {
    Object.assign(this.parts, parts);
    if ("place" in parts) this.placed(parts.place);
    if ("frozen" in parts && !this.teaches) this.pause(parts.frozen);
    if ("pointer" in parts && !this.teaches) pointAt(this.follows ? parts.pointer : null);
    if ("round" in parts) this.say("");
    this.draw();
  }

  /** @param {import("./calls.js").Place | null} place */
  placed(place) {
    if (this.teaches) { // another tab of the teacher's may have ended it
      if (place) this.known = true;
      else if (this.known) sessionStorage.removeItem(LEADS);
    } else if (place && this.follows) this.follower.go(place);
    else this.follower.stop();
  }

  /** @param {boolean} on */
  pause(on) {
    const app = /** @type {HTMLElement | null} */ (document.querySelector(".stApp"));
    if (app) app.inert = on;
    document.body.classList.toggle("class-paused", on);
  }

  cover() {
    const { round, place } = this.parts;
    document.body.classList.toggle("class-covered", covers({ round, place }, this.site.here().page, this.teaches));
  }

  draw() {
    this.cover();
    const { parts } = this;
    const drawn = JSON.stringify([parts.round, parts.here, parts.frozen, Boolean(parts.place), this.follows,
      this.pointing.on]);
    if (drawn === this.drawn) return; // a hand is on it: nothing is made anew that looks the same
    this.drawn = drawn;
    this.row.replaceChildren(...this.teaches ? this.teachers() : this.pupils());
    this.question.replaceChildren(...parts.round ? [drawRound(parts.round, { teaches: this.teaches, here: parts.here,
      answer: (text) => this.ask("answer", { round: parts.round.id, answer: text }),
      reveal: () => this.wish("reveal"), over: () => this.ask("over", {}) })] : []);
    this.node.hidden = !this.row.childElementCount && !parts.round;
    document.body.dataset.class = this.node.hidden ? "" : "shown";
  }

  teachers() {
    const { place, frozen, here } = this.parts;
    return [el("span", { text: `${here} here`, class: "class-here" }),
      press("Pupils follow", Boolean(place), () => this.leadThem(!place)),
      press("Pointer", this.pointing.on, () => { this.pointing.turn(); this.draw(); }),
      el("button", { type: "button", text: "Projector", title: "Large type, by the key p too", onclick: () =>
        window.dispatchEvent(new Event(SWITCH)) }),
      press("Pause them", frozen, () => this.ask("freeze", { frozen: !frozen })),
      el("button", { type: "button", text: "Ask …", onclick: () => this.wish("ask") }),
      el("a", { href: this.site.call("answers.csv"), download: "answers.csv", text: "Results" })];
  }

  pupils() {
    const { place, frozen } = this.parts;
    if (frozen) return [el("span", { text: PAUSED, role: "status" })];
    if (!place) return [];
    return this.follows ? [el("span", { text: "You follow the teacher.", role: "status" }), this.turn("Leave", true)]
      : [el("span", { text: "The teacher shows something." }), this.turn("Come back", false)];
  }

  /** @param {string} text @param {boolean} leave */
  turn(text, leave) {
    return el("button", { type: "button", text, onclick: () => {
      if (leave) sessionStorage.setItem(LEFT, "1");
      else sessionStorage.removeItem(LEFT);
      this.take({ place: this.parts.place, pointer: this.parts.pointer });
    } });
  }

  /** @param {boolean} on */
  async leadThem(on) {
    if (on) sessionStorage.setItem(LEADS, "1");
    else sessionStorage.removeItem(LEADS);
    this.known = false;
    this.sender.sent = undefined;
    if (!on) await this.ask("show", { at: null });
    else if (this.site.here().page === TEACHERS) this.say("Open a page that all should see; they come along.");
    else await this.sender.send();
  }

  /** @param {string} call @param {object} given */
  async ask(call, given) {
    this.say(await this.site.ask(call, given));
  }

  /** @param {string} sentence */
  say(sentence) {
    this.said.textContent = sentence;
  }
}

/** A button that is on or off. @param {string} text @param {boolean} on @param {() => void} onclick */
const press = (text, on, onclick) => el("button", { type: "button", text, "aria-pressed": String(on), onclick });
