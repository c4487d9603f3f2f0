/** Power quality: the whole instrument and flicker on their own; and the whole, blocks of 10 or 12 cycles, and flicker beside pqopen-lib on the same samples. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { FlickerMeter } from "#metrology/flicker-meter.ts";
import { FlickerStatistics } from "#quality/flicker-statistics.ts";
import type { SampleRun } from "#waveform/source.ts";
import { withoutPeers } from "../test/interop/programs.ts";
import { BlockMeans, measureWithPqopen, runsOf, samplesOf, type Recording } from "../test/interop/pqopen-recording.ts";
import { median } from "./median.ts";
import { BEFORE_NOON, cpuSeconds, sharesOf, WholeInstrument } from "./whole-instrument.ts";

const ROUNDS = 5;
/** Of both, one after the other. */
const TURNS = 3;
const TURN = 2 * Math.PI;
const NOON = Date.UTC(2026, 10, 26, 12);

/** Nanoseconds a scan of three voltages. */
function flicker(rate: number, mains: 50 | 60): number {
  const meter = new FlickerMeter({
    lamp: 120,
    mains,
    voltages: [{ plus: 0 }, { plus: 1 }, { plus: 2 }],
    floorVolts: 10,
  });
  const statistics = new FlickerStatistics(3);
  const channels = [0, 1, 2].map((phase) =>
    Float64Array.from({ length: rate }, (_, k) => 170 * Math.sin((TURN * mains * k) / rate - (TURN * phase) / 3)),
  );
  const seconds = Math.ceil(6_000_000 / rate);
  const began = performance.now();
  for (let second = 0; second < seconds; second++) {
    meter.push({ channels, count: rate, rate, at: second, joined: second > 0, missing: undefined });
    while (meter.next()) statistics.step(meter, NOON + 1000 * meter.at);
  }
  return ((performance.now() - began) * 1e6) / (seconds * rate);
}

function recording(rate: number, hz: number, seconds: number, count: 1 | 6): Recording {
  const channel = (c: number) => (t: number) => {
    const angle = TURN * hz * t - ((c % 3) * TURN) / 3;
    return (c < 3 ? 325 : 7) * (Math.sin(angle) + 0.04 * Math.sin(5 * angle) + 0.01 * Math.sin(25 * angle));
  };
  return { rate, seconds, channels: Array.from({ length: count }, (_, c) => channel(c)) };
}

/** Samples of so many seconds, again and again: both rates below have whole cycles in ten. */
const TEN = 10;

/** A minute before an even hour and a minute of it. */
const WHOLE_SECONDS = 120;

const wholeCases = [
  { rate: 30_720, mains: 60, hz: 59.9, grid: 512, goal: 100 },
  { rate: 10_000, mains: 50, hz: 50.1, grid: 256, goal: undefined },
] as const;

/** Gives `instrument` two minutes of samples in runs of a tenth of a second. */
function feed(instrument: WholeInstrument, channels: readonly Float64Array[], rate: number): void {
  const count = rate / 10;
  for (let tenth = 0; tenth < 10 * WHOLE_SECONDS; tenth++) {
    const from = (tenth % (10 * TEN)) * count;
    instrument.take({
      channels: channels.map((samples) => samples.subarray(from, from + count)),
      count,
      rate,
      perCycle: 0,
      at: tenth / 10,
      joined: tenth > 0,
      missing: undefined,
    });
  }
}

async function whole(): Promise<void> {
  console.log(
    `The whole instrument, six channels: times real time on one core by processor time (median of ${ROUNDS} rounds of ${WHOLE_SECONDS} s; lowest, highest; by the clock)`,
  );
  for (const { rate, mains, hz, grid, goal } of wholeCases) {
    const made = recording(rate, hz, TEN, 6);
    const channels = made.channels.map((channel) =>
      Float64Array.from({ length: rate * TEN }, (_, k) => channel(k / rate)),
    );
    const instrument = (): WholeInstrument => new WholeInstrument(mains, grid, 230);
    const round = (): readonly [number, number] => {
      const measuring = instrument();
      const [cpu, clock] = [cpuSeconds(), performance.now()];
      feed(measuring, channels, rate);
      const seconds = [cpuSeconds() - cpu, (performance.now() - clock) / 1000] as const;
      if (measuring.ended.size < 4) throw new Error(`only intervals of ${[...measuring.ended].join(", ")} have ended`);
      return seconds;
    };
    round();
    const rounds = Array.from({ length: ROUNDS }, round);
    const times = rounds.map(([cpu]) => WHOLE_SECONDS / cpu);
    const clock = median(rounds.map(([, seconds]) => WHOLE_SECONDS / seconds));
    const [least, most] = [Math.min(...times).toFixed(0), Math.max(...times).toFixed(0)];
    console.log(
      `  ${`${rate.toLocaleString("en")} samples/s, ${mains} Hz, ${grid} a cycle`.padEnd(50)} ${median(times).toFixed(0).padStart(4)} x  (${least}, ${most}; ${clock.toFixed(0)})${goal === undefined ? "" : `; goal ${goal}`}`,
    );
    const shares = await sharesOf(() => feed(instrument(), channels, rate));
    for (const [stage, share] of shares) {
      const ns = (share * 1e9) / (median(times) * rate);
      console.log(
        `    ${stage.padEnd(48)} ${(100 * share).toFixed(0).padStart(4)} %  ${ns.toFixed(0).padStart(4)} ns a scan`,
      );
    }
  }
}

