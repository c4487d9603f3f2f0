/**
 * Flicker severity by UTC (IEC 61000-4-15 clause 5.8, IEC 61000-4-30 clause 5.3): Pst of each ten minutes, Plt of each two hours that end at an
 * even hour. A Pst of less than the whole ten minutes is absent. One in which a dip, a swell or an interruption fell is flagged; Plt
 * leaves it out, and is flagged for that. Where a Pst is absent Plt is absent, and where all twelve are flagged.
 */
import type { FlickerAbsence } from "#metrology/flicker-voltage.ts";
import type { FlickerView } from "#quantity/quality-view.ts";
import { FlickerClasses } from "./flicker-classes.ts";

const SHORT_MS = 600_000;
const SHORTS_PER_LONG = 12;

/** Steps do not end at the tick, and a clock that is steered stretches ten minutes a little; more is a clock that was set. */
const SLACK_SECONDS = 1;

/** What a voltage has of an interval. */
export interface FlickerSeverity {
  /** Pst or Plt. */
  readonly value: number | undefined;
  /** The largest Pinst, of a Pst. */
  readonly pinstMax: number | undefined;
  readonly flagged: boolean;
  /** Why there is no value, in words. */
  readonly missing: string | undefined;
}

export interface FlickerInterval {
  /** Of the end, milliseconds since 1970. */
  readonly utc: number;
  readonly voltages: readonly FlickerSeverity[];
}

/** What is looked at of metrology/flicker-meter.ts when a step has been made. */
export interface FlickerStep {
  readonly pinst: ArrayLike<number>;
  readonly pinstMax: ArrayLike<number>;
  readonly absent: readonly (FlickerAbsence | undefined)[];
  readonly seconds: number;
}

const words: Readonly<Record<FlickerAbsence, string>> = {
  start: "measuring began",
  gap: "samples were not there",
  missing: "a sample of the voltage was missing",
  "no voltage": "there was no voltage",
  slow: "there were fewer than 800 samples a second",
};

class Voltage {
  readonly classes = new FlickerClasses();
  absence: FlickerAbsence | undefined;
  absentSeconds = 0;
  largest = 0;
  flagged = false;
  /** The latest of Pinst; NaN when absent. */
  pinst = NaN;
  /** Pst of the two hours that go on, cubed. */
  cubes: { readonly index: number; readonly cube: number; readonly flagged: boolean }[] = [];

  clear(): void {
    this.classes.clear();
    this.absence = undefined;
    this.absentSeconds = 0;
    this.largest = 0;
    this.flagged = false;
  }
}

export class FlickerStatistics {
  /** The latest ten minutes and two hours. */
  short: FlickerInterval | undefined;
  long: FlickerInterval | undefined;
  /** Called when one has ended. */
  onShort: (interval: FlickerInterval) => void = () => undefined;
  onLong: (interval: FlickerInterval) => void = () => undefined;

  readonly #voltages: readonly Voltage[];
  /** Ten minutes since 1970. */
  #index = NaN;
  #seconds = 0;

  constructor(voltages: number) {
    this.#voltages = Array.from({ length: voltages }, () => new Voltage());
  }

