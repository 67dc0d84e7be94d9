// What a panel of the kit draws, told by the calls on its canvas.
import assert from "node:assert/strict";
import { test } from "node:test";

import { Ink } from "./page.js";
import { ChartPanel } from "../../seqlab/ui/widgets/kit/chart.js";

const panel = (more = {}) => ({ x: { low: 0, high: 10, ticks: [[0, "0"], [10, "10"]] }, y: { low: 0, high: 1, ticks: [[0, "0"], [1, "1"]] },
  alt: "A panel.", series: [], rules: [], ...more });

/** Draw a panel on 600 × 200 pixels; returns the chart and what was called on its canvas. */
function drawn(spec, more, options) {
  const chart = new ChartPanel(options), ink = new Ink();
  Object.assign(chart.canvas, { clientWidth: 600, clientHeight: 200, getBoundingClientRect: () => ({ left: 20, top: 10 }) });
  chart.surface.context = ink;
  chart.draw(spec, THEME.light, more);
  return { chart, ink };
}

const arcs = (ink) => ink.calls.filter(([name]) => name === "arc").map(([, x, y, r]) => [x, y, r]);

test("a canvas has the screen's own pixels and the panel's words", () => {
  const { chart } = drawn(panel());
  assert.deepEqual([chart.canvas.width, chart.canvas.height], [1200, 400]);
  assert.equal(chart.canvas.attributes["aria-label"], "A panel.");
});

test("marks stand at their numbers", () => {
  const { texts } = drawn(panel()).ink;
  assert.deepEqual(texts.map(({ text }) => text), ["0", "1", "0", "10"]);
  assert.ok(texts[0].y > texts[1].y, "the axis runs upwards");
  assert.deepEqual(texts.slice(2).map(({ x }) => x), [70, 588]);
});

test("marks that do not fit are left out evenly", () => {
  const ticks = Array.from({ length: 200 }, (_, t) => [t, `${t}\nm`]);
  const { texts } = drawn(panel({ x: { low: -0.5, high: 199.5, ticks }, y: { low: 0, high: 1, ticks: [] } })).ink;
  const numbers = texts.map(({ text }) => text).filter((text) => text !== "m").map(Number);
  assert.equal(new Set(numbers.slice(1).map((value, k) => value - numbers[k])).size, 1);
  assert.ok(numbers.length < 60 && numbers.length > 8);
});

test("texts of upright lines that are close stand beside one another", () => {
  const rules = [5.2, 5, 9].map((at) => ({ axis: "x", at, text: `at ${at}`, colour: "text" }));
  const places = drawn(panel({ rules })).ink.texts.filter(({ text }) => text.startsWith("at"));
  assert.deepEqual(places.map(({ text }) => text), ["at 5", "at 5.2", "at 9"]);
  assert.ok(places[1].x - places[0].x > 20, "the second makes room");
  assert.ok(Math.abs(places[2].x - 536) < 1, "the third stands over its line");
});

test("a line has a gap where there is no number, and a point between two gaps is still seen", () => {
  const series = [{ x: [0, 1, 2, 3, 4, 5], y: [0.5, 0.5, null, 0.5, null, 0.5], colour: "accent" }];
  const moves = drawn(panel({ series, x: { low: 0, high: 5, ticks: [] }, y: { low: 0, high: 1, ticks: [] } })).ink.calls
    .filter(([name]) => name === "moveTo");
  assert.equal(moves.length, 3);
});

test("the pointer reads the numbers under it, and those at the ends beyond them", () => {
  const { chart } = drawn(panel());
  assert.deepEqual(chart.under({ clientX: 20 + 329, clientY: 10 + 92 }), { x: 5, y: 0.5 });
  assert.deepEqual(chart.under({ clientX: 0, clientY: 999 }), { x: 0, y: 0 });
});

test("what is pointed at is marked by a line and dots over all that is drawn", () => {
  const { ink } = drawn(panel(), { cursor: { x: 5, line: "text", dots: [{ y: 1, colour: "right" }, { y: 0, colour: "wrong" }] } });
  assert.deepEqual(arcs(ink), [[329, 8, 3.5], [329, 176, 3.5]]);
});

test("a text over a mark has room below the edge", () => {
  const { texts } = drawn(panel({ rules: [{ axis: "x", at: 5, colour: "accent", text: "here" }] })).ink;
  assert.ok(texts.find(({ text }) => text === "here").y >= 14);
});

test("without texts only the lines of the axes are drawn", () => {
  const { ink } = drawn(panel(), {}, { texts: false });
  assert.equal(ink.texts.length, 0);
  assert.ok(ink.calls.some(([name]) => name === "stroke"));
});

test("a chart without room draws nothing and does not fail", () => {
  const chart = new ChartPanel();
  Object.assign(chart.canvas, { clientWidth: 0, clientHeight: 200 });
  chart.draw(panel(), THEME.light);
  assert.equal(chart.under({ clientX: 0, clientY: 0 }), null);
});
