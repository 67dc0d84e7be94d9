// Making elements, and keeping one view for each place on the page.
// @ts-check

import { PRESENTED } from "./present.js";

/**
 * Make an element: tag, properties (class, text, style, data-*, on…), children.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag @param {Record<string, any>} [props] @param {...(Node | string)} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (name === "text") node.textContent = value;
    else if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value !== null && value !== undefined) node.setAttribute(name, value);
  }
  node.append(...children);
  return node;
}

/**
 * Make an element of a drawing.
 * @template {keyof SVGElementTagNameMap} K
 * @param {K} tag @param {Record<string, any>} [props] @param {...(Node | string)} children
 * @returns {SVGElementTagNameMap[K]}
 */
export function svg(tag, props = {}, ...children) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(props)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

/** Set attributes that are no text: numbers and truths. @param {Element} node @param {Record<string, any>} values */
export function set(node, values) {
  for (const [name, value] of Object.entries(values)) node.setAttribute(name, String(value));
}

/** Write facts about a view into its root, where tests and other programs read them.
 * @param {HTMLElement} root @param {Record<string, any>} facts */
export function facts(root, facts) {
  for (const [name, value] of Object.entries(facts)) root.dataset[name] = String(value);
}

/** The nearest element above what an event met. @param {Event} event @param {string} selector */
export const met = (event, selector) =>
  /** @type {HTMLElement | null} */ (/** @type {Element} */ (event.target).closest(selector));

/** Where an arrow key goes, right and down; nowhere for any other key. @param {KeyboardEvent} event @returns {[number,
 * number]} */
export function arrow({ key }) {
  return [Number(key === "ArrowRight") - Number(key === "ArrowLeft"),
    Number(key === "ArrowDown") - Number(key === "ArrowUp")];
}

/** Does the person want no motion? */
export const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

/** Call a function when an element's size changes; returns what ends it. @param {Element} node @param {() => void}
 * then */
export function resized(node, then) {
  const observer = new ResizeObserver(then);
  observer.observe(node);
  return () => observer.disconnect();
}

/** Let the keyboard scroll a part that is wider or higher than its place, and only then: it is a stop for Tab.
 * @template {HTMLElement} T @param {T} node @param {string} label @returns {T} */
export function scrollable(node, label) {
  const look = () => {
    const scrolls = node.scrollWidth > node.clientWidth + 1 || node.scrollHeight > node.clientHeight + 1;
    for (const [name, value] of Object.entries({ tabindex: "0", role: "group", "aria-label": label }))
      if (scrolls) node.setAttribute(name, value);
      else node.removeAttribute(name);
  };
  const observer = new ResizeObserver(look);
  observer.observe(node);
  for (const child of node.children) observer.observe(child);
  return node;
}

/** Says something back to Python. @typedef {(name: string, value: unknown) => void} Send */
/** What Streamlit hands to a component. @typedef {{ data: any, parentElement: ParentNode, setTriggerValue?: Send }}
 * Mount */

/**
 * Keep one view for each place on the page: Streamlit calls again with the same parent on every change.
 * @param {new (root: HTMLElement) => { update(data: any, send?: Send): void, destroy?(): void }} View
 * @param {string} selector
 */
export function keeper(View, selector) {
  const views = new WeakMap();
  return (/** @type {Mount} */ { data, parentElement, setTriggerValue }) => {
    const root = /** @type {HTMLElement} */ (parentElement.querySelector(selector));
    if (!views.has(root)) {
      const view = new View(root);
      views.set(root, { view, redraw: () => view.update(views.get(root).data, views.get(root).send) });
      addEventListener(PRESENTED, views.get(root).redraw);
    }
    const kept = views.get(root);
    kept.data = Array.isArray(data) ? data[0] : data;  // a mapping comes in a list of one
    kept.send = setTriggerValue;
    kept.redraw();
    return () => { removeEventListener(PRESENTED, kept.redraw); kept.view.destroy?.(); views.delete(root); };
  };
}
