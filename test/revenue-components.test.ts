/** Symmetrical components, corrected transformers of two elements, arithmetic VA with losses, and currents by direction: on paper. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { FileError } from "#product/file-error.ts";
import { parseRevenueFile } from "#product/jemstar/configuration-file.ts";
import type { Measure } from "#quantity/measure.ts";
import { parseModelNumber } from "#revenue/settings/model-number.ts";
import { Network } from "#waveform/network.ts";
import type { Source, StepValues } from "#waveform/source.ts";
import { SyntheticSamples, SyntheticSteps } from "#waveform/synthetic.ts";
import { measure, plain, register, revenueRig, trigger } from "./revenue-rig.ts";

const now = (id: number, quantity: Measure["quantity"], phase: Measure["phase"] = "polyphase", compensated = false) =>
  register(id, {
    type: "instantaneous",
    measure: { quantity, phase, direction: "bidirectional", compensated },
    decimals: 4,
    scaling: "secondary",
  });
const normal = (...all: ReturnType<typeof register>[]) => ({ registers: { normal: all, alternate: [], test: [] } });
const near = (found: number, expected: number, by = 1e-6): void =>
  assert.ok(Math.abs(found - expected) <= by * Math.max(1, Math.abs(expected)), `${found} for ${expected}`);

function constant(set: (values: StepValues) => void): Source {
  return {
    kind: "steps",
    ended: false,
    step(seconds, from, to) {
      for (const values of [from, to]) {
        values.hz = 60;
        values.n = 0;
        set(values);
      }
      return seconds;
    },
  };
}

type Three = readonly [number, number, number];
const network = (volts: Three, amps: Three, lag: Three = [0, 0, 0]): Network =>
  new Network({
    hz: 60,
    volts,
    amps,
    angles: [0, -120, 120],
    lag,
    harmonics: { volts: [], amps: [] },
    noise: 0,
    load: [],
    events: [],
    seed: 1,
  });

const components = [
  now(1, "V.positive"),
  now(2, "V.negative"),
  now(3, "V.zero"),
  now(4, "unbalance.V"),
  now(5, "unbalance.V.zero"),
  now(6, "A.positive"),
  now(7, "A.negative"),
  now(8, "A.zero"),
  now(9, "unbalance.A"),
];

test("sequences of 120, 110 and 100 V 120 degrees apart are 110, 5.774 and 5.774 V; one current alone is a third of each", () => {
  // (120 + 110 + 100) / 3; the deviations 10, 0, -10 turned against each other are 10 sqrt(3) / 3.
  const expected = [110, 10 / Math.sqrt(3), 10 / Math.sqrt(3), 100 / Math.sqrt(3) / 11, 100 / Math.sqrt(3) / 11];
  const single = [5 / 3, 5 / 3, 5 / 3, 100];
  const made = network([120, 110, 100], [5, 0, 0]);
  for (const source of [new SyntheticSteps(made), new SyntheticSamples(made, { perCycle: 512 })]) {
    const rig = revenueRig(normal(...components), undefined, { source, powerQuality: true });
    for (let ms = 500; ms <= 3000; ms += 500) rig.meter.advance(ms);
    [...expected, ...single].forEach((value, k) => near(rig.value(k + 1), value, 1e-5));
  }
});

test("without power quality unbalance is the largest deviation, and there are no sequences", () => {
  const rig = revenueRig(normal(...components), undefined, {
    source: new SyntheticSteps(network([120, 110, 100], [5, 0, 0])),
  });
  rig.run(1);
  near(rig.value(4), 1000 / 110);
  assert.equal(rig.value(2), 0);
});

test("unbalance of a delta is what IEC 61000-4-30 makes of its three line volts, on steps and on samples", () => {
  const made = network([120, 110, 100], [5, 4, 3], [30, 30, 30]);
  // 5.7.1 of the standard: by the fourth powers of the line volts.
  const [ab, bc, ca] = [
    [120, 110],
    [110, 100],
    [100, 120],
  ].map(([x = 0, y = 0]) => x * x + y * y + x * y) as [number, number, number];
  const beta = (ab * ab + bc * bc + ca * ca) / (ab + bc + ca) ** 2;
  const root = Math.sqrt(3 - 6 * beta);
  const u2 = 100 * Math.sqrt((1 - root) / (1 + root));
  // Ib brings Ia and Ic back: 5 and 3 A 120 degrees apart are sqrt(19) A. Positive and negative of the three.
  const found = [new SyntheticSteps(made), new SyntheticSamples(made, { perCycle: 512 })].map((source) => {
    const rig = revenueRig(
      { primary: { ...plain.primary, connection: "3 wire delta" }, ...normal(...components) },
      undefined,
      {
        source,
        powerQuality: true,
      },
    );
    for (let ms = 500; ms <= 3000; ms += 500) rig.meter.advance(ms);
    near(rig.value(4), u2, 1e-5);
    near(rig.value(3), 0);
    near(rig.value(8), 0);
    return [6, 7].map((id) => rig.value(id));
  });
  // |I1|^2 + |I2|^2 = (25 + 19 + 9) / 3, for there is no zero sequence.
  for (const [positive = 0, negative = 0] of found) near(positive ** 2 + negative ** 2, 53 / 3, 1e-5);
  near(found[0]![0]!, found[1]![0]!, 1e-5);
});

test("a trigger on the negative sequence, which takes option PQ2 or PQ3", () => {
  const rig = revenueRig(
    { triggers: [trigger(1, { measure: measure("V.negative", "bidirectional"), alarm: 5, reset: 4 })] },
    undefined,
    { source: new SyntheticSteps(network([120, 110, 100], [5, 5, 5])), powerQuality: true },
  );
  rig.run(1);
  assert.deepEqual(
    rig.meter.periphery.triggers.active().map(({ id, value }) => [id, value.toFixed(3)]),
    [[1, "5.774"]],
  );
  const text =
    "triggers: [{ id: 1, measure: { quantity: V.negative }, alarm: 5, reset: 4 }]\nregisters: { normal: [{ id: 1, type: maximum, measure: { quantity: unbalance.V.zero } }] }\nmodbus: { counters: [] }";
  const said = (option: string): string => {
    try {
      parseRevenueFile("file", text, parseModelNumber(`JSII-09I6020-2A-DIO${option}`));
      return "";
    } catch (error) {
      assert.ok(error instanceof FileError);
      return error.message;
    }
  };
  assert.equal(said("-PQ2"), "");
  assert.match(
    said("-PQ1"),
    /triggers\[0\]\.measure\.quantity: V\.negative is option PQ2 or PQ3, which was not ordered/,
  );
  assert.doesNotMatch(said("-PQ1"), /unbalance/);
  assert.match(said(""), /registers\.normal\[0\]\.measure\.quantity: unbalance\.V\.zero is option PQ1 or PQ2 or PQ3/);
});

const perfect = { ratio: 1, minutes: 0 };
const delta = (first: typeof perfect, second: typeof perfect) => ({
  correction: { pt: [first, perfect, second], ct: [perfect, perfect, perfect] },
  primary: { ...plain.primary, connection: "3 wire delta" as const },
  ...normal(now(1, "V", "a"), now(2, "V", "b"), now(3, "V", "c"), now(4, "W")),
});
/** 100 V and 1 A on three wires at unity: two elements of 100 cos 30 degrees. */
const threeWires = (): Source =>
  constant((values) => {
    for (let k = 0; k < 3; k++) {
      values.v[k] = 100 / Math.sqrt(3);
      values.ll[k] = 100;
      values.a[k] = 1;
      values.w[k] = k === 1 ? 0 : 50 * Math.sqrt(3);
      values.q[k] = k === 1 ? 0 : k === 0 ? 50 : -50;
    }
  });

