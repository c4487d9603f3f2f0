/** Stamps as date-times: the arithmetic of the calendar against Temporal's. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { dateTimeBytes, dateTimeOfStamp } from "./date-time.ts";

const stamp = { offsetMinutes: 0, daylightSaving: false, synchronised: true };

test("stamps of five centuries have the local date and time that Temporal has", () => {
  const utc = fc.integer({ min: Date.UTC(1800, 0, 1), max: Date.UTC(2300, 0, 1) });
  const offset = fc.integer({ min: -720, max: 840 });
  fc.assert(
    fc.property(utc, offset, (utc, offsetMinutes) => {
      const local = Temporal.Instant.fromEpochMilliseconds(utc + 60_000 * offsetMinutes).toZonedDateTimeISO("UTC");
      assert.deepEqual(dateTimeOfStamp({ ...stamp, utc, offsetMinutes }), {
        year: local.year,
        month: local.month,
        day: local.day,
        weekday: local.dayOfWeek,
        hour: local.hour,
        minute: local.minute,
        second: local.second,
        hundredths: Math.floor(local.millisecond / 10),
        deviation: offsetMinutes === 0 ? 0 : -offsetMinutes,
        status: 0,
      });
    }),
    {
      numRuns: 5000,
      seed: 2026,
      examples: [
        [Date.UTC(2000, 1, 29), 0],
        [Date.UTC(1900, 2, 1) - 1, 0],
        [-1, 0],
      ],
    },
  );
});

test("the bytes of a stamp are those of a golden clock", () => {
  // 19 February 2025, a Wednesday, 21:20, as the servers of the golden exchanges have it.
  const bytes = dateTimeBytes(dateTimeOfStamp({ ...stamp, utc: Date.UTC(2025, 1, 19, 21, 20) }));
  assert.equal(Buffer.from(bytes).toString("hex"), "07e902130315140000000000");
  // Two hours east, in daylight saving time, not kept by a time source: deviation -120, bits 0x80 and 0x02.
  const summer = dateTimeOfStamp({
    utc: Date.UTC(2026, 6, 31, 22, 30, 15, 250),
    offsetMinutes: 120,
    daylightSaving: true,
    synchronised: false,
  });
  assert.equal(Buffer.from(dateTimeBytes(summer)).toString("hex"), "07ea080106001e0f19ff8882");
});
