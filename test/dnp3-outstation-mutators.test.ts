/** Seeded bad fragments between good ones: whole answers or none, bounded octets and work, and a sound request is answered after each. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { broadcasts } from "#protocol/dnp3/link/master-line.ts";
import { decodeFragment } from "#protocol/dnp3/application/fragment.ts";
import { functions } from "#protocol/dnp3/application/functions.ts";
import { decodeObjects } from "#protocol/dnp3/application/objects.ts";
import { exchanges, fromHex } from "./dnp3-exchanges.ts";
import { Bench, FixtureHost, FixtureLine, usualSettings, vectorPoints } from "./dnp3-host.ts";
import { mutated, numbers } from "./mutator.ts";
import { share } from "./share.ts";

const events = {
  ...usualSettings.events,
  binary: { class: 1, variation: 2 },
  counter: { class: 2, variation: 5 },
  analog: { class: 3, variation: 7, deadbands: [] },
  most: { freezes: 20, others: 30 },
} as const;

/** Requests of every kind, beside those of the vectors. */
const samples: readonly Uint8Array[] = [
  ...exchanges("dnp3.txt").flatMap(({ frames }) =>
    frames.flatMap(({ from, segment }) => (from === "master" && segment !== undefined ? [segment.fragment] : [])),
  ),
  "c0 01 3c 02 06 3c 03 06 3c 04 06 3c 01 06",
  "c1 01 3c 00 06",
  "c2 01 17 05 06 02 03 07 05 16 00 28 02 00 00 00 01 00 20 07 01 00 00 ff ff",
  "c3 01 01 00 17 03 00 01 09 0a 00 28 01 00 05 00 14 00 08 02 00 15 00 06 1e 00 01 00 00 ff ff",
  "c4 01 32 01 17 01 00 34 02 06 32 00 28 01 00 00 00",
  "c5 02 50 01 00 07 07 00 32 01 07 01 00 f4 51 c2 8c 01",
  "c6 18",
  "c7 02 32 03 07 01 00 f4 51 c2 8c 01",
  "c8 07 14 00 00 00 01",
  "c9 09 14 05 01 00 00 02 00",
  "ca 14 3c 02 06 3c 03 06",
  "cb 15 3c 04 06",
  "cc 0d",
  "c0 00",
  "d0 00",
]
  .filter((hex) => hex !== "")
  .map(fromHex);

const CONFIRM = 0x20;

test("mutated fragments are answered with whole fragments or not at all", () => {
  const random = numbers(20_815);
  const unsolicited = { master: 100, confirmTimeoutMs: 300, retries: 1 };
  const bench = new Bench(
    new FixtureHost({ events, unsolicited, application: { confirmTimeoutMs: 500, maxFragment: 300 } }),
  );
  const lines = [bench.line, new FixtureLine(101), new FixtureLine(100, "10.0.0.2")];
  const reading = new FixtureLine(102);
  reading.rights = "read";
  lines.push(reading);
  let sequence = 0;
  for (let k = 0; k < share(5000, 20_000, 100_000); k++) {
    const line = lines[random(lines.length)] ?? bench.line;
    const broadcast = random(20) === 0 ? broadcasts.confirm : undefined;
    for (const one of lines) one.sent.length = 0;
    bench.station.take(mutated(samples, random), line, broadcast);
    if (random(3) === 0) bench.station.take(Uint8Array.of(0xc0 | random(16), 0), line);
    if (random(10) === 0) bench.host.setBinary(random(10), random(2) === 0);
    if (random(10) === 0) bench.host.setAnalog(random(4), random(100_000) - 50_000);
    bench.clock.advance(random(1000));
    for (const { sent } of lines) {
      assert.ok(sent.length <= 12, `${sent.length} fragments`);
      for (const fragment of sent) {
        assert.ok(fragment.length <= 300);
        const { code, control, objectsAt } = decodeFragment(fragment);
        assert.ok(code === functions.response || code === functions.unsolicited);
        if (!control.last) assert.equal(control.confirm, true);
        decodeObjects(fragment, objectsAt, true);
      }
    }
    if (k % 10 !== 0) continue;
    // It is well: an object that is unknown, of this very sequence number.
    const asker = new FixtureLine(103);
    sequence = (sequence + 1) & 15;
    bench.station.take(Uint8Array.of(0xc0 | sequence, functions.read, 99, 1, 6), asker);
    const [answer] = asker.sent;
    assert.equal((answer?.[0] ?? 0) & ~CONFIRM, 0xc0 | sequence);
    assert.equal(answer?.[3] === undefined ? undefined : answer[3] & 0x07, 0x02);
  }
});

const wide = {
  ...vectorPoints,
  counters: Array.from({ length: 300 }, (_, k) => k),
  analogs: Array.from({ length: 200 }, (_, k) => k),
};

