/** What is set on a meter: stored values, and the clock, whose three registers are set like them. */
import type { MeterClock } from "#clock/meter-clock.ts";
import type { InstrumentDesign } from "#quantity/instrument-design.ts";
import type { SettingRefusal } from "#quantity/interfaces.ts";
import type { Setting } from "#quantity/setting.ts";
import type { MeterStore } from "#store/store.ts";
import { calendarField, calendarInstant, calendarRegisters, isCalendar } from "./calendar-registers.ts";
import { crossCheck } from "./cross-checks.ts";
import { SettingStore } from "./setting-store.ts";

export type Changes = ReadonlyMap<Setting, number>;

export class Configuration {
  readonly #design: InstrumentDesign;
  readonly #clock: MeterClock;
  readonly #values: SettingStore;

  constructor(design: InstrumentDesign, store: MeterStore, clock: MeterClock) {
    this.#design = design;
    this.#clock = clock;
    this.#values = new SettingStore(design.settings, store);
  }

  /** Why what was stored could not be read. */
  get complaint(): string | undefined {
    return this.#values.complaint;
  }

  get(name: Setting): number {
    if (isCalendar(name)) return calendarField(calendarRegisters(this.#clock.wall()), name);
    return this.#values.get(name);
  }

  /** Every stored setting by name. */
  all(): Readonly<Record<string, number>> {
    return this.#values.all();
  }

  #instant(changes: Changes): number | SettingRefusal | undefined {
    return calendarInstant(changes, calendarRegisters(this.#clock.wall()), this.#design.settings);
  }

  check(changes: Changes): SettingRefusal | undefined {
    const instant = this.#instant(changes);
    if (typeof instant === "object") return instant;
    return this.#values.check(stored(changes), (value, set) => crossCheck(this.#design, value, set));
  }

  /** Takes changes that have been checked; true when the clock was set with them. */
  set(changes: Changes): boolean {
    const instant = this.#instant(changes);
    const plain = stored(changes);
    if (plain.size > 0) this.#values.set(plain);
    if (typeof instant !== "number") return false;
    this.#clock.set(instant);
    return true;
  }
}

/** What is not the clock's. */
function stored(changes: Changes): Changes {
  return new Map([...changes].filter(([name]) => !isCalendar(name)));
}
