/**
 * SCL as models: a file by hand, whose meaning is written down beside it, and the CID by which libiec61850's server was set up: the names
 * that that server told its client (../shared/vectors/mms-walk.txt) are those of the model.
 */
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { nodeName } from "#protocol/iec61850/model/ied.ts";
import { LeafIndex, leavesOf } from "#protocol/iec61850/model/references.ts";
import { problemText } from "#protocol/iec61850/scl/problems.ts";
import { readScl } from "#protocol/iec61850/scl/read.ts";
import { draftBytes, octets, placeOf, skipDraft, small } from "./scl-files.ts";
import { namesOf } from "./scl-names.ts";

const read = readScl(octets(small));
const ied = read.ieds[0]!.ied;

/** What is wrong with the small file where a part of it is another. */
function problemsWith(part: string, other: string): readonly string[] {
  assert.ok(small.includes(part));
  return readScl(octets(small.replace(part, other))).problems.map((one) => problemText("f", one));
}

test("a file tells its schema, its header, its IEDs and where they are reached", () => {
  assert.deepEqual(read.problems, []);
  assert.equal(read.schema, "2007B1");
  assert.deepEqual(read.header, { id: "feeder", version: "3", revision: "b" });
  assert.deepEqual(
    read.ieds.map((one) => [one.ied.name, one.ied.devices.length, one.description, one.line]),
    [
      ["F1", 1, "feeder one", 20],
      ["HMI", 0, "", Number(placeOf(small, '<IED name="HMI"').split(":")[0])],
    ],
  );
  assert.deepEqual(Object.fromEntries(read.ieds[0]!.address), { IP: "192.0.2.7", "OSI-TSEL": "0001" });
});

test("white space around what is made of names is none of it (XML Schema 2, collapse)", () => {
  const spaced = small
    .replaceAll(/ ((?:cb|ied)Name|datSet|lnClass|fc|bType|cdc|valKind)="([^"]+)"/g, ' $1=" $2&#10; "')
    .replaceAll(
      /<((?:IED|DataSet|ReportControl|GSEControl|DOI|SDI|DAI|DO|SDO|DA|BDA) [^>]*?)name="(\w+)"/g,
      '<$1name="$2 "',
    )
    .replaceAll(/ id="(\w+)"/g, ' id="$1 "')
    .replaceAll(/<P type="([\w-]+)"/g, '<P type=" $1"');
  assert.ok(spaced.length > small.length + 100);
  const { problems, ieds } = readScl(octets(spaced));
  assert.deepEqual(problems, []);
  assert.deepEqual(ieds, read.ieds);
  // Others keep theirs.
  const line = placeOf(small, "<LDevice");
  assert.deepEqual(problemsWith('<LDevice inst="M"', '<LDevice inst="M "').slice(0, 1), [
    `f:8:5: error: GSE: IED F1 has no GSEControl M/go1`,
  ]);
  assert.ok(
    problemsWith('<LDevice inst="M"', '<LDevice inst="M "').includes(
      `f:${line}: error: LDevice: inst: expected letters, digits and _, 64 at most; found "M "`,
    ),
  );
});

test("an IED is what its server is", () => {
  const { devices, ...facts } = ied;
  assert.deepEqual(facts, {
    name: "F1",
    edition: "2",
    manufacturer: "Who",
    type: "T9",
    configVersion: "7",
    leaves: 14,
  });
  assert.deepEqual(
    devices.map(({ inst, domain, nodes }) => [inst, domain, nodes.map(nodeName)]),
    [["M", "FEEDER", ["LLN0", "xMMXU1"]]],
  );
});

