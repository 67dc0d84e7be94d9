// The labels of a map of attention that leaves as a picture.

import assert from "node:assert/strict";
import { test } from "node:test";

import "./page.js";
import { labelled } from "../../seqlab/ui/widgets/attention/picture.js";

const width = (token, size) => 0.6 * size * token.length;

test("few tokens have large labels, and all of them", () => {
  const { cell, size, every, gutter } = labelled(["the", "cat", "sat"], width);
  assert.equal(size, 20);
  assert.equal(every, 1);
  assert.ok(size <= cell);
  assert.equal(gutter, 8 + 36);
});

test("of many tokens only as many labels stand as have room", () => {
  const { cell, size, every } = labelled(Array(200).fill("a"), width);
  assert.ok(every * cell >= size);
  assert.ok((every - 1) * cell < 13);
});
