/**
 * Reports of libiec61850's server in ../shared/vectors: a meter with the same model, to which the same happens, tells the same octet for octet.
 * Only the number of an entry is each server's own.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { BerReader, BerWriter } from "#wire/ber.ts";
import { readLeaf } from "#protocol/iec61850/mms/attribute-data.ts";
import type { Data } from "#protocol/iec61850/mms/data.ts";
import { encodeData } from "#protocol/iec61850/mms/data-codec.ts";
import { decodePdu } from "#protocol/iec61850/mms/pdu.ts";
import { decodeReport, type Report } from "#protocol/iec61850/client/reports.ts";
import type { Leaf } from "#protocol/iec61850/model/ied.ts";
import type { LeafValue } from "#protocol/iec61850/model/value.ts";
import type { DataSets, NamedSet } from "#protocol/iec61850/server/data-sets.ts";
import { controls } from "#protocol/iec61850/server/controls.ts";
import { reports } from "#protocol/iec61850/server/reports.ts";
import type { MakePart } from "#protocol/iec61850/server/shown.ts";
import { draftIed, skipDraft } from "./draft-ied.ts";
import { connectionsOf, fromHex, skip, toHex, type MmsFile } from "./mms-exchanges.ts";
import { ReportHost, bits, integer, truth, unsigned } from "./mms-report-host.ts";
import { serving, type Serving } from "./mms-serving.ts";

interface Golden {
  readonly hex: string;
  readonly report: Report;
}

/** All reports that a server sent, in their order. */
function goldenReports(file: MmsFile, rptId: string): readonly Golden[] {
  return connectionsOf(file).flatMap((sent) =>
    sent.flatMap(({ from, pdu }) => {
      if (from !== "server" || pdu?.startsWith("a3") !== true) return [];
      const decoded = decodePdu(fromHex(pdu));
      const report = decoded.kind === "informationReport" ? decodeReport(decoded) : undefined;
      return report?.rptId === rptId ? [{ hex: pdu, report }] : [];
    }),
  );
}

function leavesOf(data: Data): Data[] {
  return data.kind === "structure" || data.kind === "array" ? data.items.flatMap(leavesOf) : [data];
}

function valueOf(leaf: Leaf, data: Data): LeafValue {
  const out = new BerWriter();
  encodeData(out, data);
  const reader = new BerReader(out.done());
  reader.next();
  const read = readLeaf(reader, leaf);
  if ("wrong" in read) throw new Error(`${leaf.name} is of another type`);
  return read.value;
}

/** What the meter's leaves are, where a report says it. */
function valuesOf(set: NamedSet, { members }: Report): [number, LeafValue][] {
  return members.flatMap(({ index, value }) => {
    if (value.kind === "failure") return [];
    const data = leavesOf(value);
    return (set.members[index]?.leaves ?? []).map(({ leaf }, k): [number, LeafValue] => {
      const one = data[k];
      if (one === undefined) throw new Error(`member ${index} has ${data.length} values`);
      return [leaf.index, valueOf(leaf, one)];
    });
  });
}

class Replay {
  readonly host = new ReportHost({ ...draftIed(), edition: "2" });
  readonly meter: Serving;
  #sets: DataSets | undefined;

  constructor() {
    const setsToo: MakePart = (context) => {
      this.#sets = context.dataSets;
      return { places: [], left: () => {}, close: () => {} };
    };
    this.meter = serving(this.host, [reports, controls, setsToo]);
  }

  set(reference: string): NamedSet {
    const set = this.#sets?.find(reference);
    if (set === undefined) throw new Error(`no data set ${reference}`);
    return set;
  }

  /** The meter becomes what a report says, when it says so: what comes of it. */
  happen(set: NamedSet, { report }: Golden, how: () => void = () => {}): void {
    this.host.utc = report.time ?? 0;
    const [first] = report.members;
    if (first?.reasons.includes("data change") === true) this.host.become(valuesOf(set, report));
    else how();
  }
}

