/** Rules of report control blocks (IEC 61850-7-2, 17.2; IEC 61850-8-1, 17), each by what a client sees. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { LeafValue } from "#protocol/iec61850/model/value.ts";
import { reports } from "#protocol/iec61850/server/reports.ts";
import { bits, integer, octets, ReportHost, reportsTo, shortly, text, truth, unsigned } from "./mms-report-host.ts";
import { serving, type Serving, type TestClient } from "./mms-serving.ts";
import { share } from "./share.ts";
import { leafNumber, reportIed, type ReportIedOptions } from "./report-ied.ts";

const START = Date.UTC(2026, 10, 27, 5, 0, 0);

class Rig {
  readonly host: ReportHost;
  readonly meter: Serving;

  constructor(options: ReportIedOptions = {}) {
    this.host = new ReportHost(reportIed(options));
    this.host.utc = START;
    this.host.become(Array.from({ length: this.host.ied.leaves }, (_, k): [number, LeafValue] => [k, undefined]));
    this.become({
      "GGIO1.Ind1.stVal": false,
      "GGIO1.Ind2.stVal": false,
      "GGIO1.Ind3.stVal": false,
      "GGIO1.Ind4.stVal": false,
      "GGIO1.Ind1.q": 0,
    });
    this.meter = serving(this.host, [reports]);
  }

  become(values: Readonly<Record<string, LeafValue>>): void {
    this.host.become(
      Object.entries(values).map(([path, value]): [number, LeafValue] => [leafNumber(this.host.ied, path), value]),
    );
  }

  /** Milliseconds pass, for the meter's clock, too. */
  pass(ms: number): void {
    this.host.utc += ms;
    this.meter.clock.advance(ms);
  }

  client(initiate?: string): Promise<TestClient> {
    return this.meter.client(initiate);
  }
}

const urcb = "LLN0$RP$urcb01";
const brcb = "LLN0$BR$brcb01";

/** What comes of an event, shortly. */
function heard(client: TestClient, happen: () => void): string[] {
  client.heard = [];
  happen();
  return reportsTo(client).map(shortly);
}

function enable(client: TestClient, block: string, rig: Rig): void {
  assert.equal(client.write(`${block}$RptEna`, truth(true)), undefined);
  rig.pass(0);
  client.heard = [];
}

const denied = 3;
const unavailable = 2;
const inconsistent = 8;
const invalid = 11;

test("only what has changed is reported, with why (17.2.3.2: data change, quality change, data update)", async () => {
  const rig = new Rig();
  const client = await rig.client();
  enable(client, urcb, rig);
  assert.deepEqual(
    heard(client, () => rig.become({ "GGIO1.Ind2.stVal": true })),
    ["#0, 1={true 4000 utc} data change"],
  );
  assert.deepEqual(
    heard(client, () => rig.become({ "GGIO1.Ind1.q": 0x0800, "GGIO1.Ind4.stVal": true })),
    ["#1, 0={false 4000 utc} quality change, 3={true 4000 utc} data change"],
  );
  // Its time alone triggers nothing.
  const time = { utc: START, leapSecondsKnown: true, clockFailure: false, notSynchronised: false };
  assert.deepEqual(
    heard(client, () => rig.become({ "GGIO1.Ind1.t": time })),
    [],
  );
  client.write(`${urcb}$RptEna`, truth(false));
  assert.equal(client.write(`${urcb}$TrgOps`, bits("001000")), undefined);
  enable(client, urcb, rig);
  assert.deepEqual(
    heard(client, () => rig.become({ "GGIO1.Ind2.stVal": false })),
    [],
    "it wants quality only",
  );
});

test("a counter that is frozen at what it was at has been updated (7-3: dupd)", async () => {
  const rig = new Rig({ reports: [{ name: "urcb", dataSet: "Energy" }] });
  const time = (utc: number): LeafValue => ({
    utc,
    leapSecondsKnown: true,
    clockFailure: false,
    notSynchronised: false,
  });
  rig.become({ "MMTR1.TotWh.actVal": 17n, "MMTR1.TotWh.frVal": 17n, "MMTR1.TotWh.q": 0 });
  const client = await rig.client();
  enable(client, urcb, rig);
  assert.deepEqual(
    heard(client, () => rig.become({ "MMTR1.TotWh.frTm": time(START) })),
    ["#0, 0={17 17 utc 0000} data update"],
  );
  assert.deepEqual(
    heard(client, () => rig.become({ "MMTR1.TotWh.actVal": 18n })),
    ["#1, 0={18 17 utc 0000} data change"],
  );
});

