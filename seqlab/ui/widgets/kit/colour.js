// Colours of the theme for numbers: colour maps, and the letter colour that is legible on each.
// @ts-check

/** @typedef {[number, number, number]} Rgb red, green and blue, each from 0 to 255 */
/** @typedef {"diverging" | "sequential"} MapName */

/** Read a colour of the form #rrggbb. @param {string} colour @returns {Rgb} */
export function rgb(colour) {
  const value = parseInt(colour.slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}

/** Mix the stops of a colour map at a share from 0 to 1. @param {Rgb[]} stops @param {number} share @returns {Rgb} */
function mixed(stops, share) {
  const place = share * (stops.length - 1), low = Math.min(Math.floor(place), stops.length - 2);
  const part = (/** @type {number} */ c) => Math.round(stops[low][c]
    + (place - low) * (stops[low + 1][c] - stops[low][c]));
  return [part(0), part(1), part(2)];
}

/** A colour map of 256 entries as pixels (ABGR, as little-endian ImageData wants them). @param {string[]} stops */
export function lookup(stops) {
  const colours = stops.map(rgb);
  return Uint32Array.from({ length: 256 }, (_, k) => {
    const [r, g, b] = mixed(colours, k / 255);
    return (255 << 24) | (b << 16) | (g << 8) | r;
  });
}

/** The colour of a pixel of ``lookup``. @param {number} pixel @returns {Rgb} */
export const channels = (pixel) => [pixel & 255, (pixel >> 8) & 255, (pixel >> 16) & 255];

/** A colour map as CSS colours, finely enough for an eye. @param {string[]} stops @param {number} [count] */
export function ramp(stops, count = 129) {
  const colours = stops.map(rgb);
  return Array.from({ length: count }, (_, k) => `rgb(${mixed(colours, k / (count - 1)).join(" ")})`);
}

/** How much light a colour gives, from 0 to 1 (WCAG 2.2). @param {Rgb} colour */
export function light(colour) {
  const [r, g, b] = colour.map((v) => (v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** Contrast of two colours, from 1 to 21 (WCAG 2.2). @param {Rgb} one @param {Rgb} other */
export function contrast(one, other) {
  const [low, high] = [light(one), light(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

/** That one of the letter colours which is more legible on a ground. @param {Rgb} ground @param {string[]} inks */
export function legible(ground, inks = [THEME.light.text, THEME.dark.text]) {
  return inks.reduce((best, ink) => (contrast(rgb(ink), ground) > contrast(rgb(best), ground) ? ink : best));
}

/** Find a colour of a palette by its name: ``muted`` or ``symbols.h``; that of text where it has none of its own.
 * @param {Palette} palette @param {string} name @returns {string} */
export const colourOf = (palette, name) =>
  name.split(".").reduce((part, key) => part?.[key], /** @type {any} */ (palette)) ?? palette.text;

/** Colours of the present theme for numbers within limits, and a letter colour that is legible on each. */
export class Inks {
  /** @param {Palette} palette */
  constructor(palette) {
    this.palette = palette;
    this.maps = { diverging: ramp(palette.diverging), sequential: ramp(palette.sequential) };
  }

  /** @param {number} value @param {number[]} limits @param {MapName} [kind] */
  of(value, [low, high], kind = "diverging") {
    const map = this.maps[kind], share = (value - low) / (high - low);
    return map[Math.round(Math.min(1, Math.max(0, Number.isFinite(share) ? share : 0)) * (map.length - 1))];
  }

  /** On a strong colour the background's own colour is legible, on a pale one the text's.
   * @param {number} value @param {number[]} limits @param {MapName} [kind] */
  on(value, [low, high], kind = "diverging") {
    const share = (value - low) / (high - low), strength = kind === "diverging" ? Math.abs(2 * share - 1) : share;
    return strength > (kind === "diverging" ? 0.64 : 0.5) ? this.palette.background : this.palette.text;
  }

  /** The colours of a map from left to right, for a legend. @param {MapName} kind */
  gradient(kind) {
    return `linear-gradient(90deg, ${this.maps[kind].filter((_, k) => k % 16 === 0).join(", ")})`;
  }
}
