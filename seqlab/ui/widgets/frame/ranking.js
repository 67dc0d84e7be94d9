// Which of all that has a name answers a question: each word of it must be met; a name counts more than a sentence.
// @ts-check

/** What can be found, as seqlab/ui/finding/index.py has it.
 * @typedef {{ kind: string, name: string, text: string, page: string, query?: Record<string, string>, part?: string,
 * also?: string[] }} Entry */

const IDLE = new Set(("a an and are at can could do does find for from get go how i in is it me mean means meaning my "
  + "of on or see set show tell the there this to what what's whats when where which who why with").split(" "));
const WORD = /[\p{L}\p{N}*'^.]+(?:-[\p{L}\p{N}]+)*/gu;

/** The words of a text, in small letters, plurals without their s. @param {string} text @returns {string[]} */
export const wordsOf = (text) => (text.toLowerCase().match(WORD) ?? []).map((word) =>
  word.replace(/[.']+$/, "").replace(/(?<=\w{3}[^su])s$/, ""));

/** What a question asks for, without the words around it. @param {string} question */
export function asked(question) {
  const all = wordsOf(question), some = all.filter((word) => !IDLE.has(word));
  return some.length ? some : all;
}

/** How well words meet one that is looked for. @param {string[]} words @param {string} wanted @param {number} whole
 * @param {number} begun */
const meets = (words, wanted, whole, begun) => (words.includes(wanted) ? whole
  : wanted.length > 1 && words.some((word) => word.startsWith(wanted)) ? begun : 0);

/** An entry whose words are cut once.
 * @typedef {{ entry: Entry, name: string[], also: string[][], text: string[] }} Cut */

/** @param {Entry[]} entries @returns {Cut[]} */
export const cut = (entries) => entries.map((entry) => ({ entry, name: wordsOf(entry.name),
  also: (entry.also ?? []).map(wordsOf), text: wordsOf(entry.text) }));

/** @param {Cut} known @param {string[]} wanted @returns {number} 0 where a word is not met */
function score({ entry, name, also, text }, wanted) {
  const phrase = wanted.join(" "), others = also.flat();
  let sum = name.join(" ") === phrase ? 200 : also.some((words) => words.join(" ") === phrase) ? 120 : 0;
  for (const word of wanted) {
    const best = Math.max(meets(name, word, 50, 30), meets(others, word, 25, 14), meets(text, word, 8, 4));
    if (!best) return 0;
    sum += best;
  }
  return sum + (entry.kind === "symbol" ? 3 : entry.kind === "term" ? 4 : 0) - Math.min(name.length, 9) / 10;
}

/** The entries that answer a question, the best first; where none has all its words, those that have most.
 * @param {Cut[]} known @param {string} question @param {number} [most] @returns {Entry[]} */
export function ranked(known, question, most = 12) {
  const wanted = asked(question);
  if (!wanted.length) return [];
  const by = (/** @type {(one: Cut) => number} */ value) => known.map((one, place) => ({ one, place, sum: value(one) }))
    .filter(({ sum }) => sum > 0).sort((a, b) => b.sum - a.sum || a.place - b.place)
    .slice(0, most).map(({ one }) => one.entry);
  const all = by((one) => score(one, wanted));
  return all.length || wanted.length < 2 ? all
    : by((one) => wanted.reduce((sum, word) => sum + score(one, [word]), 0));
}
