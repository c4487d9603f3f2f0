/** Intervals that have ended, as the page words them. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { channelsOf } from "#metrology/channels.ts";
import { shownOfBlocks, shownOfCycles } from "#quality/interval-view.ts";
import { wiringOf } from "#quantity/wiring.ts";
import { intervalName, intervalWords } from "#web/page/interval-words.ts";

test("every value of an interval is called as people call it, each otherwise", () => {
  for (const wiring of ["wye", "delta"] as const) {
    const channels = channelsOf(wiringOf(wiring));
    const declared = Float64Array.from(channels, ({ unit }) => (unit === "V" ? 230 : NaN));
    for (const shown of [shownOfBlocks(channels, declared), shownOfCycles(channels)]) {
      const words = shown.map(({ name }) => intervalName(name));
      assert.equal(new Set(words).size, words.length);
      for (const one of words) assert.match(one, /^(Volts|Amps|THD of|Below nominal|Above nominal|Unbalance of) ?/);
    }
  }
  assert.equal(intervalName("THD.V.ab"), "THD of volts, AB");
  assert.equal(intervalName("V.a"), "Volts, A");
  assert.equal(intervalName("unbalance.V.sequence"), "Unbalance of volts, negative sequence u2");
});

test("an interval was at a time of the meter's wall clock, and says what was in it", () => {
  const interval = {
    length: "10 min",
    start: "2026-03-08T22:50:00Z",
    end: "2026-03-08T23:00:00.004Z",
    complete: true,
    flagged: false,
    parts: 3000,
    values: [],
  };
  assert.equal(intervalWords(interval, 0), "03/08/2026 10:50:00 PM to 11:00:00 PM; 3000 values");
  // An hour ahead of UTC it ends on the next day.
  assert.equal(intervalWords(interval, 60), "03/08/2026 11:50:00 PM to 03/09/2026 12:00:00 AM; 3000 values");
  assert.match(intervalWords({ ...interval, complete: false, flagged: true }, 0), /; not complete: .*; flagged: a dip/);
  assert.match(intervalWords({ ...interval, start: null, end: null, parts: 1 }, 0), /not known; 1 value$/);
});
