/** Sags and swells as the page sees them pass: by arithmetic on half cycles, after IEC 61000-4-30, 5.4. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { SagWatch } from "#web/page/sags.ts";

const START = Date.UTC(2026, 2, 8, 12);

/** Tells a watch seconds of half cycles at 60 Hz: the volts of each phase at the k-th of them. */
function told(
  seconds: number,
  volts: (k: number) => readonly [number, number, number],
  watch = new SagWatch(),
  from = 0,
): SagWatch {
  for (let second = 0; second < seconds; second++) {
    const halves = Array.from({ length: 120 }, (_, k) => volts(from + 120 * second + k));
    const byPhase = [0, 1, 2].map((phase) => halves.map((half) => half[phase]!));
    const end = START + ((from + 120 * (second + 1) - 1) * 1000) / 120;
    watch.add(end, { perSecond: 120, volts: byPhase }, from + second > 0);
  }
  return watch;
}

const steady = [276, 277, 278] as const;

test("a sag of one phase is told once, with what was left of it, how long it took and the trace around it", () => {
  // 36 half cycles at 60 Hz are 300 ms; 200 V of 277 V are 72.2 %.
  const { found } = told(6, (k) => (k >= 300 && k < 336 ? [276, 200, 278] : steady));
  assert.equal(found.length, 1);
  const [sag] = found;
  assert.deepEqual([sag?.kind, sag?.phases, sag?.volts, Math.round(sag!.ms)], ["sag", ["b"], 200, 300]);
  assert.equal((100 * sag!.part).toFixed(1), "72.2");
  assert.equal(Math.round(sag!.at - START), 2500);
  // 300 ms and 400 ms on either side: 132 half cycles.
  assert.ok(Math.abs(sag!.trace.times.length - 132) <= 2, `${sag!.trace.times.length}`);
  assert.equal(Math.min(...(sag!.trace.volts[1] as number[])), 200);
});

test("it begins below 90 % and ends at 92 %; a swell above 110 %, until 108 %", () => {
  const of = (level: number, after: number) =>
    told(4, (k) => [100, 100, k < 120 ? 100 : k < 132 ? level : k < 144 ? after : 100]).found.map(
      ({ kind, ms }) => `${kind} ${Math.round(ms)} ms`,
    );
  // 12 half cycles are 100 ms.
  assert.deepEqual(of(90.5, 100), []);
  assert.deepEqual(of(89.5, 100), ["sag 100 ms"]);
  assert.deepEqual(of(89.5, 91), ["sag 200 ms"]);
  assert.deepEqual(of(89.5, 92.5), ["sag 100 ms"]);
  assert.deepEqual(of(109.5, 100), []);
  assert.deepEqual(of(111, 109), ["swell 200 ms"]);
});

test("a voltage that moves slowly takes the reference with it, a phase that was never there is none that is lost", () => {
  // 1 % a minute: after 15 minutes 15 % less, after 15 more all of it again, and no sag.
  const drift = told(1800, (k) => [277 * (0.85 + 0.15 * Math.abs(1 - k / 108_000)), 0, 0]);
  assert.deepEqual(drift.found, []);
});

test("no event goes through a gap, and the same seconds once more are no second event", () => {
  const watch = told(2, () => steady);
  // What comes next does not follow: the phase is down by then.
  const halves = Array.from({ length: 120 }, () => 100);
  watch.add(START + 60_000, { perSecond: 120, volts: [halves, halves, halves] }, false);
  assert.deepEqual(watch.found, []);
  const sagging = (k: number): readonly [number, number, number] => (k >= 60 && k < 72 ? [200, 277, 278] : steady);
  const seen = told(3, sagging);
  assert.equal(seen.found.length, 1);
  assert.equal(told(3, () => steady, seen, 360).found.length, 1);
});
