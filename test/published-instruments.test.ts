/** What the tests of other open power-quality instruments expect (fixtures/published-instruments.json), of ours: from samples to values. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { FlickerMeter } from "#metrology/flicker-meter.ts";
import { Metered } from "#metrology/metering-fixture.ts";
import { parseMeasure } from "#quantity/measure-name.ts";
import type { WiringName } from "#quantity/wiring.ts";
import { FlickerStatistics } from "#quality/flicker-statistics.ts";
import { playHours } from "./quality-rig.ts";
import { share } from "./share.ts";

type Figure = readonly [value: number, off: number];

interface Case {
  readonly source: string;
  readonly wiring: WiringName;
  readonly rate: number;
  readonly seconds: number;
  readonly volts: number;
  readonly signalHz?: number;
  /** By channel: va, ia of one phase; va, vb, vc, ia, ib, ic of three. */
  readonly parts: readonly (readonly (readonly [hz: number, rms: number, degrees: number])[])[];
  /** All parts together are scaled to so many volts RMS. */
  readonly scaledTo?: number;
  /** Seconds between which there is no voltage. */
  readonly out?: readonly [from: number, to: number];
  readonly everyCycle?: Figure;
  readonly crossings?: { readonly every: number; readonly count: number; readonly off: number };
  readonly hz?: Figure;
  readonly figures: readonly (readonly [measure: string, value: number, off: number])[];
  readonly watts?: readonly number[];
  readonly varsOfA?: number;
}

interface Flicker {
  readonly source: string;
  readonly hz: number;
  readonly rate: number;
  readonly seconds: number;
  readonly shape: "sine" | "rectangle";
  readonly modulationHz: number;
  readonly percent: number;
  /** Percent of orders 2 and up. */
  readonly harmonics: readonly number[];
  readonly pinstOfLastSecond?: Figure;
  readonly pst?: Figure;
}

const { cases, flicker } = JSON.parse(
  readFileSync(new URL("./fixtures/published-instruments.json", import.meta.url), "utf8"),
) as { readonly cases: readonly Case[]; readonly flicker: readonly Flicker[] };

const TURN = 2 * Math.PI;

function near(actual: number | undefined, [value, off]: Figure, what: string): void {
  assert.ok(actual !== undefined && Math.abs(actual - value) <= off, `${what} is ${actual} instead of ${value}`);
}

/** Samples of each of the six channels. */
function samplesOf({ parts, scaledTo, out, rate, seconds }: Case): readonly Float64Array[] {
  const places = parts.length > 2 ? [0, 1, 2, 3, 4, 5] : [0, 3];
  return Array.from({ length: 6 }, (_, c) => {
    const own = parts[places.indexOf(c)] ?? [];
    const scale = scaledTo === undefined ? 1 : scaledTo / Math.hypot(...own.map(([, rms]) => rms));
    return Float64Array.from({ length: rate * seconds }, (_unused, k) => {
      const t = k / rate;
      if (c < 3 && out !== undefined && t >= out[0] && t < out[1]) return 0;
      return own.reduce((sum, [hz, rms, degrees]) => {
        const wave = hz === 0 ? 1 : Math.SQRT2 * Math.sin(TURN * hz * t + (degrees * TURN) / 360);
        return sum + scale * rms * wave;
      }, 0);
    });
  });
}

for (const given of cases) {
  test(given.source, () => {
    const { rate, seconds, wiring, volts, out, everyCycle, figures, signalHz } = given;
    const samples = samplesOf(given);
    const cycles: { readonly rms: number; readonly begins: number; readonly ends: number }[] = [];
    let known: Map<string, number | undefined> = new Map();
    playHours({
      rate,
      seconds,
      hz: 50,
      wiring,
      nominalVolts: volts,
      utc: () => NaN,
      count: rate / 10,
      fill: (channels, first) =>
        channels.forEach((channel, c) => channel.set(samples[c]!.subarray(first, first + channel.length))),
      options: {
        signalHz,
        onUrms: ({ rms, begins, ends }) => cycles.push({ rms: rms[0]!, begins: begins[0]!, ends: ends[0]! }),
      },
      watch: (instrument) => {
        known = new Map(figures.map(([name]) => [name, instrument.value(parseMeasure(name)!)]));
      },
    });
    for (const [name, value, off] of figures) near(known.get(name), [value, off], name);
    // What lies before the first sample, after the last, and in a window with an edge, is not known.
    const isIn = (t: number): boolean => out !== undefined && t > out[0] - 0.06 && t < out[1] + 0.1;
    const whole = cycles.filter(
      ({ rms, begins, ends }) =>
        !Number.isNaN(rms) && begins > 0.02 && ends < seconds - 0.02 && !isIn(begins) && !isIn(ends),
    );
    assert.ok(whole.length > 80 * (seconds - (out === undefined ? 0 : 5)), `${whole.length} cycles`);
    if (everyCycle !== undefined) for (const { rms, begins } of whole) near(rms, everyCycle, `from ${begins} s`);
    if (out !== undefined) {
      const dead = cycles.filter(({ begins, ends }) => begins > out[0] + 0.06 && ends < out[1] - 0.06);
      assert.ok(dead.length > 100);
      for (const { rms, begins } of dead) near(rms, [0, 1e-6], `from ${begins} s`);
    }
    throughCycles(given, samples);
  });
}

