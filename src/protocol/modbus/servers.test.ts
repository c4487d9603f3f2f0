/** TCP framing, and what both framings have in common, against a small unit over a null modem. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { VirtualClock } from "#clock/virtual-clock.ts";
import { nullModem } from "#io/null-modem.ts";
import { ModbusClient } from "./client.ts";
import { serveModbusTcp } from "./tcp-server.ts";
import { serveModbusRtu } from "./rtu-server.ts";
import { lineUnits, tcpUnits } from "./unit.ts";
import { rtu, sealed, tcp, unit } from "./server-fixture.ts";

const cases: readonly (readonly [what: string, request: string, answer: string])[] = [
  ["a read", "0007 0000 0006 01 03 0002 0002", "0007 0000 0007 01 03 04 0066 0067"],
  ["a read of input registers", "0000 0000 0006 01 04 0000 0001", "0000 0000 0005 01 04 02 0064"],
  ["a transaction id of ffff", "ffff 0000 0006 01 03 0000 0001", "ffff 0000 0005 01 03 02 0064"],
  ["a hole in the map", "0001 0000 0006 01 03 00c7 0002", "0001 0000 0003 01 83 02"],
  ["a start and count beyond 65536", "0001 0000 0006 01 03 ffff 0002", "0001 0000 0003 01 83 02"],
  ["a count of zero before a hole", "0001 0000 0006 01 03 ffff 0000", "0001 0000 0003 01 83 03"],
  ["126 registers", "0001 0000 0006 01 03 0000 007e", "0001 0000 0003 01 83 03"],
  ["an unknown function", "0001 0000 0002 01 2f", "0001 0000 0003 01 af 01"],
  ["a single write", "0001 0000 0006 01 06 000a 1234", "0001 0000 0006 01 06 000a 1234"],
  ["a multiple write", "0001 0000 0009 01 10 000a 0001 02 1234", "0001 0000 0006 01 10 000a 0001"],
  ["a value that is refused", "0001 0000 0006 01 06 000a dead", "0001 0000 0003 01 86 03"],
  ["a write to a read-only register", "0001 0000 0006 01 06 000b 0001", "0001 0000 0003 01 86 02"],
  ["report server id", "0001 0000 0002 01 11", "0001 0000 0007 01 11 04 f7ff4869"],
  [
    "basic identification",
    "0001 0000 0005 01 2b 0e 01 00",
    "0001 0000 0011 01 2b 0e 01 01 00 00 03 000156 010150 020152",
  ],
  [
    "regular identification of a basic device",
    "0001 0000 0005 01 2b 0e 02 00",
    "0001 0000 0011 01 2b 0e 02 01 00 00 03 000156 010150 020152",
  ],
  [
    "identification from the second object on",
    "0001 0000 0005 01 2b 0e 01 01",
    "0001 0000 000e 01 2b 0e 01 01 00 00 02 010150 020152",
  ],
  [
    "identification from an object that is not there",
    "0001 0000 0005 01 2b 0e 01 50",
    "0001 0000 0011 01 2b 0e 01 01 00 00 03 000156 010150 020152",
  ],
  ["one object where only streams are offered", "0001 0000 0005 01 2b 0e 04 00", "0001 0000 0003 01 ab 03"],
  ["an identification code of five", "0001 0000 0005 01 2b 0e 05 00", "0001 0000 0003 01 ab 03"],
  ["another MEI type", "0001 0000 0005 01 2b 0d 01 00", "0001 0000 0003 01 ab 01"],
  ["unit 0, the device itself", "0001 0000 0006 00 03 0000 0001", "0001 0000 0005 00 03 02 0064"],
  ["unit 255, the device itself", "0001 0000 0006 ff 03 0000 0001", "0001 0000 0005 ff 03 02 0064"],
  ["a unit that is not there", "0001 0000 0006 09 03 0000 0001", "0001 0000 0003 09 83 0b"],
];
for (const [what, request, answer] of cases) {
  test(`TCP: ${what} is answered as the specification says`, () => {
    assert.equal(tcp().ask(request), answer.replaceAll(" ", ""));
  });
}

test("a request cut anywhere is one request", () => {
  const whole = "000200000006010300020002";
  const expected = tcp().ask(whole);
  for (let cut = 2; cut < whole.length; cut += 2) {
    assert.equal(tcp().ask(whole.slice(0, cut), whole.slice(cut)), expected, `cut after ${cut / 2} bytes`);
  }
});

test("a hundred requests in one segment are answered in order", () => {
  const requests = Array.from(
    { length: 100 },
    (_, k) => `${k.toString(16).padStart(4, "0")}00000006010300${k.toString(16).padStart(2, "0")}0001`,
  );
  const answers = requests.map(
    (_, k) => `${k.toString(16).padStart(4, "0")}000000050103020${(100 + k).toString(16).padStart(3, "0")}`,
  );
  assert.equal(tcp().ask(requests.join("")), answers.join(""));
});

for (const [what, header] of [
  ["a protocol id other than 0", "0001 0001 0006 01 03 0000 0001"],
  ["a length of 1", "0001 0000 0001 01 03"],
  ["a length of 300", "0001 0000 012c 01 03"],
] as const) {
  test(`${what} ends the connection, after what came before it is answered`, () => {
    const { ask, here } = tcp();
    assert.equal(ask(`0005 0000 0006 01 03 0000 0001 ${header}`), "00050000000501030200" + "64");
    assert.ok(!here.open);
  });
}

test("many units answer behind one port, each with its own registers", () => {
  const { ask } = tcp([1, 2, 247]);
  assert.equal(ask("0001 0000 0006 02 03 0000 0001"), "0001000000050203" + "0200c8");
  assert.equal(ask("0001 0000 0006 f7 03 0000 0001"), "000100000005f703" + "02607c");
  assert.equal(
    ask("0001 0000 0006 ff 03 0000 0001"),
    "00010000000" + "3ff830b",
    "255 means nobody when there are several",
  );
});

test("anyUnit answers for every id, echoing it", () => {
  assert.equal(tcp([1], true).ask("0001 0000 0006 63 03 0000 0001"), "000100000005630302" + "0064");
});

test("a silent unit answers nothing, over TCP and on a line, and does nothing", () => {
  const line = rtu();
  const one = line.units.get(1)! as { silent?: boolean; written: number[] };
  one.silent = true;
  assert.equal(line.ask([sealed("01 03 0000 0001"), sealed("01 06 000a 0042")], 50), "");
  assert.deepEqual(one.written, []);
  const port = tcp();
  (port.units.get(1)! as { silent?: boolean }).silent = true;
  assert.equal(port.ask("0001 0000 0006 01 03 0000 0001"), "");
});

test("more registers than a write may have are exception 03, whatever their byte count wraps to, and the next request is answered", () => {
  for (const count of [124, 125, 127, 128, 130, 255]) {
    const words = count.toString(16).padStart(4, "0");
    const body = `10 0000 ${words} ${((2 * count) & 255).toString(16).padStart(2, "0")} ${"0000".repeat(count)}`;
    const length = (7 + 2 * count).toString(16).padStart(4, "0");
    const read = "0002 0000 0006 01 03 0000 0001";
    const port = tcp();
    assert.equal(
      port.ask(`0001 0000 ${length} 01 ${body}`, read),
      "00010000000301900300020000000501030200" + "64",
      `${count}`,
    );
    assert.deepEqual(port.units.get(1)!.written, []);
    for (const baud of [undefined, 19_200]) {
      const line = rtu([1], baud);
      assert.equal(
        line.ask([sealed(`01 ${body}`), sealed("01 03 0000 0001")], 50),
        sealed("01 90 03") + sealed("01 03 02 0064"),
        `${count}`,
      );
    }
  }
});

test("more registers than a write may have are exception 03 on a line and over TCP, whatever byte count they claim", () => {
  for (const count of [124, 125, 127, 128, 129, 200, 255]) {
    for (const claimed of [0, 1, 2, 77, 246, 255]) {
      const head = `10 0000 ${count.toString(16).padStart(4, "0")} ${claimed.toString(16).padStart(2, "0")}`;
      // Registers that hold different values: zeros are their own checksum.
      const words = Array.from({ length: count }, (_, k) => (k + 1).toString(16).padStart(4, "0")).join("");
      for (const baud of [undefined, 19_200]) {
        const line = rtu([1], baud);
        assert.equal(
          line.ask([sealed(`01 ${head} ${words}`), sealed("01 03 0000 0001")], 50),
          sealed("01 90 03") + sealed("01 03 02 0064"),
          `${count}, ${claimed} bytes, ${baud ?? "TCP"}`,
        );
      }
    }
  }
});

/** A frame of a valid conversation, with some of its bytes changed, dropped or repeated. */
const mutated = fc
  .tuple(
    fc.constantFrom(...cases.map(([, request]) => request.replaceAll(" ", ""))),
    fc.array(fc.tuple(fc.nat(40), fc.nat(255), fc.constantFrom("set", "drop", "repeat")), { maxLength: 4 }),
  )
  .map(([hex, changes]) => {
    const bytes = [...Buffer.from(hex, "hex")];
    for (const [at, value, how] of changes) {
      const k = at % Math.max(1, bytes.length);
      if (how === "set") bytes[k] = value;
      else if (how === "drop") bytes.splice(k, 1);
      else bytes.splice(k, 0, bytes[k] ?? 0);
    }
    return Uint8Array.from(bytes);
  });

