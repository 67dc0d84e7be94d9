// Numbers as people read them: a true minus, no more digits than were sent, and shares in per cent.
// @ts-check

export const MINUS = "\u2212";

/**
 * Write a number with so many decimals; very large and very small ones as powers of ten.
 * @param {number} value @param {number} [digits] @returns {string}
 */
export function figure(value, digits = 3) {
  if (!Number.isFinite(value)) return "not a number";
  const size = Math.abs(value);
  const text = size >= 1e5 || (size > 0 && size < 0.5 * 10 ** -digits) ? size.toExponential(1) : size.toFixed(digits);
  return (value < 0 && Number(text) !== 0 ? MINUS : "") + text.replace("e-", `e${MINUS}`).replace("e+", "e");
}

/** Write two digits of a number of any size, as logarithmic pictures need them. @param {number} value */
export function scientific(value) {
  const text = value === 0 ? "0" : Math.abs(value).toExponential(1).replace("e+0", "").replace("e+", "e");
  return (value < 0 ? MINUS : "") + text.replace("e-", `e${MINUS}`);
}

/** Write a number that may be huge, such as a perplexity: decimals while they mean something, then powers of ten.
 * @param {number} value @param {number} [digits] */
export function large(value, digits = 1) {
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "–";
  if (value < 1e6) return value < 1000 ? value.toFixed(digits) : whole(value);
  const [mantissa, power] = value.toExponential(1).split("e+");
  return `${mantissa} × 10${power.replace(/\d/g, (digit) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(digit)])}`;
}

/** Write a share from 0 to 1 in per cent; nothing but 1 is 100 %. @param {number} share */
export function percent(share) {
  const value = 100 * share;
  return `${value > 99 && value < 100 ? (Math.floor(value * 10) / 10).toFixed(1) : Math.round(value)} %`;
}

/** Write a whole number with a comma at the thousands. @param {number} number */
export const whole = (number) => Math.round(number).toLocaleString("en-GB");

/** Write two decimals, for numbers that stand side by side. @param {number} value */
export const two = (value) => (Number.isFinite(value) ? (value <= -0.005 ? MINUS : "") + Math.abs(value).toFixed(2)
  : "–");

/** Write two decimals with a sign. @param {number} value */
export const signed = (value) => (value > -0.005 ? `+${two(value)}` : two(value));

/** Write a whole number in small digits below the line. @param {number} number */
export const subscript = (number) => String(number).replace(/\d/g, (digit) => "₀₁₂₃₄₅₆₇₈₉"[Number(digit)]);
