/**
 * What a JEMStar II is as an IED by how it is connected (7-4: PhV is phase to ground, PPV phase to phase; 7-3: SEQ, angRef), against phasors
 * of its source: no value stands under a name of what is not measured.
 */
import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { nodeName } from "#protocol/iec61850/model/ied.ts";
import { leavesOf } from "#protocol/iec61850/model/references.ts";
import { quality, type LeafValue } from "#protocol/iec61850/model/value.ts";
import { variationOf } from "#product/jemstar/iec61850/last-variation.ts";
import { iedMeter, type IedMeter } from "./iec61850-meter.ts";

// ── arithmetic ──────────────────────────────────────────────────────────────────────────────────────────────────────

type Complex = readonly [re: number, im: number];
const degrees = 180 / Math.PI;
const phasor = (size: number, angle: number): Complex => [
  size * Math.cos(angle / degrees),
  size * Math.sin(angle / degrees),
];
const sum = (...all: readonly Complex[]): Complex => [
  all.reduce((whole, [re]) => whole + re, 0),
  all.reduce((whole, [, im]) => whole + im, 0),
];
const times = ([a, b]: Complex, [c, d]: Complex): Complex => [a * c - b * d, a * d + b * c];
const less = (one: Complex, [re, im]: Complex): Complex => sum(one, [-re, -im]);
const size = ([re, im]: Complex): number => Math.hypot(re, im);
const angle = ([re, im]: Complex): number => Math.atan2(im, re) * degrees;
const third = (one: Complex): Complex => times(one, [1 / 3, 0]);
const [ahead, behind] = [phasor(1, 120), phasor(1, -120)];

/** 118, 121 and 124 V to neutral; 4, 5 and 6 A that lag by acos 0.8, acos 0.6 and nothing. */
const SOURCE = "volts: [118, 121, 124], amps: [4, 5, 6], pf: [0.8, 0.6, 1]";
const [va, vb, vc] = [phasor(118, 0), phasor(121, -120), phasor(124, 120)];
const [ia, ib, ic] = [phasor(4, -Math.acos(0.8) * degrees), phasor(5, -120 - Math.acos(0.6) * degrees), phasor(6, 120)];
const [vab, vbc, vca] = [less(va, vb), less(vb, vc), less(vc, va)];
/** Fortescue: of volts to neutral, whatever the neutral is at. */
const positive = third(sum(va, times(ahead, vb), times(behind, vc)));
const negative = third(sum(va, times(behind, vb), times(ahead, vc)));
/** What a meter of two elements knows of the current that it does not measure. */
const back = less([0, 0], sum(ia, ic));

function near(value: LeafValue, expected: number, of: number, what: string): void {
  assert(typeof value === "number" && Math.abs(value - expected) <= of, `${what}: ${String(value)}, not ${expected}`);
}

function measured(
  t: TestContext,
  connection: string,
  more: { form?: string; sampled?: boolean; primary?: string } = {},
) {
  const meter = iedMeter(t, {
    modelNumber: `JSII-${more.form ?? "05"}I6020-1B/2A-DIO-NTP-IEC-PQ3`,
    configuration: `primary: { connection: ${connection}${more.primary ?? ""} }\niec61850: { deadband: 0, statisticsMinutes: 1 }`,
    source: SOURCE,
    isSampled: more.sampled === true,
  });
  meter.host.image();
  meter.pass(more.sampled === true ? 0.1 : 2.5);
  return meter;
}

const lines = ["3 wire delta", "open delta", "3 wire wye"];

/** Places of a node that are known. */
const partsOf = ({ host }: IedMeter, node: string): string[] =>
  host.ied.devices.flatMap(({ nodes }) =>
    nodes
      .filter((one) => nodeName(one) === node)
      .flatMap(({ objects }) =>
        objects.flatMap(({ name, objects: parts }) => parts.map((part) => `${name}.${part.name}`)),
      ),
  );

// ── volts from line to line ─────────────────────────────────────────────────────────────────────────────────────────

