/** Every fault, over both framings, on the virtual clock. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { VirtualClock } from "#clock/virtual-clock.ts";
import { FaultPlan, FaultyLink } from "#io/faulty-link.ts";
import { nullModem } from "#io/null-modem.ts";
import { ModbusClient } from "./client.ts";
import { FaultyAnswers, type ModbusFaultRule } from "./faults.ts";
import { unitsFor } from "./roles.ts";
import { serveModbusRtu } from "./rtu-server.ts";
import { serveModbusTcp } from "./tcp-server.ts";
import { GatedUnit } from "./unit-behind.ts";
import { lineUnits, tcpUnits, type ModbusUnit } from "./unit.ts";

function unit(): ModbusUnit & { written: number[] } {
  const written: number[] = [];
  return {
    written,
    read(_first, count, out, at) {
      for (let k = 0; k < 2 * count; k++) out[at + k] = k % 2;
      return 0;
    },
    write(_first, values) {
      written.push(...values);
      return 0;
    },
    serverId: () => undefined,
    identification: () => undefined,
  };
}

function served(
  framing: "tcp" | "rtu",
  rules: readonly ModbusFaultRule[],
  before: (unit: ModbusUnit) => ModbusUnit = (unit) => unit,
) {
  const [here, there] = nullModem();
  const clock = new VirtualClock();
  const plan = new FaultPlan<ModbusFaultRule>(rules);
  const one = unit();
  const units = new Map([[1, before(one)]]);
  const faults = new FaultyAnswers(new FaultyLink(there, plan, clock), framing);
  if (framing === "tcp") serveModbusTcp(there, tcpUnits(units), faults);
  else serveModbusRtu(there, lineUnits(units), clock, { faults });
  let heard = "";
  here.receive((bytes) => (heard += Buffer.from(bytes).toString("hex")));
  return {
    here,
    clock,
    plan,
    one,
    powered: true,
    /** What came up to now, since the last look. */
    look(): string {
      const all = heard;
      heard = "";
      return all;
    },
    ask(hex: string): void {
      here.send(Buffer.from(hex.replaceAll(" ", ""), "hex"));
    },
  };
}

const REQUEST = "0007 0000 0006 01 03 0010 0001";
const ANSWER = "00070000000501030200" + "01";
const LINE_REQUEST = "01 03 0010 0001 85 cf";
const LINE_ANSWER = "0103020001" + "7984";

test("without a rule an answer is what it always is", () => {
  const tcp = served("tcp", []);
  tcp.ask(REQUEST);
  assert.equal(tcp.look(), ANSWER);
  const rtu = served("rtu", []);
  rtu.ask(LINE_REQUEST);
  assert.equal(rtu.look(), LINE_ANSWER);
});

test("delay: the answer and those behind it come late, in order", () => {
  const m = served("tcp", [{ fault: { kind: "delay", ms: 500 }, times: 1 }]);
  m.ask(REQUEST + REQUEST.replace("0007", "0008"));
  m.clock.advance(499);
  assert.equal(m.look(), "");
  m.clock.advance(1);
  assert.equal(m.look(), ANSWER + ANSWER.replace("0007", "0008"));
});

test("drop: no answer, though the request was carried out", () => {
  const m = served("tcp", [{ fault: { kind: "drop" } }]);
  m.ask("0001 0000 0006 01 06 0010 1234");
  m.clock.advance(10_000);
  assert.equal(m.look(), "");
  assert.deepEqual(m.one.written, [0x1234]);
});

test("exception: instead of carrying the request out", () => {
  const m = served("tcp", [{ fault: { kind: "exception", code: 6 }, function: 6 }]);
  m.ask("0001 0000 0006 01 06 0010 1234");
  assert.equal(m.look(), "000100000003018606");
  assert.deepEqual(m.one.written, []);
  m.ask(REQUEST);
  assert.equal(m.look(), ANSWER, "another function is not struck");
});

test("transaction: the answer belongs to another one, and a client waits in vain", async () => {
  const m = served("tcp", [{ fault: { kind: "transaction" } }]);
  m.ask(REQUEST);
  assert.equal(m.look(), ANSWER.replace("0007", "00f8"));
  const [here, there] = nullModem();
  const clock = new VirtualClock();
  serveModbusTcp(
    there,
    tcpUnits(new Map([[1, unit()]])),
    new FaultyAnswers(new FaultyLink(there, m.plan, clock), "tcp"),
  );
  const asked = new ModbusClient(here, clock, { framing: "tcp", timeoutMs: 100 }).request(1, {
    kind: "read",
    fn: 3,
    first: 0,
    count: 1,
  });
  clock.advance(100);
  await assert.rejects(asked, /did not answer within 100 ms/);
});

