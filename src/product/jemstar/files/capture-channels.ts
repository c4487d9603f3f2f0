/**
 * Recordings as channels of PQDIF: WAVEFORM of waveforms, PHASOR of high-speed RMS. Channels of a recording have one series of times, which
 * the first of them holds: instants of the line's own cycles, which are not even.
 */
import type { ChannelDefinition, SeriesDefinition, SeriesInstance } from "#format/pqdif/pqdif.ts";
import type { Captured, CaptureKind } from "#quantity/captured.ts";
import type { MadeChannels } from "./made-channels.ts";
import { nominalOf, type MeterFacts } from "./meter-facts.ts";
import { placeOf, type PlacedChannel } from "./places.ts";
import { isWhole, storedFloats, storedSamples, storedTimes } from "./stored-values.ts";

/** Where a recording is among the channels of an observation. */
export interface RecordingPlace {
  readonly kind: CaptureKind;
  readonly from: number;
  readonly count: number;
}

const time: SeriesDefinition = { valueType: "time", unit: "s", characteristic: "none", storage: "scaled" };

/** Adds the channels of a recording that begins so many seconds after the observation. */
export function addCapture(
  channels: MadeChannels,
  captured: Captured,
  shift: number,
  facts: MeterFacts,
): RecordingPlace {
  const { kind, names, times, hz } = captured;
  const from = channels.instances.length;
  const own = storedTimes(times, shift);
  const frequency = Number.isFinite(hz) ? { channelHz: hz } : {};
  const seriesOf = new Map(names.map((name, k) => [name, captured.channels[k] ?? new Float64Array(times.length)]));
  for (const [name, values] of seriesOf) {
    const place = placeOf(name);
    if (place === undefined) continue;
    const channel = channels.instances.length;
    const shared = channel === from ? own : { values: own.values, share: { channel: from, series: 0 } };
    const { definition, series } =
      kind === "rms"
        ? phasorOf(place, { values, angle: seriesOf.get(`${name}.angle`) }, facts)
        : waveformOf(place, values, facts);
    channels.add(definition, [shared, ...series], frequency);
  }
  return { kind, from, count: channels.instances.length - from };
}

interface Made {
  readonly definition: ChannelDefinition;
  readonly series: readonly SeriesInstance[];
}

const of = ({ name, phase, measured }: PlacedChannel) => ({ name, phase, measured });

function nominal({ between }: PlacedChannel, facts: MeterFacts): Pick<SeriesDefinition, "nominal"> {
  return between === undefined ? {} : { nominal: nominalOf(facts, between) };
}

function waveformOf(place: PlacedChannel, samples: Float64Array, facts: MeterFacts): Made {
  const whole = isWhole(samples);
  const value: SeriesDefinition = {
    valueType: "value",
    unit: place.unit,
    characteristic: "instantaneous",
    storage: whole ? "scaled" : "values",
    ...nominal(place, facts),
  };
  return {
    definition: { ...of(place), quantityType: "waveform", series: [time, value] },
    series: [whole ? storedSamples(samples) : storedFloats(samples)],
  };
}

function phasorOf(
  place: PlacedChannel,
  { values, angle }: { readonly values: Float64Array; readonly angle: Float64Array | undefined },
  facts: MeterFacts,
): Made {
  const characteristic = "RMS";
  const value: SeriesDefinition = {
    valueType: "value",
    unit: place.unit,
    characteristic,
    storage: "values",
    ...nominal(place, facts),
  };
  const degrees: SeriesDefinition = { valueType: "phase angle", unit: "°", characteristic, storage: "values" };
  const series = [time, value, ...(angle === undefined ? [] : [degrees])];
  return {
    definition: { ...of(place), quantityType: "phasor", series },
    series: [storedFloats(values), ...(angle === undefined ? [] : [storedFloats(angle)])],
  };
}