for (const connection of lines) {
  test(`${connection}: there are volts from line to line, two currents, and no phases`, (t) => {
    const meter = measured(t, connection);
    assert.deepEqual(partsOf(meter, "MMXU1"), ["PPV.phsAB", "PPV.phsBC", "PPV.phsCA", "A.phsA", "A.phsC"]);
    for (const [part, volts] of Object.entries({ phsAB: vab, phsBC: vbc, phsCA: vca }))
      near(meter.value(`MMXU1.PPV.${part}.cVal.mag.f`), size(volts), 1e-4, part);
    near(meter.value("MMXU1.A.phsA.cVal.mag.f"), 4, 1e-6, "A");
    near(meter.value("MMXU1.A.phsC.cVal.mag.f"), 6, 1e-6, "C");
    // Blondel: of three wires two elements have all.
    near(meter.value("MMXU1.TotW.mag.f"), times(vab, [ia[0], -ia[1]])[0] + times(vbc, [-ic[0], ic[1]])[0], 1e-3, "W");
  });

  test(`${connection}: angles are against Vab, and say so`, (t) => {
    const meter = measured(t, connection);
    assert.equal(meter.value("MMXU1.A.angRef"), 6);
    assert.equal(meter.value("MMXU1.PPV.angRef"), 6);
    near(meter.value("MMXU1.A.phsA.cVal.ang.f"), angle(ia) - angle(vab), 1e-3, "A");
    near(meter.value("MMXU1.A.phsC.cVal.ang.f"), angle(ic) - angle(vab), 1e-3, "C");
    assert.equal(meter.value("MMXU1.PPV.phsAB.cVal.ang.f"), 0);
    near(meter.value("MMXU1.PPV.phsBC.cVal.ang.f"), angle(vbc) - angle(vab), 1e-3, "BC");
  });

  test(`${connection}: sequences are those of volts to neutral, and there is no zero sequence`, (t) => {
    const meter = measured(t, connection);
    near(meter.value("MSQI1.SeqV.c1.cVal.mag.f"), size(positive), 1e-4, "positive");
    near(meter.value("MSQI1.SeqV.c2.cVal.mag.f"), size(negative), 1e-4, "negative");
    near(
      meter.value("MSQI1.SeqA.c1.cVal.mag.f"),
      size(third(sum(ia, times(ahead, back), times(behind, ic)))),
      1e-4,
      "A",
    );
    near(meter.value("MSQI1.ImbNgV.mag.f"), (100 * size(negative)) / size(positive), 1e-4, "unbalance");
    for (const name of ["SeqV", "SeqA"]) {
      // The class has to have it.
      assert.equal(meter.value(`MSQI1.${name}.c3.cVal.mag.f`), undefined);
      assert.equal(meter.value(`MSQI1.${name}.c3.q`), quality.invalid);
    }
    for (const name of ["ImbZroA", "ImbZroV"]) assert.equal(meter.has(`MSQI1.${name}.mag.f`), false);
  });

  test(`${connection}: harmonics and distortion are of volts from line to line and of two currents`, (t) => {
    const meter = measured(t, connection);
    const parts = partsOf(meter, "MHAI1").filter((one) => one.includes("V."));
    assert.deepEqual(
      parts.filter((one) => !one.includes("PPV.")),
      [],
    );
    assert(parts.includes("ThdPPV.phsCA"));
    assert.equal(meter.has("MHAI1.HA.phsBHar(1).cVal.mag.f"), false);
    assert.equal(meter.has("MHAI1.HA.phsCHar(1).cVal.mag.f"), true);
    assert.equal(meter.has("MHAI1.HPPV.phsCAHar(1).cVal.mag.f"), true);
  });
}

for (const [rotation, [c1, c2]] of [
  ["abc", [positive, negative]],
  // Where phases are to follow as a, c, b, what was positive is negative.
  ["acb", [negative, positive]],
] as const)
  test(`sequences of a delta are turned to the phases of a site that follow as ${rotation}`, (t) => {
    const meter = measured(t, "3 wire delta", { sampled: true, primary: `, rotation: ${rotation}` });
    for (const [part, expected] of [
      ["c1", c1],
      ["c2", c2],
    ] as const) {
      near(meter.value(`MSQI1.SeqV.${part}.cVal.mag.f`), size(expected), 1e-3, part);
      const off = Number(meter.value(`MSQI1.SeqV.${part}.cVal.ang.f`)) - (angle(expected) - angle(vab));
      near(off - 360 * Math.round(off / 360), 0, 0.01, `${part}, degrees off`);
    }
  });

