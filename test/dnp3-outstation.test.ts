/** An outstation over time: events of freezes, masters that come and go, rights, settings that change, what is said unasked. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { VirtualClock } from "#clock/virtual-clock.ts";
import { decodeFragment } from "#protocol/dnp3/application/fragment.ts";
import { indicated, type Indication } from "#protocol/dnp3/application/indications.ts";
import { decodeObjects, type DnpObject } from "#protocol/dnp3/application/objects.ts";
import type { OutstationSettings } from "#protocol/dnp3/outstation/host.ts";
import { outstation } from "#protocol/dnp3/outstation/outstation.ts";
import { fromHex } from "./dnp3-exchanges.ts";
import { Bench, FixtureHost, FixtureLine, usualSettings, vectorPoints } from "./dnp3-host.ts";

const { events } = usualSettings;

/** An answer, by its parts. */
function parts(hex: string | undefined): {
  readonly control: string;
  readonly iin: readonly Indication[];
  readonly objects: readonly (readonly [what: string, objects: readonly DnpObject[]])[];
} {
  const fragment = fromHex(hex ?? "");
  const { iin, objectsAt } = decodeFragment(fragment);
  return {
    control: (hex ?? "").slice(0, 2),
    iin: indicated(iin ?? 0).filter((one) => one !== "needTime" && one !== "deviceRestart"),
    objects: decodeObjects(fragment, objectsAt, true).map(({ header, objects }) => [
      `g${header.group}v${header.variation}`,
      objects,
    ]),
  };
}

function many(counters: number, settings: Partial<OutstationSettings> = {}): Bench {
  const points = { ...vectorPoints, counters: Array.from({ length: counters }, (_, k) => 1000 + k) };
  return new Bench(new FixtureHost(settings, points));
}

const READER = "dnp3 lan1 127.0.0.1 100";

test("a freeze of 300 counters is two fragments, and the mark moves when the second is confirmed", () => {
  const one = many(300);
  one.host.freeze(false);
  one.ask("cf 17");
  one.clock.advance(5000);
  const first = parts(one.ask("c0 01 3c 02 06")[0]);
  assert.equal(first.control, "a0");
  // The rest of it is besides those in the response.
  assert.deepEqual(first.iin, ["class1"]);
  assert.equal(one.host.mark(READER), 0);
  const second = parts(one.ask("c000")[0]);
  assert.equal(second.control, "61");
  assert.deepEqual(second.iin, []);
  assert.equal(one.host.mark(READER), 0);
  one.ask("c100");
  assert.equal(one.host.mark(READER), 1);
  const all = [...first.objects, ...second.objects].flatMap(([, objects]) => objects);
  assert.deepEqual(
    all.map(({ index, value, time }) => [index, value, time]),
    Array.from({ length: 300 }, (_, k) => [k, 1000 + k, Date.UTC(2026, 0, 1)]),
  );
});

test("a master that has read, and had nothing to confirm, has the freezes since then through a restart", () => {
  const one = many(1);
  one.ask("c0 17");
  assert.equal(one.host.mark(READER), undefined);
  one.ask("c1 01 3c 01 06");
  one.host.freeze(false);
  const again = new Bench(one.host);
  again.clock.advance(5000);
  assert.deepEqual(
    parts(again.ask("c0 01 3c 02 06")[0]).objects.map(([object, counters]) => [object, counters.length]),
    [["g23v5", 1]],
  );
});

test("of a freeze that is reported in part the rest is reported next", () => {
  const one = many(3);
  one.host.freeze(false);
  one.ask("cf 17");
  one.clock.advance(5000);
  assert.deepEqual(parts(one.ask("c0 01 17 01 17 01 01")[0]), {
    control: "e0",
    iin: ["class1"],
    objects: [["g23v1", [{ index: 1, flags: 1, value: 1001 }]]],
  });
  one.ask("c000");
  assert.equal(one.host.mark(READER), 0);
  assert.deepEqual(parts(one.ask("c1 01 17 02 07 01")[0]).objects, [["g23v2", [{ index: 0, flags: 1, value: 1000 }]]]);
  one.ask("c100");
  assert.deepEqual(
    parts(one.ask("c2 01 3c 02 06")[0]).objects.flatMap(([, objects]) => objects.map(({ index }) => index)),
    [2],
  );
  one.ask("c200");
  assert.equal(one.host.mark(READER), 1);
  assert.deepEqual(parts(one.ask("c3 01 3c 02 06")[0]), { control: "c3", iin: [], objects: [] });
});

