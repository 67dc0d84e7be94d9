// A picture in the size of a slide: its title, the settings and the link of the page's address, and the chart.
// @ts-check

import { el } from "./dom.js";

export const SLIDE = { width: 1600, height: 900, edge: 48, head: 124, foot: 64 };
const QUIET = new Set(["embed", "embed_options", "present"]); // said about the page, and not about the picture

/** The settings as the address has them: ``run echo-gru · word teapot``. @param {string} search */
export function settings(search) {
  return [...new URLSearchParams(search)].filter(([name]) => !QUIET.has(name))
    .map(([name, value]) => `${name} ${value}`).join(" · ");
}

/** Where a chart of some size stands on the slide, as large as there is room. @param {number} width @param {number}
 * height */
export function fitted(width, height) {
  const { edge, head, foot } = SLIDE, room = { width: SLIDE.width - 2 * edge, height: SLIDE.height - head - foot };
  const scale = Math.min(room.width / width, room.height / height);
  return { scale, left: edge + (room.width - scale * width) / 2, top: head + (room.height - scale * height) / 2 };
}

/** The words around the chart: title, settings, and below it the link. @param {string} title */
function words(title) {
  return { title, caption: settings(location.search) || document.title, link: `${location.href} · ${
    new Date().toISOString().slice(0, 10)}` };
}

/** Canvases one below the other on a slide. @param {{ title: string, canvases: HTMLCanvasElement[], palette: Palette }}
 * shown @returns {HTMLCanvasElement} */
export function slideOf({ title, canvases, palette }) {
  const whole = el("canvas", { width: SLIDE.width, height: SLIDE.height }), { edge, height } = SLIDE;
  const c = /** @type {CanvasRenderingContext2D} */ (whole.getContext("2d")), said = words(title);
  c.fillStyle = palette.background;
  c.fillRect(0, 0, SLIDE.width, height);
  const write = (/** @type {string} */ text, /** @type {number} */ row, /** @type {number} */ size,
    /** @type {string} */ colour, weight = "") => {
    Object.assign(c, { fillStyle: colour, font: `${weight} ${size}px ${THEME.font}` });
    c.fillText(text, edge, row, SLIDE.width - 2 * edge);
  };
  write(said.title, 62, 32, palette.text, "600");
  write(said.caption, 98, 20, palette.muted);
  write(said.link, height - 24, 17, palette.muted);
  const sizes = canvases.map((canvas) => ({ canvas, map: canvas.width <= canvas.clientWidth / 2,
    width: canvas.clientWidth || canvas.width, height: canvas.clientHeight || canvas.height }));
  if (sizes.every(({ map }) => map)) // a map alone has any shape, so it takes all the room
    for (const one of sizes) one.height = one.width * (height - SLIDE.head - SLIDE.foot) / (SLIDE.width - 2 * edge);
  const { scale, left, top } = fitted(Math.max(...sizes.map((one) => one.width)),
    sizes.reduce((sum, one) => sum + one.height, 0));
  sizes.reduce((row, one) => {
    c.imageSmoothingEnabled = !one.map; // a map has one pixel for a number, and keeps its edges
    c.drawImage(one.canvas, left, row, scale * one.width, scale * one.height);
    return row + scale * one.height;
  }, top);
  return whole;
}

/** A chart that Plotly drew, on a slide, as SVG. @param {HTMLElement} chart @param {string} ground @param {string} ink
 * @returns {string} */
export function slideSvg(chart, ground, ink) {
  const layers = [...chart.querySelectorAll(":scope .svg-container > .main-svg")], box = chart.getBoundingClientRect();
  const title = chart.querySelector(".gtitle")?.textContent ?? document.title, said = words(title);
  const { scale, left, top } = fitted(box.width, box.height), { width, height, edge } = SLIDE;
  const text = (/** @type {number} */ row, /** @type {number} */ size, /** @type {string} */ value, more = "") =>
    `<text x="${edge}" y="${row}" font-size="${size}" fill="${ink}" ${more}>${escaped(value)}</text>`;
  const parts = layers.map((layer) => {
    const copy = /** @type {Element} */ (layer.cloneNode(true));
    copy.querySelector(".gtitle")?.remove(); // it is the slide's title
    return new XMLSerializer().serializeToString(copy);
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" `
    + `font-family="${escaped(THEME.font)}"><rect width="100%" height="100%" fill="${ground}"/>`
    + text(62, 32, said.title, 'font-weight="600"') + text(98, 20, said.caption) + text(height - 24, 17, said.link)
    + `<g transform="translate(${left} ${top}) scale(${scale})">${parts.join("")}</g></svg>`;
}

/** @param {string} text */
function escaped(text) {
  return text.replace(/[&<>"]/g, (letter) => `&#${letter.charCodeAt(0)};`);
}
