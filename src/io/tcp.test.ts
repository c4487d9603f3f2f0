/** TCP links on loopback: what no null modem can show. */
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import net from "node:net";
import { once } from "node:events";
import { test, type TestContext } from "node:test";
import { SystemClock } from "#clock/system-clock.ts";
import { VirtualClock } from "#clock/virtual-clock.ts";
import { limits } from "#quantity/limits.ts";
import type { Ending, Link } from "./link.ts";
import { noPeers } from "./peer-counts.ts";
import { PeerRoom } from "./peer-room.ts";
import { connectTcp, listenTcp, type TcpListenOptions } from "./tcp.ts";

/** Whether the system watches connections at a port of this machine for silence: timer 2 of proc_net_tcp(5). */
function isWatched(port: number): readonly boolean[] {
  const hex = port.toString(16).toUpperCase().padStart(4, "0");
  return readFileSync("/proc/net/tcp", "utf8")
    .split("\n")
    .map((line) => line.trim().split(/\s+/))
    .filter(
      ([, local = "", remote = "", state]) =>
        state === "01" && (local.endsWith(`:${hex}`) || remote.endsWith(`:${hex}`)),
    )
    .map(([, , , , , timer = ""]) => timer.startsWith("02:"));
}

test(
  "either end of a connection is asked whether it is there when it has been silent",
  { skip: existsSync("/proc/net/tcp") ? false : "there is no /proc/net/tcp" },
  async (t) => {
    const e = await echo(t);
    const link = await connectTcp("127.0.0.1", e.port);
    t.after(() => link.close());
    const answered = new Promise((done) => link.receive(done));
    link.send(Uint8Array.of(1));
    await answered;
    // What has been sent is watched by another timer until it is acknowledged.
    while (isWatched(e.port).some((watched) => !watched)) await new Promise((done) => setTimeout(done, 20));
    assert.equal(isWatched(e.port).length, 2);
  },
);

for (const [who, end, expected] of [
  ["the peer that says so", (peer: net.Socket) => void peer.end(), "peer"],
  ["a reset of the peer", (peer: net.Socket) => void peer.resetAndDestroy(), "reset"],
  ["this end", (_: net.Socket, link: Link) => link.close(), "here"],
] as const) {
  test(`a connection is ended by ${who}, and both know by whom`, async (t) => {
    const came = Promise.withResolvers<Link>();
    const ended = Promise.withResolvers<Ending | undefined>();
    const listener = await listenTcp(
      { host: "127.0.0.1", port: 0, maxConnections: 10, clock: new SystemClock() },
      (link) => {
        link.closed((_, ending) => ended.resolve(ending));
        link.receive(() => came.resolve(link));
      },
    );
    t.after(() => listener.close());
    const peer = net.connect(listener.port, "127.0.0.1");
    t.after(() => peer.destroy());
    peer.on("error", () => {});
    peer.write("x");
    end(peer, await came.promise);
    assert.equal(await ended.promise, expected);
  });
}

/** A listener that echoes. */
async function echo(t: TestContext, more: Partial<TcpListenOptions> = {}) {
  const counts = noPeers();
  const clock = new SystemClock();
  let accepted = 0;
  const options = { host: "127.0.0.1", port: 0, maxConnections: 10, clock, counts, ...more };
  const listener = await listenTcp(options, (link) => {
    accepted++;
    link.receive((bytes) => link.send(bytes.slice()));
  });
  t.after(() => listener.close());
  const connect = async (): Promise<net.Socket> => {
    const socket = net.connect(listener.port, "127.0.0.1");
    socket.on("error", () => {});
    t.after(() => socket.destroy());
    await once(socket, "connect");
    return socket;
  };
  return {
    port: listener.port,
    close: () => listener.close(),
    counts,
    connect,
    get accepted() {
      return accepted;
    },
    /** Whether a peer is answered; false where it is closed instead. */
    async answers(socket: net.Socket): Promise<boolean> {
      if (socket.closed) return false;
      const answer = Promise.race([once(socket, "data").then(() => true), once(socket, "close").then(() => false)]);
      socket.write("x");
      return await answer;
    },
  };
}

test("peers that have been answered keep their places; one more is closed at once", async (t) => {
  const e = await echo(t, { maxConnections: 2 });
  const [first, second] = [await e.connect(), await e.connect()];
  assert.ok(await e.answers(first));
  assert.ok(await e.answers(second));
  const third = await e.connect();
  third.resume();
  await once(third, "close");
  assert.ok(await e.answers(first));
  assert.deepEqual([e.counts.taken, e.counts.refused], [2, 1]);
  first.destroy();
  // The place is free when its close has come.
  for (;;) if (await e.answers(await e.connect())) break;
});

test("a peer is let in among 3,000 that connect and say nothing; they are nothing but sockets", async (t) => {
  const e = await echo(t, { maxConnections: 3 });
  const proper = await e.connect();
  assert.ok(await e.answers(proper));
  for (let k = 0; k < 3000; k++) await e.connect();
  assert.equal(e.accepted, 1);
  const other = await e.connect();
  assert.ok(await e.answers(other));
  assert.ok(await e.answers(proper));
  assert.equal(e.counts.putOut, 3001 - limits.peers.waiting);
  assert.equal(e.accepted, 2);
});

test("two listeners that share room for two peers have two together", async (t) => {
  const rooms = [new PeerRoom(2)];
  const [one, other, apart] = [await echo(t, { rooms }), await echo(t, { rooms }), await echo(t)];
  const [a, b] = [await one.connect(), await other.connect()];
  assert.ok(await one.answers(a));
  assert.ok(await other.answers(b));
  assert.ok(!(await one.answers(await one.connect())));
  assert.ok(await apart.answers(await apart.connect()));
  assert.ok(await one.answers(a));
});