test("templates are resolved, numbers of leaves run through, triggers reach what is in an attribute", () => {
  const leaves = [...leavesOf(ied)].map(({ path, leaf }) => `${leaf.index} ${path} ${leaf.fc} ${leaf.type}`);
  assert.deepEqual(leaves, [
    "0 Beh.stVal ST Enum",
    "1 PhV.phsA.cVal.mag.f MX FLOAT32",
    "2 PhV.phsA.q MX Quality",
    "3 PhV.phsA.units.SIUnit CF Enum",
    "4 PhV.phsA.db CF INT32U",
    "5 PhV.phsB.cVal.mag.f MX FLOAT32",
    "6 PhV.phsB.q MX Quality",
    "7 PhV.phsB.units.SIUnit CF Enum",
    "8 PhV.phsB.db CF INT32U",
    "9 HA.phsAHar(0).cVal.f MX FLOAT32",
    "10 HA.phsAHar(1).cVal.f MX FLOAT32",
    "11 HA.phsAHar(0).db CF INT32U",
    "12 HA.phsAHar(1).db CF INT32U",
    "13 HA.numHar CF INT16U",
  ]);
  const index = new LeafIndex(ied);
  assert.deepEqual(index.find("M", "xMMXU1.PhV.phsB.cVal.mag.f")?.leaf.triggers, {
    dataChange: true,
    dataUpdate: true,
  });
});

test("values are those of the instance, else those of the type; who may write is said", () => {
  const index = new LeafIndex(ied);
  const leaf = (path: string) => index.find("M", path)?.leaf;
  assert.equal(leaf("LLN0.Beh.stVal")?.initial, 4);
  assert.deepEqual(leaf("LLN0.Beh.stVal")?.enumeration, { id: "Beh", words: { 1: "on", 4: "test/blocked" } });
  assert.equal(leaf("xMMXU1.PhV.phsA.units.SIUnit")?.initial, 29);
  assert.equal(leaf("xMMXU1.PhV.phsA.db")?.initial, 250);
  assert.equal(leaf("xMMXU1.PhV.phsA.db")?.writable, true);
  assert.equal(leaf("xMMXU1.PhV.phsB.db")?.initial, undefined);
  assert.equal(leaf("xMMXU1.PhV.phsB.db")?.writable, undefined);
  assert.equal(leaf("xMMXU1.HA.numHar")?.initial, 2);
  assert.equal(leaf("xMMXU1.HA.phsAHar(1).cVal.f")?.initial, 0.5);
});

test("data sets, reports and GOOSE are as the file has them, what it leaves out as the schema has it", () => {
  const [node] = ied.devices[0]!.nodes;
  assert.deepEqual(node?.dataSets, [
    {
      name: "D1",
      members: [
        { ldInst: "M", prefix: "x", lnClass: "MMXU", lnInst: "1", doName: "PhV.phsA", daName: "cVal.mag.f", fc: "MX" },
        { ldInst: "M", prefix: "x", lnClass: "MMXU", lnInst: "1", doName: "PhV", fc: "CF" },
        { ldInst: "M", prefix: "", lnClass: "LLN0", lnInst: "", doName: "Beh", daName: "stVal", fc: "ST" },
      ],
    },
  ]);
  const none = { sequenceNumber: false, timeStamp: false, reason: false, dataSet: false, dataReference: false };
  assert.deepEqual(node?.reports, [
    {
      name: "rc",
      buffered: true,
      dataSet: "D1",
      rptId: undefined,
      configRevision: 4,
      bufferMs: 50,
      integrityMs: 1000,
      triggers: {
        dataChange: true,
        qualityChange: false,
        dataUpdate: false,
        integrity: true,
        generalInterrogation: true,
      },
      fields: { ...none, sequenceNumber: true, bufferOverflow: true, entryId: true, configRevision: false },
      instances: 2,
      indexed: true,
    },
    {
      name: "rd",
      buffered: false,
      dataSet: undefined,
      rptId: "R",
      configRevision: 1,
      bufferMs: 0,
      integrityMs: 0,
      triggers: {
        dataChange: false,
        qualityChange: false,
        dataUpdate: false,
        integrity: false,
        generalInterrogation: false,
      },
      fields: { ...none, bufferOverflow: false, entryId: false, configRevision: false },
      instances: 1,
      indexed: false,
    },
  ]);
  assert.deepEqual(node?.gooses, [
    {
      name: "go1",
      goId: "F1/go",
      dataSet: "D1",
      configRevision: 2,
      needsCommissioning: false,
      fixedOffsets: true,
      address: { mac: Uint8Array.of(1, 0x0c, 0xcd, 1, 0, 0x2a), appId: 0x3abc, vlan: { id: 10, priority: 5 } },
      minMs: 8,
      maxMs: 2000,
    },
  ]);
});

