/** Files of a whole JEMStar II: a sag of its line and its measurement log, from samples to what is read of its shelf. */
import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { readComtradeCff } from "#format/comtrade.ts";
import { readPqdif, utcOf } from "#format/pqdif/pqdif.ts";
import { JemStar } from "#product/jemstar/jemstar.ts";
import { deviceOf, type JemStarDevice } from "#product/jemstar/product.ts";
import { instrumentOf } from "#product/jemstar/quality-instrument.ts";
import { recordings, type Shared } from "#product/jemstar/recordings.ts";
import { isRefused } from "#quantity/authority.ts";
import type { MeterStore } from "#store/store.ts";
import { FormulaSource, radians, steady } from "./formula-source.ts";
import { ametekJemstarIi, MemoryStore, MinuteLoads, siteSchema, VirtualClock } from "./revenue-rig.ts";

const START = Date.parse("2026-03-02T12:00:00Z");
const HZ = 60;
const RMS = [120, 119, 121, 5, 4, 3] as const;

/** Half the volts of phase a from two seconds on, for six cycles. */
const level = (c: number, t: number): number => (c === 0 && t >= 2 - 1e-9 && t < 2.1 - 1e-9 ? 0.5 : 1);
const degrees = (c: number): number => -120 * (c % 3) - (c < 3 ? 0 : 30);

/** What a channel of the line is at a time of the source. */
function valueAt(c: number, t: number): number {
  return Math.SQRT2 * RMS[c]! * level(c, t) * Math.sin(2 * Math.PI * HZ * t + degrees(c) * radians);
}

const sagged = (): FormulaSource =>
  new FormulaSource({
    signal: RMS.map((rms, c) => [{ order: 1, rms, degrees: degrees(c) }]),
    rate: 64 * HZ,
    turns: steady(HZ),
    envelope: level,
  });

interface Rig {
  readonly device: JemStarDevice;
  readonly jem: JemStar;
  /** Lets time pass, in steps or at once, and what is to be written be written. */
  pass(seconds: number, step?: number): Promise<void>;
  apply(configuration: string): void;
}

function meter(
  store: MeterStore,
  {
    source = sagged,
    options = "PQ3",
  }: { readonly source?: () => FormulaSource | MinuteLoads; readonly options?: string } = {},
): Rig {
  const { meters } = siteSchema.parse({
    meters: [
      {
        name: "jem",
        model: "ametek-jemstar-ii",
        modelNumber: `JSII-09I6020-2A-DIO-${options}`,
        serial: "14 23 00003",
        source: { synthetic: { volts: 120, amps: 5 } },
        listen: [{ modbus: "tcp", port: 0, unit: 1 }],
      },
    ],
  });
  const clock = new VirtualClock(START);
  const shared: Shared = { urms: undefined };
  const jem = new JemStar({
    entry: { ...meters[0]!, auxiliary: true },
    model: ametekJemstarIi,
    folder: ".",
    clock,
    store,
    ports: [],
    source,
    refused: () => {},
    quality: instrumentOf(shared),
    recording: recordings(shared),
  });
  const device = deviceOf(jem);
  return {
    device,
    jem,
    async pass(seconds, step = 0.25) {
      for (let left = seconds; left > 1e-9; left -= step) {
        clock.advance(1000 * Math.min(step, left));
        jem.catchUp();
      }
      await jem.files.idle;
    },
    apply(configuration) {
      const session = jem.authority.sessions.begin("admin", { protocol: "http", port: "site", near: true });
      const outcome = jem.authority.obey({ command: "configure", configuration, check: false }, session);
      assert.ok(!isRefused(outcome), JSON.stringify(outcome));
    },
  };
}

const sag = `
registers: { normal: [] }
triggers:
  - { id: 1, label: Sag, measure: { quantity: V }, phase: any, operator: "<", alarm: 108, reset: 110.4, records: sagSwell, waveform: medium, highSpeedRms: true }
`;

test("a meter without power quality has a sag in its log, and in no file; one with any option of it has both", async () => {
  const plain = sag.replace(", waveform: medium, highSpeedRms: true", "");
  for (const [options, files] of [
    ["DLP", 0],
    ["PQ", 0],
    ["PQ1", 1],
    ["ML", 1],
  ] as const) {
    const { jem, pass, apply } = meter(new MemoryStore().drawer("jem"), { options });
    apply(plain);
    await pass(4);
    assert.equal(jem.meter.log.of("sagSwell").next, 1, options);
    assert.equal(jem.files.shelf.list().length, files, options);
  }
});

test("a recording that an orderly end cuts says whether the process was stopped or the meter is configured otherwise by its file", async () => {
  for (const [isReplaced, why] of [
    [false, "the process was stopped"],
    [true, "the meter was configured otherwise"],
  ] as const) {
    const { device, jem, pass, apply } = meter(new MemoryStore().drawer("jem"));
    apply(sag);
    await pass(2.25);
    device.stop(isReplaced);
    const cuts = jem.meter.log
      .of("event")
      .page(0, 99)
      .flatMap(({ details }) => details["cut"] ?? []);
    // The waveform was whole by then.
    assert.deepEqual(cuts, [why]);
    await jem.files.idle;
    assert.equal(jem.files.shelf.list().length, 3, "and is kept");
  }
});

