/** A station of IEC 60870-5-102: its link (IEC 60870-5-2), its sessions, and what it answers and refuses. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { noTime } from "#protocol/iec102/asdu/time.ts";
import { types } from "#protocol/iec102/asdu/types.ts";
import { served } from "#protocol/iec102/station/answers.ts";
import { limits } from "#quantity/limits.ts";
import { FixtureHost } from "./iec102-host.ts";
import { between, bodies, causes, minute, rig, timeText } from "./iec102-rig.ts";
import { fromHex } from "./iec102-vectors.ts";

const HOURS = between(minute("2025-03-03T01:00"), minute("2025-03-03T03:00"));
const nothing = { kind: "nothing" } as const;

test("the link's status is told, and the link is reset", () => {
  const { raw } = rig(new FixtureHost());
  assert.equal(raw("10 49 0c 87 dc 16"), "10 0b 0c 87 9e 16");
  assert.equal(raw("10 40 0c 87 d3 16"), "10 00 0c 87 93 16");
  assert.equal(raw("10 5b 0c 87 ee 16"), "10 09 0c 87 9c 16");
});

test("a frame that comes again gets its answer again, and nothing is done twice", async () => {
  const host = new FixtureHost();
  const { raw, open, reset } = rig(host);
  await open();
  reset();
  host.settings = { ...host.settings, password: false };
  const set = "68 10 10 68 73 0c 87 b5 01 06 01 00 00 24 0b 2e 01 d5 0b 1a 1b 16";
  for (let k = 0; k < 3; k++) {
    assert.equal(raw(set), "10 00 0c 87 93 16");
    for (let turn = 0; turn < 4; turn++) await Promise.resolve();
  }
  assert.equal(host.setTo.length, 1);
  const answer = "68 10 10 68 08 0c 87 b5 01 07 01 00 00 24 0b 2e 01 d5 0b 1a b1 16";
  assert.equal(raw("10 5b 0c 87 ee 16"), answer);
  assert.equal(raw("10 5b 0c 87 ee 16"), answer);
  assert.equal(raw("10 7b 0c 87 0e 16"), "10 09 0c 87 9c 16");
});

test("who is meant answers, nobody else, and nobody to all", () => {
  const host = new FixtureHost();
  const other = new FixtureHost({ address: 300 });
  const { ask, raw, clock } = rig(host, {
    others: [{ host: other, port: "serial 3", answers: () => other.answers() }],
  });
  assert.equal(ask(9)?.control.fn, 11);
  assert.equal(ask(9, undefined, 300)?.control.fn, 11);
  assert.equal(ask(9, undefined, 301), undefined);
  assert.equal(ask(9, undefined, 0xffff), undefined);
  // The other one's answer passes by, and a single character.
  assert.equal(raw("10 0b 0c 87 9e 16"), "");
  assert.equal(raw("e5"), "");
  // A check that does not hold.
  assert.equal(raw("10 49 0c 87 dd 16"), "");
  clock.advance(1000);
  other.silent = true;
  assert.equal(ask(9, undefined, 300), undefined);
});

test("one octet of address is enough where that is set", () => {
  const { raw } = rig(new FixtureHost({ address: 17, addressOctets: 1 }));
  assert.equal(raw("10 49 11 5a 16"), "10 0b 11 1c 16");
});

test("a function that there is not is said to be none, user data that cannot be taken now are not", async () => {
  const host = new FixtureHost();
  const { ask, tell, rest } = rig(host);
  assert.equal(ask(13)?.control.fn, 15);
  assert.equal(ask(2)?.control.fn, 0);
  assert.equal(ask(3)?.control.fn, 1);
  let admit = (): void => {};
  host.open = () => new Promise((resolve) => (admit = () => resolve({ setTime: () => "done", leave: () => {} })));
  assert.equal((await tell(183, { kind: "key", key: 7 }))?.control.fn, 0);
  const again = await tell(183, { kind: "key", key: 7 });
  assert.deepEqual(again?.control, { from: "secondary", fn: 1, acd: false, dfc: true });
  assert.deepEqual(rest(), []);
  admit();
  await Promise.resolve();
  assert.deepEqual(causes(rest()), [7]);
});

test("what is not to be answered is done without", async () => {
  const host = new FixtureHost({ password: false });
  const { raw } = rig(host);
  assert.equal(raw("68 10 10 68 44 0c 87 b5 01 06 01 00 00 24 0b 2e 01 d5 0b 1a ec 16"), "");
  for (let turn = 0; turn < 4; turn++) await Promise.resolve();
  assert.equal(host.setTo.length, 1);
});

test("before the right key nothing is answered but that it is refused", async () => {
  const host = new FixtureHost();
  const line = rig(host);
  const { request, open } = line;
  assert.deepEqual(causes(await request(123, HOURS, { record: 11 })), [-7]);
  assert.deepEqual(causes(await request(103, nothing)), [-7]);
  const wrong = await open(8);
  assert.deepEqual([wrong?.cause, wrong?.negative], [7, true]);
  assert.deepEqual(causes(await request(123, HOURS, { record: 11 })), [-7]);
  const right = await open();
  assert.deepEqual([right?.cause, right?.negative], [7, false]);
  assert.deepEqual(causes(await request(123, HOURS, { record: 11 })), [7, 5, 5, 5, 10]);
  assert.deepEqual(host.shown, [8, 7]);
  // The wrong key is told to the port.
  assert.equal(line.misunderstood, 1);
  assert.equal(host.peers[0]?.protocol, "iec102");
  assert.equal(host.peers[0]?.near, false);
});

test("a session ends with its end, a reset, another key, silence, and another epoch", async () => {
  const host = new FixtureHost();
  const { request, open, reset, clock } = rig(host);
  const isRefused = async (): Promise<boolean> => (await request(103, nothing))[0]?.negative === true;
  await open();
  assert.equal(await isRefused(), false);
  assert.deepEqual(causes(await request(187, nothing)), [7]);
  assert.equal(await isRefused(), true);
  await open();
  reset();
  assert.equal(await isRefused(), true);
  await open();
  assert.deepEqual(causes(await request(183, { kind: "key", key: 9 })), [-7]);
  assert.equal(await isRefused(), true);
  await open();
  clock.advance(59_000);
  assert.equal(await isRefused(), false);
  clock.advance(60_001);
  assert.equal(await isRefused(), true);
  await open();
  host.epoch++;
  assert.equal(await isRefused(), true);
  assert.equal(host.left, 5);
});

test("who begins and who is gone is told once each", async () => {
  const host = new FixtureHost();
  const told: string[] = [];
  const { open, clock, link } = rig(host, { connected: () => told.push("came"), left: () => told.push("left") });
  await open();
  await open();
  assert.deepEqual(told, ["came"]);
  clock.advance(61_000);
  assert.deepEqual(told, ["came", "left"]);
  await open();
  link.close();
  assert.deepEqual(told, ["came", "left", "came", "left"]);
});

test("what is asked for and is not there is refused, each by its own cause", async () => {
  const host = new FixtureHost();
  const { request, open } = rig(host);
  await open();
  const only = async (...asked: Parameters<typeof request>) => causes(await request(...asked));
  const backwards = between(minute("2025-03-03T03:00"), minute("2025-03-03T01:00"));
  // Of no type, no record, no measuring point, no object, no period.
  assert.deepEqual(await only(128, { kind: "octets", octets: fromHex("00") }), [-14]);
  assert.deepEqual(await only(123, HOURS, { record: 14 }), [-15]);
  assert.deepEqual(await only(102, { kind: "asked", range: [noTime, noTime] }, { record: 52 }), [-13]);
  assert.deepEqual(await only(123, HOURS, { record: 11, point: 2 }), [-16]);
  assert.deepEqual(
    await only(123, between(minute("2025-03-03T01:00"), minute("2025-03-03T03:00"), [9, 20]), { record: 11 }),
    [-17],
  );
  assert.deepEqual(
    await only(123, between(minute("2025-03-03T01:00"), minute("2025-03-03T03:00"), [3, 2]), { record: 11 }),
    [-17],
  );
  assert.deepEqual(await only(162, { kind: "addresses", addresses: [195] }), [-17]);
  assert.deepEqual(await only(123, backwards, { record: 11 }), [-18]);
  assert.deepEqual(
    await only(123, between(minute("2025-03-03T01:20"), minute("2025-03-03T01:40")), { record: 11 }),
    [-18],
  );
  assert.deepEqual(
    await only(123, between({ ...noTime, month: 2, day: 30 }, minute("2025-03-03T01:00")), { record: 11 }),
    [-18],
  );
  assert.deepEqual(await only(144, nothing, { record: 134 }), [-13]);
  assert.deepEqual(
    await only(
      134,
      { kind: "asked", range: [minute("2025-03-02T00:00"), minute("2025-03-05T00:00")] },
      { record: 134 },
    ),
    [-18],
  );
  assert.deepEqual(await only(133, nothing, { record: 135 }), [-15]);
  // What is not laid out as its type is.
  assert.deepEqual(await only(123, { kind: "octets", octets: fromHex("01 08") }, { record: 11 }), [-7]);
  assert.deepEqual(await only(123, HOURS, { record: 11, cause: 8 }), [9]);
  assert.deepEqual(await only(123, HOURS, { record: 11, cause: 10 }), []);
});

test("a new request drops the answers that nobody has fetched", async () => {
  const host = new FixtureHost();
  const { request, tell, poll, open } = rig(host);
  await open();
  await tell(123, HOURS, { record: 11 });
  assert.equal(poll()?.cause, 7);
  const moment = { kind: "addresses", addresses: [192] } as const;
  await tell(162, moment);
  assert.deepEqual(causes(await request(162, moment)), [5]);
});

test("a year is made as it is polled", async () => {
  const host = new FixtureHost();
  const { tell, poll, open, link } = rig(host);
  await open();
  await tell(122, between(minute("2025-01-01T01:00"), minute("2026-01-01T00:00")), { record: 12 });
  for (let k = 0; k < 10; k++) poll();
  assert.ok(host.made <= 11, String(host.made));
  link.close();
});

test("absolute totals go on, and their differences are those of the periods", async () => {
  const host = new FixtureHost();
  const { request, open } = rig(host);
  await open();
  const range = between(minute("2025-03-03T01:00"), minute("2025-03-03T02:00"), [1, 6]);
  const valuesOf = async (type: number) =>
    bodies(await request(type, range, { record: 12 })).flatMap((body) =>
      body.kind === "totals" ? [body.totals.map(({ value }) => value)] : [],
    );
  const [absolute, periods] = [await valuesOf(122), await valuesOf(123)];
  assert.deepEqual([absolute.length, periods.length], [5, 5]);
  for (let k = 1; k < 5; k++)
    assert.deepEqual(
      absolute[k]!.map((value, at) => value - absolute[k - 1]![at]!),
      periods[k],
    );
});

test("blocks have five periods of eight totals, six of six, as many as fit of three", async () => {
  const host = new FixtureHost();
  const { request, open } = rig(host);
  await open();
  const day = [minute("2025-03-03T01:00"), minute("2025-03-04T00:00")] as const;
  for (const [block, sizes] of [
    [9, [5, 5, 5, 5, 4]],
    [10, [6, 6, 6, 6]],
    [11, [11, 11, 2]],
  ] as const) {
    const answers = await request(190, { kind: "asked", block, range: day }, { record: 11 });
    assert.deepEqual(causes(answers), [7, ...sizes.map(() => 5), 10]);
    assert.deepEqual(
      bodies(answers).flatMap((body) => (body.kind === "blocks" ? [body.periods.length] : [])),
      sizes,
    );
    assert.equal(answers[1]?.type, 140);
  }
  assert.deepEqual(causes(await request(189, { kind: "asked", block: 12, range: day }, { record: 11 })), [-17]);
});

/** Times of the hourly totals of a day, as the telegrams have them. */
async function hoursOf(from: string, to: string, more: object = {}): Promise<readonly string[]> {
  const { request, open } = rig(new FixtureHost());
  await open();
  const asked = between(minute(from), { ...minute(to), ...more });
  return bodies(await request(123, asked, { record: 11 })).flatMap((body) =>
    body.kind === "totals" ? [timeText(body.at)] : [],
  );
}

