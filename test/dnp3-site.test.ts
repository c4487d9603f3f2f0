/** DNP3 as a row of a site's table: what carries it, who stands behind a place, and what peers make of that. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { SystemClock } from "#clock/system-clock.ts";
import { VirtualClock } from "#clock/virtual-clock.ts";
import { carriers, type Carriers } from "#fleet/protocols/carriers.ts";
import { Listeners } from "#fleet/listeners.ts";
import type { Link } from "#io/link.ts";
import { nullModem } from "#io/null-modem.ts";
import { connectTcp } from "#io/tcp.ts";
import { connectUdp } from "#io/udp-listener.ts";
import type { MasterLine } from "#protocol/dnp3/link/master-line.ts";
import { limits } from "#quantity/limits.ts";
import { controls, data, header } from "./dnp3-line.ts";
import { freePort } from "./running-site.ts";
import { hand, meter, open, portOf, table } from "./dnp3-listening.ts";

const CLASS_0 = "c0 01 3c 01 06";
const RESPONSE = "44 c0 c0 81 00 00";
/** Octets of frames without user data, and of a response without objects. */
const [HEADER, ANSWER] = [10, 17];

test("all listeners of one port of a meter are one outstation, over TCP and UDP; another meter is another", async (t) => {
  const one = meter("one", [
    { dnp3: "tcp", port: 0 },
    { dnp3: "udp", port: 0 },
  ]);
  const two = meter("two", [{ dnp3: "tcp", port: 0 }]);
  const [tcp, udp, other] = await open(t, [one, two]);
  assert.match(tcp!.urls[0]!.url, /^dnp3:\/\/127\.0\.0\.1:\d+\/1$/);
  assert.match(udp!.urls[0]!.url, /^dnp3\+udp:\/\/127\.0\.0\.1:\d+\/1$/);
  const stream = hand(t, await connectTcp("127.0.0.1", portOf(tcp!)));
  const datagrams = hand(t, await connectUdp("127.0.0.1", portOf(udp!)));
  assert.deepEqual(controls(await stream.ask(data(0xc4, CLASS_0), ANSWER)), [RESPONSE]);
  assert.deepEqual(controls(await datagrams.ask(data(0xc4, CLASS_0), ANSWER)), [RESPONSE]);
  const third = hand(t, await connectTcp("127.0.0.1", portOf(other!)));
  assert.deepEqual(controls(await third.ask(header(0xc9), HEADER)), ["0b"]);
  assert.deepEqual(one.servers.get("ethernet 1")?.fragments, [CLASS_0, CLASS_0]);
  assert.deepEqual(two.servers.get("ethernet 1")?.fragments, []);
  const lines = [...(one.servers.get("ethernet 1")?.masters ?? [])];
  // It is one master at one place, whatever it comes by.
  assert.deepEqual(
    lines.map(({ master, place, near, rights, delayMs }: MasterLine) => ({ master, place, near, rights, delayMs })),
    [1, 2].map(() => ({ master: 100, place: "127.0.0.1", near: true, rights: "write", delayMs: 0 })),
  );
});

test("meters on one place are told apart by link address; two of one address are refused", async (t) => {
  const port = await freePort();
  const listen = [{ dnp3: "tcp", port }];
  const meters = [meter("a", listen), meter("b", listen, { address: 9 })];
  const [place] = await open(t, meters);
  assert.deepEqual(
    place!.urls.map(({ meter, url }) => [meter, url]),
    [
      ["a", `dnp3://127.0.0.1:${port}/1`],
      ["b", `dnp3://127.0.0.1:${port}/9`],
    ],
  );
  const one = hand(t, await connectTcp("127.0.0.1", port));
  // Both are asked in one piece.
  const both = await one.ask(Buffer.concat([data(0xc4, CLASS_0), data(0xc4, CLASS_0, { to: 9 })]), 2 * ANSWER);
  assert.deepEqual(controls(both), [RESPONSE, RESPONSE]);
  assert.match(both, /44 64 00 01 00 .*44 64 00 09 00/);
  await assert.rejects(
    open(t, [meter("a", listen), meter("b", listen)]),
    /a and b both have link address 1 on one place/,
  );
  await assert.rejects(
    open(t, [meter("deaf", [{ dnp3: "tcp", port: 0 }], {}, { bindings: {} })]),
    /deaf does not speak DNP3/,
  );
});

