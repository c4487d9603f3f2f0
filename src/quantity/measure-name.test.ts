/** The written form of measures: hand-written pairs, and both ways over all that can be measured. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { unknownIn } from "#revenue/settings/measurements.ts";
import {
  counted,
  directions,
  energies,
  levels,
  methods,
  parities,
  phases,
  powers,
  qualities,
  reductions,
  sampled,
  sequences,
  shown,
  type Measure,
} from "./measure.ts";
import { measureName, parseMeasure } from "./measure-name.ts";
import { isQuantity, measuredNames, measureOf, quantityOf, stateNames } from "./quantity.ts";
import { scaledUnit, unitOf } from "./unit.ts";

const plain = { phase: "polyphase", direction: "bidirectional", compensated: false } as const;

/** By hand, from the manual's measurement tables and the registers of the fixed maps. */
const pairs: readonly (readonly [text: string, measure: Pick<Measure, "quantity"> & Partial<Measure>])[] = [
  ["Wh.import", { quantity: "Wh", direction: "delivered" }],
  ["Wh.a.export.compensated", { quantity: "Wh", phase: "a", direction: "received", compensated: true }],
  ["Wh.net", { quantity: "Wh", direction: "net" }],
  ["Wh.total", { quantity: "Wh", direction: "total" }],
  ["varh.c.q3", { quantity: "varh", phase: "c", direction: "q3" }],
  ["VAh.import.arithmetic", { quantity: "VAh.arithmetic", direction: "delivered" }],
  ["Qh.b.absolute", { quantity: "Qh", phase: "b", direction: "absolute" }],
  ["W", { quantity: "W" }],
  ["W.import", { quantity: "W", direction: "delivered" }],
  ["W.b.absolute", { quantity: "W", phase: "b", direction: "absolute" }],
  ["var.q1", { quantity: "var", direction: "q1" }],
  ["var.a.budeanu", { quantity: "var", phase: "a", method: "budeanu" }],
  // Apparent power has no sign but the JEMStar's, that of its watts.
  ["VA", { quantity: "VA", direction: "absolute" }],
  ["VA.net", { quantity: "VA" }],
  ["VA.arithmetic", { quantity: "VA.arithmetic", direction: "absolute" }],
  ["VA.a.net.arithmetic", { quantity: "VA.arithmetic", phase: "a" }],
  ["V.ln", { quantity: "V" }],
  ["V.b", { quantity: "V", phase: "b" }],
  ["V.ab", { quantity: "V.ll", phase: "a" }],
  ["V.ca", { quantity: "V.ll", phase: "c" }],
  ["V.ll", { quantity: "V.ll" }],
  ["V2.ln", { quantity: "V2" }],
  ["V2.ab", { quantity: "V2.ll", phase: "a" }],
  ["V2.ll", { quantity: "V2.ll" }],
  ["A2.n", { quantity: "A2", phase: "neutral" }],
  ["V2h.c", { quantity: "V2h", phase: "c" }],
  ["A.sum", { quantity: "A" }],
  ["A", { quantity: "A", phase: "average" }],
  ["A.n", { quantity: "A", phase: "neutral" }],
  ["A.c.export", { quantity: "A", phase: "c", direction: "received" }],
  ["A2.absolute.demand", { quantity: "A2", phase: "average", direction: "absolute", demand: true }],
  ["A2h", { quantity: "A2h", phase: "average" }],
  ["Ah.sum", { quantity: "Ah" }],
  ["Hz", { quantity: "Hz" }],
  ["Hz.a", { quantity: "Hz", phase: "a" }],
  // The JEMStar's power factor is + for lagging; that of the fixed maps has the sign of W.
  ["PF.leadlag", { quantity: "PF" }],
  ["PF.a.import.leadlag", { quantity: "PF", phase: "a", direction: "delivered" }],
  ["PF.absolute", { quantity: "PF", direction: "absolute" }],
  ["PF.arithmetic.leadlag", { quantity: "PF.arithmetic" }],
  ["PF", { quantity: "PF", sign: "flow" }],
  ["PF.average", { quantity: "PF", phase: "average", sign: "flow" }],
  ["THD.V.b", { quantity: "THD.V", phase: "b" }],
  ["THD.A", { quantity: "THD.A" }],
  ["unbalance.V", { quantity: "unbalance.V" }],
  ["unbalance.V.zero", { quantity: "unbalance.V.zero" }],
  ["unbalance.V.a", { quantity: "unbalance.V.ln", phase: "a" }],
  ["unbalance.V.bc", { quantity: "unbalance.V.ll", phase: "b" }],
  ["rotation.A", { quantity: "rotation.A" }],
  ["V.positive", { quantity: "V.positive" }],
  ["A.zero.angle", { quantity: "A.zero", part: "angle" }],
  ["V.a.fundamental", { quantity: "V", phase: "a", method: "fundamental" }],
  ["deg.V.a", { quantity: "V", phase: "a", method: "fundamental", part: "angle" }],
  ["deg.V.bc", { quantity: "V.ll", phase: "b", method: "fundamental", part: "angle" }],
  ["deg.b", { quantity: "deg", phase: "b" }],
  ["quadrant", { quantity: "quadrant" }],
  ["crest.A.c", { quantity: "crest.A", phase: "c" }],
  ["K.A.b", { quantity: "K.A", phase: "b" }],
  ["DPF.leadlag", { quantity: "PF.displacement" }],
  ["DPF.c.leadlag", { quantity: "PF.displacement", phase: "c" }],
  ["unbalance.A.sequence", { quantity: "unbalance.A.sequence" }],
  ["THD.V.ca", { quantity: "THD.V.ll", phase: "c" }],
  ["V.input.a.fundamental", { quantity: "V.input", phase: "a", method: "fundamental" }],
  ["deg.V.input.b", { quantity: "V.input", phase: "b", method: "fundamental", part: "angle" }],
  ["V.a.h5", { quantity: "V", phase: "a", order: 5 }],
  ["V.ab.h64.angle", { quantity: "V.ll", phase: "a", order: 64, part: "angle" }],
  ["V.ab.ih1", { quantity: "V.ll", phase: "a", interharmonic: 1 }],
  ["A.c.ih50.max", { quantity: "A", phase: "c", interharmonic: 50, over: "maximum" }],
  ["THD.V.a.odd", { quantity: "THD.V", phase: "a", parity: "odd" }],
  ["THD.V.ll.even", { quantity: "THD.V.ll", parity: "even" }],
  ["THD.A.b.even.min", { quantity: "THD.A", phase: "b", parity: "even", over: "minimum" }],
  ["TDD.A.a", { quantity: "TDD.A", phase: "a" }],
  ["TDD.A.c.odd", { quantity: "TDD.A", phase: "c", parity: "odd" }],
  ["Pst.a", { quantity: "Pst", phase: "a" }],
  ["Plt.bc", { quantity: "Plt.ll", phase: "b" }],
  ["Pinst.c.max", { quantity: "Pinst", phase: "c", over: "maximum" }],
  ["under.V.a", { quantity: "under.V", phase: "a" }],
  ["over.V.ca.mean", { quantity: "over.V.ll", phase: "c", over: "average" }],
  ["MSV.b", { quantity: "MSV", phase: "b" }],
  ["MSV.ab", { quantity: "MSV.ll", phase: "a" }],
  ["Hz.10s", { quantity: "Hz.10s" }],
  ["crest.V.bc", { quantity: "crest.V.ll", phase: "b" }],
  ["V.a.min", { quantity: "V", phase: "a", over: "minimum" }],
  ["A.c.h3.mean", { quantity: "A", phase: "c", order: 3, over: "average" }],
  ["Wh.import.interval", { quantity: "Wh", direction: "delivered", over: "total" }],
  ["Hz.snapshot", { quantity: "Hz", over: "snapshot" }],
  ["W.demand", { quantity: "W", demand: true }],
  // The Series 4100 shows apparent demand as import less export.
  ["VA.demand", { quantity: "VA", demand: true }],
  ["W.import.demand.max", { quantity: "W", direction: "delivered", demand: true, over: "maximum" }],
  ["pulses.3", { quantity: "pulses", channel: 3 }],
  ["totalization.16", { quantity: "totalization", channel: 16 }],
  ["communicated.14", { quantity: "communicated", channel: 14 }],
  ["communicated.value.9", { quantity: "communicated.value", channel: 9 }],
  ["closed.8", { quantity: "closed", channel: 8 }],
  ["systemBits", { quantity: "systemBits" }],
];

