/**
 * Values of a series as they are stored and as they are handed out (tagStorageMethodID): straight, scaled, as increments, or both. An
 * increment's vector is the number of rates, then the count and the step of each.
 */
import { numbersOf, physicalTypes, timeAt, times, typeName, vector, type Leaf, type NumberType } from "./element.ts";
import type { ChannelSetting, MonitorSettings, Run, SeriesDefinition } from "./model.ts";
import { tags } from "./tags.ts";
import { isUnset, later, secondsBetween, type PqdifTime } from "./time.ts";
import { siFactor, transformed } from "./units.ts";

/** What the values of a series hang on beside its vector. */
export interface SeriesContext {
  readonly definition: SeriesDefinition;
  readonly start: PqdifTime;
  readonly nominalHz: number | undefined;
  /** System side over monitor side, where it must be applied. */
  readonly ratio: number;
}

/** Ratios by the index of the channel definition, of settings that have been asked for one. */
const ratios = new WeakMap<MonitorSettings, ReadonlyMap<number, number>>();

/** System side over monitor side of a channel definition's transducer; 1 where it must not be applied, or nobody says it. */
export function transducerRatio(settings: MonitorSettings | undefined, definition: number): number {
  if (settings?.useTransducer !== true) return 1;
  let known = ratios.get(settings);
  if (known === undefined) {
    // Of two settings of a channel the first counts.
    known = new Map(settings.channels.toReversed().map((setting) => [setting.channel ?? NaN, ratioOf(setting)]));
    ratios.set(settings, known);
  }
  return known.get(definition) ?? 1;
}

function ratioOf({ systemSideRatio, monitorSideRatio }: ChannelSetting): number {
  const ratio = (systemSideRatio ?? NaN) / (monitorSideRatio ?? NaN);
  return ratio > 0 && Number.isFinite(ratio) ? ratio : 1;
}

/** Why values cannot be handed out or stored. */
export class SeriesError extends Error {}

export interface DecodedSeries {
  readonly values: Float64Array;
  readonly stored: NumberType | undefined;
  readonly runs: readonly Run[] | undefined;
}

const isIncrement = ({ storage }: SeriesDefinition): boolean =>
  storage === "increment" || storage === "scaled increment";
const isScaled = ({ storage }: SeriesDefinition): boolean => storage === "scaled" || storage === "scaled increment";

function factorOf({ definition, nominalHz, ratio }: SeriesContext): number {
  const factor = siFactor(definition.unit, nominalHz);
  if (factor === undefined)
    throw new SeriesError("its unit is cycles, and no monitor settings say the nominal frequency");
  return transformed.has(definition.unit) ? factor * ratio : factor;
}

export interface Scaling {
  readonly scale?: number | undefined;
  readonly offset?: number | undefined;
}

/** Values of a vector; `most` is how many there may be. Throws SeriesError, and RangeError for more values than that. */
export function decodeSeries(
  leaf: Leaf,
  { scale, offset }: Scaling,
  context: SeriesContext,
  most: number,
): DecodedSeries {
  const { definition, start } = context;
  if (leaf.count > most) throw new RangeError(`${leaf.count} values`);
  if (leaf.type === physicalTypes.timestamp)
    return { values: secondsOf(leaf, start), stored: undefined, runs: undefined };
  const raw =
    leaf.type === physicalTypes.complex8 || leaf.type === physicalTypes.complex16 ? undefined : numbersOf(leaf);
  if (raw === undefined)
    throw new SeriesError(`expected numbers or times, found ${typeName(leaf.type) ?? `type ${leaf.type}`}`);
  const factor = factorOf(context);
  const [times, plus] = isScaled(definition) ? [factor * (scale ?? 1), factor * (offset ?? 0)] : [factor, 0];
  const stored = typeName(leaf.type) as NumberType;
  if (!isIncrement(definition)) {
    // In place: the numbers are a copy already.
    for (let k = 0; k < raw.length; k++) {
      const value = times * raw[k]! + plus;
      raw[k] = Number.isFinite(value) ? value : NaN;
    }
    return { values: raw, stored, runs: undefined };
  }
  const counts = runsOf(raw, most);
  const runs = counts.map(({ count, step }) => ({ count, step: times * step }));
  return { values: valuesOfRuns(counts, times, plus), stored, runs };
}

function secondsOf(leaf: Leaf, start: PqdifTime): Float64Array {
  const values = new Float64Array(leaf.count);
  for (let k = 0; k < values.length; k++) {
    const at = timeAt(leaf, k);
    const seconds = at === undefined || isUnset(at) ? NaN : secondsBetween(start, at);
    values[k] = Number.isFinite(seconds) ? seconds : NaN;
  }
  return values;
}

function runsOf(raw: Float64Array, most: number): Run[] {
  const rates = raw[0] ?? NaN;
  if (!Number.isInteger(rates) || rates < 0 || raw.length < 1 + 2 * rates) {
    throw new SeriesError(
      `expected a number of rates and as many counts and steps, found ${raw.length} numbers, the first ${rates}`,
    );
  }
  let total = 0;
  return Array.from({ length: rates }, (_, k) => {
    const [count, step] = [raw[1 + 2 * k]!, raw[2 + 2 * k]!];
    if (!Number.isInteger(count) || count < 0 || !Number.isFinite(step)) {
      throw new SeriesError(`expected a count and a step of rate ${k + 1}, found ${count} and ${step}`);
    }
    total += count;
    if (total > most) throw new RangeError(`${total} values`);
    return { count, step };
  });
}

