/** Channel instances of an observation, with the values of their series: their own, or those that they share with another. */
import { FormatError } from "#format/recording.ts";
import { numberOf, type Collection, type Element, type Leaf } from "./element.ts";
import { moreOf, type FieldReader } from "./field-reader.ts";
import type { Fields } from "./fields.ts";
import { MAX_SHARES } from "./limits.ts";
import {
  seriesInstanceFields,
  type channelInstanceFields,
  type ChannelInstance,
  type DataSource,
  type MonitorSettings,
  type SeriesInstance,
} from "./model.ts";
import { decodeSeries, SeriesError, transducerRatio, type DecodedSeries, type Scaling } from "./series.ts";
import { tags } from "./tags.ts";
import type { PqdifTime } from "./time.ts";
import { transformed } from "./units.ts";

/** Numbers that series may still have, of those that the file may. */
export interface ValueBudget {
  readonly file: string;
  readonly most: number;
  left: number;
}

/** A channel instance as it was read, but for its series. */
export interface RawChannel {
  readonly instance: Collection;
  readonly fields: Fields<typeof channelInstanceFields>;
  readonly rest: readonly Element[];
}

interface Context {
  readonly start: PqdifTime;
  readonly source: DataSource;
  readonly settings: MonitorSettings | undefined;
  readonly nominalHz: number | undefined;
  /** Whether it is known which ratios of transducers have to be applied. */
  readonly isRatioKnown: boolean;
}

interface RawSeries {
  readonly element: Collection;
  readonly fields: Fields<typeof seriesInstanceFields>;
  readonly leaf: Leaf | undefined;
  readonly share: { readonly channel: number; readonly series: number } | undefined;
  /** What says how its values are to be read is there, and cannot be read. */
  readonly isBroken: boolean;
  readonly more: readonly Element[];
}

interface Raw extends Omit<RawChannel, "rest"> {
  readonly series: readonly RawSeries[];
  readonly more: readonly Element[];
}

export function instancesOf(
  channels: readonly RawChannel[],
  context: Context,
  reader: FieldReader,
  budget: ValueBudget,
): ChannelInstance[] {
  const raw = channels.map(({ instance, fields, rest }): Raw => {
    const [list, more] = reader.listOf(rest, tags.seriesInstances, tags.oneSeriesInstance);
    return { instance, fields, series: list.map((one) => rawSeries(one, reader)), more };
  });
  const values = new ObservationValues(raw, context, reader, budget);
  return raw.map((channel) => {
    const { instance, fields, more } = channel;
    // Other channels may name this one by its index: it stays, though it may have no series.
    const definition = context.source.channels[fields.definition ?? -1];
    const series = definition === undefined ? [] : channel.series;
    if (definition === undefined) {
      const what = `expected the index of one of the ${context.source.channels.length} channels of the data source`;
      reader.warn(instance, "channel", `${what}, found ${fields.definition ?? "none"}: its series are left out`);
    } else if (series.length > definition.series.length) {
      const what = `expected ${definition.series.length} series as the channel is defined, found ${series.length}`;
      reader.warn(instance, "series", `${what}: the others are left out`);
    }
    return {
      ...fields,
      definition: fields.definition,
      series: series.slice(0, definition?.series.length).map((one, s) => values.instance(channel, one, s)),
      ...moreOf(more),
    };
  });
}

function rawSeries(element: Collection, reader: FieldReader): RawSeries {
  const { fields, broken, rest } = reader.fields(seriesInstanceFields, element);
  const own: { leaf?: Leaf; channel?: number; series?: number } = {};
  const more = rest.filter((one) => {
    if (one.kind === "collection") return true;
    if (one.tag === tags.seriesValues) return own.leaf !== undefined || ((own.leaf = one), false);
    const index = numberOf(one);
    if (index === undefined) return true;
    if (one.tag === tags.seriesShareChannelIdx) return ((own.channel = index), false);
    if (one.tag === tags.seriesShareSeriesIdx) return ((own.series = index), false);
    return true;
  });
  const { leaf, channel, series } = own;
  const shares = rest.filter(({ tag }) => tag === tags.seriesShareChannelIdx || tag === tags.seriesShareSeriesIdx);
  const share = channel === undefined || series === undefined ? undefined : { channel, series };
  const isBroken = broken.has("scale") || broken.has("offset") || (shares.length > 0 && share === undefined);
  return { element, fields, leaf, share, isBroken, more };
}

