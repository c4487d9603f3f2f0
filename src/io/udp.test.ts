/** Questions over UDP that nobody answers, or that cannot be asked: each is a rejection, and nothing else. */
import assert from "node:assert/strict";
import { createSocket } from "node:dgram";
import { test } from "node:test";
import { SystemClock } from "#clock/system-clock.ts";
import { askUdp } from "./udp.ts";

const clock = new SystemClock();
const question = Uint8Array.of(1, 2, 3);

test("a name that nobody knows, a port that is closed and one that there is not, no time at all", async () => {
  for (const [host, port, timeoutMs] of [
    ["no-such-host.invalid", 123, 5000],
    ["no-such-host.invalid", 123, 0],
    ["127.0.0.1", 9, 500],
    ["127.0.0.1", 9, 0],
    ["127.0.0.1", 70_000, 500],
  ] as const) {
    await assert.rejects(askUdp({ host, port }, question, { clock, timeoutMs }), Error, `${host}:${port}`);
  }
  // What comes after a rejection would end the process here.
  await new Promise((later) => setTimeout(later, 100));
});

test("the answer is the peer's own, not a stranger's", async () => {
  const [peer, stranger] = [createSocket("udp4"), createSocket("udp4")];
  await new Promise<void>((bound) => peer.bind(0, "127.0.0.1", bound));
  peer.on("message", (bytes, from) => {
    stranger.send("stranger", from.port, from.address, () => peer.send(bytes.toReversed(), from.port, from.address));
  });
  const answer = await askUdp({ host: "127.0.0.1", port: peer.address().port }, question, { clock, timeoutMs: 2000 });
  assert.deepEqual([...answer], [3, 2, 1]);
  peer.close();
  stranger.close();
});