/** Without the number of an entry, and without what milliseconds in 53 bits have not of a fraction in 24 bits, in both. */
function comparable(hex: string): string {
  return hex
    .replace(/(8301[0-9a-f]{2}8908)[0-9a-f]{16}/, "$1")
    .replaceAll(/(9108[0-9a-f]{12})[0-9a-f]{2}([0-9a-f]{2})/g, "$1$2");
}

const rcb = "LLN0$RP$urcbEnergy01";
const skipped = skip !== false ? skip : skipDraft;

test(
  "an unbuffered block reports changes, all by time and all when asked as another server does",
  { skip: skipped },
  async () => {
    const replay = new Replay();
    const golden = goldenReports("mms-walk.txt", "JEM01MTR/LLN0$RP$urcbEnergy");
    assert.deepEqual(
      golden.map(({ report }) => report.members[0]?.reasons),
      [
        ["data change"],
        ["integrity"],
        ["general interrogation"],
        ["data change"],
        ["integrity"],
        ["data change"],
        ["integrity"],
      ],
    );
    const client = await replay.meter.client();
    assert.equal(client.write(`${rcb}$Resv`, truth(true)), undefined);
    assert.equal(client.write(`${rcb}$OptFlds`, bits("0111110010")), undefined);
    assert.equal(client.write(`${rcb}$TrgOps`, bits("010011")), undefined);
    assert.equal(client.write(`${rcb}$IntgPd`, unsigned(1000)), undefined);
    assert.equal(client.write(`${rcb}$RptEna`, truth(true)), undefined);
    const set = replay.set("JEM01MTR/LLN0$Energy");
    for (const one of golden) {
      client.heard = [];
      replay.happen(set, one, () => {
        if (one.report.members[0]?.reasons[0] === "integrity") replay.meter.clock.advance(1000);
        else {
          assert.equal(client.write(`${rcb}$GI`, truth(true)), undefined);
          replay.meter.clock.advance(0);
        }
      });
      assert.deepEqual(client.heard.map(comparable), [comparable(one.hex)]);
    }
    assert.equal(client.write(`${rcb}$IntgPd`, unsigned(2000)), 2, "it is enabled");
  },
);

const brcb = "LLN0$BR$brcbIO01";

test("a buffered block is purged, interrogated, left and resumed as another server's", { skip: skipped }, async () => {
  const replay = new Replay();
  const [interrogated, change, first, second, ...more] = goldenReports("mms-walk.txt", "JEM01MTR/LLN0$BR$brcbIO");
  assert.ok(interrogated && change && first && second && more.length === 0);
  const set = replay.set("JEM01MTR/LLN0$IO");
  const client = await replay.meter.client();
  replay.host.become(valuesOf(set, interrogated.report));
  assert.equal(client.write(`${brcb}$ResvTms`, integer(60)), undefined);
  assert.equal(client.write(`${brcb}$PurgeBuf`, truth(true)), undefined);
  assert.equal(client.write(`${brcb}$TrgOps`, bits("011001")), undefined);
  assert.equal(client.write(`${brcb}$RptEna`, truth(true)), undefined);
  client.heard = [];
  replay.host.utc = interrogated.report.time ?? 0;
  assert.equal(client.write(`${brcb}$GI`, truth(true)), undefined);
  replay.meter.clock.advance(0);
  assert.deepEqual(client.heard.map(comparable), [interrogated.hex].map(comparable));
  client.heard = [];
  replay.happen(set, change);
  const [told] = client.heard;
  assert.equal(comparable(told ?? ""), comparable(change.hex));
  assert.equal(client.write(`${brcb}$RptEna`, truth(false)), undefined);
  const entry = /8908([0-9a-f]{16})/.exec(told ?? "")?.[1] ?? "";
  assert.deepEqual(client.read(`${brcb}$EntryID`), { kind: "octets", value: fromHex(entry) });
  assert.deepEqual(client.read(`${brcb}$SqNum`), unsigned(2));
  // It goes on while nobody listens.
  client.heard = [];
  replay.happen(set, first);
  replay.happen(set, second);
  assert.deepEqual(client.heard, []);
  assert.equal(client.write(`${brcb}$EntryID`, { kind: "octets", value: fromHex(entry) }), undefined);
  assert.equal(client.write(`${brcb}$RptEna`, truth(true)), undefined);
  client.heard = [];
  replay.meter.clock.advance(0);
  assert.deepEqual(client.heard.map(comparable), [first.hex, second.hex].map(comparable));
});