test("truncate: only the first bytes come", () => {
  const m = served("tcp", [{ fault: { kind: "truncate", bytes: 7 } }]);
  m.ask(REQUEST);
  assert.equal(m.look(), ANSWER.slice(0, 14));
});

test("trickle: byte by byte, and a client that waits puts them together", async () => {
  const m = served("rtu", [{ fault: { kind: "trickle", ms: 5 } }]);
  m.ask(LINE_REQUEST);
  const seen = [m.look()];
  for (let k = 0; k < 6; k++) {
    m.clock.advance(5);
    seen.push(m.look());
  }
  assert.deepEqual(seen, LINE_ANSWER.match(/../g));
  const [here, there] = nullModem();
  const clock = new VirtualClock();
  serveModbusTcp(
    there,
    tcpUnits(new Map([[1, unit()]])),
    new FaultyAnswers(
      new FaultyLink(there, new FaultPlan<ModbusFaultRule>([{ fault: { kind: "trickle", ms: 5 } }]), clock),
      "tcp",
    ),
  );
  const asked = new ModbusClient(here, clock, { framing: "tcp", timeoutMs: 1000 }).request(1, {
    kind: "read",
    fn: 3,
    first: 0,
    count: 1,
  });
  clock.advance(100);
  assert.deepEqual(await asked, { kind: "registers", fn: 3, values: Uint16Array.of(1) });
});

test("crc: the checksum is wrong, and a client takes nothing", async () => {
  const m = served("rtu", [{ fault: { kind: "crc" } }]);
  m.ask(LINE_REQUEST);
  assert.equal(m.look(), "0103020001" + "797b");
  const [here, there] = nullModem();
  const clock = new VirtualClock();
  serveModbusRtu(there, lineUnits(new Map([[1, unit()]])), clock, {
    faults: new FaultyAnswers(new FaultyLink(there, m.plan, clock), "rtu"),
  });
  const asked = new ModbusClient(here, clock, { framing: "rtu", timeoutMs: 100 }).request(1, {
    kind: "read",
    fn: 3,
    first: 0,
    count: 1,
  });
  clock.advance(100);
  await assert.rejects(asked, /answered with a wrong checksum, once/);
});

test("rules choose by unit, function and address, every so many, so many times; the first that strikes counts", () => {
  const m = served("tcp", [
    { fault: { kind: "exception", code: 4 }, unit: 9 },
    { fault: { kind: "exception", code: 6 }, addresses: [0x170, 0x171], times: 1 },
    { fault: { kind: "exception", code: 8 }, function: 3, every: 3 },
  ]);
  const ask = (address: string): string => {
    m.ask(`0001 0000 0006 01 03 ${address} 0001`);
    return m.look().slice(14);
  };
  assert.equal(ask("0170"), "8306");
  assert.equal(ask("0170"), "03020001", "once is enough");
  assert.equal(ask("0000"), "03020001");
  assert.equal(ask("0000"), "8308", "the third that came to this rule");
  assert.deepEqual(
    m.plan.rules.map(({ struck }) => struck),
    [0, 1, 1],
  );
  m.plan.set([]);
  assert.equal(ask("0170"), "03020001", "the plan can be changed while it runs");
});

test("close: the request is carried out, its answer and all that came behind it are not", () => {
  const m = served("tcp", [{ fault: { kind: "close" }, function: 6 }]);
  m.ask(REQUEST + "0001 0000 0006 01 06 0010 1234" + "0002 0000 0006 01 10 0010 0001 02 4321");
  assert.equal(m.look(), ANSWER);
  assert.ok(!m.here.open);
  assert.deepEqual(m.one.written, [0x1234]);
});

test("a unit without power is silent over every framing, with faults and with roles", () => {
  for (const framing of ["tcp", "rtu"] as const) {
    const m = served(framing, [{ fault: { kind: "exception", code: 6 }, every: 2 }], (unit) => {
      const dark = new GatedUnit(unit, { answers: () => m.powered });
      return unitsFor(lineUnits(new Map([[1, dark]])), "read").find(1)!;
    });
    const ask = (): string => {
      m.ask(framing === "tcp" ? REQUEST : LINE_REQUEST);
      m.clock.advance(100);
      return m.look();
    };
    const answer = framing === "tcp" ? ANSWER : LINE_ANSWER;
    assert.equal(ask(), answer);
    m.powered = false;
    assert.deepEqual([ask(), ask()], ["", ""], "no answer, and no fault of one");
    m.powered = true;
    assert.match(ask(), /8306/, "the second request that it heard");
  }
});

test("a role that may read gets nothing that the unit itself does not have", () => {
  const plain = { ...unit(), allows: (code: number) => code === 3 };
  const reader = unitsFor(tcpUnits(new Map([[1, plain]])), "read").find(1)!;
  assert.deepEqual(
    [3, 4, 6, 7].map((code) => reader.allows!(code)),
    [true, false, false, false],
  );
});
