/** Km, Ke and days of storage that a JEMStar II suggests: by arithmetic on paper, from the manual's own examples. */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { parseRevenueFile } from "#product/jemstar/configuration-file.ts";
import { suggestionsFor } from "#product/jemstar/configuration-suggestions.ts";
import { parseModelNumber } from "#revenue/settings/model-number.ts";
import { run } from "./cli-run.ts";
import { temporaryFolder } from "./running-site.ts";

const ORDER = "JSII-09I6020-1B/2A-DIO-DLP-ML";

function suggested(configuration: string, order = ORDER) {
  const { values, room } = suggestionsFor(parseRevenueFile("c", configuration, parseModelNumber(order)));
  return { of: (key: string) => values.find((one) => one.key === key), values, room };
}

test("Ke of the manual's example: 17.4 W of full scale at one pulse a second are 0.004833333 Wh", () => {
  // Appendix D, Energy Pulse Settings: Full Scale Wh 17.4, Full Scale Pulse Freq 1, Pulse Weight 0.004833333. 3 x 58 V x 0.1 A.
  const { of } = suggested(
    "primary: { nominalVoltage: 58, nominalCurrent: 0.1 }\nio: [{ mode: outputEnergyPulse, measure: { quantity: Wh } }, {mode: none}, {mode: none}, {mode: none}, {mode: none}, {mode: none}, {mode: none}, {mode: none}]",
  );
  const ke = of("io[0].ke");
  assert.deepEqual([ke?.value, ke?.fullScale, ke?.unit, ke?.now], [0.004833333, 17.4, "Wh", 0.1]);
});

test("Km: full scale of Appendix A, 1,800 W, makes 13,000 counts of an interval", () => {
  const { of } = suggested(
    "profiles: [{ minutes: 15, channels: [{ measure: { quantity: Wh } }, { measure: { quantity: varh, phase: b } }, { measure: { quantity: W } }, { measure: { quantity: V, phase: a } }] }]",
  );
  // 1,800 W x 0.25 h / 13,000 = 450 Wh / 13,000; of one phase a third; powers and volts are averages, whatever the interval.
  assert.equal(of("profiles[0].channels[0].km")?.value, 0.03461538);
  assert.equal(of("profiles[0].channels[1].km")?.value, 0.01153846);
  assert.equal(of("profiles[0].channels[2].km")?.value, 0.1384615);
  assert.equal(of("profiles[0].channels[3].km")?.value, 0.009230769);
  assert.match(
    of("profiles[0].channels[0].km")!.words,
    /1800 W \(450 Wh in 15 minutes\), is 13000 counts; with 1 it is 450, of 16383/,
  );
});

test("what is on the line is larger by the transformers: PT 120 and CT 80 make 1,800 W 17.28 MW", () => {
  const { of, values } = suggested(
    "primary: { pt: 120, ct: 80 }\nprofiles: [{ minutes: 60, channels: [{ measure: { quantity: Wh } }, { measure: { quantity: Ah, phase: a } }, { measure: { quantity: V2h, phase: a } }] }]",
  );
  const km = of("profiles[0].channels[0].km");
  assert.deepEqual([km?.fullScale, km?.value], [17_280_000, 1329.231]);
  assert.match(km!.words, /with 1 it is 17280000, more than the 16383 that there are/);
  // 5 A x 80; (120 V x 120) squared.
  assert.equal(of("profiles[0].channels[1].km")?.value, 0.03076923);
  assert.equal(of("profiles[0].channels[2].km")?.value, 15_950.77);
  assert.deepEqual(
    values.filter(({ key }) => key.startsWith("io")).map(({ value }) => value),
    // The factory's outputs: 17.28 MW over 3,600 s.
    [4800, 4800, 4800, 4800],
  );
});

test("three wires have two elements: full scale of 120 V from line to line is 1,200 W", () => {
  const { of } = suggested(
    "primary: { connection: 3 wire delta, nominalVoltage: 120 }\nprofiles: [{ minutes: 60, channels: [{ measure: { quantity: Wh } }] }]",
    "JSII-05I6020-1B/2A-DIO",
  );
  assert.equal(of("profiles[0].channels[0].km")?.fullScale, 1200);
});