test("form 5 has two voltage transformers: each corrects its own volts, and the third are what is between them", () => {
  for (const [first, second, expected] of [
    [{ ratio: 1.01, minutes: 0 }, { ratio: 1.01, minutes: 0 }, [101, 101, 101, 202 * Math.cos(Math.PI / 6)]],
    [
      { ratio: 1.01, minutes: 0 },
      perfect,
      [101, 100, Math.sqrt(10_201 + 10_000 - 10_100), 201 * Math.cos(Math.PI / 6)],
    ],
    // A degree: ab at 31 and cb at 90 degrees are 59 apart; the first element's angle is 31 degrees.
    [
      { ratio: 1, minutes: 60 },
      perfect,
      [100, 100, 200 * Math.sin((29.5 * Math.PI) / 180), 100 * Math.cos((31 * Math.PI) / 180) + 50 * Math.sqrt(3)],
    ],
  ] as const) {
    const rig = revenueRig(delta(first, second), undefined, { source: threeWires() });
    rig.run(1);
    expected.forEach((value, k) => near(rig.value(k + 1), value));
  }
});

test("line volts of a wye follow both of their transformers", () => {
  const rig = revenueRig(
    {
      correction: { pt: [{ ratio: 1.02, minutes: 60 }, perfect, perfect], ct: [perfect, perfect, perfect] },
      ...normal(now(1, "V.ll", "a"), now(2, "V.ll", "b"), now(3, "V.ll", "c")),
    },
    () => ({ w: 300, q: 0, v: 100 }),
  );
  rig.run(1);
  const between = (x: number, y: number, degrees: number): number =>
    Math.sqrt(x * x + y * y - 2 * x * y * Math.cos((degrees * Math.PI) / 180));
  near(rig.value(1), between(102, 100, 121));
  near(rig.value(2), between(100, 100, 120));
  near(rig.value(3), between(100, 102, 119));
});

