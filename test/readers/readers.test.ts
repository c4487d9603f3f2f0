/** The readers that people have, as they ask: every request is answered, and every value is the true one. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { modelNamed } from "#model/catalogue.ts";
import type { Setting } from "#quantity/setting.ts";
import { LiveSource, type LiveReading } from "#waveform/live.ts";
import { readRegisters, rig, type Rig } from "../rig.ts";
import { mbmdMeters, type Codec, type Formats, type MbmdMeter } from "./mbmd.ts";
import { sequences } from "./sequences.ts";

/** Different everywhere; phase 3 exports. */
const threePhases: LiveReading = {
  hz: 50.02,
  volts: [230, 231.5, 229],
  lineVolts: [399.6, 398.8, 397.5],
  amps: [5.123, 4, 3],
  watts: [1000, 800, -300],
  vars: [250, -100, 50],
};
const onePhase: LiveReading = { hz: 50.02, volts: [230], amps: [5.123], watts: [1000], vars: [250] };

/** An hour of it. */
function hourOf(face: string, reading: LiveReading, settings: Partial<Record<Setting, number>> = {}): Rig {
  const model = modelNamed(face);
  assert.ok(model !== undefined, face);
  const source = new LiveSource(50);
  source.push(reading);
  const m = rig({ source, model, settings });
  m.run(3600);
  return m;
}

/** Worked out by hand from the reading: the totals are sums, VA is V x A of a phase and the vector sum of all. */
const expected: Readonly<Record<string, number>> = {
  Voltage: (230 + 231.5 + 229) / 3,
  VoltageL1: 230,
  VoltageL2: 231.5,
  VoltageL3: 229,
  Current: 12.123 / 3,
  CurrentL1: 5.123,
  CurrentL2: 4,
  CurrentL3: 3,
  Power: 1500,
  PowerL1: 1000,
  PowerL2: 800,
  PowerL3: -300,
  ReactivePower: 200,
  ReactivePowerL1: 250,
  ReactivePowerL2: -100,
  ReactivePowerL3: 50,
  ApparentPower: Math.hypot(1500, 200),
  ApparentPowerL1: 230 * 5.123,
  ApparentPowerL2: 926,
  ApparentPowerL3: 687,
  Cosphi: 1500 / Math.hypot(1500, 200),
  CosphiL1: 1000 / (230 * 5.123),
  CosphiL2: 800 / 926,
  CosphiL3: -300 / 687,
  PhaseAngle: (Math.atan2(200, 1500) * 180) / Math.PI,
  Frequency: 50.02,
  Import: 1.5,
  ImportL1: 1,
  ImportL2: 0.8,
  ImportL3: 0,
  Export: 0,
  ExportL1: 0,
  ExportL2: 0,
  ExportL3: 0.3,
  Sum: 1.5,
  SumL1: 1,
  SumL2: 0.8,
  SumL3: 0.3,
  ReactiveImport: 0.2,
  ReactiveImportL1: 0.25,
  ReactiveImportL2: 0,
  ReactiveImportL3: 0.05,
  ReactiveExport: 0,
  ReactiveExportL1: 0,
  ReactiveExportL2: 0.1,
  ReactiveExportL3: 0,
  ReactiveSum: 0.2,
  ReactiveSumL1: 0.25,
  ReactiveSumL2: 0.1,
  ReactiveSumL3: 0.05,
  // Somebody who tells readings knows no distortion.
  THD: 0,
  THDL1: 0,
  THDL2: 0,
  THDL3: 0,
};

const expectedOfOne: Readonly<Record<string, number>> = {
  Voltage: 230,
  Current: 5.123,
  Power: 1000,
  ReactivePower: 250,
  ApparentPower: Math.hypot(1000, 250),
  Cosphi: 1000 / Math.hypot(1000, 250),
  PhaseAngle: (Math.atan2(250, 1000) * 180) / Math.PI,
  Frequency: 50.02,
  Import: 1,
  Export: 0,
  ReactiveImport: 0.25,
  ReactiveExport: 0,
  Sum: 1,
  ReactiveSum: 0.25,
};

const words: Readonly<Record<Codec, number>> = {
  f32: 2,
  "f32 low first": 2,
  "s32 low first": 2,
  u32: 2,
  s32: 2,
  u16: 1,
  s16: 1,
  u64: 4,
  s64: 4,
};

function decoded(hex: string, codec: Codec): number {
  const bytes = Buffer.from(hex, "hex");
  if (codec.endsWith("low first")) {
    const turned = Buffer.concat([bytes.subarray(2), bytes.subarray(0, 2)]);
    return codec.startsWith("f32") ? turned.readFloatBE() : turned.readInt32BE();
  }
  switch (codec) {
    case "u16":
      return bytes.readUInt16BE();
    case "s16":
      return bytes.readInt16BE();
    case "u32":
      return bytes.readUInt32BE();
    case "s32":
      return bytes.readInt32BE();
    case "u64":
      return Number(bytes.readBigUInt64BE());
    case "s64":
      return Number(bytes.readBigInt64BE());
    default:
      return bytes.readFloatBE();
  }
}

