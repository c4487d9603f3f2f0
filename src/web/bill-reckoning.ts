/** What records of a load profile come to in one day or month of the wall clock: energies by rate, peaks, and what is missing. */
import { accumulates, sideOf } from "#quantity/measure.ts";
import { measureName } from "#quantity/measure-name.ts";
import type { BilledEnergyView, BilledPeakView, BillView, MissingView, RateEnergyView } from "#quantity/bills-api.ts";
import { profileStatus, type Profile, type ProfileRecord } from "#quantity/profile.ts";
import { localOf, type Stamp } from "#quantity/stamp.ts";
import { unitOf } from "#quantity/unit.ts";
import { wallTimeOf } from "./energy-view.ts";
import { localText } from "./meter-view.ts";
import { isDoubtful, trendChannelsOf } from "./trend-channel.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
/** Of a period: what is missing, and what happened, that is told one by one. */
const TOLD = 12;

/** A day or a month, in milliseconds of local time. */
export interface Stretch {
  readonly period: string;
  readonly begin: number;
  readonly end: number;
}

/** A channel that counts energy, by its place in the records. */
interface Counting {
  readonly place: number;
  readonly facts: Pick<BilledEnergyView, "measure" | "unit" | "side">;
  readonly worth: number;
  readonly power: { readonly measure: string; readonly unit: string };
}

export function countingOf(profile: Pick<Profile, "channels" | "data">): readonly Counting[] {
  const powers = trendChannelsOf(profile);
  return profile.channels.flatMap(({ measure, km, side }, place): Counting[] => {
    const power = powers[place];
    if (!accumulates(measure.quantity) || power === undefined) return [];
    const facts = {
      measure: measureName(measure),
      unit: unitOf(measure),
      side: side ?? sideOf(measure, "primary") ?? null,
    };
    const worth = profile.data === "engineering" ? 1 : km;
    return [{ place, facts, worth, power: { measure: power.measure, unit: power.unit } }];
  });
}

/** Which rate counted at an instant; null where none did. */
export type RateAt = (utc: number) => string | null;

interface Peak {
  readonly value: number;
  readonly at: Stamp;
  readonly rate: string | null;
}

/** Of one channel: counts by rate, and the largest mean of an interval of each. */
interface Counted {
  readonly byRate: Map<string | null, number>;
  readonly peaks: Map<string | null, Peak>;
  unknown: number;
  known: number;
}

const { partial, powerLost } = profileStatus;

/** The events that a period is told of: what is no ordinary end of an interval. */
const ordinary: ReadonlySet<string> = new Set(["normal", "midnight"]);

export class Reckoning {
  readonly #stretch: Stretch;
  readonly #channels: readonly Counting[];
  readonly #rateAt: RateAt;
  readonly #counted: readonly Counted[];
  readonly #missing: MissingView[] = [];
  readonly #events: { readonly at: string; readonly type: string }[] = [];
  #missingMs = 0;
  #eventCount = 0;
  #records = 0;
  #doubtful = 0;
  #beyond = 0;
  #clockBack = 0;
  #first: ProfileRecord | undefined;
  #last: ProfileRecord | undefined;
  /** How long a whole interval is: shorter ones say nothing of a peak. */
  readonly #intervalMs: number;

  constructor(stretch: Stretch, profile: Pick<Profile, "channels" | "data" | "interval">, rateAt: RateAt) {
    this.#stretch = stretch;
    this.#channels = countingOf(profile);
    this.#rateAt = rateAt;
    this.#intervalMs = typeof profile.interval === "number" ? profile.interval * MINUTE_MS : 0;
    this.#counted = this.#channels.map(() => ({ byRate: new Map(), peaks: new Map(), unknown: 0, known: 0 }));
  }

