/** All that the oracle holds a site to, meter by meter. */
import { MeterFlow } from "./flow.ts";
import { Energy, Fact, Series, Tally, type Moment } from "./oracle.ts";
import { watts, type MeterName } from "./site.ts";

/** Seconds that a process which is killed has not kept at most, and those before a start is done. */
export const KEPT_LATE_S = 1.5;

/** Logs of the revenue meter that are read. */
export const logs = [
  "event",
  "security",
  "configuration",
  "powerOutage",
  "timeChange",
  "freeze",
  "billingReset",
] as const;

/** Of the feeder's meter, by the site file. */
const SUB_INTERVAL_MS = 10_000;

/** What is pushed into the live meter at most, W. */
export const MOST_PUSHED = 90_000;

/** How old a reading may be, s: a calculation cycle, and the beat by which the site goes. */
const lags: Readonly<Record<MeterName, number>> = { jem: 2, feeder: 1.5, live: 1.5, circuit: 1.5 };

export class Claims {
  readonly flows: Readonly<Record<MeterName, MeterFlow>>;
  /** Wh. Registers 1 and 2 of the revenue meter; what the others count. */
  readonly energies: Readonly<Record<MeterName | "jem 2", Energy>>;
  /** Settings of the feeder's meter, and of the revenue meter a string of its identification, a mark, a password. */
  readonly imbalance: Fact<number>;
  readonly loss: Fact<number>;
  readonly label: Fact<string>;
  readonly mark: Fact<number>;
  readonly password: Fact<string>;
  /** What is counted or written down whenever it is done. */
  readonly resets: Tally;
  readonly powerUps: Tally;
  readonly freezes: Tally;
  readonly billingResets: Tally;
  readonly applied: Tally;
  readonly timesSet: Tally;
  readonly passwordsSet: Tally;
  /** By how many seconds the revenue meter's clock is ahead of the site's. */
  readonly ahead: Fact<number>;
  readonly profile: Series;
  readonly selfReads: Series;
  readonly logs: Readonly<Record<(typeof logs)[number], Series>>;
  /** Registers as they were frozen, by how many freezes the log has. */
  readonly frozen = new Map<number, string>();
  readonly dataLog: Series;
  /** Stretches in which nothing ran, UTC. */
  readonly outages: { readonly from: number; readonly to: number }[] = [];
  readonly #utc: () => number;
  #endedAt: number | undefined;
  /** What had flowed when the disk began to refuse what was written. */
  #troubled: Readonly<Record<MeterName, number>> | undefined;

  constructor(utc: () => number, now: Moment) {
    this.#utc = utc;
    this.ahead = new Fact("seconds that the clock is ahead", now, 0);
    this.profile = new Series("profile 1", now);
    this.selfReads = new Series("self reads", now);
    this.dataLog = new Series("the feeder's data log", now);
    const flow = (): MeterFlow => new MeterFlow(utc);
    this.flows = { jem: flow(), feeder: flow(), live: flow(), circuit: flow() };
    for (const [name, power] of Object.entries(watts)) this.flows[name as keyof typeof watts].set(power);
    const energy = (name: string, meter: MeterName): Energy =>
      new Energy(name, now, { flow: this.flows[meter], lag: lags[meter] });
    this.energies = {
      jem: energy("jem register 1", "jem"),
      "jem 2": energy("jem register 2", "jem"),
      feeder: energy("feeder Wh", "feeder"),
      live: energy("live Wh", "live"),
      circuit: energy("circuit Wh", "circuit"),
    };
    this.imbalance = new Fact("feeder register 143", now, 25);
    this.loss = new Fact("feeder register 142", now, 10);
    this.label = new Fact("the last string of the identification", now, "Custom Info");
    this.mark = new Fact("the mark of reader r", now, 0);
    this.password = new Fact("the password of user2", now, "user2");
    this.resets = new Tally("feeder register 147", now);
    this.powerUps = new Tally("feeder register 152", now);
    this.freezes = new Tally("freezes by people", now);
    this.billingResets = new Tally("billing resets by people", now);
    this.applied = new Tally("configurations applied", now);
    this.timesSet = new Tally("times set", now);
    this.passwordsSet = new Tally("passwords changed", now);
    this.logs = Object.fromEntries(logs.map((kind) => [kind, new Series(`log ${kind}`, now)])) as Claims["logs"];
  }

  get #all() {
    const { imbalance, loss, label, mark, password, ahead } = this;
    const { resets, powerUps, freezes, billingResets, applied, timesSet, passwordsSet } = this;
    const tallies = [resets, powerUps, freezes, billingResets, applied, timesSet, passwordsSet];
    return [imbalance, loss, label, mark, password, ahead, ...tallies, ...Object.values(this.energies)];
  }

  /** What flows through the live meter is pushed into it: it counts from some instant of the calculation cycle on, for a minute. */
  pushed(watts: number): void {
    const { live } = this.flows;
    const most = Math.max(live.during(1), watts / 3600);
    live.set(watts, 60_000);
    this.energies.live.blurred(2 * lags.live * most);
  }

  /** A process has begun with these meters. */
  begun(meters: readonly MeterName[]): void {
    for (const meter of meters) this.flows[meter].start();
    this.#lost(KEPT_LATE_S);
    if (this.#endedAt !== undefined) this.outages.push({ from: this.#endedAt, to: this.#utc() });
    this.#endedAt = undefined;
    // After a start a clock is the site's again, whoever had set it.
    if (!this.ahead.isFirst) this.ahead.ask(0).acknowledged();
  }

  /** From now on, or not any more, what is measured is in memory only. */
  troubled(is: boolean): void {
    const { jem, feeder, live, circuit } = this.flows;
    this.#troubled = is
      ? (this.#troubled ?? { jem: jem.total, feeder: feeder.total, live: live.total, circuit: circuit.total })
      : undefined;
  }

  /** A process has ended. */
  ended(): void {
    this.#lost(KEPT_LATE_S);
    const before = this.#troubled;
    if (before !== undefined) this.#each((energy, meter) => energy.lost(this.flows[meter].total - before[meter]));
    this.#troubled = undefined;
    for (const flow of Object.values(this.flows)) flow.stop();
    // What was pushed into it is not known any more.
    this.flows.live.set(0);
    this.#endedAt ??= this.#utc();
  }

  #each(run: (energy: Energy, meter: MeterName) => void): void {
    for (const [name, energy] of Object.entries(this.energies))
      run(energy, (name === "jem 2" ? "jem" : name) as MeterName);
  }

  #lost(seconds: number): void {
    this.#each((energy, meter) => energy.lost(this.flows[meter].during(seconds)));
  }

  /** The record that was written then, of what happened since the one before, is damaged: what it alone knew may be gone. */
  damaged({ write, from, to }: { readonly write: number; readonly from: number; readonly to: number }): void {
    for (const claim of this.#all) claim.damaged(write);
    for (const series of [this.profile, this.selfReads, ...Object.values(this.logs)]) series.damaged(from, to);
    // Entries bear no time: that they were read tells it but for a sub-interval.
    this.dataLog.damaged(from, to + SUB_INTERVAL_MS + 2000);
    const most = { ...watts, live: MOST_PUSHED };
    this.#each((energy, meter) => energy.back((most[meter] * (to - from)) / 3_600_000));
    this.frozen.clear();
  }
}