class ObservationValues {
  readonly #raw: readonly Raw[];
  readonly #context: Context;
  readonly #reader: FieldReader;
  readonly #budget: ValueBudget;
  /** What vectors have been decoded to, and with what: a series that is shared is decoded once. */
  readonly #decoded = new Map<Leaf, { readonly by: string; readonly to: DecodedSeries }>();

  constructor(raw: readonly Raw[], context: Context, reader: FieldReader, budget: ValueBudget) {
    this.#raw = raw;
    this.#context = context;
    this.#reader = reader;
    this.#budget = budget;
  }

  instance({ fields: { definition } }: Raw, series: RawSeries, s: number): SeriesInstance {
    const { fields, share, more } = series;
    const found = this.#vectorOf(series);
    const isKnown = found !== undefined && definition !== undefined;
    const decoded = isKnown ? this.#decode(found, definition, s, series) : undefined;
    return {
      ...fields,
      values: decoded?.values ?? new Float64Array(0),
      stored: decoded?.stored,
      runs: decoded?.runs,
      share,
      ...moreOf(more),
    };
  }

  /** The vector of a series and its scaling, which those that it shares with say where it does not. */
  #vectorOf(series: RawSeries): { leaf: Leaf; scaling: Scaling } | undefined {
    let { scale, offset } = series.fields;
    let at: RawSeries | undefined = series;
    for (const seen = new Set<RawSeries>(); at !== undefined;) {
      if (at.isBroken) {
        this.#reader.warn(
          at.element,
          "values",
          "the scale, the offset or what the series shares cannot be read: it is left without values",
        );
        return undefined;
      }
      if (at.share === undefined) {
        if (at.leaf !== undefined) return { leaf: at.leaf, scaling: { scale, offset } };
        this.#reader.warn(at.element, "values", "expected values of the series, or which series it shares them with");
        return undefined;
      }
      if (seen.has(at) || seen.size >= MAX_SHARES) {
        const what = seen.has(at) ? "in a circle" : `over more than ${MAX_SHARES} others`;
        this.#reader.warn(at.element, "share", `series share their values ${what}`);
        return undefined;
      }
      seen.add(at);
      const { channel, series: index }: { channel: number; series: number } = at.share;
      const next: RawSeries | undefined = this.#raw[channel]?.series[index];
      if (next === undefined) {
        const what = `expected a series of channel ${channel} with index ${index} to share, there is none`;
        this.#reader.warn(at.element, "share", what);
      }
      scale ??= next?.fields.scale;
      offset ??= next?.fields.offset;
      at = next;
    }
    return undefined;
  }

  #decode(
    { leaf, scaling }: { leaf: Leaf; scaling: Scaling },
    channel: number,
    s: number,
    { element }: RawSeries,
  ): DecodedSeries | undefined {
    const { source, settings, isRatioKnown } = this.#context;
    const definition = source.channels[channel]?.series[s];
    if (definition === undefined) return undefined;
    if (definition.storage === undefined || definition.unit === undefined) {
      const what =
        "its definition does not say how its values are stored, or in which unit: the series is left without values";
      this.#reader.warn(element, "values", what);
      return undefined;
    }
    if (!isRatioKnown && transformed.has(definition.unit)) {
      const what = "whether a transducer's ratio has to be applied cannot be read: the series is left without values";
      this.#reader.warn(element, "values", what);
      return undefined;
    }
    const ratio = transducerRatio(settings, channel);
    const by = [scaling.scale, scaling.offset, definition.storage, definition.unit, ratio].join(" ");
    const known = this.#decoded.get(leaf);
    if (known?.by === by) return known.to;
    try {
      const to = decodeSeries(leaf, scaling, { ...this.#context, definition, ratio }, this.#budget.left);
      this.#budget.left -= to.values.length;
      this.#decoded.set(leaf, { by, to });
      return to;
    } catch (error) {
      if (error instanceof SeriesError) {
        this.#reader.warn(leaf, "values", `${error.message}: the series is left without values`);
        return undefined;
      }
      if (!(error instanceof RangeError)) throw error;
      const what = `${error.message} are there, where ${this.#budget.left} of the ${this.#budget.most} of a file are left`;
      throw new FormatError(this.#budget.file, this.#reader.place(element), what);
    }
  }
}