test("freezes are seen when it is looked for them, every 5 s", () => {
  const one = many(1);
  one.ask("c0 17");
  one.host.freeze(false);
  one.clock.advance(4999);
  assert.deepEqual(parts(one.ask("c1 17")[0]).iin, []);
  one.clock.advance(1);
  assert.deepEqual(parts(one.ask("c2 17")[0]).iin, ["class1"]);
});

test("a master that is new sees freezes since there has been an outstation, not those before", () => {
  const host = new FixtureHost();
  host.freeze(false);
  const one = new Bench(host);
  host.utc += 1000;
  host.freeze(false);
  const [[, objects = []] = []] = parts(one.ask("c0 01 17 05 06")[0]).objects;
  assert.deepEqual(
    objects.map(({ index, time }) => [index, time]),
    [0, 1, 2].map((index) => [index, Date.UTC(2026, 0, 1, 0, 0, 1)]),
  );
});

test("a master that the meter knows goes on where it was, through a restart of everything", () => {
  const one = many(1);
  one.ask("cf 17");
  for (const k of [1, 2]) {
    one.host.freeze(false);
    one.clock.advance(5000);
    if (k === 1) {
      one.ask("c0 01 3c 02 06");
      one.ask("c000");
    }
  }
  const again = new Bench(one.host);
  const { objects } = parts(again.ask("c0 01 3c 02 06")[0]);
  assert.equal(objects.length, 1);
  again.ask("c000");
  assert.equal(one.host.mark(READER), 2);
  const third = new Bench(one.host);
  assert.deepEqual(parts(third.ask("c0 01 3c 02 06")[0]).objects, []);
});

test("of more freezes than are kept for a master the oldest are lost, indicated until one is confirmed", () => {
  const one = many(1, { events: { ...events, most: { freezes: 3, others: 10 } } });
  one.ask("cf 17");
  for (let k = 0; k < 5; k++) {
    one.host.utc += 1000;
    one.host.freeze(false);
  }
  one.clock.advance(5000);
  const limited = parts(one.ask("c0 01 3c 02 07 01")[0]);
  assert.deepEqual(limited.iin, ["class1", "overflow"]);
  assert.equal(limited.objects[0]?.[1][0]?.time, Date.UTC(2026, 0, 1, 0, 0, 3));
  assert.deepEqual(parts(one.ask("c1 17")[0]).iin, ["class1", "overflow"]);
  one.ask("c2 01 3c 02 07 01");
  one.ask("c200");
  assert.deepEqual(parts(one.ask("c3 17")[0]).iin, ["class1"]);
  assert.equal(one.host.mark(READER), 3);
});

test("freezes that the meter no longer keeps are lost", () => {
  const one = many(1);
  one.ask("cf 17");
  for (let k = 0; k < 4; k++) one.host.freeze(false);
  one.host.firstFreeze = 2;
  one.clock.advance(5000);
  const { iin, objects } = parts(one.ask("c0 01 3c 02 06")[0]);
  assert.deepEqual(iin, ["overflow"]);
  assert.equal(objects.flatMap(([, all]) => all).length, 2);
});

test("events of freezes and of points are in the order of their times", () => {
  const one = new Bench(new FixtureHost({ events: { ...events, binary: { class: 2, variation: 2 } } }));
  one.ask("cf 17");
  const at = (second: number, deed: () => void): void => {
    one.host.utc = Date.UTC(2026, 0, 1, 0, 0, second);
    deed();
    one.clock.advance(5000);
  };
  at(1, () => one.host.setBinary(1, true));
  at(2, () => void one.host.freeze(false));
  at(3, () => one.host.setBinary(1, false));
  const { objects } = parts(one.ask("c0 01 3c 03 06 3c 02 06")[0]);
  assert.deepEqual(
    objects.map(([what, all]) => [what, all.length]),
    [
      ["g2v2", 1],
      ["g23v5", 3],
      ["g2v2", 1],
    ],
  );
});

