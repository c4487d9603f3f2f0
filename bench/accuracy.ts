/** Error of a whole meter against closed form, worst of three phases over ten one-second results, in parts per million. */
import { VirtualClock } from "#clock/virtual-clock.ts";
import { makeMeter } from "#product/fixed-map/virtual-meter.ts";
import { levitonS4100 } from "#model/leviton-s4100.ts";
import type { MeterModel } from "#model/model.ts";
import type { Quantity } from "#quantity/quantity.ts";
import { MemoryStore } from "#store/store.ts";
import { Network, type Harmonic } from "#waveform/network.ts";
import type { Source } from "#waveform/source.ts";
import { SyntheticSamples, SyntheticSteps } from "#waveform/synthetic.ts";

const columns: readonly (readonly [title: string, names: readonly Quantity[]])[] = [
  ["V", ["V.a", "V.b", "V.c"]],
  ["V ll", ["V.ab", "V.bc", "V.ca"]],
  ["A", ["A.a", "A.b", "A.c"]],
  ["W", ["W.a", "W.b", "W.c", "W"]],
  ["var", ["var.a", "var.b", "var.c", "var"]],
  ["VA", ["VA.a", "VA.b", "VA.c", "VA"]],
  ["Wh", ["Wh.import"]],
];

const rich: readonly Harmonic[] = [
  { order: 3, percent: 10, degrees: 20 },
  { order: 5, percent: 6, degrees: 40 },
  { order: 7, percent: 4, degrees: -70 },
  { order: 13, percent: 2, degrees: 5 },
];
const wide: readonly Harmonic[] = [
  ...rich,
  { order: 29, percent: 5, degrees: 12 },
  { order: 49, percent: 4, degrees: 80 },
];

function meterOf(model: MeterModel, source: Source, clock: VirtualClock) {
  return makeMeter({ name: "m", model, source, clock, store: new MemoryStore().drawer("m") }).instrument;
}

export async function benchAccuracy(): Promise<void> {
  console.log(
    "\nError against closed form, parts per million of reading (10 = 0.001 %), worst of ten one-second results; Hz in µHz",
  );
  console.log(
    `  ${"signal".padEnd(34)} ${"Hz".padStart(6)} ${columns.map(([title]) => title.padStart(7)).join("")} ${"µHz".padStart(7)}`,
  );
  const fast: MeterModel = {
    ...levitonS4100,
    instrument: { ...levitonS4100.instrument, sampling: { perSecond: 30_720 }, grid: 512 },
  };
  const signals = [
    ["2,520/s, sine", levitonS4100, []],
    ["2,520/s, harmonics below 0.35 fs", levitonS4100, rich],
    ["30,720/s, harmonics to the 49th", fast, wide],
  ] as const;
  for (const [what, model, harmonics] of signals) {
    for (const hz of [45, 50, 53.7, 59.3, 60, 65]) {
      const network = new Network({
        hz,
        volts: [229.1, 230.4, 231.7],
        amps: [10.3, 11.7, 13.1],
        angles: [0, -120, 120],
        lag: [17, 40, 60],
        harmonics: {
          volts: harmonics,
          amps: harmonics.map((h) => ({ ...h, percent: 3 * h.percent, degrees: h.degrees + 50 })),
        },
        noise: 0,
        load: [],
        events: [],
        seed: 1,
      });
      const clock = new VirtualClock();
      const measured = meterOf(model, new SyntheticSamples(network, model.instrument.sampling), clock);
      const truth = meterOf(model, new SyntheticSteps(network), clock);
      const worst = columns.map(() => 0);
      let worstHz = 0;
      let before: readonly [number, number] = [NaN, NaN];
      for (let second = 0; second <= 11; second++) {
        clock.advance(1000);
        measured.advance(clock.elapsed());
        truth.advance(clock.elapsed());
        const energies = [measured.read("Wh.import"), truth.read("Wh.import")] as const;
        if (second === 1) before = energies;
        if (second < 2) continue;
        columns.forEach(([title, names], k) => {
          for (const name of names) {
            // Whole cycles and whole seconds differ at the edges: energy is compared by its rate over what was measured.
            const error = title === "Wh" ? 0 : measured.read(name) / truth.read(name) - 1;
            worst[k] = Math.max(worst[k] ?? 0, Math.abs(error));
          }
        });
        worstHz = Math.max(worstHz, Math.abs(measured.read("Hz") - hz));
        // Over ten seconds the edges are at most one cycle of 600.
        if (second === 11)
          worst[columns.length - 1] = Math.abs((energies[0] - before[0]) / (energies[1] - before[1]) - 1);
      }
      console.log(
        `  ${what.padEnd(34)} ${String(hz).padStart(6)} ${worst.map((error) => (error * 1e6).toFixed(2).padStart(7)).join("")} ${(worstHz * 1e6).toFixed(2).padStart(7)}`,
      );
    }
  }
}
