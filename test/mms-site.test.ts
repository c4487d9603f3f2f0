/** MMS as a row of a site's table: who stands behind a place, and what peers make of that. */
import assert from "node:assert/strict";
import { once } from "node:events";
import net from "node:net";
import { test, type TestContext } from "node:test";
import { SystemClock } from "#clock/system-clock.ts";
import { Listeners } from "#fleet/listeners.ts";
import { limits } from "#quantity/limits.ts";
import {
  associateRequest,
  connectionConfirm,
  connectionRequest,
  identify,
  meter,
  modem,
  open,
  portOf,
  settled,
  table,
} from "./mms-listening.ts";
import { fromHex } from "./mms-exchanges.ts";
import { freePort } from "./running-site.ts";

/** A client's socket: asks, and waits for whole packets, or for the end. */
async function socket(t: TestContext, port: number) {
  const one = net.connect(port, "127.0.0.1");
  await once(one, "connect");
  t.after(() => one.destroy());
  let heard = Buffer.alloc(0);
  let isClosed = false;
  let wake = (): void => {};
  one.on("data", (bytes: Buffer) => {
    heard = Buffer.concat([heard, bytes]);
    wake();
  });
  one.on("error", () => {});
  one.on("close", () => {
    isClosed = true;
    wake();
  });
  return async (hex: string): Promise<string> => {
    one.write(fromHex(hex));
    for (;;) {
      const length = heard.length < 4 ? Infinity : heard.readUInt16BE(2);
      if (heard.length >= length || isClosed) {
        const packet = heard.subarray(0, Math.min(length, heard.length)).toString("hex");
        heard = heard.subarray(Math.min(length, heard.length));
        return packet;
      }
      await new Promise<void>((resolve) => (wake = resolve));
    }
  };
}

/** What identify of libiec61850's twin says. */
const identity = Buffer.from("SoftMeter twin").toString("hex");

test("all listeners of one port of a meter are one server, named by its IED; another meter has another", async (t) => {
  const one = meter("one", [
    { mms: "tcp", port: 0 },
    { mms: "tcp", port: 0 },
  ]);
  const two = meter("two", [{ mms: "tcp", port: 0 }]);
  const [first, second, other] = await open(t, [one, two]);
  assert.match(first!.urls[0]!.url, new RegExp(`^mms://127\\.0\\.0\\.1:\\d+/${one.host.ied.name}$`));
  assert.deepEqual([one.servers.made, two.servers.made], [1, 1]);
  for (const listener of [first, second, other]) {
    const ask = await socket(t, portOf(listener!));
    assert.equal(await ask(connectionRequest), connectionConfirm);
    assert.match(await ask(associateRequest), /^0300008f02f0800e86/);
    assert.match(await ask(identify), new RegExp(identity));
  }
  assert.deepEqual(
    [...one.host.admitted, ...two.host.admitted].map(({ near, rights, password }) => ({ near, rights, password })),
    [1, 2, 3].map(() => ({ near: true, rights: "write", password: undefined })),
  );
});

test("a place is one meter's, who speaks IEC 61850", async (t) => {
  const listen = [{ mms: "tcp", port: await freePort() }];
  await assert.rejects(
    open(t, [meter("a", listen), meter("b", listen)]),
    /a and b are both on one place, .*room for one/,
  );
  await assert.rejects(
    open(t, [meter("deaf", [{ mms: "tcp", port: 0 }], { bindings: {} })]),
    /deaf does not speak IEC 61850/,
  );
});

test("a server stays while one of its meter's places does, and ends with the last", async (t) => {
  const listen = await Promise.all([1, 2].map(async () => ({ mms: "tcp", port: await freePort() })));
  const one = meter("one", listen);
  const listeners = new Listeners({ clock: new SystemClock(), folder: ".", table });
  t.after(() => listeners.close());
  await listeners.open([one.listening]);
  await listeners.open([{ ...one.listening, listen: one.listening.listen.slice(1) }]);
  assert.deepEqual(one.servers, { made: 1, ended: 0 });
  const ask = await socket(t, portOf(listeners.all[0]!));
  await ask(connectionRequest);
  await ask(associateRequest);
  assert.match(await ask(identify), new RegExp(identity));
  await listeners.open([]);
  assert.deepEqual(one.servers, { made: 1, ended: 1 });
  // To look at what would be opened, two places one after the other, keeps nothing.
  listeners.plan([one.listening], (name) => name);
  assert.deepEqual(one.servers, { made: 3, ended: 3 });
});