  /** Takes the step that the flickermeter made, of which `utc` is the end (milliseconds since 1970; NaN where nobody knows, and then there is Pinst only). */
  step(step: FlickerStep, utc: number): void {
    // The step lies where its middle does.
    const index = Math.floor((utc - 500 * step.seconds) / SHORT_MS);
    if (index !== this.#index) this.#goTo(index);
    this.#seconds += step.seconds;
    for (let k = 0; k < this.#voltages.length; k++) {
      const voltage = this.#voltages[k];
      if (voltage === undefined) continue;
      const why = step.absent[k];
      if (why === undefined) {
        voltage.pinst = step.pinst[k] ?? NaN;
        voltage.classes.add(voltage.pinst);
        voltage.largest = Math.max(voltage.largest, step.pinstMax[k] ?? 0);
      } else {
        voltage.pinst = NaN;
        voltage.absence = why;
        voltage.absentSeconds += step.seconds;
      }
    }
  }

  /** Nothing more comes for now: nothing is felt. */
  finish(): void {
    for (const voltage of this.#voltages) voltage.pinst = NaN;
  }

  /** Nothing more comes at all: ten minutes that are whole end here. */
  end(): void {
    this.finish();
    if (!Number.isNaN(this.#index) && this.#seconds >= SHORT_MS / 1000 - SLACK_SECONDS) this.#close(this.#index + 1);
    this.#clear();
    this.#index = NaN;
  }

  /** A dip, a swell or an interruption goes on: the interval is flagged, for one voltage or all. */
  flag(voltage?: number): void {
    for (const [k, one] of this.#voltages.entries()) if (voltage === undefined || voltage === k) one.flagged = true;
  }

  /** What is known now, by voltage; null is not measured. */
  view(): Omit<FlickerView, "name">[] {
    const of = (interval: FlickerInterval | undefined, k: number) => {
      const { value = null, flagged = false } = interval?.voltages[k] ?? {};
      return { value, flagged };
    };
    return this.#voltages.map(({ pinst }, k) => {
      const [short, long] = [of(this.short, k), of(this.long, k)];
      return {
        pinst: Number.isNaN(pinst) ? null : pinst,
        pst: short.value,
        pstFlagged: short.flagged,
        plt: long.value,
        pltFlagged: long.flagged,
      };
    });
  }

  /** Why there is no Pst and no Plt of the intervals that ended last, in words; `names` are those of the voltages. */
  missing(names: readonly string[]): readonly string[] {
    const ended = [
      ["Pst", this.short],
      ["Plt", this.long],
    ] as const;
    const none = ended.filter(([, interval]) => interval === undefined).map(([what]) => what);
    const notYet = none.length === 0 ? [] : [`${none.join(" and ")}: none has ended since measuring began`];
    const lacking = ended.flatMap(([what, interval]) => {
      const whys = interval?.voltages.map(({ missing }) => missing) ?? [];
      return [...new Set(whys)]
        .filter((why) => why !== undefined)
        .map((why) => `${what} of ${names.filter((_, k) => whys[k] === why).join(", ")}: ${why}`);
    });
    return [...lacking, ...notYet];
  }

  #goTo(index: number): void {
    if (Number.isNaN(index) || Number.isNaN(this.#index)) {
      // What was measured while nobody knew the time is of no interval.
      this.#clear();
      if (Number.isNaN(index)) this.short = this.long = undefined;
    } else {
      this.#close(index);
      // Of a time without samples that is longer there is one interval, the last: nothing of it is known.
      if (index > this.#index + 1) {
        this.#index = index - 1;
        this.#close(index);
      }
    }
    this.#index = index;
  }

  #clear(): void {
    this.#seconds = 0;
    for (const voltage of this.#voltages) voltage.clear();
  }

  #close(next: number): void {
    const utc = (this.#index + 1) * SHORT_MS;
    this.short = { utc, voltages: this.#voltages.map((voltage) => this.#severity(voltage)) };
    this.#clear();
    this.onShort(this.short);
    const group = Math.floor(this.#index / SHORTS_PER_LONG);
    if (Math.floor(next / SHORTS_PER_LONG) === group) return;
    this.long = { utc: (group + 1) * SHORTS_PER_LONG * SHORT_MS, voltages: this.#voltages.map(longSeverity) };
    for (const voltage of this.#voltages) voltage.cubes = [];
    this.onLong(this.long);
  }

  #severity(voltage: Voltage): FlickerSeverity {
    const { flagged, absence, absentSeconds } = voltage;
    const missing = (why: string): FlickerSeverity => ({
      value: undefined,
      pinstMax: undefined,
      flagged,
      missing: why,
    });
    if (this.#seconds === 0) return missing("samples were not there");
    if (absence !== undefined) {
      return missing(`not measured for ${absentSeconds.toFixed(1)} s: ${words[absence]}`);
    }
    if (Math.abs(this.#seconds - SHORT_MS / 1000) > SLACK_SECONDS) {
      return missing(`${this.#seconds.toFixed(1)} s instead of ${SHORT_MS / 1000}: the clock was set`);
    }
    const value = voltage.classes.pst();
    voltage.cubes.push({ index: this.#index, cube: value ** 3, flagged });
    return { value, pinstMax: voltage.largest, flagged, missing: undefined };
  }
}

function longSeverity({ cubes }: Voltage): FlickerSeverity {
  // A clock that was set back measures an interval twice.
  const measured = new Set(cubes.map(({ index }) => index)).size;
  const used = cubes.filter(({ flagged }) => !flagged);
  const flagged = used.length < cubes.length;
  const missing =
    measured < SHORTS_PER_LONG
      ? `${measured} of ${SHORTS_PER_LONG} values of Pst`
      : used.length === 0
        ? `all ${SHORTS_PER_LONG} values of Pst are flagged`
        : undefined;
  const sum = used.reduce((total, { cube }) => total + cube, 0);
  const value = missing === undefined ? Math.cbrt(sum / used.length) : undefined;
  return { value, pinstMax: undefined, flagged, missing };
}
