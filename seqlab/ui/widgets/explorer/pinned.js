// Says to the page which number is pinned, once the hand rests, so that it can say in words what it means.
// @ts-check

/** @typedef {import("./explorer.js").Explorer} Explorer */

const REST = 400; // milliseconds after which a hand that moved is taken to rest

/** The number that a person has pinned, as the page knows it. */
export class Pinned {
  constructor() {
    this.known = "{}";
  }

  /** A number of a picture and a unit, or none. @param {Explorer} view */
  say(view) {
    const { pin, film, frame, layer } = view, named = film.keys.includes(pin?.view) ? pin.view : film.keys[0];
    const now = pin && pin.unit !== null
      ? { name: `${named}.${layer}`, t: pin.t, unit: pin.unit, step: film.steps[frame] } : {};
    clearTimeout(this.timer);
    if (JSON.stringify(now) === this.known) return;
    this.timer = setTimeout(() => { this.known = JSON.stringify(now); view.send?.("pin", now); }, REST);
  }

  stop() {
    clearTimeout(this.timer);
  }
}
