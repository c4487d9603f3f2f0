/** Wall clocks of places whose rules differ, held against the dates that their laws give. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { LocalTime, type DaylightSaving, type YearlyInstant } from "./local-time.ts";

const sunday = (month: number, week: number, hour: number): YearlyInstant => ({ month, week, weekday: 0, hour });
const rule = (start: YearlyInstant, end: YearlyInstant, minutes = 60): DaylightSaving => ({ start, end, minutes });
const zones = {
  newYork: new LocalTime(-300, rule(sunday(3, 2, 2), sunday(11, 1, 2))),
  santiago: new LocalTime(-240, rule(sunday(9, 1, 0), sunday(4, 1, 0))),
  midnight: new LocalTime(-300, rule(sunday(3, 1, 0), sunday(11, 1, 1))),
  lordHowe: new LocalTime(630, rule(sunday(10, 1, 2), sunday(4, 1, 2), 30)),
};
const local = (text: string): number => Date.parse(`${text}Z`);
const utc = (at: number | undefined): string => new Date(at ?? NaN).toISOString().slice(0, 16);

test("an instant of the wall clock: the first of two, and the change itself where clocks leave it out", () => {
  for (const [zone, wall, expected] of [
    ["newYork", "2026-11-01T00:59", "2026-11-01T04:59"],
    ["newYork", "2026-11-01T01:30", "2026-11-01T05:30"],
    ["newYork", "2026-11-01T02:00", "2026-11-01T07:00"],
    ["newYork", "2026-03-08T02:30", "2026-03-08T07:00"],
    ["newYork", "2026-03-08T03:30", "2026-03-08T07:30"],
    // Clocks go back at the midnight itself: the day begins an hour later.
    ["santiago", "2026-04-05T00:00", "2026-04-05T04:00"],
    ["santiago", "2026-09-06T00:00", "2026-09-06T04:00"],
    ["lordHowe", "2026-04-05T01:45", "2026-04-04T14:45"],
    ["lordHowe", "2026-10-04T02:15", "2026-10-03T15:30"],
  ] as const) {
    assert.equal(utc(zones[zone].utcOf(local(wall))), expected, `${zone} ${wall}`);
  }
});

test("midnight comes once a day, also where it comes twice or not at all", () => {
  const days = (zone: LocalTime, from: string, count: number): string[] => {
    const found: string[] = [];
    for (let at = Date.parse(`${from}Z`); found.length < count;) found.push(utc((at = zone.nextMidnight(at))));
    return found;
  };
  assert.deepEqual(days(zones.santiago, "2026-04-04T03:00", 2), ["2026-04-05T04:00", "2026-04-06T04:00"]);
  assert.deepEqual(days(zones.santiago, "2026-09-05T04:00", 2), ["2026-09-06T04:00", "2026-09-07T03:00"]);
  // From 00:59 back to 00:00: the first one counts.
  assert.deepEqual(days(zones.midnight, "2026-10-31T05:00", 2), ["2026-11-01T04:00", "2026-11-02T05:00"]);
  assert.deepEqual(days(zones.midnight, "2026-02-28T05:00", 2), ["2026-03-01T05:00", "2026-03-02T04:00"]);
});

test("hours of the wall clock: a change by half an hour ends one and makes a short one", () => {
  const hours = (from: string): string[] => {
    const found: string[] = [];
    for (let at = Date.parse(`${from}Z`); found.length < 3;) found.push(utc((at = zones.lordHowe.nextHour(at))));
    return found;
  };
  // 01:00 of summer time, 02:00 that is 01:30, 02:00.
  assert.deepEqual(hours("2026-04-04T13:30"), ["2026-04-04T14:00", "2026-04-04T15:00", "2026-04-04T15:30"]);
  // 01:00, 02:00 that is 02:30, 03:00.
  assert.deepEqual(hours("2026-10-03T14:00"), ["2026-10-03T14:30", "2026-10-03T15:30", "2026-10-03T16:00"]);
});

test("the wall clock is that of the world's own zones for twenty years", () => {
  const names = { newYork: "America/New_York", santiago: undefined, lordHowe: "Australia/Lord_Howe" } as const;
  for (const [name, zone] of Object.entries(names)) {
    if (zone === undefined) continue;
    for (let at = Date.UTC(2009, 0, 1, 0, 10); at < Date.UTC(2029, 0, 1); at += 37 * 3_600_000 + 60_000) {
      const wall = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone).toPlainDateTime();
      const shown = zones[name as keyof typeof zones].local(at);
      assert.equal(new Date(shown).toISOString().slice(0, 16), wall.toString().slice(0, 16), `${name} ${utc(at)}`);
    }
  }
});
