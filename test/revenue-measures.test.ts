/** The tables of "Meter Measurements": power factors by direction and with losses, connections, and what there is none of. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { parseRevenueFile } from "#product/jemstar/configuration-file.ts";
import { FileError } from "#product/file-error.ts";
import { parseSite } from "#fleet/site-file.ts";
import { makeSource } from "#fleet/sources.ts";
import type { Measure } from "#quantity/measure.ts";
import { columnsOf, sumOf } from "#revenue/measuring/columns.ts";
import { parseModelNumber } from "#revenue/settings/model-number.ts";
import { Network } from "#waveform/network.ts";
import { SyntheticSteps } from "#waveform/synthetic.ts";
import { allYear, measure, plain, register, revenueRig, trigger, type Load } from "./revenue-rig.ts";

const instantaneous = (id: number, of: Measure) => register(id, { type: "instantaneous", measure: of, decimals: 4 });
const normal = (...all: ReturnType<typeof register>[]) => ({ registers: { normal: all, alternate: [], test: [] } });

/** 120 V to neutral, 5 A, unity: 600 W a phase. */
const balanced = (fifth = 0): Network =>
  new Network({
    hz: 60,
    volts: [120, 120, 120],
    amps: [5, 5, 5],
    angles: [0, -120, 120],
    lag: [0, 0, 0],
    harmonics: { volts: [{ order: 5, percent: fifth, degrees: 0 }], amps: [] },
    noise: 0,
    load: [],
    events: [],
    seed: 1,
  });

test("power factor: its sign by quadrant, its direction by the flow, and 0 of the other direction", () => {
  const all = ["delivered", "received", "bidirectional", "absolute"] as const;
  const found = (load: Load): string[] => {
    const rig = revenueRig(
      normal(...all.map((direction, k) => instantaneous(1 + k, measure("PF", direction)))),
      () => load,
    );
    rig.run(1);
    return all.map((_, k) => rig.value(1 + k).toFixed(2));
  };
  // 3:4:5. Quadrants 1 and 3 lag: positive.
  assert.deepEqual(found({ w: 3000, q: 4000 }), ["0.60", "0.00", "0.60", "0.60"]);
  assert.deepEqual(found({ w: -3000, q: 4000 }), ["0.00", "-0.60", "-0.60", "0.60"]);
  assert.deepEqual(found({ w: -3000, q: -4000 }), ["0.00", "0.60", "0.60", "0.60"]);
  assert.deepEqual(found({ w: 3000, q: -4000 }), ["-0.60", "0.00", "-0.60", "0.60"]);
});

test("compensated power factor and Q: 3000 W and 3000 var with 1000 var of losses are 3:4", () => {
  const compensated = (quantity: Measure["quantity"]): Measure => ({ ...measure(quantity), compensated: true });
  // 3000 + 3000j at 120 V are 11.785 A a phase; 1000 var in all for 3 A^2.
  const amps = Math.hypot(3000, 3000) / 3 / 120;
  const losses = { ironW: 0, ironVar: 0, copperW: 0, copperVar: 1000 / 3 / amps ** 2, lineW: 0, lineVar: 0 };
  const rig = revenueRig(
    {
      ...normal(
        instantaneous(1, measure("PF")),
        instantaneous(2, compensated("PF")),
        instantaneous(3, compensated("Q")),
        register(4, { type: "average", measure: compensated("PF"), decimals: 4 }),
      ),
      losses: { delivered: losses, received: losses },
    },
    () => ({ w: 3000, q: 3000 }),
  );
  rig.run(10);
  assert.equal(rig.value(1).toFixed(4), Math.SQRT1_2.toFixed(4));
  assert.equal(rig.value(2).toFixed(4), "0.6000");
  // Q is W / 2 + var x sqrt(3) / 2.
  assert.equal(rig.value(3).toFixed(2), (1500 + (4000 * Math.sqrt(3)) / 2).toFixed(2));
  assert.equal(rig.value(4).toFixed(4), "0.6000");
});

test("thermal volts, power factor and frequency are at 90 % after the thermal time, 99 % after twice", () => {
  const thermal = (id: number, of: Measure) => register(id, { type: "thermalDemand", measure: of, decimals: 4 });
  const rig = revenueRig(
    normal(
      thermal(1, measure("V", "bidirectional", "a")),
      thermal(2, measure("PF", "bidirectional")),
      thermal(3, measure("Hz", "bidirectional", "a")),
      register(4, { type: "peakThermalDemand", measure: measure("Hz", "bidirectional", "a"), decimals: 4 }),
    ),
    () => ({ w: 3000, q: 4000 }),
  );
  rig.run(15);
  // 120 V, 3:4:5, 60 Hz, from nothing.
  assert.deepEqual(
    [1, 2, 3, 4].map((id) => rig.value(id).toFixed(3)),
    ["108.000", "0.540", "54.000", "54.000"],
  );
  rig.run(15);
  assert.equal(rig.value(1).toFixed(3), "118.800");
});