const wrong: readonly [what: string, part: string, other: string, element: string, words: string][] = [
  [
    "a type that is missing",
    'name="PhV" type="WYE"',
    'name="PhV" type="WYY"',
    '<DO name="PhV"',
    'error: M/xMMXU1.PhV: the DOType "WYY" does not exist; did you mean WYE?',
  ],
  [
    "a type in itself",
    'name="mag" bType="Struct" type="Analogue"',
    'name="mag" bType="Struct" type="Vector"',
    '<BDA name="mag"',
    "error: M/xMMXU1.PhV.phsA.cVal.mag: the type Vector is in itself",
  ],
  [
    "a basic type that nobody knows",
    'bType="INT16U"',
    'bType="INT17U"',
    '<DA name="numHar"',
    'error: DA: bType: expected Struct or a type of 7-2 and 8-1; found "INT17U"; did you mean INT16U?',
  ],
  [
    "a functional constraint that nobody knows",
    'name="q" fc="MX"',
    'name="q" fc="MY"',
    '<DA name="q"',
    "error: DA: fc: expected one of MX, ST, CO",
  ],
  [
    "a value of no type",
    "<Val>250</Val>",
    "<Val>-1</Val>",
    "<Val>-1",
    'error: M/xMMXU1.PhV.phsA.db: expected a whole number from 0 to 4294967295, found "-1"',
  ],
  [
    "a word that is none",
    "<Val>V</Val>",
    "<Val>Volt</Val>",
    "<Val>Volt",
    'error: M/xMMXU1.PhV.phsA.units.SIUnit: expected a word of SI, found "Volt"',
  ],
  [
    "an attribute that the type has not",
    '<DAI name="db" valKind="Set">',
    '<DAI name="dbl">',
    '<DAI name="dbl"',
    "warning: M/xMMXU1: its type has no dbl, which DAI speaks of",
  ],
  [
    "a member of no node",
    'prefix="x" lnClass="MMXU" lnInst="1" doName="PhV" fc',
    'prefix="" lnClass="MMXU" lnInst="1" doName="PhV" fc',
    '<FCDA ldInst="M" prefix=""',
    "error: M/LLN0: data set D1: there is no M/MMXU1; did you mean M/xMMXU1?",
  ],
  [
    "a member of no object",
    'lnInst="1" doName="PhV" fc',
    'lnInst="1" doName="PhW" fc',
    '<FCDA ldInst="M" prefix="x" lnClass="MMXU" lnInst="1" doName="PhW"',
    "error: M/LLN0: data set D1: M/xMMXU1 has no PhW; did you mean PhV?",
  ],
  [
    "a member of another constraint",
    'daName="stVal" fc="ST"',
    'daName="stVal" fc="MX"',
    '<FCDA lnClass="LLN0"',
    "error: M/LLN0: data set D1: M/LLN0.Beh.stVal is of ST, not of MX",
  ],
  [
    "a report of no data set",
    'name="rc" datSet="D1"',
    'name="rc" datSet="D2"',
    '<ReportControl name="rc"',
    "error: M/LLN0: ReportControl rc: there is no data set D2; did you mean D1?",
  ],
  [
    "a GOOSE to no address",
    "01-0C-CD-01-00-2A",
    "01-0C-CD",
    '<P type="MAC-Address"',
    'error: P: MAC-Address: expected 01-0C-CD-01-00-00; found "01-0C-CD"',
  ],
  [
    "an id that is there already",
    'DAType id="Unit"',
    'DAType id="Analogue"',
    '<DAType id="Analogue"><BDA name="SI',
    "error: DAType Analogue: there is another of this id above",
  ],
  [
    "another document",
    "<SCL xmlns=",
    "<SCL xmlns:x=",
    "<SCL",
    "error: expected SCL of the namespace http://www.iec.ch/61850/2003/SCL, found SCL",
  ],
];
for (const [what, part, other, element, words] of wrong)
  test(`a problem, with its line: ${what}`, () => {
    const problems = problemsWith(part, other);
    const place = placeOf(small.replace(part, other), element);
    assert.ok(
      problems.some((one) => one.startsWith(`f:${place}: ${words}`)),
      `${place}\n${problems.join("\n")}`,
    );
  });

