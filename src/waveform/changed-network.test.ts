/** Sources whose network is changed while they run: each change counts from its instant, whatever the pieces in which a source is read. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { wirings } from "#quantity/wiring.ts";
import { EDGE_SECONDS, Network, type NetworkOptions } from "./network.ts";
import { StepValues } from "./source.ts";
import { SyntheticSamples, SyntheticSteps } from "./synthetic.ts";

const options: NetworkOptions = {
  hz: 60,
  volts: [229.1, 230.4, 231.7],
  amps: [10.3, 11.7, 13.1],
  angles: [0, -120, 120],
  lag: [0, 0, 0],
  harmonics: { volts: [], amps: [] },
  noise: 0,
  load: [],
  events: [],
  seed: 7,
};
const network = (changes: Partial<NetworkOptions> = {}): Network => new Network({ ...options, ...changes });
const view = { wiring: wirings["wye"], reactive: "fundamental" } as const;

/** Changes at instants that rise, and the lengths of the pieces in which a source is read. */
const story = fc.record({
  gaps: fc.array(fc.double({ min: 0.001, max: 4, noNaN: true }), { minLength: 1, maxLength: 8 }),
  volts: fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 8, maxLength: 8 }),
  pieces: fc.array(fc.double({ min: 0.01, max: 3, noNaN: true }), { minLength: 1, maxLength: 5 }),
});

/** Joules of phase a of `seconds`, of 229.1 V at first and then of volts from instants on, at 10.3 A. */
function energyOf(changes: readonly (readonly [at: number, volts: number])[], seconds: number): number {
  const all = [[0, options.volts[0]] as const, ...changes, [seconds, 0] as const];
  return all.reduce((sum, [at, volts], k) => sum + volts * options.amps[0] * ((all[k + 1]?.[0] ?? at) - at), 0);
}

test("steps integrate to what flowed between the changes", () => {
  fc.assert(
    fc.property(story, ({ gaps, volts, pieces }) => {
      const source = new SyntheticSteps(network());
      const [from, to] = [new StepValues(), new StepValues()];
      let at = 0;
      const changes = gaps.map((gap, k) => [(at += gap), volts[k] ?? 0] as const);
      let [t, flowed, next] = [0, 0, 0];
      const end = at + 5;
      for (let k = 0; t < end; k++) {
        // What is ordered is to come, as from a bench of a meter that has not caught up.
        for (; next < changes.length && (changes[next]?.[0] ?? 0) <= t + 3; next++) {
          const [when, own] = changes[next] ?? [0, 0];
          source.change(when, network({ volts: [own, own, own] }));
        }
        let left = Math.min(pieces[k % pieces.length] ?? 1, end - t);
        t += left;
        while (left > 1e-9) {
          const took = source.step(left, from, to, view);
          flowed += (took * (from.w[0]! + to.w[0]!)) / 2;
          left -= took;
        }
      }
      const expected = energyOf(changes, end);
      assert.ok(Math.abs(flowed - expected) <= 1e-5 * expected + 1e-3, `${flowed}, expected ${expected}`);
    }),
    { numRuns: 200 },
  );
});

test("a step that was steady is so no more when something is ordered", () => {
  const source = new SyntheticSteps(network());
  const [from, to] = [new StepValues(), new StepValues()];
  source.step(1, from, to, view);
  source.step(1, from, to, view);
  assert.ok(source.steady);
  source.change(2.25, network({ volts: [100, 100, 100] }));
  assert.equal(source.steady, false);
  assert.ok(Math.abs(source.step(1, from, to, view) - 0.25) < 1e-9);
  assert.equal(to.v[0], 229.1);
  assert.ok(Math.abs(source.step(0.75, from, to, view) - 0.75) < 1e-9);
  assert.equal(from.v[0], 100);
});

test("samples are the old network's before the instant, and the new one's a millisecond after it", () => {
  for (const sampling of [{ perSecond: 2520 }, { perCycle: 128 }]) {
    const [plain, changed] = [network(), network({ volts: [120, 121, 122], amps: [1, 2, 3] })];
    const source = new SyntheticSamples(plain, sampling);
    const [before, after] = [new SyntheticSamples(plain, sampling), new SyntheticSamples(changed, sampling)];
    const at = 1.2345;
    source.change(at, changed);
    for (let second = 0; second < 3; second++) {
      const runs = source.read(1);
      before.read(1);
      after.read(1);
      const all = runs.flatMap((run) => Array.from({ length: run.count }, (_, k) => [run, k] as const));
      all.forEach(([{ channels, at: begins, rate }, k], place) => {
        const t = begins + k / rate;
        for (let c = 0; c < 6; c++) {
          const [x, old, own] = [channels[c]![k]!, before.channels[c]![place]!, after.channels[c]![place]!];
          if (t < at - 1e-6) assert.ok(Math.abs(x - old) < 1e-6, `${t}: ${x}, ${old}`);
          else if (t > at + EDGE_SECONDS + 1e-6) assert.ok(Math.abs(x - own) < 1e-6, `${t}: ${x}, ${own}`);
          // Between them it is between them: nothing jumps.
          else assert.ok(x >= Math.min(old, own) - 1e-6 && x <= Math.max(old, own) + 1e-6, `${t}`);
        }
      });
    }
  }
});

test("the angle of the fundamental goes on through a change of the frequency, and no sample is lost", () => {
  for (const sampling of [{ perSecond: 5000 }, { perCycle: 128 }]) {
    const source = new SyntheticSamples(network(), sampling);
    source.change(0.4321, network({ hz: 47 }));
    const samples: number[] = [];
    let seconds = 0;
    for (let k = 0; k < 10; k++) {
      for (const { channels, count, rate } of source.read(0.1)) {
        samples.push(...channels[0]!.subarray(0, count));
        seconds += count / rate;
      }
    }
    assert.ok(Math.abs(seconds - 1) < 1e-3, String(seconds));
    // A sine of at most 60 Hz moves by no more than its slope from one sample to the next.
    const steepest = (Math.SQRT2 * options.volts[0] * 2 * Math.PI) / ("perCycle" in sampling ? 128 : 5000 / 60);
    for (let k = 1; k < samples.length; k++)
      assert.ok(Math.abs(samples[k]! - samples[k - 1]!) <= steepest * 1.0001, `sample ${k}`);
    const crossings = samples.filter((x, k) => k > 0 && samples[k - 1]! < 0 && x >= 0).length;
    // 0.4321 s of 60 Hz and 0.5679 s of 47 Hz, the first of which begins at a crossing.
    assert.equal(crossings, Math.floor(0.4321 * 60 + 0.5679 * 47));
  }
});

test("of what is ordered for one instant the last counts", () => {
  const source = new SyntheticSteps(network());
  const [from, to] = [new StepValues(), new StepValues()];
  source.change(1, network({ volts: [1, 1, 1] }));
  source.change(1, network({ volts: [2, 2, 2] }));
  source.step(1, from, to, view);
  source.step(1, from, to, view);
  assert.equal(from.v[0], 2);
});
