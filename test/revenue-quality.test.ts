/** Power quality of a JEMStar II: what its options have, where it may stand, how it is set up, and what is read of it. The instrument is played. */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { test, type TestContext } from "node:test";
import { FileError } from "#product/file-error.ts";
import type { RevenueFile } from "#product/jemstar/configuration-schema.ts";
import { deviceOf } from "#product/jemstar/product.ts";
import { answer } from "#protocol/modbus/unit.ts";
import { measureName, parseMeasure } from "#quantity/measure-name.ts";
import type { Measure } from "#quantity/measure.ts";
import type { QualityView } from "#quantity/quality-view.ts";
import type { QualityInstrumentPart } from "#revenue/revenue-options.ts";
import type { QualitySettings } from "#revenue/settings/quality-settings.ts";
import { Network } from "#waveform/network.ts";
import { SyntheticSamples, SyntheticSteps } from "#waveform/synthetic.ts";
import { viewOf } from "#web/meter-view.ts";
import { modbusUnitOf } from "./devices.ts";
import { block } from "./quality-meter.ts";
import {
  ametekJemstarIi,
  MemoryStore,
  measure,
  parseModelNumber,
  parseRevenueFile,
  plain,
  register,
  revenueRig,
  RevenueSite,
  siteSchema,
  trigger,
  VirtualClock,
} from "./revenue-rig.ts";
import { temporaryFolder } from "./running-site.ts";

const parse = (text: string, options = "-PQ2"): RevenueFile =>
  parseRevenueFile("file", text, parseModelNumber(`JSII-09I6020-2A-DIO${options}`));

function problemsOf(text: string, options?: string): readonly string[] {
  try {
    parse(text, options);
    return [];
  } catch (error) {
    assert.ok(error instanceof FileError);
    return error.problems;
  }
}

/** An instrument that says what a test tells it, by the names of measures, and what it was made with. */
class Played implements QualityInstrumentPart {
  readonly made: QualitySettings[] = [];
  readonly values = new Map<string, number>();
  shown: QualityView | undefined = block;

  readonly make = (settings: QualitySettings): QualityInstrumentPart => {
    this.made.push(settings);
    return this;
  };

  half(): void {}

  view(): QualityView | undefined {
    return this.shown;
  }

  value(of: Measure): number | undefined {
    return this.values.get(measureName(of));
  }
}

const samples = (angles: readonly [number, number, number] = [0, -120, 120]): SyntheticSamples =>
  new SyntheticSamples(
    new Network({
      hz: 60,
      volts: [120, 110, 100],
      amps: [5, 0, 0],
      angles,
      lag: [0, 0, 0],
      harmonics: { volts: [], amps: [] },
      noise: 0,
      load: [],
      events: [],
      seed: 1,
    }),
    { perCycle: 512 },
  );

/** A meter of a site whose configuration is this text. */
function siteMeter(t: TestContext, text: string, options: string, transformers = { pt: 1, ct: 1 }) {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  writeFileSync(path.join(folder, "jem.yaml"), text);
  const file = siteSchema.parse({
    meters: [
      {
        name: "jem",
        model: "ametek-jemstar-ii",
        modelNumber: `JSII-09I6020-2A-DIO${options}`,
        configuration: "jem.yaml",
        transformers,
        source: { synthetic: { volts: 120 * transformers.pt, amps: 5 * transformers.ct } },
        listen: [{ modbus: "tcp", port: 0, unit: 1 }],
      },
    ],
  });
  const played = new Played();
  const clock = new VirtualClock();
  const store = new MemoryStore().drawer("jem");
  const site = new RevenueSite({
    entry: file.meters[0]!,
    model: ametekJemstarIi,
    folder,
    clock,
    store,
    quality: played.make,
  });
  const device = deviceOf(site);
  const run = (ms: number): void => {
    clock.advance(ms);
    device.advance(clock.elapsed());
  };
  return { site, device, played, run };
}

// ── how it is set up ──────────────────────────────────────────────────────────────────────────────────────────────

