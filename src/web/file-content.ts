/** What a PQDIF file has of waveforms and RMS, as programs and the page draw it. */
import { knownUtcOf, readPqdif, secondsBetween, type ChannelInstance, type Observation } from "#format/pqdif/pqdif.ts";
import type { FileContentView, TrackView } from "#quantity/meter-api.ts";
import { explainedOf } from "./event-cause.ts";

const kinds = new Map<unknown, TrackView["kind"]>([
  ["waveform", "waveform"],
  ["phasor", "rms"],
]);
const isUnit = (unit: unknown): unit is TrackView["unit"] => unit === "V" || unit === "A";

/** Throws FormatError where the bytes are no PQDIF. */
export async function fileContentOf(file: string, bytes: Uint8Array): Promise<FileContentView> {
  const { observations } = await readPqdif(file, bytes);
  return { file, observations: observations.map(observationView) };
}

function observationView(observation: Observation): FileContentView["observations"][number] {
  const { name = "", disturbance, start, triggered } = observation;
  const at = triggered === undefined ? undefined : secondsBetween(start, triggered);
  const tracks = tracksOf(observation);
  return {
    name,
    disturbance,
    utc: utcText(knownUtcOf(start)),
    triggered: at,
    explained: explainedOf({ disturbance, triggered: at, tracks }),
    tracks,
  };
}

function utcText(utc: number | undefined): string | undefined {
  return utc === undefined ? undefined : Temporal.Instant.fromEpochMilliseconds(Math.round(utc)).toString();
}

interface Drawn {
  readonly kind: TrackView["kind"];
  readonly unit: TrackView["unit"];
  readonly times: Float64Array;
  readonly channel: TrackView["channels"][number];
}

/** Channels of one kind and unit are a track where their times are the same. */
function tracksOf(observation: Observation): readonly TrackView[] {
  const tracks: { -readonly [K in keyof TrackView]: TrackView[K] }[] = [];
  const timesOf = new Map<TrackView, Float64Array>();
  for (const instance of observation.channels) {
    const drawn = drawnOf(observation, instance);
    if (drawn === undefined) continue;
    const { kind, unit, times, channel } = drawn;
    const isHere = (track: TrackView): boolean =>
      track.kind === kind && track.unit === unit && areSame(timesOf.get(track), times);
    const track = tracks.find(isHere);
    if (track !== undefined) track.channels = [...track.channels, channel];
    else {
      const made: TrackView = { kind, unit, times: [...times].map(micro), channels: [channel] };
      tracks.push(made);
      timesOf.set(made, times);
    }
  }
  return tracks;
}

function drawnOf({ source }: Observation, { definition, series }: ChannelInstance): Drawn | undefined {
  const channel = source.channels[definition ?? -1];
  const kind = kinds.get(channel?.quantityType);
  if (channel === undefined || kind === undefined) return undefined;
  const of = (valueType: string): number => channel.series.findIndex((one) => one.valueType === valueType);
  const at = of("value") < 0 ? of("instantaneous") : of("value");
  const [times, values] = [series[of("time")]?.values, series[at]?.values];
  const unit = channel.series[at]?.unit;
  if (times === undefined || values === undefined || values.length !== times.length || !isUnit(unit)) return undefined;
  const { name = "", phase = "none" } = channel;
  const view = { name, phase: String(phase), values: Array.from(values, shownValue) };
  return { kind, unit, times, channel: view };
}

function areSame(a: Float64Array | undefined, b: Float64Array): boolean {
  return a === b || (a?.length === b.length && a.every((time, k) => time === b[k]));
}

/** A microsecond is less than a sample of any meter. */
function micro(seconds: number): number {
  return Number(seconds.toFixed(6));
}

/** Six digits are more than any of them measures; JSON of all of a double's would be three times as long. */
function shownValue(value: number): number | null {
  return Number.isNaN(value) ? null : Number(value.toPrecision(6));
}
