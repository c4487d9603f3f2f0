/** A revenue meter on a source of whole minutes: what tests of its behaviour stand on. */
import type { Clock } from "#clock/clock.ts";
import type { MeterEntry as SiteMeterEntry } from "#fleet/site-schema.ts";
import { makeSource } from "#fleet/sources.ts";
import { ametekJemstarIi as jemstarModel } from "#model/ametek-jemstar-ii.ts";
import { FileError } from "#product/file-error.ts";
import { JemStar } from "#product/jemstar/jemstar.ts";
import { isRefused } from "#quantity/authority.ts";
import type { DaylightSaving } from "#clock/local-time.ts";
import { wallTimeOf } from "#clock/meter-clock.ts";
import { dayTypes, type DayType, type Switch } from "#clock/tou-schedule.ts";
import type {
  InputOutputSettings,
  RevenueConfiguration,
  RegisterSettings,
  TriggerSettings,
} from "#revenue/settings/configuration.ts";
import type { Measure } from "#quantity/measure.ts";
import type { TakeObservation } from "#quantity/observation.ts";
import type { MakeQuality, RecordingMakers } from "#revenue/revenue-options.ts";
import { RevenueMeter } from "#revenue/revenue-meter.ts";
import { spoken, type SpokenMeter } from "./revenue-spoken.ts";
import type { Terminals } from "#revenue/supply.ts";
import { MemoryStore, type MeterStore } from "#store/store.ts";
import type { Source, StepSource, StepValues } from "#waveform/source.ts";

export interface Load {
  readonly w: number;
  readonly q: number;
  readonly hz?: number;
  /** Volts to neutral; 120 unless said. */
  readonly v?: number;
}

/** A three-phase load that is constant within each minute: watts and vars of all phases together, by minute since the start. */
export class MinuteLoads implements StepSource {
  readonly kind = "steps";
  readonly ended = false;
  #seconds = 0;
  readonly #load: (minute: number) => Load;

  constructor(load: (minute: number) => Load) {
    this.#load = load;
  }

