/** Entries of a meter's logs and its contacts, in the page's words. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { contactText, detailsOf } from "#web/page/explain.ts";
import { LoggedEvents } from "#web/page/logged-events.ts";

const said: readonly (readonly [details: Readonly<Record<string, string | number>>, words: string])[] = [
  [
    {
      trigger: 1,
      start: "2026-03-01 05:33:20.000",
      milliseconds: 308,
      cycles: 19,
      event: "phase b sag < 108",
      "V.b": "84.02 84.02 84.02",
    },
    "trigger 1, phase b sag below 108, from 03/01/2026 05:33:20.000 AM, for 308 ms, 19 cycles",
  ],
  [{ trigger: 1, label: "Sag", value: 97.6766, phase: "b" }, "trigger 1, Sag, value 97.6766, phase b"],
  [
    { down: "2026-11-26 09:18:43", seconds: 20, live: "ab" },
    "from 11/26/2026 09:18:43 AM, for 20 s, voltage on ab meanwhile",
  ],
  [{ before: "12:00", after: "13:00" }, "from 12:00, to 13:00"],
  // What has no phrase is said as it is called.
  [{ season: 2, matches: 3 }, "season 2, matches 3"],
];
for (const [details, words] of said)
  test(`details of an entry: ${words}`, () => assert.equal(detailsOf({ details }).words, words));

test("a contact is told from its number", () => {
  assert.equal(contactText(1, "outputAlarm"), "1: alarm output");
  assert.equal(contactText(2, "outputEndOfInterval"), "2: end of interval output");
  assert.equal(contactText(4, "inputTouOverride"), "4: TOU override input");
});

test("a sag of the meter's log is marked where it began, once, and stays when newer entries take its place", () => {
  const events = new LoggedEvents();
  const hour = -5 * 3_600_000;
  const entry = (sequence: number, utc: string, milliseconds: number) => ({
    kind: "sagSwell" as const,
    sequence,
    utc,
    details: { milliseconds },
  });
  const first = entry(0, "2026-03-01T10:33:20.308Z", 308);
  events.add([first], hour);
  events.add([{ ...first, kind: "alarm" as const }, first], hour);
  events.add([entry(1, "2026-03-01T22:33:20.250Z", 250)], hour);
  assert.deepEqual(
    events.marks.map(({ at }) => new Date(at).toISOString()),
    ["2026-03-01T05:33:20.000Z", "2026-03-01T17:33:20.000Z"],
  );
  for (let k = 2; k < 300; k++) events.add([entry(k, "2026-03-02T00:00:00Z", 250)], hour);
  assert.equal(events.marks.length, 200);
});
