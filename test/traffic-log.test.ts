/** Whatever passes on a link of any protocol is told, each byte of it once; nothing that a peer sends stops the telling. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { VirtualClock } from "#clock/virtual-clock.ts";
import { Traffic, type TrafficPlace } from "#fleet/traffic.ts";
import type { Tap } from "#io/tap.ts";
import type { Link } from "#io/link.ts";
import { limits } from "#quantity/limits.ts";
import { TrafficLog, type Message } from "#web/traffic-log.ts";
import { detailOf, instantText } from "#web/traffic-views.ts";
import { exchanges, fromHex, skip } from "./dnp3-exchanges.ts";
import { share } from "./share.ts";

const link: Link = {
  peer: "192.0.2.7:50000",
  waiting: 0,
  send() {},
  receive() {},
  pause() {},
  resume() {},
  closed() {},
  close() {},
};

function rig(protocol: string, transport = "tcp", over: TrafficPlace["over"] = "tcp") {
  const clock = new VirtualClock(Date.UTC(2026, 10, 27, 20, 0, 0));
  const traffic = new Traffic(clock);
  const log = new TrafficLog(traffic);
  log.makeOut();
  const place = { what: `${protocol} ${transport} 127.0.0.1:1`, protocol, transport, over, meters: [] };
  const tap: Tap = traffic.tap(place, link, false);
  const told = (): readonly Message[] => {
    while (log.makeOut());
    return [...log.from(0)].filter(({ kind }) => kind === "heard" || kind === "said");
  };
  return { clock, traffic, log, tap, told };
}

const places: readonly (readonly [protocol: string, transport: string, over: TrafficPlace["over"]])[] = [
  ["modbus", "tcp", "tcp"],
  ["modbus", "rtu", "serial"],
  ["dlms", "tcp", "tcp"],
  ["dlms", "udp", "udp"],
  ["dlms", "hdlc", "serial"],
  ["dnp3", "tcp", "tcp"],
  ["iec102", "serial", "serial"],
  ["mms", "tcp", "tcp"],
  ["snmp", "udp", "udp"],
  ["goose", "ethernet", "ethernet"],
  ["sv", "ethernet", "ethernet"],
  ["sntp", "udp", "udp"],
];

/** Bytes that begin as messages of some protocol do, and go on as they please. */
const beginnings = [
  "",
  "000100000006",
  "0001001000010010",
  "7ea0190002",
  "056405c0",
  "6809096853",
  "03000010",
  "3026",
  "000000000000",
];
const hostile = fc
  .tuple(fc.constantFrom(...beginnings), fc.uint8Array({ maxLength: 80 }))
  .map(([beginning, rest]) => Buffer.concat([Buffer.from(beginning, "hex"), rest]));

for (const [protocol, transport, over] of places)
  test(`whatever passes over ${protocol} ${transport} is told, and each byte of it once`, () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ bytes: hostile, isHeard: fc.boolean(), ms: fc.nat(5000) }), { maxLength: 12 }),
        (chunks) => {
          const { clock, log, tap, told } = rig(protocol, transport, over);
          for (const { bytes, isHeard, ms } of chunks) {
            clock.advance(ms);
            if (isHeard) tap.heard(bytes);
            else tap.said(bytes);
          }
          told();
          // What is not whole by then never will be.
          clock.advance(limits.peers.frameMs + 1);
          const all = told();
          for (const kind of ["heard", "said"] as const) {
            const came = Buffer.concat(
              chunks.filter(({ isHeard }) => isHeard === (kind === "heard")).map(({ bytes }) => bytes),
            );
            const went = Buffer.concat(all.filter((one) => one.kind === kind).map(({ bytes }) => bytes));
            // One flag of HDLC may be in two frames.
            if (transport === "hdlc") assert.ok(went.length >= came.length);
            else assert.equal(went.toString("hex"), came.toString("hex"));
          }
          for (const message of all) {
            assert.ok(
              message.line.length <= limits.traffic.lineCharacters &&
                message.coveredLine.length <= limits.traffic.lineCharacters,
            );
            const opened = log.open(message);
            for (const secrets of [true, false]) {
              const detail = detailOf(message, opened, { secrets, bytes: true, sees: () => true });
              assert.equal(detail.bytes?.length, 2 * message.length);
              for (const { from, to } of detail.covered) assert.ok(from <= to && to <= message.length);
            }
          }
        },
      ),
      { numRuns: share(30, 300, 3000) },
    );
  });

