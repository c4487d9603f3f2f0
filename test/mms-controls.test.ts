/** Controls over MMS (IEC 61850-7-2, 20; IEC 61850-8-1, 20): each model of control, and what its client is told. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Data } from "#protocol/iec61850/mms/data.ts";
import { decodePdu, pduBytes } from "#protocol/iec61850/mms/pdu.ts";
import type { AddCause, ControlState, IedClient, IedSession } from "#protocol/iec61850/server/host.ts";
import { controls } from "#protocol/iec61850/server/controls.ts";
import type { LeafValue } from "#protocol/iec61850/model/value.ts";
import { fromHex } from "./mms-exchanges.ts";
import { bits, integer, octets, ReportHost, text, truth, unsigned } from "./mms-report-host.ts";
import { serving, type Serving, type TestClient } from "./mms-serving.ts";
import { leafNumber, reportIed, type ReportIedOptions } from "./report-ied.ts";

class Outputs extends ReportHost {
  readonly did: string[] = [];
  readonly shown: string[] = [];
  /** Why nobody may operate, and why what was begun fails. */
  barredBy: AddCause | undefined;
  failsBy: AddCause | undefined;
  /** Whether what is operated is there at once. */
  isQuick = true;

  override admit(client: IedClient): IedSession | string {
    const session = super.admit(client);
    if (typeof session === "string") return session;
    return {
      ...session,
      mayControl: () => this.barredBy,
      control: (reference, value) => {
        this.did.push(`${reference} ${String(value)}`);
        if (this.failsBy === undefined && this.isQuick) this.move(reference, value);
        return this.failsBy;
      },
    };
  }

  move(reference: string, value: LeafValue): void {
    this.become([[leafNumber(this.ied, `${reference.replace(/^.*\//, "")}.stVal`), value]]);
  }

  controlled(reference: string, { selected, operated }: ControlState): void {
    const who = operated === undefined ? "" : ` by ${operated.category} number ${operated.number}`;
    this.shown.push(`${reference.slice(-6)}${selected ? " selected" : ""}${who}`);
  }
}

function rig(options: ReportIedOptions = {}): Serving & { readonly outputs: Outputs } {
  const outputs = new Outputs(reportIed({ reports: [], ...options }));
  return { ...serving(outputs, [controls]), outputs };
}

interface Wanted {
  readonly value?: boolean;
  readonly number?: number;
  readonly category?: number;
  readonly isTest?: boolean;
}

function command({ value = true, number = 7, category = 2, isTest = false }: Wanted, isCancel = false): Data {
  const origin: Data = { kind: "structure", items: [integer(category), octets("77616c6b")] };
  const time: Data = { kind: "utc", octets: fromHex("6b00f6c680000000") };
  const items = [truth(value), origin, unsigned(number), time, truth(isTest), ...(isCancel ? [] : [bits("00")])];
  return { kind: "structure", items };
}

const at = (number: number, part: string): string => `GGIO1$CO$SPCSO${number}$${part}`;

function operate(client: TestClient, number: number, wanted: Wanted = {}): number | undefined {
  return writeApart(client, at(number, "Oper"), command(wanted));
}

/** What came beside the answer, before it. */
const beside = new WeakMap<TestClient, string[]>();

function writeApart(client: TestClient, item: string, value: Data): number | undefined {
  const name = { scope: "domain", domain: "JEM01MTR", item } as const;
  const all = client.ask(
    toHexOf({ service: "write", access: { kind: "variables", variables: [{ kind: "name", name }] }, values: [value] }),
  );
  const answer = decodePdu(fromHex(all.pop() ?? ""));
  beside.set(client, all.map(told));
  assert.ok(answer.kind === "response" && answer.response.service === "write");
  return answer.response.results[0];
}

function toHexOf(request: Parameters<TestClient["request"]>[0]): string {
  return Buffer.from(pduBytes({ kind: "request", invokeId: 7, request })).toString("hex");
}

