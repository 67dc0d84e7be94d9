// What one head does for one query, in numbers: products, scaling, mask, softmax, weighted sum; a row a key.
// @ts-check

import { el, met } from "../kit/dom.js";
import { MINUS, figure } from "../kit/numbers.js";
import { Pixels } from "../kit/surface.js";
import { drawVector, hidden, normOf, scoreOf, share, vectorOf, weightOf } from "./maps.js";

/** @typedef {import("./maps.js").Maps} Maps */
/** @typedef {import("./maps.js").Place} Place */
/** @typedef {import("./attention.js").Attention} View */

/** A strip of cells for a vector. @param {string} name @param {Place} at */
const strip = (/** @type {string} */ name, /** @type {number} */ at = undefined) =>
  new Pixels(el("canvas", { class: "vector", "data-vector": name, "data-at": at }));

/** The table of what one head computes for one query. */
export class Chain {
  /** @param {View} view */
  constructor(view) {
    this.view = view;
    this.title = el("b");
    this.range = el("input", { type: "range", min: 0, step: 1, "aria-label": "Query position",
      oninput: () => view.ask(Number(this.range.value)) });
    this.scale = el("span");
    this.query = strip("query");
    this.output = strip("heads");
    this.sum = el("output");
    this.length = el("output");
    this.body = el("tbody");
    this.low = el("span");
    this.bar = el("span", { class: "bar" });
    this.high = el("span");
    const math = (text, index) => el("span", { class: "symbol" }, el("i", { text }), el("sub", { text: index }));
    const head = (step, note, ...name) => el("th", { scope: "col", class: /value|vector/.test(note) ? "over-strip"
      : "" }, el("div", {}, ...name), el("small", { text: note, title: step }));
    this.table = el("table", {},
      el("thead", {},
        el("tr", { class: "asks" }, el("th", { scope: "row" }, math("q", "t")), el("td", { class: "strip" },
          this.query.canvas),
          el("td", { colspan: 5 }, "what the query asks for"), el("td", {},
            el("span", { class: "scale" }, this.low, this.bar, this.high))),
        el("tr", {}, head("the token at position j", "key", math("j", "")), head("what position j can be asked for",
          "key vector", math("k", "j")),
          head("how well they fit", "product", math("q", "t"), " · ", math("k", "j")),
          head("divided by the root of the head's width", "scaled", this.scale),
          head("what lies ahead is hidden", "mask", "+ mask"),
          head("shares that sum to 1", "softmax", math("α", "tj")), head("what position j answers", "value",
            math("v", "j")),
          head("length of the value", "length", "‖", math("v", "j"), "‖"))),
      this.body,
      el("tfoot", {}, el("tr", {}, el("th", { scope: "row" }, "sum"), ...[1, 2, 3, 4].map(() => el("td")),
        el("td", { class: "weight" }, this.sum), el("td", { class: "strip" }, this.output.canvas),
          el("td", {}, this.length))));
    this.scroller = el("div", { class: "table-scroll" }, this.table);
    this.node = el("section", { class: "chain" },
      el("header", {}, this.title, el("label", { class: "asker" }, this.range)),
      this.scroller,
      el("p", { class: "means" }, "The last row is Σ ", math("α", "tj"), " ", math("v", "j"),
        ": what this head gives on. The stronger a value is drawn, the more of it is mixed in."));
    this.table.addEventListener("pointerover", (event) => event.pointerType !== "touch" && this.over(event));
    this.table.addEventListener("pointerleave", () => view.point(null));
    this.body.addEventListener("click", (event) => this.over(event));
  }

  /** @param {PointerEvent} event */
  over(event) {
    const row = met(event, "[data-key]");
    if (row) this.view.point({ key: Number(row.dataset.key) });
  }

  /** @param {Maps} film */
  build(film) {
    this.film = film;
    this.range.max = String(film.time - 1);
    this.scale.textContent = `÷ √${film.feature}`;
    this.node.classList.toggle("plain", !film.vectors);
    this.rows = film.tokens.map((token, key) => this.row(token, key));
    this.body.replaceChildren(...this.rows.map((row) => row.node));
  }

  /** @param {string} token @param {number} key */
  row(token, key) {
    const [product, scaled, mask, number, length] = Array.from({ length: 5 }, () => el("span"));
    const bar = el("u"), ask = strip("key", key);
    const value = strip("value", key);
    const node = el("tr", { "data-key": key }, el("th", { scope: "row", title: token }, el("small", { text: key }),
      el("bdi", { text: token })),
      el("td", { class: "strip" }, ask.canvas), el("td", {}, product), el("td", {}, scaled),
        el("td", { class: "mask" }, mask),
      el("td", { class: "weight" }, el("i", {}, bar), number), el("td", { class: "strip" }, value.canvas),
        el("td", {}, length));
    return { node, product, scaled, mask, bar, number, ask, value, length };
  }

  /** The colours of the vectors, which are the same for every network.
   * @param {string[]} stops @param {number} span */
  paint(stops, span) {
    this.bar.style.background = `linear-gradient(90deg, ${stops.join(", ")})`;
    [this.low.textContent, this.high.textContent] = [`${MINUS}${span}`, String(span)];
  }

  /** @param {Place} at @param {Uint32Array} table */
  draw(at, table) {
    const { film } = this, root = Math.sqrt(film.feature);
    let sum = 0, strongest = 0, most = -1;
    this.rows.forEach((row, key) => {
      const masked = hidden(film, at.query, key), score = scoreOf(film, at, key), weight = weightOf(film, at, key);
      sum += weight;
      if (weight > most) [strongest, most] = [key, weight];
      row.node.classList.toggle("masked", masked);
      row.product.textContent = figure(score * root, 2);
      row.scaled.textContent = figure(score, 2);
      row.mask.textContent = masked ? `${MINUS} ∞` : "+ 0";
      row.number.textContent = share(weight);
      row.bar.style.transform = `scaleX(${weight || 0})`;
      row.value.canvas.style.opacity = String(masked ? 0.12 : 0.25 + 0.75 * (weight || 0));
      if (!film.vectors) return;
      const value = vectorOf(film, "value", at, key);
      drawVector(row.ask, vectorOf(film, "key", at, key), table, film.span);
      drawVector(row.value, value, table, film.span);
      row.length.textContent = figure(normOf(value), 2);
    });
    this.sum.textContent = share(sum);
    this.title.replaceChildren(`Query t = ${at.query}: `, el("bdi", { text: film.tokens[at.query] }));
    this.range.value = String(at.query);
    this.range.setAttribute("aria-valuetext", `t = ${at.query}, ${film.tokens[at.query]}`);
    if (film.vectors) {
      const output = vectorOf(film, "heads", at, at.query);
      drawVector(this.query, vectorOf(film, "query", at, at.query), table, film.span);
      drawVector(this.output, output, table, film.span);
      this.length.textContent = figure(normOf(output), 2);
    }
    if (film.time > 15) this.scroller.scrollTop = this.rows[strongest].node.offsetTop - this.scroller.clientHeight / 2;
    this.mark(at);
  }

  /** @param {Place} at */
  mark(at) {
    this.rows.forEach((row, key) => row.node.classList.toggle("on", key === at.key));
  }
}
