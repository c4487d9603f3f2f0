/**
 * A revenue meter: from a source to registers, profiles and logs. Everything that happens at a time happens on a whole minute
 * of the meter's local clock, so it goes from minute to minute, integrating what lies between in closed form; a year is one
 * call to `advance`.
 */
import { MINUTE_MS } from "#clock/local-time.ts";
import { NonVolatile } from "#meter/non-volatile.ts";
import type { Rate } from "#clock/tou-schedule.ts";
import type { RevenueConfiguration } from "./configuration.ts";
import type { ItemFacts } from "./item-registers.ts";
import type { DemandTiming } from "./demand-timing.ts";
import { EventLog } from "./event-log.ts";
import type { Integrator } from "./integrator.ts";
import { profileStatus, type LoadProfile } from "./load-profile.ts";
import { level, levelColumn, single } from "./measure.ts";
import type { Periphery } from "./periphery.ts";
import { timeText, type Registers } from "./registers.ts";
import { RevenueClock } from "./revenue-clock.ts";
import type { Applied, RevenueMeterOptions } from "./revenue-options.ts";
import { partsOf } from "./revenue-parts.ts";
import { isDue } from "./schedule.ts";
import { SelfReads } from "./self-reads.ts";
import { StatusWord } from "./status-word.ts";
import type { TriggerChange } from "./triggers.ts";
import { TestMode } from "./test-mode.ts";
import { Window } from "./window.ts";

export class RevenueMeter {
  readonly name: string;
  readonly configuration: RevenueConfiguration;
  readonly registers: Registers;
  readonly profiles: readonly LoadProfile[];
  readonly log: EventLog;
  readonly status = new StatusWord();
  readonly periphery: Periphery;
  readonly #memory: NonVolatile;
  readonly #integrator: Integrator;
  readonly #window = new Window();
  readonly #clock: RevenueClock;
  readonly #demand: DemandTiming;
  /** [last billing reset, last freeze, last season change: local ms, season, UTC when last saved, seconds on battery, test mode: on, since]. */
  readonly #state: Float64Array;
  readonly selfReads: SelfReads;
  readonly testMode: TestMode;
  #powered = true;

  constructor(options: RevenueMeterOptions) {
    const { configuration, store } = options;
    this.name = options.name;
    this.configuration = configuration;
    this.log = new EventLog(store, () => this.local);
    this.selfReads = new SelfReads(store);
    this.#memory = new NonVolatile(store, options.checksum);
    this.#clock = new RevenueClock(options, this.status);
    const parts = partsOf(options, this.#memory, {
      local: () => this.local,
      facts: () => this.#facts(),
      window: this.#window,
    });
    this.#state = parts.state;
    this.#integrator = parts.integrator;
    this.registers = parts.registers;
    this.#demand = parts.demand;
    this.profiles = parts.profiles;
    this.periphery = parts.periphery;
    this.testMode = new TestMode({
      registers: this.registers,
      profiles: this.profiles,
      pulses: this.periphery.testPulses,
      log: this.log,
      local: () => this.local,
      settle: () => this.#endWindow(),
      compensate: (on) => this.#integrator.compensate(on ? configuration.losses : undefined),
      timeoutMinutes: configuration.testMode.timeoutMinutes,
      state: this.#state.subarray(6),
    });
    this.registers.rate = this.#rate(this.local);
    for (const profile of this.profiles) profile.override(this.periphery.override);
    this.#window.begin(this.#integrator.total);
    const last = this.#state[4] ?? 0;
    // Nothing in between was measured: test mode ends where the last meter on this memory ended.
    const { applied } = options;
    this.testMode.leave(applied === undefined ? "power failure" : applied.by, this.#clock.zone.local(last));
    if (applied !== undefined) this.#configured(applied);
    // A meter that has run before has been without power since it was last saved.
    else if (last > 0) this.#outage(last);
    else this.#tariff(this.local);
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
    return this.#rate(this.local) ?? "none";
  }

