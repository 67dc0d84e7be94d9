// Messages of bytes, wherever they begin in a larger one.
import assert from "node:assert/strict";
import { test } from "node:test";

import { LOST, decoded, unpacked } from "../../seqlab/ui/widgets/kit/packed.js";

/** A message as seqlab/figures/film.py packs one, behind some bytes that do not belong to it. */
function message(header, floats, before) {
  const text = new TextEncoder().encode(JSON.stringify(header));
  const bytes = new Uint8Array(before + 4 + text.length + floats.byteLength);
  new DataView(bytes.buffer).setUint32(before, text.length, true);
  bytes.set(text, before + 4);
  bytes.set(new Uint8Array(floats.buffer), before + 4 + text.length);
  return bytes.subarray(before);
}

for (const before of [0, 3])
  test(`numbers are read from byte ${before} on`, () => {
    const header = { word: "hello", arrays: [{ name: "p", offset: 8, length: 2, shape: [2] }] };
    const { header: read, arrays } = unpacked(message(header, Float32Array.of(0, 0, 1.5, -2), before), () => Float32Array);
    assert.equal(read.word, "hello");
    assert.deepEqual([...arrays[0].values], [1.5, -2]);
    assert.deepEqual(arrays[0].shape, [2]);
  });

test("codes are spread evenly over their range, and one of them is none", () => {
  assert.deepEqual([-32767, 0, 32767].map((code) => decoded(code, [-1, 3])), [-1, 1, 3]);
  assert.ok(Number.isNaN(decoded(LOST, [0, 1])));
});
