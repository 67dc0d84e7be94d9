// A film over the temperature: from always the most probable symbol to nearly any of them, and back to where it was.
// @ts-check

import { el } from "../kit/dom.js";
import { faced } from "../kit/player.js";

const SECONDS = 8, HOTTEST = 2, PAUSE = 0.06; // of the film; its last temperature; the share for which an end is held
const NAME = "Play the temperature from 0 to 2";

/** The temperature at a share of the film, from 0 to 1; both ends are held. @param {number} share */
export function temperatureAt(share) {
  const moved = Math.min(1, Math.max(0, (share - PAUSE) / (1 - 2 * PAUSE)));
  return Math.round(100 * HOTTEST * moved) / 100;
}

/** The play button beside the dial. */
export class Film {
  /** @param {(temperature: number) => void} turn @param {() => number} now where the dial stands @param {() => void}
   * rest the film is over, or a person has paused it: the dial rests where it stands */
  constructor(turn, now, rest) {
    this.turn = turn;
    this.now = now;
    this.rest = rest;
    this.playing = 0;
    this.node = el("button", { class: "play film", type: "button", onclick: () => this.toggle() });
    faced(this.node, false, NAME);
  }

  toggle() {
    if (!this.playing) return this.play();
    this.stop();
    this.rest();
  }

  /** Play all of it; the dial goes back to where a person had put it. */
  play() {
    const begun = performance.now(), before = this.now();
    const tick = (/** @type {number} */ time) => {
      const share = (time - begun) / (1000 * SECONDS);
      this.turn(share < 1 ? temperatureAt(share) : before);
      if (share < 1) this.playing = requestAnimationFrame(tick);
      else { this.stop(); this.rest(); }
    };
    this.playing = requestAnimationFrame(tick);
    faced(this.node, true, NAME);
  }

  /** Stop where it is: it is over, or a hand has taken the dial. */
  stop() {
    cancelAnimationFrame(this.playing);
    this.playing = 0;
    faced(this.node, false, NAME);
  }
}