test("the factory's power quality is line to neutral with a lamp of 120 V (Appendix A); where there is no neutral, line to line", () => {
  const settings = ({ primary: { pqVoltage, flickerLamp, demandCurrent, rotation } }: RevenueFile) => [
    pqVoltage,
    flickerLamp,
    demandCurrent,
    rotation,
  ];
  assert.deepEqual(settings(parse("")), ["ln", 120, undefined, "abc"]);
  const form5 = parseRevenueFile("file", "", parseModelNumber("JSII-05I6020-2A-DIO-PQ2"));
  assert.deepEqual(settings(form5), ["ll", 120, undefined, "abc"]);
  for (const connection of ["open delta", "3 wire wye"]) {
    const universal = parseRevenueFile(
      "file",
      `primary: { connection: ${connection} }`,
      parseModelNumber("JSII-UI6020-2A-DIO-PQ2"),
    );
    assert.deepEqual(settings(universal), ["ll", 120, undefined, "abc"], connection);
  }
  const file = parse("primary: { pqVoltage: ll, flickerLamp: 230, demandCurrent: 2.5, rotation: acb }");
  assert.deepEqual(settings(file), ["ll", 230, 2.5, "acb"]);
  for (const [text, says] of [
    ["primary: { flickerLamp: 240 }", /^primary\.flickerLamp: /],
    ["primary: { pqVoltage: lg }", /^primary\.pqVoltage: /],
    ["primary: { rotation: bca }", /^primary\.rotation: /],
    ["primary: { demandCurrent: 0 }", /^primary\.demandCurrent: /],
  ] as const)
    assert.match(problemsOf(text)[0] ?? "", says);
  assert.throws(
    () =>
      parseRevenueFile(
        "file",
        "primary: { connection: 3 wire delta, pqVoltage: ln }",
        parseModelNumber("JSII-05I6020-2A-DIO-PQ2"),
      ),
    /primary\.pqVoltage: 3 wire delta has no neutral: expected ll/,
  );
});

test("the voltage triggers of the factory follow the volts that power quality is measured of; those of a file say themselves", () => {
  const watched = (file: RevenueFile) =>
    file.triggers
      .filter(({ records }) => records !== undefined)
      .map(({ measure: of, alarm }) => `${of?.quantity} ${alarm}`);
  assert.deepEqual(watched(parse("")), ["V 108", "V 132", "V 60", "V 6"]);
  assert.deepEqual(watched(parse("primary: { pqVoltage: ll }")), ["V.ll 90 %", "V.ll 110 %", "V.ll 50 %", "V.ll 5 %"]);
  const said = `primary: { pqVoltage: ll }\ntriggers: [{ id: 1, measure: { quantity: V }, phase: any, operator: "<", alarm: 100, reset: 102, records: sagSwell }]`;
  assert.deepEqual(watched(parse(said)), ["V 100"]);
});

test("what is set up of power quality begins nothing anew, and neither does a file of an earlier version", (t) => {
  const { site } = siteMeter(t, "", "-PQ2");
  const admin = site.file.users[0]!;
  const { pqVoltage: _v, flickerLamp: _l, rotation: _r, ...primary } = site.file.primary;
  const before = site.epoch;
  assert.deepEqual(site.apply(JSON.stringify({ ...site.file, primary }), admin), { consequences: [] });
  assert.equal(site.epoch, before, "what means the same is not applied");
  const changed = {
    ...site.file,
    primary: { ...site.file.primary, flickerLamp: 230, rotation: "acb", demandCurrent: 2 },
  };
  assert.deepEqual(site.consequences(JSON.stringify(changed)), []);
  assert.deepEqual(site.apply(JSON.stringify(changed), admin), { consequences: [] });
  assert.equal(site.epoch, before + 1);
});

