// A part of the page as it stands, words and drawings, on a canvas: what no chart of our own has drawn.
// @ts-check

import { el } from "./dom.js";

const SHARPNESS = 2; // pixels of the picture for one of the page

/** @param {CSSStyleDeclaration} style */
const written = (style) => [...style].map((name) => `${name}:${style.getPropertyValue(name)}`).join(";");

/** A copy that carries its own styles, for a picture has no style sheet. @param {Element} node @returns {Element} */
function carried(node) {
  const style = written(getComputedStyle(node));
  if (node instanceof HTMLCanvasElement) // its pixels are not in its element
    return el("img", { src: node.width && node.height ? node.toDataURL() : "", style });
  const copy = /** @type {Element} */ (node.cloneNode(false));
  copy.setAttribute("style", style);
  for (const child of node.childNodes) {
    if (child instanceof Element) {
      if (!child.matches(".export") && getComputedStyle(child).display !== "none") copy.append(carried(child));
    } else if (child.nodeType === Node.TEXT_NODE) copy.append(child.cloneNode());
  }
  return copy;
}

/** @param {HTMLElement} node @returns {Promise<HTMLCanvasElement>} */
export async function snapshotOf(node) {
  const width = Math.ceil(node.scrollWidth), height = Math.ceil(node.scrollHeight), copy = carried(node);
  /** @type {HTMLElement} */ (copy).style.cssText += `;margin:0;width:${width}px;height:${height}px;overflow:visible`;
  const source = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><foreignObject `
    + `width="100%" height="100%">${new XMLSerializer().serializeToString(copy)}</foreignObject></svg>`;
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(source)}`;
  await image.decode();
  const canvas = el("canvas", { width: SHARPNESS * width, height: SHARPNESS * height });
  const c = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  c.drawImage(image, 0, 0, canvas.width, canvas.height);
  return canvas;
}