test("what changed before a master was there is no event for it, what changes between its links is", () => {
  const one = new Bench(new FixtureHost({ events: { ...events, binary: { class: 2, variation: 1 } } }));
  one.host.setBinary(1, true);
  one.clock.advance(60_000);
  assert.deepEqual(parts(one.ask("c0 01 3c 03 06")[0]).objects, []);
  one.clock.advance(5000);
  assert.deepEqual(parts(one.ask("c1 01 3c 03 06")[0]).objects, []);
  one.station.ended(one.line);
  for (const on of [false, true]) {
    one.host.setBinary(1, on);
    one.clock.advance(5000);
  }
  assert.deepEqual(parts(one.ask("c0 01 3c 03 06", new FixtureLine())[0]).objects, [
    [
      "g2v1",
      [
        { index: 1, flags: 0x01 },
        { index: 1, flags: 0x81 },
      ],
    ],
  ]);
});

test("events are told in the order in which they were found, whatever the clock was set to between", () => {
  const points = { ...vectorPoints, counters: [1000] };
  const one = new Bench(new FixtureHost({ events: { ...events, binary: { class: 2, variation: 2 } } }, points));
  one.ask("cf 17");
  const found: string[] = [];
  const HOUR_MS = 3_600_000;
  for (const [k, ms] of [0, -HOUR_MS, 3 * HOUR_MS, -2 * HOUR_MS].entries()) {
    one.host.utc += ms;
    one.host.freeze(false);
    one.clock.advance(5000);
    found.push(`23 0 ${one.host.utc}`);
    one.host.utc += ms / 2;
    one.host.setBinary(1, k % 2 === 0);
    one.clock.advance(5000);
    found.push(`2 1 ${one.host.utc}`);
  }
  const fragment = fromHex(one.ask("c0 01 3c 02 06 3c 03 06")[0] ?? "");
  const told = decodeObjects(fragment, 4, true).flatMap(({ header, objects }) =>
    objects.map(({ index, time }) => `${header.group} ${index} ${time}`),
  );
  assert.deepEqual(told, found);
});

test("a link that ends gives back what was reported by it, and no answer is kept for the next", () => {
  const one = many(1);
  one.ask("cf 17");
  one.host.freeze(false);
  one.clock.advance(5000);
  const [reported] = one.ask("c0 01 3c 02 06");
  one.station.ended(one.line);
  const next = new FixtureLine();
  one.host.setCounters([5]);
  assert.deepEqual(one.ask("c000", next), []);
  const [again] = one.ask("c0 01 3c 02 06", next);
  assert.equal(again, reported);
  one.ask("c000", next);
  assert.deepEqual(parts(one.ask("c0 01 14 00 06", next)[0]).objects, [["g20v5", [{ index: 0, value: 5 }]]]);
  one.station.ended(next);
  one.host.setCounters([6]);
  // The first request of a master that was started anew has the number of its last one.
  assert.deepEqual(parts(one.ask("c0 01 14 00 06", new FixtureLine())[0]).objects, [
    ["g20v5", [{ index: 0, value: 6 }]],
  ]);
});

test("an answer is not given again when it is old", () => {
  const one = many(1);
  one.ask("c0 01 14 00 06");
  one.host.setCounters([6]);
  one.clock.advance(usualSettings.inactivityMs + 1);
  assert.deepEqual(parts(one.ask("c0 01 14 00 06")[0]).objects, [["g20v5", [{ index: 0, value: 6 }]]]);
});