test("20,000 mutated frames: the TCP listener lives, and answers the next peer", () => {
  fc.assert(
    fc.property(mutated, fc.nat(20), (bytes, cut) => {
      const { here, ask } = tcp();
      here.send(bytes.slice(0, cut));
      here.send(bytes.slice(cut));
      if (here.open) here.close();
      assert.equal(tcp().ask("0007 0000 0006 01 03 0002 0001"), "000700000005010302" + "0066");
      assert.equal(typeof ask, "function");
    }),
    { numRuns: 20_000, seed: 2026 },
  );
});

test("20,000 mutated frames: the RTU listener answers the next good frame once the line is quiet", () => {
  const line = rtu();
  fc.assert(
    fc.property(mutated, (bytes) => {
      line.ask([Buffer.from(bytes).toString("hex")]);
      assert.equal(line.ask([sealed("01 03 0002 0001")]), sealed("01 03 02 0066"));
    }),
    { numRuns: 20_000, seed: 2026 },
  );
});

test("the client reads over both framings, and an exception is a value", async () => {
  for (const framing of ["tcp", "rtu"] as const) {
    const [here, there] = nullModem();
    const clock = new VirtualClock();
    if (framing === "tcp") serveModbusTcp(there, tcpUnits(new Map([[1, unit(1)]])));
    else serveModbusRtu(there, lineUnits(new Map([[1, unit(1)]])), clock);
    const client = new ModbusClient(here, clock, { framing, timeoutMs: 100 });
    const [good, bad] = await Promise.all([
      client.request(1, { kind: "read", fn: 3, first: 7, count: 2 }),
      client.request(1, { kind: "read", fn: 3, first: 500, count: 1 }),
    ]);
    assert.deepEqual(good, { kind: "registers", fn: 3, values: Uint16Array.of(107, 108) });
    assert.deepEqual(bad, { kind: "exception", fn: 3, exception: 2 });
  }
});

