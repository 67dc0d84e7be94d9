// One time for all pictures: who says it does not hear it, and nobody hears the same time twice.
import assert from "node:assert/strict";
import { test } from "node:test";

test("the others follow the one that says the time, once, until they stop", async () => {
  globalThis.window = /** @type {any} */ (new EventTarget());
  const { Cursor } = await import("../../seqlab/ui/widgets/kit/cursor.js");
  /** @type {[string, number | null][]} */
  const heard = [];
  const [first, second, third] = ["first", "second", "third"].map((name) => new Cursor((t) => heard.push([name, t])));
  first.say(3);
  first.say(3);
  second.say(3);
  assert.deepEqual(heard.splice(0), [["second", 3], ["third", 3]]);
  third.stop();
  second.say(null);
  assert.deepEqual(heard, [["first", null]]);
  second.say(5);
  assert.equal(first.t, 5);
  assert.equal(third.t, 3);
  globalThis.window.dispatchEvent(new CustomEvent("seqlab:time", { detail: { from: null, t: 5 } }));
  assert.deepEqual(heard.splice(1), [["first", 5]]); // both stand there already
});
