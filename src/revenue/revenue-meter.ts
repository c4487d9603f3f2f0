/**
 * A revenue meter: from a source to registers, profiles and logs. Everything that happens at a time happens on a whole minute
 * of the meter's local clock, so it goes from minute to minute, integrating what lies between in closed form; a year is one
 * call to `advance`.
 */
import { DAY_MS, HOUR_MS } from "#clock/local-time.ts";
import type { Origin } from "#quantity/log.ts";
import { NonVolatile } from "#meter/non-volatile.ts";
import { logAlarms } from "#revenue/events/alarm-log.ts";
import type { Billing } from "./billing.ts";
import type { RevenueConfiguration } from "#revenue/settings/configuration.ts";
import type { ItemFacts } from "#revenue/registers/item-registers.ts";
import type { DemandTiming } from "#revenue/registers/demand-timing.ts";
import { automatic, EventLog } from "#revenue/events/event-log.ts";
import type { Integrator } from "#revenue/measuring/integrator.ts";
import { profileStatus, type LoadProfile } from "#revenue/profile/load-profile.ts";
import { single } from "#revenue/measuring/columns.ts";
import { logTimeChange, recordOutage } from "./outages.ts";
import type { Periphery } from "#revenue/contacts/periphery.ts";
import type { Registers } from "#revenue/registers/registers.ts";
import { RevenueClock } from "#revenue/time/revenue-clock.ts";
import type { Applied, RevenueMeterOptions } from "./revenue-options.ts";
import { partsOf } from "./revenue-parts.ts";
import type { Schedules } from "#revenue/time/schedule.ts";
import { SelfReads } from "#revenue/registers/self-reads.ts";
import { StatusWord } from "#revenue/events/status-word.ts";
import type { Supply } from "./supply.ts";
import type { Tariffs } from "./tariffs.ts";
import type { TriggerChange } from "#revenue/events/triggers.ts";
import type { TestMode } from "./test-mode.ts";
import { Window } from "#revenue/measuring/window.ts";

export class RevenueMeter {
  readonly name: string;
  readonly configuration: RevenueConfiguration;
  readonly registers: Registers;
  readonly profiles: readonly LoadProfile[];
  readonly log: EventLog;
  readonly status: StatusWord;
  readonly periphery: Periphery;
  readonly supply: Supply;
  readonly selfReads: SelfReads;
  readonly testMode: TestMode;
  readonly billing: Billing;
  /** Power is back, and what the battery should have kept is lost. */
  forgetful = false;
  readonly #memory: NonVolatile;
  readonly #integrator: Integrator;
  readonly #window = new Window();
  readonly #clock: RevenueClock;
  readonly #demand: DemandTiming;
  readonly #schedules: Schedules;
  readonly #tariffs: Tariffs;
  readonly #survives: () => boolean;
  readonly #display: () => { readonly communication?: string; readonly firmware?: string };
  /** [UTC when last saved, seconds on battery, inputs that were live then]. */
  readonly #state: Float64Array;
  #powered: boolean;
  /** Elapsed time that is being worked off. */
  #until = 0;

