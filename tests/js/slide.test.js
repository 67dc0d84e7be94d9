// The words of a slide, and where a chart stands on it.

import assert from "node:assert/strict";
import { test } from "node:test";

import "./page.js";
import { SLIDE, fitted, settings } from "../../seqlab/ui/widgets/kit/slide.js";

test("the settings are those of the address", () => {
  assert.equal(settings("?run=echo-gru&word=a%26b&embed=true"), "run echo-gru · word a&b");
  assert.equal(settings(""), "");
});

test("a chart is as large as there is room, and in the middle", () => {
  for (const [width, height] of [[300, 900], [1200, 100], [752, 356]]) {
    const { scale, left, top } = fitted(width, height);
    assert.ok(left >= SLIDE.edge - 1e-9 && left + scale * width <= SLIDE.width - SLIDE.edge + 1e-9);
    assert.ok(top >= SLIDE.head - 1e-9 && top + scale * height <= SLIDE.height - SLIDE.foot + 1e-9);
    assert.ok(Math.abs(left - (SLIDE.width - scale * width - left)) < 1e-9);
  }
});