test("the day on which clocks go forward has 23 hours, the one on which they go back 25", async () => {
  const spring = await hoursOf("2025-03-30T01:00", "2025-03-31T00:00");
  assert.equal(spring.length, 23);
  assert.deepEqual(spring.slice(0, 3), ["2025-03-30 01:00", "2025-03-30 03:00 summer", "2025-03-30 04:00 summer"]);
  assert.equal(spring.at(-1), "2025-03-31 00:00 summer");
  const autumn = await hoursOf("2025-10-26T01:00", "2025-10-27T00:00");
  assert.equal(autumn.length, 25);
  assert.deepEqual(autumn.slice(0, 4), [
    "2025-10-26 01:00 summer",
    "2025-10-26 02:00 summer",
    "2025-10-26 02:00",
    "2025-10-26 03:00",
  ]);
  assert.equal(autumn.at(-1), "2025-10-27 00:00");
});

test("the repeated hour is told apart by the bit of summer time", async () => {
  const [from, to] = ["2025-10-26T02:00", "2025-10-26T02:00"];
  assert.deepEqual(await hoursOf(from, to), ["2025-10-26 02:00"]);
  const { request, open } = rig(new FixtureHost());
  await open();
  const summer = minute(from, { summer: true });
  const both = await request(123, between(summer, minute(to)), { record: 11 });
  assert.deepEqual(causes(both), [7, 5, 5, 10]);
  const first = await request(123, between(summer, summer), { record: 11 });
  assert.deepEqual(causes(first), [7, 5, 10]);
});

