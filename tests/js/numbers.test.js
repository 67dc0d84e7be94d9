// Numbers as people read them.
import assert from "node:assert/strict";
import { test } from "node:test";

import { figure, large, percent, scientific, signed, subscript, two, whole } from "../../seqlab/ui/widgets/kit/numbers.js";

test("a number has a true minus, no more digits than were sent, and powers of ten at its ends", () => {
  assert.equal(figure(-0.7314), "−0.731");
  assert.equal(figure(4.4e-16), "4.4e−16");
  assert.equal(figure(123456), "1.2e5");
  assert.equal(figure(-0.0000), "0.000");
  assert.equal(figure(NaN), "not a number");
});

test("nothing is 100 per cent but all of it", () => {
  assert.equal(percent(0.9999), "99.9 %");
  assert.equal(percent(1), "100 %");
  assert.equal(percent(0.123), "12 %");
});

test("numbers that stand side by side have two decimals, and zero has no minus", () => {
  assert.deepEqual([-0.004, -0.006, 1].map(two), ["0.00", "−0.01", "1.00"]);
  assert.deepEqual([-0.004, 0.5, -2].map(signed), ["+0.00", "+0.50", "−2.00"]);
  assert.equal(two(NaN), "–");
});

test("logarithmic pictures, thousands and small digits", () => {
  assert.deepEqual([0, -1.234e-7, 2].map(scientific), ["0", "−1.2e−7", "2.0"]);
  assert.equal(whole(1234567.4), "1,234,567");
  assert.equal(subscript(10), "₁₀");
});

test("a huge number is a power of ten, without a program's exponent", () => {
  assert.deepEqual([27.94, 1234.4, 9.762208904447173e26, Infinity, NaN].map((value) => large(value)),
    ["27.9", "1,234", "9.8 × 10²⁶", "∞", "–"]);
});
