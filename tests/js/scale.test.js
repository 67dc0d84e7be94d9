// Scales and the marks of axes.
import assert from "node:assert/strict";
import { test } from "node:test";

import { Scale, decades, markText, roundMarks, rounded, upperEnd } from "../../seqlab/ui/widgets/kit/scale.js";

const axis = (more) => ({ low: 0, high: 10, ticks: [], ...more });

test("a place and a number are each other's inverse, upwards, downwards and on a logarithmic axis", () => {
  for (const [more, start, end] of [[{}, 70, 370], [{}, 300, 8], [{ low: 1e-6, high: 1, log: true }, 300, 8]]) {
    const scale = new Scale(axis(more), start, end);
    for (const value of [1e-6, 0.01, 1].filter((value) => value >= scale.axis.low))
      assert.ok(Math.abs(scale.value(scale.place(value)) - value) < 1e-9);
  }
});

test("an exact 0 stands at the low end of a logarithmic axis, or nowhere on one with gaps", () => {
  const log = { low: 1e-8, high: 1, log: true };
  assert.equal(new Scale(axis(log), 300, 8).place(0), 300);
  assert.equal(new Scale(axis({ ...log, gaps: true }), 300, 8).has(0), false);
  assert.equal(new Scale(axis(log), 300, 8).has(null), false);
});

test("what is beyond the ends is held at the nearest, whichever way the axis runs", () => {
  assert.deepEqual([0, 99, 400].map((x) => new Scale(axis(), 70, 370).within(x)), [70, 99, 370]);
  assert.deepEqual([0, 99, 400].map((y) => new Scale(axis(), 300, 8).within(y)), [8, 99, 300]);
});

test("ends are round and hold the number", () => {
  for (let k = 0; k < 400; k++) {
    const value = 10 ** (-6 + k / 30), high = rounded(value, true), low = rounded(value, false);
    assert.ok(low <= value * 1.0002 && high >= value * 0.9998, `${low} ≤ ${value} ≤ ${high}`);
    assert.ok(high / low <= 1.6, "the next round number is near");
  }
  assert.equal(upperEnd(0), 1);
  assert.equal(upperEnd(0.93), 1);
});

test("round marks begin and end with the axis and never touch", () => {
  for (const [low, high] of [[1, 30], [1.5, 8], [1, 1e9], [20, 30]]) {
    const y = (value) => 84 * (1 - Math.log10(value / low) / Math.log10(high / low)), marks = roundMarks(low, high, y, 17);
    assert.deepEqual([marks[0], marks.at(-1)], [low, high]);
    assert.ok(marks.slice(1).every((mark, k) => y(marks[k]) - y(mark) >= 17));
  }
});

test("powers of ten, some four of them, and short texts", () => {
  assert.deepEqual(decades(-2, 1), [0.01, 0.1, 1, 10]);
  assert.ok(decades(-9, 3).length <= 5);
  assert.deepEqual([0, 0.25, 1e-5, 20000, 300].map(markText), ["0", "0.25", "1e−5", "2e4", "300"]);
});