test("an hour that clocks jump over is the one behind it", async () => {
  assert.deepEqual(await hoursOf("2025-03-30T02:00", "2025-03-30T03:00"), ["2025-03-30 03:00 summer"]);
});

test("the last hour of a day, a month and a year ends at midnight of the next", async () => {
  assert.equal((await hoursOf("2025-12-31T01:00", "2026-01-01T00:00")).at(-1), "2026-01-01 00:00");
  assert.deepEqual(await hoursOf("2026-02-28T23:00", "2026-03-01T01:00"), [
    "2026-02-28 23:00",
    "2026-03-01 00:00",
    "2026-03-01 01:00",
  ]);
});

test("the clock is set, or it is said that it is not", async () => {
  const host = new FixtureHost();
  const { request, open } = rig(host);
  await open();
  const at = { ...minute("2025-10-26T02:30"), second: 5, millisecond: 250 };
  assert.deepEqual(causes(await request(181, { kind: "time", at })), [7]);
  assert.deepEqual(causes(await request(181, { kind: "time", at: { ...at, summer: true } })), [7]);
  assert.deepEqual(host.setTo, [Date.UTC(2025, 9, 26, 1, 30, 5, 250), Date.UTC(2025, 9, 26, 0, 30, 5, 250)]);
  assert.deepEqual(causes(await request(181, { kind: "time", at: { ...at, month: 2, day: 29 } })), [-7]);
  assert.deepEqual(causes(await request(181, { kind: "time", at: { ...at, invalid: true } })), [-7]);
  assert.deepEqual(causes(await request(181, { kind: "time", at }, { test: true })), [-7]);
  host.told = "refused";
  assert.deepEqual(causes(await request(181, { kind: "time", at })), [-7]);
  host.told = "unsupported";
  assert.deepEqual(causes(await request(181, { kind: "time", at })), [-14]);
  assert.equal(host.setTo.length, 2);
});

