// One of a run's curves, as a panel of the kit: its axis, its line, what was measured now and then, and what is marked.
// @ts-check

import { percent, whole } from "../kit/numbers.js";
import { decades, markText, roundMarks, rounded, upperEnd } from "../kit/scale.js";

const HEIGHT = 116, APART = 17; // pixels of a chart, and between two marks of its axis
const FAR = 4; // bands beyond which the axis holds all steps of a run
export const MARGIN = { left: 52, right: 8, top: 10, bottom: 22 };

/** @typedef {(number | null)[]} Column */
/**
 * What a curve is: its column, its scale (a share, a logarithm with round ends or not), the column of its dots, the
 * name of a level line, the column of its events; ``sparse`` is measured now and then and joined over the gaps,
 * ``free`` may be below 0.
 * @typedef {{ key: string, title: string, note?: string, digits?: number, share?: boolean, log?: boolean, round?:
 * boolean,
 *   dots?: string, rule?: "floor" | "chance" | "clip", events?: string, sparse?: boolean, free?: boolean }} Spec
 */
/** Between which lines the runs of its recipe lie, by column; ``name`` and ``tells`` stand in the legend.
 * @typedef {{ name: string, tells: string, columns: Record<string, { x: number[], low: number[], high: number[] }> }}
 * Bands */
/**
 * What Python sends of a run.
 * @typedef {{ steps: number, step?: number, state: string, columns: Record<string, Column> & { step: number[] },
 *   marks?: { step: number, label: string }[], floor?: number | null, chance?: number | null, clip?: number | null,
 *   perplexity?: boolean, valid?: boolean, unit?: string, fresh?: string, recorded?: boolean, own?: string[],
 *   bands?: Bands | null }} Curves
 */

/** @type {Spec} */
const LOSS = { key: "loss", title: "Loss", digits: 3, dots: "validation", rule: "floor" };
/** @type {Spec} */
const VALID = { key: "valid", title: "Valid", note: "strings", share: true, dots: "valid", sparse: true };
/** @type {Spec} */
const PERPLEXITY = { key: "perplexity", title: "Perplexity", note: "e to the loss", log: true, round: true, digits: 2,
  dots: "held" };
/** @type {Spec[]} */
const OTHERS = [
  { key: "accuracy", title: "Accuracy", note: "", share: true, dots: "evaluation", rule: "chance" },
  { key: "grad_norm", title: "Gradient norm", note: "before clip", log: true, digits: 3, rule: "clip",
    events: "clipped" },
  { key: "lr", title: "Learning rate", note: "", digits: 5 },
];

/** Curves of numbers that one loop alone knows, by their names. @type {Map<string, Spec>} */
const OWN = new Map();

/** @param {string} key @returns {Spec} */
function own(key) {
  const spec = OWN.get(key) ?? { key, title: key, note: "", digits: 4, sparse: true, free: true };
  OWN.set(key, spec);
  return spec;
}

/** The curves of a run; of one that was recorded those that it has. @param {Curves} data */
export function specsOf(data) {
  const specs = [LOSS, ...(data.valid ? [VALID] : data.perplexity ? [PERPLEXITY] : []), ...OTHERS];
  const has = (/** @type {string} */ key) => data.columns[key]?.some((value) => value !== null);
  if (!data.recorded) return specs;
  const known = specs.filter(({ key, dots }) => key === "loss" || has(key) || (dots && has(dots)));
  return [...known, ...(data.own ?? []).map(own)];
}

/** Ends of the axis: they only ever widen during a run, so the picture does not breathe.
 * @param {Spec} spec @param {Column} values @returns {[number, number]} */
export function ends(spec, values) {
  if (spec.share) return [0, 1];
  const known = /** @type {number[]} */ (values.filter((value) => value !== null && (!spec.log || value > 0)));
  if (!known.length) return spec.log ? [spec.round ? 1 : 0.1, 10] : [0, 1];
  const high = known.reduce((a, b) => Math.max(a, b)), low = known.reduce((a, b) => Math.min(a, b));
  if (spec.round) return [rounded(low, false), rounded(high * 1.0001, true)];
  if (spec.free && low < 0) return [-upperEnd(-low), high > 0 ? upperEnd(high) : 0];
  if (!spec.log) return [0, upperEnd(high)];
  const power = Math.floor(Math.log10(low));
  return [10 ** power, 10 ** Math.max(power + 1, Math.ceil(Math.log10(high)))];
}

