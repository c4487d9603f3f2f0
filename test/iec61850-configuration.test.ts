/** What a configuration may say of IEC 61850, key by key. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { modelFactsOf } from "#product/jemstar/iec61850-model.ts";
import { jemstarIed } from "#product/jemstar/iec61850/model.ts";
import { parseRevenueFile } from "#product/jemstar/configuration-file.ts";
import { deviceOf } from "#product/jemstar/product.ts";
import { nodeName } from "#protocol/iec61850/model/ied.ts";
import { parseModelNumber } from "#revenue/settings/model-number.ts";
import { jemStar } from "./authority-rig.ts";

const ORDER = "JSII-09I6020-1B/2A-DIO-NTP-IEC";
const identity = { manufacturer: "AMETEK", title: "JEMStar II", modelNumber: ORDER, serial: "4711", firmware: "1.019" };

function modelOf(section: string, order = ORDER) {
  const ordered = parseModelNumber(order);
  return jemstarIed(modelFactsOf(parseRevenueFile("a test", `iec61850: ${section}`, ordered), ordered, identity));
}

function rootOf(section: string, order = ORDER) {
  const root = modelOf(section, order).devices[0]?.nodes[0];
  assert(root !== undefined && nodeName(root) === "LLN0");
  return root;
}

test("a meter starts with the manual's data sets, of which it has something, and what GOOSE sends", () => {
  const names = (order: string) =>
    rootOf("{}", order)
      .dataSets.map(({ name, members }) => `${name} ${members.length}`)
      .join(", ");
  // Two inputs and six outputs of eight channels; the inputs with value and quality.
  assert.equal(names(ORDER), "Status 6, Inst 27, Energy 7, Stat 15, PQ 6, Dist 4, IO 8, DI 4");
  // Sequences: three components of volts and of amps, and four imbalances.
  assert.match(names("JSII-09I6020-1B/2A-DIO-IEC-PQ3"), /Seq 10, PQ 12, Dist 14/);
  assert.equal(names("JSII-09I6020-1B/2A-IEC"), "Status 6, Inst 27, Energy 7, Stat 15, PQ 6, Dist 4");
});

test("no data set that a meter starts with has more than 50 members", () => {
  for (const order of [ORDER, "JSII-09I6020-1B/2A-DIO-IEC-PQ3", "JSII-05I5010-2B-DIO-IEC-PQ2"])
    for (const edition of ["1", "2", "2.1"])
      for (const { name, members } of rootOf(`{ edition: "${edition}" }`, order).dataSets)
        assert(members.length > 0 && members.length <= 50, `${order} ${edition} ${name} ${members.length}`);
});

test("a meter starts with twelve report control blocks of each kind (Appendix E)", () => {
  for (const buffered of [true, false]) {
    const blocks = rootOf("{}").reports.filter((one) => one.buffered === buffered);
    assert.equal(
      blocks.reduce((sum, { instances }) => sum + instances, 0),
      12,
    );
  }
});

test("a block of which the data set is none of this meter's has none yet", () => {
  const sets = rootOf("{}").reports.map(({ name, dataSet }) => `${name} ${dataSet ?? "-"}`);
  assert.deepEqual(sets, [
    "urcbStatus Status",
    "urcbInst Inst",
    "urcbEnergy Energy",
    "urcbStat Stat",
    "brcbIO IO",
    "brcbSeq -",
    "brcbPQ PQ",
    "brcbDist Dist",
  ]);
});

const refusals: readonly (readonly [section: string, problem: RegExp])[] = [
  ["{ name: 7up }", /iec61850\.name: .*expected a letter/],
  [
    "{ dataSets: [{ name: A, members: [MMXU1.TotW] }] }",
    /members\[0\]: expected a node, its data and a functional constraint/,
  ],
  [
    '{ dataSets: [{ name: A, members: ["MMXU1.TotW[ST]"] }] }',
    /members\[0\]: MMXU1\.TotW\[ST\] is nothing of this meter/,
  ],
  ['{ dataSets: [{ name: A, members: ["MMXU1.TotW[XX]"] }] }', /there is no functional constraint XX/],
  ['{ dataSets: [{ name: A, members: ["XCBR1.Pos[ST]"] }] }', /this meter has no XCBR1/],
  ['{ dataSets: [{ name: A, members: ["MMXU1.TotX[MX]"] }] }', /MMXU1 has no TotX/],
  ['{ dataSets: [{ name: A, members: ["MMXU1.TotW.mag.i[MX]"] }] }', /is nothing of this meter/],
  [
    '{ dataSets: [{ name: A, members: ["MMXU1.TotW[MX]", "MMXU1.TotW[MX]"] }] }',
    /members\[1\]: MMXU1\.TotW\[MX\] is there already/,
  ],
  [
    '{ dataSets: [{ name: A, members: ["MMXU1[MX]"] }, { name: A, members: ["MMXU1[MX]"] }] }',
    /dataSets\[1\]\.name: another one is A/,
  ],
  ["{ reports: [{ name: r, dataSet: None }] }", /reports\[0\]\.dataSet: expected one of Status, .*; found None/],
  ["{ reports: [{ name: r, integrityMs: 5 }] }", /reports\[0\]\.integrityMs: .*expected 0, or at least 10/],
  ["{ reports: [{ name: r, integrityMs: 604800001 }] }", /reports\[0\]\.integrityMs: .*604800000/],
  ["{ reports: [{ name: r, instances: 12 }, { name: s }] }", /at most 12 unbuffered with their instances, found 13/],
  ["{ reports: [{ name: r, instances: 2, indexed: false }] }", /reports\[0\]\.indexed: 2 instances need numbers/],
  [
    "{ goose: [{ name: g, dataSet: DI, minMs: 100, maxMs: 50 }] }",
    /goose\[0\]\.maxMs: expected at least minMs \(100\), found 50/,
  ],
  ["{ goose: [{ name: g, dataSet: DI, mac: 00-0C-CD-01-00-01 }] }", /expected a multicast address/],
  ["{ deadbands: [{ of: MMXU1.PhV, db: 1 }] }", /deadbands\[0\]\.of: nothing that measures is MMXU1\.PhV/],
  [
    "{ deadbands: [{ of: MMXU1.TotW, db: 1 }, { of: MMXU1.TotW, db: 2 }] }",
    /deadbands\[1\]\.of: another one is of MMXU1\.TotW/,
  ],
];

for (const [section, problem] of refusals) {
  test(`refuses iec61850: ${section}`, () => assert.throws(() => modelOf(section), problem));
}

test("the factory's control blocks have none of the data sets of a configuration of its own: that is said", (t) => {
  const sets = '{ dataSets: [{ name: Inst, members: ["MMXU1.TotW[MX]"] }] }';
  const noticesOf = (section: string, listen = "{ mms: tcp, port: 0 }"): readonly string[] => {
    const { jem } = jemStar(t, { modelNumber: ORDER, configuration: `iec61850: ${section}`, listen });
    return deviceOf(jem).notices.filter((one) => one.startsWith("iec61850."));
  };
  const [notice = "", ...more] = noticesOf(sets);
  assert.match(notice, /urcbStatus, urcbEnergy, urcbStat, brcbIO, brcbSeq, brcbPQ, brcbDist have no data set/);
  assert.deepEqual(more, []);
  assert.deepEqual(noticesOf("{}"), []);
  assert.deepEqual(noticesOf(sets.replace(" }] }", " }], reports: [{ name: r, dataSet: Inst }] }")), []);
  assert.deepEqual(noticesOf(sets, "{ modbus: tcp, port: 0 }"), []);
});

test("a meter without the option may have the section of one that has it", () => {
  const plain = parseModelNumber("JSII-09I6020-1B/2A-DIO");
  const section = 'iec61850: { dataSets: [{ name: A, members: ["XCBR1.Pos[ST]"] }] }';
  assert.equal(parseRevenueFile("a test", section, plain).iec61850.dataSets?.length, 1);
});
