// The help of a field is a button in its label, before the field; here Tab comes to it after the field.
// @ts-check

const FIELD = "input, textarea, [role=slider], [role=radio], [role=combobox]";

/** A field and its help, each from the other. */
export const helpOf = {
  /** The field that comes after its help; null where it comes before. @param {Element} help */
  field(help) {
    const around = help.closest("label")?.parentElement;
    const fields = /** @type {HTMLElement[]} */ ([...around?.querySelectorAll(FIELD) ?? []]);
    const last = fields.filter((field) => field.tabIndex >= 0).at(-1);
    return last && help.compareDocumentPosition(last) & Node.DOCUMENT_POSITION_FOLLOWING ? last : null;
  },

  /** The help that is due after a field. @param {Element} field */
  button(field) {
    const help = field.closest("[class*='stElementContainer']")?.querySelector("label .stTooltipIcon button");
    return help && this.field(help) === field ? /** @type {HTMLElement} */ (help) : null;
  },
};

/** Field, help, next field; and back. @param {KeyboardEvent} event */
export function tabbed(event) {
  if (event.key !== "Tab" || event.altKey || event.ctrlKey || event.metaKey) return;
  const at = /** @type {Element} */ (event.target), isHelp = at.closest?.("label .stTooltipIcon button");
  if (isHelp) {
    const field = helpOf.field(at);
    if (event.shiftKey && field) event.preventDefault();
    field?.focus(); // forward, the browser goes on from there
    return;
  }
  const help = event.shiftKey ? null : at.matches?.(FIELD) && helpOf.button(at);
  if (!help || event.defaultPrevented) return;
  event.preventDefault();
  help.focus();
}
