/** A client of MMS: it understands what libiec61850's server has answered (../shared/vectors/mms-*.txt), and gets on with what goes wrong. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { VirtualClock } from "#clock/virtual-clock.ts";
import { nullModem } from "#io/null-modem.ts";
import { MmsClient } from "#protocol/iec61850/client/client.ts";
import { membersOf, memberReference, readDataSet, dataSetName } from "#protocol/iec61850/client/data-sets.ts";
import { MmsError } from "#protocol/iec61850/client/failing.ts";
import { fetchFile, filesOf } from "#protocol/iec61850/client/files.ts";
import { namesOf } from "#protocol/iec61850/client/browse.ts";
import { parseReference, referenceText } from "#protocol/iec61850/client/references.ts";
import { ReportControlBlock, triggersIn } from "#protocol/iec61850/client/report-control.ts";
import { decodeReport, ReportAssembly, type Report } from "#protocol/iec61850/client/reports.ts";
import { readOne, readWhole, typeOf, writeOne } from "#protocol/iec61850/client/values.ts";
import type { InformationReport } from "#protocol/iec61850/mms/information-report.ts";
import { pduBytes, type MmsPdu } from "#protocol/iec61850/mms/pdu.ts";
import { acceptAssociations } from "#protocol/iec61850/osi/accept.ts";
import type { Association } from "#protocol/iec61850/osi/association.ts";
import { fromHex, skip, toHex, type MmsFile } from "./mms-exchanges.ts";
import { initiateResponse } from "./mms-osi.ts";
import { replaying } from "./mms-replay.ts";

const settings = { timeoutMs: 5000 };

async function asking(file: MmsFile): Promise<{ client: MmsClient; unknown: readonly string[] }> {
  const clock = new VirtualClock();
  const { link, unknown } = replaying(file, clock);
  return { client: await MmsClient.associate(link, clock, settings), unknown };
}

function at(text: string): NonNullable<ReturnType<typeof parseReference>> {
  const reference = parseReference(text);
  assert.ok(reference, text);
  return reference;
}

test("values are what the server's octets are, one by one, and as a structure", { skip }, async () => {
  const { client, unknown } = await asking("mms-walk.txt");
  // 42cbed57 is 0x4bed57 / 2^23 x 2^6 more than 2^6.
  const mag = { kind: "float", value: 64 + 0x4bed57 / 2 ** 17, width: 32 };
  assert.deepEqual(await readOne(client, at("JEM01MTR/MMXU1.TotW.mag.f[MX]")), mag);
  const whole = await readOne(client, at("JEM01MTR/MMXU1$MX$TotW"));
  assert.ok(whole.kind === "structure");
  assert.deepEqual(whole.items[1], { kind: "structure", items: [mag] });
  assert.deepEqual(whole.items[3], { kind: "utc", octets: fromHex("6b00f6b57d70a38a") });
  assert.deepEqual(await readOne(client, at("JEM01MTR/MMXU1.Nope[MX]")), { kind: "failure", error: 10 });
  assert.deepEqual(await readOne(client, at("JEM01MTR/MHAI1.HA.phsAHar(3).cVal.mag.f[MX]")), {
    kind: "float",
    value: 0,
    width: 32,
  });
  const type = await typeOf(client, at("JEM01MTR/MMXU1.TotW[MX]"));
  assert.ok(type.kind === "structure");
  assert.deepEqual(
    type.fields.map(({ name }) => name),
    ["instMag", "mag", "q", "t"],
  );
  assert.deepEqual(unknown, []);
});

test("names come page by page, and members of a data set by their references", { skip }, async () => {
  const { client, unknown } = await asking("mms-walk.txt");
  assert.deepEqual(await namesOf(client, { objectClass: 9, scope: "vmd" }), ["JEM01MTR"]);
  const lists = await namesOf(client, { objectClass: 2, scope: "domain", domain: "JEM01MTR" });
  assert.ok(lists.includes("LLN0$Energy"));
  const energy = dataSetName("JEM01MTR/LLN0.Energy");
  assert.ok(energy);
  const { deletable, members } = await membersOf(client, energy);
  assert.equal(deletable, false);
  const references = members.map((member) => memberReference(member)).map((one) => one && referenceText(one));
  assert.equal(references[3], "JEM01MTR/MMTR1.SupWh[ST]");
  assert.equal(references.length, 7);
  assert.deepEqual(unknown, []);
  const paged = await asking("mms-paging.txt");
  const names = await namesOf(paged.client, { objectClass: 0, scope: "domain", domain: "JEM01MTR" });
  assert.ok(names.length > 1000);
  assert.equal(new Set(names).size, names.length);
});

test("all values of a data set come at once", { skip }, async () => {
  const { client } = await asking("mms-walk.txt");
  const name = dataSetName("JEM01MTR/LLN0$Inst");
  assert.ok(name);
  const values = await readDataSet(client, name);
  assert.equal(values.length, 50);
  assert.deepEqual(values[0], { kind: "float", value: 64 + 0x4bed57 / 2 ** 17, width: 32 });
});

test("what is refused is why, and an attribute that cannot be written says so", { skip }, async () => {
  const { client } = await asking("mms-walk.txt");
  const missing = fetchFile(client, "nope.txt");
  await assert.rejects(missing, (error) => error instanceof MmsError && error.error?.code === 7);
  await assert.rejects(fetchFile(client, "nope.txt"), /file: file non existent/);
  const error = await writeOne(client, at("JEM01MTR/LLN0$RP$urcbEnergy01$IntgPd"), { kind: "unsigned", value: 2000 });
  assert.equal(error, 2);
});

test("files are listed and fetched", { skip }, async () => {
  const { client } = await asking("mms-walk.txt");
  const files = await filesOf(client);
  assert.deepEqual(
    files.map(({ name, size }) => [name, size]),
    [
      ["meter.cid", 6],
      ["COMTRADE/ev1.cfg", 9016],
    ],
  );
  const bytes = await fetchFile(client, "COMTRADE/ev1.cfg");
  assert.equal(bytes.length, 9016);
  assert.equal(Buffer.from(bytes.subarray(0, 14)).toString(), "station,1,1999");
});

test("a buffered report says what changed, why, when, and which entry it is", { skip }, async () => {
  const { client } = await asking("mms-walk.txt");
  const reports: Report[] = [];
  client.onReport((report) => {
    const decoded = decodeReport(report);
    if (decoded !== undefined) reports.push(decoded);
  });
  const block = await ReportControlBlock.of(client, {
    domain: "JEM01MTR",
    node: "LLN0",
    buffered: true,
    name: "brcbIO01",
  });
  const values = await block.values();
  assert.deepEqual(values.get("DatSet"), { kind: "visible", value: "JEM01MTR/LLN0$IO" });
  assert.ok(triggersIn(values.get("TrgOps")).length > 0);
  await block.interrogate();
  const [all, one] = reports;
  assert.ok(all && one);
  assert.equal(all.overflow, true);
  assert.equal(all.members.length, 10);
  // 005cb466 ms of day 3d31 since 1984-01-01: 15,665 days later is 2026-11-21.
  assert.deepEqual(one.time, Date.UTC(2026, 10, 21) + 0x5cb466);
  assert.equal(toHex(one.entryId ?? new Uint8Array(0)), "000001a1fbc3cc66");
  assert.equal(one.overflow, false);
  assert.deepEqual(
    one.members.map(({ index, reasons }) => [index, reasons]),
    [[0, ["data change"]]],
  );
});

test("references are what people write and what MMS has, elements of arrays with their numbers", () => {
  for (const text of [
    "JEM01MTR/MMXU1.TotW.mag.f[MX]",
    "JEM01MTR/MHAI1.HA.phsAHar(3).cVal.mag.f[MX]",
    "JEM01MTR/LLN0",
    "JEM01MTR/LLN0[ST]",
  ])
    assert.equal(referenceText(at(text)), text);
  assert.equal(referenceText(at("JEM01MTR/MMXU1$MX$TotW$mag$f")), "JEM01MTR/MMXU1.TotW.mag.f[MX]");
  for (const text of ["", "MMXU1.TotW", "A/B[XX]", "A/B..C", "A/B$MX$$C", "A/B.C(x)", "A/B/C$MX"])
    assert.equal(parseReference(text), undefined, text);
});

/** A server that answers as a test says, PDU by PDU. */
async function serving(
  answer: (pdu: Uint8Array, association: Association) => void,
  outstanding?: number,
): Promise<{ client: MmsClient; clock: VirtualClock; association: () => Association }> {
  const clock = new VirtualClock();
  const [here, there] = nullModem();
  let own: Association | undefined;
  acceptAssociations(there, {
    clock,
    accept: () => ({ accepted: true, initiate: initiateResponse }),
    user(association) {
      own = association;
      return { received: (pdu) => answer(pdu, association), over: () => {} };
    },
  });
  const client = await MmsClient.associate(here, clock, { ...settings, outstanding });
  return {
    client,
    clock,
    association() {
      assert.ok(own);
      return own;
    },
  };
}