test("the instrument is told what the configuration says, at the line before the installed transformers", (t) => {
  const text = "primary: { pt: 10, ct: 4, nominalVoltage: 69, nominalCurrent: 2, pqVoltage: ll, flickerLamp: 230 }";
  const log = "measurementLog: [{ interval: 5, channels: [{ measure: { quantity: A, phase: a }, method: maximum }] }]";
  const { played, site } = siteMeter(t, `${text}\n${log}`, "-PQ2", { pt: 10, ct: 4 });
  const { utc, ended: _ended, ...told } = played.made[0]!;
  assert.deepEqual(told, {
    powerQuality: true,
    wiring: "wye",
    hz: 60,
    nominalVolts: 690,
    pqVoltage: "ll",
    flickerLamp: 230,
    // Nothing is said of a demand current: it is the nominal one.
    demandAmps: 8,
    signalHz: undefined,
    rotation: "abc",
  });
  assert.equal(utc(), site.meter.utc);
  const admin = site.file.users[0]!;
  const { primary } = site.file;
  site.apply(JSON.stringify({ ...site.file, primary: { ...primary, demandCurrent: 1.5 } }), admin);
  assert.deepEqual([played.made.length, played.made[1]?.demandAmps], [2, 6]);
});

test("PQ1, PQ2 and PQ3 have the instrument, a measurement log alone one of single cycles; PQ Ready and sources without samples have none", (t) => {
  for (const [options, made] of [
    ["-PQ1", [true]],
    ["-PQ2", [true]],
    ["-PQ3", [true]],
    ["-PQ", []],
    ["-ML", [false]],
    ["-PQ-ML", [false]],
    ["", []],
  ] as const) {
    const { played } = siteMeter(t, "", options);
    assert.deepEqual(
      played.made.map(({ powerQuality }) => powerQuality),
      made,
      options,
    );
  }
  const played = new Played();
  const network = new Network(balanced);
  revenueRig({}, undefined, { source: new SyntheticSteps(network), powerQuality: true, quality: played.make });
  assert.equal(played.made.length, 0);
});

const balanced = {
  hz: 60,
  volts: [120, 120, 120],
  amps: [1, 1, 1],
  angles: [0, -120, 120],
  lag: [0, 0, 0],
  harmonics: { volts: [], amps: [] },
  noise: 0,
  load: [],
  events: [],
  seed: 1,
} as const;

// ── where it may stand ────────────────────────────────────────────────────────────────────────────────────────────

const shown = (of: string, type = "instantaneous"): string =>
  `registers: { normal: [{ id: 1, type: ${type}, measure: ${of} }] }\nmodbus: { counters: [] }`;
const analog = (of: string): string => `modbus: { analogs: [{ measure: ${of} }] }`;
const watched = (of: string, phase = "any"): string =>
  `triggers: [{ id: 1, measure: ${of}, phase: ${phase}, alarm: 5, reset: 4 }]`;
const profiled = (of: string): string => `profiles: [{ channels: [{ measure: ${of} }] }]`;

test("what the tables have can be registered, read and, but for single harmonics, watched; without PQ2 or PQ3 it is refused", () => {
  for (const [of, name, trigger] of [
    ["{ quantity: V, phase: a, order: 2 }", "V.h2", false],
    ["{ quantity: V.ll, phase: c, order: 64 }", "V.ll.h64", false],
    ["{ quantity: A, phase: b, order: 5, part: angle }", "A.h5.angle", false],
    ["{ quantity: A, phase: b, interharmonic: 50 }", "A.ih50", false],
    ["{ quantity: V.negative, part: angle }", "V.negative.angle", false],
    ["{ quantity: THD.V, phase: a, parity: odd }", "THD.V.odd", true],
    ["{ quantity: THD.A, phase: c, parity: even }", "THD.A.even", true],
    ["{ quantity: TDD.A, phase: a }", "TDD.A", true],
    ["{ quantity: TDD.A, phase: a, parity: odd }", "TDD.A.odd", true],
    ["{ quantity: crest.V, phase: a }", "crest.V", true],
    ["{ quantity: crest.A, phase: a }", "crest.A", true],
    ["{ quantity: Pinst, phase: a }", "Pinst", true],
    ["{ quantity: Pst, phase: b }", "Pst", true],
    ["{ quantity: Plt, phase: c }", "Plt", true],
  ] as const) {
    for (const text of [shown(of), analog(of), ...(trigger ? [watched(of)] : [])]) {
      assert.deepEqual(problemsOf(text, "-PQ2"), [], text);
      assert.deepEqual(problemsOf(text, "-PQ3"), [], text);
      for (const options of ["", "-PQ", "-PQ1", "-ML"])
        assert.match(
          problemsOf(text, options).join(),
          new RegExp(`measure\\.quantity: ${name.replaceAll(".", "\\.")} is option PQ2 or PQ3, which was not ordered`),
          `${text} ${options}`,
        );
    }
    if (!trigger) assert.match(problemsOf(watched(of)).join(), /^triggers\[0\]\.measure\.(quantity: not of|phase)/, of);
    assert.match(problemsOf(profiled(of)).join(), /^profiles\[0\]\.channels\[0\]\.measure\.quantity: not of/, of);
    assert.match(problemsOf(shown(of, "maximum")).join(), /^registers\.normal\[0\]\.measure\.quantity/, of);
    assert.notDeepEqual(problemsOf(shown(of, "peakDemand")), [], of);
  }
});

