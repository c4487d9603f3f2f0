/** A JEMStar whose site is started again: nothing is measured of the time in which it did not run, whatever its files say then. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { deviceOf } from "#product/jemstar/product.ts";
import { parseMeasure } from "#quantity/measure-name.ts";
import { MemoryStore } from "#store/store.ts";
import { jemStar, MID, PLAIN } from "./authority-rig.ts";
import { modbusUnitOf } from "./devices.ts";

/** 10 A at 120 V and a power factor of 0.8 in three phases. */
const KW = (3 * 120 * 10 * 0.8) / 1000;
const HOUR = 3_600_000;
const start = Date.UTC(2026, 0, 1);
const at = (hours: number): string => new Date(start + hours * HOUR).toISOString();

for (const [what, configuration] of [
  ["that is the same", ""],
  ["that means something else", "display: { scrollSeconds: 9 }"],
  ["with another billing day", "timekeeping: { billingReset: { every: week, day: 1 } }"],
] as const) {
  test(`an hour and days without a process count nothing when it is started again with a file ${what}`, (t) => {
    const store = new MemoryStore().drawer("jem");
    const before = jemStar(t, { store });
    before.run(30);
    before.jem.stop();
    for (const hours of [2, 100]) {
      const after = jemStar(t, { store, configuration, utc: start + hours * HOUR });
      const begun = hours === 2 ? 0.5 : 1;
      assert.ok(Math.abs(after.value(2) - begun * KW) < 1e-9, `${after.value(2)} kWh`);
      after.run(30);
      after.jem.stop();
      assert.ok(Math.abs(after.value(2) - (begun + 0.5) * KW) < 1e-9, `${after.value(2)} kWh half an hour later`);
      const records = after.jem.meter.profiles[0]!.series.page(0, Infinity);
      const outage = records.findLast(({ type }) => type === "powerFail")!;
      assert.equal(new Date(outage.end.utc).toISOString(), at(hours === 2 ? 0.5 : 2.5));
      assert.equal(new Date(outage.until.utc).toISOString(), at(hours));
      assert.ok(records.every(({ start, end }) => end.utc - start.utc <= 900_000));
      assert.equal(after.log("powerOutage").length, hours === 2 ? 1 : 2);
    }
  });
}

test("a clock that somebody had set back is the site's again after a start with another file, and counts nothing of that", (t) => {
  const store = new MemoryStore().drawer("jem");
  const before = jemStar(t, { store });
  before.run(30);
  assert.equal(before.tell({ command: "setTime", utc: "2025-02-01T00:00:00Z" }), "done");
  before.run(30);
  before.jem.stop();
  const after = jemStar(t, { store, configuration: "identification: { strings: [another] }", utc: start + 2 * HOUR });
  after.run(1);
  assert.ok(Math.abs(after.value(2) - (61 / 60) * KW) < 1e-9, `${after.value(2)} kWh`);
  assert.equal(after.jem.meter.utc, start + 2 * HOUR + 60_000);
});

test("what was due without a process is done by the configuration of then, before another one counts", (t) => {
  const store = new MemoryStore().drawer("jem");
  const daily = "timekeeping: { billingReset: { every: day } }";
  const before = jemStar(t, { store, configuration: daily });
  before.run(60);
  before.jem.stop();
  const after = jemStar(t, { store, utc: start + 30 * HOUR });
  assert.deepEqual(after.log("billingReset"), ["automatic: billing period reset"]);
});

test("the seals of a MID meter stay when its site file gives it a model number without that option", (t) => {
  const store = new MemoryStore().drawer("jem");
  const sealed = jemStar(t, { store, modelNumber: MID });
  sealed.run(1);
  sealed.jem.stop();
  const { jem, tell } = jemStar(t, { store, modelNumber: PLAIN, configuration: "primary: { pt: 2 }" });
  assert.equal(tell({ command: "key", key: "metering", installed: false }), "mid");
  assert.equal(tell({ command: "preset", register: 2, value: 5 }), "mid");
  assert.equal(jem.file.primary.pt, 1);
  assert.match(jem.notices.join("\n"), /seals stay/);
});

