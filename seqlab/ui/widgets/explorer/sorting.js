// The list of the ways in which units can be ordered.
// @ts-check

import { el } from "../kit/dom.js";

/** Offer what a film has; the way that was chosen stays where it is offered.
 * @param {import("./explorer.js").Explorer} view */
export function offerOrders(view) {
  const orders = view.film.orders.filter((order) => order.layer === 0);
  view.sort.replaceChildren(...orders.map(({ name, label }) => el("option", { value: name, text: label })));
  if (!orders.some(({ name }) => name === view.way)) view.way = orders[0].name;
  view.sort.value = view.way;
}