test("peaks belong to the rate in which they were", () => {
  const peak = (id: number, tariff: "total" | "A" | "B") =>
    register(id, { type: "peakDemand", measure: measure("W"), tariff });
  const rig = revenueRig(
    {
      ...normal(
        peak(1, "total"),
        peak(2, "A"),
        peak(3, "B"),
        register(4, { type: "timeOfPeak", of: 3, measure: measure("W") }),
      ),
      demand: { ...plain.demand, subIntervalMinutes: 15, subIntervals: 1 },
      tou: allYear({ minute: 0, rate: "A" }, { minute: 60, rate: "B" }),
    },
    (minute) => ({ w: minute < 15 ? 9000 : minute < 30 ? 5000 : minute < 60 ? 2000 : minute < 75 ? 4000 : 1000, q: 0 }),
  );
  rig.run(120);
  // What the start cut sets no peak.
  assert.deepEqual([1, 2, 3].map(rig.text), ["5000", "5000", "4000"]);
  assert.equal(rig.text(4), "2026-01-01 01:15:00");
});

test("samples from 45 to 65 Hz, with harmonics up to the fiftieth, are measured to a thousandth of a percent", () => {
  const harmonics =
    "{ volts: [{ order: 5, percent: 3 }, { order: 49, percent: 1 }], amps: [{ order: 3, percent: 20 }, { order: 50, percent: 1 }] }";
  for (const hz of [45.3, 50, 59.97, 64.7]) {
    const { source } = parseSite(
      "site.yaml",
      `meters: [{ name: a, model: leviton-s4100, source: { synthetic: { hz: ${hz}, volts: 120, amps: 5, pf: 0.8, harmonics: ${harmonics} } } }]`,
    ).meters[0]!;
    const made = makeSource(source, { folder: ".", sampling: { perCycle: 512 }, wiring: "wye", start: 0 });
    const { meter } = revenueRig({}, undefined, { source: made });
    for (let ms = 500; ms <= 6000; ms += 500) meter.advance(ms);
    // Roots of sums of squares; 3, 4 and 5 of the fundamental, for no harmonic of the volts meets one of the amps.
    const [v, a] = [120 * Math.sqrt(1 + 0.03 ** 2 + 0.01 ** 2), 5 * Math.sqrt(1 + 0.2 ** 2 + 0.01 ** 2)];
    for (const [of, expected] of [
      [measure("V", "bidirectional", "a"), v],
      [measure("A", "bidirectional", "c"), a],
      [measure("W"), 1440],
      [measure("var"), 1080],
      [measure("VA"), 1800],
      [measure("VA.arithmetic"), 3 * v * a],
      [measure("Hz", "bidirectional", "a"), hz],
    ] as const) {
      const found = sumOf(columnsOf(of), meter.window.average);
      assert.ok(Math.abs(found / expected - 1) < 1e-5, `${of.quantity} at ${hz} Hz: ${found} for ${expected}`);
    }
  }
});

test("every connection measures what its wires carry", () => {
  const found = (connection: (typeof plain)["primary"]["connection"]): string[] => {
    const rig = revenueRig(
      {
        primary: { ...plain.primary, connection },
        ...normal(
          register(1),
          instantaneous(2, measure("W", "bidirectional", "a")),
          instantaneous(3, measure("V", "bidirectional", "a")),
          register(4, { measure: measure("varh", "net"), decimals: 0 }),
        ),
      },
      undefined,
      { source: new SyntheticSteps(balanced()) },
    );
    rig.run(60);
    return [1, 2, 3, 4].map((id) => Math.round(rig.value(id)).toString());
  };
  // Two elements on three wires: each sees its current 30 degrees off line to line volts, which adds up to all of it.
  const twoElements = ["1800", "900", "208", "0"];
  assert.deepEqual(found("3 wire delta"), twoElements);
  assert.deepEqual(found("open delta"), twoElements);
  assert.deepEqual(found("3 wire wye"), twoElements);
  assert.deepEqual(found("network"), ["1200", "600", "120", "0"]);
  assert.deepEqual(found("4 wire wye"), ["1800", "600", "120", "0"]);
  assert.deepEqual(found("4 wire delta"), ["1800", "600", "120", "0"]);
});

