/** Recordings that `polyphase analyse` is tried on: three voltages, three currents, a dip of known depth and length. */
import type { DataSource, MonitorSettings, Observation, PqdifContent } from "#format/pqdif/model.ts";
import { waveformChannel } from "#format/pqdif/channels.ts";
import { timeOf } from "#format/pqdif/time.ts";

export const RATE = 3200;

/** Volts of phase p at t seconds: from 2 s on phase a has 50 % for 0.3 s. */
export function voltsAt(t: number, p: number): number {
  const part = p === 0 && t >= 2 - 1e-9 && t < 2.3 - 1e-9 ? 0.5 : 1;
  return part * Math.SQRT2 * (230 + p) * Math.sin(2 * Math.PI * (50 * t - p / 3));
}

/** A log of four seconds in columns. */
export function dipCsv(seconds = 4): string {
  const rows = Array.from({ length: RATE * seconds }, (_, k) => {
    const t = k / RATE;
    return [t.toFixed(7), ...[0, 1, 2].map((p) => voltsAt(t, p).toFixed(3))].join(",");
  });
  return `time (s),va (V),vb (V),vc (V)\n${rows.join("\n")}\n`;
}

const phases = ["A-N", "B-N", "C-N"] as const;
const pairs = ["A-B", "B-C", "C-A"] as const;

/** The same as PQDIF, of voltages to neutral or from line to line, at 2026-03-14T06:29:50Z. */
export function dipPqdif(between: "neutral" | "lines" = "neutral"): PqdifContent {
  const start = timeOf(Date.UTC(2026, 2, 14, 6, 29, 50));
  const names = between === "neutral" ? phases : pairs;
  const source: DataSource = {
    type: "measured",
    vendor: "none",
    name: "Feeder 7",
    effective: start,
    channels: names.map((phase) =>
      waveformChannel({ name: "Voltage", phase, measured: "voltage" }, { unit: "V", storage: "values" }),
    ),
  };
  const settings: MonitorSettings = {
    effective: start,
    installed: start,
    useCalibration: false,
    useTransducer: false,
    nominalHz: 50,
    channels: [],
  };
  const count = 4 * RATE;
  const times = Float64Array.from({ length: count }, (_, k) => k / RATE);
  const observation: Observation = {
    name: "capture",
    created: start,
    start,
    triggerMethod: "channel",
    source,
    settings,
    channels: names.map((_, p) => ({
      definition: p,
      series: [
        { values: times, runs: [{ count, step: 1 / RATE }] },
        {
          values: times.map((t) => voltsAt(t, p) - (between === "neutral" ? 0 : voltsAt(t, (p + 1) % 3))),
          stored: "real4",
        },
      ],
    })),
  };
  return { container: { fileName: "x.pqd", created: start }, observations: [observation] };
}
