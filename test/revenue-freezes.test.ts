/** Freezes that are kept: the last 500, whole, by number and by instant, through outages, restarts and configurations. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Freeze } from "#quantity/meter-surface.ts";
import { deviceOf } from "#product/jemstar/product.ts";
import { itemTypes } from "#quantity/register.ts";
import { FREEZES } from "#revenue/registers/freezes.ts";
import { MemoryStore } from "#store/store.ts";
import { jemStar } from "./authority-rig.ts";
import { eastern, measure, plain, register, revenueRig } from "./revenue-rig.ts";
import { share } from "./share.ts";

const normal = (...list: readonly ReturnType<typeof register>[]) => ({
  registers: { normal: list, alternate: [], test: [] },
});

const utc = (text: string): number => Date.parse(text);

/** A register of every kind that there is, and of every way that values are kept. */
const everything = {
  registers: {
    normal: [
      register(0, { digits: 5, decimals: 1 }),
      register(1, { units: "kilo", digits: 2, decimals: 1, leading: "zeros" }),
      register(2, { measure: measure("Wh", "net"), digits: 3 }),
      register(3, { type: "peakDemand", measure: measure("W") }),
      register(4, { type: "timeOfPeak", measure: measure("W"), of: 3 }),
      register(5, { type: "coincidentPowerFactor", measure: measure("W"), of: 3, digits: 4, decimals: 3 }),
      register(6, { type: "averagePowerFactor", measure: measure("W"), digits: 4, decimals: 3 }),
      register(7, { storage: "billingReset" }),
      register(8, { storage: "previousHour" }),
      register(9, { storage: "cumulative", type: "peakDemand", measure: measure("W") }),
      register(10, { type: "minimum", measure: measure("W"), storage: "previousDay" }),
      register(11, { type: "instantaneous", measure: measure("Hz"), digits: 4, decimals: 2 }),
      register(12, { type: "timeOfPeak", measure: measure("W"), of: 3, storage: "billingReset" }),
    ],
    alternate: itemTypes.map((type, k) => ({ id: 100 + k, label: type, selfRead: false, type, number: 1 })),
    test: [register(200)],
  },
  identification: { strings: ["JemStar II, Zähler 7"] },
};

test("a freeze is every normal and alternate register as it was, whatever kind it is", () => {
  const rig = revenueRig(everything, (minute) => ({ w: 36_000 - 700 * minute, q: 1200 }));
  rig.run(75);
  rig.meter.billing.reset("reader");
  rig.run(35.5);
  const then = rig.meter.registers.readings();
  rig.meter.billing.freeze("reader");
  rig.run(30);
  const { freezes } = rig.meter.registers;
  assert.deepEqual([freezes.first, freezes.next, freezes.capacity], [0, 1, 500]);
  const [one] = freezes.page(0, 10);
  assert.equal(one?.at.utc, utc("2026-01-01T01:50:30Z"));
  assert.deepEqual(one?.registers, then);
  assert.equal(one?.registers.length, 13 + itemTypes.length);
  assert.deepEqual(rig.meter.registers.frozen, then);
});

test("five hundred freezes are kept by their numbers, and found by their instants", () => {
  const rig = revenueRig(normal(register(1)));
  for (let k = 0; k < FREEZES + 3; k++) {
    rig.run(1);
    rig.meter.billing.freeze("reader");
  }
  const { freezes } = rig.meter.registers;
  assert.deepEqual([freezes.first, freezes.next], [3, 503]);
  assert.deepEqual(
    freezes.page(0, 2).map(({ sequence, registers }) => [sequence, registers[0]?.value]),
    [
      [3, 240],
      [4, 300],
    ],
    "60 Wh a minute, the fourth after four minutes",
  );
  assert.equal(freezes.seek(utc("2026-01-01T01:00:00Z")), 59);
  assert.deepEqual(freezes.between(utc("2026-01-01T00:10:00Z"), utc("2026-01-01T00:12:00Z")), [{ first: 9, next: 12 }]);
});

test("a clock that was set back has freezes of an hour twice", () => {
  const rig = revenueRig(normal(register(1)));
  rig.run(60);
  rig.meter.billing.freeze("reader");
  rig.meter.setTime(utc("2026-01-01T00:30:00Z"), "reader");
  rig.run(15);
  rig.meter.billing.freeze("reader");
  rig.run(30);
  rig.meter.billing.freeze("reader");
  const { freezes } = rig.meter.registers;
  assert.deepEqual(
    freezes.page(0, 9).map(({ at, registers }) => [new Date(at.utc).toISOString().slice(11, 16), registers[0]?.value]),
    [
      ["01:00", 3600],
      ["00:45", 4500],
      ["01:15", 6300],
    ],
  );
  assert.deepEqual(freezes.between(utc("2026-01-01T00:40:00Z"), utc("2026-01-01T01:05:00Z")), [
    { first: 0, next: 1 },
    { first: 1, next: 2 },
  ]);
});