test("what the tables have not is refused with its key and what was expected", () => {
  for (const [of, says] of [
    ["{ quantity: V, phase: a, order: 65 }", "order: expected 2 to 64; found 65"],
    ["{ quantity: V, phase: a, interharmonic: 1 }", "interharmonic: expected 2 to 50; found 1"],
    ["{ quantity: V, order: 5 }", "phase: V is measured of a, b, c; found polyphase"],
    ["{ quantity: A, phase: neutral, order: 3 }", "phase: A is measured of a, b, c; found neutral"],
    ["{ quantity: W, phase: a, order: 5 }", "order: expected of V, V.ll, A; found of W"],
    ["{ quantity: V, phase: a, order: 5, interharmonic: 5 }", "interharmonic: expected an order or an interharmonic"],
    ["{ quantity: A, phase: a, interharmonic: 5, part: angle }", "part: interharmonics have no angle"],
    ["{ quantity: V, phase: a, part: angle }", "part: expected of a harmonic or of a sequence; found of V"],
    ["{ quantity: V, phase: a, parity: odd }", "parity: expected of THD.V, THD.V.ll, THD.A, TDD.A; found of V"],
    ["{ quantity: Pst }", "phase: Pst is measured of a, b, c; found polyphase"],
    ["{ quantity: Pst, phase: a, direction: delivered }", "direction: Pst is measured bidirectional; found delivered"],
    [
      "{ quantity: Pst.ll, phase: a }",
      "quantity: power quality is measured line to neutral (primary.pqVoltage): expected Pst; found Pst.ll",
    ],
    [
      "{ quantity: THD.V.ll, phase: a }",
      "quantity: power quality is measured line to neutral (primary.pqVoltage): expected THD.V; found THD.V.ll",
    ],
  ] as const)
    for (const [at, text] of [
      ["registers.normal[0].measure", shown(of)],
      ["modbus.analogs[0].measure", analog(of)],
    ] as const)
      assert.ok(
        problemsOf(text).some((problem) => problem.startsWith(`${at}.${says}`)),
        `${text}: ${problemsOf(text).join("; ")}`,
      );
  const lines = (of: string): string => `primary: { pqVoltage: ll }\n${shown(of)}`;
  assert.match(problemsOf(lines("{ quantity: crest.V, phase: a }")).join(), /line to line .*: expected crest\.V\.ll/);
  assert.deepEqual(problemsOf(lines("{ quantity: Plt.ll, phase: c }")), []);
  // Harmonics are of both volts, and the distortion that every meter measures follows nothing.
  assert.deepEqual(problemsOf(lines("{ quantity: V, phase: c, order: 3 }")), []);
  assert.deepEqual(problemsOf(lines("{ quantity: THD.V, phase: c }")), []);
  for (const quantity of ["MSV", "K.A", "under.V", "Hz.10s"])
    assert.match(problemsOf(shown(`{ quantity: ${quantity}, phase: a }`)).join(), /measure\.quantity/, quantity);
  const delta = parseModelNumber("JSII-05I6020-2A-DIO-PQ2");
  assert.throws(
    () => parseRevenueFile("file", shown("{ quantity: V, phase: a, order: 5 }"), delta),
    /quantity: 3 wire delta has no volts to neutral: expected V\.ll; found V/,
  );
  assert.ok(parseRevenueFile("file", shown("{ quantity: V.ll, phase: a, order: 5 }"), delta));
  assert.throws(
    () => parseRevenueFile("file", analog("{ quantity: A, phase: b, order: 5 }"), delta),
    /measure\.phase: 3 wire delta measures no A of phase b/,
  );
});

