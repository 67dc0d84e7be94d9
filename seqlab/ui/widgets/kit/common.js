// Shared by all components. THEME (both palettes, dashes, font) is put before this text by __init__.py.

const MINUS = "\u2212";

/** Make an element: tag, properties (class, text, style, data-*, on…), children. */
function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (name === "text") node.textContent = value;
    else if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value !== null && value !== undefined) node.setAttribute(name, value);
  }
  node.append(...children);
  return node;
}

function svg(tag, props = {}, ...children) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(props)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

function rgb(colour) {
  const value = parseInt(colour.slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}

/** Is the page dark? Streamlit's own background decides, so a switch of theme is followed. */
function isDark(node) {
  const value = getComputedStyle(node).getPropertyValue("--st-background-color").trim();
  const probe = /^#[0-9a-f]{6}/i.test(value) ? rgb(value.slice(0, 7)) : (value.match(/[\d.]+/g) || []).map(Number);
  if (probe.length < 3) return matchMedia("(prefers-color-scheme: dark)").matches;
  return 0.2126 * probe[0] + 0.7152 * probe[1] + 0.0722 * probe[2] < 128;
}

/** Give the root the colours of the present theme as CSS variables; returns the palette. */
function applyTheme(root) {
  const dark = isDark(root), palette = dark ? THEME.dark : THEME.light;
  if (root.dataset.theme !== (dark ? "dark" : "light")) {
    root.dataset.theme = dark ? "dark" : "light";
    for (const [name, value] of Object.entries(palette))
      if (typeof value === "string") root.style.setProperty(`--${name}`, value);
    for (const [key, value] of Object.entries(palette.symbols)) root.style.setProperty(`--symbol-${key}`, value);
  }
  return palette;
}

/** A colour map of 256 entries as pixels (ABGR, as little-endian ImageData wants them). */
function lookup(stops) {
  const table = new Uint32Array(256), colours = stops.map(rgb);
  for (let k = 0; k < 256; k++) {
    const place = (k / 255) * (colours.length - 1), low = Math.min(Math.floor(place), colours.length - 2);
    const [r, g, b] = [0, 1, 2].map((c) => colours[low][c] + (place - low) * (colours[low + 1][c] - colours[low][c]));
    table[k] = (255 << 24) | (Math.round(b) << 16) | (Math.round(g) << 8) | Math.round(r);
  }
  return table;
}

/** A number for people: a true minus, and no more digits than were sent. */
function figure(value, digits = 3) {
  if (!Number.isFinite(value)) return "not a number";
  const size = Math.abs(value);
  const text = size >= 1e5 || (size > 0 && size < 0.5 * 10 ** -digits) ? size.toExponential(1) : size.toFixed(digits);
  return (value < 0 && Number(text) !== 0 ? MINUS : "") + text.replace("e-", `e${MINUS}`).replace("e+", "e");
}

function percent(share) {
  const value = 100 * share;
  return `${value > 99 && value < 100 ? (Math.floor(value * 10) / 10).toFixed(1) : Math.round(value)} %`;
}

const whole = (number) => Math.round(number).toLocaleString("en-GB");

/** Keep one view for each place on the page: Streamlit calls again with the same parent on every change. */
function keeper(View, selector) {
  const views = new WeakMap();
  return ({ data, parentElement, setTriggerValue }) => {
    const root = parentElement.querySelector(selector);
    if (!views.has(root)) views.set(root, new View(root));
    const view = views.get(root);
    view.update(data, setTriggerValue);
    return () => { view.destroy?.(); views.delete(root); };
  };
}