test("29 February is in leap years only", async () => {
  const host = new FixtureHost();
  const { request, open } = rig(host);
  await open();
  const at = { ...minute("2028-02-29T12:00"), second: 0, millisecond: 0 };
  assert.deepEqual(causes(await request(181, { kind: "time", at })), [7]);
  assert.deepEqual(host.setTo, [Date.UTC(2028, 1, 29, 11)]);
});

test("events come by time, 27 an ASDU", async () => {
  const host = new FixtureHost();
  const { request, open } = rig(host);
  await open();
  for (let k = 1; k <= 58; k++)
    host.further.push({ address: 3, qualifier: 1, on: k % 2 === 1, at: host.at(Date.UTC(2025, 2, 5, 0, k)).stamp });
  const all = await request(101, nothing, { record: 52 });
  assert.deepEqual(causes(all), [7, 5, 5, 5, 10]);
  assert.deepEqual(
    all.map(({ count }) => count),
    [0, 27, 27, 6, 0],
  );
  // The minute that is said to be the last is one of them.
  const range = { kind: "asked", range: [minute("2025-03-05T01:10"), minute("2025-03-05T01:12")] } as const;
  const some = bodies(await request(102, range, { record: 52, count: 0 }));
  assert.ok(some[1]?.kind === "events");
  assert.deepEqual(
    some[1].events.map(({ at }) => at.minute),
    [10, 11, 12],
  );
  assert.deepEqual(causes(await request(101, nothing, { record: 53 })), [7, 10]);
  assert.deepEqual(causes(await request(101, nothing, { record: 60 })), [-15]);
});