/** An information report, shortly: the names of its variables, and what LastApplError says. */
function told(hex: string): string {
  const pdu = decodePdu(fromHex(hex));
  if (pdu.kind !== "informationReport" || pdu.access.kind !== "variables") return hex;
  const names = pdu.access.variables.map((one) => (one.kind === "name" ? one.name.item : "?"));
  return names
    .map((name, k) => {
      const value = pdu.results[k];
      if (name !== "LastApplError" || value?.kind !== "structure") return name;
      const [object, error, , number, cause] = value.items;
      return `${name} ${plain(object)} error ${plain(error)} number ${plain(number)} cause ${plain(cause)}`;
    })
    .join(", ");
}

function plain(data: Data | undefined): string {
  return data !== undefined && "value" in data ? String(data.value) : "?";
}

function termination(client: TestClient, meter: Serving, ms = 0): string[] {
  client.heard = [];
  meter.clock.advance(ms);
  return client.heard.splice(0).map(told);
}

const refused = (number: number, cause: number, part = "Oper", error = 1): string =>
  `LastApplError JEM01MTR/GGIO1$CO$SPCSO${number}$${part} error ${error} number 7 cause ${cause}`;

const denied = 3;
const unavailable = 2;

test("direct control with normal security operates at once (20.3.2.2)", async () => {
  const meter = rig();
  const client = await meter.client();
  assert.equal(operate(client, 1), undefined);
  assert.deepEqual(beside.get(client), []);
  assert.deepEqual(meter.outputs.did, ["JEM01MTR/GGIO1.SPCSO1 true"]);
  assert.deepEqual(termination(client, meter, 10_000), [], "no termination");
  assert.deepEqual(meter.outputs.shown, ["SPCSO1 by 2 number 7"]);
});

test("LastApplError goes before the answer that says no, octet for octet (8-1, 20.8)", async () => {
  const meter = rig();
  const client = await meter.client();
  meter.outputs.barredBy = 20;
  assert.equal(operate(client, 1), denied);
  assert.deepEqual(beside.get(client), [refused(1, 20)]);
  assert.deepEqual(meter.outputs.did, []);
  const [pdu] = client.ask(
    toHexOf({
      service: "write",
      access: {
        kind: "variables",
        variables: [{ kind: "name", name: { scope: "domain", domain: "JEM01MTR", item: at(1, "Oper") } }],
      },
      values: [command({})],
    }),
  );
  // LastApplError { "JEM01MTR/GGIO1$CO$SPCSO1$Oper", 1, { 2, "walk" }, 7, 20 } by hand.
  assert.equal(
    pdu,
    "a34ea04c" +
      "a013 3011 a00f 800d 4c6173744170706c4572726f72".replaceAll(" ", "") +
      "a035 a233 8a1d 4a454d30314d54522f4747494f3124434f24535043534f31244f706572".replaceAll(" ", "") +
      "850101 a209 850102 8904 77616c6b 860107 850114".replaceAll(" ", ""),
  );
});

test("a test is not operated, and says that it was one; an origin that there is not is none", async () => {
  const meter = rig();
  const client = await meter.client();
  assert.equal(operate(client, 1, { isTest: true }), denied);
  assert.deepEqual(beside.get(client), [refused(1, 8, "Oper", 3)]);
  assert.equal(operate(client, 1, { category: 9 }), denied);
  assert.deepEqual(beside.get(client), [refused(1, 26)]);
  assert.deepEqual(meter.outputs.did, []);
});

