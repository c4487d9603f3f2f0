/** Dead bands, quality and time of single points (IEC 61850-7-3: instMag, mag, db, q, t), against arithmetic on paper and a naive reference. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { iedOf } from "#protocol/iec61850/model/make-ied.ts";
import { LeafIndex } from "#protocol/iec61850/model/references.ts";
import { quality, type IedTime, type LeafValue } from "#protocol/iec61850/model/value.ts";
import { Draft } from "./draft.ts";
import { AnalogPoint, PlainPoint, qualityOf } from "./points.ts";

const ied = iedOf({
  name: "JEM01",
  edition: "2",
  manufacturer: "AMETEK",
  type: "JEMStar II",
  configVersion: "1",
  devices: [
    {
      inst: "MTR",
      nodes: [
        {
          lnClass: "MMXU",
          inst: "1",
          objects: [
            { name: "TotW", cdc: "MV", has: ["instMag"] },
            { name: "PhV", cdc: "WYE", has: ["instCVal", "ang"], parts: ["phsA"] },
            { name: "Beh", cdc: "ENS", of: "BehaviourModeKind" },
          ],
        },
      ],
    },
  ],
});
const leaves = new LeafIndex(ied);
const at = (utc: number): IedTime => ({ utc, leapSecondsKnown: false, clockFailure: false, notSynchronised: true });

/** 1 % of a range of 1000 W is 10 W. */
function rig(path: string, db: number, range = { min: -500, max: 500 }) {
  const point = AnalogPoint.at(leaves, "MTR", `MMXU1.${path}`, { range, db: () => db });
  assert(point !== undefined);
  let values: readonly LeafValue[] = Array.from({ length: ied.leaves });
  let utc = 0;
  const value = (tail: string): LeafValue => values[leaves.find("MTR", `MMXU1.${path}.${tail}`)?.leaf.index ?? -1];
  return {
    value,
    show(given: number | undefined, { angle, good = true }: { readonly angle?: number; readonly good?: boolean } = {}) {
      const draft = new Draft(values);
      point.show(draft, { value: given, good }, angle, { at: at(++utc), isFailing: false });
      const before = values;
      values = draft.values;
      return { isSame: values === before };
    },
    time: () => (value("t") as IedTime).utc,
  };
}

test("mag stays while the value is within its dead band, and is the value when it has left it", () => {
  const { show, value, time } = rig("TotW", 1000);
  show(100);
  show(110);
  assert.deepEqual([value("instMag.f"), value("mag.f"), time()], [110, 100, 1]);
  show(110.5);
  assert.deepEqual([value("instMag.f"), value("mag.f"), time()], [110.5, 110.5, 3]);
  show(100.5);
  assert.deepEqual([value("mag.f"), time()], [110.5, 3], "ten are within");
});

test("a dead band of 0 is every change, and what is the same changes nothing", () => {
  const { show, value, time } = rig("TotW", 0);
  show(100);
  show(100.001);
  assert.equal(value("mag.f"), Math.fround(100.001));
  assert.equal(show(100.001).isSame, true);
  assert.equal(time(), 2);
});

test("another quality takes the value with it, whatever its dead band", () => {
  const { show, value, time } = rig("TotW", 100_000);
  show(100);
  show(101);
  assert.equal(value("mag.f"), 100);
  show(102, { good: false });
  assert.deepEqual([value("mag.f"), value("q"), time()], [102, quality.questionable, 3]);
  show(undefined);
  assert.deepEqual([value("mag.f"), value("instMag.f"), value("q")], [undefined, undefined, quality.invalid]);
  show(501);
  assert.deepEqual([value("mag.f"), value("q")], [501, quality.questionable | quality.outOfRange]);
});

test("an angle has the same part of a turn, the short way round", () => {
  // 1 % of 360° is 3.6°.
  const { show, value } = rig("PhV.phsA", 1000);
  show(100, { angle: 179 });
  show(100, { angle: -179 });
  assert.equal(value("cVal.ang.f"), 179);
  show(100, { angle: -177 });
  assert.equal(value("cVal.ang.f"), -177);
  show(100, { angle: 270 });
  assert.deepEqual([value("instCVal.ang.f"), value("cVal.ang.f")], [-90, -90]);
});

test("a phasor of which the angle is not known is questionable; one that is nothing points to 0", () => {
  const { show, value } = rig("PhV.phsA", 0);
  show(100);
  assert.deepEqual([value("cVal.mag.f"), value("cVal.ang.f"), value("q")], [100, undefined, quality.questionable]);
  show(0);
  assert.deepEqual([value("cVal.ang.f"), value("q")], [0, quality.good]);
});

test("the angle of what is left of rounding is 0, and no event; a ten-thousandth of the range is where something begins", () => {
  const { show, value, time } = rig("PhV.phsA", 1000);
  show(1e-10, { angle: -149.6 });
  show(1.1e-10, { angle: 37 });
  show(0.04, { angle: 120 });
  assert.deepEqual([value("cVal.ang.f"), value("instCVal.ang.f"), value("q"), time()], [0, 0, quality.good, 1]);
  show(0.051, { angle: 120 });
  assert.deepEqual([value("cVal.ang.f"), time()], [120, 4]);
});

test("what fails is invalid by a failure", () => {
  assert.equal(qualityOf({ value: undefined, good: false }, true), quality.invalid | quality.failure);
  assert.equal(qualityOf({ value: 1, good: true }, true), quality.good);
});

test("a status has the time of its last change", () => {
  const point = PlainPoint.at(leaves, "MTR", "MMXU1.Beh");
  assert(point !== undefined);
  let values: readonly LeafValue[] = Array.from({ length: ied.leaves });
  const show = (value: LeafValue, utc: number): void => {
    const draft = new Draft(values);
    point.show(draft, value, { at: at(utc), isFailing: false });
    values = draft.values;
  };
  const time = (): number => (values[leaves.find("MTR", "MMXU1.Beh.t")?.leaf.index ?? -1] as IedTime).utc;
  show(1, 10);
  show(1, 20);
  assert.equal(time(), 10);
  show(undefined, 30);
  assert.equal(time(), 30);
});

test("whatever comes: what is reported is never further away than its dead band, and its time moves with it alone", () => {
  const values = fc.array(fc.option(fc.integer({ min: -600, max: 600 }), { nil: undefined }), { maxLength: 60 });
  fc.assert(
    fc.property(values, fc.integer({ min: 0, max: 100_000 }), (all, db) => {
      const { show, value, time } = rig("TotW", db);
      let [mag, q, t]: [LeafValue, LeafValue, number] = [undefined, undefined, 0];
      for (const [k, one] of all.entries()) {
        show(one);
        const isOther: boolean = value("mag.f") !== mag || value("q") !== q;
        assert.equal(time(), isOther ? k + 1 : t);
        [mag, q, t] = [value("mag.f"), value("q"), time()];
        assert.equal(value("instMag.f"), one);
        if (one === undefined) assert.equal(mag, undefined);
        else assert(typeof mag === "number" && Math.abs(mag - one) <= (1000 * db) / 100_000, `${mag} ${one}`);
      }
    }),
  );
});