test("the equipment says what it is, and its key to nobody", async () => {
  const host = new FixtureHost();
  const { request, open } = rig(host);
  await open();
  const [equipment] = bodies(await request(141, nothing));
  assert.ok(equipment?.kind === "equipment");
  assert.deepEqual(
    [equipment.model, equipment.battery, equipment.port1.speed, equipment.contracts],
    ["JS", 87, 6, [true, false, false]],
  );
  assert.deepEqual(equipment.volts, { primary: 660_000, secondary: 1100 });
  const [point] = bodies(await request(182, nothing));
  assert.ok(point?.kind === "point");
  assert.deepEqual([point.address, point.point, point.key, point.period], [0x870c, 1, 0, 60]);
  const [settings] = bodies(await request(156, { kind: "addresses", addresses: [192, 197, 198] }));
  assert.ok(settings?.kind === "settings");
  assert.deepEqual(settings.settings[1], { object: 197, periods: [60, 15] });
  assert.deepEqual(causes(await request(156, { kind: "addresses", addresses: [192, 200] })), [-17]);
});

test("holidays and contracted powers are told where the meter has them", async () => {
  const host = Object.assign(new FixtureHost(), {
    holidays: (contract: number) => (contract === 1 ? [{ year: 2025, month: 12, day: 25 }] : undefined),
    contracted: () => ({ powers: [{ object: 21, value: 450 }], since: host0.now() }),
  });
  const host0 = new FixtureHost();
  const { request, open } = rig(host);
  await open();
  const [days] = bodies(await request(147, nothing, { record: 134 }));
  assert.deepEqual(days, { kind: "days", days: [{ ...noTime, year: 25, month: 12, day: 25, weekday: 4 }] });
  assert.deepEqual(causes(await request(147, nothing, { record: 135 })), [-13]);
  const [powers] = bodies(await request(144, nothing, { record: 134 }));
  assert.ok(powers?.kind === "powers");
  assert.deepEqual(powers.powers, [{ object: 21, value: 450 }]);
});

