/** Codes of electricity (Blue Book, 6.1) and the manual's (Appendix D) by the names of the glossary. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { obisCodeIn, obisCodeOf, obisName } from "./obis-names.ts";

const codes: readonly (readonly [code: string, name: string | undefined])[] = [
  ["1.0.1.8.0.255", "Wh.import"],
  ["1.0.2.8.0.255", "Wh.export"],
  ["1.0.1.8.2.255", "Wh.import.rateB"],
  ["1.0.5.8.0.255", "varh.q1"],
  ["1.0.16.8.0.255", "Wh.net"],
  ["1.0.16.7.0.255", "W"],
  ["1.0.1.7.0.255", "W.import"],
  ["1.0.21.7.0.255", "W.a.import"],
  ["1.0.42.7.0.255", "W.b.export"],
  ["1.0.72.7.0.255", "V.c"],
  ["1.0.31.7.0.255", "A.a"],
  ["1.0.91.7.0.255", "A.n"],
  ["1.0.53.7.0.255", "PF.b"],
  ["1.0.14.7.0.255", "Hz"],
  ["1.0.1.6.0.255", "W.import.demand.max"],
  ["1.0.1.29.0.255", "Wh.import.interval"],
  ["1.0.32.24.124.255", "THD.V.a.mean"],
  ["1.0.32.7.124.255", "THD.V.a"],
  ["1.0.51.7.3.255", "A.b.h3"],
  ["1.0.81.7.1.255", "deg.V.b"],
  ["1.0.81.7.4.255", "deg.A.a"],
  // A channel, what was before, gas, and what no name is for.
  ["1.1.1.8.0.255", undefined],
  ["1.0.1.8.0.1", undefined],
  ["7.0.3.0.0.255", undefined],
  ["1.0.99.1.0.255", undefined],
  ["0.0.96.1.0.255", undefined],
];

test("codes have the names of the glossary where it has one", () => {
  for (const [code, name] of codes) assert.equal(obisName(code), name, code);
});

test("a name leads back to its code", () => {
  for (const [code, name] of codes) if (name !== undefined) assert.equal(obisCodeOf(name), code, name);
  assert.equal(obisCodeOf("no.such.name"), undefined);
});

test("codes are taken as people write them", () => {
  for (const text of ["1.0.1.8.0.255", "1-0:1.8.0*255", "1-0:1.8.0", "1.0.1.8.0"])
    assert.equal(obisCodeIn(text), "1.0.1.8.0.255", text);
  for (const text of ["W.import", "1.8.0", "1.0.1.8.0.256", "1.0.1.8.0.255.3"])
    assert.equal(obisCodeIn(text), undefined, text);
});
