/** What an outstation and its data link say, as tshark reads it: nothing malformed, every CRC good, fragments whole. */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { VirtualClock } from "#clock/virtual-clock.ts";
import { outstation } from "#protocol/dnp3/outstation/outstation.ts";
import { exchanges, fromHex, skip } from "../dnp3-exchanges.ts";
import { FixtureHost, usualSettings, vectorPoints } from "../dnp3-host.ts";
import { AnsweringOutstation, data, header, request, rigOf } from "../dnp3-line.ts";
import { temporaryFolder } from "../running-site.ts";
import { runProgram, without } from "./programs.ts";

const RAW_IPV4 = 101;
const PORT = 20_000;

interface Datagram {
  readonly fromMaster: boolean;
  /** Of what was asked, to which it belongs: tshark 4.0 takes a segment of 64 segments ago for the same one, in one conversation. */
  readonly exchange: number;
  readonly bytes: Uint8Array;
}

/** A capture of datagrams between masters (10.0.0.0/16) and an outstation (192.0.2.2), one a millisecond. */
function captureOf(datagrams: readonly Datagram[]): Uint8Array {
  const head = Buffer.alloc(24);
  head.writeUInt32LE(0xa1b2c3d4, 0);
  head.writeUInt16LE(2, 4);
  head.writeUInt16LE(4, 6);
  head.writeUInt32LE(65_535, 16);
  head.writeUInt32LE(RAW_IPV4, 20);
  const packets = datagrams.map(({ fromMaster, exchange, bytes }, k) => {
    const [master, own] = [
      [10, 0, exchange >> 8, exchange & 255],
      [192, 0, 2, 2],
    ];
    const packet = Buffer.alloc(16 + 28);
    const size = 28 + bytes.length;
    packet.writeUInt32LE(1 + Math.floor(k / 1000), 0);
    packet.writeUInt32LE((k % 1000) * 1000, 4);
    packet.writeUInt32LE(size, 8);
    packet.writeUInt32LE(size, 12);
    // IPv4 without options, UDP without a checksum.
    packet.writeUInt16BE(0x4500, 16);
    packet.writeUInt16BE(size, 18);
    packet.writeUInt16BE(0x4011, 24);
    packet.set(fromMaster ? [...master, ...own] : [...own, ...master], 28);
    packet.writeUInt16BE(fromMaster ? 40_000 : PORT, 36);
    packet.writeUInt16BE(fromMaster ? PORT : 40_000, 38);
    packet.writeUInt16BE(8 + bytes.length, 40);
    return Buffer.concat([packet, bytes]);
  });
  return Buffer.concat([head, ...packets]);
}

/** All that a master asks in the vectors, and a class 0 of nine frames. */
function conversation() {
  const clock = new VirtualClock();
  const analogs = Array.from({ length: 200 }, (_, k) => 1000 * k - 50_000);
  const counters = Array.from({ length: 300 }, (_, k) => 1_000_000 + k);
  const events = { ...usualSettings.events, binary: { class: 1, variation: 2 } } as const;
  const host = new FixtureHost({ events }, { ...vectorPoints, analogs, counters });
  const server = outstation(host, { clock, port: "ethernet 1" });
  const one = rigOf(new AnsweringOutstation(), [{ server, settings: () => host.settings }], { clock });
  const said: Datagram[] = [];
  let exchange = 0;
  one.link.receive((bytes) => said.push({ fromMaster: false, exchange, bytes }));
  const ask = (bytes: Uint8Array): void => {
    exchange++;
    said.push({ fromMaster: true, exchange, bytes });
    one.link.send(bytes);
  };
  const asked = exchanges("dnp3.txt").flatMap(({ frames }) => frames.filter(({ from }) => from === "master"));
  for (const { hex } of asked) ask(fromHex(hex));
  host.setBinary(2, true);
  for (const control of [0xc0, 0xc9, 0xf2, 0xc1]) ask(header(control));
  ask(data(0xc4, "c1 01 3c 02 06 3c 03 06 3c 04 06 3c 01 06"));
  ask(data(0xc4, "c1 00"));
  ask(data(0xc4, "c2 01 1e 05 06"));
  ask(data(0xc4, "c2 00"));
  ask(request(fromHex(`c3 01 ${"1e 03 00 00 01 ".repeat(100)}`)));
  return said;
}

test("tshark finds nothing malformed, and no CRC that is wrong", { skip: without("tshark") || skip }, async (t) => {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  const file = path.join(folder, "dnp3.pcap");
  const said = conversation();
  writeFileSync(file, captureOf(said));
  const read = async (...args: readonly string[]): Promise<readonly string[]> => {
    const { status, out } = await runProgram("tshark", ["-r", file, ...args]);
    assert.equal(status, 0, out);
    return out.split("\n").filter((line) => line !== "" && !line.startsWith("Running as user"));
  };
  assert.ok(said.length > 120);
  assert.equal((await read("-Y", "dnp3")).length, said.length);
  // Of frames without user data tshark 4.0 knows five functions, and looks for a segment in a test of the link and in what is not supported.
  assert.deepEqual(await read("-Y", "_ws.malformed && dnp3.len > 5"), []);
  assert.deepEqual(await read("-Y", "dnp.hdr.CRC.status != 1 || dnp.data_chunk.CRC.status != 1"), []);
  // The answer to class 0: each of its fragments goes in one write, whose last frame completes it.
  const longest = said.reduce((before, one) => (one.bytes.length > before.bytes.length ? one : before));
  const number = String(said.indexOf(longest) + 1);
  const [frames = ""] = await read("-Y", `frame.number == ${number}`, "-T", "fields", "-e", "dnp3.tr.seq");
  assert.equal(frames.split(",").length, Math.ceil(longest.bytes.length / 292));
});
