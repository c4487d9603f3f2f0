/** Measures that every meter has whatever it is set up to show: energies over DLMS, angles of fundamentals, squares of volts and amps. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { deviceOf } from "#product/jemstar/product.ts";
import { parseMeasure } from "#quantity/measure-name.ts";
import { MemoryStore, type MeterStore } from "#store/store.ts";
import { jemStar, type JemStarRig } from "./authority-rig.ts";
import { DLMS_MODEL, UNEQUAL } from "./dlms-meter.ts";

const W = 118 * 4 * 0.8 + 121 * 5 * 0.6 + 124 * 6;
const modelNumber = DLMS_MODEL;

function read({ jem }: JemStarRig, name: string): number | undefined {
  const measure = parseMeasure(name);
  assert.ok(measure !== undefined, name);
  return deviceOf(jem).surface.read(measure, "primary").value;
}

const close = (found: number | undefined, expected: number, what: string): void =>
  assert.ok(
    found !== undefined && Math.abs(found - expected) < 1e-6 * Math.max(1, Math.abs(expected)),
    `${what}: ${found}, expected ${expected}`,
  );

test("energies go on over a restart, rest in test mode, and begin anew with the display's registers", (t) => {
  const store: MeterStore = new MemoryStore().drawer("jem");
  const before = jemStar(t, { store, modelNumber, source: UNEQUAL });
  before.run(30);
  before.jem.stop();
  const after = jemStar(t, { store, modelNumber, source: UNEQUAL, utc: Date.UTC(2026, 0, 1, 0, 30) });
  close(read(after, "Wh.import"), W / 2, "after a restart");
  after.run(30);
  close(read(after, "Wh.import"), W, "half an hour later");
  after.tell({ command: "enterTestMode" });
  after.run(10);
  after.tell({ command: "leaveTestMode" });
  close(read(after, "Wh.import"), W, "after test mode");
  after.run(6);
  close(read(after, "Wh.c.import"), (124 * 6 * 66) / 60, "phase c goes on");
  after.configure((file) => (file.identification.strings[0] = "another"));
  close(read(after, "Wh.import"), (W * 66) / 60, "with another name");
  assert.equal(
    after.configure((file) => void (file.registers.normal[0]!.label = "another")),
    "done",
  );
  assert.equal(read(after, "Wh.import"), 0);
  after.run(6);
  close(read(after, "Wh.import"), W / 10, "begun anew");
});

test("without DLMS a meter counts no energies but those that it is set up to show", (t) => {
  const rig = jemStar(t);
  rig.run(30);
  assert.equal(read(rig, "Wh.import"), undefined);
});

test("angles are told from the volts of phase A; what is not there has none", (t) => {
  const rig = jemStar(t, { source: "volts: [120, 0, 120], amps: [5, 5, 0], pf: 0.5" });
  assert.equal(read(rig, "deg.V.a"), undefined, "before anything was measured");
  rig.run(1);
  close(read(rig, "deg.V.a"), 0, "V.a");
  assert.equal(read(rig, "deg.V.b"), undefined);
  close(read(rig, "deg.V.c"), 120, "V.c");
  close(read(rig, "deg.A.a"), -60, "A.a");
  assert.equal(read(rig, "deg.A.c"), undefined, "no current flows");
});

test("of a delta the angles are those of ab and bc, and of its two currents", (t) => {
  const configuration = "primary: { connection: 3 wire delta }";
  const rig = jemStar(t, { modelNumber: "JSII-05I6020-2A", source: "volts: 120, amps: 5", configuration });
  rig.run(1);
  close(read(rig, "deg.V.ab"), 0, "ab");
  // bc is 120 degrees behind ab; the current of phase A is 30 behind ab, that of C 30 ahead of cb, which is 60 ahead of ab.
  close(read(rig, "deg.V.bc"), -120, "bc");
  close(read(rig, "deg.A.a"), -30, "A.a");
  close(read(rig, "deg.A.c"), 90, "A.c");
  // The three close the triangle: ca is as far ahead.
  close(read(rig, "deg.V.ca"), 120, "ca");
  assert.equal(read(rig, "deg.A.b"), undefined);
});

test("a leading current is ahead", (t) => {
  const rig = jemStar(t, { source: "volts: 120, amps: 5, pf: 0.8, leading: true" });
  rig.run(1);
  close(read(rig, "deg.A.a"), (Math.acos(0.8) * 180) / Math.PI, "A.a");
  close(read(rig, "deg.A.b"), (Math.acos(0.8) * 180) / Math.PI - 120, "A.b");
});

test("squares of volts from line to line by phase and on average, of the amps of the neutral", (t) => {
  const rig = jemStar(t, { source: "volts: [100, 120, 140], amps: [3, 4, 0]" });
  rig.run(1);
  const square = (x: number, y: number): number => x * x + y * y + x * y;
  close(read(rig, "V2.ab"), square(100, 120), "ab");
  close(read(rig, "V2.bc"), square(120, 140), "bc");
  close(read(rig, "V2.ca"), square(140, 100), "ca");
  close(read(rig, "V2.ll"), (square(100, 120) + square(120, 140) + square(140, 100)) / 3, "average");
  // 3 A at 0 and 4 A at -120 degrees: 9 + 16 - 12.
  close(read(rig, "A2.n"), 13, "neutral");
  close(read(rig, "A.n"), Math.sqrt(13), "neutral");
});

test("words of bits and contacts read as what they are", (t) => {
  const rig = jemStar(t);
  rig.run(1);
  assert.equal(read(rig, "closed.7"), 0);
  rig.tell({ command: "input", channel: 7, closed: true });
  rig.run(1);
  assert.equal(read(rig, "closed.7"), 1);
  assert.equal(read(rig, "closed.1"), undefined, "an output is no input");
  assert.equal(read(rig, "systemBits"), deviceOf(rig.jem).surface.status().systemBits);
});