const said = (pdu: Parameters<typeof pduBytes>[0]): Uint8Array => pduBytes(pdu);
const identified = (invokeId: number, model: string): MmsPdu & { kind: "response" } => ({
  kind: "response",
  invokeId,
  response: { service: "identify", vendor: "example", model, revision: "1" },
});

test("as many requests are under way as was agreed on, and answers find theirs in any order", async () => {
  const asked: number[] = [];
  const { client, association } = await serving((pdu) => void asked.push(pdu[4] ?? 0), 3);
  const answers = [1, 2, 3, 4].map(() => client.ask({ service: "identify" }));
  assert.deepEqual(asked, [1, 2, 3]);
  association().send(said(identified(3, "third")));
  assert.deepEqual(asked, [1, 2, 3, 4]);
  for (const [number, model] of [
    [4, "fourth"],
    [1, "first"],
    [2, "second"],
  ] as const)
    association().send(said(identified(number, model)));
  assert.deepEqual(
    (await Promise.all(answers)).map(({ model }) => model),
    ["first", "second", "third", "fourth"],
  );
});

test("an answer that does not come in time fails its request only, and is not taken for another's when it comes", async () => {
  const { client, clock, association } = await serving(() => {});
  const late = client.ask({ service: "identify" });
  clock.advance(5000);
  await assert.rejects(late, (error) => error instanceof MmsError && error.reason === "silent");
  const next = client.ask({ service: "identify" });
  association().send(said(identified(1, "late")));
  association().send(said(identified(2, "in time")));
  assert.equal((await next).model, "in time");
});