test("changes wait for others as long as BufTm; a second one of a member sends what waits (17.2.2.9)", async () => {
  const rig = new Rig();
  const client = await rig.client();
  assert.equal(client.write(`${urcb}$BufTm`, unsigned(100)), undefined);
  enable(client, urcb, rig);
  rig.become({ "GGIO1.Ind1.stVal": true });
  rig.pass(60);
  rig.become({ "GGIO1.Ind3.stVal": true });
  assert.deepEqual(client.heard, []);
  client.heard = [];
  rig.pass(40);
  const [report] = reportsTo(client);
  assert.equal(report?.time, START, "when the first of them changed");
  assert.equal(shortly(report), "#0, 0={true 0000 utc} data change, 2={true 4000 utc} data change");
  rig.become({ "GGIO1.Ind1.stVal": false });
  rig.pass(30);
  assert.deepEqual(
    heard(client, () => rig.become({ "GGIO1.Ind1.stVal": true, "GGIO1.Ind2.stVal": true })),
    ["#1, 0={false 0000 utc} data change"],
  );
  assert.deepEqual(
    heard(client, () => rig.pass(99)),
    [],
  );
  assert.deepEqual(
    heard(client, () => rig.pass(1)),
    ["#2, 0={true 0000 utc} data change, 1={true 4000 utc} data change"],
  );
});

test("all members are reported by time and when asked for, what waits before them (17.2.2.12, 17.2.2.13)", async () => {
  const rig = new Rig();
  const client = await rig.client();
  assert.equal(client.write(`${urcb}$IntgPd`, unsigned(1000)), undefined);
  assert.equal(client.write(`${urcb}$BufTm`, unsigned(500)), undefined);
  enable(client, urcb, rig);
  rig.pass(900);
  rig.become({ "GGIO1.Ind1.stVal": true });
  const all = (reason: string, first: boolean): string =>
    [`{${first} 0000 utc}`, ...[1, 2, 3].map(() => "{false 4000 utc}")]
      .map((one, k) => `${k}=${one} ${reason}`)
      .join(", ");
  assert.deepEqual(
    heard(client, () => rig.pass(100)),
    ["#0, 0={true 0000 utc} data change", `#1, ${all("integrity", true)}`],
  );
  rig.become({ "GGIO1.Ind1.stVal": false });
  assert.equal(client.write(`${urcb}$GI`, truth(true)), undefined);
  assert.deepEqual(
    heard(client, () => rig.pass(0)),
    ["#2, 0={false 0000 utc} data change", `#3, ${all("general interrogation", false)}`],
  );
  assert.deepEqual(client.read(`${urcb}$GI`), truth(false));
  client.write(`${urcb}$RptEna`, truth(false));
  assert.equal(client.write(`${urcb}$GI`, truth(true)), unavailable, "it is not enabled");
  assert.equal(client.write(`${urcb}$TrgOps`, bits("010010")), undefined);
  enable(client, urcb, rig);
  assert.equal(client.write(`${urcb}$GI`, truth(true)), unavailable, "its triggers have none");
});

test("what is enabled keeps its settings; what only the server knows nobody writes (table 37)", async () => {
  const rig = new Rig();
  const client = await rig.client();
  for (const block of [urcb, brcb]) {
    enable(client, block, rig);
    for (const [name, value] of [
      ["RptID", text("x")],
      ["DatSet", text("JEM01MTR/LLN0$Energy")],
      ["OptFlds", bits("0000000000")],
      ["BufTm", unsigned(1)],
      ["TrgOps", bits("000000")],
      ["IntgPd", unsigned(1000)],
    ] as const)
      assert.equal(client.write(`${block}$${name}`, value), unavailable, name);
    for (const [name, value] of [
      ["ConfRev", unsigned(9)],
      ["SqNum", unsigned(9)],
    ] as const)
      assert.equal(client.write(`${block}$${name}`, value), denied, name);
  }
  for (const [name, value] of [
    ["PurgeBuf", truth(true)],
    ["EntryID", octets("0000000000000000")],
  ] as const)
    assert.equal(client.write(`${brcb}$${name}`, value), unavailable, name);
});

