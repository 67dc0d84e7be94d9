// Text areas of the page itself, which a component without a picture of its own makes fit for a purpose.
// @ts-check

/** Waits for the text area that Streamlit draws under a key; it may come a moment after the component. */
export class AreaSeeker {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  timer;

  /** @param {string} field @param {(area: HTMLTextAreaElement) => void} then */
  seek(field, then, left = 40) {
    clearTimeout(this.timer);
    const area = /** @type {HTMLTextAreaElement | null} */ (document.querySelector(`.st-key-${field} textarea`));
    if (area) then(area);
    else if (left) this.timer = setTimeout(() => this.seek(field, then, left - 1), 50);
  }
}
