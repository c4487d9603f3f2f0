/** Intervals of a JEMStar II with PQ3 when local time changes, its clock is set, its power fails, and its process is killed. */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { test, type TestContext } from "node:test";
import { makeSource } from "#fleet/sources.ts";
import { jemstarMeters, type JemStarDevice } from "#product/jemstar/product.ts";
import type { IntervalView } from "#quantity/quality-view.ts";
import { near as here } from "./authority-rig.ts";
import { MemoryStore, siteSchema, VirtualClock } from "./revenue-rig.ts";
import { temporaryFolder } from "./running-site.ts";

/** New York: 300 minutes behind UTC, and an hour less from the second Sunday of March on. */
const configuration = `
timekeeping:
  utcOffsetMinutes: -300
  daylightSaving: { start: { month: 3, week: 2, weekday: 0, hour: 2 }, end: { month: 11, week: 1, weekday: 0, hour: 2 }, minutes: 60 }
`;
const by = { by: "somebody" };

type Seen = readonly [length: string, start: string, complete: boolean, parts: number];

function site(t: TestContext) {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  writeFileSync(path.join(folder, "jem.yaml"), configuration);
  const entry = siteSchema.parse({
    meters: [
      {
        name: "jem",
        model: "ametek-jemstar-ii",
        modelNumber: "JSII-09I6020-2A-DIO-PQ3",
        configuration: "jem.yaml",
        source: { synthetic: { hz: 60, volts: [121, 120, 119], amps: [5, 4, 3], pf: 1, seed: 1 } },
        listen: [],
      },
    ],
  }).meters[0]!;
  const store = new MemoryStore().drawer("jem");
  /** The process that runs it, from an instant on. */
  const process = (utc: string) => {
    const clock = new VirtualClock(Date.parse(utc));
    const device = jemstarMeters.make({
      entry,
      folder,
      clock,
      store,
      ports: [],
      source: (how) => makeSource(entry.source, { folder, start: clock.utc(), ...how }),
      refused: () => {},
    }) as JemStarDevice;
    const seen: Seen[] = [];
    const last = new Map<string, IntervalView>();
    /** Lets seconds go by; what has ended in them is seen. */
    const run = (seconds: number): void => {
      for (let k = 0; k < 2 * seconds; k++) {
        clock.advance(500);
        device.advance(clock.elapsed());
        for (const one of device.surface.intervals()) {
          if (one.length.endsWith("cycles") || JSON.stringify(last.get(one.length)) === JSON.stringify(one)) continue;
          last.set(one.length, one);
          seen.push([one.length, one.start?.slice(11, 19) ?? "", one.complete, one.parts]);
        }
      }
    };
    const minutes = (): Seen[] => seen.filter(([length]) => length === "1 min");
    return { clock, device, run, seen, minutes };
  };
  return { process, entry };
}

test("ten minutes are those of UTC while local time leaves out an hour and the same configuration is applied again", (t) => {
  const { device, run, seen } = site(t).process("2026-03-08T06:58:30Z");
  run(90);
  // Two in the morning, at which it is three.
  assert.deepEqual([device.surface.now().offsetMinutes, device.surface.now().daylightSaving], [-240, true]);
  run(300);
  const { authority, file, meter } = device.jemstar;
  const session = authority.sessions.begin("admin", here);
  assert.ok("done" in authority.obey({ command: "configure", configuration: JSON.stringify(file) }, session));
  assert.equal(device.jemstar.meter, meter, "what means the same is not applied");
  run(302);
  // 12 cycles at 60 Hz are 0.2 s.
  assert.deepEqual(
    seen.filter(([length]) => length === "10 min").map(([, start, complete, parts]) => [start, complete, parts]),
    [
      ["06:50:00", false, 450],
      ["07:00:00", true, 3000],
    ],
  );
});

test("a clock that is set within a minute leaves it incomplete, and the next whole one is by the clock as it is now", (t) => {
  for (const [set, expected] of [
    // What was before and what came after are two pieces of one minute.
    [10, ["02:00", "02:00"]],
    [90, ["02:00", "03:00"]],
    [-40, ["02:00", "01:00"]],
  ] as const) {
    const { device, run, minutes } = site(t).process("2026-01-05T12:01:50Z");
    run(30);
    const { meter } = device.jemstar;
    meter.setTime(meter.utc + 1000 * set, by);
    // To the end of the minute that runs now, and two more.
    run(Math.ceil((60_000 - (meter.utc % 60_000)) / 1000) + 122);
    const found = minutes();
    const next = found.findIndex(([, , complete]) => complete);
    assert.deepEqual(
      found.slice(1, next).map(([, start]) => start.slice(3)),
      expected,
      `set by ${set} s: ${JSON.stringify(found)}`,
    );
    // No time counts twice, and none is lost.
    const ran = 30 + (60_000 - ((Date.parse("2026-01-05T12:02:20Z") + 1000 * set) % 60_000)) / 1000;
    assert.equal(
      found.slice(0, next).reduce((sum, [, , , parts]) => sum + parts, 0),
      5 * ran,
    );
    const whole = found.slice(next).map(([, start, complete, parts]) => [start.slice(3), complete, parts]);
    const first = { 10: 3, 90: 4, [-40]: 2 }[set];
    assert.deepEqual(whole, [
      [`0${first}:00`, true, 300],
      [`0${first + 1}:00`, true, 300],
    ]);
  }
});

test("in an outage nothing is measured: the minute that it cuts is incomplete, one that it fills is none", (t) => {
  const { device, run, minutes } = site(t).process("2026-01-05T12:00:00Z");
  run(80);
  device.jemstar.supply({ failed: true });
  run(125);
  device.jemstar.supply({ failed: false });
  run(160);
  const found = minutes();
  const parts = (start: string): number =>
    found.reduce((sum, one) => sum + (one[1] === start && one[3] > 0 ? one[3] : 0), 0);
  // Power from 12:01:00 to 12:01:20, and again from 12:03:25 on; a few cycles are lost at the edges.
  for (const [start, most] of [
    ["12:01:00", 100],
    ["12:02:00", 0],
    ["12:03:00", 175],
    ["12:04:00", 300],
  ] as const) {
    assert.ok(parts(start) <= most && parts(start) >= most - 3, `${start}: ${JSON.stringify(found)}`);
  }
  const complete = found.flatMap(([, start, isWhole]) => (isWhole ? [start] : []));
  assert.deepEqual(
    complete.filter((start) => start !== "12:00:00"),
    ["12:04:00", "12:05:00"],
  );
});

test("a killed process leaves energies and begins its minute anew, incomplete; the next one is whole", (t) => {
  const { process } = site(t);
  const first = process("2026-01-05T12:00:30Z");
  first.run(80);
  const energy = ({ device }: typeof first): number => device.jemstar.meter.registers.value(1) ?? NaN;
  const before = first.device.surface.registers("normal").map(({ id, text }) => `${id} ${text}`);
  const second = process("2026-01-05T12:02:10Z");
  const after = second.device.surface.registers("normal").map(({ id, text }) => `${id} ${text}`);
  // Energies and peaks are what they were; times, and what is of this instant, are not.
  const same = after.filter((one) => before.includes(one)).length;
  assert.ok(same >= before.length - 6, JSON.stringify([before, after]));
  assert.ok(!(energy(second) < energy(first)));
  second.run(112);
  assert.deepEqual(
    second.minutes().map(([, start, complete, parts]) => [start, complete, parts]),
    [
      ["12:02:00", false, 250],
      ["12:03:00", true, 300],
    ],
  );
});