test("by the base standard the station says that it has begun, and announces what waits as class 1", async () => {
  const host = new FixtureHost({ companion: "base", password: false });
  const { ask, poll, request, tell } = rig(host);
  assert.deepEqual(ask(9)?.control, { from: "secondary", fn: 11, acd: true, dfc: false });
  assert.deepEqual(causes([poll(10)!]), [4]);
  assert.deepEqual(ask(9)?.control, { from: "secondary", fn: 11, acd: false, dfc: false });
  await tell(103, nothing);
  const control = ask(9)?.control;
  assert.ok(control?.from === "secondary" && control.acd);
  assert.equal(poll(10)?.type, 72);
  // Private types are none of it, and without a password neither are sessions.
  assert.deepEqual(causes(await request(162, { kind: "addresses", addresses: [192] })), [-14]);
  assert.deepEqual(causes(await request(183, { kind: "key", key: 7 })), [-14]);
  host.epoch++;
  ask(9);
  assert.equal(poll()?.type, 70);
});

test("accounting and operational totals are those of the oldest period, of one, or of a range", async () => {
  const host = new FixtureHost({ companion: "base", password: false });
  const { request, poll } = rig(host);
  poll();
  const at = minute("2025-03-03T01:00");
  const answerOf = new Map([...types].map(([type, { answer }]) => [type, answer]));
  for (let type = 104; type <= 123; type++) {
    const objects = [2, 3] as const;
    const kind = (type - 104) % 4;
    const asked =
      type >= 120
        ? ({ kind: "asked", objects, range: [at, at] } as const)
        : (
            [
              nothing,
              { kind: "asked", objects },
              { kind: "asked", range: [at, at] },
              { kind: "asked", objects, range: [at, at] },
            ] as const
          )[kind]!;
    const answers = await request(type, asked, { record: 11 });
    assert.deepEqual(causes(answers), [7, 5, 10], String(type));
    const [, totals] = bodies(answers);
    assert.ok(totals?.kind === "totals");
    assert.equal(answers[1]?.type, answerOf.get(type));
    const isOldest = type < 120 && kind < 2;
    assert.equal(timeText(totals.at), isOldest ? "2025-01-01 01:00" : "2025-03-03 01:00");
    const isAll = type < 120 && (kind === 0 || kind === 2);
    assert.deepEqual(
      totals.totals.map(({ object }) => object),
      isAll ? [1, 2, 3, 4, 5, 6, 7, 8] : [2, 3],
    );
  }
});

test("the base standard has three bits of quality, and a value that it cannot say is invalid", async () => {
  const host = new FixtureHost({ companion: "base", password: false });
  host.totals = () => [
    {
      at: host.now(),
      totals: [
        { object: 1, value: 5, quality: 0x7f },
        { object: 2, value: undefined, quality: 0 },
        { object: 3, value: 2 ** 32 + 9.7, quality: 0 },
        { object: 4, value: -1, quality: 0 },
        { object: 5, value: NaN, quality: 0x10 },
      ],
    },
  ];
  const { request, poll } = rig(host);
  poll();
  const [, base] = bodies(await request(122, HOURS, { record: 11 }));
  assert.ok(base?.kind === "totals");
  const said = base.totals.map(({ value, quality }) => [value, quality]);
  assert.deepEqual(said, [
    [5, 0x60],
    [0, 0x80],
    [9, 0x20],
    [0, 0x80],
    [0, 0x80],
  ]);
});

test("more objects than an ASDU has room for are in several", async () => {
  const host = new FixtureHost();
  host.totals = () => [
    { at: host.now(), totals: Array.from({ length: 100 }, (_, k) => ({ object: k + 1, value: k, quality: 0 })) },
  ];
  const { request, open } = rig(host);
  await open();
  const asked = between(minute("2025-03-03T01:00"), minute("2025-03-03T03:00"), [1, 255]);
  const answers = await request(122, asked, { record: 11 });
  assert.deepEqual(
    answers.map(({ count }) => count),
    [1, 40, 40, 20, 1],
  );
});

