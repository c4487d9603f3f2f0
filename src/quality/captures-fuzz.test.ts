/** Triggers, their ends and half cycles in any order, by seed: every recording is within its limits, and its values are the source's. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { FakeGrid } from "#metrology/grid-fixture.ts";
import { wirings } from "#quantity/wiring.ts";
import { captureKinds } from "#quantity/captured.ts";
import { captureRanges, perCycleOf } from "./capture-settings.ts";
import { Captures } from "./captures.ts";

const settingsOf = (kind: (typeof captureKinds)[number]) => {
  const { pre, post, limit } = captureRanges(kind, 60);
  const of = ([min, max]: readonly [number, number]) => fc.integer({ min, max: Math.min(max, 12) });
  return fc.record({ pre: of(pre), post: of(post), limit: of(limit) });
};

/** Of a trigger and an end: which, and how long ago it was, in half cycles; some are ahead of what is there. */
const told = { id: fc.integer({ min: 1, max: 4 }), ago: fc.double({ min: -3, max: 40, noNaN: true }) };
const step = fc.oneof(
  { weight: 30, arbitrary: fc.record({ does: fc.constant("half" as const), count: fc.integer({ min: 1, max: 12 }) }) },
  { weight: 8, arbitrary: fc.record({ does: fc.constant("trigger" as const), ...told }) },
  { weight: 8, arbitrary: fc.record({ does: fc.constant("clear" as const), ...told }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constantFrom("gap", "pause", "power", "lost", "uneven", "skips") }) },
);

/** The line: by channel and time, without a period, so that no value is another's. */
const signal = (c: number, t: number): number => (c + 1) * 10 + t;

test("any order of triggers, ends, gaps and half cycles gives recordings within their limits, of the source's values", () => {
  let recordings = 0;
  fc.assert(
    fc.property(
      fc.array(step, { minLength: 5, maxLength: 60 }),
      settingsOf("rms"),
      settingsOf("low"),
      settingsOf("high"),
      (steps, rms, low, high) => {
        const kinds = { rms, low, high };
        const fake = new FakeGrid(512, 60, 0, 32);
        let gapAt = 0;
        /** When each trigger was told: what is ahead of the samples is at the next of them. */
        const heard = new Map<number, number>();
        const captures = new Captures({
          wiring: wirings.wye,
          hz: 60,
          grid: 512,
          nominalVolts: 230,
          kinds,
          utc: () => 1000,
          onCapture: ({ kind, at, utc, triggeredAt, triggers, times, channels, names, cut }) => {
            recordings++;
            const perCycle = perCycleOf[kind];
            const { pre, post, limit } = kinds[kind as "rms"];
            assert.ok(times.length > 0 && times.length <= limit * perCycle, `${times.length} values of ${kind}`);
            if (cut === "limit") assert.equal(times.length, limit * perCycle);
            assert.ok(triggers.length > 0 && new Set(triggers).size === triggers.length);
            assert.equal(names.length, channels.length);
            assert.ok(channels.every(({ length }) => length === times.length));
            assert.ok(at >= gapAt - 1e-9 && times[0] === 0 && Math.abs(utc - (1000 + 1000 * at)) < 1e-6);
            // What was before is no more than was asked for.
            const before = times.findIndex(
              (time) => at + time >= Math.min(triggeredAt, heard.get(triggeredAt)!) - 1e-6,
            );
            assert.ok(before <= pre * perCycle, `${before} values before`);
            if (cut === undefined) assert.ok(times.length >= Math.min(limit, Math.max(1, post)) * perCycle);
            let [apart, off] = [0, 0];
            for (let k = 0; k < times.length; k++) {
              if (k > 0) apart = Math.max(apart, Math.abs((times[k]! - times[k - 1]!) * 60 * perCycle - 1));
              if (kind === "rms") continue;
              for (let c = 0; c < 6; c++) off = Math.max(off, Math.abs(channels[c]![k]! - signal(c, at + times[k]!)));
            }
            assert.ok(apart < 0.01, `something is spliced: ${apart} of a value's distance`);
            assert.ok(off < 1e-9, `${off} beside the source's values`);
          },
        });
        captures.begin(0);
        const half = (but: Parameters<FakeGrid["but"]>[0] = {}): void => {
          fake.make(signal).but(but);
          captures.half(fake);
          if (but.lock === "lost") gapAt = fake.at + fake.seconds;
          else if (but.joined === false) gapAt = fake.at;
        };
        for (const one of steps) {
          const now = fake.at + fake.seconds;
          if (one.does === "half") for (let k = 0; k < ("count" in one ? one.count : 0); k++) half();
          else if ("id" in one && one.does === "trigger") {
            heard.set(now - one.ago / 120, now);
            for (const kind of ["rms", "low", "high"] as const) captures.trigger(kind, one.id, now - one.ago / 120);
          } else if ("id" in one) captures.clear(one.id, now - one.ago / 120);
          else if (one.does === "gap") {
            fake.skip(0.1);
            half({ joined: false });
          } else if (one.does === "pause") captures.pause();
          else if (one.does === "power") captures.powerDown();
          else if (one.does === "lost") half({ lock: "lost" });
          else if (one.does === "uneven") half({ uneven: true });
          else fake.index++;
        }
      },
    ),
    { numRuns: 150, seed: 13 },
  );
  assert.ok(recordings > 300, `${recordings} recordings`);
});
