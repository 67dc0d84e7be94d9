// What a module of the kit finds in a browser and Node does not have: the theme, and elements that can be asked.

const palette = (text, background) => ({ text, background, surface: "#eeeeee", muted: "#666666", border: "#cccccc",
  accent: "#0000ff", right: "#008800", wrong: "#cc0000", diverging: ["#0000ff", "#ffffff", "#ff0000"],
  sequential: ["#ffffff", "#000000"], symbols: { h: "#123456" } });

globalThis.THEME = { light: palette("#111111", "#ffffff"), dark: palette("#eeeeee", "#000000"), dashes: { h: [] },
  letters: {}, font: "sans-serif", presented: { scale: 1.3, least: 18 } };

/** An element as far as the kit's words and tables need one. */
class Element {
  constructor(tag) {
    Object.assign(this, { tag, attributes: {}, children: [], textContent: "", classList: new Set(), listeners: {} });
  }

  setAttribute(name, value) {
    this.attributes[name] = String(value);
  }

  addEventListener(name, listener) {
    this.listeners[name] = listener;
  }

  append(...children) {
    this.children.push(...children);
  }

  replaceChildren(...children) {
    this.children = children;
  }

  /** All elements of a tag below this one. */
  all(tag) {
    return this.children.flatMap((child) => (child instanceof Element
      ? [...(child.tag === tag ? [child] : []), ...child.all(tag)] : []));
  }

  getContext() {
    return new Ink();
  }
}

/** A canvas that keeps what it was told to draw. */
export class Ink {
  constructor() {
    this.calls = [];
    return new Proxy(this, { get: (target, name) => {
      if (name in target) return target[name];
      if (name === "measureText") return (text) => ({ width: 6 * text.length });
      return (...args) => { target.calls.push([name, ...args]); };
    } });
  }

  /** The texts that were written, with their places. */
  get texts() {
    return this.calls.filter(([name]) => name === "fillText").map(([, text, x, y]) => ({ text, x, y }));
  }
}

globalThis.document = { documentElement: { dataset: {} }, createElement: (tag) => new Element(tag), createElementNS: (_, tag) => new Element(tag) };
globalThis.getComputedStyle = () => ({ fontFamily: "sans-serif" });
globalThis.devicePixelRatio = 2;
