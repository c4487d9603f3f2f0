/**
 * Sags and swells as the page sees them pass, in the RMS of half cycles that the site sends with each reading. They are the page's own:
 * a meter that has a log of them has it besides. IEC 61000-4-30, 5.4: a dip begins below 90 % of the reference, a swell above 110 %, in
 * any phase, and ends when all are back by 2 % of it; the reference slides (5.4.4).
 */
import type { RmsView } from "#quantity/meter-api.ts";

const DIP = 0.9;
const SWELL = 1.1;
const HYSTERESIS = 0.02;
/** Weight of a new value in the sliding reference: 0.0033 every ten cycles, twenty half cycles. */
const WEIGHT = 0.0033 / 20;
/** Milliseconds between two half cycles between which others are missing: more than the longest has. */
const MISSING_MS = 20;
/** Milliseconds by which the beginning of one source may be said otherwise: clocks that wander. */
const WANDER_MS = 1000;
/** Milliseconds of trace before and after an event. */
const AROUND_MS = 400;
/** Milliseconds of trace that are kept, and events. */
const KEPT_MS = 12_000;
const EVENTS = 20;

export const phases = ["a", "b", "c"] as const;
export type Phase = (typeof phases)[number];
type Volts = readonly (number | null)[];

export interface Trace {
  /** Local milliseconds. */
  readonly times: readonly number[];
  /** By phase. */
  readonly volts: readonly Volts[];
}

export interface Sag {
  readonly kind: "sag" | "swell";
  /** Local milliseconds, and how long. */
  readonly at: number;
  readonly ms: number;
  /** Those that went beyond, and of the one that went furthest what was left, in volts and of the reference. */
  readonly phases: readonly Phase[];
  readonly volts: number;
  readonly part: number;
  readonly trace: Trace;
}

interface Running {
  readonly kind: "sag" | "swell";
  readonly at: number;
  readonly phases: Set<Phase>;
  volts: number;
  part: number;
  end?: number;
}

/** Whether no half cycle is missing between two that ended then. */
function isNext(before: number, at: number): boolean {
  return at > before && at - before < MISSING_MS;
}

export class SagWatch {
  /** Local milliseconds at which the source began: held while it goes on, so that times are as far apart as they were measured. */
  #begun = NaN;
  #times: number[] = [];
  #volts: [(number | null)[], (number | null)[], (number | null)[]] = [[], [], []];
  readonly #reference: [number, number, number] = [NaN, NaN, NaN];
  #running: Running | undefined;
  /** Newest first. */
  #found: readonly Sag[] = [];

  get found(): readonly Sag[] {
    return this.#found;
  }

  /** The last milliseconds of the trace. */
  last(ms: number): Trace {
    const end = this.#times.at(-1) ?? 0;
    return this.#cut(end - ms, end);
  }

  /** Takes half cycles of a meter whose wall clock is ahead of UTC by `wallMs`. */
  add({ begun, ends, volts }: RmsView, wallMs: number): void {
    const first = ends[0];
    if (first === undefined) return;
    const last = this.#times.at(-1);
    // Clocks may wander while the source goes on; what does not go on has the time that it is said to have.
    const goesOn = last !== undefined && isNext(last, this.#begun + 1000 * first);
    // What was said before a connection was lost is said once more.
    const isSame = Math.abs(begun + wallMs - this.#begun) < WANDER_MS;
    if (!goesOn && !isSame) this.#begun = begun + wallMs;
    ends.forEach((end, k) => {
      const at = this.#begun + 1000 * end;
      const before = this.#times.at(-1);
      if (before !== undefined && isSame && at <= before) return;
      if (before !== undefined && !isNext(before, at)) this.#anew(at);
      this.#times.push(at);
      phases.forEach((_, p) => this.#volts[p]?.push(volts[p]?.[k] ?? null));
      this.#look(
        at,
        phases.map((_, p) => volts[p]?.[k] ?? NaN),
      );
      this.#finish();
    });
    const newest = this.#times.at(-1) ?? 0;
    const old = this.#times.findIndex((time) => time >= newest - KEPT_MS);
    this.#times.splice(0, old);
    for (const column of this.#volts) column.splice(0, old);
  }

  /** What was before is not what goes on: a gap in the trace, and no event goes through it. */
  #anew(begin: number): void {
    this.#running = undefined;
    const last = this.#times.at(-1);
    if (last === undefined) return;
    if (begin <= last) {
      this.#times = [];
      this.#volts = [[], [], []];
      return;
    }
    this.#times.push(last + 0.1);
    for (const column of this.#volts) column.push(null);
  }

  #look(at: number, volts: readonly number[]): void {
    const parts = volts.map((volt, p) => {
      // A phase that has never had a voltage has no reference, and cannot lose it.
      if (Number.isNaN(this.#reference[p] ?? NaN) && volt > 0) this.#reference[p] = volt;
      return volt / (this.#reference[p] ?? NaN);
    });
    const running = this.#running;
    if (running === undefined || running.end !== undefined) {
      const beyond = parts.find((part) => part < DIP || part > SWELL);
      if (beyond !== undefined && running === undefined) {
        this.#running = { kind: beyond < DIP ? "sag" : "swell", at, phases: new Set(), volts: NaN, part: 1 };
        this.#note(this.#running, volts, parts);
      } else if (beyond === undefined) {
        volts.forEach((volt, p) => {
          const reference = this.#reference[p] ?? NaN;
          if (!Number.isNaN(volt)) this.#reference[p] = reference + WEIGHT * (volt - reference);
        });
      }
      return;
    }
    this.#note(running, volts, parts);
    const back = running.kind === "sag" ? DIP + HYSTERESIS : SWELL - HYSTERESIS;
    if (parts.every((part) => Number.isNaN(part) || (running.kind === "sag" ? part >= back : part <= back)))
      running.end = at;
  }

  #note(running: Running, volts: readonly number[], parts: readonly number[]): void {
    const sign = running.kind === "sag" ? -1 : 1;
    parts.forEach((part, p) => {
      if (running.kind === "sag" ? part < DIP : part > SWELL) running.phases.add(phases[p] ?? "a");
      if (!(sign * (part - running.part) > 0)) return;
      running.part = part;
      running.volts = volts[p] ?? NaN;
    });
  }

  /** An event is told when what comes after it is there, too. */
  #finish(): void {
    const running = this.#running;
    const last = this.#times.at(-1) ?? 0;
    if (running?.end === undefined || last - running.end < AROUND_MS) return;
    const { kind, at, end, volts, part } = running;
    const trace = this.#cut(at - AROUND_MS, end + AROUND_MS);
    this.#running = undefined;
    const sag = { kind, at, ms: end - at, phases: phases.filter((one) => running.phases.has(one)), volts, part, trace };
    this.#found = [sag, ...this.#found].slice(0, EVENTS);
  }

  #cut(from: number, to: number): Trace {
    const first = this.#times.findIndex((time) => time >= from);
    const after = this.#times.findIndex((time) => time > to);
    const range = [first < 0 ? this.#times.length : first, after < 0 ? this.#times.length : after] as const;
    return { times: this.#times.slice(...range), volts: this.#volts.map((column) => column.slice(...range)) };
  }
}
