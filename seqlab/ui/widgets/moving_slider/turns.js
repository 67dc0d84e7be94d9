// Messages to a page that takes its time: one at a time, each of the newest state, and the last one always.
// @ts-check

const PAUSE = 80; // ms between two messages
const LOOK = 10; // ms until it is seen again whether the page has followed
const PATIENCE = 3000; // ms after which a page that rests and has not answered is sent the next one all the same
const WORK = 20_000; // ms that a page may be at work on one

/** Numbers its messages; the page answers with the number of the last one that it has taken. */
export class Turns {
  sent = -Infinity; // when the last message went
  turn = 0; // its number
  answered = 0;
  due = false; // is there something that was not sent yet?

  /** @param {(turn: number) => void} send @param {() => boolean} busy is the page still at work? */
  constructor(send, busy) {
    this.send = send;
    this.busy = busy;
  }

  /** There is something new to send. */
  ask() {
    this.due = true;
    this.push();
  }

  /** The page has taken the message with this number. @param {number} turn */
  answer(turn) {
    this.answered = turn;
    this.turn = Math.max(this.turn, turn);
  }

  /** Has the page taken all there was? */
  get settled() {
    return !this.due && this.answered === this.turn;
  }

  push() {
    clearTimeout(this.timer);
    if (!this.due) return;
    const wait = this.wait();
    if (wait > 0) {
      this.timer = setTimeout(() => this.push(), wait);
      return;
    }
    this.due = false;
    this.sent = Date.now();
    this.turn += 1;
    this.send(this.turn);
  }

  /** Milliseconds until the next message may go, or be thought of again. */
  wait() {
    const gone = Date.now() - this.sent;
    if (gone < PAUSE) return PAUSE - gone;
    const late = gone >= (this.busy() ? WORK : this.answered === this.turn ? 0 : PATIENCE);
    return late ? 0 : LOOK;
  }

  stop() {
    this.due = false;
    clearTimeout(this.timer);
  }
}
