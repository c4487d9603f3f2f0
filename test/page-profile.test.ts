/** A day of a load profile as the page draws it: days of 23 and 25 hours, gaps, marks. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { ProfileRecordView, ProfileView } from "#quantity/meter-api.ts";
import { dayChart, withNewest } from "#web/page/profile-days.ts";

const text = (ms: number): string => new Date(ms).toISOString().slice(0, 19).replace("T", " ");

/** Records of an hour between two instants of UTC, in New York's time: four hours behind from `summer` until `winter`, five otherwise. */
function hours(
  from: string,
  to: string,
  more: (start: number) => Partial<ProfileRecordView> | undefined = () => ({}),
): ProfileView {
  const [summer, winter] = [Date.parse("2026-03-08T07:00:00Z"), Date.parse("2026-11-01T06:00:00Z")];
  const offset = (ms: number): number => (ms >= summer && ms < winter ? -240 : -300);
  const records: ProfileRecordView[] = [];
  for (let start = Date.parse(from); start < Date.parse(to); start += 3_600_000) {
    const end = start + 3_600_000;
    const own = more(start);
    if (own === undefined) continue;
    const [s, e] = [offset(start), offset(end)];
    const [localStart, localEnd] = [text(start + s * 60_000), text(end + e * 60_000)];
    const [utcStart, utcEnd] = [new Date(start).toISOString(), new Date(end).toISOString()];
    records.push({
      sequence: records.length,
      type: "normal",
      status: [],
      values: [records.length + 1],
      start: localStart,
      end: localEnd,
      until: localEnd,
      utc: { start: utcStart, end: utcEnd, until: utcEnd },
      offsetMinutes: { start: s, end: e, until: e },
      ...own,
    });
  }
  return { minutes: 60, data: "counts", channels: ["Wh.import x 1000"], records, next: records.length };
}

test("an ordinary day has 24 hours, a value holds until the next, counts are worth what they are", () => {
  const day = dayChart(hours("2026-02-10T05:00Z", "2026-02-11T05:00Z"), {
    day: "2026-02-10",
    channel: 0,
    offsetMinutes: -300,
  });
  assert.equal(day.hours, 24);
  assert.deepEqual([day.begin, day.end], [Date.parse("2026-02-10T05:00Z"), Date.parse("2026-02-11T05:00Z")]);
  assert.deepEqual(day.values.slice(0, 3), [1000, 2000, 3000]);
  // The last ends with the day, and is drawn until then: a line by steps goes no further than its values.
  assert.deepEqual([day.times.at(-2), day.values.at(-2)], [day.end - 1, 24_000]);
  assert.deepEqual([day.times.at(-1), day.values.at(-1)], [day.end, null]);
  assert.deepEqual(
    day.ticks.map(({ label }) => label),
    ["00:00", "03:00", "06:00", "09:00", "12:00", "15:00", "18:00", "21:00"],
  );
  assert.deepEqual(day.marks, []);
});

test("the day on which daylight saving begins has 23 hours, and no two o'clock; the one on which it ends has 25", () => {
  const spring = dayChart(hours("2026-03-08T05:00Z", "2026-03-09T04:00Z"), {
    day: "2026-03-08",
    channel: 0,
    offsetMinutes: -300,
  });
  assert.equal(spring.hours, 23);
  assert.equal(new Set(spring.values.filter((value) => value !== null)).size, 23);
  // 03:00 of the wall clock is two hours after midnight.
  assert.equal(spring.ticks[1]?.label, "03:00");
  assert.equal((spring.ticks[1]!.at - spring.begin) / 3_600_000, 2);
  // A meter that was off from the change on shows it, too: the last record ends in the new time.
  const off = hours("2026-03-08T05:00Z", "2026-03-09T04:00Z", (start) => {
    const hour = new Date(start).getUTCHours();
    return hour >= 7 && hour < 10 ? undefined : {};
  });
  const dark = dayChart(off, { day: "2026-03-08", channel: 0, offsetMinutes: -300 });
  assert.deepEqual([dark.ticks[1]?.label, (dark.ticks[1]!.at - dark.begin) / 3_600_000], ["03:00", 2]);
  const autumn = dayChart(hours("2026-11-01T04:00Z", "2026-11-02T05:00Z"), {
    day: "2026-11-01",
    channel: 0,
    offsetMinutes: -240,
  });
  assert.equal(autumn.hours, 25);
  assert.equal((autumn.ticks[1]!.at - autumn.begin) / 3_600_000, 4);
});

test("what was not recorded is a gap in the line and said; what is remarkable about a record is marked", () => {
  const outage = Date.parse("2026-02-10T09:00Z");
  const view = hours("2026-02-10T05:00Z", "2026-02-10T12:00Z", (start) => {
    if (start === outage || start === outage + 3_600_000) return undefined;
    return start === outage - 3_600_000 ? { type: "powerFail", status: ["partial", "powerLost"] } : {};
  });
  const { times, values, marks } = dayChart(view, { day: "2026-02-10", channel: 0, offsetMinutes: -300 });
  const at = times.indexOf(outage);
  assert.equal(values[at], null);
  // As wide as all others.
  assert.deepEqual([times[at - 1], values[at - 1]], [outage - 1, values[at - 2]]);
  assert.equal(times[at + 1], outage + 2 * 3_600_000);
  assert.deepEqual(
    marks.map(({ words }) => words),
    ["03:00 AM to 04:00 AM: power failed, which cut the interval short", "04:00 AM to 06:00 AM: nothing recorded"],
  );
});

