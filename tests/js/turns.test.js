// Messages to a page that takes its time.

import assert from "node:assert/strict";
import { mock, test } from "node:test";

import { Turns } from "../../seqlab/ui/widgets/moving_slider/turns.js";

test("one message at a time, each of the newest state, and the last one always", () => {
  mock.timers.enable({ apis: ["setTimeout", "Date"], now: 10_000 });
  let state = 0, busy = false;
  /** @type {[number, number][]} */
  const sent = [];
  const turns = new Turns((turn) => sent.push([turn, state]), () => busy);
  for (state = 1; state <= 5; state++) turns.ask();
  assert.deepEqual(sent, [[1, 1]]); // the first at once
  state = 5;
  mock.timers.tick(1000);
  assert.equal(sent.length, 1); // the page has not answered yet
  busy = true;
  turns.answer(1);
  mock.timers.tick(9000);
  assert.equal(sent.length, 1); // it has taken it, and still draws
  busy = false;
  mock.timers.tick(20);
  assert.deepEqual(sent.at(-1), [2, 5]);
  assert.equal(turns.settled, false);
  turns.answer(2);
  assert.equal(turns.settled, true);
  mock.timers.tick(10_000);
  assert.equal(sent.length, 2); // nothing is said twice
  turns.ask();
  turns.ask(); // before it was answered
  mock.timers.tick(2900);
  assert.equal(sent.length, 3);
  mock.timers.tick(200);
  assert.equal(sent.length, 4); // the page has lost a message: the newest goes all the same
  turns.ask();
  turns.stop();
  mock.timers.tick(10_000);
  assert.equal(sent.length, 4);
  mock.timers.reset();
});