test("a peer that resets, before it has said anything or after, does not end the listener", async (t) => {
  const e = await echo(t);
  for (let k = 0; k < 20; k++) {
    const socket = await e.connect();
    if (k % 2 === 0) socket.write("x");
    socket.resetAndDestroy();
  }
  (await e.connect()).end();
  const link = await connectTcp("127.0.0.1", e.port);
  const answer = new Promise<string>((resolve) => link.receive((bytes) => resolve(Buffer.from(bytes).toString())));
  link.send(Buffer.from("alive"));
  assert.equal(await answer, "alive");
  link.close();
});

test("what a peer does not read waits, and what it sends meanwhile waits at its own end", async (t) => {
  const [paused, gone] = [Promise.withResolvers<number>(), Promise.withResolvers<void>()];
  let heard = 0;
  const options = { host: "127.0.0.1", port: 0, maxConnections: 1, clock: new SystemClock() };
  const listener = await listenTcp(options, (link) => {
    link.closed(() => gone.resolve());
    link.receive((bytes) => {
      heard += bytes.length;
      // The system's own buffers are full when something is left.
      while (link.waiting === 0) link.send(new Uint8Array(1 << 20));
      link.pause();
      paused.resolve(link.waiting);
    });
  });
  t.after(() => listener.close());
  const socket = net.connect(listener.port, "127.0.0.1");
  t.after(() => socket.destroy());
  socket.on("error", () => {});
  await once(socket, "connect");
  socket.pause();
  socket.write(Buffer.alloc(32 << 20), (ended) => assert.ok(ended, "it was read"));
  assert.ok((await paused.promise) > 0);
  for (let turn = 0; turn < 1000; turn++) await new Promise((later) => setImmediate(later));
  assert.ok(heard <= limits.peers.readAhead, String(heard));
  socket.destroy();
  await gone.promise;
});

test("a peer that says nothing for long enough is let go, before its first word and after; one that talks is not", async (t) => {
  const e = await echo(t, { idleMs: 200 });
  const [silent, once1, talking] = [await e.connect(), await e.connect(), await e.connect()];
  await e.answers(once1);
  const timer = setInterval(() => talking.write("x"), 20);
  t.after(() => clearInterval(timer));
  talking.resume();
  once1.resume();
  silent.resume();
  await Promise.all([once(silent, "close"), once(once1, "close")]);
  assert.ok(!talking.closed);
});

test("a TLS handshake has 10 seconds from connecting, begun or not, and is counted when it fails", async (t) => {
  const clock = new VirtualClock();
  const told: string[] = [];
  const refused = (peer: string, why: string): void => void told.push(`${peer.replace(/:\d+$/, "")}: ${why}`);
  const e = await echo(t, { clock, refused, tls: { certificate: "", key: "", authority: "" } });
  const [silent, begun, wrong] = [await e.connect(), await e.connect(), await e.connect()];
  // RFC 8446, 5.1 and 4: a record of a handshake, version 3.1, of 512 bytes, a ClientHello; then nothing more.
  begun.write(Buffer.from("1603010200" + "010001fc", "hex"));
  wrong.write("GET / HTTP/1.1\r\n\r\n");
  wrong.resume();
  await once(wrong, "close");
  assert.equal(e.counts.handshakesFailed, 1);
  assert.deepEqual(told, ["127.0.0.1: what it says is not TLS"]);
  for (const one of [silent, begun]) one.resume();
  clock.advance(9999);
  const gone = [silent, begun].map((one) => once(one, "close"));
  assert.ok(!silent.destroyed && !begun.destroyed);
  clock.advance(1);
  await Promise.all(gone);
  // The listener's own end may close after the peer's.
  while (e.counts.handshakesFailed < 3) await new Promise((later) => setImmediate(later));
  assert.equal(e.accepted, 0);
  // Whom the listener sends away has not failed.
  const last = await e.connect();
  last.resume();
  while (e.counts.taken < 4) await new Promise((later) => setImmediate(later));
  await e.close();
  if (!last.closed) await once(last, "close");
  for (let turn = 0; turn < 10; turn++) await new Promise((later) => setImmediate(later));
  assert.equal(e.counts.handshakesFailed, 3);
});

test("a port that is taken, and one where nothing listens, are named", async (t) => {
  const e = await echo(t);
  const options = { host: "127.0.0.1", port: e.port, maxConnections: 1, clock: new SystemClock() };
  await assert.rejects(
    listenTcp(options, () => {}),
    new RegExp(`cannot listen on 127\\.0\\.0\\.1:${e.port}: another program uses it`),
  );
  await assert.rejects(connectTcp("127.0.0.1", 9), /cannot connect to 127\.0\.0\.1:9: nothing listens there/);
});

test("who listens and speaks first has a link before its peer has said a word, with the address of its own end", async (t) => {
  const clock = new SystemClock();
  const options = { host: "0.0.0.0", port: 0, maxConnections: 1, greets: true, clock };
  const listener = await listenTcp(options, (link) => link.send(Buffer.from(link.local ?? "none")));
  t.after(() => listener.close());
  const socket = net.connect({ port: listener.port, host: "127.0.0.3" });
  t.after(() => socket.destroy());
  const [bytes] = (await once(socket, "data")) as [Buffer];
  assert.equal(bytes.toString(), "127.0.0.3");
});
