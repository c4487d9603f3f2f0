/**
 * The wiring check against sites made by arithmetic, against troubleshooting tables that makers of meters have published, and where
 * nothing can be told. `node test/wiring-figures.ts 1000` counts the same over a thousand loads of each mistake.
 */
import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { averaged } from "../src/analysis/wiring/averaged.ts";
import { observationOf, type Observation } from "../src/analysis/wiring/observation.ts";
import type { Mistake } from "../src/analysis/wiring/mistake.ts";
import { checkWiring, type WiringCheck } from "../src/analysis/wiring/wiring-check.ts";
import { toldWiring } from "../src/analysis/wiring/words.ts";
import { wirings } from "../src/quantity/wiring.ts";
import { answers, judge, type System, truths } from "./wiring-figures.ts";
import { applied, effectsOf, loadOf, observed, observedLines, polar, randomOf, type Complex } from "./wiring-sites.ts";

const none = [undefined, undefined, undefined] as const;
const said = ({ explanations }: WiringCheck): string[] =>
  (explanations[0]?.mistakes ?? []).map(({ kind, phases, service }) =>
    [kind, ...phases, service ?? ""].join(" ").trim(),
  );
const all = ({ explanations }: WiringCheck): string[] =>
  explanations.flatMap((one) =>
    [one, ...one.others].map(({ mistakes }) =>
      mistakes.map(({ kind, phases }) => [kind, ...phases].join(" ")).join(" + "),
    ),
  );

/** Sizes with math angles, counter-clockwise. */
const phasors = (sizes: readonly number[], degrees: readonly number[]) =>
  [0, 1, 2].map((k) => ({ size: sizes[k] ?? 0, degrees: degrees[k] ?? 0 })) as unknown as Observation["volts"];

const wye = (more: Partial<Observation>): Observation => ({
  system: "wye",
  nominalVolts: 480,
  volts: phasors([277, 275, 279], [0, -120, 120]),
  lines: none,
  amps: phasors([80, 70, 95], [-23, -145, 94]),
  lags: none,
  ...more,
});

for (const system of ["wye", "delta", "open-delta", "two-element"] as const)
  test(`a right site of ${system} is called right at each of a thousand loads`, () => {
    for (const { check } of answers([], 1000, { system })) {
      assert.equal(check.verdict, "right");
      assert.deepEqual(said(check), []);
      assert.equal(check.explanations[0]?.rotation, "abc");
    }
  });

test("a right site is called right by its powers alone, at each of a thousand loads", () => {
  for (const { check } of answers([], 1000, { powersOnly: true })) {
    assert.equal(check.verdict, "right");
    assert.ok(check.untold.includes("rotation"));
  }
});

/** Amps of a phase against the others', no further off than loads may be that are within 30 % of their mean: a ratio shows nothing. */
function isHiddenBy(amps: readonly number[], of: number): boolean {
  const others = amps.filter((one, k) => k !== of && one > 1e-6);
  const mean = Math.exp(others.reduce((sum, one) => sum + Math.log(one), 0) / others.length);
  return Math.abs(Math.log((amps[of] ?? NaN) / mean)) <= Math.log(1.3 / 0.7);
}

for (const system of ["wye", "delta", "open-delta", "two-element"] as const)
  test(`each mistake of ${system} is told first, or among those that are open`, () => {
    for (const truth of truths(system).filter(({ length }) => length === 1))
      for (const { check, amps } of answers(truth, 60, { system })) {
        const got = judge(truth, check, system);
        const measured = system === "two-element" ? amps.map((one, k) => (k === 1 ? 0 : one)) : amps;
        const isHidden =
          truth[0]?.kind === "ampsRatio" && isHiddenBy(measured, "abc".indexOf(truth[0].phases[0] ?? "a"));
        assert.ok(got !== "missed" || isHidden, `${JSON.stringify(truth)}: ${check.verdict}, ${all(check).join("; ")}`);
        if (isHidden) assert.ok(check.untold.includes("ratios"));
      }
  });

