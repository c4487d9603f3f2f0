/** Recordings at their limits: many triggers, a full disk, a configuration that is applied meanwhile, a process that ends or is killed. */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { test, type TestContext } from "node:test";
import { MOST_ALARMS } from "#revenue/events/alarm-rate.ts";
import { instrumentOf, keptInstrument } from "#product/jemstar/quality-instrument.ts";
import { recordings, type Shared } from "#product/jemstar/recordings.ts";
import type { Observation } from "#quantity/observation.ts";
import type { StepSource, StepValues } from "#waveform/source.ts";
import { type Dip, kindsOf, meterOn, near, sagTrigger, source } from "./recording-rig.ts";
import {
  eastern,
  MemoryStore,
  plain,
  revenueRig,
  RevenueSite,
  siteSchema,
  trigger,
  VirtualClock,
} from "./revenue-rig.ts";
import { temporaryFolder } from "./running-site.ts";

/** 120 V and 60 V in turns, each for so many milliseconds. */
class Flapping implements StepSource {
  readonly kind = "steps";
  readonly ended = false;
  #ms = 0;
  readonly #halfMs: number;

  constructor(halfMs: number) {
    this.#halfMs = halfMs;
  }

  step(seconds: number, from: StepValues, to: StepValues): number {
    const turn = Math.floor(this.#ms / this.#halfMs + 1e-6);
    const took = Math.min(1000 * seconds, (turn + 1) * this.#halfMs - this.#ms);
    const volts = turn % 2 === 0 ? 120 : 60;
    for (const values of [from, to]) {
      values.hz = 60;
      for (let k = 0; k < 3; k++) {
        values.v[k] = values.e[k] = volts;
        values.ll[k] = volts * Math.sqrt(3);
      }
    }
    this.#ms += took;
    return took / 1000;
  }
}

test("of 10,000 triggers a minute the log has what people can read, and one line with the number of the others", () => {
  const observed: Observation[] = [];
  const rig = revenueRig(
    { profiles: [], triggers: [sagTrigger(), trigger(2, { ...sagTrigger(), id: 2 })] },
    undefined,
    {
      source: new Flapping(6),
      terminals: { auxiliary: true },
      observe: (observation) => void observed.push(observation),
    },
  );
  rig.meter.advance(60_000);
  const { next } = rig.meter.log.of("alarm");
  assert.equal(next, 2 * 2 * MOST_ALARMS, "each begins and ends");
  assert.equal(observed.length, 2 * MOST_ALARMS);
  assert.equal(rig.meter.log.of("sagSwell").next, 2 * MOST_ALARMS, "every event that is told has its entry");
  rig.meter.advance(61_000);
  const [told] = rig.meter.log.of("alarm").page(next, 1);
  assert.equal(told!.what, "alarms not logged");
  // The minute counts from the first: one every 12 ms of each trigger.
  near(Number(told!.details["alarms"]), 2 * (5000 - MOST_ALARMS), 4, "alarms");
  assert.equal(told!.details["triggers"], "1, 2");
});

test("sags without end make recordings one after the other, each as long as it may be, and no more of them", () => {
  const dips: readonly Dip[] = Array.from({ length: 180 }, (_, k) => ({
    phases: [0],
    at: 2 + k / 10,
    seconds: 0.05,
    residual: 0.5,
  }));
  const { observed, log, run } = meterOn(source(dips, { rate: 64 * 60 }), {
    triggers: [sagTrigger({ waveform: "low" })],
  });
  run(30);
  const sags = log("sagSwell").length;
  assert.equal(sags, 180);
  const captures = observed.flatMap((one) => one.captures);
  // 18 seconds of sags in recordings of eight.
  assert.deepEqual(
    captures.map(({ cut }) => cut),
    ["limit", "limit", undefined],
  );
  for (const { times } of captures) assert.ok(times.length <= 480 * 16);
  const events = observed.flatMap(({ event }) => (event === undefined ? [] : [event.entry]));
  assert.deepEqual(
    events.toSorted((a, b) => a - b),
    Array.from({ length: 180 }, (_, k) => k),
    "every event is handed out once",
  );
});

test("what is recorded while the disk is full is lost, which is told as soon as it can be; its event is handed out", () => {
  const store = new MemoryStore().drawer("revenue");
  let trouble: string | undefined = "the disk is full";
  Object.defineProperty(store, "trouble", { get: () => trouble });
  const dips = [2, 4].map((at) => ({ phases: [0], at, seconds: 0.1, residual: 0.5 }));
  const { observed, log, run } = meterOn(source(dips), { triggers: [sagTrigger({ waveform: "high" })] }, { store });
  run(3.5);
  const lost = () => log("event").filter(({ what }) => what === "recording lost");
  assert.deepEqual([observed.map(kindsOf), lost()], [[[]], []]);
  trouble = undefined;
  run(2.5);
  assert.deepEqual(observed.map(kindsOf), [[], ["high"]]);
  assert.deepEqual(
    lost().map(({ details }) => details),
    [{ recordings: 1, reason: "the disk is full" }],
  );
});

test("a process that is killed loses what it was recording, whole; event numbers go on, and a process that ends hands it out", () => {
  const store = new MemoryStore().drawer("revenue");
  const dips = [2, 4, 6].map((at) => ({ phases: [0], at, seconds: at === 4 ? 10 : 0.1, residual: 0.5 }));
  const changes = { triggers: [sagTrigger({ waveform: "low" })] };
  const first = meterOn(source(dips), changes, { store });
  first.run(4.5);
  assert.deepEqual(first.observed.map(kindsOf), [["low"]]);
  // Killed: nobody tells it.
  const second = meterOn(source([{ ...dips[0]!, seconds: 10 }]), changes, { store, utc: "2026-01-01T01:00:00Z" });
  second.run(3);
  assert.equal(second.observed.length, 0);
  second.rig.meter.finish("stop");
  assert.deepEqual(
    second.observed.map((one) => [kindsOf(one), one.captures[0]?.cut]),
    [[["low"], "stop"]],
  );
  assert.equal(second.log("event").at(-1)?.details["cut"], "the process was stopped");
  const third = meterOn(source(dips.slice(0, 1)), changes, { store, utc: "2026-01-01T02:00:00Z" });
  third.run(4);
  assert.deepEqual(
    third.observed.map(({ event }) => event?.entry),
    [1],
  );
});

test("an event over a change of daylight saving has both times of the wall clock, and its length by neither", () => {
  // 02:00 of standard time is 03:00.
  const { observed, log, run } = meterOn(
    source([{ phases: [0], at: 2, seconds: 2, residual: 0.5 }]),
    {
      timekeeping: { ...plain.timekeeping, utcOffsetMinutes: -300, daylightSaving: eastern },
      triggers: [sagTrigger({ waveform: "low" })],
    },
    { utc: "2026-03-08T06:59:57Z" },
  );
  run(6);
  const [sag] = log("sagSwell");
  assert.match(String(sag!.details["start"]), /^2026-03-08 01:59:59\.0/);
  assert.match(String(sag!.details["end"]), /^2026-03-08 03:00:01\.0/);
  near(Number(sag!.details["milliseconds"]), 2000, 20, "milliseconds");
  const [{ event, captures }] = observed as [Observation];
  near(event!.utcEnd - event!.utcStart, 2000, 20, "the event");
  near(captures[0]!.utc, Date.parse("2026-03-08T06:59:58.75Z"), 20, "the recording");
});

/** A meter of a site with PQ3 whose phases sag for a second two seconds after its start. */
function siteMeter(t: TestContext) {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  const text = (label: string, low: string): string =>
    `triggers: [{ id: 1, label: ${label}, measure: { quantity: V }, phase: any, operator: "<", alarm: 90 %, reset: 92 %, records: sagSwell, waveform: low, highSpeedRms: true }]
powerQuality: { waveforms: { low: ${low} } }`;
  writeFileSync(path.join(folder, "jem.yaml"), text("Sag", "{}"));
  const { meters } = siteSchema.parse({
    meters: [
      {
        name: "jem",
        model: "ametek-jemstar-ii",
        modelNumber: "JSII-09I6020-2A-DIO-PQ3",
        configuration: "jem.yaml",
        auxiliary: true,
        source: { synthetic: { volts: 120, amps: 5, events: [{ kind: "sag", at: 2, for: 1 }] } },
        listen: [{ modbus: "tcp", port: 0, unit: 1 }],
      },
    ],
  });
  const observed: Observation[] = [];
  const clock = new VirtualClock();
  const shared: Shared = { urms: undefined };
  const site = new RevenueSite({
    entry: meters[0]!,
    folder,
    clock,
    store: new MemoryStore().drawer("jem"),
    quality: keptInstrument(instrumentOf(shared)),
    recording: recordings(shared),
    observe: (observation) => void observed.push(observation),
  });
  const run = (seconds: number): void => {
    for (let k = 0; k < 4 * seconds; k++) {
      clock.advance(250);
      site.catchUp();
    }
  };
  const apply = (label: string, low = "{}") => site.apply(text(label, low), { name: "admin" });
  return { site, observed, run, apply };
}

test("a configuration that says nothing new of recordings leaves one alone: it is whole, and of the trigger that began it", (t) => {
  const { observed, run, apply, site } = siteMeter(t);
  run(2.5);
  assert.deepEqual(apply("Dip"), { consequences: [] });
  run(3);
  const captures = observed.flatMap((one) => one.captures);
  assert.deepEqual(captures.map(({ kind }) => kind).toSorted(), ["low", "rms"]);
  const low = captures.find(({ kind }) => kind === "low")!;
  assert.equal(low.cut, undefined);
  // A quarter of a second before, the sag, and a quarter behind.
  near(low.times.at(-1)!, 1.5, 0.05, "seconds");
  assert.ok(low.channels[0]!.every(Number.isFinite));
  assert.ok(observed.every(({ trigger: { id } }) => id === 1));
  // The meter that goes on sees the sag anew; its event is that of the trigger that it is now.
  assert.deepEqual(
    observed.flatMap(({ event, trigger: { label } }) => (event === undefined ? [] : [label])),
    ["Dip"],
  );
  assert.deepEqual(
    site.meter.log.entries("event").filter(({ what }) => what === "recording lost"),
    [],
  );
});

test("one that sets recordings up otherwise ends what is recorded, which is handed out, and begins anew", (t) => {
  const { observed, run, apply, site } = siteMeter(t);
  run(2.5);
  apply("Sag", "{ limit: 300 }");
  const captures = () => observed.flatMap((one) => one.captures);
  assert.deepEqual(
    captures()
      .map(({ kind, cut }) => `${kind} ${cut}`)
      .toSorted(),
    ["low configuration", "rms configuration"],
  );
  assert.deepEqual(
    site.meter.log.entries("event").map(({ details }) => details["cut"] ?? ""),
    ["the meter was configured otherwise", "the meter was configured otherwise"],
  );
  run(4);
  // The sag that goes on is recorded from where the new recorder began.
  assert.deepEqual(
    captures()
      .slice(2)
      .map(({ kind, cut }) => `${kind} ${cut}`)
      .toSorted(),
    ["low undefined", "rms undefined"],
  );
});