test("the first minutes of a meter fill the axis: whole hours, two of them at least, with labels between", () => {
  const whole = hours("2026-02-10T14:00Z", "2026-02-10T15:00Z");
  const [first] = whole.records;
  const start = Date.parse("2026-02-10T14:18:43Z");
  const record: ProfileRecordView = {
    ...first!,
    start: "2026-02-10 09:18:43",
    end: "2026-02-10 09:18:52",
    utc: { start: `${text(start)}Z`, end: `${text(start + 9000)}Z`, until: `${text(start + 9000)}Z` },
    type: "powerFail",
    status: ["partial", "powerLost"],
  };
  const options = { day: "2026-02-10", channel: 0, offsetMinutes: -300 };
  const view = { ...whole, records: [record] };
  const day = dayChart(view, options);
  assert.deepEqual(day.range, [Date.parse("2026-02-10T14:00Z"), Date.parse("2026-02-10T16:00Z")]);
  assert.deepEqual(
    day.ticks.map(({ label }) => label),
    ["09:00", "09:15", "09:30", "09:45", "10:00", "10:15", "10:30", "10:45"],
  );
  assert.deepEqual(
    day.marks.map(({ words }) => words),
    ["09:18:43 AM to 09:18:52 AM: power failed, which cut the interval short"],
  );
  // What is marked beside the records is on the axis, and of this day only.
  const logged = [
    { at: Date.parse("2026-02-10T19:30Z"), words: "14:30: sag" },
    { at: Date.parse("2026-02-11T19:30Z"), words: "tomorrow" },
  ];
  const wider = dayChart(view, { ...options, logged });
  assert.deepEqual(wider.range, [Date.parse("2026-02-10T14:00Z"), Date.parse("2026-02-10T22:00Z")]);
  assert.deepEqual(wider.ticks[0]?.label, "09:00");
  assert.deepEqual(wider.marks.at(-1)?.words, "14:30: sag");
  // At the end of the day the axis ends with it.
  const late = dayChart(hours("2026-02-11T04:00Z", "2026-02-11T05:00Z"), options);
  assert.deepEqual(late.range, [late.end - 2 * 3_600_000, late.end]);
  const none = dayChart({ ...view, records: [] }, options);
  assert.deepEqual(none.range, [none.begin, none.end]);
});

test("the chart of a day takes each record with the reading that tells of it, as the table does", () => {
  const whole = hours("2026-02-10T05:00Z", "2026-02-11T08:00Z");
  const upTo = (count: number): ProfileView => ({ ...whole, records: whole.records.slice(0, count), next: count });
  const newest = (next: number): ProfileView => ({ ...whole, records: whole.records.slice(next - 12, next), next });
  const shown = (asked: number, next: number): number[] =>
    withNewest(upTo(asked), newest(next), "2026-02-10").records.map(({ sequence }) => sequence);
  const first = (count: number): number[] => Array.from({ length: count }, (_, k) => k);
  assert.deepEqual(shown(13, 15), first(15));
  assert.deepEqual(shown(13, 13), first(13));
  // Of the next day none: 24 records are a day.
  assert.deepEqual(shown(22, 27), first(24));
  // What does not follow would look like a gap: that is asked for.
  assert.deepEqual(shown(5, 18), first(5));
  // An answer that is later than the reading knows it all.
  assert.deepEqual(shown(15, 13), first(15));
});

test("a clock that was set back leaves two records of one time: the line goes on, never back", () => {
  const view = hours("2026-02-10T05:00Z", "2026-02-10T09:00Z");
  const again = hours("2026-02-10T06:00Z", "2026-02-10T08:00Z", () => ({ type: "timeSet" }));
  const { times, marks } = dayChart(
    { ...view, records: [...view.records, ...again.records] },
    { day: "2026-02-10", channel: 0, offsetMinutes: -300 },
  );
  for (const [k, time] of times.entries()) if (k > 0) assert.ok(time > times[k - 1]!, `${k}`);
  assert.equal(marks.filter(({ words }) => words.includes("the clock was set")).length, 2);
});

test("an interval in which nothing was known of what a channel averages is a break of its line", () => {
  const whole = hours("2026-02-10T05:00Z", "2026-02-10T08:00Z");
  const records = whole.records.map((record, k) =>
    k === 1 ? { ...record, values: record.values.map(() => null) } : record,
  );
  const { times, values } = dayChart({ ...whole, records }, { day: "2026-02-10", channel: 0, offsetMinutes: -300 });
  assert.equal(values[times.indexOf(Date.parse("2026-02-10T06:00Z"))], null);
  assert.notEqual(values[times.indexOf(Date.parse("2026-02-10T07:00Z"))], null);
});
