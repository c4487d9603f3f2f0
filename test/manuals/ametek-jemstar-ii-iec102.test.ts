/** The enumerations of Appendix F of the JEMStar II's manual: ours are what it prints, and every measure that they have words for goes there and back. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import {
  consumptions,
  directionRows,
  enumerationOf,
  instantaneous,
  measureOf,
  phaseRows,
} from "#product/jemstar/iec102/enumerations.ts";
import { measureName, parseMeasure } from "#quantity/measure-name.ts";

const tables = { Consumption: consumptions, Instantaneous: instantaneous, Phase: phaseRows, Direction: directionRows };

test("the enumerations are the manual's", () => {
  const text = readFileSync(new URL("ametek-jemstar-ii-iec102.tsv", import.meta.url), "utf8");
  const [, ...printed] = text.trimEnd().split("\n");
  const ours = Object.entries(tables).flatMap(([table, rows]) =>
    rows.map(([name, number]) => [table, name, number].join("\t")),
  );
  assert.deepEqual(ours, printed);
});

/** Measure, type, quantity, phase, direction, number: read off the tables by hand. */
const numbered = [
  ["Wh.import", "consumption", 0, 3, 1],
  ["Wh.a.export", "consumption", 0, 0, 2],
  ["Wh.b.net", "consumption", 0, 1, 5],
  ["varh.q1", "consumption", 1, 3, 6],
  ["varh.c.q4", "consumption", 1, 2, 9],
  ["VAh.absolute", "consumption", 2, 3, 4],
  ["VAh.import.arithmetic", "consumption", 3, 3, 1],
  ["Ah.n", "consumption", 4, 5, 0],
  ["Ah", "consumption", 4, 4, 0],
  ["Qh.import", "consumption", 5, 3, 1],
  ["V2h.ln", "consumption", 7, 4, 0],
  ["totalization.12", "consumption", 8, 6, 0, 12],
  ["communicated.14", "consumption", 9, 6, 0, 14],
  ["communicated.value.3", "instantaneous", 24, 6, 0, 3],
  ["W", "instantaneous", 0, 3, 3],
  ["var.b.q2", "instantaneous", 1, 1, 7],
  ["V.ln", "instantaneous", 3, 4, 0],
  ["V.c", "instantaneous", 3, 2, 0],
  ["A.n", "instantaneous", 4, 5, 0],
  ["Hz", "instantaneous", 6, 6, 0],
  ["THD.A.b", "instantaneous", 8, 1, 0],
  ["pulses.3", "instantaneous", 10, 6, 0, 3],
  ["closed.8", "instantaneous", 11, 6, 0, 8],
  ["unbalance.V", "instantaneous", 15, 6, 0],
  ["V.negative", "instantaneous", 18, 6, 0],
  ["V.a.h5", "instantaneous", 22, 0, 0, 5],
  ["A.c.h64", "instantaneous", 23, 2, 0, 64],
] as const;

for (const [name, type, quantity, phase, direction, number] of numbered) {
  test(`${name} is ${type} ${quantity}, phase ${phase}, direction ${direction}`, () => {
    const measure = parseMeasure(name);
    assert.ok(measure !== undefined);
    const expected = { type, quantity, phase, direction, ...(number === undefined ? {} : { number }) };
    assert.deepEqual(enumerationOf(measure), expected);
    const back = measureOf(expected);
    assert.equal(back && measureName(back), name);
  });
}

test("what the tables have no words for has no numbers, and numbers of nothing are no measure", () => {
  for (const name of ["V.ab", "A.positive", "Wh.import.compensated", "W.demand", "V.a.fundamental", "THD.V.a.odd", "Pst.a"]) {
    const measure = parseMeasure(name);
    assert.ok(measure !== undefined, name);
    assert.equal(enumerationOf(measure), undefined, name);
  }
  assert.equal(measureOf({ type: "instantaneous", quantity: 14, phase: 6, direction: 0 }), undefined, "computed");
  assert.equal(measureOf({ type: "instantaneous", quantity: 25, phase: 0, direction: 0 }), undefined);
  assert.equal(measureOf({ type: "consumption", quantity: 0, phase: 3, direction: 0 }), undefined, "no direction");
  assert.equal(measureOf({ type: "instantaneous", quantity: 3, phase: 0, direction: 1 }), undefined, "volts delivered");
});

test("every combination of numbers is one measure or none", () => {
  const names = new Set<string>();
  let measures = 0;
  for (const type of ["consumption", "instantaneous"] as const)
    for (let quantity = 0; quantity <= 25; quantity++)
      for (let phase = 0; phase <= 7; phase++)
        for (let direction = 0; direction <= 10; direction++)
          for (const number of [undefined, 1, 2]) {
            const measure = measureOf({ type, quantity, phase, direction, number });
            if (measure === undefined) continue;
            measures++;
            names.add(JSON.stringify(measure));
            const back = enumerationOf(measure);
            assert.deepEqual({ number: undefined, ...back }, { type, quantity, phase, direction, number });
          }
  assert.equal(names.size, measures);
  assert.ok(measures > 200, String(measures));
});
