/** The page's stream of readings: it notices that nothing comes, and comes back by itself, once. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { LiveView } from "#quantity/meter-api.ts";
import { Feed, type Stream, type StreamEvent } from "#web/page/feed.ts";
import { freshnessOf } from "#web/page/freshness.ts";

/** A feed whose streams and time are the test's. */
function rig() {
  const streams: {
    after: string | undefined;
    say: (type: string, data?: string, id?: string) => void;
    closed: boolean;
  }[] = [];
  const told: string[] = [];
  let now = 0;
  let seen = true;
  const open = (after: string | undefined): Stream => {
    const listeners = new Map<string, (event: StreamEvent) => void>();
    const one = {
      after,
      closed: false,
      say: (type: string, data?: string, lastEventId = "") =>
        listeners.get(type)?.(data === undefined ? { lastEventId } : { data, lastEventId }),
    };
    streams.push(one);
    return {
      addEventListener: (type, run) => void listeners.set(type, run),
      close: () => void (one.closed = true),
    };
  };
  const feed = new Feed({
    open,
    now: () => now,
    isSeen: () => seen,
    read: (data, follows) => told.push(`${data} ${follows ? "follows" : "alone"}`),
    missed: (data) => told.push(`missed ${data}`),
    beat: () => told.push("beat"),
    lost: () => told.push("lost"),
  });
  return {
    feed,
    streams,
    told,
    /** Lets time pass, looking twice a second as the page does. */
    pass(ms: number): void {
      for (const end = now + ms; now < end;) {
        now += 500;
        feed.look();
      }
    },
    at: () => now,
    see: (is: boolean) => void (seen = is),
  };
}

test("a page that nobody sees lets its stream go after ten seconds, and goes on where it was when it is looked at", () => {
  const { feed, streams, told, pass, see } = rig();
  const open = (): number => streams.filter(({ closed }) => !closed).length;
  streams[0]!.say("message", "1", "place 1");
  see(false);
  for (let second = 0; second < 9; second++) {
    streams[0]!.say("beat", "{}");
    pass(1000);
  }
  assert.equal(open(), 1, "a look at another page costs nothing");
  pass(2000);
  assert.equal(open(), 0);
  pass(600_000);
  assert.deepEqual([open(), streams.length, told.filter((one) => one === "lost")], [0, 1, []]);
  see(true);
  pass(500);
  assert.deepEqual([open(), streams[1]?.after], [1, "place 1"]);
  // What has been closed stays so.
  feed.close();
  see(false);
  pass(60_000);
  see(true);
  pass(1000);
  assert.equal(open(), 0);
});

test("a stream that is opened anew goes on where the one before it was left, and hears what was missed", () => {
  const { streams, told, pass } = rig();
  streams[0]!.say("message", "1", "place 1");
  streams[0]!.say("message", "2", "place 2");
  // A beat stands at no place.
  streams[0]!.say("beat", "{}");
  streams[0]!.say("error");
  // What a stream says that was given up does not count.
  streams[0]!.say("message", "3", "place 3");
  pass(2000);
  assert.deepEqual(
    streams.map(({ after }) => after),
    [undefined, "place 2"],
  );
  streams[1]!.say("missed", "an entry", "place 4");
  streams[1]!.say("error");
  pass(2000);
  assert.deepEqual(streams[2]?.after, "place 4");
  assert.deepEqual(
    told.filter((words) => words.startsWith("missed")),
    ["missed an entry"],
  );
});

test("a stream that says nothing for five seconds is given up and opened anew two seconds later, one at a time", () => {
  const { feed, streams, told, pass } = rig();
  streams[0]!.say("message", "1");
  pass(5000);
  assert.equal(feed.heard.connected, true);
  pass(500);
  assert.deepEqual([feed.heard.connected, streams[0]!.closed, streams.length], [false, true, 1]);
  // What was given up is not listened to any more: the next one says it, too.
  streams[0]!.say("message", "2");
  pass(2000);
  assert.equal(streams.length, 2);
  streams[1]!.say("message", "3");
  assert.equal(feed.heard.connected, true);
  assert.equal(streams.filter(({ closed }) => !closed).length, 1);
  assert.deepEqual(told, ["1 alone", "lost", "3 alone"]);
});