// ── what is read of it ────────────────────────────────────────────────────────────────────────────────────────────

const items = `
primary: { pt: 10, ct: 4 }
registers:
  normal:
    - { id: 1, type: instantaneous, measure: { quantity: V, phase: a, order: 5 }, decimals: 3 }
    - { id: 2, type: instantaneous, measure: { quantity: V, phase: a, order: 5 }, decimals: 3, scaling: secondary }
    - { id: 3, type: instantaneous, measure: { quantity: V, phase: a, order: 5, part: angle }, decimals: 2, units: kilo }
    - { id: 4, type: instantaneous, measure: { quantity: A, phase: b, interharmonic: 7 }, decimals: 4, units: kilo }
    - { id: 5, type: instantaneous, measure: { quantity: Pst, phase: c }, decimals: 3, units: mega }
    - { id: 6, type: instantaneous, measure: { quantity: TDD.A, phase: a, parity: odd }, decimals: 1 }
    - { id: 7, type: instantaneous, measure: { quantity: Plt, phase: c }, decimals: 3 }
modbus:
  counters: [{ register: 1 }, { register: 7 }]
  analogBits: 32
  analogs:
    - { measure: { quantity: V, phase: a, order: 5 }, scaling: 100 }
    - { measure: { quantity: V, phase: a, order: 5, part: angle }, scaling: 10 }
    - { measure: { quantity: Pst, phase: c }, scaling: 100 }
    - { measure: { quantity: Plt, phase: c }, scaling: 100 }
`;

function taught(t: TestContext, options = "-PQ2") {
  const rig = siteMeter(t, items, options, { pt: 10, ct: 4 });
  // On the line: 62.5 V are 6.25 V at the terminals, and 62.5 V again as they are shown.
  for (const [name, value] of [
    ["V.a.h5", 62.5],
    ["V.a.h5.angle", -150.25],
    ["A.b.ih7", 0.8],
    ["Pst.c", 0.875],
    ["TDD.A.a.odd", 12.5],
    ["crest.A.a", 1.75],
  ] as const)
    rig.played.values.set(name, value);
  rig.run(2000);
  return rig;
}

test("registers show it primary or secondary with its digits; angles and ratios have no prefix, and what is not known is dashes", (t) => {
  const { device, site } = taught(t);
  const read = device.surface
    .registers("normal")
    .map(({ id, value, text, unit, valid }) => [id, value, text.trim(), unit, valid]);
  assert.deepEqual(read, [
    [1, 62.5, "62.500", "V", "good"],
    [2, 6.25, "6.250", "V", "good"],
    [3, -150.25, "-150.25", "°", "good"],
    [4, 0.0008, "0.0008", "kA", "good"],
    [5, 0.875, "0.875", "", "good"],
    [6, 12.5, "12.5", "%", "good"],
    [7, undefined, site.meter.registers.show(7)!.text, "", "invalid"],
  ]);
  assert.match(site.meter.registers.show(7)!.text, /^[ -]*-[ -]*$/);
});

test("Modbus reads it as any analog, secondary and scaled; what is not known reads 0 there, as all that this meter does not know", (t) => {
  const unit = modbusUnitOf(taught(t).site);
  const words = (fn: number, first: number, count: number): string => {
    const out = new Uint8Array(253);
    const length = answer(unit, Uint8Array.of(fn, 0, first, 0, count), 0, 5, out, 0);
    return Buffer.from(out.subarray(0, length)).toString("hex");
  };
  // 6.25 V x 100, -150.25 degrees x 10 in two's complement (-1502), 0.875 x 100 (87), nothing.
  assert.equal(words(4, 0, 8), "0410" + "00000271" + "fffffa22" + "00000057" + "00000000");
  assert.equal(words(3, 0, 4), "0308" + "0000003e" + "00000000");
});