test("who may read may read, confirm and measure the delay; who may nothing is answered that", () => {
  const one = many(1);
  const reader = new FixtureLine(101);
  reader.rights = "read";
  one.ask("cf 17", reader);
  one.host.freeze(false);
  one.clock.advance(5000);
  assert.equal(parts(one.ask("c0 01 3c 02 06", reader)[0]).objects.length, 1);
  assert.deepEqual(one.ask("c000", reader), []);
  assert.deepEqual(parts(one.ask("c1 01 3c 02 06", reader)[0]).objects, []);
  for (const request of ["02 50 01 00 07 07 00", "02 32 01 07 01 00 f4 51 c2 8c 01", "07 14 00 06", "0d", "18"])
    assert.deepEqual(parts(one.ask(`c2 ${request}`, reader)[0]).iin, ["noFunction"]);
  assert.deepEqual(one.ask("c3 08 14 00 06", reader), []);
  one.ask("c4 08 14 00 06", reader, 0xffff);
  assert.deepEqual([one.host.times.length, one.host.frozen.length], [0, 1]);
  const nobody = new FixtureLine(102);
  nobody.rights = "none";
  assert.deepEqual(parts(one.ask("c0 01 3c 01 06", nobody)[0]), {
    control: "c0",
    iin: ["class1", "noFunction"],
    objects: [],
  });
  assert.deepEqual(parts(one.ask("c1 17", nobody)[0]).iin, ["class1", "noFunction"]);
});

test("only who was told confirms: not another connection of its address, and not one that may do nothing", () => {
  for (const rights of ["write", "none"] as const) {
    const one = many(1);
    one.ask("cf 17");
    one.host.freeze(false);
    one.clock.advance(5000);
    const other = new FixtureLine();
    other.rights = rights;
    // It was there before: the operator has asked since.
    one.ask("c0 17", other);
    const told = one.ask("c0 01 3c 02 06");
    assert.equal(parts(told[0]).objects.length, 1);
    one.ask("c0 00", other);
    one.station.ended(other);
    assert.deepEqual([one.host.marks.get(READER), parts(one.ask("c1 01 3c 02 06")[0]).objects.length], [0, 1]);
    one.ask("c1 00");
    assert.deepEqual([one.host.marks.get(READER), parts(one.ask("c2 01 3c 02 06")[0]).objects.length], [1, 0]);
  }
});

test("what somebody asks who may do nothing ends nothing that goes on with a master of his address", () => {
  const one = many(1);
  one.ask("cf 17");
  one.host.freeze(false);
  one.clock.advance(5000);
  assert.equal(parts(one.ask("c0 01 3c 02 06")[0]).objects.length, 1);
  const nobody = new FixtureLine();
  nobody.rights = "none";
  assert.deepEqual(parts(one.ask("c0 01 3c 02 06", nobody)[0]).objects, []);
  one.ask("c0 00");
  assert.deepEqual(parts(one.ask("c1 01 3c 02 06")[0]).objects, []);
});

test("a meter that does not answer is silent, and goes on when it does", () => {
  const one = many(1);
  one.host.isAnswering = false;
  assert.deepEqual(one.ask("c0 01 3c 01 06"), []);
  one.host.isAnswering = true;
  assert.equal(one.ask("c0 01 3c 01 06").length, 1);
});

test("with other settings the process begins anew: restart and time are indicated, and points are the new ones", () => {
  const one = new Bench();
  one.ask("c0 02 50 01 00 07 07 00 32 01 07 01 00 f4 51 c2 8c 01");
  assert.equal(one.ask("c1 01 14 00 06")[0]?.slice(0, 14), "c1810000140500");
  one.host.settings = { ...one.host.settings, variations: { ...one.host.settings.variations, counter: 6 } };
  one.host.setCounters([1, 2]);
  one.host.epoch++;
  assert.deepEqual(one.ask("c1 01 14 00 06"), ["c1819000140600000101000200"]);
});

test("only the master that is configured is answered", () => {
  const one = new Bench(new FixtureHost({ master: 7 }));
  assert.deepEqual(one.ask("c0 01 3c 01 06"), []);
  assert.equal(one.ask("c0 01 3c 01 06", new FixtureLine(7)).length, 1);
});

test("an outstation that is closed answers nobody, and nothing runs on", () => {
  const host = new FixtureHost({ events: { ...events, binary: { class: 1, variation: 1 } } });
  const one = new Bench(host);
  one.ask("c0 01 3c 01 06");
  one.station.close();
  assert.deepEqual(one.ask("c1 01 3c 01 06"), []);
  host.setBinary(1, true);
  assert.deepEqual(one.wait(60_000), []);
});

test("class 0 is made anew when a point shows something else, and only then", () => {
  const one = new Bench();
  const [first = ""] = one.ask("c0 01 3c 01 06");
  const [second = ""] = one.ask("c1 01 3c 01 06");
  assert.equal(second.slice(2), first.slice(2));
  one.host.setAnalog(0, 1);
  const [third = ""] = one.ask("c2 01 3c 01 06");
  assert.equal(third.slice(2), first.slice(2).replace("979b0300", "01000000"));
});

