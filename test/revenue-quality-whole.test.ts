/** A JEMStar II with its own power-quality instrument on a synthetic feeder, seen through its surface, Modbus and the HTTP API's view. */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { test, type TestContext } from "node:test";
import { jemstarMeters, type JemStarDevice } from "#product/jemstar/product.ts";
import { answer } from "#protocol/modbus/unit.ts";
import { makeSource } from "#fleet/sources.ts";
import { intervalsOf, viewOf } from "#web/meter-view.ts";
import { near as here } from "./authority-rig.ts";
import { modbusUnitOf } from "./devices.ts";
import { MemoryStore, siteSchema, VirtualClock } from "./revenue-rig.ts";
import { temporaryFolder } from "./running-site.ts";

const configuration = `
primary: { pt: 10, ct: 4, nominalVoltage: 120, nominalCurrent: 5 }
registers:
  normal:
    - { id: 1, type: instantaneous, measure: { quantity: V, phase: a, order: 5 }, decimals: 4 }
    - { id: 2, type: instantaneous, measure: { quantity: TDD.A, phase: b }, decimals: 4 }
    - { id: 3, type: instantaneous, measure: { quantity: Plt, phase: a }, decimals: 3 }
    - { id: 4, type: instantaneous, measure: { quantity: THD.V, phase: a }, decimals: 4 }
    - { id: 5, type: instantaneous, measure: { quantity: V.negative }, decimals: 3 }
modbus:
  counters: []
  analogs:
    - { measure: { quantity: V, phase: a, order: 5 }, scaling: 100 }
    - { measure: { quantity: A, phase: c, order: 3, part: angle }, scaling: 10 }
`;

/** Volts and amps as they are on the line: 1200 V and 20 A, the fifth harmonic of the volts and the third of the amps. */
const feeder = {
  hz: 60,
  volts: [1200, 1200, 1140],
  amps: [20, 16, 12],
  pf: 1,
  harmonics: { volts: [{ order: 5, percent: 3, degrees: 40 }], amps: [{ order: 3, percent: 8, degrees: 90 }] },
  seed: 1,
};

function meterOf(t: TestContext, options: string, synthetic: object = feeder) {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  writeFileSync(path.join(folder, "jem.yaml"), options === "-PQ2" ? configuration : "primary: { pt: 10, ct: 4 }");
  const file = siteSchema.parse({
    meters: [
      {
        name: "jem",
        model: "ametek-jemstar-ii",
        modelNumber: `JSII-09I6020-2A-DIO${options}`,
        configuration: "jem.yaml",
        transformers: { pt: 10, ct: 4 },
        source: { synthetic },
        listen: [{ modbus: "tcp", port: 0, unit: 1 }],
      },
    ],
  });
  const entry = file.meters[0]!;
  const clock = new VirtualClock();
  const device = jemstarMeters.make({
    entry,
    folder,
    clock,
    store: new MemoryStore().drawer("jem"),
    ports: [],
    source: (how) => makeSource(entry.source, { folder, start: clock.utc(), ...how }),
    refused: () => {},
  }) as JemStarDevice;
  const run = (seconds: number): void => {
    for (let k = 0; k < 5 * seconds; k++) {
      clock.advance(200);
      device.advance(clock.elapsed());
    }
  };
  return { device, clock, run };
}

const near = (found: number | null | undefined, expected: number, by: number): void =>
  assert.ok(
    typeof found === "number" && Math.abs(found - expected) <= by * Math.max(1, Math.abs(expected)),
    `${found} for ${expected}`,
  );