test("readings have it by its name, primary, as far as the options go; null is what is not known", (t) => {
  const advanced = viewOf(taught(t).device.surface).readings;
  assert.deepEqual(
    [advanced["Pst.c"], advanced["Plt.c"], advanced["TDD.A.a.odd"], advanced["crest.A.a"]],
    [0.875, null, 12.5, 1.75],
  );
  assert.ok(!("V.a.h5" in advanced), "single harmonics stand in the block");
  assert.ok("under.V.a" in advanced && "Hz.10s" in advanced && "V.negative" in advanced && "deg.A.b" in advanced);
  const names = (options: string): string[] => Object.keys(viewOf(siteMeter(t, "", options).device.surface).readings);
  const quality = /^(Pst|Plt|Pinst|TDD|crest|[AV]\.(positive|negative|zero)|THD\..*(odd|even))/;
  const basic = /^(under|over|Hz\.10s|.*\.fundamental|unbalance\..\.zero)/;
  for (const [options, hasQuality, hasBasic] of [
    ["", false, false],
    ["-PQ", false, false],
    ["-PQ1", false, true],
    ["-PQ3", true, true],
  ] as const) {
    assert.equal(
      names(options).some((one) => quality.test(one)),
      hasQuality,
      options,
    );
    assert.equal(
      names(options).some((one) => basic.test(one)),
      hasBasic,
      options,
    );
    assert.ok(names(options).includes("deg.A.c"), "angles of fundamentals are every meter's");
  }
  const lines = names("-PQ2").length;
  const pairs = Object.keys(viewOf(siteMeter(t, "primary: { pqVoltage: ll }", "-PQ2").device.surface).readings);
  assert.ok(pairs.includes("Pst.ca") && pairs.includes("over.V.ab") && !pairs.includes("Pst.a"));
  // What PQ measures is of pairs; distortion of volts to neutral is measured without PQ too, and that of pairs stands beside it.
  const beside = ["THD.V.ab", "THD.V.bc", "THD.V.ca"];
  assert.ok([...beside, "THD.V.a"].every((one) => pairs.includes(one)) && !names("-PQ2").includes("THD.V.ab"));
  assert.equal(pairs.length, lines + beside.length);
});

test("a measure that nobody measures is not read as something else", (t) => {
  const { device, played } = taught(t);
  for (const name of ["V.b.h5", "V.a.h6", "K.A.a", "MSV.a", "THD.V.a.even"])
    assert.deepEqual(device.surface.read(parseMeasure(name)!, "primary").valid, "invalid", name);
  played.values.set("K.A.a", 2.5);
  assert.equal(device.surface.read(parseMeasure("K.A.a")!, "primary").value, 2.5);
  // Without the option the instrument is not asked.
  const basic = siteMeter(t, "", "-PQ1");
  basic.played.values.set("Pst.a", 1).set("deg.V.a", 12).set("under.V.a", 3);
  const value = (name: string): number | undefined => basic.device.surface.read(parseMeasure(name)!, "primary").value;
  assert.deepEqual([value("Pst.a"), value("deg.V.a"), value("under.V.a")], [undefined, 12, 3]);
});

test("the block is shown primary: volts and amps by their transformers, percents as they are; PQ1 has no harmonics and no flicker", (t) => {
  const { device, site } = taught(t);
  const admin = site.file.users[0]!;
  // The transformers that are installed are 10 and 4; the meter is told twice as much.
  const twice = JSON.stringify({ ...site.file, primary: { ...site.file.primary, pt: 20, ct: 8 } });
  assert.ok("consequences" in site.apply(twice, admin));
  const [a] = device.surface.quality()!.channels;
  const amps = device.surface.quality()!.channels.find(({ name }) => name === "A.a")!;
  assert.deepEqual([a!.fundamental, a!.degrees, a!.harmonics[4], a!.crest], [240.2, 0, 7.2, 1.4567]);
  assert.ok(Math.abs(amps.fundamental! - 10.02) < 1e-12 && amps.tdd === 3.5);
  const basic = siteMeter(t, "", "-PQ1").device.surface.quality()!;
  assert.equal(basic.flicker, undefined);
  assert.deepEqual(basic.unbalance, block.unbalance);
  for (const { harmonics, interharmonics, crest, thd, k, tdd } of basic.channels)
    assert.deepEqual(
      [harmonics, interharmonics, crest, typeof thd, k, tdd],
      [[], [], null, "number", undefined, undefined],
    );
});

