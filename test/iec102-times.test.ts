/** Local times over IEC 60870-5-102: what a station stamps it finds again, and what a reader sets is summer time where it is. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { offsetAt, plainOf, telegramOf } from "#headend/iec102-local.ts";
import { timeText } from "#headend/iec102-words.ts";
import { readTimeA, readTimeB, writeTimeA, writeTimeB } from "#protocol/iec102/asdu/time.ts";
import { timeAOf, timeBOf, utcOf } from "#protocol/iec102/station/telegram-time.ts";
import { Reader, Writer } from "#wire/cursor.ts";
import { FixtureHost, zone } from "./iec102-host.ts";
import { share } from "./share.ts";

const MINUTE_MS = 60_000;
const host = new FixtureHost();
const ofHost = (local: Parameters<FixtureHost["utcOf"]>[0]): number | undefined => host.utcOf(local);

/** From 2000 to 2099, and half of them within a day of a change of clocks. */
const instants = fc.oneof(
  fc.integer({ min: Date.UTC(2000, 0, 1), max: Date.UTC(2099, 11, 31) }),
  fc
    .tuple(fc.integer({ min: 2000, max: 2098 }), fc.boolean(), fc.integer({ min: -86_400_000, max: 86_400_000 }))
    .map(([year, isSpring, off]) => (zone.nextChange(Date.UTC(year, isSpring ? 0 : 6, 1)) ?? NaN) + off),
);

test("every instant comes back from the telegram that has it, in the repeated hour, too", () => {
  fc.assert(
    fc.property(instants, (utc) => {
      const b = new Writer();
      writeTimeB(b, timeBOf(host.at(utc)));
      assert.equal(utcOf(readTimeB(new Reader(b.done())), ofHost), utc);
      const a = new Writer();
      writeTimeA(a, timeAOf(host.at(utc)));
      assert.equal(utcOf(readTimeA(new Reader(a.done())), ofHost), Math.floor(utc / MINUTE_MS) * MINUTE_MS);
    }),
    { numRuns: share(500, 2000, 50_000) },
  );
});

test("a telegram has the weekday of its date, Monday first", () => {
  fc.assert(
    fc.property(instants, (utc) => {
      const { year, month, day, weekday } = timeAOf(host.at(utc));
      const date = Temporal.PlainDate.from({ year: 2000 + year, month, day });
      assert.equal(weekday, date.dayOfWeek);
    }),
  );
});

test("what is no time of a calendar is none", () => {
  const good = timeBOf(host.at(Date.UTC(2024, 1, 29, 12)));
  assert.equal(utcOf(good, ofHost), Date.UTC(2024, 1, 29, 12));
  for (const wrong of [
    { year: 23 },
    { year: 100 },
    { month: 0 },
    { month: 13 },
    { day: 0 },
    { day: 30 },
    { hour: 24 },
    { minute: 60 },
    { second: 60 },
    { millisecond: 1000 },
  ])
    assert.equal(utcOf({ ...good, ...wrong }, ofHost), undefined, JSON.stringify(wrong));
  assert.equal(plainOf({ ...good, day: 30 }), undefined);
  assert.equal(timeText({ ...good, month: 0 }), undefined);
});

test("summer time is where and when it is", () => {
  const [january, july] = [Date.UTC(2026, 0, 15), Date.UTC(2026, 6, 15)];
  const cases = [
    ["Europe/Madrid", { offsetMinutes: 60, summer: false }, { offsetMinutes: 120, summer: true }],
    ["America/New_York", { offsetMinutes: -300, summer: false }, { offsetMinutes: -240, summer: true }],
    ["Australia/Sydney", { offsetMinutes: 660, summer: true }, { offsetMinutes: 600, summer: false }],
    ["Asia/Kolkata", { offsetMinutes: 330, summer: false }, { offsetMinutes: 330, summer: false }],
    ["UTC", { offsetMinutes: 0, summer: false }, { offsetMinutes: 0, summer: false }],
  ] as const;
  for (const [name, winter, summer] of cases) {
    assert.deepEqual(offsetAt(january, name), winter, name);
    assert.deepEqual(offsetAt(july, name), summer, name);
  }
  const at = telegramOf(Date.UTC(2026, 9, 25, 0, 30, 5, 250), { offsetMinutes: 120, summer: true });
  assert.equal(timeText(at), "2026-10-25T02:30:05.250");
  assert.deepEqual([at.summer, at.weekday], [true, 7]);
});
