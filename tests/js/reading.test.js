// What a chart says: under the pointer, as a table, as a sheet.
import assert from "node:assert/strict";
import { test } from "node:test";

import "./page.js";
import { SpokenTable, csv, evenly, nearest, readings, sheet, summary } from "../../seqlab/ui/widgets/kit/reading.js";

const axis = { low: 0, high: 10, ticks: [] };
const panel = { x: axis, y: { ...axis, log: true }, alt: "What it shows.", rules: [], series: [
  { x: [0, 1, 4], y: [1e-6, 0, null], colour: "accent", name: "one" },
  { x: [0, 1], y: [2, 3], colour: "accent", kind: "dots", name: "two" },
  { x: [4], y: [1], colour: "accent", kind: "ring", name: "ring" }, { x: [9], y: [1], colour: "accent" }] };
const map = { values: [[0, 1, null], [-1, 0.5, 0.25]], low: -1, high: 1, colours: "diverging", scale: [] };
const field = { x: axis, y: axis, alt: "A map.", rules: [], series: [], map };

test("the nearest drawn x is read, with every series that has a number there", () => {
  assert.equal(nearest(panel, 0.4), 0);
  assert.deepEqual(readings(panel, { x: 0.4, y: 0 }), ["t = 0", "one 1.0e−6", "two 2.0"]);
  assert.deepEqual(readings(panel, { x: 1.2, y: 0 }), ["t = 1", "one 0", "two 3.0"]);
  assert.deepEqual(readings(panel, { x: 4, y: 0 }), ["t = 4"]);
});

test("a cell of a map is read by its place or by names, and a folded one by its true number", () => {
  assert.deepEqual(readings(field, { x: 2.3, y: 1.4 }), ["t = 2, unit 1", "0.250"]);
  assert.deepEqual(readings(field, { x: 99, y: -3 }), ["t = 2, unit 0", "not a number"]);
  assert.deepEqual(readings({ ...field, map: { ...map, names: ["a", "b", "c"] } }, { x: 0, y: 1 }), ["b and a", "−1.000"]);
  const read = [[1e-9, 0, 0], [0, 0, 0]];
  assert.deepEqual(readings({ ...field, map: { ...map, read } }, { x: 0, y: 0 }), ["t = 0, unit 0", "1.0e−9"]);
});

test("a sheet has a row for each x and a column for each named series", () => {
  assert.deepEqual(sheet(panel), [["t", "one", "two"], [0, 1e-6, 2], [1, 0, 3], [4, null, null]]);
  assert.deepEqual(sheet(field), [["unit", "t = 0", "t = 1", "t = 2"], [0, 0, 1, null], [1, -1, 0.5, 0.25]]);
});

test("a sheet is read back as it was, and no cell is taken for a formula", () => {
  assert.equal(csv([["a, b", "say \"x\""], [1.5, null], ["=1+1", "-x"]]),
    "\"a, b\",\"say \"\"x\"\"\"\r\n1.5,\r\n'=1+1,'-x\r\n");
});

test("long tables are cut evenly, wide maps are told by their least, mean and greatest", () => {
  const some = evenly(Array.from({ length: 1000 }, (_, k) => k), 60);
  assert.equal(some.length, 60);
  assert.deepEqual([some[0], some.at(-1)], [0, 999]);
  assert.deepEqual(summary([["unit", "t = 0", "t = 1"], [0, 1, 3], [1, null, null]]),
    [["unit", "least", "mean", "greatest"], [0, 1, 2, 3], [1, null, null, null]]);
});

test("the table that is read aloud has all numbers, and a gap is said to be none", (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const spoken = new SpokenTable();
  spoken.say(() => [panel]);
  spoken.say(() => assert.fail("one table is under way"));
  assert.equal(spoken.node.children.length, 0);
  context.mock.timers.tick(1000);
  const [table] = spoken.node.children;
  assert.deepEqual(table.all("th").map(({ textContent }) => String(textContent)), ["t", "one", "two", "0", "1", "4"]);
  assert.deepEqual(table.all("td").map(({ textContent }) => textContent), ["1.0e−6", "2", "0", "3", "none", "none"]);
  assert.equal(table.all("caption")[0].textContent, "What it shows.");
});
