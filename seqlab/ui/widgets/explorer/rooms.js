// How high the maps are: in two sizes on a desk; on a projector h and its gates stand beside one another and fill it.
// @ts-check

import { presented } from "../kit/present.js";

const ROOMY = 860; // height of a window from which on the maps are tall
const HEIGHTS = { wide: [128, 224], narrow: [96, 128] };
const TALLEST = { desk: 24, projector: 60 }; // pixels of a unit
// On a projector: what stands around the map of h, beside it (the letters) and around each map (name and letters).
const AROUND = 400, LETTERS = 140, OWN = 72, LEAST = 48;

/** The pixels that a map may take. @param {boolean} wide is it that of h? @param {number} others maps beside it
 * @param {{ high?: number, beside?: boolean }} [where] height of the window, and whether it is a projector's */
export function roomOf(wide, others, { high = innerHeight, beside = presented() !== null } = {}) {
  if (!beside) return HEIGHTS[wide ? "wide" : "narrow"][Number(high >= ROOMY)];
  const rest = Math.max(HEIGHTS.wide[0], high - AROUND);
  return wide ? rest : Math.max(LEAST, (rest + OWN + LETTERS) / Math.max(1, others) - OWN);
}

/** Whole pixels for each unit, so that no row looks thicker than another; layers beyond the height are averaged;
 * on a projector all fit.
 * @param {number} units @param {number} room @param {boolean} [beside] */
export function rowHeight(units, room, beside = presented() !== null) {
  if (beside) return units > room ? room / units : Math.min(TALLEST.projector, Math.floor(room / units));
  if (units > 2 * room) return (2 * room) / units;
  return Math.max(1, Math.min(TALLEST.desk, Math.round(room / units)));
}
