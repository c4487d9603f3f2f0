/**
 * A capture of what passed, as tshark reads it: sequence numbers hold, checksums are right, and each protocol is told for what it is, with the
 * values that were sent.
 */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { test, type TestContext } from "node:test";
import type { Passed, TrafficConnection } from "#fleet/traffic.ts";
import { capture } from "#web/traffic-capture.ts";
import { temporaryFolder } from "../running-site.ts";
import { runProgram, without } from "./programs.ts";

const skip = without("tshark");
const START = Date.UTC(2026, 10, 27, 20, 0, 0) + 0.125;

type Over = TrafficConnection["place"]["over"];

function connection(
  number: number,
  what: string,
  over: Over,
  peer = `192.0.2.7:${50_000 + number}`,
): TrafficConnection {
  const [protocol = "", transport = ""] = what.split(" ");
  const local = peer.startsWith("[") ? "2001:db8::1" : "192.0.2.1";
  return { number, place: { what, protocol, transport, over, meters: ["feeder"] }, peer, local };
}

/** What passes on one connection, a millisecond apart; "<" is from the meter. */
function exchange(connection: TrafficConnection, words: readonly string[]): readonly Passed[] {
  const before = { heard: 0, said: 0 };
  return words.map((word, k) => {
    const kind = word === "came" || word === "went" ? word : word.startsWith("<") ? "said" : "heard";
    const bytes =
      kind === "came" || kind === "went" ? new Uint8Array(0) : Buffer.from(word.replaceAll(/[<> ]/g, ""), "hex");
    const { length } = bytes;
    const passed = {
      number: k + 1,
      utc: START + k,
      connection,
      kind,
      bytes,
      length,
      heardBefore: before.heard,
      saidBefore: before.said,
    } as const;
    if (kind === "heard" || kind === "said") before[kind] += length;
    return passed;
  });
}

/** Fields of the packets that a filter finds, a line each. */
async function fieldsOf(t: TestContext, passed: readonly Passed[], filter: string, ...fields: readonly string[]) {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  const file = path.join(folder, "traffic.pcapng");
  writeFileSync(file, Buffer.concat([...capture(passed, () => true)]));
  const words = fields.flatMap((field) => ["-e", field]);
  const options = ["-o", "tcp.check_checksum:TRUE", "-o", "ip.check_checksum:TRUE", "-o", "udp.check_checksum:TRUE"];
  const { out, status } = await runProgram("tshark", ["-r", file, ...options, "-Y", filter, "-T", "fields", ...words]);
  assert.equal(status, 0, out);
  // It warns of who runs it, and of nothing else.
  return out.split("\n").filter((line) => line !== "" && !line.startsWith("Running as"));
}

/** What of it is wrong with TCP, or with checksums, or malformed. */
async function assertSound(t: TestContext, passed: readonly Passed[]): Promise<void> {
  const wrong =
    'tcp.analysis.flags || _ws.malformed || tcp.checksum.status == "Bad" || ip.checksum.status == "Bad" || udp.checksum.status == "Bad"';
  assert.deepEqual(await fieldsOf(t, passed, wrong, "frame.number", "_ws.col.Info"), []);
}

const modbus = [
  "came",
  "0001 0000 0006 01 03 006B 0003",
  "<0001 0000 0009 01 03 06 022B 0000 0064",
  "0002 0000 0006 01 03 006B 0001",
  "<0002 0000 0005 01 03 02 022B",
  "went",
];

test(
  "Modbus over TCP is followed from its first packet to its last, with instants in nanoseconds",
  { skip },
  async (t) => {
    const passed = exchange(connection(1, "modbus tcp 192.0.2.1:1502", "tcp"), modbus);
    await assertSound(t, passed);
    assert.deepEqual(await fieldsOf(t, passed, "tcp", "tcp.srcport", "tcp.seq", "tcp.ack", "tcp.len"), [
      "50001\t0\t0\t0",
      "502\t0\t1\t0",
      "50001\t1\t1\t0",
      "50001\t1\t1\t12",
      "502\t1\t13\t15",
      "50001\t13\t16\t12",
      "502\t16\t25\t11",
      "502\t27\t25\t0",
    ]);
    assert.deepEqual(await fieldsOf(t, passed, "modbus.regval_uint16", "frame.time_epoch", "modbus.regval_uint16"), [
      "1795809600.002125000\t555,0,100",
      "1795809600.004125000\t555",
    ]);
    // A query to which an answer came: it was followed.
    assert.deepEqual(await fieldsOf(t, passed, "modbus.request_frame", "modbus.request_frame"), ["4", "6"]);
  },
);

for (const [who, ending, end] of [
  ["the peer", "peer", "50001\t25\t27\t1\t0"],
  ["a reset of the peer", "reset", "50001\t25\t27\t0\t1"],
  ["the meter", "here", "502\t27\t25\t1\t0"],
] as const) {
  test(`a connection that ${who} ended has its end from there`, { skip }, async (t) => {
    const all = exchange(connection(1, "modbus tcp 192.0.2.1:1502", "tcp"), modbus);
    const passed = all.map((one) => (one.kind === "went" ? { ...one, ending } : one));
    await assertSound(t, passed);
    const fields = ["tcp.srcport", "tcp.seq", "tcp.ack", "tcp.flags.fin", "tcp.flags.reset"];
    const ends = await fieldsOf(t, passed, "tcp.flags.fin == 1 || tcp.flags.reset == 1", ...fields);
    assert.deepEqual(ends, [end]);
  });
}