for (const [text, parts] of pairs) {
  const measure = { ...plain, ...parts };
  test(`${text} is written and read as it says`, () => {
    assert.equal(measureName(measure), text);
    assert.deepEqual(parseMeasure(text), measure);
  });
}

/** Names that nothing has: a multiple, a missing direction, a plain direction spelt out, words in another order. */
const noNames = [
  ..."kWh.import Wh Wh.bidirectional varh.q5 W.net VA.absolute A.average PF.flow V V.polyphase V.n W.d W. .W".split(
    " ",
  ),
  ..."W.demand.import V.a.h1 V.a.h05 V.a.h129 V.a.h V.ln.h5 V.a.angle W.h5 deg.V deg.V.ln deg.W.a deg.V.a.h5".split(
    " ",
  ),
  ..."pulses pulses.0 pulses.9 pulses.01 totalization.17 communicated communicated.15 communicated.value Wh.import.3 V.a.compensated.min Wh.compensated.import".split(
    " ",
  ),
  ..."V.a.ih0 V.a.ih51 V.a.ih05 V.a.ih V.ln.ih5 W.a.ih5 V.a.h5.ih5 V.a.ih5.angle V.a.odd crest.A.a.odd THD.V.a.odd.even".split(
    " ",
  ),
  ..."Pst Pst.ll TDD TDD.A Plt.n under.V over.V.ln MSV MSV.ll Hz.a.10s Hz.10s.a crest.V Pst.a.demand".split(" "),
  "",
  "constructor",
  "__proto__",
  "W.toString",
];

