/** Bursts of peers in turns, and peers that do not read, on null modems and the virtual clock. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { VirtualClock } from "#clock/virtual-clock.ts";
import { limits } from "#quantity/limits.ts";
import { FaultPlan, FaultyLink, type FaultRule, type LinkFault } from "./faulty-link.ts";
import { nullModem } from "./null-modem.ts";
import { noPeers } from "./peer-counts.ts";
import { PeerLink } from "./peer-link.ts";
import { Turns } from "./turns.ts";

const { peers } = limits;

/** Peers of a listener that answers `per` bytes to each byte; `served` says whose bytes it was handed, piece by piece. */
function listener(per = 0, lasting = false, whole = false, paced = false) {
  const clock = new VirtualClock();
  const turns = new Turns(clock);
  const counts = noPeers();
  const served: { readonly who: string; readonly bytes: number }[] = [];
  const plan = new FaultPlan<FaultRule>();
  const come = (who: string) => {
    const [here, there] = nullModem();
    const peer = new PeerLink(there, { turns, clock, counts, lasting, whole, paced });
    const link = new FaultyLink(peer, plan, clock, () => peer.dismiss());
    peer.heed(link);
    let heard = "";
    link.receive((bytes) => {
      served.push({ who, bytes: bytes.length });
      heard += Buffer.from(bytes).toString("latin1");
      if (per > 0) link.send(new Uint8Array(per * bytes.length));
    });
    let came = 0;
    here.receive((bytes) => (came += bytes.length));
    return {
      here,
      link,
      say: (bytes: number | string) => here.send(Buffer.from(typeof bytes === "string" ? bytes : "x".repeat(bytes))),
      get heard() {
        return heard;
      },
      /** Bytes of answers that it has read. */
      get came() {
        return came;
      },
    };
  };
  return {
    clock,
    turns,
    counts,
    plan,
    come,
    /** Whose turns there were since the last look. */
    look: () => served.splice(0),
  };
}

test("who asks one thing is served at once, whatever bursts wait", () => {
  const l = listener();
  const [burst, polite] = [l.come("burst"), l.come("polite")];
  burst.say(65_536);
  assert.deepEqual(l.look(), [], "a burst waits for its turn");
  polite.say(12);
  assert.deepEqual(l.look(), [{ who: "polite", bytes: 12 }]);
});

test("bursts are worked off in slices, in turns, each in its order, and what comes meanwhile waits behind them", () => {
  const l = listener();
  const [a, b] = [l.come("a"), l.come("b")];
  a.say("a".repeat(3 * peers.slice) + "!");
  a.say("later");
  b.say(peers.slice + 5);
  l.clock.advance(0);
  assert.deepEqual(
    l.look().map(({ who, bytes }) => `${who} ${bytes}`),
    [`a ${peers.slice}`, `b ${peers.slice}`, `a ${peers.slice}`, "b 5", `a ${peers.slice}`, "a 1", "a 5"],
  );
  assert.equal(a.heard, `${"a".repeat(3 * peers.slice)}!later`);
  assert.deepEqual([l.turns.lengths, l.turns.held], [{ queue: 0, blocked: 0 }, 0]);
});

test("a turn of the event loop takes so much time of bursts; who has had no slice then is first the next time", () => {
  const l = listener();
  const all = Array.from({ length: 10 }, (_, k) => l.come(`${k}`));
  // Each slice takes a millisecond; a turn is over after two. One that is due at once waits for the next turn.
  const due: (() => void)[] = [];
  let elapsed = 0;
  const slow = {
    utc: () => 0,
    elapsed: () => elapsed,
    after: (_ms: number, run: () => void) => (due.push(run), () => {}),
  };
  const turns = new Turns(slow);
  const ran: number[] = [];
  all.forEach((_, k) => {
    let left = 3;
    turns.enter({
      held: 1,
      isBlocked: false,
      dismiss: () => assert.fail("it is little"),
      slice() {
        elapsed += peers.turnMs / 2;
        ran.push(k);
        return --left > 0 ? "more" : "done";
      },
    });
  });
  for (let turn = 0; due.length > 0; turn++) {
    assert.equal(due.length, 1, "one turn at a time");
    assert.equal(ran.length, 2 * turn);
    due.shift()!();
  }
  assert.deepEqual(
    ran,
    [0, 1, 2].flatMap(() => all.map((_, k) => k)),
  );
});

