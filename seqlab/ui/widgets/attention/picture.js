// The large map with its tokens on both axes, as a picture that can leave.
// @ts-check

import { el } from "../kit/dom.js";

const SIDE = 640, LARGEST = 20, CLOSEST = 13; // pixels: of the map, of its letters, between two labels
const PAD = 8;

/** How large the labels are, which of them have room, and how much they take beside the map.
 * @param {string[]} tokens @param {(token: string, size: number) => number} width */
export function labelled(tokens, width) {
  const cell = SIDE / tokens.length, size = Math.max(CLOSEST - 2, Math.min(LARGEST, 0.7 * cell));
  const every = Math.ceil(CLOSEST / cell);
  return { cell, size, every, gutter: PAD + Math.ceil(Math.max(...tokens.map((token) => width(token, size)))) };
}

/** @param {string[]} tokens @param {HTMLCanvasElement} map @param {Palette} palette */
export function picture(tokens, map, palette) {
  const canvas = el("canvas"), c = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  const font = (/** @type {number} */ size) => `${size}px ${THEME.font}`;
  const { cell, size, every, gutter } = labelled(tokens, (token, given) => {
    c.font = font(given);
    return c.measureText(token).width;
  });
  canvas.width = canvas.height = gutter + SIDE;
  Object.assign(c, { imageSmoothingEnabled: false, fillStyle: palette.text, font: font(size), textBaseline: "middle" });
  c.drawImage(map, gutter, gutter, SIDE, SIDE);
  tokens.forEach((token, place) => {
    if (place % every) return;
    const middle = gutter + (place + 0.5) * cell;
    c.textAlign = "right";
    c.fillText(token, gutter - PAD, middle);
    c.save();
    c.translate(middle, gutter - PAD);
    if (gutter > 2 * size) c.rotate(-Math.PI / 2);
    c.textAlign = gutter > 2 * size ? "left" : "center";
    c.fillText(token, 0, 0);
    c.restore();
  });
  return canvas;
}
