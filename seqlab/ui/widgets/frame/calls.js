// What a page of a class asks of the server beside Streamlit, and where the server is.
// @ts-check

import { said, saying, without } from "../kit/present.js";

/** Where a person is: a page by its name and the query. @typedef {{ page: string, query: string }} Place */

const HOME = "home";
const AWAY = "The server does not answer; try again in a moment.";

/** The server's pages: their addresses, whatever the base path is. */
export class Site {
  /** @param {string} page the one that is open now */
  constructor(page) {
    const { pathname } = location;
    this.base = page !== HOME && pathname.endsWith(`/${page}`) ? pathname.slice(0, -page.length)
      : pathname.replace(/\/?$/, "/");
  }

  /** @returns {Place} */
  here() {
    const page = location.pathname.slice(this.base.length).replace(/\/$/, "");
    return { page: page || HOME, query: without(location.search.slice(1)) }; // a projector leads no phone to its type
  }

  /** Have the address be another place; nothing is loaded. @param {Place} place */
  go({ page, query: wanted }) {
    const query = saying(wanted, said(location.search));
    const url = `${this.base}${page === HOME ? "" : page}${query && `?${query}`}`;
    if (page === this.here().page) history.replaceState(history.state, "", url);
    else history.pushState(null, "", url);
  }

  /** @param {string} name */
  call(name) {
    return `${this.base}class/${name}`;
  }

  /** Ask for something; returns the sentence that says why not, or an empty text.
   * @param {string} name @param {object} given @returns {Promise<string>} */
  async ask(name, given) {
    try {
      const answer = await fetch(this.call(name), { method: "POST", body: JSON.stringify(given),
        headers: { "content-type": "application/json" } });
      const { said } = await answer.json();
      return answer.ok ? "" : said || AWAY;
    } catch {
      return AWAY;
    }
  }
}

/** Are two places the same? @param {Place | null | undefined} one @param {Place | null | undefined} other */
export const same = (one, other) => one?.page === other?.page && one?.query === other?.query;
