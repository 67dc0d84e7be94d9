// A page on a projector: whether it is one, how its address says so, and how large type is there.
// @ts-check

export const PRESENT = "present"; // its name in the address, and of the attribute of the document
export const INVERTED = "inverted"; // white on black where the page is black on white, and the other way round

export const PRESENTED = "seqlab:presented"; // an event of the window: all components draw anew

/** How the page is presented; null: it is not. The address says so before the frame is there, which keeps it true.
 * @returns {string | null} */
export const presented = () => document.documentElement?.dataset?.[PRESENT] ?? said(globalThis.location?.search ?? "");

/** The size of type that has so many pixels on a desk. @param {number} pixels */
export function sized(pixels) {
  const { scale, least } = THEME.presented;
  return presented() === null ? pixels : Math.max(least, scale * pixels);
}

/** How many times larger small type is now: what stands around it on a canvas grows as it does. */
export const grown = () => sized(12) / 12;

/** How many times larger other type and what holds it is. */
export const larger = () => (presented() === null ? 1 : THEME.presented.scale);

/** How an address says that the page is presented; null where it does not. @param {string} search
 * @returns {string | null} */
export function said(search) {
  const value = new URLSearchParams(search).get(PRESENT);
  return value === null || value === INVERTED ? value : "";
}

/** A query without that word, otherwise as it is. @param {string} query without its question mark */
export const without = (query) => query.split("&").filter((part) => part.split("=")[0] !== PRESENT).join("&");

/** A query that says how the page is presented. @param {string} query without its question mark @param {string | null}
 * how */
export function saying(query, how) {
  const rest = without(query);
  if (how === null) return rest;
  return [rest, how ? `${PRESENT}=${how}` : PRESENT].filter(Boolean).join("&");
}
