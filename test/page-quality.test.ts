/** What the page makes of power quality: the levels of IEC 61000-2-2, table 1, as printed and by its formulas worked on paper; bars, phasors. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { FixedMapSurface } from "#product/fixed-map/surface.ts";
import { measureName, parseMeasure } from "#quantity/measure-name.ts";
import type { Measure } from "#quantity/measure.ts";
import { viewOf } from "#web/meter-view.ts";
import { compatibilityLevel, LAST_ORDER } from "#analysis/limits/compatibility-levels.ts";
import { phasorsIn } from "#web/page/phasors.ts";
import { ampLimitsOf, beyondOf, limitsOf, readChoice, wholeOf, type LimitChoice } from "#web/page/spectrum-limits.ts";
import {
  barsOf,
  beyondText,
  channelsOf,
  flickerRows,
  isLowVoltage,
  isOfBlock,
  kindsOf,
  scaleOf,
  staleMs,
  verdictOf,
} from "#web/page/quality.ts";
import { block, channel, QualitySurface } from "./quality-meter.ts";
import { feeder, live, rig } from "./rig.ts";

const printed: readonly (readonly [order: number, percent: number])[] = [
  [2, 2],
  [3, 5],
  [4, 1],
  [5, 6],
  [6, 0.5],
  [7, 5],
  [8, 0.5],
  [9, 1.5],
  [11, 3.5],
  [13, 3],
  [15, 0.4],
  [21, 0.3],
  // Above 21 every odd multiple of three has 0.2.
  [27, 0.2],
  [33, 0.2],
  [39, 0.2],
  [45, 0.2],
];

/** 2.27 x 17 / h - 0.27 of the odd ones that are no multiples of three, 0.25 x 10 / h + 0.25 of the even ones. */
const worked: readonly (readonly [order: number, percent: number])[] = [
  [17, 2],
  // 38.59 / 25 - 0.27
  [25, 1.2736],
  // 38.59 / 49 - 0.27
  [49, 0.5175510204],
  [10, 0.5],
  [20, 0.375],
  [40, 0.3125],
  [50, 0.3],
];

test("compatibility levels are those of the table and of its formulas", () => {
  for (const [order, percent] of [...printed, ...worked]) {
    const level = compatibilityLevel(order);
    assert.ok(level !== undefined && Math.abs(level - percent) < 1e-9, `order ${order}: ${level}`);
  }
});

test("every order to 50 has a level; the fundamental, what is beyond and what is no order have none", () => {
  for (let order = 2; order <= LAST_ORDER; order++) assert.ok((compatibilityLevel(order) ?? 0) >= 0.2, String(order));
  for (const order of [0, 1, 51, 2.5, -3, NaN]) assert.equal(compatibilityLevel(order), undefined);
});

const of = (key: "ln" | "ll" | "amps") => channelsOf(block, key);

test("channels are looked at by kind: of a meter that has no volts to neutral there is no such kind", () => {
  assert.deepEqual(
    kindsOf(block).map(({ key }) => [key, of(key).map(({ name }) => name)]),
    [
      ["ln", ["V.a", "V.b", "V.c"]],
      ["ll", ["V.ab"]],
      ["amps", ["A.a", "A.b"]],
    ],
  );
  const delta = { ...block, channels: block.channels.filter(({ name }) => name !== "V.a" && !/^V\.[bc]$/.test(name)) };
  assert.deepEqual(
    kindsOf(delta).map(({ key }) => key),
    ["ll", "amps"],
  );
  // Its phasors are those of the lines.
  assert.deepEqual(
    phasorsIn(delta).map(({ label, unit, phase, degrees }) => [unit, label, phase, degrees]),
    [
      ["V", "ab", "a", 29.7],
      ["A", "a", "a", -25.5],
      ["A", "b", "b", -146.25],
    ],
  );
});

