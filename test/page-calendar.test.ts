/** The calendar that the page draws: the same rates at the same times as the meter's own, also on days of 23 and 25 hours. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { LocalTime } from "#clock/local-time.ts";
import { TouCalendar, dayTypes, rates, type Rate } from "#clock/tou-schedule.ts";
import { calendarIn, clockChangesIn, dayNumber, daysOf, kindOfDay, partsOf, stretchesOf } from "#web/page/calendar.ts";
import type { Json } from "#web/page/configuration-value.ts";
import fc from "fast-check";

const MINUTE = 60_000;
const saving = {
  start: { month: 3, week: 2, weekday: 0, hour: 2 },
  end: { month: 11, week: 1, weekday: 0, hour: 2 },
  minutes: 60,
};
const evenings = [
  { at: "07:00", rate: "B" },
  { at: "16:00", rate: "A" },
  { at: "21:00", rate: "C" },
];
const days = Object.fromEntries(
  dayTypes.map((type) => [type, type === "sunday" ? [{ at: "01:30", rate: "D" }] : evenings]),
);
const tou = { seasons: [{ month: 1, day: 1, days }], holidays: [{ date: "2026-12-25", type: 2 }] };

test("clocks change on the days that the law of the United States says, 8 March and 1 November 2026", () => {
  const calendar = calendarIn(tou, saving);
  assert.deepEqual(clockChangesIn(calendar, 2026), [
    { date: "2026-03-08", minute: 120, forward: 60 },
    { date: "2026-11-01", minute: 120, forward: -60 },
  ]);
  // Saturday ends with C. Of the 23 hours of that Sunday 1.5 are C, and 21.5 D; of the 25 of the other 1.5 are C, half an hour D, half an hour
  // C again, as the wall clock shows one o'clock for the second time, and 22.5 D.
  const told = (date: string) => partsOf(calendar, date).map(({ from, to, rate }) => [from, to, rate]);
  assert.deepEqual(told("2026-03-08"), [
    [0, 90, "C"],
    [90, 1380, "D"],
  ]);
  assert.deepEqual(told("2026-11-01"), [
    [0, 90, "C"],
    [90, 120, "D"],
    [120, 150, "C"],
    [150, 1500, "D"],
  ]);
});

test("a holiday is a day of its own kind, and a year has 365 days, or 366", () => {
  const calendar = calendarIn(tou, undefined);
  assert.equal(kindOfDay(calendar, "2026-12-25"), "holiday2");
  assert.equal(kindOfDay(calendar, "2026-12-24"), "thursday");
  assert.deepEqual([daysOf(2026).length, daysOf(2028).length], [365, 366]);
  assert.equal(
    stretchesOf(calendar, 2026).reduce((sum, one) => sum + one.days, 0),
    365,
  );
});

test("what is entered only half is passed over", () => {
  const half = { seasons: [{ month: 1, day: 1, days: { monday: [{ at: "7", rate: "B" }, { at: "08:00" }] } }, 3, {}] };
  const calendar = calendarIn(half, { start: 3 });
  assert.deepEqual(calendar.seasons, [{ place: 0, month: 1, day: 1, days: { monday: [] } }]);
  assert.deepEqual(partsOf(calendar, "2026-01-05"), [{ from: 0, to: 1440, wall: 0, rate: undefined }]);
  assert.deepEqual(calendarIn(undefined, undefined).seasons, []);
});

const time = fc.integer({ min: 0, max: 95 }).map((quarter) => {
  const minute = 15 * quarter;
  return `${String(Math.floor(minute / 60)).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`;
});
const schedule = fc
  .uniqueArray(fc.record({ at: time, rate: fc.constantFrom(...rates) }), { maxLength: 4, selector: ({ at }) => at })
  .map((list) => list.toSorted((a, b) => a.at.localeCompare(b.at)));
const season = fc.record({
  month: fc.integer({ min: 1, max: 12 }),
  day: fc.integer({ min: 1, max: 28 }),
  days: fc.record(Object.fromEntries(dayTypes.map((type) => [type, schedule]))),
});
const yearly = (month: number) =>
  fc.record({
    month: fc.constant(month),
    week: fc.integer({ min: 1, max: 5 }),
    weekday: fc.integer({ min: 0, max: 6 }),
    hour: fc.integer({ min: 1, max: 3 }),
  });

test("at each minute of any day the rate is the one that the meter's calendar has at that instant", () => {
  const calendars = fc.record({
    seasons: fc.uniqueArray(season, { maxLength: 3, selector: ({ month, day }) => 100 * month + day }),
    holidays: fc.uniqueArray(
      fc.record({
        date: fc.integer({ min: 0, max: 364 }).map((k) => daysOf(2026)[k] ?? ""),
        type: fc.constantFrom(1, 2),
      }),
      { maxLength: 5, selector: ({ date }) => date },
    ),
  });
  fc.assert(
    fc.property(
      calendars,
      fc.record({ start: yearly(3), end: yearly(10), minutes: fc.constant(60) }),
      fc.array(fc.integer({ min: 0, max: 364 }), { maxLength: 4 }),
      (value, rules, some) => {
        const calendar = calendarIn(value as unknown as Json, rules);
        const clock = new LocalTime(-300, rules);
        const minuteOf = (at: string): number => 60 * Number(at.slice(0, 2)) + Number(at.slice(3));
        const own = new TouCalendar({
          seasons: value.seasons.map((one) => ({
            ...one,
            days: Object.fromEntries(
              Object.entries(one.days).map(([type, list]) => [
                type,
                list.map(({ at, rate }) => ({ minute: minuteOf(at), rate: rate as Rate })),
              ]),
            ) as never,
          })),
          holidays: value.holidays.map(({ date, type }) => {
            const [year = 0, month = 0, day = 0] = date.split("-").map(Number);
            return { year, month, day, type: type as 1 | 2 };
          }),
        });
        const changes = clockChangesIn(calendar, 2026).map(({ date }) => date);
        for (const date of [...changes, ...some.map((k) => daysOf(2026)[k] ?? "")]) {
          const begins = clock.utcOf(dayNumber(date) * 1440 * MINUTE);
          const ends = clock.utcOf((dayNumber(date) + 1) * 1440 * MINUTE);
          const parts = partsOf(calendar, date);
          assert.deepEqual([parts[0]?.from, parts.at(-1)?.to], [0, (ends - begins) / MINUTE], date);
          for (const [k, { from, to, rate }] of parts.entries()) {
            assert.equal(from, k === 0 ? 0 : parts[k - 1]?.to);
            for (const minute of [from, Math.floor((from + to) / 2), to - 1])
              assert.equal(rate, own.rateAt(clock.local(begins + minute * MINUTE)), `${date} ${minute}`);
          }
        }
      },
    ),
  );
});
