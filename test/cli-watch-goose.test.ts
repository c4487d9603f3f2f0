/** `polyphase watch goose+udp://`: states of publishers, over UDP on this machine. */
import assert from "node:assert/strict";
import { createSocket } from "node:dgram";
import { test } from "node:test";
import { gooseUrl, watchGoose, type WatchedGoose } from "#headend/goose-watch.ts";
import { SystemClock } from "#clock/system-clock.ts";
import { SessionWriter } from "#protocol/iec61850/goose/session-security.ts";
import { publishing } from "./goose-rig.ts";
import { run } from "./cli-run.ts";
import { freePort } from "./running-site.ts";

test("each state of a publisher is told, and its repetitions are not; others than those that are named are not either", async (t) => {
  const port = await freePort();
  const ended = new AbortController();
  const told: WatchedGoose[] = [];
  const watching = watchGoose(`goose+udp://127.0.0.1:${port}`, ["MTR/LLN0.gcbDI"], {
    told: (one) => told.push(one),
    clock: new SystemClock(),
    signal: ended.signal,
  });
  const socket = createSocket("udp4");
  t.after(() => socket.close());
  const m = publishing();
  const stranger = publishing({ reference: "MTR/LLN0$GO$gcbDO" });
  for (const one of [m, stranger]) one.publisher.look();
  m.clock.advance(20);
  m.set({ 0: true });
  const sessions = new SessionWriter(undefined, 7);
  for (let turn = 0; turn < 500 && told.length < 2; turn++) {
    for (const { octets } of [...stranger.sent, ...m.sent])
      socket.send(sessions.write({ simulated: false, appId: 7, pdu: octets }), port, "127.0.0.1");
    await new Promise((done) => setTimeout(done, 10));
  }
  ended.abort();
  await watching;
  assert.deepEqual(
    told.map(({ controlBlock, appId, state, values }) => [
      controlBlock,
      appId,
      state.status,
      state.head?.stNum,
      values.length,
    ]),
    [
      ["MTR/LLN0$GO$gcbDI", 7, "good", 1, 5],
      ["MTR/LLN0$GO$gcbDI", 7, "good", 2, 5],
    ],
  );
  assert.deepEqual([told[0]?.values[0], told[1]?.values[0]], ["false", "true"]);
});

test("what is wrong with where GOOSE is to be heard is said", async () => {
  assert.deepEqual(gooseUrl("goose://eth0"), { interface: "eth0" });
  assert.throws(() => gooseUrl("goose://"), /expected goose:\/\/INTERFACE/);
  assert.throws(() => gooseUrl("goose+udp://127.0.0.1?grup=1"), /grup: expected group, key/);
  assert.throws(
    () => gooseUrl("goose+udp://127.0.0.1?encryption=rot13"),
    /encryption: expected one of none, aes-128-gcm/,
  );
  const { status, err } = await run("watch", "goose://no-such-0");
  assert.equal(status, 1);
  assert.match(err, /interface no-such-0|koffi|Linux/);
});
