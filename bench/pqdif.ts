/** A week of a measurement log as PQDIF, written and opened, one core: `npm run bench pqdif`. */
import { inspectPqdif } from "#fleet/inspect-pqdif.ts";
import { readPqdif, readPqdifNow } from "#format/pqdif/read.ts";
import { inflateNow } from "#io/zlib-now.ts";
import type { DataSource, MonitorSettings, Observation, PqdifContent } from "#format/pqdif/model.ts";
import { timeOf } from "#format/pqdif/time.ts";
import { writePqdif } from "#format/pqdif/write.ts";
import { median } from "./median.ts";

const CHANNELS = 400;
/** Seven days of ten minutes. */
const INTERVALS = 7 * 144;
const ROUNDS = 7;

function week(): PqdifContent {
  const effective = timeOf(Date.UTC(2026, 10, 1));
  const source: DataSource = {
    type: "measured",
    vendor: "none",
    name: "bench",
    effective,
    channels: Array.from({ length: CHANNELS }, (_, c) => ({
      name: `channel ${c}`,
      phase: "A-N" as const,
      quantityType: "value log" as const,
      measured: "voltage" as const,
      series: [
        { valueType: "time", unit: "s", characteristic: "none", storage: "values" },
        ...["average", "minimum", "maximum"].map((valueType) => ({
          valueType,
          unit: "V" as const,
          characteristic: "RMS" as const,
          storage: "values" as const,
        })),
      ],
    })),
  };
  const settings: MonitorSettings = {
    effective,
    installed: effective,
    useCalibration: false,
    useTransducer: false,
    nominalHz: 60,
    channels: [],
  };
  const time = Float64Array.from({ length: INTERVALS }, (_, k) => 600 * k);
  const observation: Observation = {
    name: "log 1",
    created: effective,
    start: effective,
    triggerMethod: "periodic",
    source,
    settings,
    channels: Array.from({ length: CHANNELS }, (_, c) => ({
      definition: c,
      series: [
        // The first channel's time is the others', too.
        c === 0 ? { values: time } : { values: time, share: { channel: 0, series: 0 } },
        ...[0, -0.5, 0.5].map((plus) => ({
          values: Float64Array.from(time, (_, k) => 230 + plus + 3 * Math.sin(k / 23 + c) + Math.sin(k * k)),
          stored: "real4" as const,
        })),
      ],
    })),
  };
  return { container: { fileName: "bench.pqd", created: effective }, observations: [observation] };
}

/** Milliseconds of the processor. */
async function timed(work: () => Promise<unknown>): Promise<number> {
  const from = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(from);
  return (user + system) / 1000;
}

export async function benchPqdif(): Promise<void> {
  const content = week();
  const numbers = `${CHANNELS} channels x ${INTERVALS} intervals x 3 values`;
  console.log(`pqdif: a week of 10 minutes, ${numbers}, milliseconds of one core (median of ${ROUNDS})`);
  for (const compress of [false, true]) {
    const bytes = await writePqdif(content, { compress });
    const { observations, warnings } = await readPqdif("bench.pqd", bytes);
    const read = observations[0]?.channels.reduce(
      (sum, { series }) => sum + series.slice(1).reduce((n, { values }) => n + values.length, 0),
      0,
    );
    if (read !== 3 * CHANNELS * INTERVALS || warnings.length > 0)
      throw new Error(`${read} values, ${warnings.length} warnings`);
    const times = {
      written: [] as number[],
      opened: [] as number[],
      inspected: [] as number[],
    };
    for (let k = 0; k < ROUNDS; k++) {
      times.written.push(await timed(() => writePqdif(content, { compress })));
      times.opened.push(await timed(() => readPqdif("bench.pqd", bytes)));
      times.inspected.push(await timed(async () => inspectPqdif(readPqdifNow("bench.pqd", bytes, inflateNow))));
    }
    const size = `${(bytes.length / 1e6).toFixed(1)} MB`;
    const what = compress ? "zlib" : "plain";
    console.log(
      `  ${what.padEnd(6)} ${size}  written ${Math.round(median(times.written))}, opened ${Math.round(median(times.opened))}, opened and inspected without waiting ${Math.round(median(times.inspected))}`,
    );
  }
}
