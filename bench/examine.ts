/** A recording of six channels through `examine` to its report, an event every minute, one core, its decoding included: `npm run bench examine`. */
import { examine } from "#analysis/examine.ts";
import { reportHtml } from "#analysis/report/report-html.ts";
import { bytesInMemory } from "#format/bytes.ts";
import { combinedRows } from "#format/comtrade.ts";
import { writeComtradeCff } from "#format/comtrade-writer.ts";
import { RecordingReader } from "#format/reader.ts";
import { inputs } from "#waveform/channel-map.ts";

const RATE = 15_360;
const HZ = 60;
const SECONDS = 300;
const ROUNDS = 3;

/** Five minutes of COMTRADE: a dip of 0.2 s to 60 % in each, with three times the current. */
function recorded(): Uint8Array {
  const count = RATE * SECONDS;
  const perCycle = RATE / HZ;
  const channels = inputs.map((name, c) => {
    const isVolts = name.startsWith("v");
    const cycle = Float64Array.from({ length: perCycle }, (_, k) => {
      const angle = 2 * Math.PI * (k / perCycle - (c % 3) / 3);
      return Math.sin(angle) + 0.03 * Math.sin(5 * angle) + 0.02 * Math.sin(7 * angle);
    });
    const peak = Math.SQRT2 * (isVolts ? 120 : 20);
    const samples = new Float64Array(count);
    for (let k = 0; k < count; k++) {
      const t = (k / RATE) % 60;
      const isDip = t >= 30 && t < 30.2;
      samples[k] = peak * cycle[k % perCycle]! * (isDip ? (isVolts ? 0.6 : 3) : 1);
    }
    return { name, unit: isVolts ? "V" : "A", samples };
  });
  const rates = [{ rate: RATE, count }];
  const start = Date.UTC(2026, 0, 1);
  return writeComtradeCff({ station: "S", device: "D", lineHz: HZ, channels, rates, start }, "BINARY");
}

export function benchExamine(): void {
  const source = bytesInMemory(recorded());
  const map = Object.fromEntries(inputs.map((name) => [name, { channel: name }]));
  let least = Infinity;
  let found = 0;
  let characters = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const reader = new RecordingReader(combinedRows({ file: "bench.cff", source }));
    const before = process.cpuUsage();
    const examination = examine(reader, { wiring: "wye", map, nominalVolts: 120, hz: HZ });
    found = examination.events.length;
    characters = reportHtml(examination, {}).length;
    const { user, system } = process.cpuUsage(before);
    least = Math.min(least, (user + system) / 1e6);
  }
  const hour = (least * 3600) / SECONDS;
  console.log(
    "examine: a recording of six channels at 15.36 kHz with an event a minute, to the report, best of 3, CPU time",
  );
  console.log(
    `  ${SECONDS} s, ${found} events, a report of ${characters} characters: ${least.toFixed(2)} s, so an hour in ${hour.toFixed(1)} s (the goal is 40)`,
  );
}