  /** Takes the next record that begins in it. */
  add(record: ProfileRecord): void {
    const { start, end, type } = record;
    if (this.#first === undefined) {
      this.#first = record;
      this.#miss(this.#stretch.begin, localOf(start), localOf(start) - this.#stretch.begin);
    } else if (this.#last !== undefined) {
      const before = this.#last.end;
      // By UTC, which daylight saving leaves alone: this time has been there before.
      if (start.utc < before.utc) this.#clockBack++;
      this.#miss(localOf(before), localOf(start), start.utc - before.utc);
    }
    this.#last = record;
    this.#records++;
    if (isDoubtful(record)) this.#doubtful++;
    if (localOf(end) > this.#stretch.end) this.#beyond++;
    if (!ordinary.has(type)) {
      this.#eventCount++;
      if (this.#events.length < TOLD) this.#events.push({ at: localText(end), type });
    }
    const rate = this.#rateAt(start.utc);
    // A rate that began within it counts for an unknown part of it.
    const counts = end.utc > start.utc && this.#rateAt(end.utc - 1) !== rate ? "mixed" : rate;
    this.#channels.forEach((channel, k) => this.#count(channel, k, record, counts));
  }

  #count({ place, worth }: Counting, k: number, record: ProfileRecord, rate: string | null): void {
    const { start, end, status, values } = record;
    const counted = this.#counted[k];
    if (counted === undefined) return;
    const value = values[place];
    if (value === undefined) return void counted.unknown++;
    counted.known++;
    counted.byRate.set(rate, (counted.byRate.get(rate) ?? 0) + value);
    const ms = end.utc - start.utc;
    const isCut = ms <= 0 || ms < this.#intervalMs || (status & (partial | powerLost)) !== 0;
    if (isCut || isDoubtful(record)) return;
    const power = (value * worth * HOUR_MS) / ms;
    const peak = counted.peaks.get(rate);
    if (peak === undefined || power > peak.value) counted.peaks.set(rate, { value: power, at: start, rate });
  }

  /** Nothing was recorded for so many milliseconds between two local times. */
  #miss(from: number, to: number, ms: number): void {
    if (ms <= 0) return;
    this.#missingMs += ms;
    if (this.#missing.length < TOLD) this.#missing.push({ from: wall(from), to: wall(to) });
  }

  /** What it has come to; by then the meter's clock says `now`, and the profile begins where it does. */
  bill(now: Stamp): BillView {
    const { begin, end, period } = this.#stretch;
    const [first, last] = [this.#first, this.#last];
    const isRunning = localOf(now) < end;
    if (last === undefined) {
      const until = Math.min(end, localOf(now));
      this.#miss(begin, until, until - begin);
    } else if (!isRunning) this.#miss(localOf(last.end), end, end - localOf(last.end));
    const { hours } = this;
    return {
      period,
      from: first === undefined ? null : wallTimeOf(first.start),
      to: last === undefined ? null : wallTimeOf(last.end),
      hours,
      isRunning,
      isWhole: !isRunning && this.#records > 0 && this.#flaws === 0,
      missing: this.#missing,
      missingSeconds: this.#missingMs / 1000,
      records: this.#records,
      doubtful: this.#doubtful,
      beyond: this.#beyond,
      clockBack: this.#clockBack,
      events: this.#events,
      eventCount: this.#eventCount,
      energies: this.#channels.map((channel, k) => energyOf(channel, this.#counted[k])),
      peaks: this.#channels.flatMap((channel, k) => peaksOf(channel, this.#counted[k])),
    };
  }

  /** What keeps it from being whole. */
  get #flaws(): number {
    return this.#missingMs + this.#doubtful + this.#beyond + this.#clockBack;
  }

  /** Hours of the stretch, by the offsets of its first and its last record; null where it has none. */
  get hours(): number | null {
    const [first, last] = [this.#first, this.#last];
    if (first === undefined || last === undefined) return null;
    const { begin, end } = this.#stretch;
    const shift = last.end.offsetMinutes - first.start.offsetMinutes;
    return (end - begin - shift * MINUTE_MS) / HOUR_MS;
  }
}

/** "2026-03-08 00:00:00" of milliseconds of local time. */
function wall(local: number): string {
  return localText({ utc: local, offsetMinutes: 0, daylightSaving: false, synchronised: true });
}

function energyOf({ facts, worth }: Counting, counted: Counted | undefined): BilledEnergyView {
  if (counted === undefined || counted.known === 0)
    return { ...facts, total: null, rates: [], unknown: counted?.unknown ?? 0 };
  const rates: RateEnergyView[] = [...counted.byRate]
    .map(([rate, counts]) => ({ rate, value: counts * worth }))
    .toSorted((a, b) => (a.rate ?? "").localeCompare(b.rate ?? ""));
  const total = [...counted.byRate.values()].reduce((sum, counts) => sum + counts, 0) * worth;
  return { ...facts, total, rates, unknown: counted.unknown };
}

function peaksOf({ power }: Counting, counted: Counted | undefined): BilledPeakView[] {
  return [...(counted?.peaks.values() ?? [])]
    .toSorted((a, b) => b.value - a.value)
    .map(({ value, at, rate }) => ({ ...power, value, rate, at: wallTimeOf(at) }));
}