test("a block is one client's at a time (17.2.4: Resv; implicitly, editions 1 and 2)", async () => {
  const rig = new Rig();
  const [one, other] = [await rig.client(), await rig.client()];
  assert.deepEqual(one.read(`${urcb}$Resv`), truth(false));
  assert.equal(one.write(`${urcb}$Resv`, truth(true)), undefined);
  assert.deepEqual(other.read(`${urcb}$Resv`), truth(true));
  assert.equal(other.write(`${urcb}$RptEna`, truth(true)), unavailable);
  assert.equal(other.write(`${urcb}$Resv`, truth(false)), unavailable);
  assert.equal(one.write(`${urcb}$Resv`, truth(false)), undefined);
  // Whoever sets something has it.
  assert.equal(other.write(`${urcb}$BufTm`, unsigned(10)), undefined);
  assert.equal(one.write(`${urcb}$RptEna`, truth(true)), unavailable);
  other.hangUp();
  assert.equal(one.write(`${urcb}$RptEna`, truth(true)), undefined);
  assert.equal(one.write(`${urcb}$Resv`, truth(false)), unavailable, "it is enabled");
});

test("a buffered block waits for its client as long as it was told, by its address (17.2.2: ResvTms)", async () => {
  const rig = new Rig();
  const [one, other] = [await rig.client(), await rig.client()];
  assert.equal(one.write(`${brcb}$ResvTms`, integer(-1)), invalid);
  assert.equal(one.write(`${brcb}$ResvTms`, integer(60)), undefined);
  assert.equal(other.write(`${brcb}$ResvTms`, integer(5)), unavailable);
  one.hangUp();
  assert.deepEqual(other.read(`${brcb}$ResvTms`), integer(60));
  // The other is at the same address: for all that the meter knows it is the one that comes back.
  assert.equal(other.write(`${brcb}$ResvTms`, integer(30)), undefined);
  other.hangUp();
  const third = await rig.client();
  rig.pass(29_999);
  assert.deepEqual(third.read(`${brcb}$ResvTms`), integer(30));
  rig.pass(1);
  assert.deepEqual(third.read(`${brcb}$ResvTms`), integer(0));
  assert.equal(third.write(`${brcb}$RptEna`, truth(true)), undefined);
  assert.deepEqual(third.read(`${brcb}$ResvTms`), integer(10), "ten seconds where it has not said");
});

test("edition 2.1: who has not reserved a block sets nothing, and everybody sees who has it", async () => {
  const rig = new Rig({ edition: "2.1" });
  const client = await rig.client();
  for (const block of [urcb, brcb]) assert.equal(client.write(`${block}$RptEna`, truth(true)), denied);
  assert.equal(client.write(`${brcb}$PurgeBuf`, truth(true)), denied);
  assert.deepEqual(client.read(`${urcb}$Owner`), octets(""));
  assert.equal(client.write(`${urcb}$Resv`, truth(true)), undefined);
  assert.equal(client.write(`${brcb}$ResvTms`, integer(1)), undefined);
  for (const block of [urcb, brcb]) {
    assert.deepEqual(client.read(`${block}$Owner`), octets("c0000207"), "192.0.2.7");
    assert.equal(client.write(`${block}$RptEna`, truth(true)), undefined);
  }
});

test("edition 1 has no ResvTms, and no edition before 2.1 has an owner", async () => {
  const client = await new Rig({ edition: "1" }).client();
  const missing = { kind: "failure", error: 10 };
  assert.deepEqual(client.read(`${brcb}$ResvTms`), missing);
  assert.deepEqual(client.read(`${brcb}$Owner`), missing);
  assert.deepEqual(await new Rig().client().then((one) => one.read(`${brcb}$Owner`)), missing);
});

test("another data set is another revision, and has to be there (17.2.2.5, 17.2.2.6)", async () => {
  const rig = new Rig();
  const client = await rig.client();
  assert.equal(client.write(`${urcb}$DatSet`, text("JEM01MTR/LLN0$None")), invalid);
  assert.equal(client.write(`${urcb}$DatSet`, text("JEM01MTR/LLN0$IO")), undefined);
  assert.deepEqual(client.read(`${urcb}$ConfRev`), unsigned(1), "it is the one that it was");
  assert.equal(client.write(`${urcb}$DatSet`, text("JEM01MTR/LLN0$States")), undefined);
  assert.deepEqual(client.read(`${urcb}$ConfRev`), unsigned(2));
  enable(client, urcb, rig);
  assert.deepEqual(
    heard(client, () => rig.become({ "GGIO1.Ind4.stVal": true, "GGIO1.Ind4.q": 0 })),
    ["#0, 3=true data change"],
  );
  client.write(`${urcb}$RptEna`, truth(false));
  assert.equal(client.write(`${urcb}$DatSet`, text("")), undefined);
  assert.equal(client.write(`${urcb}$RptEna`, truth(true)), inconsistent, "of nothing there are no reports");
});

