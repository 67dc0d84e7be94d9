// What floats over the pictures: the number under the pointer, and the probabilities of an answer.

class Floating {
  constructor(root) {
    this.root = root;
    this.tip = el("div", { class: "tip", role: "presentation", hidden: "" });
    this.list = el("ol");
    this.head = el("p");
    this.card = el("div", { class: "card", role: "status", hidden: "" }, this.head, this.list);
    this.rows = Array.from({ length: 5 }, () => {
      const letter = el("b"), bar = el("u"), number = el("span");
      const node = el("li", {}, letter, el("i", {}, bar), number);
      this.list.append(node);
      return { node, letter, bar, number };
    });
  }

  number(html, event) {
    this.tip.hidden = !html;
    if (!html) return;
    this.tip.replaceChildren(...html);
    const box = this.root.getBoundingClientRect(), x = event.clientX - box.left, y = event.clientY - box.top;
    const left = x + 16 + this.tip.offsetWidth > box.width ? x - 16 - this.tip.offsetWidth : x + 16;
    this.tip.style.transform = `translate(${Math.max(0, left)}px, ${Math.max(0, y - 36)}px)`;
  }

  /** The five most probable answers at a time, under that letter. */
  answers(film, frame, t, anchor) {
    this.card.hidden = t === null || !anchor;
    if (this.card.hidden) return;
    const state = stateOf(film, frame, t), said = film.said[frame][t];
    const verdict = { right: "✓ right", wrong: `✗ should be ${film.target[t]}`, blank: "not judged: no echo is due" };
    this.head.replaceChildren(el("span", { text: `t = ${t}` }), el("b", { text: `says ${said}` }),
      el("span", { class: state, text: verdict[state] }));
    topOf(film, frame, t, this.rows.length).forEach(({ letter, p }, k) => {
      const row = this.rows[k];
      row.node.className = letter === film.target[t] ? "target" : "";
      row.letter.textContent = letter;
      row.bar.style.transform = `scaleX(${p})`;
      row.number.textContent = p.toFixed(3);
    });
    const box = this.root.getBoundingClientRect(), at = anchor.getBoundingClientRect();
    const left = at.left + at.width / 2 - box.left - this.card.offsetWidth / 2;
    const x = Math.max(0, Math.min(box.width - this.card.offsetWidth, left));
    this.card.style.transform = `translate(${x}px, ${at.bottom - box.top + 6}px)`;
  }
}