/** Part of answers that are sure of something else, of two mistakes at some loads each. */
function missedOf(system: System, loads: number, powersOnly = false): number {
  let [missed, n] = [0, 0];
  for (const truth of truths(system).filter(({ length }) => length === 2)) {
    // The loads of a ratio hide it as they do where it is the only mistake.
    if (truth.some(({ kind }) => kind === "ampsRatio")) continue;
    for (const { check } of answers(truth, loads, { system, powersOnly })) {
      n++;
      if (judge(truth, check, system) === "missed") missed++;
    }
  }
  return missed / n;
}

test("of two mistakes at once few are missed: one in two hundred with a neutral, one in 25 with two elements", () => {
  assert.ok(missedOf("wye", 3) < 0.005);
  assert.ok(missedOf("two-element", 4) < 0.04);
  assert.ok(missedOf("delta", 2) < 0.005);
  assert.ok(missedOf("wye", 2, true) < 0.02);
});

test("PowerLogic 800, appendix A, 4-wire case A: one CT polarity is backwards, and kW is a third", () => {
  // 277 V, 100 A, a power factor of 0.9 lagging.
  const lag = (Math.acos(0.9) * 180) / Math.PI;
  const watts = [-1, 1, 1].map((sign) => sign * 277 * 100 * 0.9);
  assert.equal(Math.round(watts.reduce((a, b) => a + b)), Math.round((3 * 277 * 100 * 0.9) / 3));
  const check = checkWiring({
    ...wye({}),
    volts: [{ size: 277 }, { size: 277 }, { size: 277 }],
    lines: [{ size: 480 }, { size: 480 }, { size: 480 }],
    amps: [{ size: 98 }, { size: 103 }, { size: 100 }],
    lags: [[lag - 180], [lag], [lag]],
  });
  assert.equal(check.verdict, "wrong");
  assert.deepEqual(said(check), ["reversedAmps a"]);
});

test("PowerLogic 800, 4-wire case B: one PT polarity is backwards, VAB = 277, VBC = 480, VCA = 277", () => {
  const lag = 25;
  const check = checkWiring({
    ...wye({}),
    volts: [{ size: 277 }, { size: 277 }, { size: 277 }],
    lines: [{ size: 277 }, { size: 480 }, { size: 277 }],
    amps: [{ size: 98 }, { size: 103 }, { size: 100 }],
    lags: [[lag - 180], [lag], [lag]],
  });
  assert.equal(check.verdict, "wrong");
  assert.deepEqual(said(check), ["reversedVolts a"]);
});

test("PowerLogic 800, 4-wire case C: a PT input is missing, VAB = 277, VBC = 277, VCA = 480", () => {
  const check = checkWiring({
    ...wye({}),
    volts: [{ size: 277 }, { size: 0 }, { size: 277 }],
    lines: [{ size: 277 }, { size: 277 }, { size: 480 }],
    amps: [{ size: 98 }, { size: 103 }, { size: 100 }],
    lags: [[25], undefined, [25]],
  });
  assert.equal(check.verdict, "wrong");
  assert.deepEqual(said(check), ["deadVolts b"]);
});

test("PowerLogic 800, 3-wire case A: kW and kvar are near 0, CT or PT leads of A and C are swapped", () => {
  // Balanced, 30 degrees lagging: elements of Vab and Ic, Vcb and Ia.
  const volts: Complex[] = [polar(277, 0), polar(277, -120), polar(277, 120)];
  const amps: Complex[] = [polar(100, 90), polar(100, -150), polar(100, -30)];
  const seen = observedLines("two-element", volts, amps);
  const [ab = { size: 0 }, bc = { size: 0 }] = seen.lines;
  const power = (v: { size: number; degrees?: number | undefined }, i: Complex, turn = 0): number =>
    v.size * 100 * Math.cos((((v.degrees ?? 0) + turn) * Math.PI) / 180 - Math.atan2(i[1], i[0]));
  assert.ok(Math.abs(power(ab, amps[0] ?? [0, 0]) + power(bc, amps[2] ?? [0, 0], 180)) < 1);
  const check = checkWiring(seen);
  assert.ok(said(check)[0] === "swappedAmps a c" || said(check)[0] === "swappedVolts a c", said(check).join());
});

