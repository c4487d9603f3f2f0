/** Worked examples of the Modbus Application Protocol V1.1b3 for the functions that few meters have. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { VirtualClock } from "#clock/virtual-clock.ts";
import { nullModem } from "#io/null-modem.ts";
import { MemoryUnit } from "./memory-unit.ts";
import { frame } from "./rtu.ts";
import { serveModbusRtu } from "./rtu-server.ts";
import { answer, ANSWER_ROOM, lineUnits } from "./unit.ts";

/** Bits of bytes, lowest first. */
const bits = (...bytes: number[]): number[] =>
  bytes.flatMap((byte) => Array.from({ length: 8 }, (_, k) => (byte >> k) & 1));

function unit(): MemoryUnit {
  return new MemoryUnit({
    coils: { from: 0, count: 200, values: [...Array.from({ length: 19 }, () => 0), ...bits(0xcd, 0x6b, 0x05)] },
    discrete: { from: 0xc4, count: 22, values: bits(0xac, 0xdb, 0x35).slice(0, 22) },
    // The example of 6.17: registers 4 to 9 before the write.
    holding: { from: 0, count: 32, values: [0, 0, 0, 0x00fe, 0x0acd, 0x0001, 0x0003, 0x000d, 0x00ff] },
    input: { from: 8, count: 1, values: [0x000a] },
    exceptionStatus: 0x6d,
    serverId: { id: 180, text: "LMB" },
  });
}

function asked(one: MemoryUnit, hex: string): string {
  const pdu = Buffer.from(hex.replaceAll(" ", ""), "hex");
  const out = new Uint8Array(ANSWER_ROOM);
  const size = answer(one, pdu, 0, pdu.length, out, 0);
  return Buffer.from(out.subarray(0, size)).toString("hex");
}

const examples: readonly (readonly [clause: string, request: string, response: string])[] = [
  ["6.1 coils 20 to 38", "01 0013 0013", "01 03 cd6b05"],
  ["6.2 discrete inputs 197 to 218", "02 00c4 0016", "02 03 acdb35"],
  ["6.4 input register 9", "04 0008 0001", "04 02 000a"],
  ["6.5 coil 173 on", "05 00ac ff00", "05 00ac ff00"],
  ["6.7 exception status", "07", "07 6d"],
  ["6.8 return query data", "08 0000 a537", "08 0000 a537"],
  ["6.11 coils 20 to 29", "0f 0013 000a 02 cd01", "0f 0013 000a"],
  ["6.17 read 4 to 9, write 15 to 17", "17 0003 0006 000e 0003 06 00ff00ff00ff", "17 0c 00fe0acd00010003000d00ff"],
];
for (const [clause, request, response] of examples) {
  test(`answers ${clause}`, () => assert.equal(asked(unit(), request), response.replaceAll(" ", "")));
}

test("6.16: 12 with the masks F2 and 25 is 17", () => {
  const one = unit();
  one.write(4, Uint16Array.of(0x12));
  assert.equal(asked(one, "16 0004 00f2 0025"), "16000400f20025");
  assert.equal(asked(one, "03 0004 0001"), "03020017");
});

test("what was written is there: coils one by one, many, and registers by 0x17 before they are read", () => {
  const one = unit();
  asked(one, "05 0010 ff00");
  asked(one, "0f 0011 0003 01 05");
  assert.equal(asked(one, "01 0010 0004"), "01010b");
  assert.equal(asked(one, "17 000e 0002 000e 0002 04 12345678"), "170412345678");
});

const refusals: readonly (readonly [why: string, request: string, code: number])[] = [
  ["no coils", "01 0000 0000", 3],
  ["2001 coils", "01 0000 07d1", 3],
  ["coils beyond the table", "01 00c7 0002", 2],
  ["coils beyond 65536", "01 ffff 0002", 2],
  ["a coil that is neither on nor off", "05 0000 1234", 3],
  ["a coil that is not there", "05 0130 ff00", 2],
  ["a byte count of coils that disagrees", "0f 0013 000a 01 cd", 3],
  ["1969 coils to write", "0f 0000 07b1 f7" + "00".repeat(247), 3],
  ["a mask write of a register that is not there", "16 1000 0000 0000", 2],
  ["a mask write that is too short", "16 0004 00f2", 3],
  ["126 registers to read in 0x17", "17 0000 007e 0000 0001 02 0000", 3],
  ["122 registers to write in 0x17", "17 0000 0001 0000 007a f4" + "00".repeat(244), 3],
  ["a byte count of 0x17 that disagrees", "17 0000 0001 0000 0001 04 0000", 3],
  ["an input register that is not there", "04 0000 0001", 2],
  ["a diagnostic that is none", "08 0063 0000", 1],
  ["a diagnostic with other data than 0", "08 000b 0001", 3],
  ["an exception status with data", "07 00", 3],
];
for (const [why, request, code] of refusals) {
  test(`refuses ${why}`, () => {
    const hex = request.replaceAll(" ", "");
    const fn = (Number.parseInt(hex.slice(0, 2), 16) | 0x80).toString(16);
    assert.equal(asked(unit(), hex), `${fn}0${code}`);
  });
}