const other = "LLN0$BR$brcbIO02";

test("who does not say where he is gets all that there is, as from another server", { skip: skipped }, async () => {
  const replay = new Replay();
  const golden = goldenReports("mms-second-client.txt", "JEM01MTR/LLN0$BR$brcbIO");
  const set = replay.set("JEM01MTR/LLN0$IO");
  const [interrogated] = golden;
  assert.ok(interrogated !== undefined && golden.length === 10);
  replay.host.become(valuesOf(set, interrogated.report));
  const before = await replay.meter.client();
  assert.equal(before.write(`${other}$PurgeBuf`, truth(true)), undefined);
  assert.equal(before.write(`${other}$RptEna`, truth(true)), undefined);
  replay.happen(set, interrogated, () => before.write(`${other}$GI`, truth(true)));
  replay.meter.clock.advance(0);
  before.hangUp();
  const client = await replay.meter.client();
  for (const one of golden.slice(1, 6)) replay.happen(set, one);
  assert.equal(client.write(`${other}$RptEna`, truth(true)), undefined);
  client.heard = [];
  replay.meter.clock.advance(0);
  for (const one of golden.slice(6))
    replay.happen(set, one, () => {
      const { heard } = client;
      client.write(`${other}$GI`, truth(true));
      client.heard = heard;
      replay.meter.clock.advance(0);
    });
  assert.deepEqual(
    client.heard.map(comparable),
    golden.map(({ hex }) => comparable(hex)),
  );
  assert.equal(new Set(client.heard.map((hex) => /8908([0-9a-f]{16})/.exec(hex)?.[1])).size, 10);
});

/** What a client asks of control blocks and controls: reading and writing them, and their types. */
const asked = /244252246|245250247|24434f24/;

test(
  "whatever a client asks of control blocks and controls has the answer that another server gave",
  { skip: skipped },
  async () => {
    const replay = new Replay();
    const sent = connectionsOf("mms-walk.txt")[0] ?? [];
    const client = await replay.meter.client();
    let compared = 0;
    for (const [k, { from, pdu }] of sent.entries()) {
      if (from !== "client" || pdu === undefined || !asked.test(pdu)) continue;
      const own = client.read(`${brcb}$EntryID`);
      const entry = own?.kind === "octets" ? toHex(own.value) : "";
      // The number of an entry is each server's own.
      const [answer = ""] = client.ask(pdu.replace(/8908000001a1fbc3cc66/, `8908${entry}`));
      const expected = sent.slice(k + 1).find((one) => one.pdu !== undefined && !one.pdu.startsWith("a3"))?.pdu ?? "";
      assert.deepEqual(kindsIn(answer), kindsIn(expected), pdu);
      replay.meter.clock.advance(0);
      compared++;
    }
    assert.ok(compared >= 20, `${compared} compared`);
  },
);

/** What is read, without what it is worth. */
function kindsIn(hex: string): unknown {
  const pdu = decodePdu(fromHex(hex));
  if (pdu.kind !== "response" || pdu.response.service !== "read") return hex;
  const kinds = (data: Data): unknown =>
    data.kind === "structure" || data.kind === "array" ? data.items.map(kinds) : data.kind;
  return pdu.response.results.map((one) => (one.kind === "failure" ? one : kinds(one)));
}
