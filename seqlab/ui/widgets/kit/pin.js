// How a number is pinned and let go again, in words.
// @ts-check

import { el } from "./dom.js";

/** Does a finger point here, and no mouse? */
export const touched = () => matchMedia("(pointer: coarse)").matches;

/** How what is pinned is let go. */
export const release = () => el("span", { class: "advice", text: touched() ? "Tap it again to let go."
  : "Pinned: click it again or press Esc to let go." });
