/**
 * Changes that wait for others to be told with them (BufTm, IEC 61850-7-2, 17.2.2.9). A second change of a member sends what waits at once,
 * and begins anew: no change is told as another.
 */
import type { Cancel, Clock } from "#clock/clock.ts";
import type { MemberOctets } from "./report-watch.ts";

/** What is told with one report: why each member is there, their values, and when the first of them changed. */
export type TellEvent = (reasons: Uint8Array, octets: MemberOctets, utc: number) => void;

export class Gathering {
  readonly #clock: Clock;
  readonly #tell: TellEvent;
  readonly #members: number;
  readonly #waitMs: number;
  /** Of those that wait. */
  readonly #reasons: Uint8Array;
  readonly #values: (Uint8Array | undefined)[];
  #utc = 0;
  #timer: Cancel | undefined;

  constructor(clock: Clock, members: number, waitMs: number, tell: TellEvent) {
    this.#clock = clock;
    this.#tell = tell;
    this.#members = members;
    this.#waitMs = waitMs;
    this.#reasons = new Uint8Array(members);
    this.#values = waitMs > 0 ? Array.from({ length: members }) : [];
  }

  take(reasons: Uint8Array, octets: MemberOctets, utc: number): void {
    if (this.#waitMs === 0) return this.#tell(reasons, octets, utc);
    for (let k = 0; k < this.#members; k++)
      if (reasons[k] !== 0 && this.#reasons[k] !== 0) {
        this.flush();
        break;
      }
    if (this.#timer === undefined) {
      this.#utc = utc;
      this.#timer = this.#clock.after(this.#waitMs, () => this.flush());
    }
    const { bytes, starts } = octets;
    for (let k = 0; k < this.#members; k++) {
      const reason = reasons[k] ?? 0;
      if (reason === 0) continue;
      this.#reasons[k] = reason;
      this.#values[k] = bytes.slice(starts[k], starts[k + 1]);
    }
  }

  /** Tells what waits, now. */
  flush(): void {
    if (this.#timer === undefined) return;
    this.#timer();
    this.#timer = undefined;
    const starts = new Uint32Array(this.#members + 1);
    this.#values.forEach((value, k) => (starts[k + 1] = (starts[k] ?? 0) + (value?.length ?? 0)));
    const bytes = new Uint8Array(starts[this.#members] ?? 0);
    this.#values.forEach((value, k) => {
      if (value !== undefined) bytes.set(value, starts[k]);
    });
    const reasons = this.#reasons.slice();
    const utc = this.#utc;
    this.#reasons.fill(0);
    this.#values.fill(undefined);
    this.#tell(reasons, { bytes, starts }, utc);
  }

  /** Forgets what waits. */
  stop(): void {
    this.#timer?.();
    this.#timer = undefined;
    this.#reasons.fill(0);
    this.#values.fill(undefined);
  }
}