test("XML that is none has the one problem that it has", () => {
  const [problem, ...others] = problemsWith("</Val></DAI></DOI>", "</Val></DAI></DOJ>");
  const line = placeOf(small, '<DOI name="Beh"').split(":")[0];
  assert.match(
    problem!,
    new RegExp(`^f:${line}:\\d+: error: expected </DOI>, which begins on line ${line}; found </DOJ>$`),
  );
  assert.deepEqual(others, []);
});

test("arrays within arrays end at a bound", () => {
  const many = small
    .replace('name="phsAHar" type="HAR" count="2"', 'name="phsAHar" type="HAR" count="9999"')
    .replace('<BDA name="f" bType="FLOAT32"/>', '<BDA name="f" bType="FLOAT32" count="9999"/>');
  const { ieds, problems } = readScl(octets(many));
  assert.deepEqual(ieds, []);
  assert.match(problems[0]!.words, /there are more than 200000 attributes/);
  assert.ok(placeOf(many, '<BDA name="f"').startsWith(`${problems[0]!.line}:`));
});

test("the edition of an IED is that of its own file, where the file says so", () => {
  const versions: readonly [head: string, edition: string][] = [
    ["", "1"],
    ['version="2007" revision="A"', "2"],
    ['version="2007" revision="B" release="3"', "2"],
    ['version="2007" revision="B" release="4"', "2.1"],
    ['version="2007" revision="C" release="5"', "2.1"],
  ];
  for (const [head, edition] of versions) {
    const text = small.replace('version="2007" revision="B" release="1"', head);
    assert.equal(readScl(octets(text)).ieds[0]?.ied.edition, edition, head);
  }
  const original = small.replace(
    '<IED name="F1"',
    '<IED name="F1" originalSclVersion="2007" originalSclRevision="B" originalSclRelease="4"',
  );
  assert.equal(readScl(octets(original)).ieds[0]?.ied.edition, "2.1");
});

const walk = new URL("../../shared/vectors/mms-walk.txt", import.meta.url);

/** What libiec61850's server answered to the name list of its domain: visible strings after each other, cut into TPDUs. */
function walkedNames(): readonly string[] {
  const sections = readFileSync(walk, "utf8").split("# ");
  const section = sections.find((one) => one.startsWith("getNameList variables of domain"));
  const packets = [...section!.matchAll(/^S>C \d+ ([0-9a-f]+)$/gm)].map(([, hex]) => Buffer.from(hex!, "hex"));
  const octetsOf = Buffer.concat(packets.map((packet) => packet.subarray(7)));
  const names: string[] = [];
  let at = octetsOf.indexOf(Buffer.from("a082baba", "hex")) + 4;
  while (octetsOf[at] === 0x1a) {
    const length = octetsOf[at + 1]!;
    names.push(octetsOf.toString("latin1", at + 2, at + 2 + length));
    at += 2 + length;
  }
  return names;
}

test(
  "the draft CID has the names that libiec61850's server made of it",
  { skip: skipDraft || !existsSync(walk) },
  () => {
    const draft = readScl(draftBytes());
    assert.deepEqual(draft.problems, []);
    const [{ ied: meter }] = draft.ieds as [(typeof draft.ieds)[0]];
    const ours = meter.devices[0]!.nodes.flatMap(namesOf);
    const theirs = walkedNames().filter((name) => !/^LLN0\$(RP|BR|GO)/.test(name));
    assert.ok(theirs.length > 1500);
    assert.deepEqual(ours.toSorted(), theirs.toSorted());
  },
);
