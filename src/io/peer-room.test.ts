/** Who goes when one peer too many comes, on one listener and on several that share their room. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { PeerRoom } from "./peer-room.ts";
import { connectTcp, listenTcp } from "./tcp.ts";

function guests(room: PeerRoom, gone: string[]) {
  return (name: string) => {
    const guest = { dismiss: () => void gone.push(name) };
    room.enter(guest);
    return guest;
  };
}

test("the one that has been silent longest makes room, whoever came first", () => {
  const gone: string[] = [];
  const room = new PeerRoom(3);
  const come = guests(room, gone);
  const [first] = [come("first"), come("second"), come("third")];
  room.heard(first);
  come("fourth");
  assert.deepEqual(gone, ["second"]);
  come("fifth");
  assert.deepEqual(gone, ["second", "third"]);
});

test("who has left or was sent away takes no place, however late something of his is heard", () => {
  const gone: string[] = [];
  const room = new PeerRoom(1);
  const come = guests(room, gone);
  const first = come("first");
  come("second");
  room.heard(first);
  const third = come("third");
  room.leave(third);
  come("fourth");
  assert.deepEqual(gone, ["first", "second"]);
});

test("two listeners that share room for two peers have two together; the one that was silent longest goes, on whichever it is", async (t) => {
  const shared = new PeerRoom(2);
  const open = async (rooms: readonly PeerRoom[]) => {
    const listener = await listenTcp({ host: "127.0.0.1", port: 0, maxConnections: 9, rooms }, (link) =>
      link.receive((bytes) => link.send(bytes.slice())),
    );
    t.after(() => listener.close());
    return listener.port;
  };
  const [one, other, apart] = [await open([shared]), await open([shared]), await open([])];
  const peer = async (port: number) => {
    const link = await connectTcp("127.0.0.1", port);
    t.after(() => link.close());
    const closed = new Promise<void>((resolve) => link.closed(() => resolve()));
    const echo = (): Promise<void> =>
      new Promise((resolve) => {
        link.receive(() => resolve());
        link.send(Uint8Array.of(1));
      });
    await echo();
    return { closed, echo };
  };
  const alone = await peer(apart);
  const [a, b] = [await peer(one), await peer(other)];
  await a.echo();
  const c = await peer(one);
  await b.closed;
  await Promise.all([a.echo(), c.echo(), alone.echo()]);
});
