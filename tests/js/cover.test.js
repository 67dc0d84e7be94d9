// Whose page is covered while the teacher's question stands: nobody who is led sees the truth by leaving.

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { covers } from "../../seqlab/ui/widgets/frame/cover.js";

const ASKED = { id: 7, hides: "echo" }, LED = { page: "echo", query: "" };
let kept;

/** A tab's own memory, new for each test. */
beforeEach(() => {
  kept = new Map();
  globalThis.sessionStorage = { getItem: (name) => kept.get(name) ?? null, setItem: (name, text) => kept.set(name, text) };
});

const pupil = (round, place, page = "echo") => covers({ round, place }, page, false);

test("a class that is led is covered, whoever follows and whoever has left, on the page that shows the truth", () => {
  assert.equal(pupil(ASKED, LED), true);
  assert.equal(pupil(ASKED, LED, "hello"), false);
  assert.equal(pupil({ id: 7, hides: "" }, LED), false);
  assert.equal(pupil(null, LED), false);
});

test("a class that is led no longer stays covered until the question is over, also after a reload", () => {
  pupil(ASKED, LED);
  assert.equal(pupil(ASKED, null), true);
  assert.equal(pupil({ ...ASKED, hides: "" }, null), false);
  assert.equal(pupil({ id: 8, hides: "echo" }, null), false);
});

test("who works alone keeps the page, and the teacher's is covered in any case", () => {
  assert.equal(pupil(ASKED, null), false);
  assert.equal(covers({ round: ASKED, place: null }, "echo", true), true);
});
