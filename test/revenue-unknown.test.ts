/** What a JEMStar makes of inputs that are not known all the time: averages are of what was known, and of nothing there is none. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { factoryTriggers } from "#product/jemstar/factory.ts";
import type { Measure } from "#quantity/measure.ts";
import { profileStatus } from "#quantity/profile.ts";
import { columnsOf, sumOf } from "#revenue/measuring/columns.ts";
import { FormulaSource, steady, type FormulaOptions, type Signal } from "./formula-source.ts";
import { channel, measure, MemoryStore, plain, register, revenueRig } from "./revenue-rig.ts";

const RATE = 7680;
const VOLTS = 120;
const AMPS = 5;

/** 120 V and 5 A a phase, the current 30 degrees behind. */
const signal: Signal = [0, 1, 2, 3, 4, 5].map((c) => {
  const lag = c < 3 ? 0 : 30;
  return [{ order: 1, rms: c < 3 ? VOLTS : AMPS, degrees: -120 * (c % 3) - lag }];
});

/** A meter whose auxiliary supply keeps it running. */
function metering(options: Partial<FormulaOptions>, normal = plain.registers.normal) {
  const source = new FormulaSource({ signal, rate: RATE, turns: steady(60), ...options });
  const rig = revenueRig({ registers: { ...plain.registers, normal }, triggers: factoryTriggers }, undefined, {
    source,
    terminals: { auxiliaryFirst: true, auxiliary: true },
  });
  const now = (of: Measure): number => sumOf(columnsOf(of), rig.meter.window.average);
  return { ...rig, source, now };
}

const hz = measure("Hz", "bidirectional");

test("an average of the frequency is of the time in which it was known, from the first second on", () => {
  const extremes = ["minimum", "maximum", "average"] as const;
  const { meter, now, value } = metering(
    {},
    extremes.map((type, k) => register(k + 1, { type, measure: hz, decimals: 3, scaling: "secondary" })),
  );
  const seen: number[] = [];
  for (let ms = 100; ms <= 8000; ms += 100) {
    meter.advance(ms);
    if (meter.window.isKnown) seen.push(now(hz));
  }
  assert.ok(seen.length > 50);
  for (const one of seen) assert.ok(Number.isNaN(one) || Math.abs(one - 60) < 0.001, `${one} Hz`);
  assert.ok(Math.abs(seen.at(-1)! - 60) < 0.001);
  extremes.forEach((type, k) => assert.ok(Math.abs(value(k + 1) - 60) < 0.001, `${type}: ${value(k + 1)} Hz`));
});

test("the log of an interruption has a mean of the frequency that lies between least and most", () => {
  const dead = (_: number, t: number): number => (t >= 3 && t < 5 ? 0.3 : 1);
  const { meter } = metering({ envelope: dead });
  for (let ms = 100; ms <= 9000; ms += 100) meter.advance(ms);
  const [entry] = meter.log.entries("interruption");
  const [least = NaN, most = NaN, mean = NaN] = String(entry?.details["Hz"]).split(" ").map(Number);
  assert.ok(least <= mean && mean <= most, `${String(entry?.details["Hz"])}`);
  assert.ok(Math.abs(mean - 60) < 0.1);
});

const WATTS = VOLTS * AMPS * Math.cos(Math.PI / 6);
const both = (quantity: Measure["quantity"], phase: Measure["phase"]): Measure =>
  measure(quantity, "bidirectional", phase);

/** What is read of a meter after ten seconds, or so many: undefined of what is not known. */
function read(options: Partial<FormulaOptions>, normal?: readonly ReturnType<typeof register>[], seconds = 10) {
  const made = metering(options, normal);
  for (let ms = 100; ms <= 1000 * seconds; ms += 100) made.meter.advance(ms);
  const shown = (quantity: Measure["quantity"], phase: Measure["phase"]): number | undefined => {
    const found = made.now(both(quantity, phase));
    return Number.isNaN(found) ? undefined : found;
  };
  return { ...made, shown };
}

function near(found: number | undefined, expected: number, what: string): void {
  assert.ok(found !== undefined && Math.abs(found / expected - 1) < 1e-3, `${what}: ${found} for ${expected}`);
}

test("a current that is missing, from the start or from then on, takes its own amps and watts and those of all, and nothing else", () => {
  for (const since of [0, 4]) {
    const { shown, meter, value } = read({ missing: (channel, t) => channel === 5 && t >= since }, [
      register(1, { decimals: 4, scaling: "secondary" }),
      register(2, { measure: measure("Wh", "delivered", "a"), decimals: 4 }),
      register(3, { type: "instantaneous", measure: both("W", "polyphase") }),
      register(4, { type: "instantaneous", measure: both("W", "b") }),
    ]);
    for (const phase of ["a", "b", "c"] as const) near(shown("V", phase), VOLTS, `V.${phase}`);
    for (const phase of ["a", "b", "c"] as const) near(shown("V.ll", phase), VOLTS * Math.sqrt(3), `V.ll ${phase}`);
    for (const phase of ["a", "b"] as const) {
      near(shown("A", phase), AMPS, `A.${phase}`);
      near(shown("W", phase), WATTS, `W.${phase}`);
      near(shown("PF", phase), Math.cos(Math.PI / 6), `PF.${phase}`);
    }
    near(shown("Hz", "a"), 60, "Hz");
    for (const [quantity, phase] of [
      ["A", "c"],
      ["W", "c"],
      ["PF", "c"],
      ["THD.A", "c"],
      ["A", "polyphase"],
      ["W", "polyphase"],
      ["A", "neutral"],
      ["unbalance.A", "a"],
    ] as const)
      // prettier-ignore
      assert.equal(shown(quantity, phase), undefined, `${quantity} ${phase}`);
    assert.equal(meter.registers.value(3), undefined);
    near(value(4), WATTS, "the register of b");
    // Energies of all phases are of those that are known: all three for `since` seconds, then two.
    near(value(1) / value(2), (3 * since + 2 * (10 - since)) / 10, "energy of all over that of a");
  }
});