test("a data set that a client made is reported, and not deleted meanwhile; his own ends with his association", async () => {
  const rig = new Rig();
  const client = await rig.client();
  const variables = [
    { kind: "name", name: { scope: "domain", domain: "JEM01MTR", item: "GGIO1$ST$Ind3$stVal" } },
  ] as const;
  const define = (scope: "domain" | "association", item: string): void => {
    const name = scope === "domain" ? ({ scope, domain: "JEM01MTR", item } as const) : { scope, item };
    const answer = client.request({ service: "defineNamedVariableList", name, variables });
    assert.equal(answer.kind, "response");
  };
  define("domain", "LLN0$Own");
  define("association", "Mine");
  assert.equal(client.write(`${brcb}$DatSet`, text("@Mine")), invalid, "what is buffered outlives an association");
  assert.equal(client.write(`${urcb}$DatSet`, text("@Mine")), undefined);
  assert.equal(client.write(`${brcb}$DatSet`, text("JEM01MTR/LLN0$Own")), undefined);
  const gone = client.request({
    service: "deleteNamedVariableList",
    scope: "specific",
    names: [{ scope: "domain", domain: "JEM01MTR", item: "LLN0$Own" }],
  });
  assert.ok(gone.kind === "response" && gone.response.service === "deleteNamedVariableList");
  assert.equal(gone.response.deleted, 0);
  enable(client, urcb, rig);
  client.heard = [];
  rig.become({ "GGIO1.Ind3.stVal": true });
  assert.deepEqual(
    reportsTo(client).map(({ dataSet, members }) => [dataSet, members.length]),
    [["@Mine", 1]],
  );
  client.hangUp();
  const next = await rig.client();
  assert.deepEqual(next.read(`${urcb}$DatSet`), text("JEM01MTR/LLN0$IO"));
  assert.deepEqual(next.read(`${urcb}$ConfRev`), unsigned(3));
});

test("an empty RptID is the block's own reference (17.2.2.3)", async () => {
  const rig = new Rig();
  const client = await rig.client();
  assert.deepEqual(client.read(`${urcb}$RptID`), text("JEM01MTR/LLN0$RP$urcb01"));
  const rptIds = (): (string | undefined)[] => {
    enable(client, urcb, rig);
    rig.become({ "GGIO1.Ind1.stVal": true });
    rig.become({ "GGIO1.Ind1.stVal": false });
    const ids = reportsTo(client).map(({ rptId }) => rptId);
    client.write(`${urcb}$RptEna`, truth(false));
    return ids;
  };
  assert.equal(client.write(`${urcb}$RptID`, text("mine")), undefined);
  assert.deepEqual(rptIds(), ["mine", "mine"]);
  assert.equal(client.write(`${urcb}$RptID`, text("")), undefined);
  assert.deepEqual(rptIds(), ["JEM01MTR/LLN0$RP$urcb01", "JEM01MTR/LLN0$RP$urcb01"]);
});

test("a report has the fields that OptFlds says, an unbuffered one never overflow nor entry (17.2.5.2)", async () => {
  const rig = new Rig();
  const client = await rig.client();
  const all = bits("0111111110");
  let isOn = false;
  const change = (): void => rig.become({ "GGIO1.Ind1.stVal": (isOn = !isOn) });
  for (const block of [urcb, brcb]) {
    if (block === brcb) client.write(`${block}$PurgeBuf`, truth(true));
    assert.equal(client.write(`${block}$OptFlds`, bits("1111111111")), undefined);
    assert.deepEqual(client.read(`${block}$OptFlds`), all, "segmentation is the server's");
    enable(client, block, rig);
    change();
    const [report] = reportsTo(client);
    assert.equal(report?.sequence, 0);
    assert.equal(report.time, START);
    assert.equal(report.dataSet, "JEM01MTR/LLN0$IO");
    assert.equal(report.configRevision, 1);
    assert.equal(report.members[0]?.reference, "JEM01MTR/GGIO1$ST$Ind1");
    assert.equal(report.overflow, block === urcb ? undefined : true);
    assert.equal(report.entryId === undefined, block === urcb);
    client.write(`${block}$RptEna`, truth(false));
    assert.equal(client.write(`${block}$OptFlds`, bits("0000000000")), undefined);
    if (block === brcb) client.write(`${block}$PurgeBuf`, truth(true));
    enable(client, block, rig);
    change();
    const { members, ...head } = reportsTo(client)[0] ?? { members: [] };
    assert.deepEqual(head, { rptId: `JEM01MTR/${block}` });
    assert.deepEqual(
      members.map(({ index, reasons }) => [index, reasons]),
      [[0, []]],
    );
  }
});