test("what has no full scale has no suggestion: frequency, ratios, pulses, and values that are kept as they are", () => {
  const { values } = suggested(
    "io: [{mode: none}, {mode: none}, {mode: none}, {mode: none}, {mode: none}, {mode: none}, {mode: inputPulseCounter}, {mode: none}]\nprofiles: [{ channels: [{ measure: { quantity: Hz, phase: a } }, { measure: { quantity: PF } }, { measure: { quantity: pulses, channel: 7 } }] }, { data: engineering, channels: [{ measure: { quantity: Wh } }] }]",
  );
  assert.deepEqual(values, []);
});

test("days of storage are those of Table 1: an interval of one minute and four channels last 70 days", () => {
  const channel = "{ measure: { quantity: Wh } }";
  const days = (minutes: number, channels: number): number => {
    const many = Array.from({ length: channels }, () => channel).join(", ");
    return suggested(`profiles: [{ minutes: ${minutes}, channels: [${many}] }]`).room[0]!.days;
  };
  // "Est. Days of Storage: 70" of Appendix D; rows of Table 1, within one in a hundred or a day.
  for (const [minutes, channels, printed] of [
    [1, 4, 70],
    [1, 1, 128],
    [1, 16, 25],
    [2, 8, 88],
    [5, 1, 635],
    [5, 16, 125],
  ] as const)
    assert.ok(Math.abs(days(minutes, channels) - printed) <= Math.max(1, printed / 100), `${minutes} ${channels}`);
});

test("a group of the measurement log lasts as long as its values have room", () => {
  const { room } = suggested(
    "measurementLog: [{ interval: 10, channels: [{ measure: { quantity: V, phase: a }, method: average }] }, { interval: cycles, channels: [{ measure: { quantity: V, phase: a }, method: average }, { measure: { quantity: A, phase: a }, method: maximum }] }]",
  );
  const groups = room.filter(({ key }) => key.startsWith("measurementLog"));
  // 1,095 days at most, of 144 records each; 730,000 records of 3 s are 25.35 days.
  assert.deepEqual(
    groups.map(({ records, days }) => [records, days]),
    [
      [157_680, 1095],
      [730_000, 25.34722],
    ],
  );
  assert.match(
    groups[1]!.words,
    /^group 2 of the measurement log, 2 channels, 150 or 180 cycles: has room for 25 days$/,
  );
});

test("the commands say it in words: config check beside the configuration, check beside what would run", async (t) => {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  const configuration = path.join(folder, "jem.yaml");
  writeFileSync(configuration, "profiles: [{ minutes: 15, channels: [{ measure: { quantity: Wh } }] }]\n");
  const checked = await run("config", "check", configuration);
  assert.equal(checked.status, 0, checked.err);
  assert.match(checked.err, /profiles\[0\]\.channels\[0\]\.km: Wh\.import: with a Km of 0\.03461538 full scale/);
  assert.match(checked.err, /profile 1, 1 channel, 15 minutes: has room for \d+ days/);
  assert.doesNotMatch(checked.out, /room for/);
  const site = path.join(folder, "site.yaml");
  writeFileSync(
    site,
    'store: ":memory:"\nmeters:\n  - { name: jem, model: ametek-jemstar-ii, configuration: jem.yaml, source: { synthetic: { volts: 120, amps: 5, steps: true } } }\n  - { name: feeder, model: leviton-s4100, options: { logging: true }, source: { synthetic: { volts: 277, amps: 5, steps: true } }, settings: { systemType: 40 } }\n',
  );
  const looked = await run("check", site);
  assert.equal(looked.status, 0, looked.err);
  assert.match(looked.out, /suggested +jem, profiles\[0\]\.channels\[0\]\.km/);
  assert.match(looked.out, /room +feeder, data log, one set of entries each 15 min: has room for 60 days/);
});
