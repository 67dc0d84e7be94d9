// What the browser keeps for the next visit, under names of our own; where it may keep nothing, no more than that is
// lost.
// @ts-check

const OURS = "seqlab:";

/** What is kept under a name; null where nothing is. @param {string} name @returns {string | null} */
export function kept(name) {
  try { return localStorage.getItem(OURS + name); } catch { return null; }
}

/** Keep a text under a name; null forgets it. @param {string} name @param {string | null} text */
export function keep(name, text) {
  try {
    if (text === null) localStorage.removeItem(OURS + name);
    else localStorage.setItem(OURS + name, text);
  } catch { /* a private window, or no room left */ }
}
