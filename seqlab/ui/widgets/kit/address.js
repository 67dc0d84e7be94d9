// Where a person stands in a picture, in the page's address: a link or a reload opens the same view.
// @ts-check

const PAUSE = 250; // ms: a hand that moves need not write every place

/** What the address says under some names. @param {string[]} names @returns {Record<string, string | null>} */
export function recalled(names) {
  const query = new URLSearchParams(location.search);
  return Object.fromEntries(names.map((name) => [name, query.get(name)]));
}

/** Writes places into the address, which Streamlit sends to the server with the next change. */
export class Address {
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

  stop() {
    clearTimeout(this.timer);
  }
}