test("a meter that is silent, by its port or by itself, is silent on a link that stays", async () => {
  let isShut = false;
  const one = meter("one", [{ mms: "tcp" }], { answers: () => !isShut });
  const { peer, clock } = await modem(one);
  const there = peer();
  await there.ask(connectionRequest);
  there.here.send(fromHex(associateRequest));
  clock.advance(1);
  await settled();
  assert.match(there.heard(), /^0300008f02f0800e86/);
  for (const [silence, speech] of [
    [() => (isShut = true), () => (isShut = false)],
    [() => (one.host.isOn = false), () => (one.host.isOn = true)],
  ] as const) {
    silence();
    assert.equal(await there.ask(identify), "");
    const late = peer();
    assert.equal(await late.ask(connectionRequest), "");
    speech();
    assert.match(await there.ask(identify), new RegExp(identity));
    assert.equal(await late.ask(connectionRequest), connectionConfirm);
  }
  assert.equal(there.closed, false);
});

test("who says nothing, or no more than half, is let go after 30 s each", async () => {
  const { peer, clock } = await modem(meter("one", [{ mms: "tcp" }]));
  const [mute, half] = [peer(), peer()];
  await half.ask(connectionRequest);
  clock.advance(29_999);
  assert.deepEqual([mute.closed, half.closed], [false, false]);
  clock.advance(1001);
  assert.deepEqual([mute.closed, half.closed], [true, true]);
});

test("a client that takes nothing of what it asks for is let go, and others are answered meanwhile", async () => {
  const { clock, listener, peer } = await modem(meter("one", [{ mms: "tcp" }]));
  const [deaf, polite] = [peer(), peer()];
  for (const one of [deaf, polite]) {
    await one.ask(connectionRequest);
    one.here.send(fromHex(associateRequest));
    clock.advance(1);
    await settled();
    one.heard();
  }
  deaf.here.pause();
  deaf.here.send(fromHex(identify.repeat(5000)));
  for (let k = 0; k < 100; k++) clock.advance(10);
  // Nothing more is read from it while so much waits: a slice of 256 octets has nine questions.
  assert.match(await polite.ask(identify), new RegExp(identity));
  clock.advance(limits.peers.unreadMs);
  assert.ok(deaf.closed);
  assert.equal(polite.closed, false);
  assert.equal(listener.counts["unread"], 1);
});

test("what is no MMS is told of, and ends its link alone", async () => {
  const told: string[] = [];
  const tell = (what: string) => (): void => void told.push(what);
  const one = meter("one", [{ mms: "tcp" }], {
    traffic: () => ({
      opened: tell("opened"),
      failed: tell("failed"),
      connected: tell("connected"),
      left: tell("left"),
      heard() {},
      misunderstood: tell("misunderstood"),
    }),
  });
  const { peer, clock } = await modem(one);
  const [polite, rude] = [peer(), peer()];
  assert.equal(await rude.ask("474554202f"), "");
  clock.advance(1000);
  assert.ok(rude.closed);
  assert.deepEqual(told, ["connected", "connected", "misunderstood", "left"]);
  assert.equal(await polite.ask(connectionRequest), connectionConfirm);
});

test("faults on purpose strike what a server sends", async () => {
  const { peer } = await modem(meter("one", [{ mms: "tcp", faults: [{ drop: true, times: 1 }] }]));
  assert.equal(await peer().ask(connectionRequest), "");
  assert.equal(await peer().ask(connectionRequest), connectionConfirm);
});

test("there is room for as many clients as the meter says, and half an association takes none of it", async (t) => {
  const one = meter("one", [{ mms: "tcp", port: 0 }], { room: (protocol) => (protocol === "mms" ? 2 : undefined) });
  const [tcp] = await open(t, [one]);
  const [half, first, second] = [
    await socket(t, portOf(tcp!)),
    await socket(t, portOf(tcp!)),
    await socket(t, portOf(tcp!)),
  ];
  for (const ask of [half, first, second]) assert.equal(await ask(connectionRequest), connectionConfirm);
  for (const ask of [first, second]) assert.match(await ask(associateRequest), /^0300008f/);
  // Whoever waits now waits in vain.
  assert.equal(await half(associateRequest), "");
  const late = await socket(t, portOf(tcp!));
  assert.equal(await late(connectionRequest), "");
  for (const ask of [first, second]) assert.match(await ask(identify), new RegExp(identity));
  assert.equal(one.host.left, one.host.admitted.length - 2);
});
