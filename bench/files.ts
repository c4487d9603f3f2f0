/**
 * Files of a JEMStar II: how long writing one holds up whoever measures meanwhile, in a turn of the event loop, and how long a week of a measurement
 * log takes to be opened. One core: `npm run bench files`.
 */
import { setImmediate } from "node:timers/promises";
import { readPqdif } from "#format/pqdif/pqdif.ts";
import { captured, MANUAL_UTC, observation } from "#product/jemstar/files/captured-fixture.ts";
import { filesRig, type Rig } from "#product/jemstar/files/files-rig.ts";
import type { LogChannel } from "#revenue/settings/measurement-log.ts";
import type { CaptureKind } from "#quantity/captured.ts";
import { median } from "./median.ts";

const ROUNDS = 9;
const DAY_MS = 86_400_000;

/** The longest of the turns that pass while something is written, in milliseconds of CPU; and all of them. */
async function turns(write: () => Promise<void>): Promise<readonly [longest: number, all: number]> {
  const state = { isDone: false };
  const done = write().finally(() => (state.isDone = true));
  let [longest, all] = [0, 0];
  while (!state.isDone) {
    const before = process.threadCpuUsage();
    await setImmediate();
    const { user, system } = process.threadCpuUsage(before);
    const ms = (user + system) / 1000;
    longest = Math.max(longest, ms);
    all += ms;
  }
  await done;
  return [longest, all];
}

async function writing(what: string, cycles: Readonly<Record<CaptureKind, number>>): Promise<void> {
  const captures = (["rms", "low", "medium", "high"] as const).map((kind) => captured(kind, cycles[kind]));
  const found: (readonly [number, number])[] = [];
  let rig: Rig | undefined;
  for (let k = 0; k < ROUNDS; k++) {
    const one = filesRig({ utc: MANUAL_UTC });
    found.push(
      await turns(async () => {
        one.files.take(observation({ captures }));
        await one.files.idle;
      }),
    );
    rig = one;
  }
  const size = rig?.files.shelf.list()[0]?.size ?? 0;
  const [longest, all] = [median(found.map(([one]) => one)), median(found.map(([, sum]) => sum))];
  console.log(
    `${what}: ${Math.round(size / 1000)} kB in ${all.toFixed(1)} ms of the loop's thread, of which the longest turn ${longest.toFixed(1)} ms`,
  );
}

async function week(): Promise<void> {
  const channels = Array.from({ length: 48 }, (_, k): LogChannel => ({
    measure: {
      quantity: "V",
      phase: "a",
      direction: "bidirectional",
      compensated: false,
      ...(k < 3 ? {} : { order: 2 + Math.floor(k / 3) }),
    },
    method: (["minimum", "maximum", "average"] as const)[k % 3]!,
    side: "primary",
    units: "units",
  }));
  const sunday = Date.UTC(2026, 2, 1);
  const rig = filesRig({ utc: sunday, measurementLog: "7 days", group: { interval: 10, channels } });
  for (let k = 0; k < 1008; k++) {
    const values = channels.map((_, c) => 120 + c + Math.sin(k / 23 + c) + Math.sin(k * k));
    rig.series.add(sunday + k * 600_000, sunday + (k + 1) * 600_000, values);
  }
  const [longest, all] = await turns(() => rig.at(sunday + 8 * DAY_MS));
  const [file] = rig.files.shelf.list();
  const bytes = rig.files.shelf.read(file?.name ?? "") ?? new Uint8Array(0);
  const took: number[] = [];
  for (let k = 0; k < ROUNDS; k++) {
    const before = process.cpuUsage();
    const { observations } = await readPqdif("x.pqd", bytes);
    const { user, system } = process.cpuUsage(before);
    if (observations[0]?.channels[0]?.series[0]?.values.length !== 1008) throw new Error("expected a week of records");
    took.push((user + system) / 1000);
  }
  console.log(
    `a week of 48 channels by ten minutes: written in ${all.toFixed(1)} ms (longest turn ${longest.toFixed(1)} ms), ${Math.round(bytes.length / 1000)} kB, opened in ${median(took).toFixed(1)} ms of one core`,
  );
}

export async function benchFiles(): Promise<void> {
  await writing("all recordings, as short as the factory has them", { rms: 45, low: 30, medium: 10, high: 3 });
  await writing("all recordings, as long as the factory lets them be", { rms: 1800, low: 480, medium: 120, high: 15 });
  await week();
}