test("bars are of the orders 2 to 50, levels of voltages only; beyond what the rate carries there is no bar", () => {
  const bars = barsOf(of("ln"), "harmonics", { standard: "public" });
  assert.deepEqual([bars.length, bars[0]?.order, bars.at(-1)?.order], [49, 2, 50]);
  assert.deepEqual(bars[3], { order: 5, percents: [7.2, 2.75, 3.1], level: 6 });
  assert.deepEqual(bars[21], { order: 23, percents: [0, 0, 0.5], level: 2.27 * (17 / 23) - 0.27 });
  assert.deepEqual(bars[22]?.percents, [0, 0, undefined]);
  assert.ok(barsOf(of("amps"), "harmonics", { standard: "public" }).every(({ level }) => level === undefined));
  const between = barsOf(of("ln"), "interharmonics");
  assert.deepEqual([between.length, between[0]?.order], [50, 1]);
  assert.deepEqual(between[3], { order: 4, percents: [0.8, 0, 0], level: undefined });
});

test("a scale ends at the next 1, 2 or 5, at a tenth of a percent where there is nothing", () => {
  // Levels take part: 6 % of the fifth harmonic.
  assert.equal(scaleOf(barsOf(of("ln"), "harmonics", { standard: "public" })), 10);
  assert.equal(scaleOf(barsOf(of("amps"), "harmonics")), 50);
  const ends = [0, 0.1, 0.11, 0.3, 1, 1.01, 4.99, 5.01, 100, 101].map((percent) =>
    scaleOf([{ order: 2, percents: [percent, undefined], level: undefined }]),
  );
  assert.deepEqual(ends, [0.1, 0.1, 0.2, 0.5, 1, 2, 5, 10, 100, 200]);
});

const publicLevels: LimitChoice = { standard: "public" };
const told = (channels: readonly ReturnType<typeof channel>[], choice: LimitChoice = publicLevels) =>
  beyondOf(channels, choice).map(beyondText);

test("what is beyond its limit is told of voltages with both figures, the whole distortion first", () => {
  assert.deepEqual(told(of("ln")), [
    // The root of 0.3, 7.2, 2.5 and 1.25 squared is 7.73: less than 8.
    "harmonic 5 of VA: 7.20 % of 6 %",
  ]);
  assert.deepEqual(told([channel("V.bc", 400, 0, { 3: 6, 5: 6, 7: 4.9, 15: 0.41, 17: 2.01 })]), [
    "THD of VBC: 10.01 % of 8 %",
    "harmonic 3 of VBC: 6.00 % of 5 %",
    "harmonic 15 of VBC: 0.41 % of 0.4 %",
    "harmonic 17 of VBC: 2.01 % of 2 %",
  ]);
  assert.deepEqual(told(of("amps")), []);
  // Class 1 has 3 % of the fifth; class 3 has 8 %.
  assert.deepEqual(told(of("ln"), { standard: "class1" }), [
    "THD of VA: 7.73 % of 5 %",
    "harmonic 5 of VA: 7.20 % of 3 %",
    "harmonic 5 of VC: 3.10 % of 3 %",
  ]);
  assert.deepEqual(told(of("ln"), { standard: "class3" }), []);
  // EN 50160 has none above order 25.
  assert.equal(limitsOf({ standard: "en50160" }, of("ln")[0]!)?.limitOf(26), undefined);
  assert.deepEqual(told(of("ln"), { standard: "none" }), []);
});

