/**
 * What the readers in use would not take of a content that PQDIF can say: GSF.PQDIF of the Grid Protection Alliance, and openXDA, which
 * stands on it (docs/pqdif.md). Nothing here stops a file from being written.
 */
import type { Remark } from "#format/recording.ts";
import { quantityTypes } from "./ids.ts";
import type { ChannelDefinition, DataSource, Observation, PqdifContent } from "./model.ts";
import { transducerRatio } from "./series.ts";

/** Of which openXDA makes measurements over time, and disturbances. */
const overTime: ReadonlySet<unknown> = new Set(["waveform", "phasor", "value log"]);
const disturbances: ReadonlySet<unknown> = new Set([
  "magnitude-duration",
  "magnitude-duration-time",
  "magnitude-duration-count",
]);
const values: ReadonlySet<unknown> = new Set(["value", "minimum", "maximum", "average"]);

/** What readers would miss, and where: once a channel of a data source, and once an observation. */
export function missedByReaders({ observations }: PqdifContent): Remark[] {
  const remarks: Remark[] = [];
  const sources = new Set<DataSource>();
  observations.forEach((observation, k) => {
    const { source, settings } = observation;
    if (!sources.has(source)) {
      const [first] = sources;
      sources.add(source);
      source.channels.forEach((channel, c) =>
        remarks.push(...ofChannel(channel, `channel ${c} of data source ${source.name ?? ""}`)),
      );
      if (first !== undefined && !isSame(first, source)) {
        const what = "its name, vendor or equipment is not that of the first data source: openXDA refuses the file";
        remarks.push({ where: `data source ${source.name ?? ""}`, what });
      }
    }
    if (settings?.nominalHz === undefined) {
      remarks.push({
        where: `observation ${k}`,
        what: "no monitor settings say the nominal frequency: openXDA needs them",
      });
    }
    remarks.push(...ofInstances(observation, k));
  });
  return remarks;
}

function isSame(a: DataSource, b: DataSource): boolean {
  return a.name === b.name && a.vendor === b.vendor && a.equipment === b.equipment;
}

function ofChannel({ quantityType, series }: ChannelDefinition, where: string): Remark[] {
  const types = series.map(({ valueType }) => valueType);
  const isKnown = Object.hasOwn(quantityTypes, quantityType ?? "");
  const what: string[] = [];
  if (!isKnown) what.push("its type of quantity is not of the standard: openXDA leaves it out");
  else if (!overTime.has(quantityType) && !disturbances.has(quantityType)) {
    what.push(`openXDA makes nothing of a channel of ${quantityType}`);
  } else if (types[0] !== "time") what.push("its first series is not the time: openXDA leaves it out");
  if (disturbances.has(quantityType) && !types.includes("duration")) {
    what.push("it has no series of the duration: openXDA stops there");
  }
  if (disturbances.has(quantityType) && !types.some((type) => values.has(type))) {
    what.push("it has no series of a value, minimum, maximum or average: openXDA stops there");
  }
  const isTrend = series
    .slice(1)
    .some(({ valueType, characteristic }) => valueType !== "value" || characteristic !== "instantaneous");
  if (quantityType === "waveform" && isTrend) {
    what.push("a series of it is not instantaneous values: openXDA takes that for a trend");
  }
  return what.map((text) => ({ where, what: text }));
}

function ofInstances({ channels, settings }: Observation, k: number): Remark[] {
  return channels.flatMap(({ definition, series }, c) => {
    const where = `observation ${k}, channel ${c}`;
    const what: string[] = [];
    if (series.some(({ runs }) => (runs?.length ?? 0) > 2)) {
      what.push("increments of more than two rates: some versions of GSF.PQDIF begin the third where it does not");
    }
    if (definition !== undefined && transducerRatio(settings, definition) !== 1) {
      what.push("a transducer's ratio has to be applied: GSF.PQDIF applies it to times and percentages, too");
    }
    return what.map((text) => ({ where, what: text }));
  });
}