test("PowerLogic 800, 3-wire case C: VCA is the square root of three higher, one PT polarity is backwards", () => {
  const check = checkWiring({
    ...wye({}),
    system: "two-element",
    volts: none,
    lines: [{ size: 480 }, { size: 480 }, { size: 480 * Math.sqrt(3) }],
    amps: [{ size: 0 }, undefined, { size: 0 }],
  });
  // Of volts alone it cannot be told which of the two.
  const two = check.explanations
    .slice(0, 2)
    .map(({ mistakes }) => mistakes.map(({ kind, phases }) => `${kind} ${phases.join()}`).join());
  assert.deepEqual(two.sort(), ["reversedVolts a", "reversedVolts c"]);
  assert.equal(check.verdict, "ambiguous");
});

test("PowerLogic 750, section II case B: negative kW of the expected magnitude, all three CTs are backwards", () => {
  const backwards = wye({ amps: phasors([80, 70, 95], [157, 35, -86]) });
  assert.deepEqual(said(checkWiring({ ...backwards, generates: false })), ["reversedAmps a b c"]);
  assert.equal(checkWiring({ ...backwards, generates: false }).verdict, "wrong");
  // Where the site may generate nobody can tell it from a surplus.
  const open = checkWiring(backwards);
  assert.equal(open.verdict, "ambiguous");
  assert.deepEqual(all(open).filter((one) => one === "" || one === "reversedAmps a b c").length >= 2, true);
  assert.ok(open.untold.includes("mayExport"));
  const solar = checkWiring({ ...backwards, generates: true });
  assert.deepEqual(said(solar), []);
});

// Angles as that instrument prints them, clockwise from V1N: of the voltages, of the currents at a power factor of 1 and of 0.866 lagging.
const printed: readonly [no: string, volts: number[], amps: number[], sizes: number[], mistake: string][] = [
  ["No. 13, P1 P3 P2 PN at 1", [0, 240, 120], [0, 120, 240], [1, 1, 1], "swappedVolts b c"],
  ["No. 13, P1 P3 P2 PN at 0.866 lagging", [0, 240, 120], [30, 150, 270], [1, 1, 1], "swappedVolts b c"],
  ["No. 15, PN P2 P3 P1 at 1", [0, 330, 30], [180, 300, 60], [1, Math.sqrt(3), Math.sqrt(3)], "neutralSwapped a"],
  [
    "No. 15, PN P2 P3 P1 at 0.866 lagging",
    [0, 330, 30],
    [210, 330, 90],
    [1, Math.sqrt(3), Math.sqrt(3)],
    "neutralSwapped a",
  ],
];
for (const [no, volts, amps, sizes, mistake] of printed)
  test(`Mitsubishi ME96SS, appendix 9.2.1, ${no}: ${mistake}`, () => {
    const clockwise = (list: readonly number[]): number[] => list.map((degrees) => -degrees);
    const check = checkWiring(
      wye({
        volts: phasors(
          sizes.map((one) => 277 * one),
          clockwise(volts),
        ),
        amps: phasors([100, 100, 100], clockwise(amps)),
      }),
    );
    assert.equal(check.verdict, "wrong");
    assert.deepEqual(said(check), [mistake]);
  });

// Rockwell PowerMonitor 1000: rotations of the currents by the phases that the channels have.
const rotations: readonly [string, readonly number[], string][] = [
  ["123", [-20, -140, 100], ""],
  ["231", [-140, 100, -20], "rotatedAmps b c a"],
  ["312", [100, -20, -140], "rotatedAmps c a b"],
  ["132", [-20, 100, -140], "swappedAmps b c"],
  ["213", [-140, -20, 100], "swappedAmps a b"],
  ["321", [100, -140, -20], "swappedAmps a c"],
];
for (const [order, degrees, mistake] of rotations)
  test(`a current rotation of ${order} is ${mistake === "" ? "right" : mistake}`, () => {
    // Like theirs, of a site whose power comes from the supply.
    const check = checkWiring(wye({ amps: phasors([80, 70, 95], degrees), generates: false }));
    assert.equal(said(check).join(), mistake);
    assert.equal(check.verdict, mistake === "" ? "right" : "wrong");
  });

