/** A meter that rests: what it costs to stand there and measure, and that it measures as it would if it looked at everything anew. */
import assert from "node:assert/strict";
import { cpSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { pushReading } from "#fleet/live-readings.ts";
import { logKinds } from "#quantity/log.ts";
import { deviceOf } from "#product/jemstar/product.ts";
import { RevenueMeter } from "#revenue/revenue-meter.ts";
import { SqliteStore } from "#store/sqlite-store.ts";
import { Network } from "#waveform/network.ts";
import { Random } from "#waveform/random.ts";
import type { StepSource, StepValues, StepView } from "#waveform/source.ts";
import { SyntheticSteps } from "#waveform/synthetic.ts";
import {
  channel,
  measure,
  MemoryStore,
  plain,
  register,
  RevenueSite,
  siteSchema,
  trigger,
  VirtualClock,
} from "./revenue-rig.ts";
import { temporaryFolder } from "./running-site.ts";

/** A source that says everything each time, as if nothing of it had been said. */
class Forgetful implements StepSource {
  readonly kind = "steps";
  readonly ended = false;
  readonly #source: StepSource;

  constructor(source: StepSource) {
    this.#source = source;
  }

  step(seconds: number, from: StepValues, to: StepValues, view: StepView): number {
    return this.#source.step(seconds, from, to, { ...view });
  }
}

const losses = { ironW: 1e-4, copperW: 0.02, lineW: 0.01, ironVar: 1e-9, copperVar: 0.03, lineVar: 0.01 };
const level = (id: number, type: "instantaneous" | "minimum" | "maximum" | "average", quantity: "W" | "V" | "PF") =>
  register(id, { type, measure: measure(quantity, "bidirectional", "a"), decimals: 6 });

const configuration = {
  ...plain,
  losses: { delivered: losses, received: losses },
  registers: {
    normal: [
      register(1, { decimals: 6 }),
      register(2, { measure: measure("varh"), decimals: 6 }),
      register(3, { measure: { ...measure("Wh"), compensated: true }, decimals: 6 }),
      level(4, "instantaneous", "W"),
      level(5, "minimum", "V"),
      level(6, "maximum", "W"),
      level(7, "average", "PF"),
      register(8, { type: "peakDemand", measure: measure("W"), decimals: 6 }),
      register(9, { type: "thermalDemand", measure: measure("W"), decimals: 6 }),
      register(10, { type: "predictedDemand", measure: measure("W"), decimals: 6 }),
    ],
    alternate: [],
    test: [register(201, { decimals: 6, pulseWeight: 0.01 })],
  },
  profiles: [{ ...plain.profiles[0]!, minutes: 1 as const, channels: [channel(measure("Wh"), 0.01)] }],
  demand: { ...plain.demand, subIntervalMinutes: 1, subIntervals: 2, thermalMinutes: 1 },
  triggers: [
    trigger(1, { measure: measure("V", "bidirectional"), phase: "any", operator: "<", alarm: 108, reset: 110.4 }),
    trigger(2, { measure: measure("W", "bidirectional", "b"), phase: "b", alarm: 400, reset: 390, delayMs: 700 }),
    trigger(3, { records: "rapidVoltageChange", measure: measure("V"), phase: "any", alarm: 6, reset: 3 }),
    trigger(4, { records: "sagSwell", measure: measure("V"), phase: "any", operator: "<", alarm: 108, reset: 110.4 }),
  ],
};

/** The same seconds, looked at in steps that a seed chooses, with everything that may change how a meter measures. */
function life(seed: number, forgetful: boolean) {
  const event = { phases: [0], volts: 0.7, amps: 1.3, hz: 0.2 };
  const network = new Network({
    hz: 60,
    volts: [120.3, 119.6, 121.1],
    amps: [2.9, 3.3, 2.5],
    angles: [0, -120, 120],
    lag: [23, 31, 27],
    harmonics: { volts: [], amps: [] },
    noise: 0,
    load: [],
    events: [
      { ...event, at: 7.3, for: 2.25 },
      { ...event, at: 31.7, for: 0.4, every: 19 },
    ],
    seed,
  });
  const source = new SyntheticSteps(network);
  const terminals = { auxiliaryFirst: false, auxiliary: false, failed: false };
  const gains = { w: 1, q: 1 };
  const meter = new RevenueMeter({
    name: "light",
    source: forgetful ? new Forgetful(source) : source,
    elapsed: 0,
    utc: Date.UTC(2026, 0, 1),
    store: new MemoryStore().drawer("light"),
    configuration,
    transformers: { pt: 1, ct: 1 },
    startingCurrent: 0.002,
    terminals,
    gains,
  });
  const random = new Random(seed);
  const by = { by: "somebody" };
  const seen: number[] = [];
  let elapsed = 0;
  for (let step = 0; step < 400; step++) {
    meter.advance((elapsed += [500, 500, 500, 1000, 137, 2250][Math.floor(6 * random.next())] ?? 500));
    const what = Math.floor(60 * random.next());
    if (what === 0) meter.testMode.enter(by, { register: 201, compensate: false });
    if (what === 1) meter.testMode.leave(by);
    if (what === 2) Object.assign(gains, { w: 1 + 0.01 * random.next(), q: 1 - 0.01 * random.next() });
    if (what === 2) meter.recalibrated(by, {});
    if (what === 3) terminals.failed = !terminals.failed;
    if (what === 3) meter.supplied();
    if (what === 4) meter.billing.freeze(by);
    if (what === 5) meter.setTime(meter.utc + 1000 * Math.floor(90 * random.next()), by);
    for (const { value } of meter.registers.readings()) seen.push(value ?? -1);
    seen.push(meter.periphery.testPulses.optical.count, meter.periphery.triggers.bits);
  }
  const records = meter.profiles[0]!.series.newest(1000).map(({ type, until, values }) => [type, until.utc, ...values]);
  const logs = logKinds.flatMap((kind) =>
    meter.log
      .of(kind)
      .newest(1000)
      .map(({ at, what }) => [kind, at.utc, what]),
  );
  return { seen, records, logs, changes: logs.length };
}

test("what a source does not say again is measured as it was, whatever comes between", () => {
  for (let seed = 1; seed <= 12; seed++) {
    const [light, thorough] = [life(seed, false), life(seed, true)];
    assert.deepEqual(light.logs, thorough.logs, `logs of ${seed}`);
    assert.deepEqual(light.records, thorough.records, `records of ${seed}`);
    assert.ok(light.changes > 5, `${light.changes} entries`);
    thorough.seen.forEach((value, k) =>
      assert.ok(Math.abs(value - light.seen[k]!) < 3e-6, `${seed}: ${value} and ${light.seen[k]}`),
    );
  }
});

const entry = siteSchema.parse({
  meters: [
    {
      name: "jem",
      model: "ametek-jemstar-ii",
      source: { synthetic: { volts: 120, amps: [2.5, 2.2, 2.9], pf: 0.92, steps: true } },
      listen: [],
    },
  ],
}).meters[0]!;

/** A meter of the factory's configuration in a store on disk. */
function resting(folder: string, clock = new VirtualClock(Date.UTC(2026, 0, 1))) {
  const store = new SqliteStore(path.join(folder, "data"), "test");
  const drawer = store.drawer("jem");
  const device = deviceOf(new RevenueSite({ entry, folder, clock, store: drawer }));
  store.commit();
  const beat = (): void => {
    clock.advance(500);
    device.advance(clock.elapsed());
    store.commit();
  };
  return { store, clock, device, beat };
}

test("a meter at rest writes no more than half a kilobyte a second, and nothing of what nobody counts from", (t) => {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  const { store, beat, device } = resting(folder);
  const written = (): number => store.counts.journalBytes;
  let cycles = 0;
  device.surface.on("cycle", () => cycles++);
  // Past the minute of the first contact pulses, and before the first profile record.
  for (let k = 0; k < 20; k++) beat();
  const [before, counted] = [written(), cycles];
  for (let k = 0; k < 240; k++) beat();
  assert.ok(written() - before < 120 * 500, `${(written() - before) / 120} bytes a second`);
  // Its window is 1.5 s, and what was measured is on disk every second: at 1.0, 1.5, 2.5 and 3.0 s of every three.
  assert.equal(cycles - counted, 160);
  device.stop();
  store.close();
});

test("what a kill leaves of a meter is what it was at the last second, energies and what counts from them alike", (t) => {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  const first = resting(folder);
  const shownOf = ({ device: { surface } }: typeof first) => [
    surface.registers("normal").map(({ id, text }) => (id === 1 ? "" : text)),
    surface.status().testPulses,
    surface.channels.map(({ count }) => count),
  ];
  for (let k = 0; k < 2 * 300; k++) first.beat();
  // 120 V x 7.6 A x 0.92 for five minutes are 69.92 Wh: 699 pulses of 0.1 Wh.
  assert.equal(first.device.surface.status().testPulses.led, 699);
  const shown = shownOf(first);
  // What is on disk without anybody stopping it.
  const copy = path.join(folder, "copy");
  cpSync(path.join(folder, "data"), path.join(copy, "data"), { recursive: true });
  first.store.close();
  const second = resting(copy, new VirtualClock(first.clock.utc()));
  assert.deepEqual(shownOf(second), shown);
  for (let k = 0; k < 2 * 300; k++) second.beat();
  // With what was left over, ten minutes are 139.84 Wh.
  assert.equal(second.device.surface.status().testPulses.led, 1398);
  second.store.close();
});

test("a register of what nothing counted before begins at zero and counts from then on", (t) => {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  const { device, beat, store } = resting(folder);
  const jemstar = device.jemstar as RevenueSite;
  for (let k = 0; k < 2 * 60; k++) beat();
  const text = `registers:
  normal:
    - { id: 1, label: VAh of b, type: consumption, measure: { quantity: VAh, phase: b }, units: units, decimals: 2 }
`;
  jemstar.apply(text, { name: "admin" });
  assert.equal(jemstar.meter.registers.value(1), 0);
  for (let k = 0; k < 2 * 60; k++) beat();
  // 120 V x 2.2 A for a minute.
  assert.equal(jemstar.meter.registers.value(1), 4.4);
  jemstar.apply(`${text}identification: { strings: [another] }\n`, { name: "admin" });
  for (let k = 0; k < 2 * 60; k++) beat();
  assert.equal(jemstar.meter.registers.value(1), 8.8, "what has not changed of it goes on");
  store.close();
});

test("a reading that is pushed between two beats holds from that instant on", (t) => {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  const clock = new VirtualClock(Date.UTC(2026, 0, 1));
  const live = siteSchema.parse({ meters: [{ ...entry, source: { live: {} } }] }).meters[0]!;
  const store = new MemoryStore().drawer("jem");
  const device = deviceOf(new RevenueSite({ entry: live, folder, clock, store }));
  const push = (watts: number): void => {
    assert.deepEqual(pushReading(device, { volts: 120, amps: 20, watts, vars: 0 }), []);
  };
  const until = (ms: number): void => {
    while (clock.elapsed() < ms) {
      clock.advance(Math.min(500 - (clock.elapsed() % 500), ms - clock.elapsed()));
      if (clock.elapsed() % 500 === 0) device.advance(clock.elapsed());
    }
  };
  push(600);
  until(700);
  push(1200);
  until(9000);
  // Three phases of 600 W for 0.7 s and of 1,200 W for 8.3 s are 8.65 Wh: 86 pulses of 0.1 Wh when the sixth window ends.
  assert.equal(device.surface.status().testPulses.led, 86);
});
