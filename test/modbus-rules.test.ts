/**
 * What an excellent server honours, rule by rule, and the cases in which well-known servers differ from the specification
 * (Modbus Application Protocol V1.1b3, Messaging on TCP/IP V1.0b, Modbus over Serial Line V1.02). A unit with every function,
 * and a meter, over TCP and a line.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { VirtualClock } from "#clock/virtual-clock.ts";
import { nullModem } from "#io/null-modem.ts";
import { MemoryUnit } from "#protocol/modbus/memory-unit.ts";
import { frameGapMs } from "#protocol/modbus/rtu.ts";
import { serveModbusRtu } from "#protocol/modbus/rtu-server.ts";
import { serveModbusTcp } from "#protocol/modbus/tcp-server.ts";
import { lineUnits, tcpUnits } from "#protocol/modbus/unit.ts";
import { crc16 } from "#wire/crc16.ts";
import { rig } from "./rig.ts";

function everything(): MemoryUnit {
  return new MemoryUnit({
    coils: { from: 0, count: 2100 },
    discrete: { from: 0, count: 2100 },
    holding: { from: 0, count: 200, values: [0x0012, 0x0034] },
    input: { from: 0, count: 200 },
  });
}

function tcp(unit = everything()) {
  const [here, there] = nullModem();
  serveModbusTcp(there, tcpUnits(new Map([[1, unit]])));
  let heard = "";
  let closed = false;
  here.receive((bytes) => (heard += Buffer.from(bytes).toString("hex")));
  here.closed(() => (closed = true));
  return {
    closed: () => closed,
    raw(...hex: string[]): string {
      heard = "";
      for (const part of hex) here.send(Buffer.from(part.replaceAll(" ", ""), "hex"));
      return heard;
    },
    /** The answer's PDU to a request's. */
    pdu(hex: string): string {
      const body = hex.replaceAll(" ", "");
      const length = (1 + body.length / 2).toString(16).padStart(4, "0");
      const answer = this.raw(`0001 0000 ${length} 01 ${body}`);
      return answer.slice(14);
    },
  };
}

const zeros = (bytes: number): string => "00".repeat(bytes);

/** What is asked, and what is answered; "…" stands for data of whatever value. */
const rules: readonly (readonly [rule: string, request: string, answer: string])[] = [
  // Order of checks: function (01), quantity and length (03), address (02), value.
  ["an unknown function, whatever follows, is 01", "28 ffff ffff", "a8 01"],
  ["functions that this unit lacks are 01: file records", `14 07 06 0004 0001 0002`, "94 01"],
  ["functions that this unit lacks are 01: a FIFO queue", "18 04de", "98 01"],
  ["function 0 is 01", "00", "80 01"],
  ["a function above 127 is 01", "91", "91 01"],
  ["a quantity of zero is 03, even where there is nothing", "03 ffff 0000", "83 03"],
  ["a quantity that is too large is 03, even where there is nothing", "03 ffff 007e", "83 03"],
  ["a start and quantity beyond 65536 are 02", "03 ffff 0002", "83 02"],
  ["an address that is not there is 02", "03 00c8 0001", "83 02"],
  ["the last register and one more are 02", "03 00c7 0002", "83 02"],
  ["a byte count that is wrong is 03, even where there is nothing", "10 ffff 0001 03 0000", "90 03"],
  ["a coil value that is none is 03, even where there is nothing", "05 ffff 1234", "85 03"],
  // Limits.
  ["125 registers are answered", "03 0000 007d", `03 fa …`],
  ["126 registers are 03", "03 0000 007e", "83 03"],
  ["125 input registers are answered", "04 0000 007d", `04 fa …`],
  ["126 input registers are 03", "04 0000 007e", "84 03"],
  ["2000 bits are answered", "01 0000 07d0", `01 fa …`],
  ["2001 bits are 03", "01 0000 07d1", "81 03"],
  ["2001 inputs are 03", "02 0000 07d1", "82 03"],
  ["no bits are 03", "02 0000 0000", "82 03"],
  ["123 registers are written", `10 0000 007b f6 ${zeros(246)}`, "10 0000 007b"],
  ["124 registers are 03 (all of them would not fit a frame)", `10 0000 007c f8 ${zeros(246)}`, "90 03"],
  ["no registers to write are 03", "10 0000 0000 00", "90 03"],
  ["1968 bits are written", `0f 0000 07b0 f6 ${zeros(246)}`, "0f 0000 07b0"],
  ["1969 bits are 03", `0f 0000 07b1 f7 ${zeros(247)}`, "8f 03"],
  ["125 registers are read while 121 are written", `17 0000 007d 0000 0079 f2 ${zeros(242)}`, "17 fa …"],
  ["126 registers to read while writing are 03", "17 0000 007e 0000 0001 02 0000", "97 03"],
  ["122 registers to write while reading are 03", `17 0000 0001 0000 007a f4 ${zeros(242)}`, "97 03"],
  // Forms.
  ["a request that is too short is 03", "03 0000", "83 03"],
  ["a request that is too long is 03", "03 0000 0001 00", "83 03"],
  ["a coil is 0000 or ff00: on", "05 0000 ff00", "05 0000 ff00"],
  ["a coil is 0000 or ff00: off", "05 0000 0000", "05 0000 0000"],
  ["a coil value of 0001 is 03", "05 0000 0001", "85 03"],
  ["a byte count of one less is 03", "10 0000 0002 03 000000", "90 03"],
  ["a byte count that is right for other data is 03", "10 0000 0002 04 000000", "90 03"],
  ["mask write: (now and A) or (B and not A)", "16 0000 00f2 0025", "16 0000 00f2 0025"],
  ["0x17 writes first and then reads", "17 0000 0002 0000 0001 02 4711", "17 04 4711 0034"],
  // Diagnostics: each counts as it should or echoes.
  ["0x08, 0: the query comes back", "08 0000 a537", "08 0000 a537"],
  ["0x08, 1: restart", "08 0001 0000", "08 0001 0000"],
  ["0x08, 2: the diagnostic register", "08 0002 0000", "08 0002 0000"],
  ["0x08, 10: counters are cleared", "08 000a 0000", "08 000a 0000"],
  ["0x08, 11: bus messages", "08 000b 0000", "08 000b …"],
  ["0x08, 12: communication errors", "08 000c 0000", "08 000c 0000"],
  ["0x08, 13: exceptions", "08 000d 0000", "08 000d 0000"],
  ["0x08, 14: messages to this unit", "08 000e 0000", "08 000e …"],
  ["0x08, 15: no response", "08 000f 0000", "08 000f 0000"],
  ["0x08, 16: NAK", "08 0010 0000", "08 0010 0000"],
  ["0x08, 17: busy", "08 0011 0000", "08 0011 0000"],
  ["0x08, 18: overrun", "08 0012 0000", "08 0012 0000"],
  ["0x08, 20: the overrun counter is cleared", "08 0014 0000", "08 0014 0000"],
  ["0x08, an unknown sub-function is refused", "08 0063 0000", "88 …"],
  ["0x0b: event counter", "0b", "0b 0000 …"],
  ["0x0c: event log", "0c", "0c …"],
  ["0x07: exception status", "07", "07 00"],
];

