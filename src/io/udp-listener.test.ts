/** Peers over UDP: each is a link, and none of them costs more than it may. */
import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { VirtualClock } from "#clock/virtual-clock.ts";
import { limits } from "#quantity/limits.ts";
import type { Link } from "./link.ts";
import { noPeers } from "./peer-counts.ts";
import { PeerRoom } from "./peer-room.ts";
import { connectUdp, listenUdp, type UdpListenOptions } from "./udp-listener.ts";

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString();

/** Waits until something is so; who waits for ever is ended by the test's own time. */
async function until(is: () => boolean): Promise<void> {
  while (!is()) await new Promise<void>((resolve) => setImmediate(resolve));
}

async function listening(t: TestContext, options: Partial<UdpListenOptions> = {}) {
  const clock = new VirtualClock();
  const counts = noPeers();
  const links: Link[] = [];
  const ended: string[] = [];
  const heard: string[] = [];
  const listener = await listenUdp(
    { host: "127.0.0.1", port: 0, maxPeers: 2, idleMs: 120_000, clock, counts, ...options },
    (link) => {
      links.push(link);
      link.closed(() => ended.push(link.peer));
      link.receive((bytes) => {
        heard.push(text(bytes));
        link.send(Buffer.from(`${text(bytes)}!`));
      });
    },
  );
  t.after(() => listener.close());
  const peer = async () => {
    const link = await connectUdp("127.0.0.1", listener.port);
    t.after(() => link.close());
    const came: string[] = [];
    link.receive((bytes) => came.push(text(bytes)));
    return { link, came, say: (words: string) => link.send(Buffer.from(words)) };
  };
  return { clock, counts, links, ended, heard, listener, peer };
}

test("each peer is a link of its own, a datagram is a piece, and what is sent comes back to who asked", async (t) => {
  const m = await listening(t);
  const [a, b] = [await m.peer(), await m.peer()];
  a.say("one");
  a.say("two");
  b.say("three");
  await until(() => a.came.length === 2 && b.came.length === 1);
  assert.deepEqual([a.came, b.came], [["one!", "two!"], ["three!"]]);
  assert.equal(m.links.length, 2);
  assert.deepEqual([m.counts.taken, m.counts.refused], [2, 0]);
});

test("who comes when all places are taken hears nothing, and has a place when one has been silent for its time", async (t) => {
  const m = await listening(t, { maxPeers: 1 });
  const [a, b] = [await m.peer(), await m.peer()];
  a.say("one");
  await until(() => a.came.length === 1);
  b.say("two");
  await until(() => m.counts.refused === 1);
  assert.deepEqual(m.heard, ["one"]);
  m.clock.advance(119_000);
  a.say("still here");
  await until(() => a.came.length === 2);
  m.clock.advance(119_999);
  assert.deepEqual(m.ended, []);
  m.clock.advance(1);
  assert.equal(m.ended.length, 1);
  b.say("three");
  await until(() => b.came.length === 1);
  assert.deepEqual(b.came, ["three!"]);
});

test("places are shared with other listeners of the port", async (t) => {
  const shared = new PeerRoom(1);
  const m = await listening(t, { rooms: [shared] });
  shared.enter("elsewhere");
  const a = await m.peer();
  a.say("one");
  await until(() => m.counts.refused === 1);
  shared.leave("elsewhere");
  a.say("two");
  await until(() => a.came.length === 1);
  assert.deepEqual(a.came, ["two!"]);
  assert.equal(shared.isFull, true);
  m.links[0]?.close();
  assert.equal(shared.isFull, false);
});

test("what comes for one that is paused waits, up to a bound, and the rest is lost", async (t) => {
  const clock = new VirtualClock();
  let link: Link | undefined;
  const heard: number[] = [];
  const listener = await listenUdp({ host: "127.0.0.1", port: 0, maxPeers: 2, idleMs: 1000, clock }, (one) => {
    link = one;
    one.receive((bytes) => heard.push(bytes.length));
    one.pause();
  });
  t.after(() => listener.close());
  const peer = await connectUdp("127.0.0.1", listener.port);
  t.after(() => peer.close());
  // One at a time, so that the system loses none.
  const size = 8000;
  peer.send(new Uint8Array(size));
  await until(() => link !== undefined);
  for (let k = 1; k < 20; k++) {
    peer.send(new Uint8Array(size));
    await until(() => peer.waiting === 0);
    for (let turn = 0; turn < 20; turn++) await new Promise<void>((resolve) => setImmediate(resolve));
  }
  link?.resume();
  assert.ok(heard.length >= 2 && heard.length <= 1 + Math.floor(limits.peers.readAhead / size), `${heard.length}`);
  assert.ok(heard.every((length) => length === size));
});

test("a port that is taken is said with its address", async (t) => {
  const m = await listening(t);
  const { port } = m.listener;
  await assert.rejects(
    listening(t, { port }),
    new RegExp(`cannot listen on 127.0.0.1:${port}.*another program uses it`),
  );
});