test("what is not written so is no measure", () => {
  for (const text of noNames) assert.equal(parseMeasure(text), undefined, text);
});

const quantities = [
  ...new Set([...powers, ...levels, ...sequences, ...shown, ...energies, ...counted, ...sampled]),
] as const;

test("every measure of the JEMStar's tables, with and without losses, has a name of its own and comes back from it", () => {
  const names = new Set<string>();
  let measures = 0;
  for (const quantity of quantities) {
    const channels = ["pulses", "totalization", "communicated", "communicated.value", "closed"].includes(quantity)
      ? [1, 2, 8]
      : [undefined];
    for (const phase of phases) {
      for (const direction of directions) {
        for (const compensated of [false, true]) {
          for (const channel of channels) {
            const measure = { quantity, phase, direction, compensated, ...(channel === undefined ? {} : { channel }) };
            if (unknownIn(measure) !== undefined) continue;
            measures++;
            const name = measureName(measure);
            names.add(name);
            assert.deepEqual(parseMeasure(name), measure, name);
          }
        }
      }
    }
  }
  assert.ok(measures > 400, String(measures));
  assert.equal(names.size, measures);
});

test("every name of the fixed maps' tables is that of its measure; the meter's own state is no measure", () => {
  for (const name of measuredNames) {
    assert.equal(measureName(measureOf(name)), name);
    assert.equal(quantityOf(measureOf(name)), name);
    assert.equal(quantityOf({ ...measureOf(name) }), name);
  }
  assert.equal(quantityOf({ ...plain, quantity: "Wh", direction: "q1" }), undefined);
  for (const name of stateNames) {
    assert.equal(measureOf(name), undefined, name);
    assert.equal(parseMeasure(name), undefined, name);
  }
});

const word = fc.constantFrom(
  ...new Set([
    ...measuredNames.flatMap((name) => name.split(".")),
    ...pairs.flatMap(([text]) => text.split(".")),
    ..."h2 h128 ih1 ih50 odd even Pst 10s angle min mean snapshot compensated leadlag arithmetic 1 16".split(" "),
  ]),
);