test("the client gives up on a silent unit, and takes no late answer for the next", async () => {
  const [here, there] = nullModem();
  const clock = new VirtualClock();
  const client = new ModbusClient(here, clock, { framing: "tcp", timeoutMs: 100 });
  const heard: Uint8Array[] = [];
  there.receive((bytes) => heard.push(bytes.slice()));
  const first = client.request(1, { kind: "read", fn: 3, first: 0, count: 1 });
  clock.advance(101);
  await assert.rejects(first, /unit 1 did not answer within 100 ms/);
  const second = client.request(1, { kind: "read", fn: 3, first: 1, count: 1 });
  there.send(Buffer.from("0001000000050103020bad", "hex"));
  there.send(Buffer.from("000200000005010302600d", "hex"));
  assert.deepEqual(await second, { kind: "registers", fn: 3, values: Uint16Array.of(0x600d) });
  assert.equal(heard.length, 2);
});

test("the client says so when another unit answers, and when the connection closes", async () => {
  const [here, there] = nullModem();
  const client = new ModbusClient(here, new VirtualClock(), { framing: "tcp", timeoutMs: 100 });
  const asked = client.request(1, { kind: "read", fn: 3, first: 0, count: 1 });
  there.send(Buffer.from("000100000005020302600d", "hex"));
  await assert.rejects(asked, /asked unit 1, but unit 2 answered/);
  const other = client.request(1, { kind: "read", fn: 3, first: 0, count: 1 });
  there.close();
  await assert.rejects(other, /the meter closed the connection/);
});
