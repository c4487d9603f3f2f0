/** The master against what a public outstation once said (../shared/vectors): what it asks, octet for octet, and what it makes of the answers. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { VirtualClock } from "#clock/virtual-clock.ts";
import { nullModem } from "#io/null-modem.ts";
import { decodeFrame } from "#protocol/dnp3/link/frame.ts";
import { Reassembler } from "#protocol/dnp3/link/segments.ts";
import { Association } from "#protocol/dnp3/master/association.ts";
import { Line } from "#protocol/dnp3/master/line.ts";
import { clearRestart, freeze, read, restart, unsolicited, waitingClasses } from "#protocol/dnp3/master/outstation.ts";
import { Points, type PointKind } from "#protocol/dnp3/master/points.ts";
import { classes, integrity, type ReadHeader } from "#protocol/dnp3/master/requests.ts";
import { synchronise } from "#protocol/dnp3/master/time-sync.ts";
import type { OutstationWay } from "#protocol/dnp3/master/way.ts";
import { exchanges, fromHex, skip } from "./dnp3-exchanges.ts";

const hex = (octets: Uint8Array): string => Buffer.from(octets).toString("hex");

interface Turn {
  readonly asked: Uint8Array;
  readonly answered: readonly Uint8Array[];
}

/** Fragments that were asked in an exchange, each with those that came before the next was. */
function turnsOf(title: string): Turn[] {
  const exchange = exchanges("dnp3.txt").find((one) => one.title.startsWith(title));
  assert.ok(exchange !== undefined, title);
  const turns: { asked: Uint8Array; answered: Uint8Array[] }[] = [];
  const sides = { master: new Reassembler(), outstation: new Reassembler() };
  for (const { from, hex } of exchange.frames) {
    const fragment = sides[from].take(decodeFrame(fromHex(hex)).frame.data);
    if (fragment === undefined) continue;
    if (from === "master") turns.push({ asked: fragment, answered: [] });
    else turns.at(-1)?.answered.push(fragment);
  }
  return turns;
}

/** Answers what was asked then, and says where something else is asked now; sequence numbers go on from where they are. */
class Replay implements OutstationWay {
  readonly peer = "the recorded outstation";
  readonly left: Turn[];
  #take: (fragment: Uint8Array) => void = () => {};
  #sequence = 0;

  constructor(turns: readonly Turn[]) {
    this.left = [...turns];
  }

