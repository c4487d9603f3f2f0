/** What is kept of a freeze, and made again. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { registerTypes, type RegisterReading } from "#quantity/register.ts";
import type { Stamp } from "#quantity/stamp.ts";
import type { MeasuredRegister, RegisterSettings } from "#revenue/settings/configuration.ts";
import { MemoryStore } from "#store/store.ts";
import { Freezes } from "./freezes.ts";
import { itemReading, measuredReading } from "./reading.ts";

const stamp: fc.Arbitrary<Stamp> = fc.record(
  {
    utc: fc.integer({ min: 0, max: 4e12 }),
    offsetMinutes: fc.integer({ min: -720, max: 840 }),
    daylightSaving: fc.boolean(),
    synchronised: fc.boolean(),
  },
  { noNullPrototype: true },
);

const maybe = <T>(one: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(one, { nil: undefined });

interface Shown {
  readonly settings: RegisterSettings;
  readonly reading: RegisterReading;
}

const measured: fc.Arbitrary<Shown> = fc
  .record({
    type: fc.constantFrom(...registerTypes.filter((type) => type !== "timeOfPeak")),
    quantity: fc.constantFrom("Wh", "W", "PF", "V" as const),
    digits: fc.integer({ min: 1, max: 9 }),
    decimals: fc.integer({ min: 0, max: 4 }),
    units: fc.constantFrom("units", "kilo", "mega" as const),
    leading: fc.constantFrom("zeros", "blanks" as const),
    value: maybe(fc.double({ min: -1e11, max: 1e11, noNaN: true })),
    at: stamp,
    peakAt: maybe(stamp),
    cut: fc.boolean(),
  })
  .map(({ type, quantity, value, at, peakAt, cut, ...digits }): Shown => {
    const settings: MeasuredRegister = {
      ...digits,
      decimals: Math.min(digits.decimals, digits.digits),
      id: 0,
      label: "one",
      selfRead: false,
      type,
      measure: { quantity, phase: "polyphase", direction: "net", compensated: false },
      tariff: "total",
      storage: "working",
      scaling: "primary",
    };
    // What is shown of a counter that has wrapped is what is left of it.
    const { value: left } = measuredReading(settings, value, at);
    const reading = measuredReading(settings, left, at);
    const valid = cut && reading.valid === "good" ? "questionable" : reading.valid;
    return { settings, reading: { ...reading, ...(peakAt === undefined ? {} : { peakAt }), valid } };
  });

const items: fc.Arbitrary<Shown> = fc.oneof(
  fc
    .record({ type: fc.constantFrom("presentTime", "lastFreeze" as const), time: maybe(stamp), at: stamp })
    .map(({ type, time, at }) => {
      const settings: RegisterSettings = { id: 0, label: "when", selfRead: false, type };
      return { settings, reading: itemReading(settings, { time }, at) };
    }),
  fc.record({ text: fc.string({ unit: "grapheme", maxLength: 60 }), at: stamp }).map(({ text, at }) => {
    const settings: RegisterSettings = { id: 0, label: "what", selfRead: false, type: "idString", number: 1 };
    return { settings, reading: itemReading(settings, { text }, at) };
  }),
  fc.record({ value: fc.integer({ min: 0, max: 0xff_ff_ff }), at: stamp }).map(({ value, at }) => {
    const settings: RegisterSettings = { id: 0, label: "bits", selfRead: false, type: "systemBits" };
    return { settings, reading: itemReading(settings, { value, text: `0x${value.toString(16)}` }, at) };
  }),
);

test("a freeze is read as it was taken, whatever its registers are and showed", () => {
  fc.assert(
    fc.property(stamp, fc.array(fc.oneof(measured, items), { maxLength: 30 }), (at, shown) => {
      const settings = shown.map((one, id) => ({ ...one.settings, id }));
      const registers = shown.map((one, id) => ({ ...one.reading, id }));
      const freezes = new Freezes(
        new MemoryStore().drawer("m"),
        (_name, count, initial) => new Float64Array(count).fill(initial),
        (id) => settings[id],
      );
      freezes.add((sequence) => ({ sequence, at, registers }));
      assert.deepEqual(freezes.page(0, 1), [{ sequence: 0, at, registers }]);
    }),
  );
});

test("what was kept by a process that lost its numbers is counted on from", () => {
  const store = new MemoryStore().drawer("m");
  const made = (): Freezes =>
    new Freezes(
      store,
      (_name, count, initial) => new Float64Array(count).fill(initial),
      () => undefined,
    );
  const at: Stamp = { utc: 0, offsetMinutes: 0, daylightSaving: false, synchronised: true };
  const first = made();
  for (let k = 0; k < 502; k++) first.add((sequence) => ({ sequence, at: { ...at, utc: k }, registers: [] }));
  const again = made();
  assert.deepEqual([again.first, again.next, again.last?.at.utc], [2, 502, 501]);
});
