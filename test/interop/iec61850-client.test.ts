/** Our client of MMS with libiec61850's server: it browses all of it, takes its reports through a disconnection, operates it, and has its files. */
import assert from "node:assert/strict";
import { readFileSync, writeFileSync, mkdirSync } from "node:fs";
import path from "node:path";
import { test, type TestContext } from "node:test";
import { SystemClock } from "#clock/system-clock.ts";
import { connectTcp } from "#io/tcp.ts";
import { browse, type BrowsedDevice } from "#protocol/iec61850/client/browse.ts";
import { MmsClient } from "#protocol/iec61850/client/client.ts";
import { Control } from "#protocol/iec61850/client/control.ts";
import {
  dataSetName,
  deleteDataSet,
  makeDataSet,
  membersOf,
  readDataSet,
} from "#protocol/iec61850/client/data-sets.ts";
import { deleteFile, fetchFile, filesOf, sendFile } from "#protocol/iec61850/client/files.ts";
import { parseReference, referenceText, type Reference } from "#protocol/iec61850/client/references.ts";
import { ReportControlBlock, reportControlsOf } from "#protocol/iec61850/client/report-control.ts";
import { decodeReport, type Report } from "#protocol/iec61850/client/reports.ts";
import { readOne, readWhole, writeOne } from "#protocol/iec61850/client/values.ts";
import { temporaryFolder } from "../running-site.ts";
import { libiec61850Server, type OtherServer } from "./iec61850-peers.ts";
import { withoutPeers } from "./programs.ts";

const skip = withoutPeers("pyiec61850");
const clock = new SystemClock();

async function associated(t: TestContext, { port }: OtherServer): Promise<MmsClient> {
  const client = await MmsClient.associate(await connectTcp("127.0.0.1", port), clock, { timeoutMs: 5000 });
  t.after(() => client.abort());
  return client;
}

async function running(t: TestContext): Promise<{ server: OtherServer; client: MmsClient; folder: string }> {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  const server = await libiec61850Server(t, `${folder}/`);
  return { server, client: await associated(t, server), folder };
}

function at(text: string): Reference {
  const reference = parseReference(text);
  assert.ok(reference, text);
  return reference;
}

/** Until something is so: what another program does takes its time. */
async function until<T>(what: string, found: () => T | undefined): Promise<T> {
  for (let k = 0; k < 500; k++) {
    const one = found();
    if (one !== undefined) return one;
    await new Promise((done) => setTimeout(done, 10));
  }
  throw new Error(`it has not come to it that ${what}`);
}

/** References of all attributes, and those of which there is no value. */
async function all(
  client: MmsClient,
  devices: readonly BrowsedDevice[],
): Promise<{ read: Set<string>; unread: string[] }> {
  const read = new Set<string>();
  const unread: string[] = [];
  for (const device of devices)
    for (const node of device.nodes)
      for (const { fc, type } of node.constraints)
        for (const leaf of await readWhole(client, { domain: device.name, node: node.name, fc, path: [] }, type)) {
          read.add(referenceText(leaf.reference));
          if (leaf.value.kind === "failure") unread.push(referenceText(leaf.reference));
        }
  return { read, unread };
}

