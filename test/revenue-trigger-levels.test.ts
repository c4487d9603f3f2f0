/** Levels of the voltage triggers of a JEMStar II: volts, or percents of the nominal voltage, which the factory's follow. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { FileError } from "#product/file-error.ts";
import { ratingsOf } from "#product/jemstar/ratings.ts";
import { withLevels } from "#revenue/settings/trigger-levels.ts";
import { SyntheticSamples } from "#waveform/synthetic.ts";
import { Network } from "#waveform/network.ts";
import { parseModelNumber, parseRevenueFile, revenueRig } from "./revenue-rig.ts";

const parse = (text: string, form = "09") =>
  parseRevenueFile("file", text, parseModelNumber(`JSII-${form}I6020-2A-DIO-PQ2`));

/** id, quantity, alarm and reset of the triggers on volts. */
function levels(text: string): unknown[] {
  const { triggers, primary } = parse(text);
  return triggers
    .map((one) => withLevels(one, primary))
    .filter(({ measure }) => measure?.quantity.startsWith("V") === true)
    .map(({ id, measure, alarm, reset }) => [id, measure?.quantity, alarm, reset]);
}

function problems(text: string, form?: string): string {
  try {
    parse(text, form);
    return "";
  } catch (error) {
    assert.ok(error instanceof FileError);
    return error.problems.join("\n");
  }
}

test("the factory's triggers are those of the manual: 90 / 2.22, 110 / 1.82, 50 / 2 and 5 / 50 percent of 120 V", () => {
  // Section Triggered Recording, the tool above the table of triggers: threshold, then the alarm's hysteresis.
  const tool = [
    [1, 90, 1 + 0.0222],
    [2, 110, 1 - 0.0182],
    [3, 50, 1 + 0.02],
    [11, 5, 0.5],
  ] as const;
  const found = new Map(levels("").map((row) => [(row as number[])[0], row as [number, string, number, number]]));
  for (const [id, percent, reset] of tool) {
    const [, , alarm, back] = found.get(id)!;
    assert.equal(alarm, (percent * 120) / 100);
    assert.equal(back, Number((alarm * reset).toFixed(1)));
  }
});

test("of another nominal voltage they are at the same percents, and follow pqVoltage", () => {
  assert.deepEqual(levels("primary: { nominalVoltage: 230 }"), [
    [1, "V", 207, 211.6],
    [2, "V", 253, 248.4],
    [3, "V", 115, 117.3],
    [4, "V", 115, 115.345],
    [5, "V", 115, 115.345],
    [6, "V", 115, 115.345],
    [11, "V", 11.5, 5.75],
    // 10 V of 120 V are 8.3333 %; a transient has no level at which it ends.
    [12, "V", 19.167, undefined],
  ]);
  // 400 V between lines; the phases are lost below half of 230.94 V to neutral.
  assert.deepEqual(
    levels("primary: { nominalVoltage: 400, pqVoltage: ll }").map((row) => (row as unknown[]).slice(0, 3)),
    [
      [1, "V.ll", 360],
      [2, "V.ll", 440],
      [3, "V.ll", 200],
      [4, "V", 115.47],
      [5, "V", 115.47],
      [6, "V", 115.47],
      [11, "V.ll", 20],
      [12, "V.ll", 33.333],
    ],
  );
});

test("a file says volts or percents, however these are spaced; what is no volts has none", () => {
  const of = (alarm: string, reset: string, quantity = "V"): string =>
    `{ primary: { nominalVoltage: 69.3 }, triggers: [{ id: 5, measure: { quantity: ${quantity} }, phase: any, operator: "<", alarm: ${alarm}, reset: ${reset} }] }`;
  assert.deepEqual(levels(of("85%", "87.5 %")), [[5, "V", 58.905, 60.638]]);
  assert.deepEqual(levels(of("58.905", "60.638")), levels(of("85 %", "87.5 %")));
  assert.deepEqual(parse(of("85%", "90  %")).triggers[0]?.alarm, "85 %");
  assert.match(
    problems(of("85 %", "87 %", "A")),
    /triggers\[0\]: a percent of the nominal voltage is of V or V\.ll only/,
  );
  assert.match(problems(of("85 volts", "87 %")), /triggers\[0\]\.alarm/);
  // A sag that ends below where it begins would begin again at once.
  assert.match(
    problems(of("85 %", "84 %")),
    /triggers\[0\]\.reset: expected at least the alarm, 58\.905; found 58\.212/,
  );
  assert.match(problems(of("10", "11").replace('"<"', '">"')), /reset: expected at most the alarm, 10; found 11/);
});

test("nominal volts are to 300 to neutral, to 520 between lines, and full-scale watts are of those to neutral", () => {
  assert.match(problems("primary: { nominalVoltage: 400 }"), /at most 300 to neutral/);
  assert.equal(problems("primary: { nominalVoltage: 480 }", "05"), "");
  assert.match(problems("primary: { nominalVoltage: 521, pqVoltage: ll }"), /520/);
  const { primary } = parse("primary: { nominalVoltage: 400, pqVoltage: ll }");
  // Three elements of 400 / sqrt(3) V and 5 A.
  assert.ok(Math.abs(ratingsOf(primary)!.fullScaleWatts - (3 * 400 * 5) / Math.sqrt(3)) < 1e-6);
});

test("a wye of 208 V between lines that power quality is measured of is no swell, and a dip of a phase is a sag", () => {
  const { triggers, primary } = parse("primary: { nominalVoltage: 208, pqVoltage: ll }");
  const source = new SyntheticSamples(
    new Network({
      hz: 60,
      volts: [120, 120, 120],
      amps: [5, 5, 5],
      angles: [0, -120, 120],
      lag: [0, 0, 0],
      harmonics: { volts: [], amps: [] },
      noise: 0,
      load: [],
      events: [{ at: 4, for: 1, phases: [0], volts: 0.5, amps: 1, hz: 0 }],
      seed: 1,
    }),
    { perCycle: 128 },
  );
  const rig = revenueRig({ triggers, primary }, undefined, { source });
  rig.run(3.5 / 60);
  assert.deepEqual(rig.meter.periphery.triggers.active(), []);
  rig.run(1 / 60);
  // 120 V from 60 V at 120 degrees: the root of 0.25 + 1 + 0.5 is 1.3229.
  const [sag, ...others] = rig.meter.periphery.triggers.active();
  assert.deepEqual([sag?.id, sag?.level], [1, "< 187.2"]);
  // What began it was a rapid change, too: by more than 5 % of 208 V.
  assert.deepEqual(
    others.map(({ id, level }) => [id, level]),
    [[11, "a change of more than 10.4"]],
  );
  assert.ok(Math.abs(sag!.value - 158.745) < 0.01, `${sag!.value} V`);
  rig.run(2 / 60);
  const [entry] = rig.meter.log.entries("sagSwell");
  // The volts that it is of: those between lines.
  assert.deepEqual(
    Object.keys(entry!.details).filter((name) => name.startsWith("V")),
    ["V.ab", "V.bc", "V.ca"],
  );
  assert.match(String(entry!.details["V.ab"]), /^158\.7\d /);
});
