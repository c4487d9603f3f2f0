/** A year of a revenue meter, and its bill worked out apart from it: minute by minute, with the zone database's local time. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { channel, eastern, everyDay, measure, register, revenueRig } from "./revenue-rig.ts";

/** Pseudo-random loads, some of them flowing back. */
function load(minute: number): { w: number; q: number } {
  const x = Math.imul(minute + 1, 2_654_435_761) >>> 0;
  return { w: (x % 9000) - 900, q: ((x >>> 12) % 3000) - 500 };
}

const summer = [
  { minute: 0, rate: "C" },
  { minute: 7 * 60, rate: "B" },
  { minute: 12 * 60 + 30, rate: "A" },
  { minute: 20 * 60, rate: "C" },
] as const;
const winter = [
  { minute: 6 * 60, rate: "B" },
  { minute: 22 * 60, rate: "C" },
] as const;
const weekend = [{ minute: 0, rate: "C" }] as const;

const seasons = [
  { month: 5, day: 1, days: { ...everyDay(summer), saturday: weekend, sunday: weekend, holiday1: weekend } },
  { month: 10, day: 1, days: { ...everyDay(winter), saturday: weekend, sunday: weekend, holiday1: weekend } },
];
const holidays = ["2026-07-03", "2026-12-25"].map((date) => {
  const { year, month, day } = Temporal.PlainDate.from(date);
  return { year, month, day, type: 1 as const };
});

/** The rate by hand, from a wall clock of New York. */
function rateOf(wall: Temporal.ZonedDateTime): "A" | "B" | "C" {
  const date = wall.toPlainDate();
  const isSummer = wall.month > 4 && wall.month < 10;
  const free = wall.dayOfWeek >= 6 || holidays.some((h) => h.month === date.month && h.day === date.day);
  const minute = wall.hour * 60 + wall.minute;
  if (free) return "C";
  if (isSummer) return minute < 420 || minute >= 1200 ? "C" : minute < 750 ? "B" : "A";
  // Winter's days begin with what the day before ended with: C always.
  return minute < 360 || minute >= 1320 ? "C" : "B";
}

test("a year's bill: the tariffs add up to the total, the profile adds up to the total, to the last count", () => {
  const tariffs = ["A", "B", "C"] as const;
  const rig = revenueRig(
    {
      registers: {
        normal: [
          register(1),
          ...tariffs.map((tariff, k) => register(2 + k, { tariff })),
          register(5, { measure: measure("Wh", "received") }),
          register(6, { type: "peakDemand", measure: measure("W"), tariff: "A" }),
          register(7, { type: "peakDemand", measure: measure("W"), storage: "billingReset" }),
        ],
        alternate: [register(101, { storage: "billingReset", selfRead: true })],
        test: [],
      },
      profiles: [
        {
          channels: [
            channel(measure("Wh"), 7),
            channel(measure("Wh", "received"), 1),
            channel(measure("varh", "q1"), 0.3),
          ],
          minutes: 15,
          externalSync: false,
          data: "counts",
          events: true,
          freezeMarkers: true,
        },
      ],
      tou: { seasons, holidays },
      timekeeping: {
        sync: "crystal",
        toleranceMs: 500,
        utcOffsetMinutes: -300,
        daylightSaving: eastern,
        freeze: { every: "week", minute: 0, day: 1 },
        billingReset: { every: "month", minute: 0, day: 1 },
      },
      selfRead: { every: "month", minute: 0, day: 1 },
    },
    load,
    { utc: "2026-01-01T05:00:00Z" },
  );
  // Three outages: from a minute of the year on, so many minutes.
  const outages = [
    [12_345, 7],
    [200_000, 180],
    // From midnight, over the end of daylight saving at 06:00 UTC.
    [437_700, 180],
  ] as const;
  const days = 365;
  const minutes = days * 1440;
  let at = 0;
  for (const [from, length] of outages) {
    rig.run(from - at);
    rig.fail(true);
    rig.run(length);
    rig.fail(false);
    at = from + length;
  }
  rig.run(minutes - at);

  const bill = { A: 0, B: 0, C: 0, received: 0, q1: 0 };
  const start = Temporal.Instant.from("2026-01-01T05:00:00Z").toZonedDateTimeISO("America/New_York");
  let wall = start;
  for (let minute = 0; minute < minutes; minute++) {
    if (minute % 60 === 0) wall = start.add({ minutes: minute });
    const dark = outages.some(([from, length]) => minute >= from && minute < from + length);
    const { w, q } = load(minute);
    if (dark || Math.hypot(w, q) / 360 < 0.002) continue;
    const rate = rateOf(minute % 60 === 0 ? wall : wall.add({ minutes: minute % 60 }));
    if (w >= 0) bill[rate] += w / 60;
    else bill.received += -w / 60;
    if (w >= 0 && q >= 0) bill.q1 += q / 60;
  }
  const near = (actual: number, expected: number): void =>
    assert.ok(Math.abs(actual - expected) < 1e-3, `${actual} for ${expected}`);
  near(rig.value(2), bill.A);
  near(rig.value(3), bill.B);
  near(rig.value(4), bill.C);
  near(rig.value(5), bill.received);
  near(rig.value(1), bill.A + bill.B + bill.C);
  near(rig.value(2) + rig.value(3) + rig.value(4), rig.value(1));
  const [profile] = rig.meter.profiles;
  const records = profile!.records();
  assert.equal(records[0]!.sequence, 0, "the whole year is in the profile");
  const sums = [0, 1, 2].map((k) => records.reduce((sum, { values }) => sum + values[k]!, 0));
  assert.deepEqual(sums, [Math.floor(rig.value(1) / 7), Math.floor(rig.value(5)), Math.floor(bill.q1 / 0.3)]);
  // A record's end is the next one's start, the sequence has no holes, and what is not 15 minutes long says why.
  records.forEach((record, k) => {
    const next = records[k + 1];
    assert.equal(record.sequence, k);
    if (next !== undefined) assert.equal(next.start, record.until, `record ${k}`);
    if (record.type === "normal" && (record.status & 2) === 0) assert.equal(record.end - record.start, 900_000);
  });
  const types = new Map<string, number>();
  for (const { type } of records) types.set(type, (types.get(type) ?? 0) + 1);
  assert.equal(types.get("powerFail"), 3);
  // The other change fell into an outage: the log has both.
  assert.equal(types.get("daylightSaving"), 1);
  assert.equal(rig.meter.log.entries("timeChange").filter(({ what }) => what === "daylight saving").length, 2);
  assert.equal(types.get("billingReset"), 12);
  // One midnight of the year was dark, every other ends one record: a billing period's, or the freeze's of one of 52 Mondays, of
  // which one is a 1st; the one of them with which power failed has a second, empty one.
  const ending = records.filter(({ end }) => end % 86_400_000 === 0).map(({ type }) => type);
  assert.equal(ending.length, 364 + 1);
  assert.equal(types.get("freeze"), 51);
  assert.equal(types.get("midnight"), 364 - 12 - 51);
  assert.equal(rig.meter.log.entries("billingReset").length, 12);
  assert.equal(rig.meter.log.entries("freeze").length, 52);
  assert.equal(rig.meter.selfReads.all.length, 12);
  assert.equal(rig.meter.log.entries("powerOutage").length, 3);
});