test("another meter behind a place takes nothing from those that stay: their connections, their outstations, who is on them", async (t) => {
  const port = await freePort();
  const listen = [{ dnp3: "tcp", port }];
  const a = meter("a", listen);
  const [b, other] = [meter("b", listen, { address: 9 }), meter("b", listen, { address: 10 })];
  const listeners = new Listeners({ clock: new SystemClock(), folder: ".", table });
  t.after(() => listeners.close());
  await listeners.open([a.listening, b.listening]);
  const stream = hand(t, await connectTcp("127.0.0.1", port));
  const both = (to: number): Uint8Array => Buffer.concat([data(0xc4, CLASS_0), data(0xc4, CLASS_0, { to })]);
  assert.deepEqual(controls(await stream.ask(both(9), 2 * ANSWER)), [RESPONSE, RESPONSE]);
  const opening = await listeners.prepare([a.listening, other.listening]);
  assert.deepEqual([opening.opened, opening.closed], [[], []]);
  await opening.behind([a.listening, other.listening])();
  assert.deepEqual([a.ended, b.ended], [[], ["ethernet 1"]]);
  // The same connection: a frame of the outstation that is gone is nobody's.
  assert.deepEqual(controls(await stream.ask(data(0xc4, CLASS_0, { to: 9 }), 0)), []);
  assert.deepEqual(controls(await stream.ask(both(10), 2 * ANSWER)), [RESPONSE.replace("c0", "c1"), RESPONSE]);
  assert.deepEqual(a.servers.get("ethernet 1")?.fragments, [CLASS_0, CLASS_0]);
  assert.equal(new Set(a.servers.get("ethernet 1")?.masters).size, 1, "and the same master");
  assert.deepEqual(other.servers.get("ethernet 1")?.fragments, [CLASS_0]);
  await assert.rejects(
    listeners.prepare([a.listening, meter("b", listen).listening]).then((next) => next.behind([])),
    /a and b both have link address 1 on one place/,
  );
});

test("an outstation stays while one of its meter's places does, and ends with the last", async (t) => {
  const listen = await Promise.all([1, 2].map(async () => ({ dnp3: "tcp", port: await freePort() })));
  const one = meter("one", listen);
  const listeners = new Listeners({ clock: new SystemClock(), folder: ".", table });
  t.after(() => listeners.close());
  await listeners.open([one.listening]);
  const server = one.servers.get("ethernet 1");
  // The same meter, of which the site file says less.
  const less = { ...one.listening, listen: one.listening.listen.slice(1) };
  await listeners.open([less]);
  assert.deepEqual([listeners.all.length, one.ended], [1, []]);
  const peer = hand(t, await connectTcp("127.0.0.1", portOf(listeners.all[0]!)));
  assert.deepEqual(controls(await peer.ask(data(0xc4, CLASS_0), ANSWER)), [RESPONSE]);
  assert.deepEqual(server?.fragments, [CLASS_0]);
  assert.equal(one.servers.get("ethernet 1"), server);
  await listeners.open([]);
  assert.deepEqual(one.ended, ["ethernet 1"]);
  // To look at what would be opened, two places one after the other, keeps nothing.
  listeners.plan([one.listening], (name) => name);
  assert.equal(one.ended.length, 3);
});

/** A meter whose listener is a null modem: nothing here takes time. */
async function modem(one: ReturnType<typeof meter>) {
  const clock = new VirtualClock();
  let accept: (link: Link, line?: { readonly baud: number }) => void = () => {};
  const opening = (what: string, query: readonly string[]): Carriers["tcp"]["open"] => {
    return async (_keys, _place, take) => {
      accept = take;
      return { what, authority: what, query, close: async () => {} };
    };
  };
  const over = {
    ...carriers,
    tcp: { ...carriers.tcp, open: opening("host:20000", []) },
    serial: { ...carriers.serial, open: opening("/dev/line", ["baud=9600"]) },
  } as Carriers;
  const listeners = new Listeners({ clock, folder: ".", table, carriers: over });
  await listeners.open([one.listening]);
  const [listener] = listeners.all;
  return {
    clock,
    listener: listener!,
    server: one.servers.get(one.listening.listen[0]?.port === "serial" ? "serial 1" : "ethernet 1")!,
    peer() {
      const [here, there] = nullModem();
      let heard: Uint8Array[] = [];
      accept(there, listener?.transport.over === "serial" ? { baud: 9600 } : undefined);
      here.receive((bytes) => heard.push(bytes));
      const taken = (): readonly string[] => {
        const all = Buffer.concat(heard).toString("hex");
        heard = [];
        return controls(all);
      };
      return {
        here,
        heard: taken,
        ask(bytes: Uint8Array) {
          here.send(bytes.slice());
          return taken();
        },
      };
    },
  };
}