  send(fragment: Uint8Array): number {
    const turn = this.left.shift();
    assert.ok(turn !== undefined, `asked beyond the end: ${hex(fragment)}`);
    assert.equal(hex(fragment.subarray(1)), hex(turn.asked.subarray(1)));
    assert.equal(fragment[0]! & 0xf0, turn.asked[0]! & 0xf0);
    if (fragment[1] === 0) assert.equal(fragment[0]! & 0x0f, this.#sequence);
    const ahead = (fragment[0]! - turn.asked[0]!) & 0x0f;
    for (const answer of turn.answered) {
      const now = answer.slice();
      now[0] = (now[0]! & 0xf0) | ((now[0]! + ahead) & 0x0f);
      this.#sequence = now[0] & 0x0f;
      this.#take(now);
    }
    return 0;
  }

  receive(run: (fragment: Uint8Array) => void): void {
    this.#take = run;
  }

  failed(): void {}

  turn<T>(work: () => Promise<T>): Promise<T> {
    return work();
  }
}

function replaying(...titles: readonly string[]): { association: Association; way: Replay; clock: VirtualClock } {
  const way = new Replay(titles.flatMap(turnsOf));
  const clock = new VirtualClock(Date.UTC(2024, 0, 1));
  return { association: new Association(way, clock, { timeoutMs: 1000, retries: 0 }), way, clock };
}

test("an integrity poll says every point once, and the outstation's state", { skip }, async () => {
  const { association, way } = replaying("READ class 1,2,3,0");
  const points = new Points();
  const { iin, refused } = await read(association, integrity, points);
  assert.deepEqual([iin, refused, way.left], [0x90, [], []]);
  const values = (kind: PointKind): unknown[] =>
    points.present.filter((point) => point.kind === kind).map(({ value }) => value);
  // 49 02: bits 0, 3, 6 and 9.
  assert.deepEqual(values("binary"), [true, false, false, true, false, false, true, false, false, true]);
  assert.deepEqual(values("analog"), [236_439, -5, 2000, 3000]);
  assert.deepEqual(values("counter"), [1_000_000, 1_000_001, 1_000_002]);
  assert.deepEqual(values("frozen counter"), [0, 0, 0]);
  assert.deepEqual(values("output"), [true, false, true, false, true, false]);
  assert.deepEqual(points.events, []);
});

const all = (group: number, variation = 0): ReadHeader => ({ group, variation, which: "all" });
const range = (group: number, variation: number, from: number, to: number): ReadHeader => ({
  group,
  variation,
  which: { from, to },
});

/** What each is asked as, and the values that come, with their flags where there are any. */
const reads: readonly (readonly [title: string, header: ReadHeader, values: readonly unknown[]])[] = [
  ["READ g1v0 q06", all(1), [true, false, false, true, false, false, true, false, false, true]],
  ["READ g1v1 q00", range(1, 1, 0, 9), [true, false, false, true, false, false, true, false, false, true]],
  [
    "READ g1v2 q00",
    range(1, 2, 0, 2),
    [
      [true, 0x81],
      [false, 0x01],
      [false, 0x01],
    ],
  ],
  ["READ g20v0 q06", all(20), [1_000_000, 1_000_001, 1_000_002]],
  [
    "READ g20v1 q00",
    range(20, 1, 0, 1),
    [
      [1_000_000, 1],
      [1_000_001, 1],
    ],
  ],
  // What opendnp3 says here is 1,000,000 and 1,000,001 modulo 65,536.
  [
    "READ g20v2 q00",
    range(20, 2, 0, 1),
    [
      [16_960, 1],
      [16_961, 1],
    ],
  ],
  ["READ g20v6 q00", range(20, 6, 0, 1), [16_960, 16_961]],
  ["READ g30v0 q06", all(30), [236_439, -5, 2000, 3000]],
  [
    "READ g30v1 q00",
    range(30, 1, 0, 1),
    [
      [236_439, 1],
      [-5, 1],
    ],
  ],
  [
    "READ g30v2 q00",
    range(30, 2, 0, 1),
    [
      [32_767, 0x21],
      [-5, 1],
    ],
  ],
  ["READ g30v4 q00", range(30, 4, 0, 1), [32_767, -5]],
  ["READ g30v3 q17", { group: 30, variation: 3, which: { indices: [0, 2] } }, [236_439, 2000]],
  ["READ g30v3 q00 2..9", range(30, 3, 2, 9), [2000, 3000]],
  ["READ g21v0 q06", all(21), [1_000_000, 1_000_001, 1_000_002]],
  [
    "READ g21v1 q00",
    range(21, 1, 0, 1),
    [
      [1_000_000, 1],
      [1_000_001, 1],
    ],
  ],
  ["READ g21v10 q00", range(21, 10, 0, 1), [16_960, 16_961]],
];
for (const [title, header, values] of reads)
  test(`${title} is asked as it was, and its values are told`, { skip }, async () => {
    const { association, way } = replaying(title);
    const points = new Points();
    const { refused } = await read(association, [header], points);
    const found = points.present.map(({ value, flags }) => (flags === undefined ? value : [value, flags]));
    assert.deepEqual(found, values);
    assert.deepEqual(way.left, []);
    // Two of the eight that were asked for are there.
    const why = "it does not have the point, or takes no such range or value";
    assert.deepEqual(
      refused.map(({ header: of, why: told }) => [of, told]),
      title.endsWith("2..9") ? [[header, why]] : [],
    );
  });

test("single precision has its fractions", { skip }, async () => {
  const { association } = replaying("READ g30v5 q01");
  const points = new Points();
  // The recorded range has 16 bits, which one of numbers below 256 has no need of.
  const [turn] = turnsOf("READ g30v5 q01");
  points.take(turn!.answered[0]!, 4);
  assert.ok(association.peer.length > 0);
  // c0 e5 66 48 is 236,439 and 00 00 a0 c0 is -5 (IEEE 754).
  assert.deepEqual(
    points.present.map(({ value }) => value),
    [236_439, -5],
  );
});

const refusing: readonly (readonly [title: string, header: ReadHeader, why: RegExp])[] = [
  ["READ g110v0? unsupported object g99v1", all(99, 1), /does not have the object/],
  ["READ g50v1 q07", { group: 50, variation: 1, which: { most: 1 } }, /does not have the function/],
  ["READ g30v3 q07", { group: 30, variation: 3, which: { most: 2 } }, /does not have the function/],
];
for (const [title, header, why] of refusing)
  test(`${title} is refused in the outstation's own words`, { skip }, async () => {
    const { association } = replaying(title);
    const { refused } = await read(association, [header], new Points());
    assert.equal(refused.length, 1);
    assert.match(refused[0]!.why, why);
  });

test("the time is given with what a message takes, or marked and told", { skip }, async () => {
  const direct = replaying("DELAY_MEASURE", "WRITE g50v1 q07 1");
  assert.deepEqual(await synchronise(direct.association, "direct", direct.clock), { delayMs: 0 });
  assert.deepEqual(direct.way.left, []);
  const lan = replaying("RECORD_CURRENT_TIME", "WRITE g50v3 q07 1");
  assert.deepEqual(await synchronise(lan.association, "lan", lan.clock), { delayMs: 0 });
  assert.deepEqual(lan.way.left, []);
});

test("a freeze's events are confirmed when they have been taken, with their times", { skip }, async () => {
  const { association, way } = replaying("IMMED_FREEZE (7)", "READ class 1 after freeze");
  await freeze(association);
  const points = new Points();
  await read(association, classes(1), points);
  assert.deepEqual(way.left, []);
  // 96 ae c5 fb a1 01: 0x01a1fbc5ae96.
  const utc = 0x01a1_fbc5_ae96;
  assert.deepEqual(points.events, [
    { kind: "frozen counter", index: 0, value: 1_000_000, flags: 1, utc },
    { kind: "frozen counter", index: 1, value: 1_000_001, flags: 1, utc },
    { kind: "frozen counter", index: 2, value: 1_000_002, flags: 1, utc },
  ]);
});

test("a freeze that nobody answers is told and not waited for", { skip }, async () => {
  const { association, way } = replaying("FREEZE_CLEAR_NR (10)");
  await freeze(association, { clear: true, unanswered: true });
  assert.deepEqual(way.left, []);
});

test("lost events and those that are left are said, and the indication of a restart is cleared", { skip }, async () => {
  const lost = replaying("event buffer overflow");
  const points = new Points();
  const { iin } = await read(lost.association, [{ group: 60, variation: 2, which: { most: 1 } }], points);
  assert.equal(iin & 0x0800, 0x0800);
  assert.deepEqual(waitingClasses(iin), [1]);
  assert.equal(points.events.length, 1);
  const cleared = replaying("WRITE g80v1 index 7");
  await clearRestart(cleared.association);
  assert.deepEqual(cleared.way.left, []);
});

test("restarts say when the outstation answers again", { skip }, async () => {
  // e8 03 and f4 01 milliseconds.
  assert.equal(await restart(replaying("COLD_RESTART").association, "cold"), 1000);
  assert.equal(await restart(replaying("WARM_RESTART").association, "warm"), 500);
});

test("what is asked to be told unasked is refused as the outstation does", { skip }, async () => {
  await assert.rejects(
    unsolicited(replaying("ENABLE_UNSOLICITED").association, true, classes(1)),
    /did not do it: it does not have the function/,
  );
});

/** Plays the outstation's frames whenever the master has sent the ones before them, octet for octet. */
function playing(title: string): { line: Line; left: { from: string; bytes: Uint8Array }[]; begin: () => void } {
  const exchange = exchanges("dnp3-multi-fragment.txt").find((one) => one.title.startsWith(title));
  const left = exchange!.frames.map(({ from, hex }) => ({ from, bytes: fromHex(hex) }));
  const [ours, theirs] = nullModem();
  const answer = (): void => {
    while (left[0]?.from === "outstation") theirs.send(left.shift()!.bytes);
  };
  theirs.receive((bytes) => {
    assert.equal(hex(bytes), hex(left.shift()!.bytes));
    answer();
  });
  const settings = { master: 100, confirm: "never", timeoutMs: 1000, retries: 0 } as const;
  return { line: new Line(ours, new VirtualClock(), settings), left, begin: answer };
}

test("each fragment of several is confirmed, frame for frame as it was", { skip }, async () => {
  const { line, left } = playing("multi-fragment class 0");
  const association = new Association(line.to(1), new VirtualClock(), { timeoutMs: 1000, retries: 0 });
  const points = new Points();
  await read(association, classes(0), points);
  assert.deepEqual(left, []);
  const analogs = points.present.filter(({ kind }) => kind === "analog");
  // 236439, -5, and 1000 times the index from there on, over the seam at index 72.
  assert.equal(analogs.length, 90);
  assert.deepEqual(
    analogs.map(({ value }) => value),
    [236_439, -5, ...Array.from({ length: 88 }, (_, k) => 1000 * (k + 2))],
  );
  assert.equal(points.get("counter", 39)?.value, 1_000_039);
});

test("what an outstation says unasked is confirmed, frame for frame as it was", { skip }, async () => {
  const { line, left, begin } = playing("unsolicited null");
  const association = new Association(line.to(1), new VirtualClock(), { timeoutMs: 1000, retries: 0 });
  const points = new Points();
  const told: number[] = [];
  association.unsolicited(points.take, (iin) => told.push(iin));
  begin();
  await unsolicited(association, true, classes(1));
  assert.deepEqual(left, []);
  assert.deepEqual(told, [0x90, 0x90]);
  // 05 2a c8 fb a1 01.
  assert.deepEqual(points.events, [{ kind: "binary", index: 1, value: true, flags: 0x81, utc: 0x01a1_fbc8_2a05 }]);
});
