/** Rapid voltage changes against the standard's text, word by word: a second of half cycles as a plain list. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { RapidChange } from "./rapid-change.ts";

const HZ = 10;
const SECOND = 2 * HZ;
const [THRESHOLD, HYSTERESIS] = [6, 3];

interface Event {
  readonly begins: number;
  readonly halves: number;
  readonly largest: readonly number[];
  readonly settled: readonly number[];
}

const meanOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
const isSteady = (values: readonly number[], threshold: number): boolean =>
  values.every((value) => Math.abs(value - meanOf(values)) <= threshold);

/** All events of a recording of two phases, in half cycles. */
function eventsOf(recording: readonly (readonly [number, number])[]): Event[] {
  const events: Event[] = [];
  let active: { begins: number; before: number[]; largest: number[] } | undefined;
  for (let half = SECOND; half < recording.length; half++) {
    const last = [0, 1].map((phase) => recording.slice(half - SECOND + 1, half + 1).map((values) => values[phase]!));
    const steady = last.every((values) => isSteady(values, active === undefined ? THRESHOLD : HYSTERESIS));
    if (active === undefined && !steady) {
      const before = [0, 1].map((phase) =>
        meanOf(recording.slice(half - SECOND, half).map((values) => values[phase]!)),
      );
      active = { begins: half, before, largest: [0, 0] };
    }
    if (active === undefined) continue;
    const { begins, before, largest } = active;
    active.largest = largest.map((most, phase) => Math.max(most, Math.abs(recording[half]![phase]! - before[phase]!)));
    if (!steady || half === begins) continue;
    const settled = last.map((values, phase) => Math.abs(meanOf(values) - before[phase]!));
    const halves = Math.max(1, half - begins + 1 - SECOND);
    events.push({ begins, halves, largest: active.largest, settled });
    active = undefined;
  }
  return events;
}

test("whatever the volts do, events begin, end and come to what a plain list of the last second says", () => {
  // Levels that are held for a while, with a little noise.
  const stretch = fc.record({
    level: fc.tuple(fc.integer({ min: 100, max: 130 }), fc.integer({ min: 100, max: 130 })),
    halves: fc.integer({ min: 1, max: 60 }),
    noise: fc.double({ min: 0, max: 2, noNaN: true }),
  });
  let seen = 0;
  fc.assert(
    fc.property(fc.array(stretch, { minLength: 2, maxLength: 12 }), (stretches) => {
      const recording = stretches.flatMap(({ level, halves, noise }) =>
        Array.from({ length: halves }, (_, k): [number, number] => [
          level[0] + noise * Math.sin(k * 1.7),
          level[1] + noise * Math.cos(k * 2.3),
        ]),
      );
      const expected = eventsOf(recording);
      const change = new RapidChange({ phases: 2, hz: HZ, threshold: THRESHOLD, hysteresis: HYSTERESIS });
      const found: Event[] = [];
      let begins = 0;
      recording.forEach((values, half) => {
        if (!change.look(Float64Array.from(values), 1 / SECOND)) return;
        if (change.active) begins = half;
        else {
          const { seconds, largest, settled } = change.ended!;
          found.push({ begins, halves: Math.round(seconds * SECOND), largest, settled });
        }
      });
      seen += found.length;
      const round = (events: readonly Event[]) =>
        events.map(({ largest, settled, ...rest }) => ({
          ...rest,
          volts: [...largest, ...settled].map((value) => Math.round(value * 1e6) / 1e6),
        }));
      assert.deepEqual(round(found), round(expected));
    }),
    { numRuns: 2000, seed: 2026 },
  );
  assert.ok(seen > 1000, `${seen} events`);
});
