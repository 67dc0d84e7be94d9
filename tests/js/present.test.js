// A page on a projector: how the address says so, how large type is, what its keys do, and the rooms of the maps.

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import "./page.js";
import { ChartPanel } from "../../seqlab/ui/widgets/kit/chart.js";
import { grown, larger, presented, said, saying, sized, without } from "../../seqlab/ui/widgets/kit/present.js";
import { roomOf, rowHeight } from "../../seqlab/ui/widgets/explorer/rooms.js";
import { doing } from "../../seqlab/ui/widgets/frame/present.js";
import { temperatureAt } from "../../seqlab/ui/widgets/sampling/film.js";

const { dataset } = globalThis.document.documentElement;
const HERE = { on: true, typing: false, pressing: false };

beforeEach(() => { delete dataset.present; });

test("an address says whether and how, and nothing else of it changes", () => {
  for (const [search, how] of [["", null], ["?run=a", null], ["?presented=1", null], ["?present", ""],
    ["?run=a&present=1", ""], ["?present=inverted&run=a", "inverted"]]) assert.equal(said(search), how);
  assert.equal(without("word=a+b%20c&present&delay=2"), "word=a+b%20c&delay=2");
  assert.equal(without("present=inverted"), "");
  assert.equal(without("presented=1"), "presented=1");
  assert.equal(saying("word=a+b", ""), "word=a+b&present");
  assert.equal(saying("present&word=a", "inverted"), "word=a&present=inverted");
  assert.equal(saying("present", null), "");
});

test("type is never under the least size of a projector, and as it was elsewhere", () => {
  assert.deepEqual([presented(), sized(11), grown(), larger()], [null, 11, 1, 1]);
  dataset.present = "";
  for (const pixels of [9, 11, 12, 12.5, 14, 16, 21]) assert.ok(sized(pixels) >= Math.max(18, 1.3 * pixels));
  assert.deepEqual([sized(20), grown(), larger()], [26, 1.5, 1.3]);
});

test("a chart's texts are as large, and what stands around them has grown", () => {
  const panel = { x: { low: 0, high: 10, ticks: [[0, "0"], [10, "10"]], label: "step" }, y: { low: 0, high: 1,
    ticks: [[0, "0"], [1, "1"]] }, alt: "a", rules: [], series: [] };
  const drawn = () => {
    const chart = new ChartPanel();
    Object.assign(chart.canvas, { clientWidth: 600, clientHeight: 300 });
    chart.draw(panel, THEME.light);
    return chart;
  };
  const before = drawn();
  dataset.present = "";
  const after = drawn();
  assert.equal(before.surface.context.font, "12px sans-serif");
  assert.equal(after.surface.context.font, "18px sans-serif");
  assert.equal(after.x.start, 1.5 * before.x.start);
  assert.equal(300 - after.y.start, 1.5 * (300 - before.y.start));
});

test("keys do something on a projector, and nothing where somebody writes or a button would take them", () => {
  const does = (key, more = {}, event = {}) => doing({ key, ...event }, { ...HERE, ...more });
  assert.deepEqual(["p", "b", " ", "1", "9"].map((key) => does(key)), ["switch", "invert", "play", "1", "9"]);
  assert.deepEqual(["0", "x", "P", "Enter"].map((key) => does(key)), [null, null, null, null]);
  assert.deepEqual(["p", "b", " ", "1"].map((key) => does(key, { on: false })), ["switch", null, null, null]);
  for (const key of ["p", "b", " ", "1"]) {
    assert.equal(does(key, { typing: true }), null);
    for (const held of ["ctrlKey", "metaKey", "altKey"]) assert.equal(does(key, {}, { [held]: true }), null);
  }
  assert.equal(does(" ", { pressing: true }), null);
});

test("maps beside one another fill the window, and are as they were on a desk", () => {
  assert.deepEqual([roomOf(true, 2, { high: 720, beside: false }), roomOf(false, 2, { high: 900, beside: false })],
    [128, 128]);
  const low = roomOf(true, 2, { high: 720, beside: true }), high = roomOf(true, 2, { high: 1080, beside: true });
  assert.equal(high - low, 360);
  for (const others of [1, 2, 4]) {
    const room = roomOf(false, others, { high: 1080, beside: true });
    assert.ok(others * room < roomOf(false, 1, { high: 1080, beside: true }) + 1 && room >= 48);
  }
  assert.equal(rowHeight(8, 400, false), 24);
  assert.equal(rowHeight(8, 400, true), 50);
});

test("the film goes from the coldest to the hottest and holds both ends", () => {
  assert.deepEqual([0, 0.05, 1].map(temperatureAt), [0, 0, 2]);
  assert.equal(temperatureAt(0.5), 1);
  const all = Array.from({ length: 50 }, (_, k) => temperatureAt(k / 49));
  assert.deepEqual(all, [...all].sort((a, b) => a - b));
});
