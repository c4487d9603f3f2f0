/** The kernels: nanoseconds a scan of six channels, beside the plain words that they are held to. A scan of 512 a cycle at 60 Hz lasts 32,552. */
import { binsOf } from "#metrology/kernels/bins.ts";
import { ReferenceFourier } from "#metrology/kernels/real-fourier-reference.ts";
import { sumHalfCycleReference } from "#metrology/kernels/half-cycle-reference.ts";
import { HalfCycleSums } from "#metrology/kernels/half-cycle-sums.ts";
import { sumHalfCycle } from "#metrology/kernels/half-cycle.ts";
import { realFourier } from "#metrology/kernels/real-fourier.ts";
import { resampleReference } from "#metrology/kernels/resample-reference.ts";
import { resample } from "#metrology/kernels/resample.ts";
import { measureSizesReference } from "#metrology/kernels/sizes-reference.ts";
import { measureSizes, type MeasureSizes, Sizes } from "#metrology/kernels/sizes.ts";
import { sincTable } from "#metrology/kernels/sinc-table.ts";
import { median } from "./median.ts";

const ROUNDS = 9;
/** Scans of a half cycle. */
const HALF = 256;

interface Case {
  readonly what: string;
  /** Scans that one call is worth. */
  readonly scans: number;
  readonly kernel: (k: number) => void;
  readonly plain: (k: number) => void;
  readonly goal: number;
}

type Six = readonly [Float64Array, Float64Array, Float64Array, Float64Array, Float64Array, Float64Array];

const wave = (c: number): Float64Array =>
  Float64Array.from({ length: 12 * 512 }, (_, k) => Math.sin((2 * Math.PI * k) / 512 + c) + 0.1 * Math.sin(k / 7));

/** Channel by channel. */
const waves: Six = [wave(0), wave(1), wave(2), wave(3), wave(4), wave(5)];

function resampling(what: string, step: number, offset: number, goal: number): Case {
  const table = sincTable(step);
  const scans = Math.ceil(HALF * step) + 2 * table.taps;
  const input = Float64Array.from({ length: 6 * scans }, (_, k) => waves[k % 6]![Math.floor(k / 6)]!);
  const out = waves.map(() => new Float64Array(HALF));
  return {
    what,
    scans: HALF,
    kernel: (k) => resample(table, input, table.taps + offset * k, step, HALF, out, 0),
    plain: (k) => resampleReference(table, input, table.taps + offset * k, step, HALF, out, 0),
    goal,
  };
}

function spectra(n: number, goal: number): Case {
  const kernel = realFourier(n);
  const plain = new ReferenceFourier(n);
  const [one, other] = [binsOf(n), binsOf(n)];
  const six = (transform: Pick<ReferenceFourier, "pair">): void => {
    for (const c of [0, 2, 4]) transform.pair(waves[c]!, waves[c + 1]!, 0, one, other);
  };
  return { what: `spectra of ${n} samples`, scans: n, kernel: () => six(kernel), plain: () => six(plain), goal };
}

const sums = new HalfCycleSums();
const [volts, amps] = [new Sizes(), new Sizes()];
const [va, vb, vc, ia, ib, ic] = waves;

function sizes(measure: MeasureSizes): void {
  measure([va, vb, vc], 0, va.length, volts);
  measure([ia, ib, ic], 0, ia.length, amps);
}

const cases: readonly Case[] = [
  resampling("resample 1.0118 to 1", 1.0118, 0.0007, 50),
  resampling("resample 2 to 1", 2, 0.0007, 100),
  resampling("resample, every instant a sample", 1, 0, 50),
  spectra(6144, 45),
  spectra(5120, 45),
  spectra(512, 45),
  {
    what: "sums of half a cycle",
    scans: HALF,
    kernel: (k) => sumHalfCycle(waves, (k % 24) * HALF, HALF, sums),
    plain: (k) => sumHalfCycleReference(waves, (k % 24) * HALF, HALF, sums),
    goal: 5,
  },
  {
    what: "sizes of 6144 samples and of their differences",
    scans: va.length,
    kernel: () => sizes(measureSizes),
    plain: () => sizes(measureSizesReference),
    goal: 5,
  },
];

/** Nanoseconds a scan: rounds of about 20 ms. */
function time(scans: number, run: (k: number) => void): number[] {
  let calls = 1;
  const round = (): number => {
    const from = performance.now();
    for (let k = 0; k < calls; k++) run(k % 500);
    return performance.now() - from;
  };
  while (round() < 20) calls *= 2;
  return Array.from({ length: ROUNDS }, () => (round() * 1e6) / calls / scans);
}

export async function benchKernels(): Promise<void> {
  console.log(
    `Kernels, nanoseconds a scan of six channels (median of ${ROUNDS} rounds; lowest; the same in plain words, lowest)`,
  );
  for (const { what, scans, kernel, plain, goal } of cases) {
    const rounds = time(scans, kernel);
    const lowest = Math.min(...rounds).toFixed(1);
    const plainly = Math.min(...time(scans, plain)).toFixed(0);
    console.log(
      `  ${what.padEnd(50)} ${median(rounds).toFixed(1).padStart(6)} ns  (${lowest}; ${plainly}; goal ${goal})`,
    );
  }
}