test("IEEE 519 has limits of volts by the bus, of amps by Isc and IL, in percent of IL, and none while one of them is not said", () => {
  const choice = { standard: "ieee519", busVolts: 480, shortCircuitAmps: 3000, loadAmps: 10 } as const;
  // Isc/IL of 300: table 2 has 12 % of orders 3 to 10, TDD 15 %. 22 % of 5.01 A are 1.1022 A: 11.02 % of 10 A. TDD: 0.0501 sqrt(64 + 484 + 121).
  const amps = of("amps")[0]!;
  const limits = ampLimitsOf(choice);
  assert.deepEqual(
    [limits?.whole, limits?.limitOf(5), limits?.limitOf(4), limits?.limitOf(51)],
    [15, 12, 6, undefined],
  );
  assert.ok(Math.abs((wholeOf(limits!, amps) ?? 0) - 0.501 * Math.sqrt(669)) < 1e-9);
  assert.deepEqual(told(of("amps"), choice), []);
  // Of 5 A they are twice as much, and Isc/IL is 600: 22.04 % of 12 %.
  assert.deepEqual(told(of("amps"), { ...choice, loadAmps: 5 }).slice(0, 2), [
    "TDD of IA: 25.92 % of 15 %",
    "harmonic 5 of IA: 22.04 % of 12 %",
  ]);
  for (const less of [
    { busVolts: undefined },
    { shortCircuitAmps: undefined },
    { loadAmps: undefined },
    { busVolts: 100 },
  ])
    assert.equal(ampLimitsOf({ ...choice, ...less }), undefined);
  assert.deepEqual(told(of("ln"), choice), ["harmonic 5 of VA: 7.20 % of 5 %"]);
  assert.equal(limitsOf({ standard: "ieee519" }, of("ln")[0]!), undefined);
  // A voltage that is told to be 100 V: 7.2 % of 120.1 V are 8.65 % of it.
  assert.match(told([{ ...of("ln")[0]!, declared: 100 }], choice).join(), /harmonic 5 of VA: 8\.65 % of 5 %/);
});

test("a choice of limits that was kept is taken as far as it is one", () => {
  assert.deepEqual(readChoice({ standard: "ieee519", busVolts: 480, loadAmps: "9", shortCircuitAmps: -1 }), {
    standard: "ieee519",
    busVolts: 480,
    loadAmps: undefined,
    shortCircuitAmps: undefined,
  });
  for (const kept of [null, 7, "public", { standard: "none of these" }]) assert.equal(readChoice(kept), undefined);
});

test("nothing is said to be within its limits of which nothing is measured, or only as far as it is", () => {
  const verdict = (channels: readonly ReturnType<typeof channel>[]) => verdictOf(channels, publicLevels);
  const within = channel("V.a", 230, 0, { 5: 3 });
  assert.match(verdict([within]) ?? "", /^Within .*\(IEC 61000-2-2\)\.$/);
  // Order 23 is the last that is known of V.c.
  assert.match(
    verdict([within, channel("V.c", 230, 120, { 5: 3 }, { last: 23 })]) ?? "",
    /^Within .*, as far as is measured\.$/,
  );
  assert.match(verdict(of("ln")) ?? "", /^Beyond .*harmonic 5 of VA/);
  const ended = { ...within, thd: null, rms: null, fundamental: null, harmonics: within.harmonics.map(() => null) };
  assert.equal(verdict([ended, ended]), undefined);
  assert.equal(verdict([]), undefined);
  assert.equal(verdict(of("amps")), undefined);
});

test("levels of public networks are those of networks up to 1 kV, by what is measured or by the transformers", () => {
  assert.equal(isLowVoltage(block), true);
  assert.equal(isLowVoltage(block, 120), true);
  assert.equal(isLowVoltage(block, 14_400), false);
  assert.equal(isLowVoltage({ ...block, channels: [channel("V.a", 8314, 0, {}), channel("A.a", 5, 0, {})] }), false);
  assert.equal(isLowVoltage({ ...block, channels: [channel("V.a", 230, 0, {}), channel("A.a", 5000, 0, {})] }), true);
  assert.ok(barsOf(of("ln"), "harmonics", { standard: "none" }).every(({ level }) => level === undefined));
});

test("readings that stand in a block do not stand beside it again", () => {
  const names =
    "Pst.a Plt.bc Pinst.c TDD.A.a TDD.A.b.odd crest.V.a K.A.a deg.V.b deg.A.c unbalance.V unbalance.A.zero Hz.10s THD.V.a.even V.ab.fundamental";
  assert.deepEqual(
    names.split(" ").filter((name) => !isOfBlock(name)),
    [],
  );
  const others = "V.a V.negative V.negative.angle under.V.a over.V.ab Hz W PF.leadlag THD.V.a A.n quadrant MSV.a";
  assert.deepEqual(others.split(" ").filter(isOfBlock), []);
});

