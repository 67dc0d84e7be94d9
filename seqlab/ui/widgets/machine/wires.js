// The wires of the machine, and the numbers that run along them as small strips of colours.
// @ts-check

import { calm, el, svg } from "../kit/dom.js";

/** @typedef {import("./picture.js").Machine} Machine */
/** @typedef {import("./card.js").Card} Card */

const ROUND = 6, TRAVEL = 420; // pixels of a corner; milliseconds that numbers take

/** A way with round corners. @param {[number, number][]} points */
export function way(points) {
  const kept = points.filter(([x, y], k) => !k || x !== points[k - 1][0] || y !== points[k - 1][1]);
  return kept.map(([x, y], k) => {
    if (!k) return `M${x} ${y}`;
    if (k === kept.length - 1) return `L${x} ${y}`;
    const [before, after] = [near([x, y], kept[k - 1]), near([x, y], kept[k + 1])];
    return `L${before.join(" ")}Q${x} ${y} ${after.join(" ")}`;
  }).join("");
}

/** A point before a corner, on the way to another one. @param {[number, number]} corner @param {[number, number]} to */
function near([x, y], [u, v]) {
  const far = Math.hypot(u - x, v - y), part = Math.min(ROUND, far / 2) / (far || 1);
  return [x + (u - x) * part, y + (v - y) * part];
}

/** All wires of one drawing. */
export class Wires {
  /** @param {Machine} machine @param {Map<string, Card>} cards */
  constructor(machine, cards) {
    this.cards = cards;
    this.packets = el("div", { class: "packets", "aria-hidden": "true" });
    const head = svg("marker", { id: "arrow", viewBox: "0 0 8 8", refX: 7, refY: 4, markerWidth: 8,
      markerHeight: 8, markerUnits: "userSpaceOnUse", orient: "auto" }, svg("path", { d: "M0 0L8 4L0 8z" }));
    this.node = svg("svg", { class: "wires", width: machine.width, height: machine.height, "aria-hidden": "true" },
      svg("defs", {}, head));
    this.all = machine.wires.map((wire) => {
      const from = /** @type {Card} */ (cards.get(wire.start)), to = cards.get(wire.end), d = way(wire.points);
      const path = svg("path", { d, "marker-end": "url(#arrow)",
        style: from.part.key ? `--wire: var(--symbol-${from.part.key}, var(--muted))` : "" });
      this.node.append(path);
      return { path, d, from, line: to?.part.line ?? from.part.line, gate: to?.part.gate === wire.start };
    });
  }

  /** Light what the present line reads; ``moved``: its numbers run there. @param {(line: string) => string} stateOf
   * @param {boolean} moved */
  draw(stateOf, moved) {
    for (const { path, d, from, line, gate } of this.all) {
      const state = stateOf(line);
      path.dataset.state = state;
      path.classList.toggle("gate", gate);
      if (state === "now" && moved && !calm()) this.send(d, from.pixels.canvas);
    }
  }

  /** Let a strip run along a wire. @param {string} d @param {HTMLCanvasElement} strip */
  send(d, strip) {
    const packet = el("canvas", { width: strip.width, height: 1, style: `offset-path: path("${d}")` });
    this.packets.append(packet);
    packet.getContext("2d")?.drawImage(strip, 0, 0);
    packet.animate([{ offsetDistance: "0%", opacity: 1 }, { offsetDistance: "100%", opacity: 1 }],
      { duration: TRAVEL, easing: "ease-in-out" }).onfinish = () => packet.remove();
  }
}