/** Three like currents that lag the volts of their conductors by so many degrees, of two elements without that of b. */
function lagging(system: "wye" | "two-element", lag: number, generates?: boolean): Observation {
  const readings: Readonly<Record<string, number>> =
    system === "wye"
      ? {
          "V.a": 277,
          "V.b": 277,
          "V.c": 277,
          "deg.V.a": 0,
          "deg.V.b": -120,
          "deg.V.c": 120,
          "A.b": 100,
          "deg.A.b": -120 - lag,
        }
      : { "V.ab": 480, "V.bc": 480, "V.ca": 480, "deg.V.ab": 30, "deg.V.bc": -90, "deg.V.ca": 150 };
  const amps = { "A.a": 100, "A.c": 100, "deg.A.a": -lag, "deg.A.c": 120 - lag };
  return observationOf({ ...readings, ...amps }, { system, nominalVolts: 480, generates })!;
}

// At noon an inverter gives more watts than the load takes, which still takes its vars: currents lag by 90 to 180 degrees.
for (const system of ["wye", "two-element"] as const)
  test(`a sound ${system} that feeds back is accused of nothing with certainty, and right where it is known to generate`, () => {
    for (let lag = 130; lag <= 210; lag += 5) {
      const check = checkWiring(lagging(system, lag));
      assert.equal(check.verdict, "ambiguous", `${lag}`);
      assert.ok(all(check).includes(""), `${lag}: that it is right is listed`);
      assert.ok(check.untold.includes("mayExport"));
    }
    for (let lag = 140; lag <= 200; lag += 5)
      assert.equal(checkWiring(lagging(system, lag, true)).verdict, "right", `${lag}`);
    assert.deepEqual(said(checkWiring(lagging(system, 180, false)))[0]?.split(" ")[0], "reversedAmps");
  });

test("without a load voltages are judged, and currents are said to be unknown", () => {
  const check = checkWiring(wye({ amps: phasors([0, 0, 0], [0, 0, 0]) }));
  assert.equal(check.verdict, "unknown");
  assert.ok(check.untold.includes("noLoad"));
  const dead = checkWiring(wye({ amps: none, volts: phasors([277, 0, 279], [0, 0, 120]) }));
  assert.equal(dead.verdict, "wrong");
  assert.deepEqual(said(dead), ["deadVolts b"]);
});

test("without volts nothing is told", () => {
  const check = checkWiring(wye({ volts: phasors([0, 0, 0], [0, 0, 0]) }));
  assert.deepEqual(check, { system: "wye", verdict: "unknown", explanations: [], untold: ["noVolts"] });
});

test("a load that is seldom is not called right", () => {
  // 60 degrees lagging in all phases: motors that idle, or currents rotated and all reversed at no lag.
  const check = checkWiring(wye({ amps: phasors([80, 70, 95], [-60, 180, 60]) }));
  assert.equal(check.verdict, "ambiguous");
  assert.ok(check.untold.includes("unusualLoad"));
  assert.ok(
    all(check).some((one) => one.includes("rotatedAmps") && one.includes("reversedAmps a b c")),
    all(check).join("; "),
  );
});

test("phases that follow each other as a, c, b are the service's, or volts and amps that are both swapped", () => {
  const acb = wye({ volts: phasors([277, 275, 279], [0, 120, -120]), amps: phasors([80, 70, 95], [-23, 97, -143]) });
  const check = checkWiring(acb);
  assert.equal(check.explanations[0]?.rotation, "acb");
  assert.deepEqual(said(check), []);
  assert.ok(all(check).some((one) => one.includes("swappedVolts") && one.includes("swappedAmps")));
  // Whoever has measured that the service turns the other way knows better.
  const known = checkWiring({ ...acb, rotation: "abc" });
  assert.ok(said(known).some((one) => one.startsWith("swappedVolts")));
  assert.ok(said(known).some((one) => one.startsWith("swappedAmps")));
});

