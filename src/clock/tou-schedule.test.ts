/** Local time and tariffs against calendars on paper. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { LocalTime, weekdayOf } from "./local-time.ts";
import { dayTypes, TouCalendar, type DayType, type Switch } from "./tou-schedule.ts";

const utc = (text: string): number => Temporal.Instant.from(text).epochMilliseconds;
/** Local time as milliseconds. */
const at = (text: string): number => utc(`${text}:00Z`);

/** New York since 2007: second Sunday of March 02:00 to first Sunday of November 02:00. */
const newYork = new LocalTime(-300, {
  start: { month: 3, week: 2, weekday: 0, hour: 2 },
  end: { month: 11, week: 1, weekday: 0, hour: 2 },
  minutes: 60,
});
/** Sydney: first Sunday of October 02:00 to first Sunday of April 03:00. */
const sydney = new LocalTime(600, {
  start: { month: 10, week: 1, weekday: 0, hour: 2 },
  end: { month: 4, week: 1, weekday: 0, hour: 3 },
  minutes: 60,
});

test("local time is what the zone database says, hour by hour over three years, north and south", () => {
  for (const [local, zone] of [
    [newYork, "America/New_York"],
    [sydney, "Australia/Sydney"],
  ] as const) {
    for (let t = utc("2025-01-01T00:00:00Z"); t < utc("2028-01-01T00:00:00Z"); t += 1_800_000) {
      const there = Temporal.Instant.fromEpochMilliseconds(t).toZonedDateTimeISO(zone);
      const wall = local.wall(t);
      assert.equal(wall.hour * 60 + wall.minute, there.hour * 60 + there.minute, `${zone} ${there.toString()}`);
      assert.equal(wall.day, there.day);
    }
  }
});

test("the changes of 2026: 8 March 07:00 UTC and 1 November 06:00 UTC", () => {
  const spring = newYork.nextChange(utc("2026-01-01T00:00:00Z"));
  assert.equal(spring, utc("2026-03-08T07:00:00Z"));
  assert.equal(newYork.nextChange(spring!), utc("2026-11-01T06:00:00Z"));
  assert.equal(newYork.nextChange(utc("2026-11-01T06:00:00Z")), utc("2027-03-14T07:00:00Z"));
  assert.equal(new LocalTime(0).nextChange(0), undefined);
});

test("local times become instants again; of two the first, and none in the gap", () => {
  assert.equal(newYork.utcOf(at("2026-07-01T12:00")), utc("2026-07-01T16:00:00Z"));
  assert.equal(newYork.utcOf(at("2026-01-15T12:00")), utc("2026-01-15T17:00:00Z"));
  assert.equal(newYork.utcOf(at("2026-11-01T01:30")), utc("2026-11-01T05:30:00Z"));
});

test("weekdays", () => {
  assert.equal(weekdayOf(0), 4);
  assert.equal(weekdayOf(at("2026-11-21T10:00")), 6);
  assert.equal(weekdayOf(at("1969-12-28T00:00")), 0);
});

const work: readonly Switch[] = [
  { minute: 0, rate: "C" },
  { minute: 7 * 60, rate: "B" },
  { minute: 10 * 60, rate: "A" },
  { minute: 20 * 60, rate: "C" },
];
const rest: readonly Switch[] = [{ minute: 0, rate: "C" }];
const week = (weekday: readonly Switch[], holiday2: readonly Switch[] = []): Record<DayType, readonly Switch[]> =>
  Object.fromEntries(
    dayTypes.map((type) => [type, type === "holiday2" ? holiday2 : /^(sat|sun|hol)/.test(type) ? rest : weekday]),
  ) as Record<DayType, readonly Switch[]>;

const calendar = new TouCalendar({
  seasons: [
    { month: 10, day: 1, days: week([{ minute: 0, rate: "D" }], [{ minute: 12 * 60, rate: "H" }]) },
    { month: 5, day: 1, days: week(work) },
  ],
  holidays: [
    { year: 2026, month: 7, day: 3, type: 1 },
    { year: 2026, month: 12, day: 25, type: 2 },
  ],
});

test("rates by season, weekday and holiday", () => {
  for (const [time, rate] of [
    ["2026-07-01T06:59", "C"],
    ["2026-07-01T07:00", "B"],
    ["2026-07-01T10:00", "A"],
    ["2026-07-01T19:59", "A"],
    ["2026-07-01T20:00", "C"],
    // Saturday, and a Friday that is a holiday.
    ["2026-07-04T12:00", "C"],
    ["2026-07-03T12:00", "C"],
    ["2027-07-02T12:00", "A"],
    // Winter goes on over the new year until 1 May.
    ["2026-10-01T12:00", "D"],
    ["2027-01-04T12:00", "D"],
    ["2026-04-30T12:00", "D"],
    ["2026-05-01T12:00", "A"],
    // A day without a switch at midnight goes on with the rate of the day before.
    ["2026-12-25T11:59", "D"],
    ["2026-12-25T12:00", "H"],
  ] as const) {
    assert.equal(calendar.rateAt(at(time)), rate, time);
  }
  assert.equal(calendar.seasonAt(at("2026-07-01T00:00")), 0);
  assert.equal(calendar.seasonAt(at("2026-02-01T00:00")), 1);
});

test("the next switch is the next time at which something may change", () => {
  assert.equal(calendar.nextSwitch(at("2026-07-01T07:00")), at("2026-07-01T10:00"));
  assert.equal(calendar.nextSwitch(at("2026-07-01T20:00")), at("2026-07-02T00:00"));
});

test("without seasons there is no rate", () => {
  const none = new TouCalendar({ seasons: [], holidays: [] });
  assert.equal(none.rateAt(at("2026-07-01T07:00")), undefined);
  assert.equal(none.seasonAt(at("2026-07-01T07:00")), undefined);
});