test(
  "all that libiec61850's server has is found, and every attribute is read",
  { skip, timeout: 60_000 },
  async (t) => {
    const { server, client } = await running(t);
    const identity = await client.ask({ service: "identify" });
    assert.deepEqual([identity.vendor, identity.model, identity.revision], ["libiec61850", "peer", "1.6"]);
    const devices = await browse(client);
    assert.deepEqual(
      devices.map(({ name, nodes, dataSets }) => [name, nodes.map((node) => node.name), dataSets]),
      [["JEM01MTR", ["GGIO1", "LLN0", "MMTR1", "MMXU1"], ["LLN0$Energy", "LLN0$IO"]]],
    );
    const { read, unread } = await all(client, devices);
    assert.deepEqual(unread, []);
    for (const reference of [
      "JEM01MTR/MMXU1.TotW.mag.f[MX]",
      "JEM01MTR/MMXU1.PhV.phsC.cVal.mag.f[MX]",
      "JEM01MTR/MMTR1.SupWh.actVal[ST]",
      "JEM01MTR/LLN0.brcbIO01.EntryID[BR]",
      "JEM01MTR/GGIO1.SPCSO4.Oper.origin.orIdent[CO]",
    ])
      assert.ok(read.has(reference), reference);
    await server.tell("set MTR/MMXU1.TotW.mag.f 229.5");
    await server.tell("set MTR/MMTR1.SupWh.actVal 12345678901234");
    const watts = await readOne(client, at("JEM01MTR/MMXU1.TotW.mag.f[MX]"));
    assert.deepEqual(watts, { kind: "float", value: 229.5, width: 32 });
    const energy = await readOne(client, at("JEM01MTR/MMTR1$ST$SupWh$actVal"));
    assert.deepEqual(energy, { kind: "integer", value: 12_345_678_901_234 });
    assert.equal(await writeOne(client, at("JEM01MTR/MMXU1.TotW.mag.f[MX]"), watts), 3);
    await client.conclude();
  },
);

test("data sets of libiec61850's server are read, made and deleted", { skip, timeout: 60_000 }, async (t) => {
  const { server, client } = await running(t);
  await server.tell("set MTR/MMTR1.DmdWh.actVal 77");
  const [own, made] = ["JEM01MTR/LLN0.Energy", "@mine"].map((text) => dataSetName(text));
  assert.ok(own && made);
  const values = await readDataSet(client, own);
  assert.equal(values.length, 3);
  assert.deepEqual(values[2]?.kind === "structure" ? values[2].items[0] : undefined, { kind: "integer", value: 77 });
  await makeDataSet(client, made, [at("JEM01MTR/MMTR1.DmdWh.actVal[ST]"), at("JEM01MTR/GGIO1.Ind1.stVal[ST]")]);
  assert.equal((await membersOf(client, made)).members.length, 2);
  assert.deepEqual(await readDataSet(client, made), [
    { kind: "integer", value: 77 },
    { kind: "boolean", value: false },
  ]);
  assert.equal(await deleteDataSet(client, made), true);
  assert.equal(await deleteDataSet(client, own), false);
});

function listening(client: MmsClient): Report[] {
  const reports: Report[] = [];
  client.onReport((report) => {
    const one = decodeReport(report);
    if (one !== undefined) reports.push(one);
  });
  return reports;
}

/** What a report says of the first attribute of its members: "0 true". */
function told({ members }: Report): readonly string[] {
  return members.map(({ index, value }) => {
    const first = value.kind === "structure" ? value.items[0] : value;
    return `${index} ${first !== undefined && "value" in first ? String(first.value) : first?.kind}`;
  });
}

test(
  "an unbuffered report of libiec61850's server comes by interrogation, by change and by time",
  { skip, timeout: 60_000 },
  async (t) => {
    const { server, client } = await running(t);
    const blocks = await reportControlsOf(client, "JEM01MTR");
    assert.deepEqual(
      blocks.map(({ name, buffered }) => [name, buffered]),
      [
        ["brcbIO01", true],
        ["brcbIO02", true],
        ["urcbEnergy01", false],
        ["urcbEnergy02", false],
      ],
    );
    const block = await ReportControlBlock.of(client, blocks[2]!);
    const reports = listening(client);
    await block.enable({ integrityMs: 400, triggers: ["dataChange", "integrity", "generalInterrogation"] });
    await block.interrogate();
    await server.tell("set MTR/MMTR1.TotWh.actVal 41");
    const reason = (word: string): Report | undefined =>
      reports.find(({ members }) => members[0]?.reasons.some((one) => one === word));
    assert.deepEqual(told(await until("it was interrogated", () => reason("general interrogation"))).length, 3);
    const changed = await until("a value has changed", () => reason("data change"));
    assert.deepEqual(told(changed), ["0 41"]);
    assert.equal(changed.dataSet, "JEM01MTR/LLN0$Energy");
    assert.equal(changed.configRevision, 1);
    assert.deepEqual(told(await until("it was time", () => reason("integrity"))).length, 3);
    // Another client has to do without it.
    const other = await ReportControlBlock.of(await associated(t, server), blocks[2]!);
    await assert.rejects(other.enable(), /temporarily unavailable/);
    await block.disable();
    await other.enable();
  },
);

