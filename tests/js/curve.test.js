// The curves of a run as panels: ends, dots, gaps and what is marked.
import assert from "node:assert/strict";
import { test } from "node:test";

import { ends, panelOf, specsOf } from "../../seqlab/ui/widgets/live/curve.js";

const run = (more = {}, columns = {}) => ({ steps: 10, state: "running", ...more,
  columns: { step: [1, 2, 3], loss: [3, null, 1], validation: [null, 2, null], grad_norm: [0.5, 0, 2], clipped: [0, 0.5, 1],
    ...columns } });
const spec = (key, data) => specsOf(data).find((one) => one.key === key);

test("which curves there are follows the task", () => {
  const keys = (more) => specsOf(run(more)).map(({ key }) => key);
  assert.deepEqual(keys({}), ["loss", "accuracy", "grad_norm", "lr"]);
  assert.ok(keys({ perplexity: true }).includes("perplexity"));
  assert.ok(keys({ valid: true, perplexity: true }).includes("valid"));
});

test("a run that was recorded has the curves that it has, and some of its loop's own", () => {
  const data = run({ recorded: true, own: ["score"] }, { lr: [null, null, null], score: [-1, null, 2] });
  assert.deepEqual(specsOf(data).map(({ key }) => key), ["loss", "grad_norm", "score"]);
  assert.deepEqual(ends(spec("score", data), [-1, null, 2]), [-1, 2]);
  assert.equal(spec("score", data), spec("score", data)); // the same one, so that its chart stays
});

test("the axis holds all numbers, a share is a whole one, and nothing at all has an axis too", () => {
  assert.deepEqual(ends({ key: "a", title: "a", share: true }, [0.2]), [0, 1]);
  assert.deepEqual(ends({ key: "a", title: "a" }, [0, 0.93]), [0, 1]);
  assert.deepEqual(ends({ key: "a", title: "a", log: true }, [0.02, 30, 0]), [0.01, 100]);
  assert.deepEqual(ends({ key: "a", title: "a", log: true }, [null]), [0.1, 10]);
});

test("a loss has a gap where it diverged, its validation as dots, and its floor as a line", () => {
  const data = run({ floor: 0.5, marks: [{ step: 2, label: "rate" }] }), panel = panelOf(spec("loss", data), data, 300);
  const [line, dots] = panel.series;
  assert.deepEqual(line.y, [3, null, 1]);
  assert.deepEqual([dots.kind, dots.x, dots.y], ["dots", [2], [2]]);
  assert.deepEqual(panel.rules.map(({ axis, at, text }) => [axis, at, text]), [["x", 2, undefined], ["y", 0.5, "floor 0.5"]]);
});

test("a norm of 0 has no place on its axis, and clipped updates are strokes", () => {
  const data = run({ clip: 1 }), panel = panelOf(spec("grad_norm", data), data, 300);
  assert.deepEqual(panel.series.map(({ kind = "line", y }) => [kind, y]),
    [["strokes", [0, 0.5, 1]], ["line", [0.5, null, 2]]]);
});

test("what is measured now and then is joined over the gaps", () => {
  const data = run({ valid: true }, { valid: [0.2, null, 0.8] }), panel = panelOf(spec("valid", data), data, 300);
  assert.deepEqual([panel.series[0].x, panel.series[0].y], [[1, 3], [0.2, 0.8]]);
});

test("a band of the first steps has a quarter of the axis, until the run is beyond that", () => {
  const bands = { name: "", tells: "", columns: { loss: { x: [5, 10], low: [2, 0.5], high: [7, 0.9] } } };
  const axis = (more) => (({ x }) => [x.high, ...x.ticks.map(([at]) => at)])(
    panelOf(spec("accuracy", run(more)), run(more), 300));
  assert.deepEqual(axis({ steps: 100, bands }), [40, 0, 40]);
  assert.deepEqual(axis({ steps: 100, bands, step: 40 }), [40, 0, 40]);
  assert.deepEqual(axis({ steps: 100, bands, step: 41 }), [100, 0, 100]);
  assert.deepEqual(axis({ steps: 12, bands, step: 3 }), [12, 0, 12]);
  assert.deepEqual(axis({ steps: 100, bands: null }), [100, 0, 100]);
});

test("a run lies on the band of its recipe, which the axis holds, and is drawn before the curve", () => {
  const area = { x: [1, 10], low: [2, 0.5], high: [7, 0.9] };
  const data = run({ bands: { name: "10–90 % of 8 seeds", tells: "", columns: { loss: area } } });
  const panel = panelOf(spec("loss", data), data, 300);
  assert.deepEqual(panel.series.map(({ kind = "line" }) => kind), ["between", "line", "dots"]);
  assert.deepEqual([panel.series[0].x, panel.series[0].y, panel.series[0].to], [area.x, area.low, area.high]);
  assert.ok(panel.y.high >= 7);
  assert.ok(panelOf(spec("grad_norm", data), data, 300).series.every(({ kind }) => kind !== "between"));
});
