// A text area of the page sends its text as it is typed: after a short pause it is taken as if Ctrl and Enter were pressed.

const PAUSE = 30; // ms without a key

class LiveArea {
  update({ field }) {
    const look = (left) => {
      const area = document.querySelector(`.st-key-${field} textarea`);
      if (!area) { if (left) this.timer = setTimeout(() => look(left - 1), 50); return; }
      this.hook(area);
    };
    clearTimeout(this.timer);
    look(40);
  }

  hook(area) {
    if (area.liveArea) return;
    area.liveArea = true;
    let waiting = 0;
    area.addEventListener("input", (event) => {
      clearTimeout(waiting);
      if (event.isComposing) return;
      waiting = setTimeout(() => area.dispatchEvent(new KeyboardEvent("keydown",
        { key: "Enter", code: "Enter", keyCode: 13, which: 13, ctrlKey: true, bubbles: true, cancelable: true })), PAUSE);
    });
  }
}

const areas = new WeakMap();

export default ({ data, parentElement }) => {
  const root = parentElement.querySelector(".live-area");
  if (!areas.has(root)) areas.set(root, new LiveArea());
  areas.get(root).update(data);
};
