import assert from "node:assert/strict";
import { test } from "node:test";
import { VirtualClock } from "#clock/virtual-clock.ts";
import { showTime } from "./site-time.ts";

test("the site's time is shown once a second of people's time, however fast it goes", () => {
  const real = new VirtualClock();
  const lines: string[] = [];
  // 3,600 times as fast, from 28 February 2026, 17:00 on.
  const site = {
    file: { clock: { speed: 3600 } },
    real,
    finished: false,
    get utc() {
      return Date.UTC(2026, 1, 28, 17) + 3600 * real.elapsed();
    },
  };
  const end = showTime(site as never, (line) => lines.push(line));
  real.advance(2500);
  assert.deepEqual(lines, [
    "site time 2026-02-28 17:00:00 UTC",
    "site time 2026-02-28 18:00:00 UTC",
    "site time 2026-02-28 19:00:00 UTC",
  ]);
  end();
  real.advance(60_000);
  assert.equal(lines.length, 3);
});

test("on the real time there is nothing to show", () => {
  const real = new VirtualClock();
  showTime({ file: {}, real, finished: false, utc: 0 } as never, () => assert.fail());
  real.advance(5000);
});