test("a reader's mark of a profile that is erased begins at its beginning, and stays where the profile does", (t) => {
  const store = new MemoryStore().drawer("jem");
  const { jem, run, configure } = jemStar(t, { store });
  run(60);
  const { series } = jem.meter.profiles[0]!;
  jem.marks.mark("billing", "profile 1", series.next);
  jem.marks.mark("billing", "log event", 3);
  assert.equal(
    configure((file) => (file.display = { ...file.display, scrollSeconds: 9 })),
    "done",
  );
  assert.equal(jem.marks.mark("billing", "profile 1"), 4);
  assert.equal(
    configure((file) => (file.primary = { ...file.primary, pt: 2 })),
    "done",
  );
  jem.stop();
  const again = jemStar(t, { store });
  assert.deepEqual(
    ["profile 1", "log event"].map((name) => again.jem.marks.mark("billing", name)),
    [0, 3],
  );
});

test("what was measured last is there until there is something newer, whatever is applied; at a start nothing is known", (t) => {
  const { jem, run, configure } = jemStar(t, {
    configuration:
      "registers: { normal: [{ id: 9, label: V, type: instantaneous, measure: { quantity: V, phase: a } }] }",
  });
  const { surface } = deviceOf(jem);
  const volts = () => [surface.read(parseMeasure("V.a")!, "secondary").value, surface.register(9)?.value];
  assert.deepEqual(volts(), [undefined, undefined]);
  run(1);
  assert.deepEqual(volts(), [120, 120]);
  assert.equal(
    configure((file) => (file.display = { ...file.display, scrollSeconds: 9 })),
    "done",
  );
  assert.deepEqual(volts(), [120, 120]);
  assert.equal(
    configure((file) => (file.primary = { ...file.primary, pt: 2 })),
    "done",
  );
  assert.deepEqual(volts(), [120, 240]);
});

test("a process that ends in test mode gives no pulses of what the optical port followed there", (t) => {
  const store = new MemoryStore().drawer("jem");
  const configuration = `testPulses: { led: Wh, optical: Wh, kt: 1 }
registers: { normal: [{ id: 2, label: kWh, type: consumption, measure: { quantity: Wh } }],
  test: [{ id: 200, label: varh, type: consumption, measure: { quantity: varh, direction: delivered } }] }`;
  const before = jemStar(t, { store, configuration });
  const pulses = ({ jem }: typeof before) => jem.meter.periphery.testPulses.optical.count;
  before.run(60);
  // 2,880 Wh at 1 Wh a pulse, then 36 varh of a minute.
  assert.equal(pulses(before), 2880);
  assert.equal(before.tell({ command: "enterTestMode", register: 200 }), "done");
  before.run(1);
  assert.equal(pulses(before), 2916);
  const after = jemStar(t, { store, configuration, utc: start + 2 * HOUR });
  assert.equal(pulses(after), 2916);
  after.run(1);
  assert.equal(pulses(after), 2916 + 48);
});

test("over Modbus a register is as it was worked off last, like everywhere: looking moves nothing", (t) => {
  const { jem, clock } = jemStar(t, {
    configuration: `registers: { normal: [{ id: 1, label: Wh, type: consumption, units: units, measure: { quantity: Wh } }] }
modbus: { counters: [{ register: 1, scaling: 1000 }] }`,
  });
  const unit = modbusUnitOf(jem);
  const out = new Uint8Array(4);
  const read = () => (unit.read(0, 2, out, 0) === 0 ? new DataView(out.buffer).getUint32(0) : undefined);
  assert.equal(read(), 0);
  clock.advance(400);
  assert.equal(read(), 0);
  // 2,880 W for 0.4 s are 320 mWh.
  jem.catchUp();
  assert.ok(Math.abs((read() ?? NaN) - 320) <= 1, `${read()} mWh`);
});
