// How points of a chart are drawn: as a line, dots, a band, a ring, strokes at the foot or the area between two lines.
// @ts-check

/** @typedef {import("./scale.js").Scale} Scale */
/** @typedef {{ c: CanvasRenderingContext2D, x: Scale, y: Scale, ground: string }} Area */
/** @typedef {(area: Area, series: Chart.Series, colour: string) => void} Drawer */

const FULL = 2 * Math.PI;

/** Go along the points that have a place; a point between two gaps becomes a dot. @type {(area: Area, series:
 * Chart.Series) => void} */
function trail({ c, x, y }, series) {
  c.beginPath();
  let pen = false;
  series.x.forEach((value, k) => {
    const height = series.y[k];
    if (height === null || !Number.isFinite(height) || !y.has(height)) { pen = false; return; }
    const across = x.place(value), down = y.place(height);
    if (pen) c.lineTo(across, down);
    else { c.moveTo(across, down); c.lineTo(across + 0.01, down); }
    pen = true;
  });
}

/** @type {Drawer} */
function line(area, series, colour) {
  const { c } = area;
  Object.assign(c, { strokeStyle: colour, lineWidth: series.width ?? 2, lineJoin: "round", lineCap: "butt" });
  c.globalAlpha = series.alpha ?? 1;
  c.setLineDash(series.dash ?? []);
  trail(area, series);
  c.stroke();
  c.setLineDash([]);
  c.globalAlpha = 1;
}

/** One dot. @param {Area} area @param {number} across @param {number} down @param {number} radius @param {string}
 * colour
 * @param {{ outline?: boolean, hollow?: boolean }} how */
export function dot({ c, ground }, across, down, radius, colour, { outline, hollow }) {
  c.beginPath();
  c.arc(across, down, radius, 0, FULL);
  Object.assign(c, { fillStyle: hollow ? ground : colour, strokeStyle: hollow ? colour : ground,
    lineWidth: hollow ? 1.75 : radius > 3 ? 1.5 : 0.75 });
  c.fill();
  if (outline || hollow) c.stroke();
}

/** @type {Drawer} */
function dots(area, series, colour) {
  series.x.forEach((value, k) => {
    const height = series.y[k];
    if (height === null || !Number.isFinite(height) || !area.y.has(height)) return;
    dot(area, area.x.place(value), area.y.place(height), series.width ?? 2, colour, series);
  });
}

/** @type {Drawer} */
function ring({ c, x, y }, series, colour) {
  if (series.y[0] === null) return;
  Object.assign(c, { strokeStyle: colour, lineWidth: 2.5 });
  c.beginPath();
  c.arc(x.place(series.x[0]), y.place(series.y[0]), 8, 0, FULL);
  c.stroke();
}

/** Everything below a line: where numbers count as agreeing, say. @type {Drawer} */
function band(area, series, colour) {
  const { c, x, y } = area, last = /** @type {number} */ (series.x.at(-1));
  trail(area, series);
  c.lineTo(x.place(last), y.start);
  c.lineTo(x.place(series.x[0]), y.start);
  Object.assign(c, { fillStyle: colour, globalAlpha: 0.1 });
  c.fill();
  c.globalAlpha = 1;
  line(area, series, colour);
}

/** Shares from 0 to 1, each as a stroke at the foot from the point before to its own; the larger, the stronger. @type
 * {Drawer} */
function strokes({ c, x, y }, series, colour) {
  c.fillStyle = colour;
  series.y.forEach((share, k) => {
    if (!share) return;
    const from = x.place(k ? series.x[k - 1] : x.axis.low), to = Math.min(x.place(series.x[k]), x.end);
    c.globalAlpha = 0.25 + 0.75 * share;
    c.fillRect(from, y.start - 5, Math.max(1, to - from), 5);
  });
  c.globalAlpha = 1;
}

/** The area between two lines; what has no place on the axis goes along its edge. @type {Drawer} */
function between({ c, x, y }, series, colour) {
  const point = (/** @type {number} */ k, /** @type {number} */ value) =>
    c.lineTo(x.place(series.x[k]), y.has(value) ? y.within(y.place(value)) : y.start);
  c.beginPath();
  series.x.forEach((_, k) => point(k, series.y[k] ?? 0));
  for (let k = series.x.length - 1; k >= 0; k--) point(k, series.to?.[k] ?? 0);
  Object.assign(c, { fillStyle: colour, globalAlpha: series.alpha ?? 0.15 });
  c.fill();
  c.globalAlpha = 1;
}

/** @type {Record<NonNullable<Chart.Series["kind"]>, Drawer>} */
export const DRAWERS = { line, dots, band, ring, strokes, between };
