/** Definitions of channels as the readers in use take them (docs/pqdif.md): time first, and what each type of quantity must have. */
import type { ChannelDefinition, SeriesDefinition } from "./model.ts";

/** What a channel is, beside its series. */
export type ChannelOf = Omit<ChannelDefinition, "series" | "quantityType" | "more">;

interface Measured {
  readonly unit: NonNullable<SeriesDefinition["unit"]>;
  /** What values may be shown in percent of. */
  readonly nominal?: number | undefined;
}

interface Logged extends Measured {
  readonly characteristic: NonNullable<SeriesDefinition["characteristic"]>;
  readonly storage?: SeriesDefinition["storage"];
}

const time: SeriesDefinition = { valueType: "time", unit: "s", characteristic: "none", storage: "values" };

/** Samples: even times as increments, values as whole numbers with a scale; where samples may be absent, `storage` has to be values. */
export function waveformChannel(
  of: ChannelOf,
  { unit, nominal, storage = "scaled" }: Measured & { readonly storage?: "scaled" | "values" | undefined },
): ChannelDefinition {
  return {
    ...of,
    quantityType: "waveform",
    series: [
      { ...time, storage: "increment" },
      { valueType: "value", unit, characteristic: "instantaneous", storage, nominal },
    ],
  };
}

/** What was logged interval by interval: one series of each value type that is named, after their time. */
export function valueLogChannel(
  of: ChannelOf,
  { unit, nominal, characteristic, storage = "values" }: Logged,
  valueTypes: readonly ("average" | "minimum" | "maximum" | "value")[],
): ChannelDefinition {
  return {
    ...of,
    quantityType: "value log",
    series: [time, ...valueTypes.map((valueType) => ({ valueType, unit, characteristic, storage, nominal }))],
  };
}

/** RMS values that follow one another in even steps; with their angles where `angle` says so. */
export function phasorChannel(
  of: ChannelOf,
  { unit, nominal, characteristic, storage = "values" }: Logged,
  angle = false,
): ChannelDefinition {
  const value: SeriesDefinition = { valueType: "value", unit, characteristic, storage, nominal };
  const degrees: SeriesDefinition = { valueType: "phase angle", unit: "°", characteristic, storage: "values" };
  return {
    ...of,
    quantityType: "phasor",
    series: [{ ...time, storage: "increment" }, value, ...(angle ? [degrees] : [])],
  };
}

/** Sags, swells, interruptions: when, how deep or high, how long. */
export function magnitudeDurationTimeChannel(of: ChannelOf, { unit, nominal }: Measured): ChannelDefinition {
  return {
    ...of,
    quantityType: "magnitude-duration-time",
    series: [
      { ...time, unit: "timestamp" },
      { valueType: "value", unit, characteristic: "RMS", storage: "values", nominal },
      { valueType: "duration", unit: "s", characteristic: "none", storage: "values" },
    ],
  };
}

/** Pairs of values. */
export function xyChannel(of: ChannelOf, x: Logged, y: Logged): ChannelDefinition {
  const series = ({ unit, nominal, characteristic, storage = "values" }: Logged): SeriesDefinition => ({
    valueType: "value",
    unit,
    characteristic,
    storage,
    nominal,
  });
  return { ...of, quantityType: "XY", series: [series(x), series(y)] };
}
