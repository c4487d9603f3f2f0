/** What a CID says of a meter becomes its configuration: the model that it was made of says what it said, and what the meter has not is refused. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { parseRevenueFile } from "#product/jemstar/configuration-file.ts";
import { modelFactsOf } from "#product/jemstar/iec61850-model.ts";
import type { Ied, LogicalNode } from "#protocol/iec61850/model/ied.ts";
import { parseModelNumber } from "#revenue/settings/model-number.ts";
import type { ModelFacts } from "#product/jemstar/iec61850/model-facts.ts";
import { readScl } from "#protocol/iec61850/scl/read.ts";
import { usualServices, writeScl } from "#protocol/iec61850/scl/write.ts";
import { jemstarIed } from "#product/jemstar/iec61850/model.ts";
import { sectionOf } from "#product/jemstar/iec61850/section.ts";
import { share } from "./share.ts";

const ordered = parseModelNumber("JSII-09I6020-1B/2A-DIO-NTP-IEC-PQ3");
const identity = {
  manufacturer: "AMETEK",
  title: "AMETEK JEMStar II",
  modelNumber: "JSII",
  serial: "4711",
  firmware: "1.019",
};

function factsOf(section: object = {}): ModelFacts {
  return modelFactsOf(parseRevenueFile("a test", JSON.stringify({ iec61850: section }), ordered), ordered, identity);
}

const settingsOf = (cid: Ied, facts: ModelFacts) => {
  const found = sectionOf(cid, facts);
  assert("settings" in found, JSON.stringify(found));
  return found.settings;
};
const problemsOf = (cid: Ied, facts = factsOf()) => {
  const found = sectionOf(cid, facts);
  assert("problems" in found);
  return found.problems.join("\n");
};

test("a CID that was made of the meter says nothing new", () => {
  const facts = factsOf();
  assert.deepEqual(settingsOf(jemstarIed(facts), facts), facts.settings);
});

test("a report has what a client needs to go on from it, unless somebody says what it has", () => {
  const { settings } = factsOf({
    reports: [
      { name: "brcbA", buffered: true },
      { name: "urcbA" },
      { name: "brcbB", buffered: true, fields: ["timeStamp"] },
    ],
  });
  const usual = ["sequenceNumber", "timeStamp", "reason", "dataSet"];
  assert.deepEqual(
    settings.reports?.map(({ fields }) => fields),
    [[...usual, "bufferOverflow", "entryId", "configRevision"], [...usual, "configRevision"], ["timeStamp"]],
  );
});

const goose = { name: "gcbIO", dataSet: "Mine", mac: "01-0C-CD-01-01-FF", appId: 0x3001, goId: "breaker", confRev: 7 };
const { confRev: configRevision, ...named } = goose;

test("what a CID says otherwise becomes the section: what made it, makes it again", () => {
  const given = factsOf({
    name: "FEEDER7",
    device: "METER",
    edition: "2.1",
    configVersion: "3",
    configRevision: "12",
    properties: { stationId: "Rochester", deviceId: "Q07", identification: "Incomer" },
    deadbands: [
      { of: "MMXU1.TotW", db: 5000 },
      { of: "MMXU1.PhV.phsB", db: 0 },
    ],
    control: { model: "select enhanced", selectSeconds: 12 },
    dataSets: [{ name: "Mine", members: ["MMXU1.TotW.mag.f[MX]", "Out_GGIO2.SPCSO5.stVal[ST]", "LLN0.NamPlt[DC]"] }],
    reports: [
      { name: "urcbA", dataSet: "Mine", integrityMs: 60_000, triggers: ["integrity"], instances: 2 },
      {
        name: "brcbB",
        buffered: true,
        rptId: "mine",
        bufferMs: 100,
        indexed: false,
        fields: ["entryId", "dataReference"],
      },
    ],
    goose: [{ ...named, configRevision, vlan: { id: 5, priority: 6 } }],
  });
  assert.deepEqual(settingsOf(jemstarIed(given), factsOf()), given.settings);
});

const member = fc.constantFrom(
  "MMXU1.TotW[MX]",
  "MMXU1.PhV.phsA.cVal[MX]",
  "MMTR1.SupWh.actVal[ST]",
  "MMXU1[MX]",
  "MSTA1.MaxW.q[MX]",
);
const section = fc.record(
  {
    name: fc.stringMatching(/^[A-Z][A-Za-z0-9_]{0,20}$/),
    edition: fc.constantFrom("1", "2", "2.1"),
    deadband: fc.nat(100_000),
    deadbands: fc.uniqueArray(
      fc.record({ of: fc.constantFrom("MMXU1.TotW", "MMXU1.A.phsC", "MSQI1.SeqV.c1"), db: fc.nat(100_000) }),
      {
        selector: ({ of }) => of,
      },
    ),
    dataSets: fc.uniqueArray(
      fc.record({ name: fc.constantFrom("A", "B", "C"), members: fc.uniqueArray(member, { minLength: 1 }) }),
      { selector: ({ name }) => name, maxLength: 3 },
    ),
    reports: fc.constant([{ name: "urcb" }]),
    goose: fc.constant([]),
    control: fc.record({
      model: fc.constantFrom("status only", "direct", "select", "direct enhanced", "select enhanced"),
    }),
  },
  { requiredKeys: ["reports", "goose"] },
);

test("whatever the section, its model is of the same section on the meter that has it", () => {
  fc.assert(
    fc.property(section, (one) => {
      const facts = factsOf(one);
      assert.deepEqual(settingsOf(jemstarIed(facts), facts), facts.settings);
    }),
    { numRuns: share(10, 40, 400) },
  );
});

test("a CID that came back from another meter makes its model, dead bands included", () => {
  fc.assert(
    fc.property(section, section, (one, other) => {
      const cid = jemstarIed(factsOf(one));
      const facts = factsOf(other);
      const settings = settingsOf(cid, facts);
      assert.deepEqual(jemstarIed({ ...facts, settings }), cid);
    }),
    { numRuns: share(10, 40, 400) },
  );
});

test("the SCL file of a model is read as what it is of, in every edition", () => {
  for (const edition of ["1", "2", "2.1"]) {
    const facts = factsOf({ edition, deadbands: [{ of: "MMXU1.TotW", db: 7 }], control: { model: "select enhanced" } });
    const { ieds, problems } = readScl(
      new TextEncoder().encode(writeScl(jemstarIed(facts), { kind: "cid", services: usualServices })),
    );
    assert.deepEqual(problems, []);
    const [found] = ieds;
    assert(found !== undefined);
    assert.deepEqual(settingsOf(found.ied, facts), facts.settings);
    assert.equal(settingsOf(found.ied, factsOf()).edition, edition);
  }
});

test("what the meter has not is refused, object by object", () => {
  const facts = factsOf();
  const ied = jemstarIed(facts);
  const withNodes = (change: (nodes: readonly LogicalNode[]) => readonly LogicalNode[]): Ied => ({
    ...ied,
    devices: ied.devices.map((device) => ({ ...device, nodes: change(device.nodes) })),
  });
  const breaker = jemstarIed(factsOf({ edition: "2" }));
  const strange = withNodes((nodes) =>
    nodes.map((one) => (one.lnClass === "MMTR" ? { ...one, lnClass: "XCBR" } : one)),
  );
  assert.match(problemsOf(strange), /^XCBR1\.NamPlt\.d\[DC\]: this meter has none$/m);
  assert.match(problemsOf({ ...breaker, edition: "1" }), /expected INT128, found INT64/);
  assert.match(
    problemsOf(withNodes((nodes) => nodes.map((one) => ({ ...one, dataSets: [{ name: "A", members: [] }] })))),
    /MMXU1: its data sets and control blocks are not in LLN0/,
  );
  assert.match(
    problemsOf({ ...ied, devices: [...ied.devices, ...ied.devices] }),
    /expected one logical device, found 2/,
  );
  const other = { ...ied, devices: ied.devices.map((device) => ({ ...device, domain: "OTHER" })) };
  assert.match(problemsOf(other), /ldName is OTHER; expected JEM01MTR/);
});
