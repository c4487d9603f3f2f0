/** Who comes in, who waits and who goes, at one listener and at several that share their room. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { limits } from "#quantity/limits.ts";
import { Entrance } from "./entrance.ts";
import { noPeers } from "./peer-counts.ts";
import { PeerRoom } from "./peer-room.ts";

/** An entrance; `come` is somebody with a name, who is in `gone` when his connection has been ended. */
function entrance(...rooms: PeerRoom[]) {
  const counts = noPeers();
  const gone: string[] = [];
  const one = new Entrance(rooms, counts);
  const come = (name: string, ip = "192.0.2.1") => one.knock(ip, () => void gone.push(name));
  /** Somebody who has been answered; false where he was refused. */
  const speak = (name: string, ip?: string): boolean => {
    const guest = come(name, ip);
    return guest !== undefined && guest.begun() && guest.answered();
  };
  return { counts, gone, come, speak };
}

test("nobody who has been answered goes for others: one more is refused, until somebody leaves", () => {
  const e = entrance(new PeerRoom(2));
  const first = e.come("first")!;
  assert.ok(first.begun());
  assert.ok(first.answered());
  assert.ok(e.speak("second"));
  assert.equal(e.come("third"), undefined);
  assert.equal(e.gone.length, 0);
  first.left();
  first.left();
  assert.ok(e.speak("fourth"));
  assert.equal(e.come("fifth"), undefined, "who leaves twice leaves one place");
  assert.deepEqual(e.counts, { taken: 3, refused: 2, putOut: 0, handshakesFailed: 0, unread: 0 });
});

test("those who only connect take nobody's place; when the last one is taken they go, whatever they have begun", () => {
  const e = entrance(new PeerRoom(2));
  const [silent, begun] = [e.come("silent")!, e.come("begun")!];
  assert.ok(begun.begun());
  assert.ok(e.speak("first"));
  assert.equal(e.gone.length, 0, "there is a place yet");
  assert.ok(e.speak("second"));
  assert.deepEqual(e.gone, ["silent", "begun"]);
  assert.deepEqual([silent.begun(), begun.answered()], [false, false]);
  assert.deepEqual([e.counts.putOut, e.counts.refused], [2, 0]);
});

test("peers near wait apart: however many come from however many addresses elsewhere, none of them goes for those", () => {
  const e = entrance(new PeerRoom(2));
  const near = e.come("near", "127.0.0.1")!;
  for (let k = 0; k < 2 * limits.peers.waiting; k++) e.come(`far ${k}`, `198.51.${k >> 8}.${k & 255}`)!.begun();
  assert.equal(e.gone.length, limits.peers.waiting);
  assert.ok(!e.gone.includes("near"));
  assert.ok(near.begun() && near.answered());
});

test("who waits at one listener is refused when the room that it shares has been filled at another", () => {
  const shared = new PeerRoom(2);
  const [one, other] = [entrance(shared), entrance(shared)];
  const [silent, begun] = [one.come("silent")!, one.come("begun")!];
  assert.ok(begun.begun());
  assert.ok(other.speak("first") && other.speak("second"));
  assert.deepEqual([silent.begun(), begun.answered()], [false, false]);
  assert.deepEqual([one.gone, one.counts.refused], [["silent", "begun"], 2]);
});

test("when all who wait are too many, one goes for each that comes: of the fullest address, the silent ones first, by age", () => {
  const e = entrance(new PeerRoom(9));
  e.come("lonely", "192.0.2.2")?.begun();
  const begun = e.come("begun");
  begun?.begun();
  for (let k = 2; k < limits.peers.waiting; k++) e.come(`idle ${k}`);
  assert.equal(e.gone.length, 0);
  e.come("proper", "192.0.2.3");
  e.come("another");
  assert.deepEqual(e.gone, ["idle 2", "idle 3"]);
  for (let k = 0; k < 2 * limits.peers.waiting; k++) e.come(`more ${k}`)?.begun();
  assert.ok(e.gone.includes("begun"), "who has begun goes when no silent one is left");
  assert.ok(e.gone.indexOf("begun") > e.gone.indexOf(`idle ${limits.peers.waiting - 1}`));
  assert.ok(!e.gone.includes("lonely") && !e.gone.includes("proper"));
  assert.equal(e.gone.length, 2 * limits.peers.waiting + 2);
  assert.equal(e.counts.putOut, e.gone.length);
});

test("who is answered while a thousand wait keeps his place, however many come", () => {
  const e = entrance(new PeerRoom(2));
  for (let k = 0; k < limits.peers.waiting; k++) e.come(`idle ${k}`);
  assert.ok(e.speak("proper"));
  for (let k = 0; k < 5000; k++) e.come(`more ${k}`);
  assert.ok(!e.gone.includes("proper"));
  assert.ok(e.speak("second"));
  assert.equal(e.come("third"), undefined);
});

test("in a room of 96 an address takes 31 of 32 places that others leave: 93, and of the three left two more", () => {
  const e = entrance(new PeerRoom(96));
  const many = (ip: string): number => {
    let inside = 0;
    while (e.speak(ip, ip)) inside++;
    return inside;
  };
  assert.deepEqual(["192.0.2.1", "192.0.2.2", "192.0.2.3"].map(many), [93, 2, 0]);
  assert.equal(e.gone.length, 0);
});

test("a small room, such as those of manuals, may be one master's", () => {
  const e = entrance(new PeerRoom(12));
  for (let k = 0; k < 12; k++) assert.ok(e.speak(`${k}`));
  assert.ok(!e.speak("one more"));
});

test("two listeners that share a room for two have two together, each with its own waiting room", () => {
  const shared = new PeerRoom(2);
  const [one, other] = [entrance(new PeerRoom(9), shared), entrance(new PeerRoom(9), shared)];
  const first = one.come("first")!;
  assert.ok(first.begun() && first.answered());
  assert.ok(other.speak("second"));
  assert.ok(!one.speak("third") && !other.speak("third"));
  first.left();
  assert.ok(other.speak("fourth"));
});

test("a peer that has no place in one of its rooms takes none in the others", () => {
  const [own, shared] = [new PeerRoom(3), new PeerRoom(1)];
  const e = entrance(own, shared);
  assert.ok(e.speak("first"));
  assert.ok(!e.speak("second"));
  assert.deepEqual([own.taken, shared.taken], [1, 1]);
});
