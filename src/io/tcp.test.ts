/** TCP links on loopback: what no null modem can show. */
import assert from "node:assert/strict";
import net from "node:net";
import { once } from "node:events";
import { test } from "node:test";
import { connectTcp, listenTcp } from "./tcp.ts";

test("the peer that has been idle longest goes when one too many comes", async (t) => {
  const listener = await listenTcp({ host: "127.0.0.1", port: 0, maxConnections: 2 }, (link) =>
    link.receive((bytes) => link.send(bytes.slice())),
  );
  t.after(() => listener.close());
  const open = async (): Promise<net.Socket> => {
    const socket = net.connect(listener.port, "127.0.0.1");
    socket.on("error", () => {});
    t.after(() => socket.destroy());
    await once(socket, "connect");
    return socket;
  };
  const say = async (socket: net.Socket): Promise<void> => {
    socket.write("x");
    await once(socket, "data");
  };
  const first = await open();
  await say(first);
  const second = await open();
  await say(second);
  await say(first);
  const closed = once(second, "close");
  const third = await open();
  await say(third);
  await closed;
  await say(first);
});

test("a peer that resets does not end the listener", async (t) => {
  const listener = await listenTcp({ host: "127.0.0.1", port: 0, maxConnections: 10 }, (link) =>
    link.receive((bytes) => link.send(bytes.slice())),
  );
  t.after(() => listener.close());
  for (let k = 0; k < 20; k++) {
    const socket = net.connect(listener.port, "127.0.0.1");
    socket.on("error", () => {});
    await once(socket, "connect");
    socket.write("x");
    socket.resetAndDestroy();
  }
  const link = await connectTcp("127.0.0.1", listener.port);
  const answer = new Promise<string>((resolve) => link.receive((bytes) => resolve(Buffer.from(bytes).toString())));
  link.send(Buffer.from("alive"));
  assert.equal(await answer, "alive");
  link.close();
});

test("a peer that never reads its answers is dropped before it fills the memory", async (t) => {
  const listener = await listenTcp({ host: "127.0.0.1", port: 0, maxConnections: 10 }, (link) =>
    link.receive(() => link.send(new Uint8Array(1 << 20))),
  );
  t.after(() => listener.close());
  const socket = net.connect(listener.port, "127.0.0.1");
  socket.on("error", () => {});
  socket.pause();
  await once(socket, "connect");
  const closed = new Promise((done) => socket.once("close", done));
  const timer = setInterval(() => socket.write("x"), 5);
  t.after(() => clearInterval(timer));
  await new Promise((done) => setTimeout(done, 500));
  socket.resume();
  await closed;
});

test("a peer that says nothing for long enough is let go, one that talks is not", async (t) => {
  const listener = await listenTcp({ host: "127.0.0.1", port: 0, maxConnections: 10, idleMs: 200 }, (link) =>
    link.receive((bytes) => link.send(bytes.slice())),
  );
  t.after(() => listener.close());
  const [silent, talking] = [net.connect(listener.port, "127.0.0.1"), net.connect(listener.port, "127.0.0.1")];
  t.after(() => talking.destroy());
  const timer = setInterval(() => talking.write("x"), 20);
  t.after(() => clearInterval(timer));
  await once(silent, "close");
  assert.ok(!talking.closed);
});

test("a port that is taken, and one where nothing listens, are named", async (t) => {
  const listener = await listenTcp({ host: "127.0.0.1", port: 0, maxConnections: 1 }, () => {});
  t.after(() => listener.close());
  await assert.rejects(
    listenTcp({ host: "127.0.0.1", port: listener.port, maxConnections: 1 }, () => {}),
    new RegExp(`cannot listen on 127\\.0\\.0\\.1:${listener.port}: another program uses it`),
  );
  await assert.rejects(connectTcp("127.0.0.1", 9), /cannot connect to 127\.0\.0\.1:9: nothing listens there/);
});