test("a sag is a file with its record and its recordings; they are what the line was, and outlast a configuration but no cold start", async () => {
  const store = new MemoryStore().drawer("jem");
  const rig = meter(store);
  const { surface } = rig.device;
  let told = 0;
  surface.on("record", () => void told++);
  rig.apply(sag);
  await rig.pass(5);
  const list = surface.files.list();
  const [file] = list;
  assert.match(file!.name, /^142300003_1772452802_\d{1,6}_07\.pqd$/);
  assert.equal(list.length, 3);
  assert.ok(told > 0);
  const { observations, warnings } = await readPqdif(file!.name, surface.files.read(file!.name)!);
  assert.deepEqual(warnings, []);
  const [one] = observations;
  assert.deepEqual([observations.length, one!.name, one!.disturbance], [1, "Sag", "instantaneous sag"]);
  const of = (k: number) => one!.source.channels[one!.channels[k]!.definition!]!;
  let [waves, deep] = [0, 0];
  one!.channels.forEach(({ series }, k) => {
    const { quantityType, phase, measured } = of(k);
    const c = ["A-N", "B-N", "C-N"].indexOf(String(phase)) + (measured === "current" ? 3 : 0);
    if (quantityType === "magnitude-duration-time" && phase === "A-N") {
      deep++;
      assert.ok(Math.abs(series[1]!.values[0]! - 60) < 0.1);
      assert.ok(Math.abs(series[2]!.values[0]! - 0.1) < 0.02);
    }
    if (quantityType !== "waveform") return;
    waves++;
    const times = series[0]!.values;
    series[1]!.values.forEach((value, n) => {
      const t = (utcOf(one!.start) - START) / 1000 + times[n]!;
      // Beside an edge a line that was sampled so often is not known.
      if (Math.abs(t - 2) < 0.003 || Math.abs(t - 2.1) < 0.003) return;
      assert.ok(
        Math.abs(value - valueAt(c, t)) < 0.002 * RMS[c]!,
        `channel ${c} at ${t} s: ${value} for ${valueAt(c, t)}`,
      );
    });
  });
  assert.deepEqual([waves, deep], [6, 1]);
  const alone = readComtradeCff("x.cff", surface.files.read(list.find(({ name }) => name.startsWith("wfc/"))!.name)!);
  const most = (samples: Float64Array): number => Math.max(...samples.map(Math.abs));
  assert.ok(Math.abs(most(alone.channels[0]!.samples) - 120 * Math.SQRT2) < 0.5);

  rig.apply(`${sag}primary: { pt: 2 }\n`);
  await rig.pass(1);
  assert.deepEqual(surface.files.list(), list);
  rig.jem.stop();
  const again = meter(store);
  assert.deepEqual(again.device.surface.files.list(), list);
  assert.deepEqual(again.device.surface.files.read(file!.name), rig.device.surface.files.read(file!.name));
  assert.equal(again.jem.removeFile(list[1]!.name), true);
  assert.equal(again.device.surface.files.list().length, 2);
  again.jem.coldStart({ by: "test" });
  assert.deepEqual(again.device.surface.files.list(), []);
});

test("what is recorded when the meter stops is in a file", async () => {
  const store = new MemoryStore().drawer("jem");
  const rig = meter(store);
  rig.apply(sag);
  // In the sag.
  await rig.pass(2.05, 0.05);
  assert.equal(rig.device.surface.files.list().length, 0);
  rig.jem.stop();
  const names = meter(store)
    .device.surface.files.list()
    .map(({ name }) => name);
  assert.ok(
    names.some((name) => /_0[46]\.pqd$|_0[27]\.pqd$/.test(name)),
    names.join(" "),
  );
});

const log = `
registers: { normal: [] }
profiles: []
triggers: []
timekeeping: { utcOffsetMinutes: -300 }
measurementLog:
  - interval: 10
    channels:
      - { measure: { quantity: V, phase: a }, method: average }
      - { measure: { quantity: V, phase: a }, method: minimum }
pqdif: { mode: multiple, measurementLog: 1 hour }
`;

async function recordsIn(t: TestContext, { device }: Rig): Promise<readonly number[]> {
  const ends: number[] = [];
  for (const { name } of device.surface.files.list()) {
    const { observations, warnings } = await readPqdif(name, device.surface.files.read(name)!);
    assert.deepEqual(warnings, []);
    t.diagnostic(`${name}: ${observations.length} observations`);
    for (const { start, channels } of observations)
      for (const seconds of channels[0]!.series[0]!.values) ends.push(Math.round(utcOf(start) + 1000 * seconds));
  }
  return ends;
}

test("three days of the log at once: a file a day by local time, each record in one, restarted and configured in between", async (t) => {
  const store = new MemoryStore().drawer("jem");
  const loads = { options: "ML", source: () => new MinuteLoads(() => ({ w: 3600, q: 0 })) };
  const first = meter(store, loads);
  first.apply(log);
  await first.pass(86_400, 86_400);
  // Nothing of the log is said anew: it goes on.
  first.apply(`${log}identification: { strings: [other] }\n`);
  await first.pass(3 * 3600, 3600);
  // What is erased is in a file as far as it came.
  first.apply(log.replace("minimum", "maximum"));
  await first.pass(2 * 86_400, 86_400);
  await first.pass(60, 60);
  const ends = await recordsIn(t, first);
  const ten = 600_000;
  const firstEnd = START + ten;
  const last = Math.max(...ends);
  // Local midnight is five hours after that of UTC.
  assert.equal(last, Date.parse("2026-03-05T05:00:00Z"));
  assert.deepEqual(
    ends.toSorted((a, b) => a - b),
    Array.from({ length: (last - firstEnd) / ten + 1 }, (_, k) => firstEnd + k * ten),
  );
  const days = ["2026-03-02", "2026-03-03", "2026-03-04"].map((day) => Date.parse(`${day}T05:00:00Z`) / 1000);
  assert.deepEqual(
    first.device.surface.files.list().map(({ name }) => name),
    days.map((day) => `142300003_${day}_0_128.pqd`),
  );
});