test("while answers wait for a peer no more is made for it, and it goes on when they have been read", () => {
  const l = listener(20);
  const one = l.come("one");
  one.here.pause();
  one.say(65_536);
  for (let k = 0; k < 1000; k++) l.clock.advance(peers.lookMs / 10);
  const made = l.look().length;
  // So many slices until more than 32,768 bytes wait: 20 bytes of answer to each byte.
  assert.equal(made, Math.floor(peers.answers / (20 * peers.slice)) + 1);
  assert.deepEqual(l.turns.lengths, { queue: 0, blocked: 1 });
  one.say(12);
  assert.equal(l.look().length, 0, "nor for what comes alone");
  one.here.resume();
  for (let k = 0; k < 1000; k++) l.clock.advance(peers.lookMs);
  assert.equal(one.heard.length, 65_536 + 12);
  assert.equal(one.came, 20 * (65_536 + 12));
  assert.deepEqual([l.turns.held, l.counts.unread], [0, 0]);
});

test("a peer that takes nothing of what waits for it is gone after a minute, and counted; one that takes a little is not", () => {
  const l = listener(20);
  const [never, slow, quick] = [l.come("never"), l.come("slow"), l.come("quick")];
  for (const one of [never, slow]) one.here.pause();
  for (const one of [never, slow, quick]) one.say(12);
  l.clock.advance(peers.unreadMs - 1);
  slow.here.resume();
  slow.here.pause();
  slow.say(12);
  l.clock.advance(1);
  assert.deepEqual([never.here.open, slow.here.open, quick.here.open], [false, true, true]);
  assert.equal(l.counts.unread, 1);
  l.clock.advance(2 * peers.unreadMs);
  assert.deepEqual([slow.here.open, quick.here.open, l.counts.unread], [false, true, 2]);
});

test("answers that a fault holds back count as waiting: a peer that asks on is not read from, and nothing is lost", () => {
  const l = listener(20);
  const rule: FaultRule<LinkFault> = { fault: { kind: "delay", ms: 90_000 } };
  l.plan.set([rule]);
  const one = l.come("one");
  one.say(20_000);
  l.clock.advance(peers.unreadMs + 1);
  const { waiting } = one.link;
  // The answer to a slice is one message.
  assert.ok(waiting > peers.answers && waiting <= peers.answers + 20 * peers.slice + peers.faultyMessage);
  assert.ok(one.here.open, "it is not the peer that does not read");
  l.clock.advance(100 * 90_000);
  assert.equal(one.came, 20 * 20_000);
  assert.equal(l.counts.unread, 0);
});

test("who asks one thing after the other and reads none is not read from either", () => {
  const l = listener(20);
  const one = l.come("one");
  one.here.pause();
  for (let k = 0; k < 1000; k++) {
    one.say(12);
    l.clock.advance(1);
  }
  // 240 bytes of answer to each.
  assert.equal(l.look().length, Math.floor(peers.answers / 240) + 1);
  one.here.resume();
  l.clock.advance(1000);
  assert.equal(one.came, 1000 * 240);
});

test("when too much is kept the one goes for whom most is kept whose peer takes nothing, before one whose turn has not come", () => {
  const clock = new VirtualClock();
  const turns = new Turns(clock);
  const dropped: string[] = [];
  const enter = (name: string, held: number, isBlocked: boolean): void =>
    turns.enter({
      held,
      isBlocked,
      slice: () => (isBlocked ? "blocked" : "more"),
      dismiss: () => void dropped.push(name),
    });
  enter("little", 1 << 20, true);
  enter("more", 2 << 20, true);
  clock.advance(0);
  assert.deepEqual(turns.lengths, { queue: 0, blocked: 2 });
  turns.enter({ held: 29 << 20, isBlocked: false, slice: () => "done", dismiss: () => void dropped.push("burst") });
  assert.equal(dropped.length, 0, "32 MiB are allowed");
  turns.enter({ held: 2 << 20, isBlocked: false, slice: () => "done", dismiss: () => void dropped.push("burst") });
  assert.deepEqual(dropped, ["more"]);
  turns.enter({ held: 2 << 20, isBlocked: false, slice: () => "done", dismiss: () => void dropped.push("late") });
  assert.deepEqual(dropped, ["more", "little", "burst"]);
  assert.equal(turns.held, 4 << 20);
});