  #rate(local: number): Rate | undefined {
    return this.periphery.rate(this.#clock.tou.rateAt(local));
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
    while (this.#clock.time.elapsed < elapsed) {
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
    const ms = until - this.#clock.time.elapsed;
    this.#clock.time.elapsed = until;
    const { total } = this.#integrator;
    const before = this.#powered ? undefined : total.slice();
    this.#integrator.run(ms / 1000);
    // Without power the line goes on and the meter does not see it.
    if (before !== undefined) total.set(before);
    this.#window.ms += ms;
    if (until >= this.periphery.lookAt) this.periphery.lookAt = Infinity;
    if (this.#powered) this.#log(this.periphery.pass(ms));
    if (this.#window.isDue) this.#endWindow();
  }

  #endWindow(): void {
    if (this.#window.isShort) return;
    const { total } = this.#integrator;
    const seconds = this.#window.end(total);
    if (this.#powered) {
      this.periphery.total(this.registers.rate);
      this.registers.window(this.#window);
      for (const profile of this.profiles) profile.window(seconds);
      this.#log(this.periphery.window(seconds));
      this.status.condition("pulseOverflow", this.periphery.io.overflowed);
    }
    this.#clock.sync.window(this.#powered ? (this.#window.average[single.hz] ?? 0) : 0);
    this.#window.begin(total);
  }

  /** What happens on a whole minute. */
  #minute(utc: number): void {
    // The clock is as it was until this instant: a change of daylight saving comes after what ends with it.
    const before = this.#clock.zone.local(utc - 1) + 1;
    const local = this.#clock.zone.local(utc);
    if (this.#powered) {
      this.#automatic(before);
      if (local !== before) this.#daylightSaving(before, local);
      for (const profile of this.profiles) {
        if (!profile.endsAt(before)) continue;
        profile.interval(before);
        this.status.condition("profileOverflow", profile.overflowed);
        if (profile !== this.profiles[0]) continue;
        this.status.interval();
        this.periphery.interval();
      }
      this.#demand.minute(before, utc);
      this.periphery.minute();
      this.testMode.minute();
    }
    if (before % (60 * MINUTE_MS) === 0) this.registers.period("previousHour");
    if (before % (1440 * MINUTE_MS) === 0) this.registers.period("previousDay");
    this.#tariff(local);
    this.status.condition("daylightSaving", this.#clock.zone.saving(utc));
    const off = this.#powered ? this.#clock.sync.minute() : 0;
    if (off !== 0) this.setTime(this.#clock.time.utc + off, "time server");
  }

  #automatic(local: number): void {
    const { timekeeping, selfRead, demand } = this.configuration;
    if (isDue(timekeeping.freeze, local, demand)) this.freeze("automatic");
    if (isDue(selfRead, local, demand)) this.#selfRead();
    if (isDue(timekeeping.billingReset, local, demand)) this.billingReset("automatic");
    if (local % (1440 * MINUTE_MS) === 0) for (const profile of this.profiles) profile.event("midnight", local);
  }

  #daylightSaving(before: number, local: number): void {
    for (const profile of this.profiles) profile.event("daylightSaving", before, local, profileStatus.timeChanged);
    this.#daylightSavingLogged(before);
  }

  #daylightSavingLogged(before: number): void {
    this.log.add("timeChange", "daylight saving", "automatic", { before: timeText(before / 1000) });
  }

  /** Rates and seasons as local time has them. */
  #tariff(local: number): void {
    const season = this.#clock.tou.seasonAt(local);
    if (season !== undefined && season + 1 !== this.#state[3]) {
      if ((this.#state[3] ?? 0) > 0) {
        this.registers.seasonChange();
        this.#state[2] = local;
        this.log.add("event", "season change", "automatic", { season: season + 1 });
      }
      this.#state[3] = season + 1;
    }
    this.registers.rate = this.#rate(local);
  }

  /** Alarms begin and end. */
  #log(changes: readonly TriggerChange[]): void {
    for (const { trigger, alarm, value } of changes) {
      const details = { trigger: trigger.id, label: trigger.label, value: Number(value.toPrecision(9)) };
      this.log.add("alarm", alarm ? "alarm" : "alarm cleared", "automatic", details);
    }
  }

  /** An input opens or closes; false for a channel that is none. */
  setInput(channel: number, closed: boolean): boolean {
    this.#endWindow();
    if (!this.periphery.setInput(channel, closed, this.elapsed)) return false;
    for (const profile of this.profiles) profile.override(this.periphery.override);
    this.registers.rate = this.#rate(this.local);
    if (!closed || !this.periphery.isSync(channel)) return true;
    this.#demand.sync(this.utc);
    for (const profile of this.profiles) if (profile.settings.externalSync) profile.interval(this.local);
    return true;
  }

  // ── what people and schedules do ────────────────────────────────────────────────────────────────────────────────

  /** Takes the normal and alternate registers as they are now; a marker ends the profile's interval. */
  freeze(by: string): void {
    this.#endWindow();
    this.registers.freeze();
    this.#state[1] = this.local;
    for (const profile of this.profiles) if (profile.settings.freezeMarkers) profile.event("freeze", this.local);
    this.log.add("freeze", "freeze", by);
  }

  /** Begins a new billing period; false while the lockout after the last one runs. */
  billingReset(by: string): boolean {
    const { resetLockoutMinutes } = this.configuration;
    const last = this.#state[0] ?? 0;
    if (by !== "automatic" && last > 0 && this.local - last < resetLockoutMinutes * MINUTE_MS) return false;
    this.#endWindow();
    if (this.configuration.selfRead.every === "billingReset") this.#selfRead();
    this.registers.billingReset();
    this.#state[0] = this.local;
    for (const profile of this.profiles) profile.event("billingReset", this.local);
    this.log.add("billingReset", "billing period reset", by);
    return true;
  }

  /** Gives a register a value in its own units; false for one that takes none. */
  preset(id: number, value: number, by: string): boolean {
    this.#endWindow();
    if (!this.registers.preset(id, value)) return false;
    for (const profile of this.profiles) profile.event("preset", this.local);
    this.log.add("event", "register preset", by, { register: id, value });
    return true;
  }

  /** Sets the clock. Intervals are cut; no energy is counted twice, or lost. */
  setTime(utc: number, by: string): void {
    this.#endWindow();
    const before = this.local;
    const local = this.#clock.zone.local(utc);
    for (const profile of this.profiles) profile.event("timeSet", before, local, profileStatus.timeChanged);
    this.#demand.cut();
    this.#clock.time.utc = utc;
    if (by !== "time server") this.status.raise("manualTimeChange");
    this.log.add("timeChange", "time set", by, { before: timeText(before / 1000) });
    this.#tariff(local);
  }

  /** The supply fails: nothing is measured until it is back. */
  powerDown(): void {
    if (!this.#powered) return;
    this.#endWindow();
    this.testMode.leave("power failure");
    this.save();
    this.#powered = false;
  }

  powerUp(): void {
    if (this.#powered) return;
    this.#powered = true;
    this.#outage(this.#state[4] ?? this.#clock.time.utc);
  }

  /** Power is back after it failed at `down` (UTC). */
  #outage(down: number): void {
    const [from, local] = [this.#clock.zone.local(down), this.local];
    for (const profile of this.profiles) profile.event("powerFail", from, local, profileStatus.powerLost);
    const seconds = (this.#clock.time.utc - down) / 1000;
    this.#state[5] = (this.#state[5] ?? 0) + Math.max(0, seconds);
    this.#demand.afterOutage(this.#clock.time.utc, seconds);
    const live = ["a", "b", "c"].filter((_, k) => (this.#window.average[levelColumn(k, level.v)] ?? 0) > 0).join("");
    const details = { down: timeText(from / 1000), seconds: Math.round(seconds), live };
    this.log.add("powerOutage", "power outage", "automatic", details);
    // A change in between is not told by the profile, whose record says when power failed and when it was back.
    if (this.#clock.zone.saving(down) !== this.#clock.zone.saving(this.utc)) this.#daylightSavingLogged(from);
    this.#tariff(local);
    this.#window.begin(this.#integrator.total);
  }

  /** A battery was replaced. */
  resetBattery(by: string): void {
    this.#state[5] = 0;
    this.status.condition("battery", false);
    this.log.add("diagnostic", "battery reset", by);
  }

  #configured({ by, registers, profiles, erased }: Applied): void {
    if (registers) this.selfReads.clear();
    for (const profile of this.profiles) profile.event("configuration", this.local);
    this.#tariff(this.local);
    this.status.raise("configurationChange");
    const details = { registers: registers ? "initialised" : "kept", profiles: profiles ? "initialised" : "kept" };
    this.log.add("configuration", erased ?? "configuration applied", by, details);
  }

  /** The time server is reached, or lost. */
  set timeServer(server: ((elapsed: number) => number) | undefined) {
    this.#clock.sync.server = server;
  }

  #selfRead(): void {
    const marked = this.registers.shown().filter(({ id }) => this.registers.settingsOf(id)?.selfRead === true);
    this.selfReads.add({ at: this.local, systemBits: this.status.bits, registers: marked });
  }

  #facts(): ItemFacts {
    const [lastBillingReset = 0, lastFreeze = 0, lastSeasonChange = 0, , , onBattery = 0] = this.#state;
    const { local, rate } = this;
    const bits = { systemBits: this.status.bits, triggerBits: this.periphery.triggers.bits };
    const { strings } = this.configuration.identification;
    const isClosed = (channel: number): boolean => this.periphery.io.isClosed(channel);
    return { local, rate, lastBillingReset, lastFreeze, lastSeasonChange, onBattery, ...bits, strings, isClosed };
  }

  /** Hands everything to the next transaction of the store. */
  save(): void {
    // While the supply fails, what is kept is when it failed.
    if (this.#powered) this.#state[4] = this.#clock.time.utc;
    this.#memory.save();
  }
}
