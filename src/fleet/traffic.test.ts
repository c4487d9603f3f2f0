/** Traffic of a site: nothing while nobody looks, so much and no more while somebody does. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { VirtualClock } from "#clock/virtual-clock.ts";
import type { Link } from "#io/link.ts";
import { nullModem } from "#io/null-modem.ts";
import { noPeers } from "#io/peer-counts.ts";
import { PeerLink } from "#io/peer-link.ts";
import { Turns } from "#io/turns.ts";
import { limits } from "#quantity/limits.ts";
import { Traffic, type Passed, type TrafficPlace } from "./traffic.ts";

const place: TrafficPlace = {
  what: "modbus tcp 127.0.0.1:1502",
  protocol: "modbus",
  transport: "tcp",
  over: "tcp",
  meters: ["feeder"],
};

/** A peer that says what it is told, and a server that answers each message by itself. */
function talking(traffic: Traffic, clock: VirtualClock, secretive = false) {
  const [peer, end] = nullModem();
  const tap = traffic.tap(place, end, secretive);
  const link: Link = new PeerLink(end, { turns: new Turns(clock), clock, counts: noPeers(), lasting: false, tap });
  link.receive((bytes) => link.send(bytes.slice()));
  peer.receive(() => {});
  return { peer, link, tap };
}

const passed = (traffic: Traffic): readonly Passed[] => [...traffic.from(0)];

test("while nobody looks nothing is asked of a tap but whether somebody does, and nothing is kept", () => {
  const clock = new VirtualClock();
  const asked: string[] = [];
  class Watched extends Traffic {
    override get on(): boolean {
      asked.push("on");
      return super.on;
    }
    override keep(one: Passed): void {
      asked.push("keep");
      super.keep(one);
    }
  }
  const traffic = new Watched(clock);
  const { peer } = talking(traffic, clock);
  const message = Uint8Array.of(1, 2, 3);
  asked.length = 0;
  for (let k = 0; k < 1000; k++) peer.send(message);
  // Once for what is heard, and once or twice for what is said.
  assert.deepEqual([...new Set(asked)], ["on"]);
  assert.ok(asked.length <= 3000, String(asked.length));
  assert.deepEqual([passed(traffic), traffic.next], [[], 1]);
  traffic.look();
  peer.send(message);
  assert.equal(asked.filter((one) => one === "keep").length, 2, "and while somebody does, both are kept");
});

test("what is heard and said has its instant, its direction, its connection and how much came before", () => {
  const clock = new VirtualClock(Date.UTC(2026, 0, 1));
  const traffic = new Traffic(clock);
  const before = talking(traffic, clock);
  traffic.look();
  const { peer } = talking(traffic, clock);
  peer.send(Uint8Array.of(1, 2));
  clock.advance(1500.25);
  peer.send(Uint8Array.of(3));
  before.peer.send(Uint8Array.of(9));
  peer.close();
  const told = passed(traffic).map(({ connection, kind, bytes, heardBefore, saidBefore, utc }) => [
    connection.number,
    kind,
    bytes.toHex(),
    heardBefore,
    saidBefore,
    utc - Date.UTC(2026, 0, 1),
  ]);
  assert.deepEqual(told, [
    [2, "came", "", 0, 0, 0],
    [2, "heard", "0102", 0, 0, 0],
    [2, "said", "0102", 2, 0, 0],
    [2, "heard", "03", 2, 2, 1500.25],
    [2, "said", "03", 3, 2, 1500.25],
    [1, "heard", "09", 0, 0, 1500.25],
    [1, "said", "09", 1, 0, 1500.25],
    [2, "went", "", 3, 3, 1500.25],
  ]);
});

test("what is kept is a copy, and of what is secretive not even that", () => {
  const clock = new VirtualClock();
  const traffic = new Traffic(clock);
  traffic.look();
  const { peer } = talking(traffic, clock);
  // Sockets hand out Buffers, whose slices are no copies.
  const bytes = Buffer.from([1, 2, 3]);
  peer.send(bytes);
  bytes.fill(0);
  assert.equal(passed(traffic)[1]?.bytes.toHex(), "010203");
  const secret = talking(traffic, clock, true);
  secret.peer.send(Uint8Array.of(7, 7, 7));
  const [, heard, said] = passed(traffic).filter(({ connection }) => connection.number === 2);
  assert.deepEqual([heard?.bytes.length, heard?.length, said?.bytes.length, said?.length], [0, 3, 0, 3]);
});

test("there is room for so many bytes: the oldest go, and how many is said", () => {
  const clock = new VirtualClock();
  const traffic = new Traffic(clock);
  traffic.look();
  const { tap } = talking(traffic, clock);
  const size = 1000;
  const count = 3 * Math.ceil(limits.traffic.bytes / size);
  for (let k = 0; k < count; k++) tap.heard(new Uint8Array(size).fill(k));
  const kept = passed(traffic);
  const held = kept.reduce((sum, { bytes }) => sum + bytes.length + limits.traffic.messageBytes, 0);
  assert.ok(held <= limits.traffic.bytes && held > limits.traffic.bytes - 2 * size, String(held));
  // One that came, and those that were heard.
  assert.equal(kept.length + traffic.dropped, count + 1);
  assert.equal(kept.at(-1)?.number, count + 1);
  kept.forEach(({ number }, k) => assert.equal(number, kept[0]!.number + k));
  assert.deepEqual(
    [...traffic.from(count - 1)].map(({ number }) => number),
    [count - 1, count, count + 1],
  );
  // What does not fit at all is not kept either.
  tap.heard(new Uint8Array(2 * limits.traffic.bytes));
  assert.deepEqual(passed(traffic), []);
});

test("nothing is kept any more when nobody has looked for a while, and what comes then begins anew", () => {
  const clock = new VirtualClock(Date.UTC(2026, 0, 1));
  const traffic = new Traffic(clock);
  const { peer } = talking(traffic, clock);
  traffic.look();
  peer.send(Uint8Array.of(1));
  clock.advance(limits.traffic.lookMs - 1);
  traffic.look();
  clock.advance(limits.traffic.lookMs - 1);
  assert.deepEqual([traffic.on, passed(traffic).length], [true, 2]);
  clock.advance(limits.traffic.lookMs);
  assert.deepEqual([traffic.on, passed(traffic).length, traffic.since], [false, 0, undefined]);
  peer.send(Uint8Array.of(2));
  assert.equal(traffic.next, 3);
  const { looks } = traffic;
  traffic.look();
  assert.deepEqual([traffic.looks, traffic.since], [looks + 1, clock.utc()]);
  peer.send(Uint8Array.of(3, 4));
  // Numbers go on, and bytes are counted anew.
  assert.deepEqual(
    passed(traffic).map(({ number, heardBefore }) => [number, heardBefore]),
    [
      [3, 0],
      [4, 2],
    ],
  );
});

test("instants follow the clock when somebody sets it", () => {
  const clock = new VirtualClock(Date.UTC(2026, 0, 1));
  const traffic = new Traffic(clock);
  traffic.look();
  const { peer } = talking(traffic, clock);
  clock.advance(1000);
  clock.setUtc(Date.UTC(2027, 5, 5));
  peer.send(Uint8Array.of(1));
  assert.equal(passed(traffic).at(-1)?.utc, Date.UTC(2027, 5, 5));
});
