/** What was not measured, from when to when, and why: reasons that go on are one. */
import type { Absence } from "./examination.ts";

/** Absences that are kept. */
const MOST = 1000;

/** A reason that says how long it has gone on is the same reason a second later. */
const lasted = /\d+\.\d s\b/;

/** Seconds within which the same reason again is the same absence. */
const JOINED = 1.5;

export class Absences {
  readonly #all: { from: number; to: number; reason: string }[] = [];
  readonly #last = new Map<string, { from: number; to: number; reason: string }>();
  #dropped = 0;

  /** Says that there was a reason from one time to another. */
  add(from: number, to: number, reason: string): void {
    const key = reason.replace(lasted, "");
    const last = this.#last.get(key);
    if (last !== undefined && from - last.to < JOINED) {
      last.to = to;
      last.reason = reason;
      return;
    }
    if (this.#all.length >= MOST) {
      this.#dropped++;
      return;
    }
    const absence = { from, to, reason };
    this.#all.push(absence);
    this.#last.set(key, absence);
  }

  get list(): readonly Absence[] {
    return this.#all;
  }

  get left(): readonly string[] {
    return this.#dropped === 0 ? [] : [`${this.#dropped} absences beyond the first ${MOST} are not kept`];
  }
}