// ── what looks at it ──────────────────────────────────────────────────────────────────────────────────────────────

test("a trigger on flicker sees each phase; what is an alarm stays one while nothing is known, and ends when it is known to have", () => {
  const played = new Played();
  const rig = revenueRig(
    { triggers: [trigger(1, { measure: measure("Pst", "bidirectional"), phase: "any", alarm: 1, reset: 0.9 })] },
    undefined,
    { source: samples(), powerQuality: true, quality: played.make },
  );
  const { triggers } = rig.meter.periphery;
  const told: [at: string, phase: unknown][] = [];
  let elapsed = 0;
  const after = (ms: number, values: Readonly<Record<string, number>>): readonly string[] => {
    played.values.clear();
    for (const [name, value] of Object.entries(values)) played.values.set(name, value);
    rig.meter.advance((elapsed += ms));
    return triggers.active().map(({ id, value, of }) => `${id} ${of} ${value}`);
  };
  assert.deepEqual(after(1000, {}), [], "nothing is known: no alarm");
  assert.deepEqual(after(1000, { "Pst.a": 0.8, "Pst.b": 0.99 }), []);
  assert.deepEqual(after(400, { "Pst.a": 0.8, "Pst.b": 1.25, "Pst.c": 1.1 }), ["1 Pst 1.25"]);
  assert.deepEqual(after(400, { "Pst.a": 0.8, "Pst.b": 0.7 }), ["1 Pst 1.25"], "of c nothing is known");
  assert.deepEqual(after(60_000, {}), ["1 Pst 1.25"]);
  assert.deepEqual(after(400, { "Pst.a": 0.8, "Pst.b": 0.7, "Pst.c": 0.95 }), ["1 Pst 0.95"]);
  assert.deepEqual(after(400, { "Pst.a": 0.8, "Pst.b": 0.7, "Pst.c": 0.85 }), []);
  for (const { what, details } of rig.meter.log.entries("alarm")) told.push([what, details["phase"]]);
  assert.deepEqual(
    told.map(([, phase]) => phase),
    ["b", "b"],
  );
});

test("a trigger on the distortion of the demand current is looked at five times a second, and its delay counts", () => {
  const played = new Played();
  const rig = revenueRig(
    {
      triggers: [
        trigger(1, {
          measure: { ...measure("TDD.A", "bidirectional"), parity: "odd" },
          phase: "a",
          alarm: 8,
          reset: 7,
          delayMs: 600,
        }),
      ],
    },
    undefined,
    { source: samples(), powerQuality: true, quality: played.make },
  );
  played.values.set("TDD.A.a.odd", 9);
  const alarms = [200, 400, 600, 800].map((ms) => {
    rig.meter.advance(ms);
    return rig.meter.periphery.triggers.isAlarm(1);
  });
  assert.deepEqual(alarms, [false, false, true, true]);
  assert.equal(rig.meter.periphery.triggers.active()[0]?.of, "TDD.A.odd");
});