const services: readonly [string, readonly number[], readonly number[], string][] = [
  ["split phase, 120 V halves", [120, 120, 0], [0, 180, 0], "service split-phase"],
  // 240 V delta, the middle of one winding grounded: 208 V of the high leg, at right angles.
  ["a high-leg delta", [120, 207.8, 120], [0, 90, 180], "service b high-leg delta"],
  // Volts of 208 against a grounded corner, 60 degrees apart.
  ["a delta with a grounded corner", [208, 0, 208], [30, 0, 90], "service b corner-grounded delta"],
  ["one phase on all inputs", [120, 120, 120], [0, 0, 0], "service single phase"],
];
for (const [what, sizes, degrees, service] of services)
  test(`a meter set to a wye finds ${what}`, () => {
    const check = checkWiring(wye({ nominalVolts: 208, volts: phasors(sizes, degrees), amps: none }));
    assert.deepEqual(said(check), [service]);
    assert.equal(check.verdict, "wrong");
  });

test("a meter set to a delta finds a wye whose neutral carries current", () => {
  let found = 0;
  for (let seed = 1; seed <= 200; seed++) {
    // Loads to neutral, whose currents do not add up to nothing.
    const { volts, amps } = loadOf(randomOf(seed), "wye");
    const [re, im] = amps.reduce<Complex>(([a, b], [c, d]) => [a + c, b + d], [0, 0]);
    const neutral = Math.hypot(re, im) / Math.max(...amps.map(([x, y]) => Math.hypot(x, y)));
    const check = checkWiring(observedLines("delta", volts, amps));
    if (neutral > 0.2) assert.ok(all(check).includes("service"), `${seed}: ${all(check).join("; ")}`);
    if (neutral > 0.2 && said(check)[0] === "service four-wire wye") found++;
  }
  assert.ok(found > 80, `${found}`);
});

test("a meter set to split phase finds two phases of a network, and the other way round", () => {
  const two = (degrees: number): Observation["volts"] => [{ size: 120, degrees: 0 }, { size: 120, degrees }, undefined];
  const amps = [{ size: 20, degrees: -10 }, { size: 22, degrees: -130 }, undefined] as const;
  const network = checkWiring({ ...wye({}), system: "split-phase", nominalVolts: 240, volts: two(-120), amps });
  assert.deepEqual(said(network), ["service network"]);
  const halves = [{ size: 20, degrees: -10 }, { size: 22, degrees: 170 }, undefined] as const;
  const split = checkWiring({ ...wye({}), system: "network", nominalVolts: 208, volts: two(180), amps: halves });
  assert.deepEqual(said(split), ["service split-phase"]);
});

test("volts that are all off nominal by one factor are a wrong ratio, and where nominal is not known they are right", () => {
  const third = wye({
    volts: phasors(
      [277, 275, 279].map((one) => one * Math.sqrt(3)),
      [0, -120, 120],
    ),
  });
  const check = checkWiring(third);
  assert.deepEqual(said(check), ["allVoltsRatio"]);
  assert.ok(Math.abs((check.explanations[0]?.ratio ?? 0) - Math.sqrt(3)) < 0.01);
  const unknown = checkWiring({ ...third, nominalVolts: undefined });
  assert.equal(unknown.verdict, "right");
  assert.ok(unknown.untold.includes("noNominal"));
});

test("a current transformer of a fifth of the others' is open between its ratio and its load", () => {
  const check = checkWiring(wye({ amps: phasors([80, 75, 15], [-23, -145, 94]) }));
  assert.notEqual(check.verdict, "right");
  assert.ok(all(check).includes("ampsRatio c"));
  assert.ok(all(check).includes(""));
  assert.match(
    toldWiring(check, "en").verdict,
    /^What is connected where is right \(.*\); whether .* another ratio is open\.$/,
  );
  assert.ok(check.untold.includes("unbalanced"));
});

test("on three wires without a neutral a wrong ratio shows in the sum of the currents", () => {
  const truth: Mistake[] = [{ kind: "ampsRatio", phases: ["b"] }];
  const { volts, amps } = loadOf(randomOf(3), "delta");
  const check = checkWiring(observedLines("delta", volts, applied(effectsOf(truth, 2).amps, amps)));
  assert.equal(check.verdict, "wrong");
  assert.deepEqual(said(check), ["ampsRatio b"]);
});