const unsolicited = { master: 100, confirmTimeoutMs: 1000, retries: 2 };
const spoken: Partial<OutstationSettings> = {
  unsolicited,
  events: { ...events, scanMs: 1000, binary: { class: 2, variation: 1 } },
};

/** Of one whose null response is confirmed, with classes enabled. */
function speaking(classes = "3c 03 06"): Bench {
  const one = new Bench(new FixtureHost(spoken));
  assert.deepEqual(one.ask("c0 17").slice(1), ["f0829000"]);
  assert.deepEqual(one.ask("d000"), []);
  one.ask(`c1 14 ${classes}`);
  return one;
}

test("an empty unsolicited response is sent until it is confirmed, and nothing else unasked", () => {
  const one = new Bench(new FixtureHost(spoken));
  assert.deepEqual(one.ask("c0 17").slice(1), ["f0829000"]);
  one.host.setBinary(1, true);
  assert.deepEqual(one.wait(3500), ["f0829000", "f0829000", "f0829000"]);
  assert.deepEqual(one.ask("d100"), []);
  assert.deepEqual(one.ask("d000"), []);
  assert.deepEqual(one.wait(10_000), []);
});

test("events of classes that are enabled are sent, again as often as is set, and then when it is looked again", () => {
  const one = speaking();
  one.host.setBinary(1, true);
  const event = "f18290000201280100010081";
  assert.deepEqual(one.wait(1000), [event]);
  assert.deepEqual(one.wait(2000), [event, event]);
  assert.deepEqual(one.wait(1000), ["f2" + event.slice(2)]);
  one.ask("d200");
  assert.deepEqual(one.wait(10_000), []);
  assert.deepEqual(parts(one.ask("c2 01 3c 03 06")[0]).objects, []);
});

test("classes that are not enabled are not sent, nor those that are disabled", () => {
  const one = speaking("3c 02 06 3c 04 06");
  one.host.setBinary(1, true);
  assert.deepEqual(one.wait(5000), []);
  assert.equal(one.ask("c2 14 3c 03 06").length, 2);
  assert.deepEqual(one.ask("d100"), []);
  one.ask("c3 15 3c 03 06");
  one.host.setBinary(1, false);
  assert.deepEqual(one.wait(5000), []);
});

test("a READ waits while an unsolicited response does, and other requests do not", () => {
  const one = speaking();
  one.host.setBinary(1, true);
  one.wait(1000);
  assert.deepEqual(one.ask("c2 01 3c 03 06"), []);
  const [answer] = one.ask("d100");
  assert.deepEqual(parts(answer), { control: "c2", iin: [], objects: [] });
  one.host.setBinary(1, false);
  one.wait(1000);
  assert.equal(parts(one.ask("c3 17")[0]).control, "c3");
  assert.deepEqual(one.ask("c4 01 3c 03 06"), []);
  // The confirmation does not come: the READ is answered with the event.
  const late = one.wait(1000);
  assert.equal(late.length, 1);
  assert.deepEqual(parts(late[0]).objects, [["g2v1", [{ index: 1, flags: 1 }]]]);
});

test("what is asked for and waits for its confirmation is not interrupted", () => {
  const one = speaking();
  one.host.setBinary(1, true);
  one.host.freeze(false);
  one.clock.advance(500);
  one.ask("c2 08 14 00 06");
  one.line.sent.length = 0;
  const [unsaid = ""] = one.wait(1000);
  assert.equal(unsaid.slice(0, 2), "f1");
  one.ask("d100");
  const read = parts(one.ask("c3 01 3c 02 06")[0]);
  assert.equal(read.control, "e3");
  one.host.setBinary(1, false);
  const sent = one.wait(1000);
  assert.deepEqual(
    sent.map((fragment) => fragment.slice(0, 2)),
    ["f2"],
  );
});