const losses = { ironW: 1e-3, ironVar: 1e-7, copperW: 0.4, copperVar: 1, lineW: 0.2, lineVar: 0.5 };

test("losses belong to arithmetic VA as to the others; what is distortion stays as it is", () => {
  const rig = (amps: number) =>
    revenueRig(
      {
        losses: { delivered: losses, received: losses },
        ...normal(
          now(1, "VA.arithmetic", "polyphase", true),
          now(2, "PF.arithmetic", "polyphase", true),
          now(3, "VA.arithmetic"),
        ),
      },
      undefined,
      {
        source: constant((values) => {
          for (let k = 0; k < 3; k++) {
            values.v[k] = 120;
            values.ll[k] = 120 * Math.sqrt(3);
            values.a[k] = amps;
            values.w[k] = 600;
            values.q[k] = 0;
          }
        }),
      },
    );
  // 5 A are all of 600 W: 600 + 0.001 x 14,400 + 0.6 x 25 W, 1e-7 x 120^4 + 1.5 x 25 var a phase.
  const plainRig = rig(5);
  plainRig.run(1);
  const [w, q] = [600 + 14.4 + 15, 20.736 + 37.5];
  near(plainRig.value(1), 3 * Math.hypot(w, q));
  near(plainRig.value(2), w / Math.hypot(w, q));
  // 6 A of which 5 carry the power: sqrt(720^2 - 600^2) VA of distortion, with the losses of 6 A.
  const distorted = rig(6);
  distorted.run(1);
  const [more, vars, rest] = [600 + 14.4 + 0.6 * 36, 20.736 + 1.5 * 36, Math.sqrt(720 ** 2 - 600 ** 2)];
  near(distorted.value(3), 3 * 720);
  near(distorted.value(1), 3 * Math.hypot(more, vars, rest));
  near(distorted.value(2), more / Math.hypot(more, vars, rest));
});

const onlyWatts = { ...losses, ironVar: 0, copperVar: 0, lineVar: 0 };

test("arithmetic VA of two elements with losses is that of what flows on its three wires", () => {
  const rig = revenueRig(
    {
      losses: { delivered: onlyWatts, received: onlyWatts },
      primary: { ...plain.primary, connection: "3 wire delta" },
      ...normal(now(1, "VA.arithmetic", "polyphase", true), now(2, "W", "polyphase", true), now(3, "VA.arithmetic")),
    },
    undefined,
    { source: threeWires() },
  );
  rig.run(1);
  near(rig.value(3), 100 * Math.sqrt(3));
  // At unity all of it is watts: two elements of 10 and 0.6 W more.
  near(rig.value(2), 100 * Math.sqrt(3) + 2 * (10 + 0.6), 1e-5);
  near(rig.value(1), 100 * Math.sqrt(3) + 2 * (10 + 0.6), 1e-5);
});

test("demand of currents by direction: they flow where the watts of their phase do", () => {
  const peak = (
    id: number,
    quantity: "A" | "A2",
    direction: Measure["direction"],
    phase: Measure["phase"] = "polyphase",
  ) => register(id, { type: "peakDemand", measure: measure(quantity, direction, phase), decimals: 4 });
  // Phase c gives back what a and b take, for the first hour; then c alone takes.
  let seconds = 0;
  const source: Source = {
    kind: "steps",
    ended: false,
    step(most, from, to) {
      const first = seconds < 3600;
      const took = Math.min(most, (first ? 3600 : Infinity) - seconds);
      for (const values of [from, to]) {
        values.hz = 60;
        values.n = 2;
        for (let k = 0; k < 3; k++) {
          const amps = first ? [3, 4, 5][k]! : [0, 0, 2][k]!;
          values.v[k] = 100;
          values.ll[k] = 100 * Math.sqrt(3);
          values.a[k] = amps;
          values.w[k] = first && k === 2 ? -100 * amps : 100 * amps;
          values.q[k] = 0;
        }
      }
      seconds += took;
      return took;
    },
  };
  const rig = revenueRig(
    normal(
      peak(1, "A", "delivered"),
      peak(2, "A", "received"),
      peak(3, "A", "bidirectional"),
      peak(4, "A2", "delivered"),
      peak(5, "A2", "received"),
      peak(6, "A", "delivered", "c"),
      peak(7, "A", "received", "average"),
      peak(8, "A", "delivered", "neutral"),
      peak(9, "A", "received", "neutral"),
    ),
    undefined,
    { source },
  );
  rig.run(120);
  [7, 5, 12, 25, 25, 2, 5 / 3, 2, 0].forEach((value, k) => near(rig.value(k + 1), value, 1e-9));
});