test(
  "recorded exchanges of DNP3 are told frame by frame, with nothing wrong that is not so on purpose",
  { skip },
  () => {
    const wrongOnPurpose = [/bad function/, /invalid primary/, /c3 FCV=0/, /d4 FCV=1/, /g99v1/, /FIR=1 FIN=0/];
    let count = 0;
    for (const { title, frames } of exchanges("dnp3.txt")) {
      const { tap, told } = rig("dnp3");
      for (const { from, hex } of frames) {
        if (from === "master") tap.heard(fromHex(hex));
        else tap.said(fromHex(hex));
      }
      const all = told();
      count += all.length;
      assert.deepEqual(
        all.map(({ bytes }) => Buffer.from(bytes).toString("hex")),
        frames.map(({ hex }) => Buffer.from(fromHex(hex)).toString("hex")),
        title,
      );
      if (!wrongOnPurpose.some((one) => one.test(title)))
        assert.ok(
          all.every(({ isWrong }) => !isWrong),
          title,
        );
    }
    assert.ok(count > 50);
  },
);

test("who sends datagrams neither comes nor goes; who is on a line opens nothing but the line", () => {
  const linesOf = (protocol: string, transport: string, over: TrafficPlace["over"]): readonly string[] => {
    const { clock, traffic, log } = rig(protocol, transport, over);
    const ends: (() => void)[] = [];
    const what = { what: "", protocol, transport, over, meters: [] };
    const tap = traffic.tap(what, { ...link, closed: (run) => void ends.push(run) }, false);
    tap.heard(Buffer.from("302602010104067075626c6963a019020101020100020100300e300c06082b060102010101000500", "hex"));
    for (const end of ends) end();
    clock.advance(limits.peers.frameMs + 1);
    log.makeOut();
    // The first connection is the rig's own.
    const its = [...log.from(0)].filter(({ connection }) => connection.number === 2);
    return its.map(({ kind, line }) => (kind === "heard" ? kind : line));
  };
  assert.deepEqual(linesOf("snmp", "udp", "udp"), ["heard"]);
  assert.deepEqual(linesOf("dnp3", "serial", "serial"), ["the line is open", "heard", "the line is closed"]);
  assert.deepEqual(linesOf("dnp3", "tcp", "tcp"), ["the peer has come", "heard", "the peer has gone"]);
});

test("a message has the instant of its last byte, to the microsecond", () => {
  const { clock, tap, told } = rig("modbus");
  tap.heard(Buffer.from("000100000006", "hex"));
  clock.advance(1.5);
  tap.heard(Buffer.from("010300000001", "hex"));
  assert.deepEqual(
    told().map(({ utc, length }) => [instantText(utc), length]),
    [["2026-11-27T20:00:00.001500Z", 12]],
  );
});

test("who looks again after nobody did is told from there on, and no message of before is gone on with", () => {
  const { clock, traffic, log, tap, told } = rig("modbus");
  tap.heard(Buffer.from("000100000006010300000001", "hex"));
  tap.heard(Buffer.from("000200", "hex"));
  assert.equal(told().length, 1);
  clock.advance(limits.traffic.lookMs + 1);
  assert.equal(traffic.on, false);
  log.makeOut();
  tap.heard(Buffer.from("000300000006010300000001", "hex"));
  assert.deepEqual(
    told().map(({ line, isWhole }) => [line, isWhole]),
    [
      ["unit 1, read holding registers, 0", true],
      ["unit 1, read holding registers, 0", true],
    ],
  );
  assert.equal(log.lost, 0);
});