test("the whole way: a feeder's harmonics are in the block, on registers and over Modbus, each on its side of the transformers", (t) => {
  const { device, clock, run } = meterOf(t, "-PQ2");
  assert.equal(viewOf(device.surface).quality, undefined, "before the first block there is none");
  run(22);
  const view = viewOf(device.surface);
  const quality = view.quality!;
  assert.deepEqual(
    [quality.cycles, quality.flagged, quality.missing],
    [12, false, ["Pst and Plt: none has ended since measuring began"]],
  );
  assert.ok(Math.abs(Date.parse(quality.utc!) - clock.utc()) < 1000, `${quality.utc}`);
  const of = (name: string) => quality.channels.find((one) => one.name === name)!;
  assert.deepEqual(
    quality.channels.map(({ name }) => name),
    "V.a V.b V.c V.ab V.bc V.ca A.a A.b A.c".split(" "),
  );
  // Primary: the line's own volts and amps.
  near(of("V.a").fundamental, 1200, 1e-5);
  near(of("V.a").rms, 1200 * Math.hypot(1, 0.03), 1e-5);
  near(of("V.a").harmonics[4], 3, 1e-4);
  near(of("V.b").degrees, -120, 1e-4);
  near(of("V.a").thd, 3, 1e-4);
  near(of("V.a").thdEven, 0, 1e-4);
  near(of("A.a").fundamental, 20, 1e-5);
  near(of("A.b").harmonics[2], 8, 1e-4);
  // 8 % of 16 A, of 5 A through a CT of 4.
  near(of("A.b").tdd, (100 * 0.08 * 16) / 20, 1e-4);
  // 1200, 1200 and 1140 V 120 degrees apart: 1180 V, and 20 V of negative and of zero sequence.
  near(quality.unbalance.V.negative, 2000 / 1180, 1e-4);
  near(quality.unbalance.V.zero, 2000 / 1180, 1e-4);
  near(quality.hz10s, 60, 1e-5);
  assert.deepEqual(
    quality.flicker?.map(({ name, pst, plt }) => [name, pst, plt]),
    ["V.a", "V.b", "V.c"].map((name) => [name, null, null]),
    "ten minutes have not gone by",
  );
  // Registers are primary, too; distortion and sequences of every half cycle are those of the block.
  const register = (id: number): number | undefined => device.surface.register(id)?.value;
  near(register(1), 36, 1e-4);
  near(register(2), 6.4, 1e-4);
  assert.equal(register(3), undefined);
  near(register(4), 3, 1e-4);
  near(register(5), 20, 1e-4);
  near(view.readings["TDD.A.b"], 6.4, 1e-4);
  assert.equal(view.readings["Plt.a"], null);
  // Modbus is at the terminals: 3 % of 120 V are 3.6 V, and the angle of a third harmonic is of no transformer.
  const out = new Uint8Array(253);
  answer(modbusUnitOf(device.jemstar), Uint8Array.of(4, 0, 0, 0, 2), 0, 5, out, 0);
  const words = new DataView(out.buffer);
  near(words.getInt16(2), 360, 0.01);
  // Three times the 120 degrees of its phase are a whole turn: the 90 of the source are left.
  near(words.getInt16(4), 900, 0.01);
  const told = device.surface.read(device.surface.measures[0]!, "secondary").value;
  near(told, 120 * Math.hypot(1, 0.03), 1e-5);
});

test("on a line whose frequency moves flicker is felt all the same, and harmonics stay what they are", (t) => {
  // A swing of 0.02 Hz in a minute, as that of the demonstration.
  const { device, run } = meterOf(t, "-PQ2", { ...feeder, drift: { hz: 0.02, seconds: 60 } });
  run(15);
  const { channels, flicker, missing } = viewOf(device.surface).quality!;
  assert.deepEqual(missing, ["Pst and Plt: none has ended since measuring began"]);
  for (const { name, pinst } of flicker!) assert.ok(pinst !== null && pinst < 0.01, `${name}: ${pinst}`);
  near(channels[0]?.harmonics[4], 3, 1e-3);
  near(channels[0]?.rms, 1200 * Math.hypot(1, 0.03), 1e-5);
});

test("a configuration that says nothing new of power quality lets its instrument go on; another lamp begins it anew", (t) => {
  const { device, run } = meterOf(t, "-PQ2");
  const { authority, file } = device.jemstar;
  const admin = authority.sessions.begin("admin", here);
  const apply = (configuration: object): void => {
    const outcome = authority.obey({ command: "configure", configuration: JSON.stringify(configuration) }, admin);
    assert.ok("done" in outcome, JSON.stringify(outcome));
  };
  const pinst = (): (number | null)[] => viewOf(device.surface).quality!.flicker!.map((one) => one.pinst);
  // Pinst is known 5.4 s after a start.
  run(7);
  assert.ok(pinst().every((one) => one !== null));
  const [first, ...rest] = file.registers.normal;
  apply({ ...file, registers: { ...file.registers, normal: [{ ...first, label: "fifth" }, ...rest] } });
  run(1);
  assert.ok(
    pinst().every((one) => one !== null),
    "a label begins nothing anew",
  );
  apply({ ...device.jemstar.file, primary: { ...file.primary, flickerLamp: 230 } });
  run(1);
  assert.ok(
    pinst().every((one) => one === null),
    "another lamp does",
  );
});

/** A source that is read in other portions rounds otherwise. */
function lineOf(shown: unknown): string {
  return JSON.stringify(shown, (_, value: unknown) =>
    typeof value === "number" ? Math.round(1e8 * value) / 1e8 + 0 : value,
  );
}