test("a block of nine channels with all their digits is a page of text, not a book", () => {
  const noisy = (name: string, seed: number) => {
    const { harmonics, interharmonics, ...rest } = channel(name, 119.123456789 + seed, 0.123456789 * seed, {});
    const digits = (_: unknown, k: number): number => Math.PI / (k + 1 + seed);
    return { ...rest, harmonics: harmonics.map(digits), interharmonics: interharmonics.map(digits) };
  };
  const surface = new QualitySurface("q");
  const names = "V.a V.b V.c V.ab V.bc V.ca A.a A.b A.c".split(" ");
  surface.shown = () => ({ ...block, channels: names.map(noisy) });
  const [told, given] = [viewOf(surface).quality, surface.shown()].map((one) => JSON.stringify(one).length);
  // 900 orders of at most 11 characters with their comma.
  assert.ok(told! < 900 * 11 + 3500 && told! < 0.6 * given!, `${told} of ${given}`);
});

test("a block that ended more than ten seconds ago is old; one whose end nobody knows is not said to be", () => {
  const end = Date.UTC(2026, 0, 1);
  assert.deepEqual(
    [end, end + 10_000, end + 10_001, end + 3_600_000, end - 5000].map((now) => staleMs(block, now)),
    [undefined, undefined, 10_001, 3_600_000, undefined],
  );
  assert.equal(staleMs({ ...block, utc: null }, end + 3_600_000), undefined);
});

test("power quality stands in a meter's view where it is measured, and nowhere else", () => {
  const surface = new QualitySurface("q");
  // Of numbers there are seven digits: 119.2 V with 3.259 % of distortion are 119.2 sqrt(1 + 0.03259^2) V.
  const { quality } = viewOf(surface);
  assert.equal(quality?.channels[1]?.rms, 119.2633);
  assert.deepEqual(quality?.channels[0]?.harmonics, block.channels[0]?.harmonics);
  assert.deepEqual({ ...quality, channels: [] }, { ...block, channels: [] });
  surface.shown = () => undefined;
  assert.ok(!("quality" in viewOf(surface)));
});

test("a meter of fixed registers shows what measures power quality beside its instrument, and reads it by name", () => {
  const meter = rig({ source: live(), settings: feeder });
  const plain = new FixedMapSurface(meter, meter.clock, () => undefined);
  assert.equal(plain.quality(), undefined);
  const known = new Map([["V.a.h5", 3.25]]);
  const part = { view: () => block, value: (measure: Measure) => known.get(measureName(measure)) };
  const surface = new FixedMapSurface({ ...meter, quality: part }, meter.clock, () => undefined);
  assert.equal(surface.quality(), block);
  const read = (name: string, side: "primary" | "secondary") => surface.read(parseMeasure(name)!, side).value;
  assert.deepEqual(
    [read("V.a.h5", "primary"), read("V.a.h5", "secondary"), read("V.a.h7", "primary")],
    [3.25, undefined, undefined],
  );
});

test("Pst and Plt say of which ten minutes and two hours they are, by the meter's wall clock", () => {
  const labels = (pst: string | null, plt: string | null, local: string, offsetMinutes: number) =>
    flickerRows({ flickerEnds: { pst, plt } }, { local, offsetMinutes }).map(([label]) => label);
  assert.deepEqual(labels("2026-03-01T06:50:00Z", null, "2026-03-01 07:59:50", 60), [
    "Flicker now, Pinst",
    "Flicker of ten minutes, Pst (07:40 AM to 07:50 AM)",
    "Flicker of two hours, Plt",
  ]);
  // Half past five and midnight of another day: five and a half hours ahead, the evening of the day before of a meter behind UTC.
  assert.deepEqual(labels("2026-03-01T18:30:00Z", "2026-03-01T00:00:00Z", "2026-03-02 00:00:01", 330).slice(1), [
    "Flicker of ten minutes, Pst (03/01/2026 11:50 PM to 03/02/2026 12:00 AM)",
    "Flicker of two hours, Plt (03/01/2026 03:30 AM to 05:30 AM)",
  ]);
  assert.deepEqual(labels(null, null, "2026-03-01 07:59:50", 60)[1], "Flicker of ten minutes, Pst");
  assert.equal(
    flickerRows({}, { local: "2026-03-01 07:59:50", offsetMinutes: 0 })[2]?.[0],
    "Flicker of two hours, Plt",
  );
});