for (const [rule, request, answer] of rules) {
  test(`Modbus: ${rule}`, () => {
    const got = tcp().pdu(request);
    const [expected = "", more] = answer.replaceAll(" ", "").split("…");
    if (more === undefined) assert.equal(got, expected);
    else assert.ok(got.startsWith(expected) && got.length > expected.length, got);
  });
}

test("Modbus: mask write with the masks F2 and 25 makes 12 a 17", () => {
  const one = tcp();
  one.pdu("16 0000 00f2 0025");
  assert.equal(one.pdu("03 0000 0001"), "03020017");
});

const frames: readonly (readonly [rule: string, request: string, answer: string, closes: boolean])[] = [
  ["the transaction id comes back, also 0", "0000 0000 0006 01 03 0000 0001", "0000 0000 0005 01 03 02 0012", false],
  ["a protocol id other than 0 is no Modbus: the peer is let go", "0001 0001 0006 01 03 0000 0001", "", true],
  ["a length of 300 is no Modbus: the peer is let go", "0001 0000 012c 01 03 0000 0001", "", true],
  ["a length of 65535 is no Modbus: the peer is let go", "0001 0000 ffff 01 03 0000 0001", "", true],
  ["a length of 1 is no Modbus: the peer is let go", "0001 0000 0001 01", "", true],
  [
    "three requests in one segment have three answers, in order",
    "0001 0000 0006 01 03 0000 0001 0002 0000 0006 01 03 0001 0001 0003 0000 0006 01 03 00c8 0001",
    "0001 0000 0005 01 03 02 0012 0002 0000 0005 01 03 02 0034 0003 0000 0003 01 83 02",
    false,
  ],
  [
    "unit 0 is the device itself, and comes back",
    "0001 0000 0006 00 03 0000 0001",
    "0001 0000 0005 00 03 02 0012",
    false,
  ],
  [
    "unit 255 is the device itself, and comes back",
    "0001 0000 0006 ff 03 0000 0001",
    "0001 0000 0005 ff 03 02 0012",
    false,
  ],
  ["an unknown unit is 0B", "0001 0000 0006 07 03 0000 0001", "0001 0000 0003 07 83 0b", false],
  ["an exception carries the transaction and the function", "1234 0000 0002 01 28", "1234 0000 0003 01 a8 01", false],
];