/** What is too much of something: internal indications of the one answer, and how many objects it has. */
const excessive: readonly (readonly [what: string, fragment: string, iin2: number, octets: number])[] = [
  ["start after stop", "c0 01 1e 03 00 09 02", 0x04, 4],
  ["start after stop, of 16 bits", "c0 01 14 05 01 ff ff 00 00", 0x04, 4],
  ["a range of everything", "c0 01 01 02 01 00 00 ff ff", 0x04, 4 + 5 + 10],
  ["a range that begins behind the last point", "c0 01 1e 03 01 c8 00 ff ff", 0x04, 4],
  ["65,535 objects without octets", "c0 01 3c 01 08 ff ff", 0x04, 4],
  ["65,535 events where there are none", "c0 01 3c 02 08 ff ff", 0x00, 4],
  ["no event at all", "c0 01 3c 02 08 00 00", 0x00, 4],
  ["65,535 points where there are 10", "c0 01 01 02 08 ff ff", 0x00, 4 + 5 + 10],
  ["no point", "c0 01 01 02 07 00", 0x04, 4],
  ["a list that is cut", "c0 01 1e 03 28 ff ff 00 00", 0x04, 4],
  ["a list of nothing", "c0 01 1e 03 17 00", 0x04, 4],
  ["a qualifier that is none", "c0 01 1e 03 7f 00", 0x04, 4],
  ["a qualifier that is none, of an object that is none", "c0 01 63 03 7f 00", 0x02, 4],
  ["a header that is cut", "c0 01 1e", 0x04, 4],
  ["a size before each object of a READ", "c0 01 1e 03 5b 01", 0x04, 4],
  ["a time that is cut", "c0 02 32 01 07 01 00 f4", 0x04, 4],
  ["two times", "c0 02 32 01 07 02 00 f4 51 c2 8c 01 00 f4 51 c2 8c 01", 0x04, 4],
  ["the whole of the indications", "c0 02 50 01 00 00 0f 00 00", 0x04, 4],
  ["129 object headers", `c0 01 ${"14 00 06 ".repeat(129)}`, 0x04, 4],
  ["a freeze of a range that is not there", "c0 07 14 00 01 00 00 ff ff", 0x04, 4],
];
for (const [what, fragment, iin2, octets] of excessive) {
  test(`${what} is answered in one short fragment`, () => {
    const answers = new Bench(new FixtureHost({}, wide)).ask(fragment);
    assert.equal(answers.length, 1);
    const [answer = ""] = answers;
    assert.equal(answer.slice(0, 6), "c08190");
    assert.equal(Number.parseInt(answer.slice(6, 8), 16), iin2);
    assert.equal(answer.length / 2, octets);
  });
}

test("128 headers of everything are answered fragment by fragment, as the master confirms them", () => {
  const bench = new Bench(new FixtureHost({}, wide));
  const [first = ""] = bench.ask(`c0 01 ${"14 01 06 ".repeat(128)}`);
  let octets = first.length / 2;
  let fragments = 1;
  for (let answer = first; (Number.parseInt(answer.slice(0, 2), 16) & 0x40) === 0; fragments++) {
    const more = bench.ask(`c${answer[1]}00`);
    assert.equal(more.length, 1);
    answer = more[0] ?? "c0";
    octets += answer.length / 2;
  }
  assert.equal(fragments, Math.ceil((128 * 300 * 5) / 2048) + 1);
  assert.ok(octets < 128 * 300 * 5 * 1.01);
});

test("the time is told once a request", () => {
  const bench = new Bench();
  const time = "32 01 07 01 00 f4 51 c2 8c 01 ";
  assert.deepEqual(bench.ask(`c0 02 ${time.repeat(3)}`), ["c0819004"]);
  assert.deepEqual(bench.host.times, []);
});

test("confirmations that nobody waits for do nothing", () => {
  const bench = new Bench(new FixtureHost({}, wide));
  bench.host.freeze(false);
  for (let k = 0; k < 10_000; k++)
    assert.deepEqual(bench.ask(`${k % 2 === 0 ? "c" : "d"}${(k % 16).toString(16)}00`), []);
  assert.equal(bench.host.pages, 0);
  assert.equal(bench.ask("c0 01 3c 03 06").length, 1);
});

test("many requests for events do not look through many freezes for what is not there", () => {
  const bench = new Bench(new FixtureHost({}, wide));
  bench.ask("cf 17");
  for (let k = 0; k < 500; k++) bench.host.freeze(false);
  bench.clock.advance(5000);
  const nowhere = bench.ask(`c0 01 ${"17 05 28 01 00 ff ff ".repeat(128)}`);
  assert.match(nowhere[0] ?? "", /^c0819204$/);
  assert.equal(bench.host.pages, 0);
  // One counter of each, which has been confirmed then.
  for (let [answer = ""] = bench.ask("c1 01 17 01 17 01 00"); answer !== "";)
    [answer = ""] = bench.ask(`c${answer[1]}00`);
  bench.host.pages = 0;
  assert.equal(bench.ask(`c2 01 ${"17 05 17 01 00 ".repeat(128)}`).length, 1);
  assert.equal(bench.host.pages, 0);
});

test("a storm of confirmations does not advance an answer by more than what they confirm", () => {
  const bench = new Bench(new FixtureHost({ application: { confirmTimeoutMs: 1000, maxFragment: 300 } }, wide));
  assert.equal(bench.ask("c0 01 14 05 06").length, 1);
  for (let k = 0; k < 100; k++) bench.ask("c700");
  assert.equal(bench.line.sent.length, 1);
  for (let k = 0; k < 100; k++) bench.ask("c000");
  assert.equal(bench.line.sent.length, 2);
});

test("a master that takes nothing is sent nothing more", () => {
  const bench = new Bench();
  bench.line.waiting = 100_000;
  assert.deepEqual(bench.ask("c0 01 3c 01 06"), []);
  bench.line.waiting = 0;
  assert.equal(bench.ask("c1 01 3c 01 06").length, 1);
});

test("of 1,000 masters 16 are known, and the meter keeps the places of no more than them", () => {
  const bench = new Bench();
  for (let k = 0; k < 1000; k++) {
    const line = new FixtureLine(k, `10.0.0.${k % 250}`);
    assert.equal(bench.ask("c0 01 3c 02 06", line).length, 1);
    bench.clock.advance(1);
    bench.station.ended(line);
  }
  assert.equal(bench.host.marks.size, 16);
});