test("a voltage that is missing takes what is made of it; a stretch that is missing is no part of an average", () => {
  const { shown } = read({ missing: (channel, t) => channel === 0 && t >= 4 });
  for (const [quantity, phase] of [
    ["V", "a"],
    ["W", "a"],
    ["V.ll", "a"],
    ["V.ll", "c"],
    ["V", "polyphase"],
    ["unbalance.V", "a"],
  ] as const)
    // prettier-ignore
    assert.equal(shown(quantity, phase), undefined, `${quantity} ${phase}`);
  near(shown("V", "b"), VOLTS, "V.b");
  near(shown("V.ll", "b"), VOLTS * Math.sqrt(3), "V.bc");
  near(shown("A", "a"), AMPS, "A.a");
  near(shown("W", "c"), WATTS, "W.c");
  // Half of every second: averages are what they were while it is there, and none while it is not.
  const options: Partial<FormulaOptions> = { missing: (channel, t) => channel === 3 && t % 1 >= 0.5 };
  const there = read(options, undefined, 9.4);
  near(there.shown("A", "a"), AMPS, "A.a");
  near(there.shown("W", "polyphase"), 3 * WATTS, "W");
  const missing = read(options, undefined, 9.6);
  for (const [quantity, phase] of [
    ["A", "a"],
    ["W", "a"],
    ["W", "polyphase"],
  ] as const)
    // prettier-ignore
    assert.equal(missing.shown(quantity, phase), undefined, `${quantity} ${phase}`);
  near(missing.shown("A", "b"), AMPS, "A.b");
});

test("an alarm of what is no longer known stays, and what is not known begins none", () => {
  const dip = (channel: number, t: number): number => (channel === 1 && t >= 3 && t < 7 ? 0.7 : 1);
  const { meter } = read({ envelope: dip, missing: (channel, t) => channel === 1 && t >= 4 && t < 6 });
  const sags = meter.log.entries("sagSwell");
  assert.equal(sags.length, 1);
  assert.ok(Math.abs(Number(sags[0]!.details["milliseconds"]) - 4000) < 40, JSON.stringify(sags[0]!.details));
  const [least, , mean] = String(sags[0]!.details["V.b"]).split(" ").map(Number);
  assert.ok(Math.abs(least! - 84) < 0.1 && Math.abs(mean! - 84) < 1);
  const none = read({ missing: (channel, t) => channel === 1 && t >= 4 && t < 6 });
  assert.equal(none.meter.log.entries("alarm").length, 0);
  assert.equal(none.meter.log.entries("powerOutage").length, 0);
});

test("an average of an interval in which nothing was known has no value, in counts, in engineering values, and from the store", () => {
  const store = new MemoryStore().drawer("unknown");
  const channels = [
    channel(both("A", "c"), 0.01),
    channel(both("A", "b"), 0.01),
    channel(measure("Ah", "bidirectional", "c"), 0.001),
  ];
  const profile = { ...plain.profiles[0]!, channels, minutes: 1 as const };
  const changes = { profiles: [profile, { ...profile, data: "engineering" as const }] };
  // Of three minutes the second is without the amps of c, and half of the third.
  const missing = (at: number, t: number): boolean => at === 5 && t >= 59.9 && t < 150;
  const source = new FormulaSource({ signal, rate: 1920, turns: steady(60), missing });
  const first = revenueRig(changes, undefined, { store, source, terminals: { auxiliaryFirst: true, auxiliary: true } });
  for (let s = 1; s <= 180; s++) first.meter.advance(1000 * s);
  first.meter.settle();
  const second = revenueRig(changes, undefined, { store, utc: "2026-01-01T00:03:00Z" });
  for (const { meter } of [first, second]) {
    const [counts = [], engineering = []] = meter.profiles.map(({ series }) =>
      series.page(0, 3).map(({ values }) => values),
    );
    // An ampere-hour counts nothing while nothing is known: that is what came, and no average.
    assert.deepEqual(
      counts.map(([c, b]) => [c === undefined ? c : Math.round(c / 10), Math.round((b ?? 0) / 10)]),
      [
        [50, 50],
        [undefined, 50],
        [50, 50],
      ],
    );
    assert.equal(counts[1]?.[2], 0);
    assert.deepEqual(
      engineering.map(([c]) => c?.toFixed(2)),
      ["5.00", undefined, "5.00"],
    );
    for (const { series } of meter.profiles)
      assert.deepEqual(
        series.page(0, 3).map(({ status }) => status & profileStatus.noInputs),
        [profileStatus.noInputs, profileStatus.noInputs, profileStatus.noInputs],
      );
  }
});
