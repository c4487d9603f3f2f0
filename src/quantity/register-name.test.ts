/** What registers of a revenue meter are called: their measure, and the words of the configuration file. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { parseMeasure } from "./measure-name.ts";
import { isNamedInstant, registerName, type NamedRegister } from "./register-name.ts";

function named(measure: string | undefined, more: Partial<NamedRegister> & Pick<NamedRegister, "kind">): string {
  const of = measure === undefined ? undefined : parseMeasure(measure);
  return registerName({ measure: of, tariff: "total", storage: "working", ...more });
}

test("a name says measure, kind, rate and storage, and leaves out what goes without saying", () => {
  assert.equal(named("Wh.import", { kind: "consumption" }), "Wh.import");
  assert.equal(named("W", { kind: "instantaneous" }), "W");
  assert.equal(named("Wh.a.export", { kind: "consumption", tariff: "A" }), "Wh.a.export.rateA");
  assert.equal(
    named("W.import", { kind: "peakDemand", tariff: "B", storage: "billingReset" }),
    "W.import.peakDemand.rateB.billingReset",
  );
  // The instantaneous value of what accumulates has to be said, as has the consumption of what does not.
  assert.equal(named("Wh.import", { kind: "instantaneous" }), "Wh.import.instantaneous");
  assert.equal(named(undefined, { kind: "lastFreeze" }), "lastFreeze");
});

test("a name tells whether it is of an instant", () => {
  for (const name of ["lastFreeze", "presentTime", "W.import.timeOfPeak.rateA"]) assert.ok(isNamedInstant(name), name);
  for (const name of ["Wh.import", "idString", "W.import.peakDemand"]) assert.ok(!isNamedInstant(name), name);
});
