/** Everything that a meter with power quality measures, on one core: the grid, basic metering and the instrument with all that it has. */
import { Session } from "node:inspector/promises";
import { CycleMeter } from "#metrology/cycle-meter.ts";
import { Grid } from "#metrology/grid.ts";
import { QualityInstrument } from "#quality/instrument.ts";
import type { Interval } from "#quality/intervals.ts";
import { wirings } from "#quantity/wiring.ts";
import type { SampleRun } from "#waveform/source.ts";

/** A minute before an even hour of UTC: intervals of one minute, ten minutes and two hours end within what is measured. */
export const BEFORE_NOON = Date.UTC(2026, 10, 26, 11, 59);

export class WholeInstrument {
  /** Lengths of the intervals that have ended. */
  readonly ended = new Set<Interval["length"]>();
  readonly quality: QualityInstrument;
  readonly #grid: Grid;
  readonly #basic: CycleMeter;
  #at = 0;

  constructor(hz: 50 | 60, grid: 256 | 512, nominalVolts: number) {
    const wiring = wirings.wye;
    this.#grid = new Grid({ grid, wiring, frequency: [42.5, 69], cyclesKept: 32 });
    this.#grid.floorVolts = nominalVolts / 50;
    this.#basic = new CycleMeter(this.#grid, { wiring, reactive: "shifted" });
    this.quality = new QualityInstrument({
      wiring,
      hz,
      nominalVolts,
      rotation: "abc",
      flickerLamp: hz === 50 ? 230 : 120,
      demandAmps: 100,
      signalHz: 316.67,
      minutes: [1, 10, 120],
      utc: () => BEFORE_NOON + 1000 * this.#at,
      onInterval: ({ length }) => this.ended.add(length),
    });
  }

  take(run: SampleRun): void {
    this.#at = run.at;
    this.quality.begin(run.at);
    this.quality.run(run);
    this.#grid.push(run);
    while (this.#grid.next()) {
      this.#basic.half();
      this.quality.half(this.#grid);
    }
  }
}

/** Which files are which stage; what they call is theirs. */
const stages: readonly (readonly [stage: string, files: RegExp])[] = [
  [
    "grid: resampling, phase",
    /\/metrology\/(grid|resampler|raw-samples|phase-tracker|element-phasors|acquisition)\.ts$/,
  ],
  ["basic metering of each half cycle", /\/metrology\/cycle-meter\.ts$/],
  ["blocks: transforms, harmonics to 128", /\/quality\/(blocks|block-spectrum|service-sequences)\.ts$/],
  ["half cycles: Urms(1/2), frequency of 10 s", /\/quality\/(urms|half-phasors|ten-seconds|disturbance)\.ts$/],
  ["intervals: 150/180 cycles, 1, 10, 120 minutes", /\/quality\/(intervals|aggregate)\.ts$/],
  ["flicker of three voltages", /\/(metrology|quality)\/flicker-[a-z]+\.ts$/],
];
const REST = "the rest";

/** The part of its time that each stage takes of what `run` does, by a profile. */
export async function sharesOf(run: () => void): Promise<ReadonlyMap<string, number>> {
  const session = new Session();
  session.connect();
  await session.post("Profiler.enable");
  await session.post("Profiler.setSamplingInterval", { interval: 200 });
  await session.post("Profiler.start");
  run();
  const { profile } = await session.post("Profiler.stop");
  session.disconnect();
  const byId = new Map(profile.nodes.map((node) => [node.id, node]));
  const hits = new Map<string, number>();
  const count = (id: number, above: string): void => {
    const node = byId.get(id)!;
    const { url, functionName } = node.callFrame;
    const stage = stages.find(([, files]) => files.test(url))?.[0] ?? above;
    if (functionName !== "(idle)") hits.set(stage, (hits.get(stage) ?? 0) + (node.hitCount ?? 0));
    for (const child of node.children ?? []) count(child, stage);
  };
  count(profile.nodes[0]!.id, REST);
  const all = [...hits.values()].reduce((sum, some) => sum + some, 0);
  return new Map([...stages.map(([stage]) => stage), REST].map((stage) => [stage, (hits.get(stage) ?? 0) / all]));
}

/** Seconds that this process has used of the processor. */
export function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}