for (const [rule, request, answer, closes] of frames) {
  test(`Modbus/TCP: ${rule}`, () => {
    const one = tcp();
    assert.equal(one.raw(request), answer.replaceAll(" ", ""));
    assert.equal(one.closed(), closes);
  });
}

test("Modbus/TCP: one request in many segments is one request", () => {
  const request = "0001 0000 0006 01 03 0000 0001".replaceAll(" ", "").match(/../g)!;
  assert.equal(tcp().raw(...request), "00010000000501030200" + "12");
});

test("identification: streams, single objects, categories beyond the device's, other MEI types", () => {
  const meter = rig();
  const ask = (pdu: string): string =>
    meter
      .ask(`0001 0000 ${(1 + pdu.replaceAll(" ", "").length / 2).toString(16).padStart(4, "0")} 01 ${pdu}`)
      .slice(14);
  const basic = ask("2b 0e 01 00");
  // MEI type, code, conformity 1, no more, next 0, three objects; the first is the vendor, "Leviton".
  assert.match(basic, /^2b0e0101000003/);
  assert.ok(basic.includes(`0007${Buffer.from("Leviton").toString("hex")}`));
  for (const code of ["02", "03"])
    assert.equal(ask(`2b 0e ${code} 00`), `2b0e${code}01${basic.slice(8)}`, "answered at the level there is");
  assert.equal(ask("2b 0e 01 77"), basic, "an unknown object starts the stream again");
  assert.match(ask("2b 0e 01 02"), /^2b0e010100000102/);
  for (const code of ["00", "04", "05", "ff"]) assert.equal(ask(`2b 0e ${code} 00`), "ab03");
  assert.equal(ask("2b 0d 01 00"), "ab01");
});

test("a meter refuses a write to what is read-only with 02 and a value out of range with 03, and changes nothing", () => {
  const meter = rig();
  assert.equal(meter.write(3, 1), 2);
  assert.equal(meter.write(142, 100), 3);
  assert.equal(meter.write(142, 15, 100), 3);
  assert.equal(meter.u16(142), 10);
});

function crcOf(hex: string): string {
  const bytes = Buffer.from(hex.replaceAll(" ", ""), "hex");
  const crc = crc16(bytes, 0, bytes.length);
  return Buffer.of(crc & 255, crc >> 8).toString("hex");
}

function line() {
  const [here, there] = nullModem();
  const clock = new VirtualClock();
  serveModbusRtu(there, lineUnits(new Map([[1, everything()]])), clock, { baud: 9600 });
  let heard = "";
  here.receive((bytes) => (heard += Buffer.from(bytes).toString("hex")));
  return {
    clock,
    say(hex: string, ms = 50): string {
      heard = "";
      here.send(Buffer.from(hex.replaceAll(" ", ""), "hex"));
      clock.advance(ms);
      return heard;
    },
  };
}

test("serial line: the checksum is CRC-16 with its low byte first: 01 03 0000 000A carries C5 CD", () => {
  assert.match(line().say("01 03 0000 000a c5cd"), /^0103140012/);
  assert.equal(line().say("01 03 0000 000a cdc5"), "");
});

test("serial line: silence is 3.5 characters of 11 bits, above 19200 baud 1.75 ms, and the answer waits for it", () => {
  assert.deepEqual(
    [9600, 19_200, 38_400, 115_200].map((baud) => Math.round(1000 * frameGapMs(baud)) / 1000),
    [4.01, 2.005, 1.75, 1.75],
  );
  const one = line();
  assert.equal(one.say("01 03 0000 000a c5cd", 4), "");
  assert.match(line().say("01 03 0000 000a c5cd", 5), /^010314/);
});

test("serial line: a frame whose byte count is wrong has its CRC, and is refused with 03 once the line is quiet", () => {
  // The registers to write are none, or many more than follow.
  assert.equal(
    line().say("01 10 0060 0000 00 022b00010064" + crcOf("01 10 0060 0000 00 022b00010064")),
    "019003" + crcOf("019003"),
  );
  assert.equal(
    line().say("01 10 0060 007b 06 022b00010064" + crcOf("01 10 0060 007b 06 022b00010064")),
    "019003" + crcOf("019003"),
  );
});

test("serial line: other units' requests and answers pass by, and the own request after them is answered", () => {
  const one = line();
  // Unit 17 is asked for 108 to 110 and answers (the example of 6.3, with the checksums of the serial line guide).
  assert.equal(one.say("11 03 006b 0003 7687"), "");
  assert.equal(one.say("11 03 06 ae41 5652 4340 49ad"), "");
  assert.match(one.say("01 03 0000 000a c5cd"), /^010314/);
});
