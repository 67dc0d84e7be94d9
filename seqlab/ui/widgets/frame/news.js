// The class's stream of news: one connection a page, which comes back by itself after a cut or a phone's sleep.
// @ts-check

const SILENCE = 40_000; // ms without a sign of life, of which the server sends one every 15 seconds
const AGAIN = 5_000; // ms between two tries where the browser has given up

/** What has changed, by part. @typedef {Record<string, any>} Parts */

/** Keeps one stream open and hands on what comes. */
export class News {
  /** @param {() => string} address @param {(parts: Parts) => void} take @param {() => void} back
   * @param {AbortSignal} signal */
  constructor(address, take, back, signal) {
    this.address = address;
    this.take = take;
    this.back = back;
    this.version = "";
    for (const event of ["visibilitychange", "online", "pageshow"])
      (event === "visibilitychange" ? document : window).addEventListener(event, () => this.look(), { signal });
    signal.addEventListener("abort", () => this.close());
    this.open();
  }

  open() {
    this.close();
    const url = `${this.address()}?since=${this.version}`;
    this.alive = Date.now();
    this.source = new EventSource(url);
    this.source.onopen = () => { this.alive = Date.now(); this.back(); };
    this.source.addEventListener("beat", () => { this.alive = Date.now(); });
    this.source.onmessage = ({ data, lastEventId }) => {
      this.alive = Date.now();
      this.version = lastEventId;
      this.take(JSON.parse(data));
    };
    this.timer = setInterval(() => this.look(), AGAIN);
  }

  /** Begin anew where the stream is closed or silent; nobody looks at a hidden page, which sleeps. */
  look() {
    const { source, alive } = this;
    if (document.visibilityState === "hidden" || !source || !alive) return;
    if (source.readyState === EventSource.CLOSED || Date.now() - alive > SILENCE) this.open();
  }

  close() {
    clearInterval(this.timer);
    this.source?.close();
    this.source = undefined;
  }
}
