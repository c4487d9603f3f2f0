/** A meter behind a station of IEC 60870-5-102 whose values are arithmetic, or those that the reference station of the recorded session has. */
import { instantOf } from "#clock/meter-clock.ts";
import { HOUR_MS, LocalTime, MINUTE_MS } from "#clock/local-time.ts";
import type {
  Closure,
  Iec102Host,
  Iec102Settings,
  Instantaneous,
  LocalTime as Local,
  Period,
  StationEvent,
  StationParameters,
  StationSession,
  StationTime,
  TotalsAsked,
} from "#protocol/iec102/station/host.ts";
import type { Peer } from "#quantity/authority.ts";

/** Of the recorded session. */
export const sessionSettings: Iec102Settings = {
  address: 0x870c,
  addressOctets: 2,
  companion: "ree",
  measuringPoint: 1,
  manufacturer: 251,
  deviceNumber: 12_345_678,
  password: true,
  sessionMs: 60_000,
  interCharacterMs: 500,
};

/** Central European time, by the rule of the European Union. */
export const zone = new LocalTime(60, {
  start: { month: 3, week: 5, weekday: 0, hour: 2 },
  end: { month: 10, week: 5, weekday: 0, hour: 3 },
  minutes: 60,
});

/** 2025-03-04 10:20:30.500, as the recorded session has it. */
export const SESSION_NOW = Date.UTC(2025, 2, 4, 9, 20, 30, 500);
/** Of which there are periods: a year before, and what tests ask for. */
const [OLDEST, NEWEST] = [Date.UTC(2024, 11, 31, 23), Date.UTC(2026, 11, 31, 23)];

const stepMs: Readonly<Record<number, number>> = { 11: HOUR_MS, 12: 15 * MINUTE_MS, 13: 5 * MINUTE_MS };

export class FixtureHost implements Iec102Host {
  epoch = 1;
  settings: Iec102Settings;
  key = 7;
  utc = SESSION_NOW;
  silent = false;
  /** Keys that were shown, whoever left, what the clock was set to. */
  readonly shown: (number | undefined)[] = [];
  readonly peers: Peer[] = [];
  readonly setTo: number[] = [];
  left = 0;
  /** Periods that have been made. */
  made = 0;
  told: ReturnType<StationSession["setTime"]> = "done";
  readonly further: StationEvent[] = [];

  constructor(settings: Partial<Iec102Settings> = {}) {
    this.settings = { ...sessionSettings, ...settings };
  }

  answers(): boolean {
    return !this.silent;
  }

  at(utc: number): StationTime {
    const stamp = {
      utc,
      offsetMinutes: zone.offsetMinutes(utc),
      daylightSaving: zone.saving(utc),
      synchronised: true,
    };
    return { stamp };
  }

  now(): StationTime {
    return this.at(this.utc);
  }

  utcOf({ summer, millisecond, ...wall }: Local): number | undefined {
    const local = instantOf(wall);
    if (local === undefined) return undefined;
    const [asSummer, asWinter] = [local - 2 * HOUR_MS, local - HOUR_MS];
    const isSummer = zone.saving(asSummer);
    const isWinter = !zone.saving(asWinter);
    if (!isSummer && !isWinter) return undefined;
    return (isSummer && (summer || !isWinter) ? asSummer : asWinter) + millisecond;
  }

  open(key: number | undefined, peer: Peer): Promise<StationSession | undefined> {
    this.shown.push(key);
    this.peers.push(peer);
    if (this.settings.password && key !== this.key) return Promise.resolve(undefined);
    return Promise.resolve({
      setTime: (utc) => {
        if (this.told === "done") this.setTo.push(utc);
        return this.told;
      },
      leave: () => void this.left++,
    });
  }

  totals({ record, incremental, from = OLDEST, to = NEWEST }: TotalsAsked): Iterable<Period> | undefined {
    if (record === 21) return this.#days(from, to);
    const step = stepMs[record];
    return step === undefined
      ? undefined
      : this.#periods(step, Math.max(from, OLDEST + step), Math.min(to, NEWEST), incremental);
  }

  /** Every object counts ten times its number in each period. */
  *#periods(step: number, from: number, to: number, incremental: boolean): Generator<Period, void> {
    for (let utc = Math.ceil(from / step) * step; utc <= to; utc += step) {
      this.made++;
      const periods = incremental ? 1 : Math.round((utc - OLDEST) / step);
      yield { at: this.at(utc), totals: objects((object) => 10 * object * periods) };
    }
  }

  *#days(from: number, to: number): Generator<Period, void> {
    for (let utc = zone.nextMidnight(from - 1), day = 0; utc <= to; utc = zone.nextMidnight(utc), day++) {
      this.made++;
      const since = day;
      yield { at: this.at(utc), totals: objects((object) => 1000 * object + since) };
    }
  }

  closures(contract: number, from: number, to: number): Iterable<Closure> | undefined {
    if (contract !== 1) return [];
    const end = Date.UTC(2025, 1, 28, 23);
    return end < from || end > to ? [] : this.#closures();
  }

  running(contract: number): readonly Closure[] | undefined {
    return contract === 1 ? this.#closures() : undefined;
  }

  #closures(): readonly Closure[] {
    const [start, end] = [this.at(Date.UTC(2025, 0, 31, 23)), this.at(Date.UTC(2025, 1, 28, 23))];
    return [20, 21, 22, 23].map((object) => ({
      object,
      active: { absolute: 100_000 + object, incremental: 100, quality: 0 },
      inductive: { absolute: 200_000 + object, incremental: 200, quality: 0 },
      capacitive: { absolute: 300_000 + object, incremental: 300, quality: 0 },
      maximum: { value: 357, at: start, quality: 0 },
      excess: undefined,
      start,
      end,
    }));
  }

  instantaneous(): Instantaneous {
    return {
      at: this.now(),
      totals: [111, 222, 333, 444, 555, 666],
      powers: [0, 1, 2, 3].map((k) => ({
        active: 40_000 + 1000 * k,
        reactive: 9000 + 1000 * k,
        factor: 0.976,
        quadrant: 1,
      })),
      phases: [0, 1, 2].map((k) => ({ amps: 5.1 + 0.1 * k, volts: 230.1 + 0.1 * k })),
    };
  }

  events(record: number, from: number, to: number): Iterable<StationEvent> | undefined {
    if (![52, 53, 54, 55, 128, 129, 130, 131, 132, 133].includes(record)) return undefined;
    if (record !== 52) return [];
    const at = this.at(SESSION_NOW).stamp;
    const all: readonly StationEvent[] = [
      { address: 1, qualifier: 2, on: false, at },
      { address: 7, qualifier: 11, on: false, at },
      ...this.further,
    ];
    return all.filter((one) => one.at.utc >= from && one.at.utc <= to);
  }

  get parameters(): StationParameters {
    return {
      model: "JS",
      firmware: 12,
      battery: 87,
      baud: 9600,
      volts: { primary: 66_000, secondary: 110 },
      amps: { primary: 400, secondary: 5 },
      periods: [60, 15, 0],
    };
  }
}

/** Channels 7 and 8 are not fitted, and count all the same in the reference station. */
function objects(value: (object: number) => number) {
  return [1, 2, 3, 4, 5, 6, 7, 8].map((object) => ({
    object,
    value: value(object),
    quality: object > 6 ? 0x80 : 0,
  }));
}