  constructor(options: RevenueMeterOptions) {
    const { store, applied } = options;
    this.name = options.name;
    this.configuration = options.configuration;
    this.log = new EventLog(store, () => this.local);
    this.selfReads = new SelfReads(store);
    this.#memory = new NonVolatile(store);
    this.status = new StatusWord(this.#memory.run("status", 1));
    this.#clock = new RevenueClock(options, this.status);
    const parts = partsOf(options, this.#memory, {
      clock: this.#clock,
      log: this.log,
      status: this.status,
      selfReads: this.selfReads,
      settle: () => this.#endWindow(),
      facts: () => this.#facts(),
      look: (rates, seconds) => this.#look(rates, seconds),
      closed: (interval) => this.#subInterval(interval),
    });
    this.#state = parts.state;
    this.#integrator = parts.integrator;
    this.registers = parts.registers;
    this.#demand = parts.demand;
    this.profiles = parts.profiles;
    this.periphery = parts.periphery;
    this.supply = parts.supply;
    this.testMode = parts.testMode;
    this.billing = parts.billing;
    this.#tariffs = parts.tariffs;
    this.#schedules = parts.schedules;
    this.#survives = options.survives ?? (() => true);
    this.#display = options.display ?? (() => ({}));
    for (const profile of this.profiles) profile.override(this.periphery.override);
    this.#window.begin(this.#integrator.total, this.elapsed);
    this.#powered = this.supply.choose() !== undefined;
    const last = this.#state[0] ?? 0;
    // Nothing in between was measured: test mode ends where the last meter on this memory ended.
    this.testMode.leave(applied === undefined ? { by: "power failure" } : applied.by, this.#clock.zone.local(last));
    if (applied !== undefined) this.#configured(applied);
    // A meter that has run before has been without power since it was last saved.
    else if (last > 0 && this.#powered) this.#outage(last);
    else this.#tariffs.follow();
  }

  /** Local milliseconds since 1970. */
  get local(): number {
    return this.#clock.local;
  }

  get utc(): number {
    return this.#clock.time.utc;
  }

  /** Elapsed time that has been worked off. */
  get elapsed(): number {
    return this.#clock.time.elapsed;
  }

  get rate(): string {
    return this.#tariffs.rate ?? "none";
  }

  /** Averages of the last window, by column. */
  get window(): Window {
    return this.#window;
  }

  get powered(): boolean {
    return this.#powered;
  }

  // ── time ────────────────────────────────────────────────────────────────────────────────────────────────────────

  /** Works off everything up to `elapsed`. */
  advance(elapsed: number): void {
    while (this.elapsed < elapsed) {
      const minute = this.#clock.nextMinute;
      const boundary = this.#clock.time.when(minute);
      const end = Math.min(elapsed, boundary, this.periphery.lookAt);
      this.#measure(end);
      if (end < boundary) continue;
      // The instant itself, without the rounding of its way through elapsed time.
      this.#clock.time.utc = minute;
      this.#endWindow();
      this.#minute(minute);
    }
    this.save();
  }

  #measure(until: number): void {
    const began = this.elapsed;
    this.#until = until;
    const known = this.#integrator.run((until - began) / 1000);
    if (!known && this.#powered) for (const profile of this.profiles) profile.miss();
    this.#clock.time.elapsed = until;
    if (this.#powered) this.periphery.pass(until - began, (changes, ms) => this.#log(changes, ms));
    this.#reach();
    if (this.#window.isDue(until)) this.#endWindow();
  }

  /** Looks at the half cycle, or the step, that begins now; whether anything of it counts. */
  #look(rates: Float64Array, seconds: number): boolean {
    this.supply.look(rates, seconds);
    this.supplied();
    if (this.#powered) this.#log(this.periphery.look(rates, 1000 * seconds), 0);
    this.#clock.time.elapsed = Math.min(this.#until, this.elapsed + 1000 * seconds);
    return this.#powered;
  }

  #endWindow(): void {
    const { elapsed } = this;
    if (this.#window.isShort(elapsed)) return;
    const { total } = this.#integrator;
    const seconds = this.#window.end(total, elapsed);
    if (this.#powered) {
      this.periphery.total(this.registers.rate);
      this.registers.window(this.#window);
      for (const profile of this.profiles) profile.window();
      this.periphery.window(seconds);
      this.status.condition("pulseOverflow", this.periphery.io.overflowed);
    }
    this.#clock.sync.window(this.#powered ? (this.#window.average[single.hz] ?? 0) : 0);
    this.#window.begin(total, elapsed);
  }

  /** What happens on a whole minute. */
  #minute(utc: number): void {
    // The clock is as it was until this instant: a change of daylight saving comes after what ends with it.
    const before = this.#clock.zone.local(utc - 1) + 1;
    const local = this.#clock.zone.local(utc);
    if (this.#powered) {
      // The interval that ends belongs to the billing period that ends with it.
      this.#demand.minute(before, utc);
      this.#schedules.minute(before);
      if (before % DAY_MS === 0) for (const profile of this.profiles) profile.event("midnight", before);
      if (local !== before) this.#daylightSaving(before, local);
      this.#intervals(before);
      this.periphery.minute(before);
      this.testMode.minute();
      if (before % HOUR_MS === 0) this.registers.period("previousHour");
      if (before % DAY_MS === 0) this.registers.period("previousDay");
      if (local > before) this.#schedules.skipped(before, local);
    }
    this.#tariffs.follow(local);
    this.status.condition("daylightSaving", this.#clock.zone.saving(utc));
    const off = this.#powered ? this.#clock.sync.minute() : 0;
    if (off !== 0) this.setTime(this.#clock.time.utc + off, { by: "time server" });
  }

  #intervals(local: number): void {
    const [first] = this.profiles;
    for (const profile of this.profiles) if (profile.endsAt(local)) profile.interval(local);
    if (first?.endsAt(local) !== true) return;
    const overflows = this.profiles.map((profile) => profile.takeOverflow());
    this.status.condition("profileOverflow", overflows.includes(true));
    this.status.interval();
    this.periphery.interval();
  }

  #subInterval(interval: boolean): void {
    this.periphery.subInterval(this.elapsed);
    this.#schedules.closed(interval);
  }

  #daylightSaving(before: number, local: number): void {
    for (const profile of this.profiles) profile.event("daylightSaving", before, local, profileStatus.timeChanged);
    logTimeChange(this.log, "daylight saving", automatic, [before, local]);
  }

  /** Alarms begin and end in a stretch that began so long ago. */
  #log(changes: readonly TriggerChange[], ago: number): void {
    if (changes.length > 0) logAlarms(this.log, changes, this.local - ago);
  }

  /** The contact at an input opens or closes; false for a channel that is no input. */
  setInput(channel: number, closed: boolean): boolean {
    if (!this.periphery.setInput(channel, closed, this.elapsed)) return false;
    this.#reach();
    return true;
  }

  /** Elapsed time has come so far: what follows from the inputs that have changed with it. */
  #reach(): void {
    const changed = this.periphery.reach(this.elapsed, this.#powered, this.registers.rate);
    if (changed === undefined) return;
    for (const profile of this.profiles) profile.override(this.periphery.override);
    this.registers.rate = this.#tariffs.rate;
    if (changed.sync) this.#demand.sync(this.utc);
    for (const profile of this.profiles) if (changed.sync) profile.sync(this.local);
  }

  // ── what people and schedules do ────────────────────────────────────────────────────────────────────────────────

  /** Sets the clock. Intervals are cut; no energy is counted twice, or lost. */
  setTime(utc: number, origin: Origin): void {
    this.#endWindow();
    const before = this.local;
    const local = this.#clock.zone.local(utc);
    for (const profile of this.profiles) profile.event("timeSet", before, local, profileStatus.timeChanged);
    this.#demand.cut();
    this.#clock.time.utc = utc;
    if (origin.by !== "time server") this.status.raise("manualTimeChange");
    logTimeChange(this.log, "time set", origin, [before, local]);
    this.#tariffs.follow(local);
    this.#schedules.set(before, local);
  }

  /** Energies are measured otherwise from now on. */
  recalibrated(origin: Origin, details: Readonly<Record<string, number>>): void {
    this.#endWindow();
    for (const profile of this.profiles) profile.event("recalibration", this.local);
    this.log.add("calibration", "calibrated", origin, details);
  }

  /** What was measured so far is in the registers: another meter can go on. */
  settle(): void {
    this.#endWindow();
    this.save();
  }

  // ── power ───────────────────────────────────────────────────────────────────────────────────────────────────────

  /** Goes on or off as the supply has it. */
  supplied(): void {
    const on = this.supply.choose() !== undefined;
    if (on === this.#powered || this.forgetful) return;
    this.#endWindow();
    if (!on) {
      this.testMode.leave({ by: "power failure" });
      this.save();
      this.#powered = false;
    } else if (this.#survives()) {
      this.#powered = true;
      this.#outage(this.#state[0] ?? 0);
    } else this.forgetful = true;
  }

  /** Power is back after it failed at `down` (UTC). */
  #outage(down: number): void {
    this.#window.begin(this.#integrator.total, this.elapsed);
    if (down > 0) {
      const { registers, profiles, log } = this;
      const parts = { clock: this.#clock, demand: this.#demand, registers, profiles, log };
      const seconds = recordOutage(parts, down, this.#state[2] ?? 0);
      this.#state[1] = (this.#state[1] ?? 0) + seconds;
    }
    this.#tariffs.follow();
    if (down > 0) this.#schedules.skipped(this.#clock.zone.local(down), this.local);
  }

  /** A battery was replaced. */
  resetBattery(origin: Origin): void {
    this.#state[1] = 0;
    this.status.condition("battery", false);
    this.log.add("diagnostic", "battery reset", origin);
  }

  #configured({ by, registers, profiles, billing, erased }: Applied): void {
    if (registers) {
      this.selfReads.clear();
      this.registers.initialise();
    }
    if (billing === true) this.registers.clearCumulative();
    for (const profile of this.profiles) profile.event("configuration", this.local);
    this.#tariffs.follow();
    this.status.raise("configurationChange");
    const details = { registers: registers ? "initialised" : "kept", profiles: profiles ? "initialised" : "kept" };
    this.log.add("configuration", erased ?? "configuration applied", by, details);
  }

  /** The time server is reached, or lost. */
  set timeServer(server: ((elapsed: number) => number) | undefined) {
    this.#clock.sync.server = server;
  }

  /** What keeps the clock now. */
  get timeSource(): string {
    return this.#clock.sync.source;
  }

  #facts(): ItemFacts {
    return {
      now: this.#clock.stamp(),
      lastBillingReset: this.#clock.stampOf(this.billing.lastReset),
      lastFreeze: this.#clock.stampOf(this.billing.lastFreeze),
      lastSeasonChange: this.#clock.stampOf(this.#tariffs.lastSeasonChange),
      onBattery: this.#state[1] ?? 0,
      systemBits: this.status.bits,
      triggerBits: this.periphery.triggers.bits,
      rate: this.rate,
      strings: this.configuration.identification.strings,
      isClosed: (channel) => this.periphery.io.isClosed(channel),
      average: this.#window.average,
      alarms: this.periphery.triggers.active(),
      ...this.#display(),
    };
  }

  /** Hands everything to the next transaction of the store. */
  save(): void {
    // While the supply fails, what is kept is when it failed, and which inputs were live then.
    if (this.#powered) {
      this.#state[0] = this.#clock.time.utc;
      this.#state[2] = this.supply.live;
    }
    this.#memory.save();
  }
}