/** The marks of the axis with their texts. @param {Spec} spec @param {number} low @param {number} high
 * @returns {[number, string][]} */
function marks(spec, low, high) {
  if (spec.share) return [[0, "0 %"], [0.5, "50 %"], [1, "100 %"]];
  const room = HEIGHT - MARGIN.top - MARGIN.bottom, log = Math.log10;
  const y = (/** @type {number} */ value) => room * (1 - (log(value) - log(low)) / (log(high) - log(low)));
  const values = spec.round ? roundMarks(low, high, y, APART) : spec.log ? decades(Math.round(log(low)),
    Math.round(log(high)))
    : [low, (low + high) / 2, high];
  return values.map((value) => [value, markText(value)]);
}

/** What can be drawn of a column: nothing that has no place on a logarithmic axis. @param {Spec} spec @param {Column}
 * column */
const drawable = (spec, column) => column.map((value) => (value === null || (spec.log && value <= 0) ? null : value));

/** @param {number[]} steps @param {Column} values @returns {{ x: number[], y: Column }} */
function measured(steps, values) {
  const rows = steps.map((_, k) => k).filter((k) => values[k] !== null && values[k] !== undefined);
  return { x: rows.map((k) => steps[k]), y: rows.map((k) => values[k]) };
}

/** The last step of the axis: all of a run's, but while it is not far beyond a band of the first steps, so many times
 * those, for else the band would be a few pixels wide. @param {Curves} data */
function axisEnd({ steps, step, columns, bands }) {
  const within = FAR * (bands?.columns.loss?.x.at(-1) ?? Infinity);
  return Math.max(1, (step ?? columns.step?.at(-1) ?? 0) > within ? steps : Math.min(steps, within));
}

/** The panel of a curve. @param {Spec} spec @param {Curves} data @param {number} width @returns {Chart.Panel} */
export function panelOf(spec, data, width) {
  const steps = data.columns.step ?? [], last = axisEnd(data), level = spec.rule ? data[spec.rule] ?? null : null;
  const values = drawable(spec, data.columns[spec.key] ?? []), extra = measured(steps, data.columns[spec.dots ?? ""]
    ?? []);
  const usual = data.bands?.columns[spec.key];
  const [low, high] = ends(spec, [...values, ...extra.y, level, ...(usual ? [...usual.low, ...usual.high] : [])]);
  const radius = Math.max(1.75, Math.min(4, width / (4 * extra.x.length)));
  /** @type {Chart.Rule[]} */
  const rules = (data.marks ?? []).map(({ step }) => ({ axis: "x", at: step, colour: "border", width: 1 }));
  if (level !== null) rules.push({ axis: "y", at: level, colour: "muted", width: 1, dash: [5, 4],
    text: spec.share ? `chance ${percent(level)}` : `${spec.rule} ${markText(level)}` });
  return {
    x: { low: 0, high: last, ticks: [[0, "0"], [last, whole(last)]], word: "step" },
    y: { low, high, log: spec.log, ticks: marks(spec, low, high) },
    alt: `${spec.title} by training step`, rules,
    series: [
      ...(usual ? [{ kind: /** @type {const} */ ("between"), x: usual.x, y: usual.low, to: usual.high,
        colour: "text" }] : []),
      ...(spec.events ? [{ kind: /** @type {const} */ ("strokes"), x: steps, y: data.columns[spec.events] ?? [],
        colour: "wrong" }] : []),
      { x: steps, y: values, ...(spec.sparse ? measured(steps, values) : {}), colour: "accent", width: 1.75,
        name: spec.title },
      ...(spec.dots ? [{ kind: /** @type {const} */ ("dots"), ...extra, y: drawable(spec, extra.y), colour: "right",
        width: radius,
        outline: true, name: spec.sparse ? "" : data.fresh ?? "fresh data" }] : []),
    ],
  };
}