test("the answer is the same whatever the angles are counted from", () => {
  const { volts, amps } = loadOf(randomOf(5), "wye");
  const turned = [0, 77, -160].map((by) => checkWiring(observed(volts, [amps[1], amps[0], amps[2]], { turned: by })));
  assert.deepEqual(
    turned.map((one) => [said(one), one.explanations[0]?.probability.toFixed(6)]),
    turned.map(() => [["swappedAmps a b"], turned[0]?.explanations[0]?.probability.toFixed(6)]),
  );
});

test("probabilities are parts of one", () => {
  for (const [k, truth] of truths().slice(0, 60).entries())
    for (const { check } of answers(truth, 2)) {
      const sum = check.explanations.reduce((total, { probability }) => total + probability, 0);
      assert.ok(sum <= 1 + 1e-9 && sum > 0.9, `${k}: ${sum}`);
    }
});

test("a missing voltage without an angle does not take the others'", () => {
  const readings = { "V.a": 277, "V.b": 0.4, "V.c": 279, "deg.V.a": 0, "deg.V.b": null, "deg.V.c": 120 };
  const amps = { "A.a": 80, "A.b": 70, "A.c": 95, "deg.A.a": -23, "deg.A.b": -143, "deg.A.c": 94 };
  const seen = observationOf({ ...readings, ...amps }, { nominalVolts: 480 });
  assert.ok(seen !== undefined);
  const check = checkWiring(seen);
  assert.deepEqual(said(check), ["deadVolts b"]);
  assert.equal(check.verdict, "wrong");
  assert.ok(!check.untold.includes("noAngles"));
});

test("a single phase can be reversed or dead, and whether it generates decides", () => {
  for (const [system, place] of [
    ["1-phase-ln", "volts"],
    ["1-phase-ll", "lines"],
  ] as const) {
    const one = (volts: number, lag: number): Observation => ({
      system,
      nominalVolts: 230,
      volts: none,
      lines: none,
      [place]: [{ size: volts, degrees: 0 }, undefined, undefined],
      amps: [{ size: 12, degrees: -lag }, undefined, undefined],
      lags: none,
    });
    assert.equal(checkWiring(one(231, 20)).verdict, "right");
    assert.deepEqual(said(checkWiring({ ...one(231, -160), generates: false })), ["reversedAmps a"]);
    assert.equal(checkWiring(one(231, -160)).verdict, "ambiguous");
    assert.equal(checkWiring(one(0, 0)).verdict, "unknown");
    assert.deepEqual(said(checkWiring(one(400, 20))), ["allVoltsRatio"]);
  }
});

test("whatever is measured has an answer whose numbers are numbers", () => {
  const size = fc.option(fc.oneof(fc.constant(0), fc.double({ min: 0, max: 1e6, noNaN: true })), { nil: undefined });
  const degrees = fc.option(fc.double({ min: -1000, max: 1000, noNaN: true }), { nil: undefined });
  const measured = fc.record({ size, degrees }).map((one) => (one.size === undefined ? undefined : one));
  const three = fc.tuple(measured, measured, measured);
  const lag = fc.option(fc.array(fc.double({ min: -180, max: 180, noNaN: true }), { minLength: 1, maxLength: 2 }), {
    nil: undefined,
  });
  const observation = fc.record({
    system: fc.constantFrom(...(Object.keys(wirings) as (keyof typeof wirings)[])),
    volts: three,
    lines: three,
    amps: three,
    lags: fc.tuple(lag, lag, lag),
    nominalVolts: fc.option(fc.double({ min: 1, max: 1e6, noNaN: true }), { nil: undefined }),
    generates: fc.option(fc.boolean(), { nil: undefined }),
    rotation: fc.constantFrom("abc", "acb", undefined),
  });
  fc.assert(
    fc.property(observation, (one) => {
      const check = checkWiring(one as Observation);
      const told = toldWiring(check, "en");
      assert.equal(told.untold.length, check.untold.length);
      assert.doesNotMatch(JSON.stringify(told), /NaN|undefined|Infinity/);
      for (const { probability, lags, ratio = 1 } of check.explanations) {
        assert.ok(probability > 0 && probability <= 1);
        assert.ok(Number.isFinite(ratio));
        assert.ok(lags.every((lag) => lag === null || Number.isFinite(lag)));
      }
    }),
    { numRuns: 400, seed: 18 },
  );
});

