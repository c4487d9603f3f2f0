/** A JEMStar II that reports and is operated over MMS: its inputs through failures of the power, its outputs by who may. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { controls } from "#protocol/iec61850/server/controls.ts";
import { reports } from "#protocol/iec61850/server/reports.ts";
import { pduBytes } from "#protocol/iec61850/mms/pdu.ts";
import type { Data } from "#protocol/iec61850/mms/data.ts";
import { iedMeter } from "./iec61850-meter.ts";
import { bits, integer, octets, reportsTo, shortly, truth, unsigned } from "./mms-report-host.ts";
import { serving, type TestClient } from "./mms-serving.ts";

const listens = "communications: { ethernet1: { iec61850: { use: enabled } } }";
const brcb = "LLN0$BR$brcbIO01";
const second = 1 / 60;

function entryOf(client: TestClient): Data {
  const read = client.read(`${brcb}$EntryID`);
  assert.ok(read?.kind === "octets");
  return read;
}

test("changes of inputs are told once, in their order, through a failure of the meter's power", async (t) => {
  const meter = iedMeter(t, { configuration: listens });
  const served = serving(meter.host, [reports, controls]);
  // Input 7 is the first member; outputs that pulse energy are others.
  const told = (client: TestClient): string[] =>
    reportsTo(client).flatMap((report) => {
      const members = report.members.filter(({ index }) => index === 0);
      return members.length === 0 ? [] : [shortly({ ...report, members })];
    });
  const input = (closed: boolean): void => {
    assert.equal(meter.tell({ command: "input", channel: 7, closed }), "done");
    meter.pass(second);
  };
  meter.pass(1);
  const client = await served.client();
  assert.equal(client.write(`${brcb}$PurgeBuf`, truth(true)), undefined);
  assert.equal(client.write(`${brcb}$RptEna`, truth(true)), undefined);
  served.clock.advance(0);
  client.heard = [];
  input(true);
  const [first, ...more] = told(client);
  assert.match(first ?? "", /^#0, overflow, 0=\{true 0000 utc\} data change$/);
  assert.deepEqual(more, []);
  const entry = entryOf(client);
  client.hangUp();
  input(false);
  input(true);
  assert.equal(meter.tell({ command: "powerDown" }), "done");
  meter.pass(5);
  assert.equal(meter.tell({ command: "powerUp" }), "done");
  meter.pass(second);
  input(false);
  const next = await served.client();
  assert.equal(next.write(`${brcb}$EntryID`, entry), undefined);
  assert.equal(next.write(`${brcb}$RptEna`, truth(true)), undefined);
  next.heard = [];
  served.clock.advance(0);
  const all = told(next);
  assert.deepEqual(
    all.map((one) => /\{(\w+)/.exec(one)?.[1]),
    ["false", "true", "false"],
    all.join("\n"),
  );
  assert.ok(all.every((one) => !one.includes("overflow")));
});

test("another model of the meter is no event of its contacts", async (t) => {
  const meter = iedMeter(t, { configuration: listens });
  const served = serving(meter.host, [reports, controls]);
  meter.pass(1);
  const client = await served.client();
  assert.equal(client.write(`${brcb}$PurgeBuf`, truth(true)), undefined);
  assert.equal(client.write(`${brcb}$RptEna`, truth(true)), undefined);
  assert.equal(meter.tell({ command: "input", channel: 7, closed: true }), "done");
  meter.pass(second);
  served.clock.advance(0);
  const entry = entryOf(client);
  client.hangUp();
  assert.equal(meter.tell({ command: "input", channel: 7, closed: false }), "done");
  meter.configure((file) => Object.assign(file.iec61850, { properties: { stationId: "Y" } }));
  meter.pass(second);
  served.clock.advance(0);
  const next = await served.client();
  assert.equal(next.write(`${brcb}$EntryID`, entry), undefined);
  next.heard = [];
  assert.equal(next.write(`${brcb}$RptEna`, truth(true)), undefined);
  served.clock.advance(0);
  const told = reportsTo(next).map((report) =>
    shortly({ ...report, members: report.members.filter(({ index }) => index === 0) }),
  );
  assert.deepEqual(
    told.filter((one) => one.includes("0={")).map((one) => /\{(\w+ \w+) .*\} (.*)$/.exec(one)?.slice(1)),
    [["false 0000", "data change"]],
  );
});

test("a meter that reports nothing new writes nothing", async (t) => {
  const meter = iedMeter(t, { configuration: listens });
  const served = serving(meter.host, [reports, controls]);
  meter.pass(1);
  const client = await served.client();
  // Those of inputs and outputs have something to tell as often as an output has a pulse of energy.
  for (const name of ["brcbPQ01", "brcbDist01"])
    assert.equal(client.write(`LLN0$BR$${name}$RptEna`, truth(true)), undefined, name);
  client.hangUp();
  const before = [...meter.host.reports.entries("report/")].map(([key]) => key);
  meter.pass(30);
  const after = [...meter.host.reports.entries("report/")].map(([key]) => key);
  assert.deepEqual(after, before);
});

test("measurements are reported by their dead band and by time, and energies as they grow", async (t) => {
  const meter = iedMeter(t, { configuration: listens });
  const served = serving(meter.host, [reports, controls]);
  meter.pass(1);
  const client = await served.client();
  for (const name of ["urcbInst01", "urcbEnergy01"]) {
    assert.equal(client.write(`LLN0$RP$${name}$IntgPd`, unsigned(1000)), undefined);
    assert.equal(client.write(`LLN0$RP$${name}$RptEna`, truth(true)), undefined);
  }
  client.heard = [];
  served.clock.advance(1000);
  const pictures = reportsTo(client);
  assert.deepEqual(
    pictures.map(({ dataSet, members }) => [dataSet, members.length > 5, members[0]?.reasons]),
    ["Inst", "Energy"].map((set) => [`JEM01MTR/LLN0$${set}`, true, ["integrity"]]),
  );
  client.heard = [];
  meter.pass(10);
  const grown = reportsTo(client).filter(({ dataSet }) => dataSet === "JEM01MTR/LLN0$Energy");
  assert.ok(grown.length > 0);
  assert.ok(grown.every(({ members }) => members.every(({ reasons }) => reasons.includes("data change"))));
});

function oper(value: boolean): Data {
  const origin: Data = { kind: "structure", items: [integer(3), octets("")] };
  const time: Data = { kind: "utc", octets: new Uint8Array(8) };
  return { kind: "structure", items: [truth(value), origin, unsigned(1), time, truth(false), bits("00")] };
}

test("an output is operated by who shows the password, and reported", async (t) => {
  const meter = iedMeter(t, { configuration: listens });
  const served = serving(meter.host, [reports, controls]);
  meter.pass(1);
  const secret = { command: "secret", name: "iec61850.password", value: "open sesame", user: "admin" };
  assert.equal(meter.tell(secret), "done");
  const stranger = await served.client();
  const write = (client: TestClient, value: boolean): string[] => {
    const name = { scope: "domain", domain: "JEM01MTR", item: "Out_GGIO2$CO$SPCSO5$Oper" } as const;
    const access = { kind: "variables", variables: [{ kind: "name", name }] } as const;
    return client.ask(
      Buffer.from(
        pduBytes({ kind: "request", invokeId: 1, request: { service: "write", access, values: [oper(value)] } }),
      ).toString("hex"),
    );
  };
  const refused = write(stranger, true);
  assert.equal(refused.length, 2, "LastApplError, and the answer");
  assert.equal(refused[1], "a10802 0101 a503 8001 03".replaceAll(" ", ""));
  const user = await served.client(undefined, new TextEncoder().encode("open sesame"));
  assert.ok(user.answer.accepted);
  assert.equal(stranger.write(`${brcb}$RptEna`, truth(true)), undefined);
  served.clock.advance(0);
  stranger.heard = [];
  assert.deepEqual(write(user, true), ["a10702 0101 a502 8100".replaceAll(" ", "")]);
  meter.pass(second);
  assert.equal(meter.value("Out_GGIO2.SPCSO5.stVal"), true);
  const told = reportsTo(stranger).map(shortly);
  assert.equal(told.length, 1);
  assert.match(told[0] ?? "", /\{true 0000 utc\} data change/);
});

for (const [model, part] of [
  ["direct enhanced", undefined],
  ["select", "SBO"],
  ["select enhanced", "SBOw"],
] as const)
  test(`outputs of a meter whose control is ${model} are operated to their end`, async (t) => {
    const configuration = `${listens}\niec61850: { control: { model: ${model} } }`;
    const meter = iedMeter(t, { configuration });
    const served = serving(meter.host, [reports, controls]);
    meter.pass(1);
    const secret = { command: "secret", name: "iec61850.password", value: "open sesame", user: "admin" };
    assert.equal(meter.tell(secret), "done");
    const user = await served.client(undefined, new TextEncoder().encode("open sesame"));
    const at = "Out_GGIO2$CO$SPCSO5";
    if (part === "SBO") assert.notDeepEqual(user.read(`${at}$SBO`), { kind: "visible", value: "" });
    if (part === "SBOw") assert.equal(user.write(`${at}$SBOw`, oper(true)), undefined);
    served.clock.advance(0);
    if (part !== undefined) assert.equal(meter.value("Out_GGIO2.SPCSO5.stSeld"), true);
    assert.equal(user.write(`${at}$Oper`, oper(true)), undefined);
    user.heard = [];
    served.clock.advance(0);
    meter.pass(second);
    assert.equal(meter.value("Out_GGIO2.SPCSO5.stVal"), true);
    if (part !== undefined) assert.equal(meter.value("Out_GGIO2.SPCSO5.stSeld"), false);
    assert.equal(meter.value("Out_GGIO2.SPCSO5.origin.orCat"), 3);
    assert.equal(meter.value("Out_GGIO2.SPCSO5.ctlNum"), 1);
    assert.equal(user.heard.length, model === "select" ? 0 : 1, "CommandTermination");
    assert.match(user.heard[0] ?? "a3", /^a3/);
  });