/** libiec61850's request, for PDUs of 512 octets. */
const short = "a825 8002 0200 810105 820105 83010a a416 800101 810305f100 820c03ee1c00000408000079ef18";

test("what is longer than a client's PDUs comes in segments, each of which says which members it has (8-1, 17.3.3)", async () => {
  const rig = new Rig({
    reports: [
      { name: "urcb", dataSet: "Long" },
      { name: "brcb", buffered: true, dataSet: "Long" },
    ],
  });
  const client = await rig.client(short);
  const long = Object.fromEntries([1, 2, 3, 4].map((k) => [`GGIO1.Text${k}.stVal`, String(k).repeat(200)]));
  for (const block of [urcb, brcb]) {
    enable(client, block, rig);
    rig.become(Object.fromEntries(Object.keys(long).map((name) => [name, ""])));
    client.heard = [];
    rig.become(long);
    assert.ok(client.heard.every((pdu) => pdu.length <= 2 * 512));
    const segments = reportsTo(client);
    const [first] = segments;
    assert.ok(segments.length >= 3);
    assert.deepEqual(
      segments.map(({ segment }) => segment),
      segments.map((_, number) => ({ number, moreFollow: number < segments.length - 1 })),
    );
    assert.ok(segments.every(({ sequence }) => sequence === first?.sequence));
    assert.deepEqual(
      segments.flatMap(({ members }) =>
        members.map(({ index, value }) => [index, value.kind === "structure" && value.items[0]]),
      ),
      [1, 2, 3, 4].map((k) => [k - 1, text(String(k).repeat(200))]),
    );
    client.write(`${block}$RptEna`, truth(false));
  }
});

test("a member that fits into no PDU of a client is not reported to him at all: the block is not enabled", async () => {
  const rig = new Rig();
  rig.become({ "GGIO1.Text1.stVal": "x".repeat(200), "GGIO1.Text2.stVal": "y".repeat(200) });
  const [client, little] = [await rig.client(), await rig.client(short)];
  const name = { scope: "domain", domain: "JEM01MTR", item: "LLN0$All" } as const;
  const variables = [
    { kind: "name", name: { scope: "domain", domain: "JEM01MTR", item: "GGIO1$ST" } },
    { kind: "name", name: { scope: "domain", domain: "JEM01MTR", item: "GGIO1$ST$Ind1" } },
  ] as const;
  assert.equal(client.request({ service: "defineNamedVariableList", name, variables }).kind, "response");
  assert.equal(client.write(`${brcb}$DatSet`, text("JEM01MTR/LLN0$All")), undefined);
  client.hangUp();
  assert.equal(little.write(`${brcb}$RptEna`, truth(true)), inconsistent);
  assert.deepEqual(little.read(`${brcb}$RptEna`), truth(false));
  const other = await rig.client();
  enable(other, brcb, rig);
  assert.equal(heard(other, () => rig.become({ "GGIO1.Ind1.stVal": true })).length, 1);
});

test("SqNum begins at 0 when a block is enabled, and that of an unbuffered one behind 255 (8-1, 17.2: INT8U, INT16U)", async () => {
  const rig = new Rig();
  const client = await rig.client();
  const numbers = (block: string, count: number): (number | undefined)[] => {
    enable(client, block, rig);
    const all: (number | undefined)[] = [];
    for (let k = 0; k < count; k++) {
      rig.become({ "GGIO1.Ind1.stVal": k % 2 === 0 });
      all.push(...reportsTo(client).map(({ sequence }) => sequence));
    }
    client.write(`${block}$RptEna`, truth(false));
    return all;
  };
  assert.deepEqual(numbers(urcb, 258).slice(254), [254, 255, 0, 1]);
  assert.deepEqual(client.read(`${urcb}$SqNum`), unsigned(2));
  assert.deepEqual(numbers(urcb, 2), [0, 1]);
  client.write(`${brcb}$PurgeBuf`, truth(true));
  assert.deepEqual(numbers(brcb, 258).slice(254), [254, 255, 256, 257]);
});