function kindOf(name: string): keyof Formats {
  if (name.startsWith("Voltage")) return "V";
  if (name.startsWith("Current")) return "A";
  if (/^(Apparent|Reactive)?Power/.test(name)) return "W";
  if (/^(Cosphi|PhaseAngle|THD)/.test(name)) return "PF";
  return name === "Frequency" ? "Hz" : "kWh";
}

function readAll({ face, fn, formats, opcodes }: MbmdMeter, values: Readonly<Record<string, number>>, m: Rig): void {
  for (const [name = "", address = ""] of opcodes.flatMap((line) => line.split(" ")).map((one) => one.split(":"))) {
    const [codec, by] = formats[kindOf(name)];
    const hex = readRegisters(m, fn, Number.parseInt(address, 16), words[codec]);
    assert.match(hex, /^[0-9a-f]+$/, `${face} ${name} at 0x${address}: ${hex}`);
    const value = decoded(hex, codec) / by;
    const wanted = values[name];
    assert.ok(wanted !== undefined, `what ${name} is, is said`);
    // Half a digit of an integer register; whole counts of an energy.
    const digit = codec === "f32" ? 1e-4 * Math.max(1, Math.abs(wanted)) : (kindOf(name) === "kWh" ? 1 : 0.5001) / by;
    assert.ok(Math.abs(value - wanted) <= digit, `${face} ${name} at 0x${address}: ${value}, not ${wanted}`);
  }
}

for (const meter of mbmdMeters) {
  const single = /SDM(120|230)/.test(meter.type);
  test(`mbmd's ${meter.type} reads every value of ${meter.face}`, () => {
    readAll(meter, single ? expectedOfOne : expected, hourOf(meter.face, single ? onePhase : threePhases));
  });
}

for (const { reader, source, face, asks } of sequences) {
  test(`${reader} gets an answer from ${face} to all that it asks (${source})`, () => {
    const m = hourOf(face, /SDM230|SDM120|EM112/.test(reader) ? onePhase : threePhases);
    for (const { fn, first, count, answer } of asks) {
      const hex = readRegisters(m, fn, first, count);
      assert.equal(hex.length, 4 * count, `${fn} ${first} x ${count}: ${hex}`);
      if (answer !== undefined) assert.equal(hex, answer, `${fn} ${first} x ${count}`);
    }
  });
}

test("a GEN24's own recording of its meter comes back from the face, word by word", () => {
  // 2023-02-28 17:14:21 of TS65A3/20230228_record.txt; the phases' vars follow from its VA and W, signs as recorded.
  const m = hourOf("fronius-ts-rtu", {
    hz: 49.9,
    volts: [237, 237.8, 238],
    lineVolts: [409.1, 414.2, 411.1],
    amps: [1.157, 0.417, 0.753],
    watts: [207.2, -79.4, -125.5],
    vars: [-21.9, -6.7, -124.4],
  });
  const phase1 = readRegisters(m, 3, 286, 14);
  // Volts, amps, watts and vars as recorded: 4091, 2370, 1157, 2072, (S), 65317 = -219.
  assert.equal(phase1.slice(0, 32), "0ffb" + "0000" + "0942" + "0000" + "0485" + "0000" + "0818" + "0000");
  assert.equal(phase1.slice(40, 48), "ff25ffff");
  // The second phase exports: its current has the sign of its power, 65119 = -417 mA, 64742 = -794 dW.
  assert.equal(readRegisters(m, 3, 304, 4), "fe5fffff" + "fce6ffff");
  // 2.3 W of 153 var: the power factor is of the vector sum.
  assert.equal(readRegisters(m, 3, 262, 2), "00170000");
  assert.equal(readRegisters(m, 3, 268, 2), "000f0000");
  assert.equal(readRegisters(m, 3, 272, 2), "01f30000");
});

test("a GEN24 finds whole kilowatt-hours in one register and the watt-hours that are left in the next", () => {
  const m = hourOf("fronius-ts-rtu", threePhases);
  // 1500 Wh, 200 varh.
  assert.equal(readRegisters(m, 3, 1024, 4), "00010000" + "01f40000");
  assert.equal(readRegisters(m, 3, 1028, 4), "00000000" + "00c80000");
});

test("a GEN24 sees by a current's sign that its power flows back", () => {
  const m = hourOf("fronius-ts-rtu", threePhases);
  // 4.000 A, and 3.000 A at -300 W.
  assert.equal(readRegisters(m, 3, 304, 2), "0fa00000");
  assert.equal(readRegisters(m, 3, 318, 2), "f448ffff");
});

test("SolarEdge sees floats with the lower word first, and currents that flow back as negative ones", () => {
  const m = hourOf("wattnode-wnc", threePhases);
  // 1500.0 is 44BB8000, -3.0 is C0400000, 1.5 kWh is 3FC00000.
  assert.equal(readRegisters(m, 3, 1008, 2), "800044bb");
  assert.equal(readRegisters(m, 3, 1166, 2), "0000c040");
  assert.equal(readRegisters(m, 3, 1002, 2), "00003fc0");
  assert.equal(m.write(1608, 0), 0, "the averaging that an inverter sets");
});