test("the same over IPv6, and from two places that one port of Wireshark's stands for", { skip }, async (t) => {
  const passed = [
    ...exchange(connection(1, "modbus tcp [2001:db8::1]:1502", "tcp", "[2001:db8::7]:50001"), modbus),
    ...exchange(connection(2, "modbus tcp 192.0.2.1:1502", "tcp", "192.0.2.7:40000"), modbus),
    // The same peer and port at another listener: its own port tells them apart.
    ...exchange(connection(3, "modbus tcp 192.0.2.1:1503", "tcp", "192.0.2.7:40000"), modbus),
  ];
  await assertSound(t, passed);
  const streams = await fieldsOf(t, passed, "tcp.flags.syn == 1 && tcp.flags.ack == 0", "tcp.stream", "tcp.dstport");
  assert.deepEqual(streams, ["0\t502", "1\t502", "2\t1503"]);
});

test("what is longer than a packet is several, and whole again", { skip }, async (t) => {
  const words = Array.from({ length: 125 }, (_, k) => (k * 257).toString(16).padStart(4, "0")).join("");
  const answer = (id: number): string => `${id.toString(16).padStart(4, "0")} 0000 00fd 01 03 fa ${words}`;
  const ask = (id: number): string => `${id.toString(16).padStart(4, "0")} 0000 0006 01 03 0000 007d`;
  const ids = Array.from({ length: 20 }, (_, k) => k + 1);
  // Twenty questions at once, and twenty answers in one piece of 5,180 bytes.
  const passed = exchange(connection(1, "modbus tcp 192.0.2.1:1502", "tcp"), [
    "came",
    ids.map(ask).join(""),
    `<${ids.map(answer).join("")}`,
  ]);
  await assertSound(t, passed);
  const values = await fieldsOf(t, passed, "modbus.regval_uint16", "modbus.regval_uint16");
  assert.equal(values.join(",").split(",").length, 20 * 125);
});

test("DNP3, MMS, SNMP, GOOSE and Modbus on a line are told for what they are", { skip }, async (t) => {
  const goose =
    "010ccd010001 020000000001 8100 8000 88b8 0001 0050 0000 0000 6146 8008 4c4c4e3024474f31 8102 07d0 8207 4c4c4e30244453 8302 4731 8408 6553f10012345678 8501 02 8601 07 8701 00 8801 01 8901 00 8a01 01 ab03 8301 01";
  const passed = [
    ...exchange(connection(1, "dnp3 tcp 192.0.2.1:20001", "tcp"), ["came", "05640bc40100640044eac0c0013c020654e0"]),
    ...exchange(connection(2, "mms tcp 192.0.2.1:1102", "tcp"), [
      "came",
      "0300001611e00000000100c0010dc2020001c1020001",
    ]),
    ...exchange(connection(3, "snmp udp 192.0.2.1:1161", "udp"), [
      "302602010104067075626c6963a019020101020100020100300e300c06082b060102010101000500",
    ]),
    ...exchange(connection(4, "goose ethernet eth0", "ethernet", "eth0"), [`<${goose}`]),
    ...exchange(connection(5, "modbus rtu /dev/ttyUSB0, 9600 baud", "serial", "/dev/ttyUSB0"), [
      // In two pieces.
      "01 03 00 6B",
      "00 03 74 17",
      "<01 03 06 02 2B 00 00 00 64 05 7A",
    ]),
    ...exchange(connection(6, "dnp3 serial /dev/ttyUSB1, 9600 baud", "serial", "/dev/ttyUSB1"), [
      "05640bc40100640044eac0c0013c020654e0",
    ]),
  ];
  await assertSound(t, passed);
  const of = (filter: string, ...fields: readonly string[]) => fieldsOf(t, passed, filter, ...fields);
  assert.deepEqual(await of("dnp3", "dnp3.src", "dnp3.dst", "dnp3.al.func"), ["100\t1\t1", "100\t1\t1"]);
  assert.deepEqual(await of("cotp", "cotp.type"), ["0x0e"]);
  assert.deepEqual(await of("snmp", "snmp.community", "snmp.name"), ["public\t1.3.6.1.2.1.1.1.0"]);
  assert.deepEqual(await of("goose", "goose.stNum", "goose.sqNum"), ["2\t7"]);
  assert.deepEqual(await of("mbrtu && modbus.regval_uint16", "modbus.regval_uint16"), ["555,0,100"]);
  assert.deepEqual(await of("frame", "frame.interface_name"), [
    ...Array.from({ length: 4 }, () => "dnp3 tcp 192.0.2.1:20001"),
    ...Array.from({ length: 4 }, () => "mms tcp 192.0.2.1:1102"),
    "snmp udp 192.0.2.1:1161",
    "goose ethernet eth0",
    "modbus rtu /dev/ttyUSB0, 9600 baud",
    "modbus rtu /dev/ttyUSB0, 9600 baud",
    "dnp3 serial /dev/ttyUSB1, 9600 baud",
  ]);
});

test("what was connected before anybody looked has no handshake, and is followed all the same", { skip }, async (t) => {
  const passed = exchange(connection(1, "modbus tcp 192.0.2.1:1502", "tcp"), modbus.slice(1));
  await assertSound(t, passed);
  assert.deepEqual(await fieldsOf(t, passed, "modbus.regval_uint16", "modbus.regval_uint16"), ["555,0,100", "555"]);
});