/** Each run begins where the one before it ended; the first value is 0, or the offset. */
export function valuesOfRuns(runs: readonly Run[], scale = 1, offset = 0): Float64Array {
  const values = new Float64Array(runs.reduce((sum, { count }) => sum + count, 0));
  let at = 0;
  let from = 0;
  for (const { count, step } of runs) {
    for (let k = 0; k < count; k++) values[at + k] = offset + scale * (from + k * step);
    at += count;
    from += count * step;
  }
  return values;
}

const ranges: Readonly<Partial<Record<NumberType, readonly [from: number, to: number]>>> = {
  int1: [-0x80, 0x7f],
  uint1: [0, 0xff],
  int2: [-0x8000, 0x7fff],
  uint2: [0, 0xffff],
  int4: [-0x8000_0000, 0x7fff_ffff],
  uint4: [0, 0xffff_ffff],
};

export interface EncodedSeries extends Scaling {
  readonly leaf: Leaf;
}

interface ToStore extends Scaling {
  readonly values: Float64Array;
  readonly stored?: NumberType | undefined;
  readonly runs?: readonly Run[] | undefined;
}

/** The vector of a series, with the scale and offset that it takes. Throws SeriesError. */
export function encodeSeries(series: ToStore, context: SeriesContext): EncodedSeries {
  const { definition, start } = context;
  const { values, runs } = series;
  if (definition.unit === "timestamp") {
    const stamps = Array.from(values, (seconds) => {
      if (!Number.isFinite(seconds)) throw new SeriesError("a time is absent: a timestamp cannot say so");
      return later(start, seconds);
    });
    return { leaf: times("vector", tags.seriesValues, stamps) };
  }
  const factor = factorOf(context);
  const stored = series.stored ?? (isScaled(definition) && !isIncrement(definition) ? "int2" : "real8");
  const [scale, offset] = isScaled(definition) ? scalingOf(series, stored, factor, isIncrement(definition)) : [1, 0];
  const scaling = isScaled(definition) ? { scale, offset } : {};
  if (!isIncrement(definition)) {
    const raw = values.map((value) => (value / factor - offset) / scale);
    return { leaf: vector(tags.seriesValues, stored, checked(raw, stored)), ...scaling };
  }
  if (runs === undefined) throw new SeriesError("the definition says increments, but the instance has no runs");
  const total = runs.reduce((sum, { count }) => sum + count, 0);
  if (total !== values.length) throw new SeriesError(`its runs count ${total} values, but it has ${values.length}`);
  const raw = [runs.length, ...runs.flatMap(({ count, step }) => [count, step / factor / scale])];
  return { leaf: vector(tags.seriesValues, stored, checked(Float64Array.from(raw), stored)), ...scaling };
}

/** The scale and offset in the file's unit that the caller names, or such as use 65,000 steps, or the type's if it has fewer. */
function scalingOf(
  series: ToStore,
  stored: NumberType,
  factor: number,
  isIncrement: boolean,
): readonly [scale: number, offset: number] {
  const range = ranges[stored];
  if (isIncrement || series.scale !== undefined || series.offset !== undefined || range === undefined) {
    return [series.scale ?? 1, series.offset ?? 0];
  }
  let [low, high] = [Infinity, -Infinity];
  for (const value of series.values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  if (!(high > low)) return [1, Number.isFinite(low) ? low / factor : 0];
  // Two codes at either end are left for rounding: of a double itself, where the range is a small part of the values.
  const span = range[1] - range[0];
  const steps = Math.min(65_000, span - 4);
  const size = Math.max(Math.abs(low), Math.abs(high)) / factor;
  const scale = Math.max((high - low) / factor / steps, size * 2 ** -50, 2 ** -1000);
  const first = range[0] + Math.floor((span - steps) / 2);
  return [scale, low / factor - first * scale];
}

const REAL4_MAX = 3.4028234663852886e38;

/** Numbers as whole as the type has them; throws where one does not fit. */
function checked(raw: Float64Array, stored: NumberType): Float64Array {
  const range = stored.startsWith("bool") ? ([0, 1] as const) : ranges[stored];
  if (range === undefined) {
    const most = stored === "real4" ? REAL4_MAX : Number.MAX_VALUE;
    const k = raw.findIndex((value) => Math.abs(value) > most);
    if (k >= 0) throw new SeriesError(`value ${k + 1} does not fit ${stored}: it would be stored as ${raw[k]}`);
    return raw;
  }
  for (let k = 0; k < raw.length; k++) {
    const value = Math.round(raw[k]!);
    if (Number.isNaN(value))
      throw new SeriesError(`value ${k + 1} is absent: only REAL4 and REAL8 can say so, not ${stored}`);
    if (value < range[0] || value > range[1]) {
      throw new SeriesError(`value ${k + 1} does not fit ${stored}: it would be stored as ${value}`);
    }
    raw[k] = value;
  }
  return raw;
}