test("a response that makes no sense, an error, a reject, and another service's response each end their request", async () => {
  const answers = [
    fromHex("a1 08 020101 a203 80 05 61"),
    said({ kind: "error", invokeId: 2, error: { class: "access", code: 3 } }),
    said({ kind: "reject", invokeId: 3, of: "confirmedRequest", code: 6 }),
    said({ kind: "response", invokeId: 4, response: { service: "fileDelete" } }),
    said({ kind: "reject", of: "pduError", code: 1 }),
  ];
  const { client } = await serving((_pdu, association) => association.send(answers.shift() ?? new Uint8Array(0)));
  for (const [reason, words] of [
    ["nonsense", /makes no sense/],
    ["refused", /access: object access denied/],
    ["rejected", /max serv outstanding exceeded/],
    ["nonsense", /answers identify with fileDelete/],
    ["rejected", /pdu error, code 1/],
  ] as const)
    await assert.rejects(
      client.ask({ service: "identify" }),
      (error) => error instanceof MmsError && error.reason === reason && words.test(error.message),
    );
});

test("an attribute that cannot be understood is none of its own, and the others have their values", async () => {
  // A structure of an object identifier whose last octet says that another follows (X.690, 8.19.2) and of 5; then each by itself.
  const answers = [
    fromHex("a10f 020101 a40a a108 a206 8f0181 860105"),
    fromHex("a10a 020102 a405 a103 8f0181"),
    fromHex("a10a 020103 a405 a103 860105"),
  ];
  const { client } = await serving((_pdu, association) => association.send(answers.shift() ?? new Uint8Array(0)));
  const read = await readWhole(client, at("IED1LD0/LLN0.Own[EX]"), {
    kind: "structure",
    fields: [
      { name: "id", type: { kind: "objectId" } },
      { name: "count", type: { kind: "unsigned", width: 8 } },
    ],
  });
  assert.deepEqual(
    read.map(({ reference, value }) => [referenceText(reference), value]),
    [
      ["IED1LD0/LLN0.Own.id[EX]", { kind: "failure", error: 7 }],
      ["IED1LD0/LLN0.Own.count[EX]", { kind: "unsigned", value: 5 }],
    ],
  );
});