/** A second in parts that stay in the processor's cache, as samples come from a device; pqopen-lib takes it whole. */
function tenthsOf(run: SampleRun): readonly SampleRun[] {
  const count = run.count / 10;
  return Array.from({ length: 10 }, (_, k) => ({
    ...run,
    channels: run.channels.map((samples) => samples.subarray(k * count, (k + 1) * count)),
    count,
    at: run.at + k / 10,
    joined: run.joined || k > 0,
  }));
}

/**
 * All that pqopen-lib measures: RMS of half cycles, cycles and 10/12 cycles, power, orders and gaps to 50, unbalance, mains signals, what deviations are made of, flicker.
 * Ours has orders to 128, three more voltages, frequency of ten seconds, intervals. Both take turns.
 */
async function besidePqopen({ rate, mains, hz, grid }: (typeof wholeCases)[number], folder: string): Promise<void> {
  const made = recording(rate, hz, WHOLE_SECONDS, 6);
  const samples = samplesOf(made);
  const rounds: { readonly ours: number; readonly theirs: number; readonly clocks: number }[] = [];
  for (let round = 0; round < TURNS; round++) {
    const instrument = new WholeInstrument(mains, grid, 230);
    let [ours, clock] = [0, 0];
    for (const run of runsOf(made, samples)) {
      const parts = tenthsOf(run);
      const [cpuBefore, before] = [cpuSeconds(), performance.now()];
      for (const part of parts) instrument.take(part);
      ours += cpuSeconds() - cpuBefore;
      clock += (performance.now() - before) / 1000;
    }
    const theirs = await measureWithPqopen(made, samples, folder, { hz: mains, utc: BEFORE_NOON, what: "all" });
    rounds.push({ ours, theirs: theirs.cpu, clocks: theirs.seconds / clock });
  }
  const what = `${rate.toLocaleString("en")} samples/s, ${mains} Hz: everything, 6 channels, ${WHOLE_SECONDS} s`;
  print(what, Math.min(...rounds.map(({ ours }) => ours)), Math.min(...rounds.map(({ theirs }) => theirs)));
  console.log(
    `    by turns ${rounds.map(({ ours, theirs }) => (theirs / ours).toFixed(1)).join(", ")} x; by the clock ${rounds.map(({ clocks }) => clocks.toFixed(1)).join(", ")} x`,
  );
}

export async function benchQuality(): Promise<void> {
  await whole();
  console.log(
    `Flicker of three voltages, nanoseconds a scan on one core (median of ${ROUNDS} rounds; highest), times real time`,
  );
  for (const [rate, mains] of [
    [30_720, 60],
    [10_000, 50],
    [2520, 60],
  ] as const) {
    flicker(rate, mains);
    const rounds = Array.from({ length: ROUNDS }, () => flicker(rate, mains));
    const ns = median(rounds);
    console.log(
      `  ${`${rate.toLocaleString("en")} samples/s, ${mains} Hz`.padEnd(50)} ${ns.toFixed(1).padStart(6)} ns  (${Math.max(...rounds).toFixed(1)}); ${(1e9 / (rate * ns)).toFixed(0)} x`,
    );
  }
  if (withoutPeers("pqopen") !== false) {
    console.log(`  beside pqopen-lib: ${withoutPeers("pqopen")}`);
    return;
  }
  console.log(
    "Beside pqopen-lib 0.10.5 on the same samples, seconds of processing; how many times its speed (everything: processor time, lowest of both)",
  );
  const folder = mkdtempSync(path.join(tmpdir(), "polyphase-quality-"));
  for (const at of wholeCases) await besidePqopen(at, folder);
  for (const [rate, mains, hz] of [
    [10_000, 50, 50.02],
    [30_720, 60, 59.98],
  ] as const) {
    const what = `${rate.toLocaleString("en")} samples/s, ${mains} Hz`;
    const blocks = recording(rate, hz, 120, 6);
    const samples = samplesOf(blocks);
    const ours = new BlockMeans(blocks, samples, mains, rate > 20_000 ? 512 : 256).measuringSeconds;
    const theirs = (await measureWithPqopen(blocks, samples, folder, { hz: mains, utc: NOON, what: "harmonics" }))
      .seconds;
    print(`${what}: RMS, harmonics, unbalance of 6 channels, 120 s`, ours, theirs);
  }
  const one = recording(10_000, 50, 300, 1);
  const samples = samplesOf(one);
  const meter = new FlickerMeter({ lamp: 230, mains: 50, voltages: [{ plus: 0 }], floorVolts: 10 });
  const statistics = new FlickerStatistics(1);
  let seconds = 0;
  for (const run of runsOf(one, samples)) {
    const began = performance.now();
    meter.push(run);
    while (meter.next()) statistics.step(meter, NOON + 1000 * meter.at);
    seconds += (performance.now() - began) / 1000;
  }
  // Its flicker wants half-cycle RMS, which is measured with it; ours makes its own.
  const theirs = (await measureWithPqopen(one, samples, folder, { hz: 50, utc: NOON, what: "flicker" })).seconds;
  print("10,000 samples/s, 50 Hz: flicker of 1 voltage, 300 s", seconds, theirs);
  rmSync(folder, { recursive: true });
}

function print(what: string, ours: number, theirs: number): void {
  console.log(`  ${what.padEnd(66)} ${ours.toFixed(2)} s, ${theirs.toFixed(2)} s: ${(theirs / ours).toFixed(1)} x`);
}
