/** Half cycles in any order of misfortunes, by seed: nothing is thrown, nothing spliced, nothing that could not be. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { type WiringName, wirings } from "#quantity/wiring.ts";
import { QualityInstrument } from "./instrument.ts";
import { FakeGrid } from "#metrology/grid-fixture.ts";

/** What becomes of a half cycle. */
const misfortune = fc.oneof(
  { weight: 60, arbitrary: fc.constant("none" as const) },
  { weight: 2, arbitrary: fc.constant("gap" as const) },
  { weight: 2, arbitrary: fc.constant("uneven" as const) },
  { weight: 1, arbitrary: fc.constant("finish" as const) },
  { weight: 1, arbitrary: fc.constant("set" as const) },
  { weight: 1, arbitrary: fc.constant("no voltage" as const) },
  { weight: 2, arbitrary: fc.integer({ min: 1, max: 63 }) },
);

test("whatever befalls half cycles, a block is whole, and RMS is that of the line or absent", () => {
  fc.assert(
    fc.property(
      fc.array(misfortune, { minLength: 30, maxLength: 400 }),
      fc.constantFrom<WiringName[]>("wye", "two-element", "1-phase-ln", "delta", "split-phase"),
      fc.constantFrom<(50 | 60)[]>(50, 60),
      fc.constantFrom(NaN, Date.UTC(2026, 0, 1) - 1500),
      (misfortunes, name, hz, utc) => {
        const wiring = wirings[name];
        let offset = 0;
        let blocks = 0;
        let clean = 0;
        const nominalVolts = wiring.ln.length > 0 ? 230 : 400;
        const instrument = new QualityInstrument({
          wiring,
          hz,
          nominalVolts,
          rotation: "abc",
          flickerLamp: 230,
          minutes: [1, 10, 120],
          utc: () => utc + offset,
          onInterval: ({ length, utcStart, utcEnd, aggregate: { count, seconds, mean } }) => {
            if (length !== "cycles") return assert.ok(utcStart < utcEnd && !Number.isNaN(utc));
            blocks += count;
            assert.ok(count <= 15 && Math.abs(seconds - count * 0.2) < 1e-6, `${count} blocks in ${seconds} s`);
            // RMS of the first channel: the sine's own, or absent; never a part of it.
            if (!Number.isNaN(mean[0]!))
              assert.ok(Math.abs(mean[0]! - expected) < 1e-6, `${mean[0]} instead of ${expected}`);
          },
        });
        const channel = instrument.channels[0]!;
        const expected = channel.minus === undefined ? 230 : 230 * Math.sqrt(3);
        const fake = new FakeGrid(16, hz);
        instrument.begin(0);
        for (const befalls of misfortunes) {
          const missing = typeof befalls === "number" ? befalls : 0;
          if (befalls === "gap") fake.skip(0.34);
          fake.make(
            (c, t) => (c < 3 ? 230 : 5) * Math.SQRT2 * Math.sin(2 * Math.PI * hz * t - ((c % 3) * 2 * Math.PI) / 3),
            missing,
          );
          if (befalls === "gap") fake.but({ joined: false });
          if (befalls === "uneven") fake.but({ uneven: true });
          if (befalls === "set") instrument.begin((offset += 7777) - offset);
          fake.hz = befalls === "no voltage" ? NaN : hz;
          instrument.half(fake);
          fake.hz = hz;
          if (befalls === "finish") instrument.finish();
          clean = befalls === "none" || befalls === "set" || befalls === "no voltage" ? clean + 1 : 0;
          const view = instrument.view();
          assert.ok(
            clean < 4 * (hz / 5) || (view !== undefined && view.channels[0]!.rms !== null),
            `${clean} half cycles`,
          );
        }
        instrument.finish();
        assert.ok(blocks <= misfortunes.length / (hz / 5) / 2 + 15);
      },
    ),
    { numRuns: 60, seed: 12 },
  );
});
