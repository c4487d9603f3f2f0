/** From the `source` of a site file to what a meter measures. */
import { gather } from "#format/gather.ts";
import type { Clock } from "#clock/clock.ts";
import { SystemClock } from "#clock/system-clock.ts";
import type { Recording } from "#format/recording.ts";
import { resolvePath } from "#io/file.ts";
import type { InstrumentDesign } from "#quantity/instrument-design.ts";
import type { WiringName } from "#quantity/wiring.ts";
import { LiveSource } from "#waveform/live.ts";
import { Network, type NetworkEvent, type NetworkTransient } from "#waveform/network.ts";
import { inputs, MapError, type ChannelMap, type Input } from "#waveform/channel-map.ts";
import { Replay } from "#waveform/replay.ts";
import type { SampleSource, Source } from "#waveform/source.ts";
import { SyntheticSamples, SyntheticSteps } from "#waveform/synthetic.ts";
import { streamSource } from "#fleet/protocols/sv.ts";
import { isOfFullScale, recordingReader, tooSlow } from "./recording-file.ts";
import { connectionOf } from "./wrong-wiring.ts";
import type { MeterEntry, RecordingEntry } from "./site-schema.ts";
import type { SyntheticEntry, SyntheticEvent } from "./synthetic-schema.ts";

export type Three = [number, number, number];

/** Values of three phases. */
export function three(value: number | readonly number[]): Three {
  const list = typeof value === "number" ? [value, value, value] : value;
  // A list that stops early says nothing of the other phases: they are dead.
  return [list[0] ?? 0, list[1] ?? 0, list[2] ?? 0];
}

/** How many phases an entry describes; undefined of one that tells only when it runs. */
export function phasesOf({ synthetic: entry }: MeterEntry["source"]): number | undefined {
  if (entry === undefined) return undefined;
  // A number stands for all of them.
  return typeof entry.volts === "number" ? 3 : entry.volts.length;
}

export interface SourceContext {
  /** Folder of the site file. */
  readonly folder: string;
  readonly sampling: InstrumentDesign["sampling"];
  readonly wiring: WiringName;
  /** Milliseconds since 1970 at which the source begins. */
  readonly start: number;
  /** By which streams go, however fast the site's clock does; the computer's own unless said. */
  readonly real?: Clock | undefined;
  /** Told what is odd in a source that can be made all the same. */
  readonly note?: ((words: string) => void) | undefined;
}

/** Throws an Error that names the file and place where a recording is wrong. */
export function makeSource(entry: MeterEntry["source"], context: SourceContext): Source {
  if (entry.synthetic !== undefined) return synthetic(entry.synthetic, context);
  if (entry.recording !== undefined) return replay(entry.recording, context);
  if (entry.sampledValues !== undefined) return streamSource(entry.sampledValues, context.real ?? new SystemClock());
  return new LiveSource(entry.live?.hz ?? 60, entry.live?.stale, areHalves(context.wiring));
}

/**
 * What plays a recording once more, beside the meter that measures it; undefined of another source. What is synthetic follows its bench,
 * which plays it.
 */
export function playOf(
  { recording }: MeterEntry["source"],
  context: Omit<SourceContext, "sampling">,
): ((rate: number) => SampleSource) | undefined {
  if (recording === undefined) return undefined;
  return (rate) => {
    const source = makeSource({ recording }, { ...context, sampling: { perSecond: rate } });
    if (source.kind !== "samples") throw new Error("it has no waveform");
    return source;
  };
}

/** Whether two voltages are those of a split phase, opposite to each other. */
function areHalves(wiring: WiringName): boolean {
  return wiring === "split-phase" || wiring === "1-phase-ll";
}

function synthetic(entry: SyntheticEntry, context: SourceContext): Source {
  const network = networkOf(entry, context);
  if (entry.steps) return new SyntheticSteps(network);
  return new SyntheticSamples(network, context.sampling);
}