test("select before operate with normal security: who has read SBO operates, once, within its time (20.3.3)", async () => {
  const meter = rig();
  const [client, other] = [await meter.client(), await meter.client()];
  assert.equal(operate(client, 2), denied);
  assert.deepEqual(beside.get(client), [refused(2, 18)], "it is not selected");
  // Who reads all of it has selected nothing.
  client.read("GGIO1$CO$SPCSO2");
  client.read("GGIO1");
  meter.clock.advance(0);
  assert.deepEqual(meter.outputs.shown, []);
  assert.deepEqual(client.read(at(2, "SBO")), text("JEM01MTR/GGIO1$CO$SPCSO2$SBO"));
  meter.clock.advance(0);
  assert.deepEqual(meter.outputs.shown, ["SPCSO2 selected"]);
  assert.deepEqual(other.read(at(2, "SBO")), text(""), "another has it");
  assert.equal(operate(other, 2), unavailable);
  assert.deepEqual(beside.get(other), [refused(2, 27)]);
  assert.equal(operate(client, 2), undefined);
  assert.equal(operate(client, 2), denied, "it is used up");
  assert.deepEqual(meter.outputs.did, ["JEM01MTR/GGIO1.SPCSO2 true"]);
  assert.deepEqual(client.read(at(2, "SBO")), text("JEM01MTR/GGIO1$CO$SPCSO2$SBO"));
  meter.clock.advance(4999);
  assert.deepEqual(other.read(at(2, "SBO")), text(""));
  meter.clock.advance(1);
  assert.deepEqual(other.read(at(2, "SBO")), text("JEM01MTR/GGIO1$CO$SPCSO2$SBO"));
  meter.outputs.barredBy = 20;
  assert.deepEqual(other.read(at(2, "SBO")), text(""));
});

test("a selection ends with its association, and with Cancel (20.3.3)", async () => {
  const meter = rig();
  const [client, other] = [await meter.client(), await meter.client()];
  client.read(at(2, "SBO"));
  client.hangUp();
  assert.notDeepEqual(other.read(at(2, "SBO")), text(""));
  assert.equal(writeApart(other, at(2, "Cancel"), command({}, true)), undefined);
  assert.equal(operate(other, 2), denied);
  assert.equal(writeApart(other, at(2, "Cancel"), command({}, true)), denied);
  assert.deepEqual(beside.get(other), [refused(2, 18, "Cancel")]);
});

test("direct control with enhanced security tells when it is where it was to be (20.3.2.3)", async () => {
  const meter = rig();
  const client = await meter.client();
  assert.equal(operate(client, 3), undefined);
  assert.deepEqual(meter.outputs.did, [], "the answer goes before it");
  client.heard = [];
  meter.clock.advance(0);
  // CommandTermination+ by hand: the variable, and what was written to it.
  assert.deepEqual(client.heard, [
    "a350a04e" +
      "a026 3024 a022 a120 1a08 4a454d30314d5452 1a14 4747494f3124434f24535043534f33244f706572".replaceAll(" ", "") +
      "a024 a222 830101 a209 850102 8904 77616c6b 860107 9108 6b00f6c680000000 830100 8402 0600".replaceAll(" ", ""),
  ]);
  meter.outputs.isQuick = false;
  assert.equal(operate(client, 3, { value: false }), undefined);
  assert.deepEqual(termination(client, meter, 1000), []);
  assert.equal(operate(client, 3, { value: true }), unavailable, "one is under way");
  assert.deepEqual(beside.get(client), [refused(3, 12)]);
  client.heard = [];
  meter.outputs.move("GGIO1.SPCSO3", false);
  assert.deepEqual(client.heard.map(told), ["GGIO1$CO$SPCSO3$Oper"]);
});

test("a command of enhanced security that fails says why: by the meter, in time, by its client (20.3.2.3)", async () => {
  const meter = rig();
  const client = await meter.client();
  meter.outputs.failsBy = 10;
  assert.equal(operate(client, 3), undefined);
  assert.deepEqual(termination(client, meter), [`${refused(3, 10)}, GGIO1$CO$SPCSO3$Oper`]);
  meter.outputs.failsBy = undefined;
  meter.outputs.isQuick = false;
  assert.equal(operate(client, 3), undefined);
  assert.deepEqual(termination(client, meter, 1999), []);
  assert.deepEqual(termination(client, meter, 1), [`${refused(3, 16)}, GGIO1$CO$SPCSO3$Oper`], "operTimeout");
  assert.equal(operate(client, 3), undefined);
  meter.clock.advance(0);
  assert.equal(writeApart(client, at(3, "Cancel"), command({}, true)), undefined);
  assert.deepEqual(beside.get(client), [`${refused(3, 15)}, GGIO1$CO$SPCSO3$Oper`]);
  assert.deepEqual(termination(client, meter, 10_000), []);
});