const hasTime = share(0, 0, 1) === 1;

test("SqNum of a buffered one is 0 again behind 65,535 (8-1, 17.2: INT16U)", { skip: !hasTime }, async () => {
  const rig = new Rig();
  const client = await rig.client();
  client.write(`${brcb}$PurgeBuf`, truth(true));
  enable(client, brcb, rig);
  let last: (number | undefined)[] = [];
  for (let k = 0; k < 65_538; k++) {
    rig.become({ "GGIO1.Ind1.stVal": k % 2 === 0 });
    last = [...last.slice(-3), ...reportsTo(client).map(({ sequence }) => sequence)];
  }
  assert.deepEqual(last, [65_534, 65_535, 0, 1]);
});

test("who reads slowly loses unbuffered reports, and sees it; buffered ones wait", async () => {
  const rig = new Rig();
  const client = await rig.client();
  enable(client, urcb, rig);
  enable(client, brcb, rig);
  client.waiting = 1 << 20;
  assert.deepEqual(
    heard(client, () => rig.become({ "GGIO1.Ind1.stVal": true })),
    [],
  );
  assert.deepEqual(
    heard(client, () => rig.become({ "GGIO1.Ind1.stVal": false })),
    [],
  );
  rig.pass(1000);
  assert.deepEqual(client.heard, []);
  client.waiting = 0;
  assert.deepEqual(
    heard(client, () => rig.pass(50)),
    ["#0, overflow, 0={true 0000 utc} data change", "#1, 0={false 0000 utc} data change"],
  );
  assert.deepEqual(heard(client, () => rig.become({ "GGIO1.Ind1.stVal": true })).toSorted(), [
    "#2, 0={true 0000 utc} data change",
    "#2, 0={true 0000 utc} data change",
  ]);
});

test("who may not read any more is told nothing", async () => {
  const rig = new Rig();
  const client = await rig.client();
  enable(client, urcb, rig);
  rig.host.mayRead = false;
  assert.deepEqual(
    heard(client, () => rig.become({ "GGIO1.Ind1.stVal": true })),
    [],
  );
  rig.host.mayRead = true;
  assert.deepEqual(
    heard(client, () => rig.become({ "GGIO1.Ind1.stVal": false })),
    ["#1, 0={false 0000 utc} data change"],
  );
});

test("while the meter does not answer it tells nothing; what is buffered comes afterwards, each change of it", async () => {
  const rig = new Rig();
  const client = await rig.client();
  assert.equal(client.write(`${urcb}$IntgPd`, unsigned(1000)), undefined);
  enable(client, urcb, rig);
  enable(client, brcb, rig);
  rig.host.isOn = false;
  const silent = heard(client, () => {
    rig.become({ "GGIO1.Ind1.stVal": true });
    rig.become({ "GGIO1.Ind1.stVal": false });
    rig.pass(5000);
  });
  assert.deepEqual(silent, []);
  rig.host.isOn = true;
  assert.deepEqual(
    heard(client, () => rig.pass(50)),
    ["#0, overflow, 0={true 0000 utc} data change", "#1, 0={false 0000 utc} data change"],
  );
});

test("periods that make work without bound, or that no timer keeps, are none", async () => {
  const client = await new Rig().client();
  for (const ms of [1, 9, 604_800_001]) assert.equal(client.write(`${urcb}$IntgPd`, unsigned(ms)), invalid, String(ms));
  assert.equal(client.write(`${urcb}$BufTm`, unsigned(3_600_001)), invalid);
  for (const ms of [0, 10, 604_800_000]) assert.equal(client.write(`${urcb}$IntgPd`, unsigned(ms)), undefined);
});

test("an association that ends takes its reports with it", async () => {
  const rig = new Rig();
  const client = await rig.client();
  enable(client, urcb, rig);
  client.hangUp();
  rig.become({ "GGIO1.Ind1.stVal": true });
  rig.pass(1000);
  assert.deepEqual(client.heard, []);
  const next = await rig.client();
  assert.deepEqual(next.read(`${urcb}$RptEna`), truth(false));
  assert.deepEqual(next.read(`${urcb}$Resv`), truth(false));
});