/** Degrees of the voltages of an entry that does not say them. */
export function usualAngles(wiring: WiringName): Three {
  return areHalves(wiring) ? [0, 180, 0] : [0, -120, 120];
}

/** What an entry says of a network that begins at `start`. */
export function networkOf(entry: SyntheticEntry, { wiring, start }: Pick<SourceContext, "wiring" | "start">): Network {
  const pf = three(entry.pf);
  const lag = pf.map(
    (factor) => ((Math.acos(factor) * 180) / Math.PI) * (entry.leading ? -1 : 1) + (entry.export ? 180 : 0),
  );
  const angles = entry.angles ?? usualAngles(wiring);
  const load = Object.entries(entry.load ?? {})
    .map(([time, factor]): [number, number] => [3600 * Number(time.slice(0, 2)) + 60 * Number(time.slice(3)), factor])
    .sort((a, b) => a[0] - b[0]);
  return new Network(
    {
      hz: entry.hz,
      drift: entry.drift,
      volts: three(entry.volts),
      amps: three(entry.amps),
      angles: three(angles),
      lag: three(lag),
      harmonics: entry.harmonics,
      noise: entry.noise,
      flicker: entry.flicker,
      load,
      events: entry.events.filter(({ kind }) => kind !== "transient").map(networkEvent),
      connection: entry.wiring === undefined ? undefined : connectionOf(entry.wiring),
      transients: entry.events.filter(({ kind }) => kind === "transient").map(networkTransient),
      seed: entry.seed,
    },
    (start / 1000) % 86_400,
  );
}

function eventPhases({ phases = ["a", "b", "c"] }: SyntheticEvent): number[] {
  return phases.map((phase) => ["a", "b", "c"].indexOf(phase));
}

function networkTransient(entry: SyntheticEvent): NetworkTransient {
  const { at, every, for: lasts = 0.01, volts: part = 0.5, ring: hz = 900 } = entry;
  return { at, every, for: lasts, phases: eventPhases(entry), part, hz };
}

function networkEvent(entry: SyntheticEvent): NetworkEvent {
  const phases = eventPhases(entry);
  const usual = { sag: 0.7, swell: 1.2, interruption: 0, step: 1, swap: 1, transient: 1 }[entry.kind];
  const [one, other] = phases;
  return {
    at: entry.at,
    for: entry.for,
    every: entry.every,
    phases,
    volts: entry.volts ?? usual,
    amps: entry.amps ?? (entry.kind === "interruption" ? 0 : 1),
    hz: entry.hz ?? 0,
    swap: entry.kind === "swap" && one !== undefined && other !== undefined ? [one, other] : undefined,
  };
}

/** Reads a recording of any format as a whole. */
export function readRecording(file: string, rate?: number): Recording {
  return gather(recordingReader(file, { rate, statuses: true }));
}

function replay(entry: RecordingEntry, { folder, note }: SourceContext): Source {
  const file = resolvePath(folder, entry.file);
  const map: Partial<Record<Input, ChannelMap>> = {};
  for (const input of inputs) {
    const given = entry.map[input];
    if (given !== undefined) map[input] = typeof given === "object" ? given : { channel: given };
  }
  const reader = recordingReader(file, { rate: entry.rate });
  try {
    const made = new Replay(reader, map, entry.loop);
    const slow = tooSlow(made.firstRate);
    if (slow !== undefined) note?.(`${entry.file}: ${slow}`);
    const unscaled = inputs.filter((input) => map[input] !== undefined && map[input].scale === undefined);
    if (isOfFullScale(file) && unscaled.length > 0)
      note?.(
        `${entry.file}: without a scale full scale is 1 V or 1 A, of ${unscaled.join(", ")} (map: { ${unscaled[0]}: { channel: 1, scale: 400 } })`,
      );
    return made;
  } catch (error) {
    if (error instanceof MapError)
      throw new Error(`source.recording.map.${error.input}: ${error.message}`, { cause: error });
    throw error;
  }
}