test("midnight comes once on days of 23 and of 25 hours", () => {
  const timekeeping = {
    ...plain.timekeeping,
    utcOffsetMinutes: -300,
    daylightSaving: eastern,
    freeze: { every: "day", minute: 0, day: 0 },
  } as const;
  const at = (from: string): readonly string[] => {
    const rig = revenueRig({ ...normal(register(1)), timekeeping }, undefined, { utc: from });
    rig.run(3 * 1440);
    return rig.meter.registers.freezes
      .page(0, 9)
      .map(({ at: stamp, registers }) => `${new Date(stamp.utc).toISOString()} ${registers[0]?.value}`);
  };
  assert.deepEqual(at("2026-03-07T17:00:00Z"), [
    "2026-03-08T05:00:00.000Z 43200",
    "2026-03-09T04:00:00.000Z 126000",
    "2026-03-10T04:00:00.000Z 212400",
  ]);
  assert.deepEqual(at("2026-10-31T16:00:00Z"), [
    "2026-11-01T04:00:00.000Z 43200",
    "2026-11-02T05:00:00.000Z 133200",
    "2026-11-03T05:00:00.000Z 219600",
  ]);
});

test("freezes outlast outages and the next process, and test mode freezes what it leaves alone", () => {
  const store = new MemoryStore().drawer("meter");
  const rig = revenueRig(normal(register(1)), undefined, { store });
  rig.run(10);
  rig.meter.billing.freeze("reader");
  rig.meter.testMode.enter({ by: "reader" }, {});
  rig.run(10);
  rig.meter.billing.freeze("reader");
  rig.meter.testMode.leave({ by: "reader" });
  rig.fail(true);
  rig.run(5);
  rig.fail(false);
  rig.run(1);
  rig.meter.settle();
  const again = revenueRig(normal(register(1)), undefined, { store, utc: "2026-01-01T01:00:00Z" });
  const freezes = again.meter.registers.freezes.page(0, 9);
  assert.deepEqual(freezes, rig.meter.registers.freezes.page(0, 9));
  assert.deepEqual(
    freezes.map(({ registers }) => registers[0]?.value),
    [600, 600],
  );
  again.meter.billing.freeze("reader");
  assert.equal(again.meter.registers.freezes.next, 3);
});

test("the freeze of an earlier version is the first, and is kept once", () => {
  const store = new MemoryStore().drawer("meter");
  store.put("frozen", new TextEncoder().encode('[{"id":1,"label":"kWh","value":72.25,"text":"72.250"}]'));
  const setup = normal(register(1, { units: "kilo", decimals: 3 }));
  const rig = revenueRig(setup, undefined, { store });
  rig.run(5);
  rig.meter.settle();
  const again = revenueRig(setup, undefined, { store, utc: "2026-01-01T00:05:00Z" });
  const { freezes } = again.meter.registers;
  assert.equal(freezes.next, 1);
  const [one] = freezes.page(0, 1)[0]?.registers ?? [];
  assert.deepEqual([one?.text, one?.value, one?.counts, one?.valid], ["72.250", 72.25, 72_250n, "questionable"]);
  assert.equal(store.get("frozen"), undefined);
});

test("a configuration that changes nothing erases no freeze; other registers, and a cold start, begin anew", (t) => {
  const rig = jemStar(t, {});
  const { surface } = deviceOf(rig.jem);
  const kept = (): readonly Freeze[] => surface.freezes.page(0, 99);
  const user = rig.as("admin");
  for (let k = 0; k < 3; k++) {
    rig.run(10);
    assert.equal(rig.tell({ command: "freeze" }, user), "done");
  }
  const before = kept();
  assert.equal(before.length, 3);
  assert.equal(
    rig.configure(() => {}),
    "done",
  );
  assert.deepEqual(kept(), before);
  assert.equal(
    rig.configure((file) => void (file.display.scrollSeconds = 11)),
    "done",
  );
  assert.deepEqual(kept(), before);
  assert.equal(
    rig.configure((file) => void (file.registers.alternate = file.registers.alternate.slice(0, 5))),
    "done",
  );
  assert.deepEqual(kept(), []);
  rig.run(1);
  rig.tell({ command: "freeze" });
  assert.equal(surface.freezes.next, 1);
  rig.tell({ command: "coldStart" });
  assert.deepEqual(kept(), []);
});

test("a hundred registers of energy take 1.3 KB a freeze", () => {
  const list = (from: number) => Array.from({ length: 50 }, (_, k) => register(from + k));
  const rig = revenueRig({ registers: { normal: list(0), alternate: list(100), test: [] } });
  rig.run(10);
  rig.meter.billing.freeze("reader");
  // A head of 18 bytes; of each register its number, what there is of it, and its value.
  assert.equal(rig.store.get("freeze/0")?.length, 18 + 100 * 12);
});

test("whatever has become of its bytes, a freeze is there or left out", () => {
  const rig = revenueRig(everything);
  rig.run(30);
  rig.meter.billing.freeze("reader");
  const bytes = rig.store.get("freeze/0") as Uint8Array;
  const change = fc.record({ at: fc.nat(bytes.length - 1), to: fc.nat(255), length: fc.nat(bytes.length) });
  fc.assert(
    fc.property(change, ({ at, to, length }) => {
      const damaged = bytes.slice();
      damaged[at] = to;
      rig.store.put("freeze/0", damaged.subarray(0, length));
      const page = rig.meter.registers.freezes.page(0, 1);
      assert.ok(page.length === 0 || Number.isFinite(page[0]?.at.utc));
    }),
    { numRuns: share(500, 5000, 50_000) },
  );
});
