/** What a PQDIF file has, for people and programs that look into one. */
import { readFile } from "#io/file.ts";
import { readPqdif } from "#format/pqdif/read.ts";
import type { Observation } from "#format/pqdif/model.ts";
import { knownUtcOf, utcOf, type PqdifTime } from "#format/pqdif/time.ts";
import { siUnit } from "#format/pqdif/units.ts";

export interface SeriesContent {
  readonly what: string | number;
  readonly unit: string;
  readonly values: number;
  /** Undefined where there is no value. */
  readonly least: number | undefined;
  readonly largest: number | undefined;
}

export interface ChannelContent {
  readonly name: string;
  readonly phase: string | number;
  readonly quantity: string | number;
  readonly series: readonly SeriesContent[];
}

export interface ObservationContent {
  readonly name: string;
  /** UTC; undefined where the file's is no time of a calendar. */
  readonly start: string | undefined;
  readonly trigger: string | number;
  readonly disturbance: string | undefined;
  readonly source: string;
  readonly channels: readonly ChannelContent[];
}

export interface FileContent {
  readonly file: string;
  readonly created: string | undefined;
  readonly observations: readonly ObservationContent[];
  readonly warnings: readonly string[];
}

/** Rejects with what is wrong with the file, and where. */
export async function pqdifContent(file: string): Promise<FileContent> {
  const { container, observations, warnings } = await readPqdif(file, readFile(file));
  return {
    file,
    created: instant(container.created),
    observations: observations.map(observationOf),
    warnings: warnings.map(({ where, what }) => `${where}: ${what}`),
  };
}

/** To the nanosecond: files have more than a millisecond tells. */
function instant(time: PqdifTime | undefined): string | undefined {
  if (time === undefined || knownUtcOf(time) === undefined) return undefined;
  const { day, seconds } = time;
  const whole = Math.floor(seconds);
  const at = Temporal.Instant.fromEpochMilliseconds(utcOf({ day, seconds: whole }));
  return at.add({ nanoseconds: Math.round((seconds - whole) * 1e9) }).toString();
}

function observationOf({ name, start, triggerMethod, disturbance, source, channels }: Observation): ObservationContent {
  return {
    name: name ?? "",
    start: instant(start),
    trigger: triggerMethod ?? "none",
    disturbance,
    source: source.name ?? "",
    channels: channels.map(({ definition = -1, series }) => {
      const of = source.channels[definition];
      return {
        name: of?.name ?? "",
        phase: of?.phase ?? "",
        quantity: of?.measured ?? "",
        series: series.map(({ values }, k) => {
          const { valueType = "", unit } = of?.series[k] ?? {};
          return { what: valueType, unit: unit === undefined ? "" : String(siUnit(unit)), ...extentOf(values) };
        }),
      };
    }),
  };
}

function extentOf(values: Float64Array): Pick<SeriesContent, "values" | "least" | "largest"> {
  let least: number | undefined;
  let largest: number | undefined;
  for (const value of values) {
    if (Number.isNaN(value)) continue;
    if (least === undefined || value < least) least = value;
    if (largest === undefined || value > largest) largest = value;
  }
  return { values: values.length, least, largest };
}