/** What is seen of each half cycle: where cycles begin, the frequency, powers. */
function throughCycles(
  { rate, seconds, wiring, volts, crossings, hz, watts, varsOfA }: Case,
  samples: readonly Float64Array[],
): void {
  if (crossings === undefined && hz === undefined && watts === undefined) return;
  const m = new Metered({ grid: 256, floorVolts: volts / 50, wiring });
  m.push([...samples], rate * seconds, rate);
  m.grid.finish();
  const begins: number[] = [];
  let [p, q]: [number[], number[]] = [[], []];
  while (m.next() > 0) {
    if (m.grid.index % 2 === 0) begins.push(m.grid.at);
    if (m.grid.at > seconds / 2 && m.grid.at < seconds - 0.1) [p, q] = [[...m.meter.values.p], [...m.meter.values.q]];
  }
  if (crossings !== undefined) {
    const { every, count, off } = crossings;
    const inside = begins.filter((at) => at > every / 2);
    assert.ok(inside.length >= count - 1 && inside.length <= count, `${inside.length} crossings`);
    for (const [k, at] of inside.entries()) near(at, [(k + 1) * every, off], `crossing ${k + 1}`);
  }
  if (hz !== undefined) near(m.grid.takeFrequency(), hz, "frequency");
  watts?.forEach((each, k) => near(p[k], [each, 0.0005], `watts of phase ${k}`));
  // Its Q by time is never negative, its fundamental one is negative where the current leads, as here.
  if (varsOfA !== undefined) near(q[0], [-varsOfA, 0.0005], "vars");
}

for (const given of flicker) {
  // 720 s at 20,000 samples a second: all of them with `.ci/run --all`.
  const rate = given.seconds > 100 ? share(6400, 6400, given.rate) : given.rate;
  test(`${given.source}, ${rate} samples a second`, () => {
    const { hz, seconds, shape, modulationHz, percent, harmonics, pinstOfLastSecond, pst } = given;
    const meter = new FlickerMeter({ lamp: 230, mains: 50, voltages: [{ plus: 0 }], floorVolts: 10 });
    const statistics = new FlickerStatistics(1);
    const lead = seconds - 602;
    const channel = new Float64Array(rate);
    let largest = 0;
    for (let second = 0; second < seconds; second++) {
      for (let k = 0; k < rate; k++) {
        const t = second + k / rate;
        const turns = modulationHz * t;
        const moved = shape === "sine" ? Math.sin(TURN * turns) : (turns + 1e-9) % 1 < 0.5 ? 1 : -1;
        let wave = Math.sin(TURN * hz * t) * (1 + (percent / 200) * moved);
        for (let h = 0; h < harmonics.length; h++)
          wave += (harmonics[h]! / 100) * Math.sin(TURN * hz * (h + 2) * t + h);
        channel[k] = 230 * Math.SQRT2 * wave;
      }
      meter.push({ channels: [channel], count: rate, rate, at: second, joined: second > 0, missing: undefined });
      while (meter.next()) {
        statistics.step(meter, (meter.at - lead) * 1000);
        if (meter.at > seconds - 1) largest = Math.max(largest, meter.pinstMax[0]!);
      }
    }
    if (pinstOfLastSecond !== undefined) near(largest, pinstOfLastSecond, "Pinst");
    if (pst !== undefined) near(statistics.short!.voltages[0]!.value, pst, "Pst");
  });
}
