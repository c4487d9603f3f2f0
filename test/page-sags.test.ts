/** Sags and swells as the page sees them pass: by arithmetic on half cycles, after IEC 61000-4-30, 5.4. */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { test, type TestContext } from "node:test";
import type { LiveView } from "#quantity/meter-api.ts";
import { SagWatch, type Sag } from "#web/page/sags.ts";
import { temporaryFolder } from "./running-site.ts";
import { here, webRig } from "./web-rig.ts";

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
    const ends = halves.map((_, k) => (from + 120 * second + k) / 120);
    watch.add({ begun: START, ends, volts: byPhase }, 0);
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
  const ends = halves.map((_, k) => 60 + k / 120);
  watch.add({ begun: START, ends, volts: [halves, halves, halves] }, 0);
  assert.deepEqual(watch.found, []);
  const sagging = (k: number): readonly [number, number, number] => (k >= 60 && k < 72 ? [200, 277, 278] : steady);
  const seen = told(3, sagging);
  assert.equal(seen.found.length, 1);
  assert.equal(told(3, () => steady, seen, 360).found.length, 1);
  assert.equal(told(3, sagging, seen).found.length, 1);
});

/** What the page has found in a recording that is played in a loop, when events reach it so many milliseconds after their cycle. */
async function watched(t: TestContext, csv: string, late: readonly number[]): Promise<readonly Sag[]> {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  const file = path.join(folder, "sag.csv");
  writeFileSync(file, csv);
  const source = `source: { recording: { file: ${file}, map: { va: va, vb: vb, vc: vc }, loop: true } }`;
  const site = `store: ":memory:"\nmeters: [{ name: m, model: powerlogic-pm800, ${source} }]\n`;
  const { clock, ask } = await webRig(t, { site });
  const watch = new SagWatch();
  const begun = clock.elapsed();
  for (const [second, ms] of late.entries()) {
    clock.advance(begun + 1000 * (second + 1) + ms - clock.elapsed());
    const reader = (await ask("/api/meters/m/live", here)).body!.getReader();
    const text = new TextDecoder().decode((await reader.read()).value);
    await reader.cancel();
    watch.add((JSON.parse(text.split("\n")[0]!.slice("data: ".length)) as LiveView).rms!, 0);
  }
  return watch.found;
}

const SECONDS = 5;
const RATE = 3200;

/** Three phases at 50 Hz for five seconds. */
function csvOf(level: (seconds: number) => number): string {
  const rows = Array.from({ length: SECONDS * RATE }, (_, k) => {
    const size = 230 * Math.SQRT2 * level(k / RATE);
    return [k / RATE, ...[0, 1, 2].map((p) => (size * Math.sin(2 * Math.PI * ((50 * k) / RATE - p / 3))).toFixed(3))];
  });
  return ["time,va,vb,vc", ...rows].join("\n");
}

test("a sag takes as long, and sags are as far apart, as they were measured, however late each reading comes", async (t) => {
  // Ten cycles at 80 %, on both sides of the end of a second.
  const late = Array.from({ length: 23 }, (_, k) => [0, 130, 20, 400, 250][(3 * k) % 5]! + (k % 7));
  const found = await watched(
    t,
    csvOf((at) => (at >= 1.9 && at < 2.1 ? 0.8 : 1)),
    late,
  );
  assert.equal(found.length, 5);
  // Half cycles of each phase end at most a half cycle apart.
  for (const { ms, part } of found) {
    assert.ok(Math.abs(ms - 200) < 10.1, `${ms} ms`);
    assert.ok(Math.abs(part - 0.8) < 0.002, `${part}`);
  }
  for (let k = 1; k < found.length; k++) {
    const apart = found[k - 1]!.at - found[k]!.at;
    assert.ok(Math.abs(apart - 1000 * SECONDS) < 1, `${apart} ms`);
  }
});

test("an interruption in which there is no frequency is seen, too", async (t) => {
  const found = await watched(
    t,
    csvOf((at) => (at >= 1.5 && at < 3 ? 0 : 1)),
    [0, 0, 0, 0, 0, 0],
  );
  assert.equal(found.length, 1);
  assert.ok(Math.abs(found[0]!.ms - 1500) < 30, `${found[0]!.ms} ms`);
  assert.ok(found[0]!.part < 0.01);
});
