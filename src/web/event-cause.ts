/** What the waveforms of a file's event say of its cause: the meter's own recording, judged as `analyse` judges any (docs/analysis.md). */
import { explained } from "#analysis/event-verdict.ts";
import type { EventWave, ExaminedKind, Explained } from "#analysis/examination.ts";
import type { ExplainedView, TrackView } from "#quantity/meter-api.ts";

export interface ToExplain {
  /** A category of IEEE 1159, where the file says it. */
  readonly disturbance: unknown;
  /** Seconds of its tracks at which it began. */
  readonly triggered: number | undefined;
  readonly tracks: readonly TrackView[];
}

const inputs: Readonly<Record<string, readonly string[]>> = { V: ["va", "vb", "vc"], A: ["ia", "ib", "ic"] };
const phases = ["A-N", "B-N", "C-N"] as const;

/** Parts of a sample by which times may be off that are said in whole microseconds. */
const UNEVEN = 0.1;

/** Undefined of what has no waveforms to neutral, or does not say when it began. */
export function explainedOf({ disturbance, triggered, tracks }: ToExplain): ExplainedView | undefined {
  const volts = tracks.find(({ kind, unit }) => kind === "waveform" && unit === "V");
  if (volts === undefined || triggered === undefined) return undefined;
  const rate = rateOf(volts.times);
  if (rate === undefined) return undefined;
  const amps = tracks.find((one) => one.kind === "waveform" && one.unit === "A" && areAlike(one.times, volts.times));
  const channels = [volts, ...(amps === undefined ? [] : [amps])].flatMap(channelsOf);
  const [first] = channels;
  if (channels.filter(({ name }) => name.startsWith("v")).length < phases.length || first === undefined)
    return undefined;
  const at = volts.times[0] ?? 0;
  const hz = hzBefore(first.samples, rate, triggered - at);
  if (hz === undefined) return { says: ["less than two cycles before it were recorded"] };
  return viewOf(explained(kindOf(disturbance), { at, rate, channels }, "wye", { at: triggered, hz }));
}

/** Samples a second of times that are evenly apart. */
function rateOf(times: readonly number[]): number | undefined {
  const [first, last] = [times[0], times.at(-1)];
  if (first === undefined || last === undefined || times.length < 2 || !(last > first)) return undefined;
  const rate = (times.length - 1) / (last - first);
  return times.every((time, k) => Math.abs((time - first) * rate - k) < UNEVEN) ? rate : undefined;
}

function areAlike(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a[0] === b[0] && a.at(-1) === b.at(-1);
}

/** Those of the three phases of which every sample is known. */
function channelsOf({ unit, channels }: TrackView): EventWave["channels"][number][] {
  return phases.flatMap((phase, k) => {
    const name = inputs[unit]?.[k];
    const values = channels.find((one) => one.phase === phase)?.values;
    if (name === undefined || values === undefined || values.includes(null)) return [];
    return [{ name, samples: Float32Array.from(values, (value) => value ?? NaN) }];
  });
}

/** By the rising zero crossings of what was before the event; undefined of less than two cycles. */
function hzBefore(samples: Float32Array, rate: number, seconds: number): number | undefined {
  const crossings: number[] = [];
  const end = Math.min(samples.length, Math.floor(seconds * rate));
  for (let k = 1; k < end; k++) {
    const [before = NaN, after = NaN] = [samples[k - 1], samples[k]];
    if (before < 0 && after >= 0) crossings.push(k - after / (after - before));
  }
  const [first, last] = [crossings[0], crossings.at(-1)];
  if (first === undefined || last === undefined || crossings.length < 3) return undefined;
  return ((crossings.length - 1) * rate) / (last - first);
}

function kindOf(disturbance: unknown): ExaminedKind {
  const said = String(disturbance ?? "");
  if (/swell|overvoltage/.test(said)) return "swell";
  if (said.includes("interruption")) return "interruption";
  if (/sag|undervoltage/.test(said)) return "dip";
  return said.includes("fluctuation") ? "rapid change" : "transient";
}

function viewOf({ cause, type, direction, reason }: Explained): ExplainedView {
  const isKnown = cause !== undefined && cause.cause !== "unknown";
  const dip = type ?? cause?.type;
  const named = direction === undefined || direction.direction === "unknown" ? undefined : direction;
  return {
    ...(cause === undefined ? {} : { cause: cause.cause }),
    ...(dip === undefined ? {} : { type: dip.phase === undefined ? dip.letter : `${dip.letter}, phase ${dip.phase}` }),
    ...(named === undefined ? {} : { direction: named.direction }),
    says: [
      ...(reason === undefined ? [] : [reason]),
      ...(isKnown ? cause.criteria.map(({ says }) => says) : []),
      ...(named?.votes ?? []).filter((vote) => vote.direction === named?.direction).map(({ criterion }) => criterion),
    ],
  };
}
