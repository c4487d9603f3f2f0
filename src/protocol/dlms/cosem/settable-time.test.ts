/** What a clock five hours behind UTC with the daylight saving of the United States is set to; the hours are counted on paper. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { LocalTime } from "#clock/local-time.ts";
import { dateTimeOf } from "#protocol/dlms/data/date-time.ts";
import { settableInstant } from "./settable-time.ts";

const eastern = new LocalTime(-300, {
  start: { month: 3, week: 2, weekday: 0, hour: 2 },
  end: { month: 11, week: 1, weekday: 0, hour: 2 },
  minutes: 60,
});

/** Twelve bytes: year, month, day, weekday, hour, minute, second, hundredths, deviation, status (Blue Book 4.1.6.1). */
const cases: readonly (readonly [what: string, bytes: string, utc: string | undefined])[] = [
  ["winter, by the rules", "07ea010f ff 0c0000 00 8000 ff", "2026-01-15T17:00:00Z"],
  ["summer, by the rules", "07ea070f ff 0c0000 00 8000 ff", "2026-07-15T16:00:00Z"],
  ["an hour that does not exist", "07ea0308 ff 021e00 00 8000 ff", undefined],
  ["the first minute behind it", "07ea0308 ff 030000 00 8000 ff", "2026-03-08T07:00:00Z"],
  ["an hour that comes twice, unsaid which", "07ea0b01 ff 011e00 00 8000 ff", "2026-11-01T05:30:00Z"],
  ["the same in daylight saving", "07ea0b01 ff 011e00 00 8000 80", "2026-11-01T05:30:00Z"],
  ["the same in standard time", "07ea0b01 ff 011e00 00 8000 00", "2026-11-01T06:30:00Z"],
  ["with a deviation of its own", "07ea010f ff 0c0000 00 ffc4 00", "2026-01-15T11:00:00Z"],
  ["a time that does not exist here, by another deviation", "07ea0308 ff 021e00 00 0000 00", "2026-03-08T02:30:00Z"],
  ["hundredths", "07ea010f ff 0c0000 32 8000 ff", "2026-01-15T17:00:00.500Z"],
  ["a day of the week that is another", "07ea010f 09 0c0000 00 8000 ff", "2026-01-15T17:00:00Z"],
  ["no seconds", "07ea010f ff 0c00ff ff 8000 ff", undefined],
  ["no minutes", "07ea010f ff 0cffff ff 8000 ff", undefined],
  ["no hour", "07ea010f ff ff0000 00 8000 ff", undefined],
  ["no year", "ffff010f ff 0c0000 00 8000 ff", undefined],
  ["30 February", "07ea021e ff 0c0000 00 8000 ff", undefined],
  ["what says that it is invalid", "07ea010f ff 0c0000 00 8000 01", undefined],
  ["a deviation beyond fourteen hours", "07ea010f ff 0c0000 00 0349 00", undefined],
  ["a time before 1970", "06410101 ff 0c0000 00 0000 00", undefined],
];

for (const [what, bytes, utc] of cases)
  test(`a clock is set to ${what}`, () => {
    const given = Uint8Array.from(Buffer.from(bytes.replaceAll(" ", ""), "hex"));
    assert.equal(given.length, 12);
    assert.equal(settableInstant(dateTimeOf(given), eastern), utc === undefined ? undefined : Date.parse(utc));
  });