test(
  "what libiec61850's server has buffered through a disconnection comes once and in order",
  { skip, timeout: 60_000 },
  async (t) => {
    const { server, client } = await running(t);
    const name = { domain: "JEM01MTR", node: "LLN0", buffered: true, name: "brcbIO01" };
    const first = await ReportControlBlock.of(client, name);
    const before = listening(client);
    await first.enable({ triggers: ["dataChange"], purge: true });
    await server.tell("set MTR/GGIO1.Ind1.stVal on");
    const last = await until("a change was told", () => before[0]);
    assert.deepEqual(told(last), ["0 true"]);
    assert.ok(last.entryId);
    client.abort();
    for (const line of ["Ind2.stVal on", "Ind1.stVal off", "Ind3.stVal on"]) await server.tell(`set MTR/GGIO1.${line}`);
    const again = await associated(t, server);
    const after = listening(again);
    const second = await ReportControlBlock.of(again, name);
    await second.enable({ behind: last.entryId });
    await until("what was missed has come", () => (after.length >= 3 ? true : undefined));
    assert.deepEqual(after.map(told), [["1 true"], ["0 false"], ["2 true"]]);
    assert.ok(after.every(({ overflow }) => overflow === false));
  },
);

test(
  "outputs of libiec61850's server are operated by each of the four models",
  { skip, timeout: 60_000 },
  async (t) => {
    const { server, client } = await running(t);
    for (const [k, model] of [1, 2, 3, 4].entries()) {
      const object = at(`JEM01MTR/GGIO1.SPCSO${k + 1}`);
      const control = await Control.of(client, clock, object);
      assert.equal(control.model, model);
      assert.equal(await control.operate({ kind: "boolean", value: true }), undefined, String(model));
      const state = { ...object, fc: "ST", path: [...object.path, { name: "stVal" }] } as const;
      assert.deepEqual(await readOne(client, state), { kind: "boolean", value: true });
    }
    await until("it has told of them", () => (server.said.length === 4 ? true : undefined));
    assert.deepEqual(
      server.said,
      [1, 2, 3, 4].map((k) => `operated SPCSO${k} True`),
    );
    const none = await Control.of(client, clock, at("JEM01MTR/GGIO1.SPCSO1"));
    // Selected by another client, it says to whom it belongs.
    const other = await associated(t, server);
    const selecting = at("JEM01MTR/GGIO1.SPCSO2.SBO[CO]");
    assert.deepEqual((await readOne(other, selecting)).kind, "visible");
    const barred = await Control.of(client, clock, at("JEM01MTR/GGIO1.SPCSO2"));
    const refused = await barred.operate({ kind: "boolean", value: false });
    assert.equal(refused?.step, "select");
    assert.equal(await none.operate({ kind: "boolean", value: false }, { test: true }), undefined);
  },
);

test("files of libiec61850's server are listed, fetched, put and deleted", { skip, timeout: 60_000 }, async (t) => {
  const { client, folder } = await running(t);
  mkdirSync(path.join(folder, "COMTRADE"));
  const bytes = Buffer.from(Array.from({ length: 200_000 }, (_, k) => (k * 7919) & 0xff));
  writeFileSync(path.join(folder, "COMTRADE", "ev1.dat"), bytes);
  const listed = await filesOf(client);
  assert.deepEqual(
    listed.map(({ name, size }) => [name, size]),
    [["COMTRADE/ev1.dat", 200_000]],
  );
  assert.deepEqual(Buffer.from(await fetchFile(client, "COMTRADE/ev1.dat")), bytes);
  await sendFile(client, "new.cid", bytes.subarray(0, 150_000));
  assert.deepEqual(readFileSync(path.join(folder, "new.cid")), bytes.subarray(0, 150_000));
  await deleteFile(client, "new.cid");
  assert.equal((await filesOf(client)).length, 1);
});
