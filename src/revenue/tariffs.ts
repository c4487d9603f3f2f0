/** Which rate counts and which season it is, as local time, the calendar and the override input have it. */
import type { Rate } from "#clock/tou-schedule.ts";
import { automatic, type EventLog } from "#revenue/events/event-log.ts";
import type { Periphery } from "#revenue/contacts/periphery.ts";
import type { Registers } from "#revenue/registers/registers.ts";
import type { RevenueClock } from "#revenue/time/revenue-clock.ts";

export interface TariffParts {
  readonly clock: RevenueClock;
  readonly registers: Registers;
  readonly periphery: Periphery;
  readonly log: EventLog;
  /** [local time of the last season change, season, from 1; 0 before the first]. */
  readonly state: Float64Array;
}

export class Tariffs {
  readonly #parts: TariffParts;

  constructor(parts: TariffParts) {
    this.#parts = parts;
    parts.registers.rate = this.rate;
  }

  /** The rate that counts now. */
  get rate(): Rate | undefined {
    return this.#rateAt(this.#parts.clock.local);
  }

  #rateAt(local: number): Rate | undefined {
    const { clock, periphery } = this.#parts;
    return periphery.rate(clock.tou.rateAt(local));
  }

  /** Local time of the last season change; 0 before the first. */
  get lastSeasonChange(): number {
    return this.#parts.state[0] ?? 0;
  }

  /** Local time is this now: seasons and rates that begin with it. */
  follow(local = this.#parts.clock.local): void {
    const { clock, registers, log, state } = this.#parts;
    const season = clock.tou.seasonAt(local);
    if (season !== undefined && season + 1 !== state[1]) {
      if ((state[1] ?? 0) > 0) {
        registers.seasonChange();
        state[0] = local;
        log.add("event", "season change", automatic, { season: season + 1 });
      }
      state[1] = season + 1;
    }
    registers.rate = this.#rateAt(local);
  }
}