test("a minute of a restless load is judged by its mean, whatever each reading counts its angles from", () => {
  const random = randomOf(11);
  const { volts, amps } = loadOf(random, "wye");
  const swapped = applied(effectsOf([{ kind: "swappedAmps", phases: ["a", "c"] }], 1).amps, amps);
  const noisy = (): Complex[] => swapped.map(([re, im]) => [re * (0.8 + 0.4 * random()), im * (0.8 + 0.4 * random())]);
  const readings = Array.from({ length: 60 }, () => observed(volts, noisy(), { turned: 360 * random() }));
  const [first, ...rest] = readings;
  assert.ok(first !== undefined);
  const mean = averaged([first, ...rest]);
  const calm = observed(volts, swapped);
  for (const k of [0, 1, 2] as const) {
    assert.ok(Math.abs((mean.amps[k]?.size ?? 0) / (calm.amps[k]?.size ?? 1) - 1) < 0.05);
    // Against the first voltage, which is where they are counted from.
    const off = (mean.amps[k]?.degrees ?? NaN) - (calm.amps[k]?.degrees ?? NaN) + (calm.volts[0]?.degrees ?? NaN);
    assert.ok(Math.abs(off - 360 * Math.round(off / 360)) < 5, `${off}`);
  }
  assert.deepEqual(said(checkWiring(mean)), ["swappedAmps a c"]);
});

test("what is absent in one of several readings is absent, and both signs of a power factor stay", () => {
  const one = wye({ amps: [{ size: 10 }, { size: 10, degrees: 5 }, undefined], lags: [[20, -20], [10], undefined] });
  const other = wye({
    amps: [{ size: 20, degrees: 0 }, { size: 30, degrees: 5 }, { size: 1 }],
    lags: [[40, -40], [20], [5]],
  });
  const mean = averaged([one, other]);
  assert.deepEqual(mean.amps[0], { size: 15 });
  assert.ok(Math.abs((mean.amps[1]?.size ?? 0) - 20) < 1e-9 && Math.abs((mean.amps[1]?.degrees ?? 0) - 5) < 1e-9);
  assert.equal(mean.amps[2], undefined);
  assert.deepEqual(
    mean.lags.map((list) => list?.map((lag) => Math.round(lag))),
    [[30, -30], [15], undefined],
  );
});

test("readings without angles have none, and those with powers have lags", () => {
  const seen = observationOf({
    "V.a": 230,
    "V.b": 231,
    "V.c": null,
    "V.ab": 399,
    "A.a": 5,
    "W.a": 0.866,
    "var.a": 0.5,
  });
  assert.equal(seen?.volts[0]?.degrees, undefined);
  assert.equal(seen?.volts[2], undefined);
  assert.equal(seen?.system, "network");
  assert.ok(Math.abs((seen?.lags[0]?.[0] ?? 0) - 30) < 0.01);
  assert.equal(seen?.lags[1], undefined);
  // A power factor alone does not say which way.
  const factor = observationOf({ "V.a": 230, "A.a": 5, "PF.a": 0.5 });
  assert.deepEqual(
    factor?.lags[0]?.map((one) => Math.round(one)),
    [60, -60],
  );
  assert.equal(observationOf({ Hz: 50 }), undefined);
});

test("a meter of three wires that shows the volts of lines as those of phases is one of three wires", () => {
  const lines = { "V.a": 119.94, "V.b": 119.25, "V.c": 118.82, "V.ab": 119.94, "V.bc": 119.25, "V.ca": 118.82 };
  assert.equal(observationOf({ ...lines, "A.a": 4, "A.c": 5 })?.system, "two-element");
});