test("a command whose client has gone ends without a word", async () => {
  const meter = rig();
  const client = await meter.client();
  meter.outputs.isQuick = false;
  operate(client, 3);
  meter.clock.advance(0);
  client.heard = [];
  client.hangUp();
  meter.clock.advance(10_000);
  meter.outputs.move("GGIO1.SPCSO3", true);
  assert.deepEqual(client.heard, []);
  const next = await meter.client();
  meter.outputs.isQuick = true;
  assert.equal(operate(next, 3, { value: false }), undefined);
});

test("select before operate with enhanced security: what was selected with its value is what is operated (20.3.4)", async () => {
  const meter = rig();
  const [client, other] = [await meter.client(), await meter.client()];
  const select = (whose: TestClient, wanted: Wanted = {}): number | undefined =>
    writeApart(whose, at(4, "SBOw"), command(wanted));
  assert.equal(operate(client, 4), denied);
  assert.equal(select(client), undefined);
  assert.equal(select(other), unavailable);
  assert.deepEqual(beside.get(other), [refused(4, 19, "SBOw")]);
  assert.equal(operate(client, 4), undefined);
  assert.deepEqual(termination(client, meter), ["GGIO1$CO$SPCSO4$Oper"]);
  assert.equal(select(client), undefined);
  assert.equal(operate(client, 4, { value: false }), denied, "another value");
  assert.deepEqual(beside.get(client), [refused(4, 26)]);
  assert.equal(operate(client, 4), denied, "and it is no longer selected");
  assert.equal(select(client), undefined);
  assert.equal(writeApart(client, at(4, "Cancel"), command({ number: 8 }, true)), denied, "another's number");
  assert.equal(writeApart(client, at(4, "Cancel"), command({}, true)), undefined);
  meter.outputs.barredBy = 8;
  assert.equal(select(client), denied);
  assert.deepEqual(beside.get(client), [refused(4, 8, "SBOw")]);
});

test("operated many, an output stays selected until its time is over (sboClass)", async () => {
  const meter = rig();
  meter.outputs.become([[leafNumber(meter.outputs.ied, "GGIO1.SPCSO2.sboClass"), 1]]);
  const client = await meter.client();
  client.read(at(2, "SBO"));
  for (const value of [true, false, true]) {
    meter.clock.advance(4000);
    assert.equal(operate(client, 2, { value }), undefined);
  }
  meter.clock.advance(5000);
  assert.equal(operate(client, 2), denied);
});

test("what shows its status only is not operated, and its model is read each time", async () => {
  const meter = rig();
  meter.outputs.become([[leafNumber(meter.outputs.ied, "GGIO1.SPCSO1.ctlModel"), 0]]);
  const client = await meter.client();
  assert.equal(operate(client, 1), denied);
  assert.deepEqual(beside.get(client), [refused(1, 1)]);
});

test("edition 1 says the nearest of its causes", async () => {
  const meter = rig({ edition: "1" });
  const [client, other] = [await meter.client(), await meter.client()];
  client.read(at(2, "SBO"));
  assert.equal(operate(other, 2), unavailable);
  assert.deepEqual(beside.get(other), [refused(2, 12)]);
});

test("Oper is written as a whole, and nothing of it is read", async () => {
  const meter = rig();
  const client = await meter.client();
  assert.equal(writeApart(client, `${at(1, "Oper")}$ctlVal`, truth(true)), denied);
  assert.equal(writeApart(client, at(1, "Oper"), truth(true)), 7, "type inconsistent");
  const short = command({}, true);
  assert.equal(writeApart(client, at(1, "Oper"), short), 7);
  assert.deepEqual(client.read(`${at(1, "Oper")}$ctlVal`), truth(false));
  assert.deepEqual(meter.outputs.did, []);
});
