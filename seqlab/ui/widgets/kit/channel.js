// What a picture tells the badge beside it: which film, which frame and which step it shows.
// @ts-check

/**
 * ``own`` is a sentence where the picture is the browser's own arithmetic, of which no proof speaks yet.
 * @typedef {{ channel: string, id: string, frame: number, step: number | null, own?: string }} Shown
 */

const EVENT = "seqlab:frame";

/** Say on a channel what is shown. @param {Shown} shown */
export function announce(shown) {
  (window.__seqlab ??= {})[shown.channel] = shown;
  window.dispatchEvent(new CustomEvent(EVENT, { detail: shown }));
}

/** What was last said on a channel. @param {string} channel @returns {Shown | undefined} */
export const announced = (channel) => window.__seqlab?.[channel];

/** Hear what is said on any channel; returns what ends it. @param {(shown: Shown) => void} then */
export function heard(then) {
  const listener = (/** @type {Event} */ event) => then(/** @type {CustomEvent} */ (event).detail);
  window.addEventListener(EVENT, listener);
  return () => window.removeEventListener(EVENT, listener);
}