/** What a meter shows of a minute and more, in the middle of which something is done to it: a line for each block, and each interval. */
function shownBy(t: TestContext, options: string, between: (device: JemStarDevice) => void) {
  const { device, clock } = meterOf(t, options);
  const blocks: string[] = [];
  const minutes = new Map<string, { readonly complete: boolean; readonly line: string }>();
  let last: string | null = null;
  const step = (seconds: number): void => {
    for (let k = 0; k < 10 * seconds; k++) {
      clock.advance(100);
      device.advance(clock.elapsed());
      // It is looked at more often than a block ends.
      const quality = device.surface.quality?.();
      if (quality === undefined || quality.utc === last) continue;
      last = quality.utc;
      const { utc, flagged, missing, channels } = quality;
      blocks.push(lineOf([utc, flagged, missing, channels.map(({ rms, degrees, thd }) => [rms, degrees, thd])]));
    }
    for (const one of viewOf(device.surface).intervals ?? [])
      if (one.length === "1 min") minutes.set(one.end ?? "", { complete: one.complete, line: lineOf(one) });
  };
  step(64);
  step(24.5);
  // In a block of 0.2 s, and in a half cycle of it.
  clock.advance(33);
  device.advance(clock.elapsed());
  between(device);
  step(34);
  return { device, blocks, minutes };
}

/** Applies what the file has once more, as whoever is `admin`. */
function applyTo(device: JemStarDevice, text: string): void {
  const { authority } = device.jemstar;
  const admin = authority.sessions.begin("admin", here);
  const outcome = authority.obey({ command: "configure", configuration: text }, admin);
  assert.ok("done" in outcome, JSON.stringify(outcome));
}

/** What the meter has, but for a label. */
function labelled({ jemstar: { file } }: JemStarDevice): string {
  const [first, ...rest] = file.registers.normal;
  return JSON.stringify({ ...file, registers: { ...file.registers, normal: [{ ...first, label: "fifth" }, ...rest] } });
}

const others: [what: string, options: string, epoch: number, text: (device: JemStarDevice) => string][] = [
  ["the same with a comment", "-PQ2", 0, () => `# nothing new\n${configuration}`],
  ["another label", "-PQ2", 1, labelled],
  ["another label, to a measurement log,", "-ML", 1, labelled],
];
for (const [what, options, epoch, text] of others) {
  test(`applied in the middle of a block and an interval, ${what} leaves no hole`, (t) => {
    const alone = shownBy(t, options, () => {});
    const again = shownBy(t, options, (device) => applyTo(device, text(device)));
    assert.equal(again.device.jemstar.epoch, epoch);
    const other = alone.blocks.findIndex((block, k) => block !== again.blocks[k]);
    assert.equal(again.blocks[other], alone.blocks[other]);
    assert.equal(again.blocks.length, alone.blocks.length);
    // A block lasts 0.2 s.
    assert.ok(options === "-ML" ? alone.blocks.length === 0 : alone.blocks.length > 600);
    assert.deepEqual(
      [...again.minutes.values()].map(({ complete }) => complete),
      [true, true],
    );
    for (const [end, { line }] of alone.minutes) assert.equal(again.minutes.get(end)?.line, line);
  });
}

test("the measurement log alone has intervals of single cycles, and no block; with power quality intervals are of blocks", (t) => {
  const log = meterOf(t, "-ML");
  log.run(9);
  assert.equal(viewOf(log.device.surface).quality, undefined);
  const plain = viewOf(log.device.surface).intervals![0]!;
  assert.deepEqual([plain.length, plain.parts, plain.complete], ["180 cycles", 360, true]);
  // By the total RMS, as of a meter without either: the instrument of the log knows none.
  near(viewOf(log.device.surface).readings["THD.V.a"], 3, 1e-3);
  const quality = meterOf(t, "-PQ2");
  quality.run(9);
  const [blocks] = viewOf(quality.device.surface).intervals!;
  assert.deepEqual([blocks!.length, blocks!.parts, blocks!.complete], ["180 cycles", 15, true]);
  for (const interval of [plain, blocks!]) {
    // Primary, as all that is read.
    near(interval.values.find(({ name }) => name === "V.c")?.mean, 1140 * Math.hypot(1, 0.03), 1e-5);
    near(interval.values.find(({ name }) => name === "A.b")?.mean, 16 * Math.hypot(1, 0.08), 1e-5);
  }
  // All that a block has, with the mean of each, primary; not of cycles.
  const [whole] = intervalsOf(quality.device.surface);
  const { channels, unbalance } = whole!.means!;
  const of = (name: string) => channels.find((one) => one.name === name)!;
  near(of("V.a").fundamental, 1200, 1e-5);
  near(of("V.a").harmonics[4], 3, 1e-4);
  near(of("A.a").harmonics[2], 8, 1e-4);
  near(of("A.b").tdd, (100 * 0.08 * 16) / 20, 1e-4);
  near(unbalance.V.zero, 2000 / 1180, 1e-4);
  assert.deepEqual([intervalsOf(log.device.surface)[0]!.means, blocks!.means], [undefined, undefined]);
  // 1200, 1200 and 1140 V: the largest deviation from 1180 V; two thirds of that is the negative sequence.
  near(plain.values.find(({ name }) => name === "unbalance.V")?.mean, 4000 / 1180, 1e-4);
  near(blocks!.values.find(({ name }) => name === "unbalance.V.sequence")?.mean, 2000 / 1180, 1e-4);
});