test("a confirmation of what is no event does not confirm events that were sent unasked", () => {
  const one = speaking();
  one.ask("c2 18", one.line, 0xfffe);
  one.host.setBinary(1, true);
  assert.equal(one.wait(1000).length, 1);
  assert.equal(one.ask("c3 17")[0]?.slice(0, 2), "e3");
  one.ask("c300");
  const [again = ""] = one.wait(1000);
  assert.deepEqual(parts(again).objects, [["g2v1", [{ index: 1, flags: 0x81 }]]]);
});

test("a restart switches all classes off, and begins with an empty response", () => {
  const one = speaking();
  one.host.setBinary(1, true);
  assert.deepEqual(one.ask("c2 0e").slice(1), ["f1829000"]);
  one.ask("d100");
  assert.deepEqual(one.wait(5000), []);
});

test("who may nothing is told nothing unasked, whoever came from there before", () => {
  const one = speaking();
  one.station.ended(one.line);
  const nobody = new FixtureLine();
  nobody.rights = "none";
  assert.equal(one.ask("c2 17", nobody).length, 1);
  one.host.setBinary(1, true);
  assert.deepEqual(one.wait(5000, nobody), []);
  const again = new FixtureLine();
  assert.equal(one.ask("c3 17", again).at(-1)?.slice(0, 2), "f1");
});

test("what was said unasked is confirmed on the line that it was said on", () => {
  const one = speaking();
  const other = new FixtureLine();
  one.ask("c2 17", other);
  one.ask("c2 17");
  one.host.setBinary(1, true);
  const [told] = one.wait(1000);
  assert.deepEqual([told?.slice(0, 2), parts(told).objects.length], ["f1", 1]);
  one.ask("d1 00", other);
  assert.deepEqual(one.wait(unsolicited.confirmTimeoutMs), [told]);
  one.ask("d1 00");
  assert.deepEqual(one.wait(60_000), []);
});

test("masters for whom they are not are sent nothing unasked", () => {
  const one = new Bench(new FixtureHost(spoken));
  const other = new FixtureLine(101);
  assert.equal(one.ask("c0 17", other).length, 1);
  assert.deepEqual(parts(one.ask("c1 14 3c 03 06", other)[0]).iin, ["noFunction"]);
  assert.deepEqual(one.wait(5000, other), []);
});

test("an outstation of another port has masters of its own", () => {
  const one = many(1);
  one.ask("cf 17");
  const other = outstation(one.host, { clock: one.clock, port: "lan2" });
  const line = new FixtureLine();
  other.take(fromHex("cf 17"), line);
  one.host.freeze(false);
  one.clock.advance(5000);
  one.ask("c0 01 3c 02 06");
  one.ask("c000");
  other.take(fromHex("c0 01 3c 02 06"), line);
  assert.equal(parts(Buffer.from(line.sent.at(-1) ?? []).toString("hex")).objects.length, 1);
  assert.deepEqual(
    [...one.host.marks],
    [
      [READER, 1],
      ["dnp3 lan2 127.0.0.1 100", 0],
    ],
  );
});

test("a crowd of masters puts out nobody who is there: five are answered, and keep their events and their restart bit", () => {
  const host = new FixtureHost();
  const clock = new VirtualClock();
  const station = outstation(host, { clock, port: "lan1", masters: 5 });
  const good = new FixtureLine(100, "10.0.0.5");
  const ask = (line: FixtureLine, fragment: string): string | undefined => {
    const before = line.sent.length;
    station.take(fromHex(fragment), line);
    const [answer] = line.sent.slice(before);
    return answer === undefined ? undefined : Buffer.from(answer).toString("hex");
  };
  assert.equal(ask(good, "c0 02 50 01 00 07 07 00")?.slice(0, 4), "c081");
  host.freeze(false);
  clock.advance(5000);
  const strangers = Array.from({ length: 30 }, (_, k) => new FixtureLine(1000 + k, "10.0.0.6"));
  assert.equal(strangers.filter((line) => ask(line, "c0 01 3c 04 06") !== undefined).length, 4);
  const events = ask(good, "c1 01 3c 02 06") ?? "";
  // CON; no IIN1.7 and no IIN2.3; objects 23.
  assert.match(events, /^e181100017/);
  // One that has gone makes room for another.
  station.ended(strangers[0]!);
  assert.notEqual(ask(strangers[29]!, "c0 01 3c 04 06"), undefined);
});
