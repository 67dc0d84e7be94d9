// Where a person stands in a picture, in the page's address: a link or a reload opens the same view.
// @ts-check

const PAUSE = 250; // ms: a hand that moves need not write every place
const LED = "seqlab:led";

/** What the address says under some names. @param {string[]} names @returns {Record<string, string | null>} */
export function recalled(names) {
  for (const name of names) (window.__seqlabPlaces ??= new Set()).add(`${location.pathname} ${name}`);
  const query = new URLSearchParams(location.search);
  return Object.fromEntries(names.map((name) => [name, query.get(name)]));
}

/** Writes places into the address, which Streamlit sends to the server with the next change. */
export class Address {
  /** @param {() => void} [led] what a view does where its page is led elsewhere */
  constructor(led) {
    this.led = () => { this.forget(); led?.(); };
    window.addEventListener(LED, this.led);
  }

  /** Say where it is now; null takes a name out. @param {Record<string, string | number | null>} values */
  write(values) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      const url = new URL(location.href);
      for (const [name, value] of Object.entries(values)) {
        if (value === null) url.searchParams.delete(name);
        else url.searchParams.set(name, String(value));
      }
      try {
        if (url.href !== location.href) history.replaceState(history.state, "", url);
      } catch { /* a page that is a file, or lies within another one, has no address of its own */ }
    }, PAUSE);
  }

  /** Write nothing that was said before. */
  forget() {
    clearTimeout(this.timer);
  }

  stop() {
    this.forget();
    window.removeEventListener(LED, this.led);
  }
}

/** The teacher's page has led this one elsewhere: every view goes where the address says now. */
export const lead = () => window.dispatchEvent(new Event(LED));

/** Are these names of places that the browser alone reads on this page? @param {string[]} names */
export const onlyHere = (names) => names.every((name) => window.__seqlabPlaces?.has(
  `${location.pathname} ${name}`));
