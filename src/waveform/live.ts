/** Readings pushed in by a program: each holds until the next. */
import { StepValues, type StepSource, type StepView } from "./source.ts";

/**
 * By phase; a missing one is no reading. Volts are those of the measuring element (to neutral where there is one).
 * Power is either watts (and vars), or a power factor.
 */
export interface LiveReading {
  readonly hz?: number | undefined;
  readonly volts: readonly number[];
  /** Line to line: ab, bc, ca; worked out from `volts` when left out. */
  readonly lineVolts?: readonly number[] | undefined;
  readonly amps: readonly number[];
  readonly watts?: readonly number[] | undefined;
  readonly vars?: readonly number[] | undefined;
  /** Positive lagging, negative leading. */
  readonly pf?: readonly number[] | undefined;
}

export class LiveSource implements StepSource {
  readonly kind = "steps";
  readonly ended = false;
  readonly #nominalHz: number;
  readonly #staleAfter: number;
  #now: StepValues | undefined;
  /** What the reading was written into, and whether the last step was the same once more. */
  #given: { readonly from: StepValues; readonly to: StepValues; readonly view: StepView | undefined } | undefined;
  #steady = false;
  /** Seconds since the last reading came, whether or not it said anything new. */
  #age = 0;
  #usual: number | undefined;

  readonly #halves: boolean;

  /**
   * `staleAfter` seconds without a reading the source knows nothing any more. Readings of two phases are of the `halves` of a
   * split phase, or of two phases of three.
   */
  constructor(nominalHz: number, staleAfter = Infinity, halves = true) {
    this.#nominalHz = nominalHz;
    this.#staleAfter = staleAfter;
    this.#halves = halves;
  }

  push(reading: LiveReading): void {
    const now = new StepValues();
    now.hz = reading.hz ?? this.#nominalHz;
    for (let k = 0; k < 3; k++) {
      const v = reading.volts[k];
      const a = reading.amps[k];
      if (v === undefined || a === undefined) continue;
      now.v[k] = v;
      now.e[k] = v;
      now.a[k] = a;
      now.angle[k] = (-2 * Math.PI * k) / 3;
      const pf = reading.pf?.[k];
      const w = reading.watts?.[k] ?? v * a * Math.abs(pf ?? 1);
      // Without vars the rest of VA is reactive; its sign is that of the power factor.
      const rest = Math.sqrt(Math.max(0, (v * a) ** 2 - w * w));
      now.w[k] = w;
      now.q[k] = reading.vars?.[k] ?? ((pf ?? 1) < 0 ? -rest : rest);
    }
    const count = [0, 1, 2].filter((k) => !Number.isNaN(now.v[k]!)).length;
    if (count === 2 && this.#halves) now.angle[1] = Math.PI;
    let re = 0;
    let im = 0;
    for (let k = 0; k < count; k++) {
      const next = (k + 1) % 3;
      const [x, y] = [now.v[k]!, now.v[next]!];
      now.ll[k] = Math.sqrt(x * x + y * y - 2 * x * y * Math.cos(now.angle[k]! - now.angle[next]!));
      const angle = now.angle[k]! - Math.atan2(now.q[k]!, now.w[k]!);
      re += now.a[k]! * Math.cos(angle);
      im += now.a[k]! * Math.sin(angle);
    }
    now.n = Math.hypot(re, im);
    if (reading.lineVolts !== undefined) now.ll.set(reading.lineVolts.slice(0, 3));
    if (this.#now !== undefined) this.#usual = this.#age;
    this.#now = now;
    this.#age = 0;
    this.#given = undefined;
  }

  /** Seconds since the last reading came, by the meter's time; undefined before the first. */
  get age(): number | undefined {
    return this.#now === undefined ? undefined : this.#age;
  }

  /** Seconds between the last two readings; undefined before the second. */
  get usual(): number | undefined {
    return this.#usual;
  }

  /** Whether the last reading is so old that nothing is known any more. */
  get stale(): boolean {
    return this.#age >= this.#staleAfter;
  }

  get steady(): boolean {
    return this.#steady;
  }

  step(seconds: number, from: StepValues, to: StepValues, view?: StepView): number {
    const now = this.#now;
    this.#steady = false;
    if (now === undefined || this.stale) {
      this.#given = undefined;
      this.#age += seconds;
      return 0;
    }
    this.#age += seconds;
    this.#steady = this.#given?.from === from && this.#given.to === to && this.#given.view === view;
    if (this.#steady) return seconds;
    this.#given = { from, to, view };
    for (const out of [from, to]) {
      out.hz = now.hz;
      out.n = now.n;
      for (const key of ["v", "ll", "a", "e", "w", "q", "angle"] as const) out[key].set(now[key]);
    }
    return seconds;
  }
}
