/** Series instances as they are written: with their values, or with the series whose values they share. */
import { collection, scalar, type Element } from "./element.ts";
import { writeFields } from "./fields.ts";
import { seriesInstanceFields, type Observation, type SeriesInstance } from "./model.ts";
import { encodeSeries, SeriesError, transducerRatio, type EncodedSeries } from "./series.ts";
import { tags } from "./tags.ts";

/** A series with its values, or with the index of the one that has them. `of` is the channel and the series of its definition. */
export function seriesInstance(
  series: SeriesInstance,
  [channel, s]: readonly [number, number],
  of: Observation,
  refuse: (what: string) => never,
): Element {
  const more = series.more ?? [];
  if (series.share !== undefined) {
    return collection(tags.oneSeriesInstance, [...sharedSeries(series, [channel, s], of, refuse), ...more]);
  }
  const { leaf, scale, offset } = encoded(series, [channel, s], of, refuse);
  const fields = writeFields(seriesInstanceFields, { base: series.base, scale, offset }, refuse);
  return collection(tags.oneSeriesInstance, [...fields, leaf, ...more]);
}

function encoded(
  series: SeriesInstance,
  [channel, s]: readonly [number, number],
  { source, start, settings }: Observation,
  refuse: (what: string) => never,
): EncodedSeries {
  const definition = source.channels[channel]?.series[s];
  if (definition === undefined) return refuse(`series ${s} is not defined`);
  const context = { definition, start, nominalHz: settings?.nominalHz, ratio: transducerRatio(settings, channel) };
  try {
    return encodeSeries(series, context);
  } catch (error) {
    if (error instanceof SeriesError) return refuse(`series ${s}: ${error.message}`);
    throw error;
  }
}

/** What a series has that shares the values of another: whose, and how they are scaled. */
function sharedSeries(
  { share, base, values, ...own }: SeriesInstance,
  [channel, s]: readonly [number, number],
  of: Observation,
  refuse: (what: string) => never,
): Element[] {
  if (share === undefined) return [];
  const index = of.channels[share.channel]?.definition ?? NaN;
  const owner = of.channels[share.channel]?.series[share.series];
  const definition = of.source.channels[channel]?.series[s];
  const owners = of.source.channels[index]?.series[share.series];
  if (owner === undefined || owner.values.length !== values.length) {
    return refuse(`series ${s} shares with one that is not there, or has another number of values`);
  }
  const isScaled = owners?.storage === "scaled" || owners?.storage === "scaled increment";
  const chosen = isScaled && owner.share === undefined && owner.scale === undefined && owner.offset === undefined;
  const scaling = chosen ? encoded(owner, [index, share.series], of, refuse) : owner;
  // Some readers take the scale of the series that shares, others that of the one whose values they are.
  const scale = own.scale ?? scaling.scale;
  const offset = own.offset ?? scaling.offset;
  const isAlike =
    definition?.storage === owners?.storage &&
    definition?.unit === owners?.unit &&
    scale === scaling.scale &&
    offset === scaling.offset &&
    transducerRatio(of.settings, channel) === transducerRatio(of.settings, index);
  if (isAlike && values !== owner.values && !values.every((value, k) => Object.is(value, owner.values[k]))) {
    return refuse(`series ${s} has other values than the one that it shares them with`);
  }
  return [
    ...writeFields(seriesInstanceFields, { base, scale, offset }, refuse),
    scalar(tags.seriesShareChannelIdx, "uint4", share.channel),
    scalar(tags.seriesShareSeriesIdx, "uint4", share.series),
  ];
}