test("a delta without harmonics knows the distortion of what its elements measure", (t) => {
  const meter = iedMeter(t, { modelNumber: "JSII-05I6020-1B/2A-DIO-NTP-IEC", source: SOURCE });
  assert.deepEqual(partsOf(meter, "MHAI1"), ["ThdA.phsA", "ThdA.phsC", "ThdPPV.phsAB", "ThdPPV.phsBC"]);
});

test("a sag from line to line affects the two phases that it is between", () => {
  const at = { utc: 1, offsetMinutes: 0, daylightSaving: false, synchronised: false };
  const details = { event: "phase b sag < 187", "V.ab": "200.00 208.00 204.00", "V.bc": "150.00 190.00 170.00" };
  const { phases, volts } = variationOf({ at, details });
  // AffectedPhasesKind: PhaseBC.
  assert.deepEqual([phases, volts], [6, 150]);
  const swell = { event: "phase c swell > 132", "V.c": "133.00 140.50 136.00" };
  const { phases: one, volts: most } = variationOf({ at, details: swell });
  assert.deepEqual([one, most], [4, 140.5]);
});

// ── volts to neutral ────────────────────────────────────────────────────────────────────────────────────────────────

test("a network has two phases and the volts between them", (t) => {
  const meter = measured(t, "network");
  assert.deepEqual(
    partsOf(meter, "MMXU1").filter((one) => !one.startsWith("A.")),
    ["PPV.phsAB", ...["PhV", "W", "VAr", "VA", "PF"].flatMap((one) => [`${one}.phsA`, `${one}.phsB`])],
  );
  near(meter.value("MMXU1.PhV.phsB.cVal.mag.f"), 121, 1e-4, "B");
  near(meter.value("MMXU1.PPV.phsAB.cVal.mag.f"), size(vab), 1e-4, "AB");
  assert.equal(meter.value("MMXU1.A.angRef"), 0);
  assert.equal(meter.has("MHAI1.HPhV.phsCHar(1).cVal.mag.f"), false);
  assert.equal(partsOf(meter, "MSQI1").length, 0);
});

for (const connection of ["4 wire wye", "4 wire delta"])
  test(`${connection}: volts to neutral are volts to neutral, whichever power quality is of`, (t) => {
    for (const pqVoltage of ["ln", "ll"]) {
      const meter = measured(t, connection, { form: "09", primary: `, pqVoltage: ${pqVoltage}` });
      near(meter.value("MMXU1.PhV.phsC.cVal.mag.f"), 124, 1e-4, "C");
      near(meter.value("MMXU1.PPV.phsCA.cVal.mag.f"), size(vca), 1e-4, "CA");
      near(meter.value("MMXU1.W.phsB.cVal.mag.f"), 363, 1e-3, "W");
      near(meter.value("MSQI1.SeqV.c1.cVal.mag.f"), size(positive), 1e-4, "positive");
      near(meter.value("MSQI1.SeqV.c3.cVal.mag.f"), size(third(sum(va, vb, vc))), 1e-4, "zero");
      near(meter.value("MSQI1.SeqA.c3.cVal.mag.f"), size(third(sum(ia, ib, ic))), 1e-4, "zero of amps");
      assert.equal(meter.value("MMXU1.A.angRef"), 0);
      assert.equal(meter.has("MHAI1.ThdPhV.phsA.cVal.mag.f"), true);
      assert.equal(meter.has("MHAI1.ThdPPV.phsAB.cVal.mag.f"), pqVoltage === "ll");
    }
  });

test("nothing of any connection is good under a name of which nothing is measured", (t) => {
  for (const connection of [...lines, "network"]) {
    const meter = measured(t, connection);
    const { values } = meter.host.image();
    const named = [...leavesOf(meter.host.ied)].filter(
      ({ node, path, leaf }) => /^M(MXU|SQI|HAI|FLK)$/.test(node.lnClass) && leaf.name === "q" && !path.includes("Har"),
    );
    for (const { node, path, leaf } of named) {
      if (values[leaf.index] === quality.invalid) continue;
      const forbidden = connection === "network" ? /phsC|phsBC/ : /PhV|phsB\b|neut|^(W|VAr|VA|PF)\./;
      assert.doesNotMatch(path, forbidden, `${connection}: ${nodeName(node)}.${path}`);
    }
  }
});