test("an answer waits as long as the meter's port says, and not for ever many", () => {
  const host = new FixtureHost();
  const line = rig(host, { answerDelayMs: () => 40 });
  assert.equal(line.ask(9), undefined);
  for (let k = 0; k < 10_000; k++) line.ask(9);
  line.clock.advance(39);
  assert.equal(line.heard, "");
  line.clock.advance(1);
  // As many answers of six octets as wait at most.
  const octets = line.heard.split(" ").length;
  assert.ok(octets > 0 && octets <= limits.peers.turnaround, String(octets));
});

test("a frame that breaks off is given up after the time between characters, over TCP a little later", () => {
  for (const [pauseMs, waitMs] of [
    [0, 500],
    [2000, 2000],
  ] as const) {
    const line = rig(new FixtureHost(), { pauseMs });
    assert.equal(line.raw("68 0d 0d 68 73 0c 87"), "");
    line.clock.advance(waitMs - 1);
    assert.equal(line.misunderstood, 0);
    line.clock.advance(1);
    assert.equal(line.misunderstood, 1);
    assert.equal(line.raw("10 49 0c 87 dc 16"), "10 0b 0c 87 9e 16");
  }
});

test("the values of the moment say what is not known, and which way power goes", async () => {
  const host = new FixtureHost();
  host.instantaneous = () => ({
    at: host.now(),
    totals: [1.9, undefined, 2 ** 27 + 3, 4, NaN, 6],
    powers: [
      { active: -1500.4, reactive: -700, factor: -0.9, quadrant: 3 },
      { active: undefined, reactive: 5, factor: 1, quadrant: undefined },
      { active: 0, reactive: 0, factor: undefined, quadrant: undefined },
      { active: 1e12, reactive: 0, factor: 1, quadrant: 1 },
    ],
    phases: [
      { amps: 0.04, volts: 229.96 },
      { amps: undefined, volts: 230 },
      { amps: 1, volts: undefined },
    ],
  });
  const { request, open } = rig(host);
  await open();
  const [body] = bodies(await request(162, { kind: "addresses", addresses: [194, 193, 192, 192] }));
  assert.ok(body?.kind === "instantaneous");
  const [phases, powers, totals] = body.objects;
  assert.equal(body.objects.length, 3);
  assert.ok(totals?.object === 192 && powers?.object === 193 && phases?.object === 194);
  assert.deepEqual(totals.totals, [1, undefined, 3, 4, undefined, 6]);
  assert.deepEqual(powers.powers, [
    { active: 2, reactive: 1, factor: 900, exports: true, lower: true },
    undefined,
    { active: 0, reactive: 0, factor: 0, exports: false, lower: false },
    undefined,
  ]);
  assert.deepEqual(phases.phases, [{ amps: 0, volts: 2300 }, undefined, undefined]);
});

test("every type that is served is one of the table, with an answer", () => {
  for (const type of [...served.standard, ...served.spanish])
    assert.ok(types.get(type)?.answer !== undefined, String(type));
});

test("a request that is a sequence, or has more objects than its type, is refused as laid out otherwise", async () => {
  const host = new FixtureHost();
  const { open, request } = rig(host);
  await open();
  const range = between(minute("2025-03-04T01:00"), minute("2025-03-04T02:00"));
  const blocks = { kind: "asked", block: 9, range: [minute("2025-03-04T01:00"), minute("2025-03-04T02:00")] } as const;
  for (const head of [{ sequence: true }, { count: 2 }, { count: 127 }]) {
    assert.deepEqual(causes(await request(122, range, { record: 11, ...head })), [-7]);
    assert.deepEqual(causes(await request(189, blocks, { record: 11, ...head })), [-7]);
    assert.deepEqual(causes(await request(100, { kind: "nothing" }, head)), [-7]);
    assert.deepEqual(causes(await request(183, { kind: "key", key: 7 }, head)), [-7]);
  }
  assert.deepEqual(causes(await request(162, { kind: "addresses", addresses: [192, 193] })), [5]);
  assert.deepEqual(causes(await request(122, range, { record: 11 })), [7, 5, 5, 10]);
});
