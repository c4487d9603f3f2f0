/** What PQDIF has of value logs, as the columns that an examination has: which quantity, which statistic, of which time. */
import type { ChannelDefinition, ChannelInstance, Pqdif, SeriesDefinition } from "#format/pqdif/model.ts";
import { recordingPhases } from "#format/pqdif/recording-phases.ts";
import { secondsBetween, type PqdifTime } from "#format/pqdif/time.ts";

export type Statistic = "mean" | "min" | "max";

export interface LoggedSeries {
  /** As an examination calls it: "V.a", "THD.V.ab", "Hz", "Pst.V.a". */
  readonly name: string;
  readonly unit: "V" | "A" | "%" | "Hz" | "";
  readonly statistic: Statistic;
  /** Of RMS of a harmonic. */
  readonly order?: number;
  /** Seconds from the start of the log, rising: to where intervals end as they are read, to where they begin as they are handed on. */
  readonly times: Float64Array;
  readonly values: Float64Array;
  /** What the values may be shown in percent of. */
  readonly nominal?: number;
}

const statistics: Readonly<Partial<Record<string, Statistic>>> = {
  average: "mean",
  value: "mean",
  minimum: "min",
  maximum: "max",
};

/** Orders that an examination has. */
const MOST_ORDER = 50;

/** The earliest start of an observation that has a value log; undefined where there is none. */
export function startOfLogs({ observations }: Pqdif): PqdifTime | undefined {
  const [first] = observations
    .filter(({ source, channels }) =>
      channels.some(({ definition }) => source.channels[definition ?? -1]?.quantityType === "value log"),
    )
    .map(({ start }) => start)
    .toSorted((a, b) => secondsBetween(b, a));
  return first;
}

/** Series that are known to be of something that an examination has; `left` is told what was not. */
export function loggedSeries(
  { observations }: Pqdif,
  origin: PqdifTime,
  left: (what: string) => void,
): readonly LoggedSeries[] {
  return observations.flatMap(({ source, channels, start }) => {
    const shift = secondsBetween(origin, start);
    return channels.flatMap((instance) => {
      const channel = source.channels[instance.definition ?? -1];
      return channel?.quantityType === "value log" ? ofChannel(channel, instance, shift, left) : [];
    });
  });
}

function ofChannel(
  channel: ChannelDefinition,
  { series, group }: ChannelInstance,
  shift: number,
  left: (what: string) => void,
): LoggedSeries[] {
  const time = series[channel.series.findIndex(({ valueType }) => valueType === "time")]?.values;
  if (time === undefined) return [];
  return channel.series.flatMap((definition, s): LoggedSeries[] => {
    const values = series[s]?.values;
    if (definition.valueType === "time" || values === undefined || values.length === 0) return [];
    const is = quantityOf(channel, definition, group);
    const statistic = statistics[definition.valueType ?? ""];
    if (is === undefined || statistic === undefined) {
      if (channel.measured !== "status") left(channel.name ?? "");
      return [];
    }
    const rising = risingRows(time, values.length);
    return [
      {
        ...is,
        statistic,
        times: Float64Array.from(rising, (row) => shift + time[row]!),
        values: Float64Array.from(rising, (row) => values[row]!),
        ...(definition.nominal === undefined ? {} : { nominal: definition.nominal }),
      },
    ];
  });
}

/** Rows whose times are later than all before them. */
function risingRows(times: Float64Array, count: number): number[] {
  const rows: number[] = [];
  let last = -Infinity;
  for (let row = 0; row < Math.min(times.length, count); row++) {
    if (!(times[row]! > last)) continue;
    last = times[row]!;
    rows.push(row);
  }
  return rows;
}

type Quantity = Pick<LoggedSeries, "name" | "unit" | "order">;

function quantityOf(
  { phase, measured }: ChannelDefinition,
  { unit, characteristic }: SeriesDefinition,
  group: number | undefined,
): Quantity | undefined {
  const suffix = recordingPhases[String(phase)];
  const kind = measured === "voltage" ? "V" : measured === "current" ? "A" : undefined;
  if (characteristic === "frequency" && unit === "Hz") return { name: "Hz", unit: "Hz" };
  if (kind === undefined) return undefined;
  if (characteristic === "negative sequence unbalance" && unit === "%") return { name: `unbalance.${kind}`, unit: "%" };
  if (suffix === undefined || (kind === "A" && suffix.length > 1)) return undefined;
  const channel = `${kind}.${suffix}`;
  if (characteristic === "RMS" && unit === kind) return { name: channel, unit: kind };
  if (characteristic === "total THD" && unit === "%") return { name: `THD.${channel}`, unit: "%" };
  if (characteristic === "TDD" && unit === "%" && kind === "A") return { name: `TDD.${channel}`, unit: "%" };
  if (kind === "V" && (characteristic === "Pst" || characteristic === "Plt")) {
    return { name: `${characteristic}.${channel}`, unit: "" };
  }
  const isHarmonic = characteristic === "spectra of harmonic groups" || characteristic === "spectra";
  const order = group ?? 0;
  // Percents are of a fundamental or of a nominal value: the file does not say of which.
  if (isHarmonic && unit === kind && order >= 1 && order <= MOST_ORDER) return { name: channel, unit: kind, order };
  return undefined;
}
