/** The exchanges of opendnp3, in and out. Where it has ways of its own (../shared/facts/scada.md 2.9) ours are named, with the reason. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { broadcasts, type Broadcast } from "#protocol/dnp3/link/master-line.ts";
import { nullModem } from "#io/null-modem.ts";
import { FrameReader } from "#protocol/dnp3/link/frame-reader.ts";
import { Reassembler } from "#protocol/dnp3/link/segments.ts";
import { serveDnp } from "#protocol/dnp3/link/serve.ts";
import { exchanges, fromHex, skip, toHex, type DnpExchange, type Logged } from "./dnp3-exchanges.ts";
import { Bench, FixtureHost, usualSettings } from "./dnp3-host.ts";
import { data } from "./dnp3-line.ts";

/** What the outstation of the vectors saw happen before an exchange, and the time of it. */
type Happening = (bench: Bench) => void;

function binaryAt(bench: Bench, utc: number, index: number, on: boolean): void {
  bench.host.utc = utc;
  bench.host.setBinary(index, on);
  bench.clock.advance(usualSettings.events.scanMs);
}

/** Milliseconds of the instants in the vectors: little endian, six octets. */
function instant(hex: string): number {
  return Buffer.from(hex.replaceAll(" ", ""), "hex").readUIntLE(0, 6);
}

const happenings: ReadonlyMap<string, Happening> = new Map<string, Happening>([
  // The instant that the vectors write later on, as they write it.
  ["READ g50v1 q07 count 1 (time)", (bench) => void (bench.host.utc = Date.UTC(2024, 0, 1))],
  ["IMMED_FREEZE (7) g20v0 q06", (bench) => void (bench.host.utc = instant("96 ae c5 fb a1 01"))],
  [
    "READ class 1 unconfirmed (no confirm sent)",
    (bench) => {
      binaryAt(bench, instant("28 b0 c5 fb a1 01"), 1, true);
      binaryAt(bench, instant("f0 b0 c5 fb a1 01"), 2, true);
    },
  ],
  ["READ class 1 again, re-reported, then confirmed", (bench) => bench.clock.advance(1000)],
  [
    "READ g2v1 q07 limit 1",
    (bench) => {
      binaryAt(bench, instant("b2 c5 fb a1 01 00") - 1, 1, false);
      binaryAt(bench, instant("81 b2 c5 fb a1 01"), 2, false);
    },
  ],
  [
    "event buffer overflow (buffer 5, 7 events): READ class 1 q07 limit 1",
    (bench) => {
      // Two that are lost, and the five of the vectors.
      const times = [
        "da b4 c5 fb a1 01",
        "a2 b5 c5 fb a1 01",
        "6b b6 c5 fb a1 01",
        "33 b7 c5 fb a1 01",
        "fb b7 c5 fb a1 01",
      ];
      binaryAt(bench, instant("00 b4 c5 fb a1 01"), 4, true);
      binaryAt(bench, instant("01 b4 c5 fb a1 01"), 4, false);
      times.forEach((time, k) => binaryAt(bench, instant(time), 4, k % 2 === 0));
    },
  ],
]);

/** The outstation's answers where they are not those of opendnp3, and why. */
const ours: ReadonlyMap<string, readonly [reason: string, ...answers: string[]]> = new Map([
  [
    "READ g30v3 q17 indices 0,2 (index list)",
    ["answered in kind (Appendix G, note 1)", "c28110001e0317020097 9b030002d0070000"],
  ],
  ["READ g30v3 q28 indices 1", ["answered in kind (Appendix G, note 1)", "c38110001e032801000100fbffffff"]],
  ["READ g30v3 q07 count 2", ["the first two (Appendix G)", "c48110001e03000001979b0300fbffffff"]],
  ["READ g40v0 q06 (no points)", ["a group without points is unknown (Level 2 procedure 8.13.2.2)", "c6811002"]],
  ["READ g50v1 q07 count 1 (time)", ["Appendix G reads the time", "c781100032010701 00f451c28c01"]],
  ["READ g50v1 q06", ["Appendix G reads the time", "c881100032010701 00f451c28c01"]],
  [
    "READ g20v0 after freeze-clear",
    ["each freeze is an event (Appendix G, Events)", "c58102001405000002000000000000000000000000"],
  ],
  [
    "READ g23v1 q06 (frozen event without time)",
    [
      "each freeze is an event (Appendix G, Events)",
      "e6810000170128030000000140420f0001000141420f0002000142420f00",
      "confirm",
    ],
  ],
  ["SELECT (3) CROB g12v1", ["never (Device Profile)", "c3810201"]],
  ["COLD_RESTART (13)", ["a cold restart is a warm one (note 2)", "c6810200340207 01 f401"]],
  ["WARM_RESTART (14)", ["the process has begun anew", "c7819200340207 01 f401"]],
  [
    "duplicate request, same app seq -> identical response",
    ["the process has begun anew", "c88192000a02000005810181018101", "c88192000a02000005810181018101"],
  ],
]);

/** Of what needs a link below: frames that are no application's. */
const ofTheLink = /^link:|^wrong destination|^self address|^invalid primary|^c3 FCV|^d4 FCV|^e9 link|^f2 test/;