  step(seconds: number, from: StepValues, to: StepValues): number {
    const minute = Math.floor(this.#seconds / 60 + 1e-9);
    const took = Math.min(seconds, (minute + 1) * 60 - this.#seconds);
    const { w, q, hz = 60, v = 120 } = this.#load(minute);
    for (const values of [from, to]) {
      values.hz = hz;
      values.n = 0;
      for (let k = 0; k < 3; k++) {
        values.v[k] = values.e[k] = v;
        values.ll[k] = v * Math.sqrt(3);
        values.w[k] = w / 3;
        values.q[k] = q / 3;
        values.a[k] = v > 0 ? Math.hypot(w, q) / 3 / v : 0;
      }
    }
    this.#seconds += took;
    return took;
  }
}

export const measure = (
  quantity: Measure["quantity"],
  direction: Measure["direction"] = "delivered",
  phase: Measure["phase"] = "polyphase",
): Measure => ({ quantity, direction, phase, compensated: false });

/** A register of energy or demand in Wh, W and the like, primary, without decimals. */
export function register(
  id: number,
  changes: Partial<Extract<RegisterSettings, { measure: Measure }>> = {},
): RegisterSettings {
  return {
    id,
    label: `register ${id}`,
    selfRead: false,
    type: "consumption",
    measure: measure("Wh"),
    tariff: "total",
    storage: "working",
    units: "units",
    digits: 9,
    decimals: 0,
    scaling: "primary",
    ...changes,
  };
}

export function everyDay(switches: readonly Switch[]): Record<DayType, readonly Switch[]> {
  return Object.fromEntries(dayTypes.map((type) => [type, switches])) as Record<DayType, readonly Switch[]>;
}

/** One season, all year, of one kind of day. */
export function allYear(...switches: readonly Switch[]): RevenueConfiguration["tou"] {
  return { seasons: [{ month: 1, day: 1, days: everyDay(switches) }], holidays: [] };
}

/** A channel of digital inputs and outputs as it comes from the factory, but without debouncing. */
export const contact = (
  mode: InputOutputSettings["mode"],
  changes: Partial<InputOutputSettings> = {},
): InputOutputSettings => ({
  mode,
  ke: 1,
  contact: "toggle",
  pulseMs: 40,
  everyMinutes: 1,
  debounceMs: 0,
  ...changes,
});

/** A trigger on watts above 5000, without delays. */
export const trigger = (id: number, changes: Partial<TriggerSettings> = {}): TriggerSettings => ({
  id,
  enabled: true,
  label: `trigger ${id}`,
  measure: measure("W", "bidirectional"),
  phase: "polyphase",
  operator: ">",
  alarm: 5000,
  reset: 4500,
  delayMs: 0,
  resetDelayMs: 0,
  ...changes,
});

export const channel = (of: Measure, km: number, records: "always" | "override" = "always") => ({
  measure: of,
  km,
  records,
});

/** Daylight saving of New York since 2007, 300 minutes behind UTC. */
export const eastern: DaylightSaving = {
  start: { month: 3, week: 2, weekday: 0, hour: 2 },
  end: { month: 11, week: 1, weekday: 0, hour: 2 },
  minutes: 60,
};

const never = { every: "never", minute: 0, day: 0 } as const;

export const plain: RevenueConfiguration = {
  identification: { strings: [] },
  primary: {
    pt: 1,
    ct: 1,
    nominalVoltage: 120,
    nominalCurrent: 5,
    connection: "4 wire wye",
    pqVoltage: "ln",
    flickerLamp: 120,
    rotation: "abc",
  },
  registers: { normal: [register(1)], alternate: [], test: [] },
  profiles: [
    {
      channels: [channel(measure("Wh"), 1)],
      minutes: 15,
      externalSync: false,
      data: "counts",
      events: true,
      freezeMarkers: true,
    },
  ],
  demand: {
    subIntervalMinutes: 5,
    subIntervals: 3,
    thermalMinutes: 15,
    externalSync: false,
    deferSeconds: 0,
    deferAfterOutageSeconds: 1,
  },
  tou: { seasons: [], holidays: [] },
  timekeeping: { sync: "crystal", toleranceMs: 500, utcOffsetMinutes: 0, freeze: never, billingReset: never },
  selfRead: never,
  resetLockoutMinutes: 5,
  io: [],
  testPulses: { led: "Wh", optical: "varh", kt: 1.8 },
  testMode: { timeoutMinutes: 30 },
  totalization: [],
  triggers: [],
  triggerBits: [],
};

export interface RevenueRig {
  readonly meter: SpokenMeter;
  readonly store: MeterStore;
  /** What is at the meter's terminals besides its inputs. */
  readonly terminals: Terminals;
  /** The supply fails, or works again, whatever there is at the terminals. */
  fail(failed: boolean): void;
  /** Lets minutes pass. */
  run(minutes: number): void;
  value(id: number): number;
  text(id: number): string;
}

export function revenueRig(
  changes: Partial<RevenueConfiguration> = {},
  load: (minute: number) => Load = () => ({ w: 3600, q: 1200 }),
  options: {
    readonly utc?: string;
    readonly store?: MeterStore;
    /** Instead of the load. */
    readonly source?: Source;
    readonly startingCurrent?: number;
    readonly driftPpm?: number;
    readonly timeServer?: (elapsed: number) => number;
    readonly terminals?: Partial<Terminals>;
    readonly powerQuality?: boolean;
    /** Option ML. */
    readonly measurementLog?: boolean;
    readonly quality?: MakeQuality;
    readonly recording?: RecordingMakers;
    readonly observe?: TakeObservation;
    readonly transformers?: { readonly pt: number; readonly ct: number };
    readonly hz?: number;
  } = {},
): RevenueRig {
  const store = options.store ?? new MemoryStore().drawer("revenue");
  const terminals = { auxiliaryFirst: false, auxiliary: false, failed: false, ...options.terminals };
  const meter = spoken(
    new RevenueMeter({
      name: "revenue",
      source: options.source ?? new MinuteLoads(load),
      elapsed: 0,
      utc: Temporal.Instant.from(options.utc ?? "2026-01-01T00:00:00Z").epochMilliseconds,
      store,
      configuration: { ...plain, ...changes },
      transformers: options.transformers ?? { pt: 1, ct: 1 },
      hz: options.hz ?? 60,
      recording: options.recording,
      observe: options.observe,
      startingCurrent: options.startingCurrent ?? 0.002,
      driftPpm: options.driftPpm ?? 0,
      timeServer: options.timeServer,
      terminals,
      powerQuality: options.powerQuality,
      measurementLog: options.measurementLog,
      quality: options.quality,
    }),
  );
  let elapsed = 0;
  return {
    meter,
    store,
    terminals,
    fail(failed) {
      terminals.failed = failed;
      meter.supplied();
    },
    run(minutes) {
      elapsed += minutes * 60_000;
      meter.advance(elapsed);
    },
    value: (id) => meter.registers.show(id)?.value ?? NaN,
    text: (id) => meter.registers.show(id)?.text ?? "",
  };
}

/** "07-31 16:45" of local milliseconds. */
export function clock(local: number): string {
  const { month, day, hour, minute } = wallTimeOf(local);
  const two = (value: number): string => String(value).padStart(2, "0");
  return `${two(month)}-${two(day)} ${two(hour)}:${two(minute)}`;
}

/** What cases kept outside the repository use of the house, under names that stay when files move. */
export { VirtualClock } from "#clock/virtual-clock.ts";
export { ametekJemstarIi } from "#model/ametek-jemstar-ii.ts";
export { siteSchema } from "#fleet/site-schema.ts";
export { MemoryStore } from "#store/store.ts";
export { parseRevenueFile } from "#product/jemstar/configuration-file.ts";
export { parseModelNumber } from "#revenue/settings/model-number.ts";
/** What somebody at the site tells a meter: a user who has been admitted, or nobody; what is wrong with it, when it is not done. */
export function obey(site: JemStar, command: unknown, user: { readonly name: string } | undefined): readonly string[] {
  const peer = { protocol: "http", port: "site", near: true };
  const session = user === undefined ? site.authority.open(peer) : site.authority.sessions.begin(user.name, peer);
  const outcome = site.authority.obey(command, session);
  return isRefused(outcome) ? outcome.words : [];
}

/** A revenue meter of a site file, as a site makes it. */
export class RevenueSite extends JemStar {
  constructor({
    entry,
    folder,
    clock,
    store,
    quality,
    recording,
    observe,
  }: {
    readonly entry: SiteMeterEntry;
    readonly model?: unknown;
    readonly folder: string;
    readonly clock: Clock;
    readonly store: MeterStore;
    readonly quality?: MakeQuality;
    readonly recording?: RecordingMakers;
    readonly observe?: TakeObservation;
  }) {
    super({
      quality,
      recording,
      observe,
      entry,
      model: jemstarModel,
      folder,
      clock,
      store,
      ports: [],
      source: (how) => makeSource(entry.source, { folder, start: clock.utc(), ...how }),
      refused: () => {},
    });
  }

  /** What applying a configuration would begin anew, in words. */
  consequences(text: string): readonly string[] {
    return this.#configure(text, undefined, true).consequences ?? [];
  }

  /** Applies a configuration for a user; throws what is wrong with it. */
  apply(
    text: string,
    user: { readonly name: string },
  ): { readonly consequences: readonly string[] } | { readonly barred: string } {
    const { consequences, barred } = this.#configure(text, user, false);
    return consequences === undefined ? { barred: barred ?? "" } : { consequences };
  }

  #configure(
    configuration: string,
    user: { readonly name: string } | undefined,
    check: boolean,
  ): { readonly consequences?: readonly string[]; readonly barred?: string } {
    const peer = { protocol: "http", port: "site", near: true };
    const session = user === undefined ? this.authority.open(peer) : this.authority.sessions.begin(user.name, peer);
    const outcome = this.authority.obey({ command: "configure", configuration, check }, session);
    if (!isRefused(outcome)) return { consequences: outcome.consequences };
    if (outcome.refused === "invalid") throw new FileError("the configuration", outcome.words);
    return { barred: outcome.words.join("; ") };
  }

  /** As cases speak to it. */
  override get meter(): SpokenMeter {
    return spoken(super.meter);
  }
}
