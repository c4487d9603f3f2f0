/** Which rate counts and which season it is, as the wall clock, the calendar and the override input have it. */
import type { Rate } from "#clock/tou-schedule.ts";
import { namedState } from "#meter/named-state.ts";
import type { Stamp } from "#quantity/stamp.ts";
import { automatic, type EventLog } from "#revenue/events/event-log.ts";
import type { Periphery } from "#revenue/contacts/periphery.ts";
import type { Registers } from "#revenue/registers/registers.ts";
import type { RevenueClock } from "#revenue/time/revenue-clock.ts";

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
