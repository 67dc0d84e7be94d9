// The people of a class as cards: name, place, small curves on one scale; a click chooses one, arrows go among them.
// Its data come from seqlab/figures/pupils.py.
// @ts-check

import { arrow, el, keeper, met, svg } from "../kit/dom.js";
import { applyTheme } from "../kit/theme.js";
import { declare } from "../kit/keys.js";
import { KEYS } from "./keys.js";

/** @typedef {import("../kit/dom.js").Send} Send */
/** @typedef {{ points: string, colour: string, dash: number[], going: boolean }} Curve */
/** @typedef {{ id: string, name: string, where: string, here: boolean, foot: string, label: string,
 *   curves: Curve[] }} Card */
/** The cards of a class. @typedef {{ note: string, field: [number, number], cards: Card[], chosen: string }} Cards */

/** One person's card, whose parts are changed in place. */
class CardView {
  /** @param {[number, number]} field */
  constructor([width, height]) {
    this.name = el("b");
    this.where = el("span");
    this.foot = el("small");
    this.field = svg("svg", { viewBox: `0 0 ${width} ${height}`, preserveAspectRatio: "none", "aria-hidden": "true" });
    this.node = el("button", { type: "button" }, this.name, this.where, this.field, this.foot);
    this.field.append(...[0, height / 2, height].map((y) => svg("line", { x1: 0, x2: width, y1: y, y2: y })));
    /** @type {SVGPolylineElement[]} */
    this.lines = [];
  }

  /** @param {Card} card @param {boolean} chosen */
  update(card, chosen) {
    const { node } = this;
    this.name.textContent = card.name;
    this.where.textContent = card.where;
    this.foot.textContent = card.foot;
    node.setAttribute("aria-label", card.label);
    node.setAttribute("aria-pressed", String(chosen));
    node.dataset.person = card.id;
    node.toggleAttribute("data-here", card.here);
    this.draw(card.curves);
  }

  /** @param {Curve[]} curves */
  draw(curves) {
    while (this.lines.length > curves.length) this.lines.pop()?.remove();
    while (this.lines.length < curves.length) {
      const line = svg("polyline");
      this.lines.push(line);
      this.field.querySelector("line:last-of-type")?.after(line); // the first run's curve lies over the others
    }
    curves.forEach(({ points, colour, dash, going }, k) => {
      const line = this.lines[k];
      line.setAttribute("points", points);
      line.setAttribute("stroke-dasharray", dash.join(" "));
      line.style.stroke = `var(--symbol-${colour})`;
      line.toggleAttribute("data-over", !going);
    });
  }
}

class Pupils {
  /** @param {HTMLElement} root */
  constructor(root) {
    declare(root, "Screens of the class", KEYS);
    this.root = root;
    this.note = el("p");
    this.list = el("div", { class: "cards", role: "group", "aria-label": "People of the class" });
    /** @type {Map<string, CardView>} */
    this.views = new Map();
    this.list.addEventListener("click", (event) => this.pick(met(event, "button")?.dataset.person));
    this.list.addEventListener("keydown", (event) => this.along(event));
    root.replaceChildren(this.note, this.list);
  }

  /** @param {Cards} data @param {Send} [send] */
  update(data, send) {
    this.send = send;
    applyTheme(this.root);
    this.note.textContent = data.note;
    const ids = new Set(data.cards.map(({ id }) => id));
    for (const [id, { node }] of this.views)
      if (!ids.has(id)) { node.remove(); this.views.delete(id); }
    data.cards.forEach((card, k) => this.place(card, k, data));
    this.root.dataset.draws = String(Number(this.root.dataset.draws ?? 0) + 1);
  }

  /** @param {Card} card @param {number} k @param {Cards} data */
  place(card, k, { field, chosen }) {
    const view = this.views.get(card.id) ?? new CardView(field), there = this.list.children[k] ?? null;
    this.views.set(card.id, view);
    view.update(card, card.id === chosen);
    if (there !== view.node) this.list.insertBefore(view.node, there); // else a hand on it would lose it
  }

  /** @param {string | undefined} person */
  pick(person) {
    if (!person) return;
    for (const [id, { node }] of this.views) node.setAttribute("aria-pressed", String(id === person));
    this.send?.("pick", person);
  }

  /** Arrow keys go to the card beside, or in the row below. @param {KeyboardEvent} event */
  along(event) {
    const [right, down] = arrow(event), at = met(event, "button");
    if (!at || (!right && !down)) return;
    const cards = /** @type {HTMLElement[]} */ ([...this.list.children]);
    const columns = cards.filter(({ offsetTop }) => offsetTop === cards[0].offsetTop).length;
    const next = cards[cards.indexOf(at) + right + columns * down];
    event.preventDefault();
    next?.focus();
  }
}

export default keeper(Pupils, ".pupils");
