/** Captures: blocks as the format's document draws them, and packets whose checksums are right by the RFCs' own arithmetic. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { addressBytes, tcpFlags, tcpPacket, udpPacket, type Way } from "./ip-packets.ts";
import { interfaceBlock, linkTypes, packetBlock, sectionBlock } from "./pcapng.ts";

/** The sum of RFC 1071, over words: all of what a checksum covers, it among them, sums up to ffff. */
function sum(...parts: readonly Uint8Array[]): number {
  const bytes = Buffer.concat(parts.map((part) => Buffer.concat([part, Buffer.alloc(part.length % 2)])));
  let total = 0;
  for (let k = 0; k < bytes.length; k += 2) total += bytes.readUInt16BE(k);
  while (total > 0xffff) total = (total & 0xffff) + (total >> 16);
  return total;
}

const v4: Way = {
  from: { address: Uint8Array.of(192, 0, 2, 7), port: 50_000 },
  to: { address: Uint8Array.of(192, 0, 2, 1), port: 502 },
};
const v6: Way = {
  from: { address: addressBytes("2001:db8::7") ?? new Uint8Array(0), port: 50_000 },
  to: { address: addressBytes("2001:db8::1") ?? new Uint8Array(0), port: 102 },
};

function pseudo({ from, to }: Way, protocol: number, length: number): Uint8Array {
  return Buffer.concat([from.address, to.address, Uint8Array.of(0, protocol, length >> 8, length & 0xff)]);
}

test("every packet has the checksums that its bytes have", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 1460 }), fc.constantFrom(v4, v6), fc.nat(), fc.nat(), (data, way, a, b) => {
      const header = way === v4 ? 20 : 40;
      const tcp = tcpPacket({ ...way, sequence: a, acknowledged: b, flags: tcpFlags.ack, data });
      const udp = udpPacket(way, data);
      for (const [packet, protocol] of [
        [tcp, 6],
        [udp, 17],
      ] as const) {
        const payload = packet.subarray(header);
        assert.equal(sum(pseudo(way, protocol, payload.length), payload), 0xffff);
        if (way === v4) assert.equal(sum(packet.subarray(0, header)), 0xffff);
        assert.deepEqual(payload.slice(payload.length - data.length), data);
      }
      const view = new DataView(tcp.buffer, header);
      assert.deepEqual([view.getUint16(0), view.getUint32(4), view.getUint32(8)], [50_000, a, b]);
    }),
  );
});

const addresses: readonly (readonly [text: string, bytes: string | undefined])[] = [
  ["127.0.0.1", "7f000001"],
  ["::ffff:192.0.2.1", "c0000201"],
  ["::1", "00000000000000000000000000000001"],
  ["2001:db8:0:1:2:3:4:5", "20010db8000000010002000300040005"],
  ["fe80::1%eth0", "fe800000000000000000000000000001"],
  ["256.0.0.1", undefined],
  ["1:2:3", undefined],
  ["1::2::3", undefined],
  ["/dev/ttyUSB0", undefined],
  ["", undefined],
];
for (const [text, bytes] of addresses)
  test(`"${text}" is ${bytes ?? "no address"}`, () => assert.equal(addressBytes(text)?.toHex(), bytes));

test("blocks begin and end with their lengths, which are whole words, and options end with nothing", () => {
  const packet = packetBlock({
    interface: 3,
    nanoseconds: 1_700_000_000_123_456_789n,
    bytes: Uint8Array.of(1, 2, 3, 4, 5),
    direction: "in",
    comment: "a word",
  });
  const blocks = [
    sectionBlock("Polyphase"),
    interfaceBlock({ linkType: linkTypes.ip, name: "modbus tcp 127.0.0.1:1502", description: "" }),
    packet,
  ];
  for (const block of blocks) {
    const view = new DataView(block.buffer);
    assert.equal(block.length % 4, 0);
    assert.deepEqual([view.getUint32(4, true), view.getUint32(block.length - 4, true)], [block.length, block.length]);
    assert.equal(view.getUint32(block.length - 8, true), 0, "opt_endofopt");
  }
  // 4.3: interface, the instant's upper and lower word, captured and original length.
  const view = new DataView(packet.buffer);
  assert.equal(view.getUint32(8, true), 3);
  assert.equal(view.getUint32(12, true) * 2 ** 32 + view.getUint32(16, true), Number(1_700_000_000_123_456_789n));
  assert.deepEqual([view.getUint32(20, true), view.getUint32(24, true)], [5, 5]);
});