const asked: Readonly<Record<string, Broadcast>> = {
  "broadcast 0xFFFF freeze (8 no-ack)": broadcasts.optional,
  "broadcast 0xFFFE (shall confirm) WRITE g80 restart": broadcasts.confirm,
};

/** What is said from one side, as fragments without spaces. */
function fragmentsOf({ frames }: DnpExchange, by: Logged["from"]): string[] {
  const reader = new FrameReader();
  const reassembler = new Reassembler();
  const fragments: string[] = [];
  for (const { from, hex } of frames) if (from === by) reader.add(fromHex(hex));
  for (let frame = reader.next(); frame !== undefined; frame = reader.next()) {
    const fragment = reassembler.take(frame.data);
    if (fragment !== undefined) fragments.push(Buffer.from(fragment).toString("hex"));
  }
  return fragments;
}

/** With events of binaries, and room for five of them. */
function goldenHost(): FixtureHost {
  const events = {
    ...usualSettings.events,
    binary: { class: 1, variation: 2 },
    most: { freezes: 500, others: 5 },
  } as const;
  return new FixtureHost({ events });
}

test("the exchanges of opendnp3, in and out", { skip }, async (t) => {
  const bench = new Bench(goldenHost());
  for (const exchange of exchanges("dnp3.txt")) {
    const { title } = exchange;
    if (ofTheLink.test(title)) continue;
    await t.test(title, () => {
      happenings.get(title)?.(bench);
      const expected = ours.get(title);
      const said = fragmentsOf(exchange, "master");
      if (expected?.includes("confirm") === true) said.push(`c${said[0]?.[1]}00`);
      const answers = said.flatMap((fragment) => bench.ask(fragment, bench.line, asked[title]));
      const wanted = expected?.slice(1).filter((answer) => answer !== "confirm") ?? fragmentsOf(exchange, "outstation");
      assert.deepEqual(
        answers,
        wanted.map((answer) => answer.replaceAll(" ", "")),
      );
    });
  }
});

test("the same over a link, frame for frame", { skip }, async (t) => {
  const bench = new Bench(goldenHost());
  const [here, there] = nullModem();
  let heard = "";
  here.receive((bytes) => void (heard += toHex(bytes).replaceAll(" ", "")));
  const station = { server: bench.station, settings: () => bench.host.settings };
  serveDnp(there, [station], bench.clock, { near: true });
  const plain = (frames: readonly Logged[]): string => frames.map(({ hex }) => hex.replaceAll(" ", "")).join("");
  for (const { title, frames } of exchanges("dnp3.txt")) {
    await t.test(title, () => {
      happenings.get(title)?.(bench);
      heard = "";
      for (const { from, hex } of frames) if (from === "master") here.send(fromHex(hex));
      const theirs = plain(frames.filter(({ from }) => from === "outstation"));
      const own = ours.get(title);
      if (own === undefined) assert.equal(heard, theirs);
      // Ours, in segments that are numbered as theirs are: what follows is numbered on.
      else assert.equal(heard === "" ? 0 : heard.split("0564").length, theirs.split("0564").length);
      if (own?.includes("confirm") === true) here.send(data(0xc4, "c6 00"));
    });
  }
});

const multi = new Map(exchanges("dnp3-multi-fragment.txt").map((exchange) => [exchange.title, exchange]));

test("class 0 in fragments of 300, each confirmed", { skip }, () => {
  const exchange = multi.get("multi-fragment class 0, FRAG=300 (each fragment confirmed)");
  assert.ok(exchange !== undefined);
  const points = {
    binaries: [],
    outputs: [],
    counters: Array.from({ length: 40 }, (_, k) => 1_000_000 + k),
    analogs: [236_439, -5, ...Array.from({ length: 88 }, (_, k) => 1000 * (k + 2))],
  };
  const application = { ...usualSettings.application, maxFragment: 300 };
  const bench = new Bench(new FixtureHost({ class0: "running", application }, points));
  const answers = fragmentsOf(exchange, "master").flatMap((fragment) => bench.ask(fragment));
  assert.deepEqual(answers, fragmentsOf(exchange, "outstation"));
});

test("an empty unsolicited response, classes enabled, and an event", { skip }, () => {
  const exchange = multi.get("unsolicited null + enable + event (beyond JEMStar)");
  assert.ok(exchange !== undefined);
  const events = { ...usualSettings.events, binary: { class: 1, variation: 2 } } as const;
  const unsolicited = { master: 100, confirmTimeoutMs: 5000, retries: 3 };
  const bench = new Bench(new FixtureHost({ events, unsolicited }));
  const [confirmed = "", enable = "", confirmedEvent = ""] = fragmentsOf(exchange, "master");
  const [empty, enabled, event] = fragmentsOf(exchange, "outstation");
  // There is no way to a master before it has said something: here a confirmation of nothing, and a delay measurement.
  assert.deepEqual(bench.ask("c017"), ["c081900034020701" + "0000", empty]);
  assert.deepEqual(bench.ask(confirmed), []);
  assert.deepEqual(bench.ask(enable), [enabled]);
  bench.host.utc = Buffer.from("052ac8fba101", "hex").readUIntLE(0, 6);
  bench.host.setBinary(1, true);
  assert.deepEqual(bench.wait(5000), [event]);
  assert.deepEqual(bench.ask(confirmedEvent), []);
  assert.deepEqual(bench.ask("c2013c0206"), ["c2819000"]);
});