test("what has no transformer is not measured: two elements have no third current, a network no third voltage", () => {
  const found = (connection: (typeof plain)["primary"]["connection"]): string[] => {
    const of: Measure[] = [
      measure("A", "bidirectional", "b"),
      measure("A", "bidirectional", "average"),
      measure("V", "bidirectional", "c"),
      measure("V", "bidirectional"),
      measure("unbalance.A", "bidirectional"),
      measure("unbalance.V", "bidirectional"),
      measure("VA.arithmetic", "bidirectional"),
      measure("PF.arithmetic", "bidirectional"),
    ];
    const rig = revenueRig(
      {
        primary: { ...plain.primary, connection },
        ...normal(...of.map((one, k) => instantaneous(k, one))),
        triggers: [
          trigger(1, { measure: measure("V", "bidirectional"), phase: "any", operator: "<", alarm: 60, reset: 61 }),
          trigger(2, { measure: measure("A", "bidirectional"), phase: "any", operator: "<", alarm: 1, reset: 2 }),
        ],
      },
      undefined,
      { source: new SyntheticSteps(balanced()) },
    );
    rig.run(1);
    assert.deepEqual(rig.meter.periphery.triggers.active(), [], "nobody looks at what is not there");
    return of.map((_, k) => Number(rig.value(k).toFixed(2)).toString());
  };
  // 120 V, 5 A, unity.
  assert.deepEqual(found("4 wire wye"), ["5", "5", "120", "120", "0", "0", "1800", "1"]);
  assert.deepEqual(found("3 wire delta"), ["0", "5", "207.85", "207.85", "0", "0", "1800", "1"]);
  assert.deepEqual(found("network"), ["5", "5", "0", "120", "0", "0", "1200", "1"]);
});

test("distortion of all phases is that of the elements there are: 3 % of a fifth harmonic on two as on three", () => {
  for (const connection of ["4 wire wye", "3 wire delta", "network"] as const) {
    const rig = revenueRig(
      {
        primary: { ...plain.primary, connection },
        ...normal(instantaneous(1, measure("THD.V", "bidirectional"))),
      },
      undefined,
      { source: new SyntheticSteps(balanced(3)) },
    );
    rig.run(1);
    assert.equal(rig.value(1).toFixed(6), "3.000000", connection);
  }
});

test("what the tables do not have is refused by its key; what has no direction needs none", () => {
  const ordered = parseModelNumber("JSII-09I6020-1B/2A-DIO");
  const one = (type: string, of: string, more = ""): string =>
    `registers: { normal: [{ id: 1, type: ${type}, measure: ${of} ${more} }] }`;
  for (const [text, says] of [
    [one("instantaneous", "{ quantity: V, phase: neutral }"), /measure\.phase: V is measured of a, b, c, polyphase/],
    [
      one("instantaneous", "{ quantity: W, direction: net }"),
      /measure\.direction: W is measured delivered, received, bi/,
    ],
    [
      one("consumption", "{ quantity: Wh, direction: q1 }"),
      /measure\.direction: Wh is measured delivered, received, net/,
    ],
    [one("consumption", "{ quantity: Ah, phase: neutral }"), /measure\.phase: Ah/],
    [one("peakDemand", "{ quantity: V }"), /measure\.quantity: peakDemand takes W, var/],
    [
      one("consumption", "{ quantity: Wh }", ", storage: cumulative"),
      /storage: consumption takes working, billingReset/,
    ],
    [one("instantaneous", "{ quantity: W }", ", storage: previousDay"), /storage: instantaneous takes working/],
    [
      "profiles: [{ channels: [{ measure: { quantity: Hz, phase: b } }] }]",
      /profiles\[0\]\.channels\[0\]\.measure\.phase: Hz/,
    ],
    ["modbus: { analogs: [{ measure: { quantity: Wh } }] }", /modbus\.analogs\[0\]\.measure\.quantity: not of Wh/],
    [
      "triggers: [{ id: 1, measure: { quantity: V }, phase: neutral, alarm: 1, reset: 1 }]",
      /triggers\[0\]\.measure\.phase: V/,
    ],
    [
      "triggers: [{ id: 1, measure: { quantity: V }, phase: all, alarm: 6, reset: 3, records: rapidVoltageChange }]",
      /triggers\[0\]\.phase: rapidVoltageChange is of any phase/,
    ],
    ["primary: { connection: network }", /form 9 cannot be connected as network/],
  ] as const) {
    assert.throws(
      () => parseRevenueFile("file", text, ordered),
      (error) => error instanceof FileError && says.test(error.message),
      text,
    );
  }
  const { registers } = parseRevenueFile("file", one("instantaneous", "{ quantity: V, phase: a }"), ordered);
  const [first] = registers.normal;
  assert.equal(first !== undefined && "measure" in first && first.measure.direction, "bidirectional");
});
