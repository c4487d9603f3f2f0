/** What is different between two files, by meaning; and what an IED publishes by GOOSE. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { sclDifferences } from "#headend/scl-file.ts";
import { differences } from "#protocol/iec61850/scl/diff.ts";
import { publishedGooses, type PublishedShape } from "#protocol/iec61850/scl/published.ts";
import { readScl } from "#protocol/iec61850/scl/read.ts";
import { usualServices, writeScl } from "#protocol/iec61850/scl/write.ts";
import { draftBytes, octets, skipDraft, small } from "./scl-files.ts";
import { ieds } from "./scl-models.ts";

const iedOf = (text: string) => readScl(octets(text)).ieds[0]!.ied;

function changed(...changes: readonly (readonly [part: string, other: string])[]): readonly string[] {
  let text = small;
  for (const [part, other] of changes) {
    assert.ok(text.includes(part), part);
    text = text.replace(part, other);
  }
  return differences(iedOf(small), iedOf(text));
}

test("names of types, white space and what nobody reads make no difference", () => {
  assert.deepEqual(
    changed(['type="WYE"', 'type="W1"'], ['DOType id="WYE"', 'DOType id="W1"'], [' sAddr="40001"', ""]),
    [],
  );
});

test("what is different is told, each once", () => {
  assert.deepEqual(changed(['name="F1" type', 'name="F2" type']), [
    "IED: name: F1 -> F2",
    "GOOSE M/LLN0.go1: address: 01-0C-CD-01-00-2A APPID 3ABC VLAN 10 priority 5 -> none",
    "GOOSE M/LLN0.go1: times: 8 to 2000 ms -> 4 to 1000 ms",
  ]);
  assert.deepEqual(changed(["<Val>250</Val>", "<Val>300</Val>"]), [
    "attribute M/xMMXU1.PhV.phsA.db[CF]: value: 250 -> 300",
  ]);
  assert.deepEqual(changed([' valKind="Set"', ""]), [
    "attribute M/xMMXU1.PhV.phsA.db[CF]: who may write: clients -> none",
  ]);
  assert.deepEqual(changed(['bufTime="50"', 'bufTime="60"']), ["report M/LLN0.rc: buffer time: 50 ms -> 60 ms"]);
  assert.deepEqual(changed(['<TrgOps dchg="true" period="true"/>', '<TrgOps qchg="true"/>']), [
    "report M/LLN0.rc: triggers: dataChange integrity generalInterrogation -> qualityChange generalInterrogation",
  ]);
  assert.deepEqual(changed(['doName="PhV" fc="CF"', 'doName="PhV.phsA" fc="CF"']), [
    "data set M/LLN0.D1: - M/xMMXU1.PhV[CF]",
    "data set M/LLN0.D1: + M/xMMXU1.PhV.phsA[CF]",
  ]);
  assert.deepEqual(changed(['<FCDA lnClass="LLN0" doName="Beh" daName="stVal" fc="ST"/>\n', ""]), [
    "data set M/LLN0.D1: - M/LLN0.Beh.stVal[ST]",
  ]);
  assert.deepEqual(
    changed(['name="db" fc="CF" bType="INT32U"/></DOType>', 'name="db" fc="CF" bType="INT32"/></DOType>']),
    [
      "attribute M/xMMXU1.HA.phsAHar(0).db[CF]: type: INT32U -> INT32",
      "attribute M/xMMXU1.HA.phsAHar(1).db[CF]: type: INT32U -> INT32",
    ],
  );
});

test("a data set of GOOSE that is another with the revision as it was has a warning", () => {
  const revision = /<GSEControl[^>]*confRev="(\d+)"/.exec(small)?.[1];
  const other = small.replace('<FCDA lnClass="LLN0" doName="Beh" daName="stVal" fc="ST"/>\n', "");
  const warnings = (text: string): readonly string[] =>
    sclDifferences({ file: "one", bytes: octets(small) }, { file: "other", bytes: octets(text) }).filter((line) =>
      line.startsWith("warning: "),
    );
  assert.deepEqual(warnings(other), [
    `warning: GOOSE M/LLN0.go1: its data set is another, and its revision (confRev) is still ${revision}: who follows it cannot tell`,
  ]);
  assert.deepEqual(warnings(other.replace(/(<GSEControl[^>]*confRev=")\d+/, "$177")), []);
});

test("what was written of a model is not different from it; what is added on one side is taken away on the other", () => {
  fc.assert(
    fc.property(ieds, ieds, (one, other) => {
      const again = iedOf(writeScl(one, { kind: "cid", services: usualServices }));
      assert.deepEqual(differences(one, again), []);
      const signs = (lines: readonly string[], sign: string) =>
        lines
          .filter((line) => line.startsWith(`${sign} `))
          .map((line) => line.slice(2))
          .toSorted();
      const [there, back] = [differences(one, other), differences(other, one)];
      assert.deepEqual(signs(there, "+"), signs(back, "-"));
      assert.equal(there.length, back.length);
    }),
    { numRuns: 50 },
  );
});

const shapeText = (shape: PublishedShape | undefined): string => {
  if (shape === undefined) return "?";
  return shape.kind === "leaf" ? shape.leaf.type : `${shape.kind}(${shape.items.map(shapeText).join(" ")})`;
};

test("what an IED publishes is told as its frames have it, each value with its type", () => {
  const [goose, ...others] = publishedGooses(iedOf(small));
  assert.deepEqual(others, []);
  const { members, address, ...facts } = goose!;
  assert.deepEqual(facts, {
    ied: "F1",
    block: { ied: "F1", ldInst: "M", node: "LLN0", name: "go1", dataSet: "D1" },
    reference: "FEEDER/LLN0$GO$go1",
    dataSet: "FEEDER/LLN0$D1",
    goId: "F1/go",
    configRevision: 2,
    minMs: 8,
    maxMs: 2000,
  });
  assert.deepEqual(address?.mac, Uint8Array.of(1, 0x0c, 0xcd, 1, 0, 0x2a));
  assert.deepEqual(
    members.map(({ reference, shape }) => `${reference} ${shapeText(shape)}`),
    [
      "M/xMMXU1.PhV.phsA.cVal.mag.f[MX] FLOAT32",
      "M/xMMXU1.PhV[CF] structure(structure(structure(Enum) INT32U) structure(structure(Enum) INT32U))",
      "M/LLN0.Beh.stVal[ST] Enum",
    ],
  );
});

test("the draft CID's GOOSE is that of the frames in ../shared/vectors/goose-meter.pcap", { skip: skipDraft }, () => {
  const [goose] = publishedGooses(readScl(draftBytes()).ieds[0]!.ied);
  // As the facts have a frame of it: 01-0C-CD-01-00-01, APPID 0001, twelve entries of BOOLEAN and quality.
  assert.equal(goose?.reference, "JEM01MTR/LLN0$GO$gcbDI");
  assert.equal(goose.dataSet, "JEM01MTR/LLN0$DI");
  assert.equal(goose.goId, "JEM01MTR/LLN0.gcbDI");
  assert.deepEqual(goose.address?.mac, Uint8Array.of(1, 0x0c, 0xcd, 1, 0, 1));
  assert.equal(goose.address.appId, 1);
  assert.deepEqual(
    goose.members.map(({ shape }) => shapeText(shape)),
    Array.from({ length: 6 }, () => ["BOOLEAN", "Quality"]).flat(),
  );
});