test("without power nothing is measured: no block, intervals that are not complete, no Pst of those ten minutes", (t) => {
  // A dip of a second in the first ten minutes flags them.
  const { device, clock, run } = meterOf(t, "-PQ2", {
    ...feeder,
    events: [{ kind: "sag", at: 900, for: 1, volts: 0.7 }],
  });
  const { authority } = device.jemstar;
  const obey = (command: "powerDown" | "powerUp"): void => {
    const outcome = authority.obey({ command }, authority.open(here));
    assert.ok("done" in outcome, JSON.stringify(outcome));
  };
  const quality = () => viewOf(device.surface).quality!;
  const interval = (length: string) => viewOf(device.surface).intervals!.find((one) => one.length === length)!;
  run(601 - ((clock.utc() / 1000) % 600));
  run(600);
  const ten = interval("10 min");
  assert.deepEqual([ten.complete, ten.flagged], [true, true]);
  for (const one of quality().flicker!)
    assert.deepEqual([typeof one.pst, one.pstFlagged, one.pltFlagged], ["number", true, false]);
  assert.equal(quality().flickerEnds?.pst, ten.end);
  run(90);
  obey("powerDown");
  run(1);
  const dark = quality();
  assert.ok(
    dark.channels.every(({ rms }) => rms === null),
    "what it was is not what it is",
  );
  const before = interval("180 cycles");
  run(30);
  assert.deepEqual([quality().utc, interval("180 cycles").end], [dark.utc, before.end]);
  obey("powerUp");
  run(4);
  near(quality().channels[0]!.rms, 1200 * Math.hypot(1, 0.03), 1e-5);
  run(480);
  const cut = interval("10 min");
  assert.deepEqual([Date.parse(cut.end!) - Date.parse(ten.end!), cut.complete, cut.flagged], [600_000, false, false]);
  // Five blocks a second for 600 s, of which 31 are dark.
  assert.ok(Math.abs(cut.parts - 5 * (600 - 31)) <= 3, `${cut.parts} blocks`);
  assert.ok(quality().flicker!.every(({ pst }) => pst === null));
  assert.match(quality().missing.join(), /Pst of V\.a, V\.b, V\.c: not measured for/);
});

test("mains signals are measured where their frequency is set: 2 % at 316.67 Hz, which lies between two lines", (t) => {
  const harmonics = { volts: [{ order: 316.67 / 60, percent: 2 }], amps: [] };
  const { device, run } = meterOf(t, "-PQ2", { ...feeder, harmonics });
  run(2);
  assert.equal(viewOf(device.surface).readings["MSV.a"], undefined);
  const { authority, file } = device.jemstar;
  const configuration = JSON.stringify({ ...file, primary: { ...file.primary, signalFrequency: 316.67 } });
  const outcome = authority.obey({ command: "configure", configuration }, authority.sessions.begin("admin", here));
  assert.ok("done" in outcome, JSON.stringify(outcome));
  run(2);
  // Of four lines, which have all of it but what leaks further: IEC 61000-4-30 allows 5 %.
  near(viewOf(device.surface).readings["MSV.a"], 24, 0.05);
});

test("power quality that was ordered, of a source without samples, is said not to be measured", (t) => {
  const notices = (options: string, synthetic: object): readonly string[] =>
    meterOf(t, options, synthetic).device.notices;
  assert.match(notices("-PQ2", { ...feeder, steps: true }).join(), /measures no power quality, which JSII-\S+-PQ2 has/);
  assert.deepEqual([notices("-PQ2", feeder), notices("-ML", { ...feeder, steps: true })], [[], []]);
});

test("without the option there is no instrument, with PQ1 one without harmonics", (t) => {
  const none = meterOf(t, "");
  none.run(2);
  assert.equal(viewOf(none.device.surface).quality, undefined);
  const basic = meterOf(t, "-PQ1");
  basic.run(2);
  const { channels, flicker } = viewOf(basic.device.surface).quality!;
  assert.deepEqual([channels[0]?.harmonics, flicker], [[], undefined]);
  near(channels[0]?.thd, 3, 1e-4);
});