test("a site that says every second that it lives is connected, though its meter says nothing", () => {
  const { feed, streams, pass } = rig();
  streams[0]!.say("message", "1");
  for (let second = 0; second < 20; second++) {
    pass(1000);
    streams[0]!.say("beat", "{}");
  }
  assert.deepEqual([feed.heard.connected, streams.length, feed.heard.readAt], [true, 1, 0]);
});

test("a stream that ends is opened anew until there is a site again", () => {
  const { feed, streams, told, pass } = rig();
  for (let tries = 0; tries < 5; tries++) {
    streams[tries]!.say("error");
    pass(2000);
  }
  assert.equal(streams.length, 6);
  assert.equal(told.filter((what) => what === "lost").length, 5);
  assert.equal(streams.filter(({ closed }) => !closed).length, 1);
  feed.close();
  pass(20_000);
  assert.equal(streams.length, 6);
});

test("a cycle is as long as it is, from a second and a half on: a slow clock is not silent between two cycles", () => {
  const { feed, streams, pass, told } = rig();
  for (let k = 0; k < 4; k++) {
    streams[0]!.say("message", String(k));
    for (let second = 0; second < 4; second++) {
      pass(1000);
      streams[0]!.say("beat", "{}");
    }
  }
  assert.equal(feed.heard.cycleMs, 4000);
  assert.deepEqual(
    told.filter((what) => what !== "beat"),
    ["0 alone", "1 follows", "2 follows", "3 follows"],
  );
});

const live = (source: LiveView["source"], powered = true) => ({ local: "2026-03-08 12:03:11", source, powered });
const heard = (readAt: number | undefined, connected = true) => ({ connected, readAt, cycleMs: 1500 });
const cases: readonly (readonly [
  what: string,
  given: Parameters<typeof freshnessOf>,
  state: string,
  words: string,
  age: string,
])[] = [
  ["before the first word", [undefined, heard(undefined, false), 0], "connecting", "connecting", ""],
  [
    "a site that lives and a meter that has said nothing",
    [undefined, heard(undefined), 0],
    "missing",
    "no reading yet",
    "",
  ],
  ["three cycles", [live({ ended: false }), heard(0), 4500], "live", "live", ""],
  ["more than three", [live({ ended: false }), heard(0), 5000], "missing", "no reading since 12:03:11 PM", "5 s"],
  [
    "no connection",
    [live({ ended: false }), heard(0, false), 150_000],
    "lost",
    "no connection to the site since 12:03:11 PM",
    "2 min",
  ],
  [
    "another site at its address",
    [live({ ended: false }), heard(0, false), 60_000, "feeder-1"],
    "lost",
    "the site that answers has no meter feeder-1",
    "60 s",
  ],
  [
    "a meter that the site has again before its names are asked",
    [live({ ended: false }), heard(0), 0, "feeder-1"],
    "live",
    "live",
    "",
  ],
  [
    "a recording that has ended",
    [live({ ended: true }), heard(0), 0],
    "silent",
    "the recording has been played to its end",
    "",
  ],
  ["a meter without supply", [live({ ended: false }, false), heard(0), 0], "silent", "the meter has no supply", ""],
  [
    "readings that are pushed",
    [live({ ended: false, pushed: { age: 3, silent: false, stale: false } }), heard(0), 0],
    "live",
    "live",
    "",
  ],
  [
    "nobody who has pushed any",
    [live({ ended: false, pushed: { age: null, silent: true, stale: false } }), heard(0), 0],
    "silent",
    "nothing has been pushed into this meter yet",
    "",
  ],
  [
    "nobody who pushes any more",
    [live({ ended: false, pushed: { age: 71, silent: true, stale: false } }), heard(0), 0],
    "silent",
    "nothing pushed since 12:02:00 PM: the values are held",
    "71 s",
  ],
  [
    "readings of yesterday",
    [live({ ended: false, pushed: { age: 86_400, silent: true, stale: true } }), heard(0), 0],
    "silent",
    "nothing pushed since 03/07/2026 12:03:11 PM: nothing is known any more",
    "24 h",
  ],
];
for (const [what, given, state, words, age] of cases) {
  test(`the page says of ${what}: ${words}`, () => {
    assert.deepEqual(freshnessOf(...given), { state, words, age });
  });
}