test("a 0x17 that cannot read writes nothing, and one that cannot write reads nothing", () => {
  const one = unit();
  assert.equal(asked(one, "17 1000 0001 0004 0001 02 7777"), "9702");
  assert.equal(asked(one, "17 0004 0001 1000 0001 02 7777"), "9702");
  assert.equal(asked(one, "03 0004 0001"), "03020acd");
});

test("6.8, 6.9, 6.10: counters, events and log", () => {
  const one = unit();
  asked(one, "03 0004 0001");
  asked(one, "03 1000 0001");
  // Two requests before this one; the third is counted as it comes.
  assert.equal(asked(one, "08 000b 0000"), "08000b0003", "bus messages");
  assert.equal(asked(one, "08 000d 0000"), "08000d0001", "exceptions");
  assert.equal(asked(one, "0b"), "0b00000003", "what went well: a read and two diagnostics");
  // Status, events, messages, then the log: this receive, and before it send and receive of each, newest first.
  assert.equal(asked(one, "0c"), "0c11" + "0000" + "0003" + "0006" + "80" + "4080" + "4080" + "4080" + "4180" + "4080");
  assert.equal(asked(one, "08 000a 0000"), "08000a0000", "cleared");
  assert.equal(asked(one, "08 000b 0000"), "08000b0001");
  assert.equal(asked(one, "08 0001 ff00"), "080001ff00", "a restart that clears the log");
  assert.equal(asked(one, "0c"), "0c09" + "0000" + "0001" + "0001" + "80" + "40" + "00");
});

test("6.8, sub-function 4: a unit that only listens answers nothing until it is restarted", () => {
  const one = unit();
  assert.equal(asked(one, "08 0004 0000"), "");
  assert.equal(asked(one, "06 0004 1234"), "");
  assert.equal(asked(one, "08 0001 0000"), "", "not even its restart");
  assert.equal(asked(one, "03 0004 0001"), "03020acd", "and what came in between was not carried out");
  assert.equal(asked(one, "08 000f 0000"), "08000f0000");
});

test("a wrong checksum on the line is counted", () => {
  const [here, there] = nullModem();
  const clock = new VirtualClock();
  serveModbusRtu(there, lineUnits(new Map([[1, unit()]])), clock);
  let heard = "";
  here.receive((bytes) => (heard += Buffer.from(bytes).toString("hex")));
  const bad = frame(1, Uint8Array.of(3, 0, 4, 0, 1));
  bad[7]! ^= 0xff;
  here.send(bad);
  clock.advance(100);
  here.send(frame(1, Uint8Array.of(8, 0, 12, 0, 0)));
  clock.advance(100);
  assert.equal(heard, Buffer.from(frame(1, Uint8Array.of(8, 0, 12, 0, 1))).toString("hex"));
});

test("20,000 random requests to a unit of bits and registers are answered in kind, or not at all", () => {
  const one = unit();
  const pdu = fc.tuple(
    fc.constantFrom(1, 2, 3, 4, 5, 6, 7, 8, 11, 12, 15, 16, 17, 22, 23, 43, 99),
    fc.uint8Array({ maxLength: 30 }),
  );
  fc.assert(
    fc.property(pdu, ([code, rest]) => {
      const out = new Uint8Array(ANSWER_ROOM);
      const request = Uint8Array.of(code, ...rest);
      const size = answer(one, request, 0, request.length, out, 0);
      assert.ok(size <= 253);
      if (size > 0) assert.equal(out[0]! & 0x7f, code);
    }),
    { numRuns: 20_000, seed: 2026 },
  );
});
