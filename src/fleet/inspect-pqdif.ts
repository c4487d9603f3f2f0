/** What is in a PQDIF file beside samples: its observations, and the quantities that they have. */
import type { Remark } from "#format/recording.ts";
import type { ChannelDefinition, Observation, Pqdif, SeriesDefinition } from "#format/pqdif/model.ts";
import { utcOf } from "#format/pqdif/time.ts";
import { siUnit } from "#format/pqdif/units.ts";

export interface InspectedObservation {
  readonly name: string;
  /** Null of a clock that was never set. */
  readonly start: string | null;
  readonly triggered: string | null;
  /** By category of IEEE 1159, where the file says it. */
  readonly disturbance: string | null;
  /** How many channels there are of each type of quantity: { "waveform": 6 }. */
  readonly channels: Readonly<Record<string, number>>;
  /** Values of the longest series. */
  readonly values: number;
}

/** A channel as its data source defines it, with what was found in all observations. */
export interface InspectedQuantity {
  readonly name: string;
  readonly phase: string;
  readonly type: string;
  /** "average of RMS". */
  readonly series: string;
  readonly si: string;
  readonly least: number | null;
  readonly most: number | null;
  readonly values: number;
  readonly missing: number;
}

export interface PqdifInspection {
  readonly source: string;
  readonly observations: readonly InspectedObservation[];
  readonly quantities: readonly InspectedQuantity[];
  readonly warnings: readonly Remark[];
}

export function inspectPqdif(file: Pqdif): PqdifInspection {
  return {
    source: [
      ...new Set(file.sources.flatMap(({ name }) => (name === undefined || name.trim() === "" ? [] : [name]))),
    ].join(", "),
    observations: file.observations.map(observationOf),
    quantities: quantitiesOf(file),
    warnings: file.warnings,
  };
}

function instant(time: Observation["triggered"]): string | null {
  const utc = time === undefined ? NaN : utcOf(time);
  // Days from 1899 on that nobody has set.
  if (!(utc > 0 && utc < 8.64e15)) return null;
  return Temporal.Instant.fromEpochMilliseconds(Math.floor(utc)).toString();
}

function observationOf({ name, start, triggered, disturbance, source, channels }: Observation): InspectedObservation {
  const counts: Record<string, number> = {};
  let values = 0;
  for (const { definition, series } of channels) {
    const type = String(source.channels[definition ?? -1]?.quantityType ?? "unknown");
    counts[type] = (counts[type] ?? 0) + 1;
    for (const one of series) values = Math.max(values, one.values.length);
  }
  return {
    name: name ?? "",
    start: instant(start),
    triggered: instant(triggered),
    disturbance: disturbance ?? null,
    channels: counts,
    values,
  };
}

interface Seen {
  readonly channel: ChannelDefinition;
  readonly definition: SeriesDefinition;
  least: number;
  most: number;
  values: number;
  missing: number;
}

function quantitiesOf({ observations }: Pqdif): InspectedQuantity[] {
  const seen = new Map<SeriesDefinition, Seen>();
  for (const { source, channels } of observations) {
    for (const instance of channels) {
      const channel = source.channels[instance.definition ?? -1];
      instance.series.forEach(({ values }, s) => {
        const definition = channel?.series[s];
        if (channel === undefined || definition === undefined || definition.valueType === "time") return;
        let one = seen.get(definition);
        if (one === undefined) {
          one = { channel, definition, least: Infinity, most: -Infinity, values: 0, missing: 0 };
          seen.set(definition, one);
        }
        for (const value of values) take(one, value);
      });
    }
  }
  return [...seen.values()].map(({ channel, definition, least, most, values, missing }) => ({
    name: channel.name ?? "",
    phase: channel.phase === undefined || channel.phase === "none" ? "" : String(channel.phase),
    type: String(channel.quantityType ?? "unknown"),
    series: seriesText(definition),
    si: definition.unit === undefined ? "" : unitText(siUnit(definition.unit)),
    least: least <= most ? least : null,
    most: least <= most ? most : null,
    values,
    missing,
  }));
}

function take(one: Seen, value: number): void {
  if (Number.isNaN(value)) {
    one.missing++;
    return;
  }
  one.values++;
  if (value < one.least) one.least = value;
  if (value > one.most) one.most = value;
}

function seriesText({ valueType, characteristic }: SeriesDefinition): string {
  const is = String(valueType ?? "unknown");
  return characteristic === undefined || characteristic === "none" ? is : `${is} of ${characteristic}`;
}

function unitText(unit: ReturnType<typeof siUnit>): string {
  return unit === "none" ? "" : String(unit);
}
