/** What was not measured, from when to when, and why: reasons that go on are one. */
import type { Absence } from "./examination.ts";

/** Absences that are kept. */
const MOST = 1000;

/** Seconds within which the same reason again is the same absence. */
const JOINED = 1.5;

export class Absences {
  readonly #all: { from: number; to: number; reason: string }[] = [];
  readonly #last = new Map<string, { from: number; to: number; reason: string }>();
  #dropped = 0;

  /** Says that there was a reason from one time to another. */
  add(from: number, to: number, reason: string): void {
    const last = this.#last.get(reason);
    if (last !== undefined && from - last.to < JOINED) {
      last.to = to;
      return;
    }
    if (this.#all.length >= MOST) {
      this.#dropped++;
      return;
    }
    const absence = { from, to, reason };
    this.#all.push(absence);
    this.#last.set(reason, absence);
  }

  get list(): readonly Absence[] {
    return this.#all;
  }

  get left(): readonly string[] {
    return this.#dropped === 0 ? [] : [`${this.#dropped} absences beyond the first ${MOST} are not kept`];
  }
}