test("a site that turns a, c, b has its positive sequence so, and no error of rotation", () => {
  const now = (id: number, quantity: Measure["quantity"]) =>
    register(id, {
      type: "instantaneous",
      measure: measure(quantity, "bidirectional"),
      decimals: 4,
      scaling: "secondary",
    });
  const quantities = ["V.positive", "V.negative", "V.zero", "A.positive", "rotation.V"] as const;
  const valuesOf = (rotation: "abc" | "acb", angles: readonly [number, number, number]): number[] => {
    const normal = quantities.map((quantity, k) => now(k + 1, quantity));
    const rig = revenueRig(
      { primary: { ...plain.primary, rotation }, registers: { normal, alternate: [], test: [] } },
      undefined,
      { source: samples(angles), powerQuality: true },
    );
    rig.meter.advance(3000);
    return quantities.map((_, k) => rig.value(k + 1));
  };
  // 120, 110 and 100 V 120 degrees apart: (120 + 110 + 100) / 3 and 10 / sqrt(3) twice; 5 A of one phase are a third in each.
  const expected = [110, 10 / Math.sqrt(3), 10 / Math.sqrt(3), 5 / 3, 0];
  for (const [rotation, angles] of [
    ["abc", [0, -120, 120]],
    ["acb", [0, 120, -120]],
  ] as const)
    valuesOf(rotation, angles).forEach((value, k) =>
      assert.ok(Math.abs(value - expected[k]!) < 1e-3, `${rotation} ${quantities[k]}: ${value}`),
    );
  // The other way round the positive sequence is the small one, and every angle is 120 degrees off.
  const wrong = valuesOf("acb", [0, -120, 120]);
  assert.ok(Math.abs(wrong[0]! - 10 / Math.sqrt(3)) < 1e-3 && Math.abs(wrong[1]! - 110) < 1e-3, wrong.join());
  assert.ok(Math.abs(wrong[4]! - 120) < 1e-3);
});

test("distortion, sequences and unbalance of registers are those of the instrument's block; until it knows one, sequences are of the last cycle", () => {
  const of = [
    ["THD.V", "a"],
    ["THD.A", "b"],
    ["V.positive", "polyphase"],
    ["V.negative", "polyphase"],
    ["unbalance.V", "polyphase"],
    ["A.positive", "polyphase"],
  ] as const;
  const normal = of.map(([quantity, phase], k) =>
    register(k + 1, {
      type: "instantaneous",
      measure: measure(quantity, "bidirectional", phase),
      decimals: 5,
      scaling: "secondary",
    }),
  );
  const valuesOf = (connection: "4 wire wye" | "3 wire delta", told: Readonly<Record<string, number>>): number[] => {
    const played = new Played();
    for (const [name, value] of Object.entries(told)) played.values.set(name, value);
    const rig = revenueRig(
      { primary: { ...plain.primary, connection }, registers: { normal, alternate: [], test: [] } },
      undefined,
      {
        source: new SyntheticSamples(new Network(balanced), { perCycle: 512 }),
        powerQuality: true,
        quality: played.make,
      },
    );
    rig.meter.advance(3000);
    return of.map((_, k) => rig.value(k + 1));
  };
  const near = (found: readonly number[], expected: readonly number[]): void =>
    expected.forEach((value, k) =>
      assert.ok(
        Object.is(found[k], value) || Math.abs(found[k]! - value) < 1e-4,
        `${of[k]![0]}: ${found[k]} for ${value}`,
      ),
    );
  // Distortion of a cycle is by another definition: there is none.
  near(valuesOf("4 wire wye", {}), [NaN, NaN, 120, 0, 0, 1]);
  // 120, 110 and 100 V, 120 degrees apart: 110 and 10 / sqrt(3). Of currents one has no angle: they stay as they are.
  const phasors = {
    "V.a.fundamental": 120,
    "deg.V.a": 0,
    "V.b.fundamental": 110,
    "deg.V.b": -120,
    "V.c.fundamental": 100,
  };
  near(valuesOf("4 wire wye", { ...phasors, "deg.V.c": 120, "THD.V.a": 3.5, "THD.A.b": 12.25, "A.a.fundamental": 7 }), [
    3.5,
    12.25,
    110,
    10 / Math.sqrt(3),
    100 / Math.sqrt(3) / 11,
    1,
  ]);
  // Three line volts of 200 V from a to b, b to c, c to a: bc is 120 degrees behind ab.
  const lines = { "V.ab.fundamental": 200, "deg.V.ab": 0, "V.bc.fundamental": 200, "deg.V.bc": -120 };
  const delta = valuesOf("3 wire delta", { ...lines, "THD.V.ab": 2.5 });
  near([delta[0]!, delta[2]!, delta[3]!, delta[4]!], [2.5]);
  near([0, 0, ...delta.slice(2, 5)], [0, 0, 200, 0, 0]);
});
