// Colour maps and letter colours.
import assert from "node:assert/strict";
import { test } from "node:test";

import "./page.js";
import { Inks, channels, colourOf, contrast, legible, lookup, ramp, rgb } from "../../seqlab/ui/widgets/kit/colour.js";

test("a colour map begins and ends with its stops, as pixels and as CSS", () => {
  const stops = ["#102030", "#ffffff", "#a0b0c0"], table = lookup(stops);
  assert.equal(table.length, 256);
  assert.deepEqual([table[0], table[255]].map(channels), [rgb(stops[0]), rgb(stops[2])]);
  assert.deepEqual([ramp(stops)[0], ramp(stops).at(-1)], ["rgb(16 32 48)", "rgb(160 176 192)"]);
});

test("letters are legible on every colour of both maps in both themes", () => {
  for (const { diverging, sequential, text, background } of [THEME.light, THEME.dark])
    for (const stops of [diverging, sequential])
      for (const pixel of lookup(stops)) {
        const ground = channels(pixel), best = contrast(rgb(legible(ground, [text, background])), ground);
        assert.ok(best >= Math.max(contrast(rgb(text), ground), contrast(rgb(background), ground)));
        assert.ok(best > 4, `${ground} has ${best}`);
      }
});

test("a number beyond the limits has the colour of the end, and none has the lowest", () => {
  const inks = new Inks(THEME.light);
  assert.equal(inks.of(9, [0, 1]), inks.of(1, [0, 1]));
  assert.equal(inks.of(NaN, [0, 1]), inks.of(0, [0, 1]));
  assert.equal(inks.on(1, [0, 1], "sequential"), THEME.light.background);
});

test("a colour has a name in the palette, or is that of text", () => {
  assert.equal(colourOf(THEME.light, "symbols.h"), "#123456");
  assert.equal(colourOf(THEME.light, "symbols.unknown"), THEME.light.text);
});
