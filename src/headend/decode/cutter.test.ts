/** Where messages end: however the bytes come, the messages are those that were sent. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Cutter, framingOf, type Framing, type Piece } from "./cutter.ts";
import { bytesOfHex } from "./hex-text.ts";

const MOST = 1 << 17;
const bytes = (text: string): Uint8Array => bytesOfHex(text) ?? new Uint8Array(0);
const shown = (pieces: readonly Piece[]): readonly string[] =>
  pieces.map(({ bytes: piece, isWhole }) => `${isWhole ? "" : "? "}${piece.toHex()}`);

/** Messages of each protocol, from its standard's examples and from recorded exchanges. */
const messages: Readonly<Record<Exclude<Framing, "datagram" | "rtu">, readonly string[]>> = {
  // Application Protocol V1.1b3, 6.3, on TCP; Messaging Guide, 3.1.3.
  mbap: ["0001000000060103006b0003", "000100000009010306022b00000064", "0002000000020107"],
  // Green Book, 7.3.3: a wrapper's header has 8 bytes.
  wrapper: ["000100100001000dc001c100080000010000ff0200", "000100010010000106"],
  hdlc: ["7ea0070321930f017e", "7ea01921000200235260cae6e700c401c10002020ffd161b87f07e"],
  // IEEE 1815, 9.2: a header of 10, blocks of 16 with 2 of check.
  dnp3: ["056405c001006400f0e1", "05640bc40100640044eac0c0013c020654e0"],
  // IEC 60870-5-1, 6.2.4.2.
  "ft1.2": ["e5", "104901004a16", "6809096853581bbb00060100008816"],
  // RFC 1006, 6.
  tpkt: ["0300001611e00000000100c0010dc2020001c1020001", "0300000702f080"],
};

for (const [framing, texts] of Object.entries(messages) as [Exclude<Framing, "datagram" | "rtu">, readonly string[]][])
  test(`${framing}: messages one after the other are told apart, wherever the bytes are cut`, () => {
    const all = texts.map(bytes);
    fc.assert(
      fc.property(
        fc.array(fc.nat(all.length - 1), { minLength: 1, maxLength: 6 }),
        fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1 }),
        (which, sizes) => {
          const sent = which.map((k) => all[k] ?? new Uint8Array(0));
          const stream = Buffer.concat(sent);
          const cutter = new Cutter(framing, MOST);
          const pieces: Piece[] = [];
          for (let at = 0, k = 0; at < stream.length; k++) {
            const size = sizes[k % sizes.length] ?? 1;
            pieces.push(...cutter.push(stream.subarray(at, at + size)));
            at += size;
          }
          assert.deepEqual(
            shown(pieces),
            sent.map((one) => Buffer.from(one).toString("hex")),
          );
          assert.equal(cutter.waiting, 0);
        },
      ),
    );
  });

test("any bytes at all come out once each, in order, whatever they are", () => {
  const kinds: readonly Framing[] = ["mbap", "rtu", "wrapper", "hdlc", "dnp3", "ft1.2", "tpkt", "datagram"];
  fc.assert(
    fc.property(
      fc.constantFrom(...kinds),
      fc.array(fc.uint8Array({ minLength: 1, maxLength: 300 }), { maxLength: 20 }),
      (framing, chunks) => {
        const cutter = new Cutter(framing, 500);
        const pieces = chunks.flatMap((chunk) => [...cutter.push(chunk)]);
        assert.ok(cutter.waiting <= 500);
        pieces.push(...cutter.flush());
        assert.equal(cutter.waiting, 0);
        const [came, went] = [chunks, pieces.map((one) => one.bytes)].map((some) =>
          Buffer.concat(some).toString("hex"),
        );
        // A flag of HDLC may stand in two frames: it closes one and opens the next.
        if (framing === "hdlc") assert.ok((went ?? "").length >= (came ?? "").length);
        else assert.equal(went, came);
      },
    ),
  );
});

test("one flag closes a frame of HDLC and opens the next", () => {
  const frame = messages.hdlc[1] ?? "";
  assert.deepEqual(shown(new Cutter("hdlc", MOST).push(bytes(frame + frame.slice(2)))), [frame, frame]);
});

test("what is no message is said to be none, and the next one behind it is found where that can be", () => {
  const [, frame = ""] = messages.dnp3;
  assert.deepEqual(shown(new Cutter("dnp3", MOST).push(bytes(`ffff${frame}`))), ["? ffff", frame]);
  assert.deepEqual(shown(new Cutter("hdlc", MOST).push(bytes(`2f3f210d0a${messages.hdlc[0]}`))), [
    "? 2f3f210d0a",
    messages.hdlc[0],
  ]);
  assert.deepEqual(shown(new Cutter("mbap", MOST).push(bytes("474554202f20485454502f312e31"))), [
    "? 474554202f20485454502f312e31",
  ]);
});

test("frames of a serial line are found by their checks, and what never has one is given up", () => {
  const cutter = new Cutter("rtu", MOST);
  assert.deepEqual(shown(cutter.push(bytes("0103006b"))), []);
  assert.deepEqual(shown(cutter.push(bytes("00037417"))), ["0103006b00037417"]);
  assert.deepEqual(shown(cutter.push(new Uint8Array(257).fill(1))), [`? ${"01".repeat(257)}`]);
  cutter.push(bytes("0103"));
  assert.deepEqual(shown(cutter.flush()), ["? 0103"]);
});

test("a message that is longer than anybody waits for is given up", () => {
  const cutter = new Cutter("wrapper", 100);
  assert.deepEqual(
    cutter.push(bytes("00010001001000ff")).map(({ isWhole }) => isWhole),
    [false],
  );
});

test("each transport has its way of telling messages apart", () => {
  const of = (protocol: string, transport: string, over: string): Framing => framingOf({ protocol, transport, over });
  assert.deepEqual(
    [
      of("modbus", "tls", "tls"),
      of("modbus", "rtu", "serial"),
      of("modbus", "rtu-over-tcp", "tcp"),
      of("dlms", "udp", "udp"),
      of("dlms", "hdlc-over-tcp", "tcp"),
      of("dlms", "optical", "optical"),
      of("dnp3", "serial", "serial"),
      of("iec102", "tcp", "tcp"),
      of("mms", "tls", "tls"),
      of("goose", "ethernet", "ethernet"),
      of("snmp", "udp", "udp"),
    ],
    ["mbap", "rtu", "rtu", "wrapper", "hdlc", "hdlc", "dnp3", "ft1.2", "tpkt", "datagram", "datagram"],
  );
});