test("512 peers that burst and never read make this process keep 32 MiB, no more; who reads goes on", () => {
  const l = listener(20);
  const polite = l.come("polite");
  const all = Array.from({ length: 512 }, (_, k) => l.come(`${k}`));
  let most = 0;
  for (const one of all) {
    one.here.pause();
    one.say(65_536);
    l.clock.advance(1);
    most = Math.max(most, l.turns.held);
  }
  l.clock.advance(peers.lookMs);
  assert.ok(most <= peers.held, String(most));
  const open = all.filter(({ here }) => here.open).length;
  // Each of them holds 32 kB and a slice's answers, 60 kB of its burst, and 64 kB are read ahead: 160 kB.
  assert.ok(open > 190 && open < 220, String(open));
  assert.equal(l.counts.unread, 512 - open);
  polite.say(12);
  assert.equal(polite.came, 240);
});

test("a protocol that sends unasked does not fill the memory either: at 1 MiB the peer is dropped, on a line the message", () => {
  const l = listener();
  const one = l.come("one");
  one.here.pause();
  let sent = 0;
  for (; one.here.open && sent < 10_000; sent++) one.link.send(new Uint8Array(1024));
  assert.equal(sent, peers.unread / 1024 + 1);
  assert.equal(l.counts.unread, 1);
  const line = listener(0, true);
  const device = line.come("device");
  device.here.pause();
  for (let k = 0; k < peers.unread / 1024 + 7; k++) device.link.send(new Uint8Array(1024));
  line.clock.advance(2 * peers.unreadMs);
  assert.ok(device.here.open);
  assert.equal(line.counts.unread, 7);
  device.here.resume();
  assert.equal(device.came, peers.unread);
});

test("a peer that ends in the middle of its burst leaves nothing behind", () => {
  const l = listener(20);
  const [a, b] = [l.come("a"), l.come("b")];
  a.here.pause();
  a.say(65_536);
  l.clock.advance(0);
  assert.equal(l.turns.lengths.blocked, 1);
  a.here.close();
  b.say(65_536);
  b.here.close();
  assert.deepEqual([l.turns.lengths, l.turns.held], [{ queue: 0, blocked: 0 }, 0]);
  l.look();
  l.clock.advance(3_600_000);
  assert.deepEqual([l.look(), l.counts.unread], [[], 0]);
});

test("2,000 random stories: every byte of every peer is handed on once, in order, whoever pauses and whenever", () => {
  const step = fc.record({
    who: fc.nat(2),
    what: fc.constantFrom("say", "say", "pause", "resume", "wait"),
    much: fc.nat(2000),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const l = listener(20);
      const all = ["a", "b", "c"].map((name) => ({ said: "", peer: l.come(name) }));
      let next = 0;
      for (const { who, what, much } of steps) {
        const one = all[who]!;
        if (what === "pause") one.peer.here.pause();
        else if (what === "resume") one.peer.here.resume();
        else if (what === "wait") l.clock.advance(much / 100);
        else {
          const text = Array.from({ length: much }, () => String.fromCharCode(33 + (next++ % 90))).join("");
          one.said += text;
          one.peer.say(text);
        }
        assert.ok(l.turns.held <= peers.held);
      }
      for (const { peer } of all) peer.here.resume();
      l.clock.advance(10_000);
      for (const { peer, said } of all) {
        assert.equal(peer.heard, said);
        assert.equal(peer.came, 20 * said.length);
      }
      assert.equal(l.turns.held, 0);
    }),
    { numRuns: 2000, seed: 2026 },
  );
});

test("a datagram is handed on in its turn and whole, however long it is; who has sent one more is not let go for the one before", () => {
  const l = listener(0, false, true);
  const [a, b] = [l.come("a"), l.come("b")];
  a.say(5 * peers.slice);
  b.say(3 * peers.slice);
  assert.deepEqual(l.look(), []);
  a.link.close();
  l.clock.advance(0);
  assert.deepEqual(l.look(), [
    { who: "a", bytes: 5 * peers.slice },
    { who: "b", bytes: 3 * peers.slice },
  ]);
  assert.ok(a.here.open);
  a.link.close();
  assert.ok(!a.here.open);
});

test("what a port brings in turns of its own is handed on as it comes: nothing of it waits for a turn, however much", () => {
  const l = listener(0, true, true, true);
  const [frames, burst] = [l.come("frames"), l.come("burst")];
  // A second of a stream of sampled values while the machine stood still: more than is read ahead of a peer.
  for (let k = 0; k < 4800; k++) frames.say(140);
  assert.equal(l.look().length, 4800);
  burst.say(1);
  assert.deepEqual(l.look(), [{ who: "burst", bytes: 1 }]);
});
