/** Times for people, as their locale has them: what is expected is what the platform's Intl has for that locale, and the hour of autumn that comes twice. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { wished } from "../src/web/page/language.ts";
import { figures } from "../src/web/page/numbers.ts";
import { offsetText, timeText, whenText } from "../src/web/page/local-time.ts";

/** What is spoken is that of the whole page, and of all tests in this process. */
function reading<T>(locale: string, read: () => T): T {
  const before = wished.value;
  wished.value = [locale];
  try {
    return read();
  } finally {
    wished.value = before;
  }
}

const rows: readonly (readonly [locale: string, minute: string, second: string, exact: string])[] = [
  ["en-GB", "31/07/2026 16:45", "31/07/2026 16:45:07", "31/07/2026 16:45:07.250"],
  ["en-US", "07/31/2026 04:45 PM", "07/31/2026 04:45:07 PM", "07/31/2026 04:45:07.250 PM"],
  ["de-DE", "31.07.2026 16:45", "31.07.2026 16:45:07", "31.07.2026 16:45:07,250"],
];
for (const [locale, ...wanted] of rows)
  test(`a time is as exact as its text, in the order of ${locale}`, () => {
    const given = ["2026-07-31 16:45", "2026-07-31 16:45:07", "2026-07-31 16:45:07.250"];
    assert.deepEqual(
      reading(locale, () => given.map(whenText)),
      wanted,
    );
    assert.equal(
      reading(locale, () => timeText("2026-07-31 16:45:07")),
      wanted[1]!.slice(11),
    );
  });

test("numbers have the decimal sign of the locale, and seven digits; what is not known is no number", () => {
  assert.deepEqual(
    reading("de-DE", () => [115.075, -0.5, 0, 1234567.89, null].map(figures)),
    ["115,075", "-0,5", "0", "1234568", "----"],
  );
});

test("how far a wall clock is ahead of UTC", () => {
  assert.deepEqual([0, 120, -210, 330].map(offsetText), ["UTC+00:00", "UTC+02:00", "UTC-03:30", "UTC+05:30"]);
});
