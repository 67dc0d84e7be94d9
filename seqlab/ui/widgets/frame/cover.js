// Whose page is covered while a question stands whose truth it shows.
// @ts-check

const LED = "seqlab-led"; // in the tab's own memory: the question during which the class was led

/** What of the class decides. @typedef {{ round: { id: number, hides: string } | null, place: unknown }} Shown */

/** Whether a page is covered: the teacher's is, and every pupil's once the class has been led while the question stood.
 *
 * To press Leave uncovers nothing, nor does the end of leading. Where nobody was led each works alone: for them the
 * question stands at the foot of a page that they can use.
 * @param {Shown} shown @param {string} page the one that is open @param {boolean} teaches */
export function covers({ round, place }, page, teaches) {
  if (!round) return false;
  const id = String(round.id);
  if (place) sessionStorage.setItem(LED, id);
  return Boolean(round.hides) && round.hides === page && (teaches || sessionStorage.getItem(LED) === id);
}
