/** Outstations on a link: who is meant and who is nobody, data link confirmation, who comes and goes, and what is kept of all that. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { VirtualClock } from "#clock/virtual-clock.ts";
import type { Link } from "#io/link.ts";
import { nullModem } from "#io/null-modem.ts";
import { serveDnp } from "#protocol/dnp3/link/serve.ts";
import { limits } from "#quantity/limits.ts";
import { WireError } from "#wire/cursor.ts";
import type { MasterLine } from "#protocol/dnp3/link/master-line.ts";
import { fromHex, toHex } from "./dnp3-exchanges.ts";
import {
  AnsweringOutstation,
  controls,
  data,
  header,
  isHealthy,
  nullResponse,
  request,
  rig,
  rigOf,
  stationOf,
} from "./dnp3-line.ts";

const CLASS_0 = "c0 01 3c 01 06";
const RESPONSE = "44 c0 c0 81 00 00";
const FREEZE = "c0 08 14 00 06";

for (const from of [0xfff0, 0xfff7, 0xfffb, 0xfffc, 0xfffd, 0xfffe, 0xffff])
  test(`TB2013-002: a frame from ${from.toString(16)}, which is nobody's address, is not taken`, () => {
    const one = rig();
    for (const control of [0xc0, 0xc9, 0xf2]) assert.equal(one.ask(header(control, { from })), "");
    assert.equal(one.ask(data(0xc4, CLASS_0, { from })), "");
    assert.equal(one.ask(data(0xc4, FREEZE, { from, to: 0xffff })), "");
    assert.deepEqual([one.server.fragments, one.server.broadcasts], [[], []]);
  });

test("a frame without DIR comes from an outstation, and is not taken", () => {
  const one = rig();
  one.ask(header(0xc0));
  for (const control of [0x40, 0x49, 0x72, 0x00, 0x0b]) assert.equal(one.ask(header(control)), "");
  for (const control of [0x44, 0x73]) assert.equal(one.ask(data(control, CLASS_0)), "");
  assert.deepEqual(one.server.fragments, []);
});

test("where a master is named, others are not answered", () => {
  const one = rig(nullResponse, { master: 100 });
  assert.equal(one.ask(header(0xc9, { from: 101 })), "");
  assert.equal(one.ask(data(0xc4, CLASS_0, { from: 101 })), "");
  assert.equal(one.ask(data(0xc4, FREEZE, { from: 101, to: 0xfffd })), "");
  assert.deepEqual(controls(one.ask(data(0xc4, CLASS_0))), [RESPONSE]);
  one.ask(data(0xc4, FREEZE, { to: 0xfffd }));
  assert.deepEqual(one.server.broadcasts, [{ fragment: FREEZE, address: 0xfffd }]);
});

for (const to of [0xfffd, 0xfffe, 0xffff])
  test(`everybody on a line takes a broadcast to ${to.toString(16)}, and nobody answers`, () => {
    const servers = [new AnsweringOutstation(nullResponse), new AnsweringOutstation(nullResponse)] as const;
    const line = rigOf(
      servers[0],
      servers.map((server, k) => stationOf(server, { address: 1 + k })),
    );
    assert.equal(line.ask(data(0xc4, FREEZE, { to })), "");
    // FCB means nothing where FCV is not set.
    assert.equal(line.ask(data(0xe4, FREEZE, { to })), "");
    for (const { broadcasts, fragments } of servers) {
      assert.deepEqual(broadcasts, [
        { fragment: FREEZE, address: to },
        { fragment: FREEZE, address: to },
      ]);
      assert.deepEqual(fragments, []);
    }
  });

test("nothing but unconfirmed user data is a broadcast", () => {
  const one = rig();
  one.ask(header(0xc0));
  for (const to of [0xfffd, 0xfffe, 0xffff]) {
    for (const control of [0xc0, 0xc9, 0xe9, 0xf2, 0xc1]) assert.equal(one.ask(header(control, { to })), "");
    for (const control of [0xf3, 0xd3, 0xd4, 0x44]) assert.equal(one.ask(data(control, FREEZE, { to })), "");
  }
  assert.deepEqual(one.server.broadcasts, []);
  assert.deepEqual(controls(one.ask(data(0xf3, CLASS_0))), ["00", RESPONSE]);
});

test("a broadcast in segments is a fragment of its own, and one to another address begins anew", () => {
  const one = rig();
  const long = Uint8Array.from({ length: 400 }, (_, k) => k & 0xff);
  const frames = request(long, { to: 0xffff });
  const [first, second] = [frames.subarray(0, 292), frames.subarray(292)];
  one.ask(first);
  // What the same master asks of this outstation alone does not touch it.
  assert.deepEqual(controls(one.ask(data(0xc4, CLASS_0))), [RESPONSE]);
  one.ask(second);
  assert.deepEqual(one.server.broadcasts, [{ fragment: toHex(long), address: 0xffff }]);
  one.ask(first);
  one.ask(request(long, { to: 0xfffe }).subarray(292));
  one.ask(second);
  assert.equal(one.server.broadcasts.length, 1);
});

test("two masters on one link have link states, transport and answers of their own", () => {
  const one = rig();
  assert.match(one.ask(header(0xc0, { from: 3 })), /^05 64 05 00 03 00 01 00/);
  assert.deepEqual(controls(one.ask(data(0xf3, CLASS_0))), ["01"]);
  assert.deepEqual(controls(one.ask(data(0xf3, CLASS_0, { from: 3 }))), ["00", RESPONSE]);
  const frames = request(new Uint8Array(300).fill(7));
  one.ask(frames.subarray(0, 292));
  assert.deepEqual(controls(one.ask(data(0xd3, CLASS_0, { from: 3 }))), ["00", "44 c1 c0 81 00 00"]);
  assert.equal(controls(one.ask(frames.subarray(292))).length, 1);
  assert.deepEqual(
    [...one.server.masters].map(({ master }) => master),
    [3, 100],
  );
});

test("a reset of the link states gives up what has come of a fragment", () => {
  const one = rig();
  const frames = request(new Uint8Array(300).fill(7));
  one.ask(frames.subarray(0, 292));
  one.ask(header(0xc0));
  assert.equal(one.ask(frames.subarray(292)), "");
  assert.deepEqual(one.server.fragments, []);
});

const long = Uint8Array.from({ length: 600 }, (_, k) => k & 0xff);

test("with confirmation of multi-frame messages a short one goes unconfirmed, a long one frame by frame", () => {
  const one = rig(([, code]) => (code === 1 ? long : Uint8Array.of(1, 2)), { link: { confirm: "multi-frame" } });
  assert.deepEqual(controls(one.ask(data(0xc4, "c0 02"))), ["44 c0 01 02"]);
  assert.deepEqual(controls(one.ask(data(0xc4, CLASS_0))), ["40"]);
  const segments = [long.subarray(0, 249), long.subarray(249, 498), long.subarray(498)].map(toHex);
  assert.deepEqual(controls(one.ask(header(0x80))), [`73 41 ${segments[0]}`]);
  assert.deepEqual(controls(one.ask(header(0x80))), [`53 02 ${segments[1]}`]);
  assert.deepEqual(controls(one.ask(header(0x80))), [`73 83 ${segments[2]}`]);
  assert.equal(one.ask(header(0x80)), "");
  assert.deepEqual(controls(one.ask(data(0xc4, "c1 02"))), ["44 c4 01 02"]);
  // The link states stay as they are.
  assert.deepEqual(controls(one.ask(data(0xc4, CLASS_0))), [`53 45 ${segments[0]}`]);
});

test("a frame that is refused goes again behind a reset, and is given up when that is refused too often", () => {
  const one = rig(nullResponse, { link: { confirm: "always", retries: 3 } });
  one.ask(data(0xc4, CLASS_0));
  one.ask(header(0x80));
  // Each time a retry is used up.
  for (let k = 0; k < 3; k++) {
    assert.deepEqual(controls(one.ask(header(0x81))), ["40"]);
    assert.deepEqual(controls(one.ask(header(0x80))), ["73 c0 c0 81 00 00"]);
  }
  assert.equal(one.ask(header(0x81)), "");
  one.clock.advance(10_000);
  assert.equal(one.heard(), "");
  // The next one begins with a reset, and all retries.
  assert.deepEqual(controls(one.ask(data(0xc4, CLASS_0))), ["40"]);
});

test("whoever has no room is asked for its link status until it has, as often as a frame is sent again", () => {
  const one = rig(() => long, { link: { confirm: "always", retries: 3 } });
  one.ask(data(0xc4, CLASS_0));
  one.ask(header(0x80));
  assert.equal(one.ask(header(0x90)), "");
  one.clock.advance(999);
  assert.equal(one.heard(), "");
  one.clock.advance(1);
  assert.deepEqual(controls(one.heard()), ["49"]);
  assert.equal(one.ask(header(0x9b)), "");
  one.clock.advance(1000);
  assert.deepEqual(controls(one.heard()), ["49"]);
  assert.match(controls(one.ask(header(0x8b)))[0] ?? "", /^53 01 /);
  // It never has: the fragment is given up.
  one.ask(header(0x90));
  one.clock.advance(100_000);
  assert.deepEqual(controls(one.heard()), ["49", "49", "49"]);
  assert.deepEqual(controls(one.ask(data(0xc4, CLASS_0))), ["40"]);
  // It has none for the first segment either; another fragment takes its place meanwhile.
  one.ask(header(0x90));
  one.server.answer = () => Uint8Array.of(9, 8);
  assert.equal(one.ask(data(0xc4, "c1 02")), "");
  one.clock.advance(1000);
  one.heard();
  assert.match(controls(one.ask(header(0x8b)))[0] ?? "", /^73 c. 09 08$/);
});

test("who does not support confirmation is not asked again, until something else is to be said", () => {
  const one = rig(nullResponse, { link: { confirm: "always" } });
  one.ask(data(0xc4, CLASS_0));
  assert.equal(one.ask(header(0x8f)), "");
  one.clock.advance(10_000);
  assert.equal(one.heard(), "");
  assert.deepEqual(controls(one.ask(data(0xc4, CLASS_0))), ["40"]);
});

test("an answer takes the place of one that waits for acknowledgements, when the frame under way is settled", () => {
  const one = rig(([, code]) => (code === 1 ? long : Uint8Array.of(9, 8)), { link: { confirm: "always" } });
  // While the reset is under way there is no frame to settle.
  assert.deepEqual(controls(one.ask(data(0xc4, CLASS_0))), ["40"]);
  assert.equal(one.ask(data(0xc4, "c1 02")), "");
  assert.deepEqual(controls(one.ask(header(0x80))), ["73 c0 09 08"]);
  one.ask(header(0x80));
  assert.match(controls(one.ask(data(0xc4, CLASS_0)))[0] ?? "", /^53 41 00 01/);
  assert.equal(one.ask(data(0xc4, "c2 02")), "");
  assert.deepEqual(controls(one.ask(header(0x80))), ["73 c2 09 08"]);
  one.ask(header(0x80));
  // When it is not acknowledged the next one begins with a reset.
  assert.match(controls(one.ask(data(0xc4, CLASS_0)))[0] ?? "", /^53 43 00 01/);
  one.ask(data(0xc4, "c3 02"));
  one.clock.advance(3999);
  assert.deepEqual(
    controls(one.heard()).map((frame) => frame.slice(0, 5)),
    ["53 43", "53 43", "53 43"],
  );
  one.clock.advance(1);
  assert.deepEqual(controls(one.heard()), ["40"]);
  assert.deepEqual(controls(one.ask(header(0x80))), ["73 c3 09 08"]);
});

test("acknowledgements that nobody waits for, and answers with user data, do nothing", () => {
  const one = rig(nullResponse, { link: { confirm: "always" } });
  for (const control of [0x80, 0x81, 0x8b, 0x8f, 0x90]) assert.equal(one.ask(header(control)), "");
  assert.equal(one.server.masters.size, 0);
  one.ask(data(0xc4, CLASS_0));
  assert.equal(one.ask(data(0x80, "01")), "");
  assert.deepEqual(controls(one.ask(header(0x80))), ["73 c0 c0 81 00 00"]);
});

test("a master that is silent for the inactivity time-out is gone, and so is its link", () => {
  const came: string[] = [];
  const server = new AnsweringOutstation(nullResponse);
  const told = { connected: () => void came.push("connected"), left: () => void came.push("left") };
  const one = rigOf(server, [stationOf(server, {}, told)]);
  one.ask(data(0xc4, CLASS_0));
  one.clock.advance(60_000);
  one.ask(data(0xc4, CLASS_0, { from: 3 }));
  assert.equal(server.masters.size, 2);
  // Whoever asks for link status is there.
  for (let k = 0; k < 3; k++) {
    one.clock.advance(59_999);
    one.ask(header(0xc9));
  }
  assert.deepEqual(
    [...server.masters].map(({ master }) => master),
    [100],
  );
  one.clock.advance(119_999);
  assert.ok(one.link.open);
  one.clock.advance(1);
  assert.ok(!one.link.open);
  assert.deepEqual([server.masters.size, server.gone], [0, 2]);
  assert.deepEqual(came, ["connected", "connected", "left", "left"]);
});

test("a link on which nobody says anything to an outstation ends, too", () => {
  const one = rig();
  one.clock.advance(100_000);
  one.ask(data(0xc4, CLASS_0, { to: 9 }));
  one.clock.advance(19_999);
  assert.ok(one.link.open);
  one.clock.advance(1);
  assert.ok(!one.link.open);
});

test("a serial line stays when its master is gone, and another begins anew", () => {
  const server = new AnsweringOutstation(nullResponse);
  const one = rigOf(server, [stationOf(server)], { baud: 9600 });
  one.ask(header(0xc0));
  one.ask(data(0xf3, CLASS_0));
  one.clock.advance(1_000_000);
  assert.ok(one.link.open);
  assert.equal(server.gone, 1);
  assert.deepEqual(controls(one.ask(data(0xf3, CLASS_0))), ["01"]);
  assert.deepEqual(controls(one.ask(data(0xc4, CLASS_0))), [RESPONSE]);
});

test("on a serial line a frame whose rest does not come in the inter-character time is given up; over TCP it may come late", () => {
  const server = new AnsweringOutstation(nullResponse);
  const frame = data(0xc4, CLASS_0);
  const serial = rigOf(server, [stationOf(server)], { baud: 9600 });
  assert.equal(serial.ask(frame.subarray(0, 12)), "");
  serial.clock.advance(999);
  assert.deepEqual(controls(serial.ask(frame.subarray(12))), [RESPONSE]);
  serial.ask(frame.subarray(0, 12));
  serial.clock.advance(1000);
  assert.equal(serial.misunderstood, 1);
  assert.equal(serial.ask(frame.subarray(12)), "");
  assert.ok(isHealthy(serial));
  // Behind a header whose frame does not come there is one that has waited.
  const begun = request(long).subarray(0, 10);
  assert.equal(serial.ask(Buffer.concat([begun, header(0xc9)])), "");
  serial.clock.advance(1000);
  assert.deepEqual(controls(serial.heard()), ["0b"]);
  const tcp = rig();
  for (const octet of frame.subarray(0, 17)) {
    assert.equal(tcp.ask(Uint8Array.of(octet)), "");
    tcp.clock.advance(5000);
  }
  assert.deepEqual(controls(tcp.ask(frame.subarray(17))), [RESPONSE]);
});

test("a datagram that begins a frame ends one whose rest was lost", () => {
  const server = new AnsweringOutstation(nullResponse);
  const one = rigOf(server, [stationOf(server)], { datagrams: true });
  const frames = request(long);
  one.ask(frames.subarray(0, 200));
  assert.deepEqual(controls(one.ask(data(0xc4, CLASS_0))), [RESPONSE]);
  // It may come in pieces nevertheless.
  const frame = data(0xc4, CLASS_0);
  one.ask(frame.subarray(0, 12));
  assert.deepEqual(controls(one.ask(frame.subarray(12))), ["44 c1 c0 81 00 00"]);
});

test("on one link an outstation has room for 16 masters: the one that was silent longest goes for one more", () => {
  const server = new AnsweringOutstation(nullResponse);
  const one = rigOf(server, [stationOf(server)], { baud: 9600 });
  for (let from = 1; from <= limits.dnp3.masters; from++) {
    one.ask(data(0xc4, CLASS_0, { from }));
    one.clock.advance(10);
  }
  one.ask(header(0xc9, { from: 1 }));
  for (let from = 200; from < 400; from++) one.ask(header(0xc9, { from }));
  assert.equal(server.gone, 0);
  one.ask(data(0xc4, CLASS_0, { from: 40 }));
  assert.deepEqual(
    [...server.masters].map(({ master }) => master),
    [1, ...Array.from({ length: 14 }, (_, k) => 3 + k), 40],
  );
});

test("an outstation that is silent hears nothing; what it had under way is not said", () => {
  let answers = true;
  const servers = [new AnsweringOutstation(nullResponse), new AnsweringOutstation(nullResponse)] as const;
  const line = rigOf(servers[0], [
    stationOf(servers[0], { link: { confirm: "always" } }, { answers: () => answers }),
    stationOf(servers[1], { address: 2 }),
  ]);
  assert.deepEqual(controls(line.ask(data(0xc4, CLASS_0))), ["40"]);
  answers = false;
  line.clock.advance(10_000);
  assert.equal(line.heard(), "");
  assert.equal(line.ask(header(0xc9)), "");
  line.ask(data(0xc4, FREEZE, { to: 0xffff }));
  assert.deepEqual(
    servers.map(({ broadcasts }) => broadcasts.length),
    [0, 1],
  );
  assert.deepEqual(controls(line.ask(header(0xc9, { to: 2 }))), ["0b"]);
  answers = true;
  assert.deepEqual(controls(line.ask(header(0xc9))), ["0b"]);
});

test("an outstation that is given another address begins anew with its masters", () => {
  let address = 1;
  const server = new AnsweringOutstation(nullResponse);
  const station = stationOf(server);
  const one = rigOf(server, [{ ...station, settings: () => ({ ...station.settings(), address }) }]);
  one.ask(header(0xc0));
  one.ask(data(0xf3, CLASS_0));
  address = 5;
  assert.equal(one.ask(header(0xc9)), "");
  assert.deepEqual(controls(one.ask(data(0xd3, CLASS_0, { to: 5 }))), ["01"]);
  assert.match(one.ask(data(0xc4, CLASS_0, { to: 5 })), /^05 64 0a 44 64 00 05 00/);
  assert.equal(server.gone, 1);
});

test("answers wait for the meter's delay, which a master is told of, up to a bound", () => {
  const server = new AnsweringOutstation(nullResponse);
  const one = rigOf(server, [stationOf(server, {}, { answerDelayMs: () => 40 })], { baud: 9600 });
  assert.equal(one.ask(data(0xc4, CLASS_0)), "");
  const [line] = server.masters as ReadonlySet<MasterLine>;
  assert.equal(line?.delayMs, 40);
  assert.equal(line?.waiting, 17);
  one.clock.advance(39);
  assert.equal(one.heard(), "");
  one.clock.advance(1);
  assert.deepEqual(controls(one.heard()), [RESPONSE]);
  assert.equal(line?.waiting, 0);
  server.answer = () => new Uint8Array(2048);
  for (let k = 0; k < 100; k++) one.ask(data(0xc4, CLASS_0));
  assert.ok((line?.waiting ?? 0) <= limits.peers.turnaround);
});

test("on a slow line an acknowledgement is waited for when the frame has gone", () => {
  const server = new AnsweringOutstation(() => new Uint8Array(249));
  const settings = { link: { confirm: "always", retries: 1 } } as const;
  const one = rigOf(server, [stationOf(server, settings, { answerDelayMs: () => 40 })], { baud: 1200 });
  one.ask(data(0xc4, CLASS_0));
  one.clock.advance(40);
  assert.deepEqual(controls(one.heard()), ["40"]);
  one.ask(header(0x80));
  one.clock.advance(40);
  assert.equal(fromHex(one.heard()).length, 292);
  // 292 characters of 11 bits at 1200 baud are 2677 ms.
  one.clock.advance(2677 + 999);
  assert.equal(one.heard(), "");
  one.clock.advance(2 + 40);
  assert.equal(fromHex(one.heard()).length, 292);
});

test("what an answer brings about at once is worked off in its turn", () => {
  const one = rig();
  const fragment = data(0xc4, CLASS_0);
  let asked = 1;
  let answers = 0;
  one.link.receive(() => {
    answers++;
    if (asked++ < 2000) one.link.send(fragment.slice());
  });
  one.link.send(fragment.slice());
  assert.deepEqual([answers, one.server.fragments.length], [2000, 2000]);
});

test("what an application cannot read is told, and the next frame is taken; on a master that is gone nothing is sent", () => {
  const one = rig();
  one.server.answer = () => {
    throw new WireError("expected something else", 3);
  };
  assert.equal(one.ask(Buffer.concat([data(0xc4, CLASS_0), header(0xc9)])), "05 64 05 0b 64 00 01 00 c8 29");
  assert.equal(one.misunderstood, 1);
  const [line] = one.server.masters;
  one.link.close();
  line?.send(Uint8Array.of(1));
  assert.equal(one.heard(), "");
});

test("a line says who a master is, where it comes from and what it may do", () => {
  const server = new AnsweringOutstation(nullResponse);
  const one = rigOf(server, [stationOf(server)], { near: true, rights: "read" });
  one.ask(data(0xc4, CLASS_0));
  const [line] = server.masters as ReadonlySet<MasterLine>;
  const { master, peer, place, near, rights, delayMs, waiting } = line!;
  assert.deepEqual(
    { master, peer, place, near, rights, delayMs, waiting },
    { master: 100, peer: "null modem b", place: "null modem b", near: true, rights: "read", delayMs: 0, waiting: 0 },
  );
});

test("a master's place is its host, in one way of writing it, whatever port it comes from; on a line it is the device", () => {
  const places = [
    ["192.0.2.7:50214", undefined, "192.0.2.7"],
    ["::ffff:192.0.2.7:50215", undefined, "192.0.2.7"],
    ["[2001:DB8::7]:20000", undefined, "2001:db8::7"],
    ["2001:db8:0::7:20000", undefined, "2001:db8::7"],
    ["/dev/ttyUSB0", 9600, "/dev/ttyUSB0"],
  ] as const;
  for (const [peer, baud, place] of places) {
    const server = new AnsweringOutstation();
    const [here, there] = nullModem();
    serveDnp({ ...plain(there), peer }, [stationOf(server)], new VirtualClock(), { baud });
    here.send(data(0xc4, CLASS_0));
    const [line] = server.masters;
    assert.deepEqual([line?.peer, line?.place], [peer, place]);
  }
});

/** The methods of a link, for one under another name. */
function plain(link: Link): Omit<Link, "peer"> {
  return {
    waiting: 0,
    send: (bytes) => link.send(bytes),
    receive: (run) => link.receive(run),
    pause: () => link.pause(),
    resume: () => link.resume(),
    closed: (run) => link.closed(run),
    close: () => link.close(),
  };
}