test("whatever words are put together: what is read is written the same again", () => {
  let read = 0;
  fc.assert(
    fc.property(fc.array(word, { minLength: 1, maxLength: 6 }), (words) => {
      const text = words.join(".");
      const measure = parseMeasure(text);
      if (measure === undefined) return;
      read++;
      assert.equal(measureName(measure), text);
    }),
    { numRuns: 20_000 },
  );
  assert.ok(read > 100, String(read));
});

test("harmonics, interharmonics, flicker, phasors, components, methods and demands come back from their names, whatever is kept of them", () => {
  const of: Partial<Measure>[] = [];
  for (const phase of ["a", "b", "c"] as const) {
    for (const quantity of ["V", "V.ll", "A"] as const) {
      for (const order of [2, 5, 64, 128])
        of.push({ quantity, phase, order }, { quantity, phase, order, part: "angle" });
      for (const interharmonic of [1, 2, 40, 50]) of.push({ quantity, phase, interharmonic });
      of.push({ quantity, phase, method: "fundamental" }, { quantity, phase, method: "fundamental", part: "angle" });
    }
    for (const quantity of ["THD.V", "THD.V.ll", "THD.A", "TDD.A"] as const)
      for (const parity of parities) of.push({ quantity, phase, parity });
    for (const quantity of qualities) if (quantity !== "Hz.10s") of.push({ quantity, phase });
    for (const method of methods) of.push({ quantity: "var", phase, method });
    for (const direction of ["bidirectional", "delivered", "received", "absolute"] as const) {
      for (const quantity of powers) of.push({ quantity, phase, direction, demand: true });
    }
    for (const quantity of ["A", "A2"] as const) of.push({ quantity, phase, demand: true });
  }
  for (const quantity of sequences) of.push({ quantity });
  for (const quantity of ["V.negative", "A.positive"] as const) of.push({ quantity, part: "angle" });
  for (const parts of of) {
    for (const over of [undefined, ...reductions]) {
      for (const compensated of [false, true]) {
        const measure = { ...plain, ...parts, compensated, ...(over === undefined ? {} : { over }) } as Measure;
        assert.deepEqual(parseMeasure(measureName(measure)), measure, measureName(measure));
      }
    }
  }
});

test("a unit can be asked by name and by measure", () => {
  const units = {
    "Wh.import": "Wh",
    "V2.a": "V²",
    "THD.V.a": "%",
    "deg.A.b": "°",
    PF: "",
    "VA.arithmetic": "VA",
  } as const;
  for (const [name, unit] of Object.entries(units)) {
    assert.ok(isQuantity(name));
    assert.equal(unitOf(name), unit);
    const measure = parseMeasure(name);
    assert.ok(measure !== undefined);
    assert.equal(unitOf(measure), unit);
  }
  const qualities = { "TDD.A.b": "%", "Pst.a": "", "under.V.ab": "%", "MSV.c": "V", "Hz.10s": "Hz", "V.a.ih7": "V" };
  for (const [name, unit] of Object.entries(qualities)) assert.equal(unitOf(parseMeasure(name)!), unit, name);
  assert.equal(unitOf("log.start"), "Wh");
  assert.equal(unitOf("W.theoretical"), "W");
  assert.equal(unitOf("alerts"), "");
  assert.equal(unitOf("A.a.demand.running"), "A");
  assert.equal(unitOf("W.peak.var"), "var");
  assert.equal(unitOf("W.peak.PF"), "");
  assert.equal(unitOf("demand.seconds"), "s");
  assert.deepEqual(scaledUnit("varh.q1", "kilo"), { unit: "kvarh", scale: 1000 });
  assert.deepEqual(scaledUnit("PF", "kilo"), { unit: "", scale: 1000 });
  assert.deepEqual(scaledUnit({ quantity: "A2h" }, "mega"), { unit: "MA²h", scale: 1_000_000 });
});