test("when the association ends, all that is under way and all that waits is told so", async () => {
  const { client, association } = await serving(() => {}, 1);
  const asked = [1, 2].map(() => client.ask({ service: "identify" }));
  const told: string[] = [];
  client.onEnd(({ message }) => void told.push(message));
  association().abort();
  for (const one of asked) await assert.rejects(one, (error) => error instanceof MmsError && error.reason === "closed");
  assert.equal(told.length, 1);
  await assert.rejects(client.ask({ service: "identify" }), /aborted/);
});

test("a report that is no MMS at all ends the association, and a service that a client does not have is rejected", async () => {
  const heard: string[] = [];
  const { client, association } = await serving((pdu) => void heard.push(toHex(pdu)));
  association().send(fromHex("a0 06 020107 9f7f00"));
  association().send(said({ kind: "request", invokeId: 8, request: { service: "identify" } }));
  assert.deepEqual(heard, ["a406800107810101", "a20a800108a205a003870101"]);
  association().send(fromHex("a3 04 a0 02 a1 05"));
  assert.equal(client.ended?.reason, "nonsense");
});

test("names without end are not taken for all that there are", async () => {
  // ISO 9506-2, 11.9: no names, and more follows.
  const { client } = await serving((_pdu, association) => association.send(fromHex("a1 0a 020101 a105 a000 8101ff")));
  await assert.rejects(
    namesOf(client, { objectClass: 9, scope: "vmd" }),
    /says that it has more names, and names none/,
  );
});

test("a client that concludes is released, whether the server answers or not", async () => {
  const { client, clock } = await serving(() => {});
  const concluded = client.conclude();
  clock.advance(5000);
  await concluded;
  assert.equal(client.ended?.reason, "closed");
});

/** Segments of a report of three members, as IEC 61850-8-1 17.3.2.3.2 has them. */
function segment(
  number: number,
  more: boolean,
  included: string,
  values: readonly number[],
  sequence = 7,
): Report | undefined {
  const report: InformationReport = {
    kind: "informationReport",
    access: { kind: "list", name: { scope: "vmd", item: "RPT" } },
    results: [
      { kind: "visible", value: "R" },
      // seqNum and segmentation.
      { kind: "bits", octets: Uint8Array.of(0x40, 0x40), length: 10 },
      { kind: "unsigned", value: sequence },
      { kind: "unsigned", value: number },
      { kind: "boolean", value: more },
      { kind: "bits", octets: Uint8Array.of(Number.parseInt(included, 2) << 5), length: 3 },
      ...values.map((value) => ({ kind: "integer", value }) as const),
    ],
  };
  return decodeReport(report);
}

test("the segments of a report are one report, and one of which a segment is missing is none", () => {
  const assembly = new ReportAssembly();
  const parts = [segment(0, true, "100", [11]), segment(1, true, "010", [22]), segment(2, false, "001", [33])];
  const taken = parts.map((part) => part && assembly.take(part));
  assert.deepEqual(taken.slice(0, 2), [undefined, undefined]);
  assert.deepEqual(
    taken[2]?.members.map(({ index, value }) => [index, value.kind === "integer" ? value.value : undefined]),
    [
      [0, 11],
      [1, 22],
      [2, 33],
    ],
  );
  const [first, , last] = parts;
  assert.ok(first && last);
  assert.equal(assembly.take(first), undefined);
  assert.equal(assembly.take(last), undefined);
  const whole = segment(0, false, "101", [4, 5], 8);
  assert.ok(whole);
  assert.equal(assembly.take(whole), whole);
});
