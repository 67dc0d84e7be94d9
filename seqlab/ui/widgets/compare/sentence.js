// What a change does to the answers, in a sentence.
// @ts-check

import { figure } from "../kit/numbers.js";

/** @typedef {import("./picture.js").Comparison} Comparison */

const MOST_NAMED = 6; // answers that are named one by one

/** Which answers change from A to B, and where the change is largest; what the page says instead, or nothing.
 * @param {Comparison} data */
export function sentence({ sides: [before, after], kl, says }) {
  if (says === null || says) return says ?? "";
  const divergences = (kl ?? []).map((one) => one ?? 0), most = Math.max(...divergences);
  const largest = `KL is largest at t = ${divergences.indexOf(most)}: ${figure(most)} nats.`;
  const moved = before.outputs.map((_, t) => t).filter((t) => before.outputs[t] !== after.outputs[t]);
  if (!moved.length) return `No answer changes. ${largest}`;
  const each = moved.slice(0, MOST_NAMED).map((t) => `${before.outputs[t]} → ${after.outputs[t]} at t = ${t}`);
  const rest = moved.length > MOST_NAMED ? `, and ${moved.length - MOST_NAMED} more` : "";
  return `${moved.length} of ${before.outputs.length} answers change: ${each.join(", ")}${rest}. ${largest}`;
}
