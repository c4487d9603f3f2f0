/** What the report says of a meter: its clock against the site's, the order that comes nearest to its limit, what is absent. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { LiveView } from "#quantity/meter-api.ts";
import { aheadMs, healthOf, identityOf, nearestOf, plottedOf, wiringOf } from "#web/page/report-parts.ts";
import { fileName } from "#web/page/saved-name.ts";
import { channel } from "./quality-meter.ts";

const utc = Date.UTC(2026, 6, 31, 20, 45);

/** As much of a meter as the report looks at. */
function meter(more: Partial<LiveView> = {}): LiveView {
  const plain = {
    name: "hall",
    title: "Meter",
    modelNumber: "",
    serial: "17",
    firmware: "",
    utc,
    local: "2026-07-31 16:45:00",
    offsetMinutes: -240,
    powered: true,
    battery: { state: "good", warning: false },
    conditions: [],
    failures: [],
    alarms: [],
    readings: {},
    source: { ended: false },
  };
  return { ...plain, ...more } as unknown as LiveView;
}

test("a clock is as the site's to a second, or says by how much it is ahead or behind", () => {
  const clock = (more: Partial<LiveView>): string =>
    healthOf(meter(more)).find(([name]) => name === "Clock")?.[1] ?? "";
  assert.equal(clock({}), "the same as the site's, to a second");
  assert.equal(
    clock({ local: "2026-07-31 16:45:02", timeSource: "GPS" }),
    "the same as the site's, to a second; kept by GPS",
  );
  assert.equal(clock({ local: "2026-07-31 16:48:20" }), "3 min ahead of the site's");
  assert.equal(clock({ local: "2026-07-31 16:44:15" }), "45 s behind the site's");
  // An hour that the offset explains is none.
  assert.equal(aheadMs({ local: "2026-07-31 22:45:00", offsetMinutes: 120, utc }), 0);
});

test("what is wrong is named, what there is nothing of is said to be none, and what nobody says is left out", () => {
  const facts = new Map(
    healthOf(
      meter({
        powered: false,
        failures: ["memory", "clock"],
        alarms: [{ id: 7, label: "", description: "V < 108", value: 100 } as LiveView["alarms"][number]],
        source: { ended: true },
      }),
    ),
  );
  assert.deepEqual(
    ["Supply", "What it measures", "Conditions", "Failures", "Alarms"].map((name) => facts.get(name)),
    ["off", "a recording that has ended", "none", "memory; clock", "7 (V < 108)"],
  );
  assert.deepEqual(identityOf(meter()), [
    ["Meter", "hall"],
    ["Model", "Meter"],
    ["Serial number", "17"],
  ]);
  assert.equal(wiringOf(meter()), undefined);
});

test("the order that is the largest part of its limit is the nearest, however small it is", () => {
  const one = channel("V.a", 230, 0, { 3: 2, 5: 3, 21: 0.27 }, { last: 30 });
  // 2 of 5, 3 of 6, 0.27 of 0.3 %.
  assert.deepEqual(nearestOf(one, { standard: "public" }), { order: 21, percent: 0.27, limit: 0.3 });
  assert.equal(nearestOf(one, { standard: "none" }), undefined);
  assert.equal(nearestOf(channel("V.a", 230, 0, {}, { last: 1 }), { standard: "public" }), undefined);
  const bars = plottedOf(one, { standard: "en50160" });
  assert.deepEqual(
    [bars.length, bars[0], bars.at(-1)],
    [49, { order: 2, percent: 0, limit: 2 }, { order: 50, percent: null, limit: null }],
  );
});

test("a file is named after its meter, whatever that is called", () => {
  assert.equal(fileName("Halle 3/Süd", "events", "csv"), "Halle-3-Süd-events.csv");
  assert.equal(fileName("../../etc/passwd", "events", "csv"), "..-..-etc-passwd-events.csv");
  assert.equal(fileName("", "phasors", "png"), "meter-phasors.png");
});