test("a meter that is silent, by its port or by itself, is silent on a link that stays", async () => {
  let shut = false;
  const one = meter("one", [{ dnp3: "tcp" }], {}, { answers: () => !shut });
  const { peer, server } = await modem(one);
  const { ask } = peer();
  for (const silence of [() => (shut = true), () => (one.answers = false)]) {
    silence();
    assert.deepEqual([ask(header(0xc9)), ask(data(0xc4, CLASS_0))], [[], []]);
    [shut, one.answers] = [false, true];
    assert.deepEqual(ask(header(0xc9)), ["0b"]);
  }
  assert.deepEqual(server.fragments, []);
});

test("on a serial line masters come and go by what they say, and answers wait as the meter is set to", async () => {
  const one = meter("one", [{ dnp3: "serial", device: "/dev/line" }], {}, { answerDelayMs: () => 80 });
  const { clock, listener, peer, server } = await modem(one);
  assert.equal(listener.urls[0]?.url, "dnp3+serial:///dev/line?baud=9600&address=1");
  const line = peer();
  assert.deepEqual(line.ask(data(0xc4, CLASS_0)), []);
  assert.deepEqual(one.told, ["serial 1 opened", "serial 1 connected"]);
  clock.advance(79);
  assert.deepEqual(line.heard(), []);
  clock.advance(1);
  assert.deepEqual(line.heard(), [RESPONSE]);
  const [master] = server.masters;
  assert.deepEqual([master?.place, master?.near, master?.delayMs], ["null modem b", false, 80]);
  clock.advance(119_919);
  assert.equal(one.told.length, 2);
  clock.advance(1);
  assert.deepEqual(one.told.slice(2), ["serial 1 left"]);
  assert.ok(line.here.open);
  line.ask(data(0xc4, CLASS_0).fill(0, 8, 10));
  assert.deepEqual(one.told.slice(3), ["serial 1 misunderstood"]);
});

test("a master that takes nothing of what it asks for is let go, and others are answered meanwhile", async () => {
  const { clock, listener, peer, server } = await modem(meter("one", [{ dnp3: "tcp" }]));
  server.answer = () => new Uint8Array(2048);
  const [deaf, polite] = [peer(), peer()];
  deaf.here.pause();
  const burst = Buffer.concat(Array.from({ length: 5000 }, () => data(0xc4, CLASS_0)));
  deaf.here.send(burst);
  clock.advance(1000);
  const [line] = server.masters;
  // Nothing more is read from it while so much waits; a slice of 256 octets has 15 requests at most, and an answer 2,411 octets.
  const waiting = line?.waiting ?? 0;
  assert.ok(waiting > limits.peers.answers && waiting <= limits.peers.answers + 15 * 2411, String(waiting));
  assert.equal(line?.waiting, 2411 * server.fragments.length);
  assert.equal(polite.ask(data(0xc4, CLASS_0, { from: 3 })).length, 9);
  clock.advance(58_999);
  assert.ok(deaf.here.open);
  clock.advance(1000);
  assert.ok(!deaf.here.open);
  assert.ok(polite.here.open);
  assert.equal(listener.counts["unread"], 1);
});

test("faults on purpose strike what an outstation sends", async () => {
  const { listener, peer } = await modem(meter("one", [{ dnp3: "tcp", faults: [{ drop: true, times: 1 }] }]));
  const { ask } = peer();
  assert.deepEqual(ask(data(0xc4, CLASS_0)), []);
  assert.deepEqual(ask(data(0xc4, CLASS_0)), ["44 c1 c0 81 00 00"]);
  assert.deepEqual(
    listener.faults.rules.map(({ struck }) => struck),
    [1],
  );
});

test("a sixth peer waits in vain for an answer while five have theirs", async (t) => {
  const one = meter("one", [{ dnp3: "tcp", port: 0 }], {}, { room: () => 5 });
  const [tcp] = await open(t, [one]);
  const peers = await Promise.all(
    Array.from({ length: 5 }, async () => hand(t, await connectTcp("127.0.0.1", portOf(tcp!)))),
  );
  for (const [k, peer] of peers.entries())
    assert.deepEqual(controls(await peer.ask(data(0xc4, CLASS_0, { from: 10 + k }), ANSWER)), [RESPONSE]);
  const sixth = hand(t, await connectTcp("127.0.0.1", portOf(tcp!)));
  assert.equal(await sixth.ask(header(0xc9), HEADER), "");
  assert.ok(sixth.closed);
  for (const peer of peers) assert.deepEqual(controls(await peer.ask(header(0xc9), HEADER)), ["0b"]);
});
