/** Which rate counts and which season it is, as the wall clock, the calendar and the override input have it. */
import { DAY_MS } from "#clock/local-time.ts";
import type { Rate } from "#clock/tou-schedule.ts";
import { namedState } from "#meter/named-state.ts";
import type { Stamp } from "#quantity/stamp.ts";
import type { RateSwitch, TariffTimes } from "#quantity/tariff-times.ts";
import { automatic, type EventLog } from "#revenue/events/event-log.ts";
import type { Periphery } from "#revenue/contacts/periphery.ts";
import type { Registers } from "#revenue/registers/registers.ts";
import type { RevenueClock } from "#revenue/time/revenue-clock.ts";

/** How far ahead a rate is looked for that is another: a calendar repeats itself in a year. */
const YEAR_MS = 366 * DAY_MS;

/** Instant of UTC of the last season change, NaN before the first; the season, from 1. */
const SeasonState = namedState("changedAt", "season");
export const SEASON_STATE = SeasonState.size;

export interface TariffParts {
  readonly clock: RevenueClock;
  readonly registers: Registers;
  readonly periphery: Periphery;
  readonly log: EventLog;
  /** Non-volatile, NaN at first. */
  readonly state: Float64Array;
}

export class Tariffs {
  readonly #parts: TariffParts;
  readonly #state: InstanceType<typeof SeasonState>;
  /** The next instant of UTC at which a rate or a season may begin. */
  next = -Infinity;

  constructor(parts: TariffParts) {
    this.#parts = parts;
    this.#state = new SeasonState(parts.state);
    parts.registers.rate = this.rate;
  }

  /** The rate that counts now. */
  get rate(): Rate | undefined {
    const { clock, periphery } = this.#parts;
    return periphery.rate(clock.tou.rateAt(clock.local));
  }

  /** When which rate counts; undefined where no rate ever does. */
  get times(): TariffTimes | undefined {
    const { clock, periphery } = this.#parts;
    const { tou, zone } = clock;
    const season = tou.seasonAt(clock.local);
    if (season === undefined) return undefined;
    const rateAt = (utc: number): Rate | undefined => tou.rateAt(zone.local(utc));
    const next = (utc: number): RateSwitch | undefined => {
      const rate = rateAt(utc);
      const end = utc + YEAR_MS;
      for (let at = clock.nextSwitch(utc); at <= end; at = clock.nextSwitch(at)) {
        const then = rateAt(at);
        if (then !== rate) return { at: clock.stamp(at), rate: then };
      }
      return undefined;
    };
    return { rate: this.rate, isOverridden: periphery.override, season: season + 1, rateAt, next };
  }

  /** When the season changed last; undefined before the first time. */
  get lastSeasonChange(): Stamp | undefined {
    const { changedAt } = this.#state;
    return Number.isNaN(changedAt) ? undefined : this.#parts.clock.stamp(changedAt);
  }

  /** The clock has come to where it is: seasons and rates that begin with it. */
  follow(): void {
    const { clock, registers, log } = this.#parts;
    const state = this.#state;
    const { utc, local } = clock;
    const season = clock.tou.seasonAt(local);
    if (season !== undefined && season + 1 !== state.season) {
      if (!Number.isNaN(state.season)) {
        registers.seasonChange();
        state.changedAt = utc;
        log.add("event", "season change", automatic, { season: season + 1 });
      }
      state.season = season + 1;
    }
    registers.rate = this.rate;
    this.next = clock.nextSwitch(utc);
  }
}
