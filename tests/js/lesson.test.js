// The panel of a lesson: its verdict is announced, a new step has the keyboard, it folds, and its links know their step.

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import "./page.js";
import { Lesson } from "../../seqlab/ui/widgets/frame/lesson.js";

/** A part of the page: its attributes, and what it finds below it by a selector. */
class Part {
  constructor(below = {}) {
    Object.assign(this, { below, attributes: {}, dataset: {}, focused: 0 });
  }

  setAttribute(name, value) {
    this.attributes[name] = value;
  }

  querySelector(selector) {
    return this.below[selector] ?? null;
  }

  contains(node) {
    return Object.values(this.below).includes(node);
  }

  matches(selector) {
    return this.typed && selector.includes("textarea");
  }

  focus() {
    this.focused += 1;
    document.activeElement = this;
  }

  scrollTo() {}
}

const { document } = globalThis;
globalThis.Element = Part;
const heard = new Map(), abort = new AbortController();
let title, verdict, panel, fold, lesson;

beforeEach(() => {
  const kept = new Map();
  [title, verdict, fold] = [new Part(), new Part(), new Part()];
  title.dataset.at = "gates.2";
  panel = new Part({ ".lesson-title": title, ".st-key-lesson-verdict": verdict });
  globalThis.sessionStorage = { getItem: (name) => kept.get(name) ?? null, setItem: (name, value) => kept.set(name, value) };
  globalThis.addEventListener = () => {};
  globalThis.location = { pathname: "/echo", search: "?word=mine&lesson=gates.1" };
  Object.assign(document, { activeElement: null, body: { dataset: {}, append() {} },
    querySelector: (selector) => (selector === ".st-key-lesson" ? panel : null),
    querySelectorAll: (selector) => (selector === "button.lesson-fold" ? [fold] : []),
    addEventListener: (name, listener) => heard.set(name, listener) });
  lesson = new Lesson(abort.signal);
  lesson.update({ at: "gates.2", look: [] }, "echo");
});

test("the place of the verdict is a live region from the first look on, and again where it is another one", () => {
  lesson.look();
  assert.deepEqual(verdict.attributes, { role: "status" }); // polite, and read as a whole
  assert.deepEqual(panel.attributes, { role: "complementary", "aria-label": "Lesson" });
  panel.below[".st-key-lesson-verdict"] = verdict = new Part(); // Streamlit has drawn the panel anew
  lesson.look();
  assert.equal(verdict.attributes.role, "status");
});

test("a new step has the keyboard once, and takes it from nobody who writes on the page", () => {
  lesson.look();
  lesson.look();
  assert.equal(title.focused, 1);
  const field = new Part();
  field.typed = true;
  document.activeElement = field;
  lesson.update({ at: "gates.3", look: [] }, "echo");
  lesson.look();
  assert.equal(title.focused, 1); // the title of the step is not there yet
  title.dataset.at = "gates.3";
  lesson.look();
  assert.equal(document.activeElement, field);
});

test("the key l folds the panel and unfolds it, but not where it is a letter", () => {
  const pressed = (typed) => heard.get("keydown")({ key: "l", composedPath: () => [Object.assign(new Part(), { typed })] });
  pressed(true);
  assert.deepEqual([document.body.dataset.lesson, lesson.folded], ["open", false]);
  pressed(false);
  assert.deepEqual([document.body.dataset.lesson, fold.attributes["aria-expanded"]], ["folded", "false"]);
  pressed(false);
  assert.deepEqual([document.body.dataset.lesson, fold.attributes["aria-expanded"]], ["open", "true"]);
  lesson.update(undefined, "echo");
  pressed(false);
  assert.equal(document.body.dataset.lesson, undefined); // no lesson, nothing to fold
});

test("a link leads to its step; one that stays keeps what the person set, and one in the words stays in the step", () => {
  const place = (href, stay, way = true) => lesson.placeOf({ href: `http://seqlab/${href}`, dataset: stay ? { stay } : {},
    classList: { contains: () => way } });
  assert.deepEqual(place("stepper?run=a&lesson=gates.3"), { page: "stepper", query: "run=a&lesson=gates.3" });
  assert.deepEqual(place("echo?word=first&lesson=gates.3", "gates.3"), { page: "echo", query: "word=mine&lesson=gates.3" });
  assert.deepEqual(place("?lesson=gates.1"), { page: "home", query: "lesson=gates.1" });
  assert.deepEqual(place("stepper?run=b", undefined, false), { page: "stepper", query: "run=b&lesson=gates.2" });
});
