/** What a PQDIF file has beside samples, by time: RMS of half cycles, and logs. Channels of one kind whose times are the same are a group. */
import type { ChannelDefinition, Observation, Pqdif, SeriesDefinition } from "#format/pqdif/model.ts";
import { secondsBetween, type PqdifTime } from "#format/pqdif/time.ts";
import { siUnit } from "#format/pqdif/units.ts";
import type { WaveGroup } from "./content.ts";
import { phaseOfWord } from "./phase-of.ts";
import { pyramidOf } from "./pyramid.ts";

/** Channels of logs that are shown at most: a week of a meter's has a thousand. */
export const MOST_LOGS = 96;

const kinds = new Map<unknown, "rms" | "log">([
  ["phasor", "rms"],
  ["value log", "log"],
]);

/** What is drawn of a series; what the last two are of stands in the name. */
const drawn: ReadonlySet<unknown> = new Set(["value", "instantaneous", "average", "minimum", "maximum"]);
const extremes: ReadonlySet<unknown> = new Set(["minimum", "maximum"]);

interface Piece {
  readonly times: Float64Array;
  readonly values: Float64Array;
  /** Seconds from the first sample to what the times count from. */
  readonly begins: number;
}

interface Found {
  readonly kind: "rms" | "log";
  readonly name: string;
  readonly unit: string;
  readonly phase: string | undefined;
  readonly pieces: Piece[];
}

function unitText({ unit }: SeriesDefinition): string {
  const si = unit === undefined ? "none" : siUnit(unit);
  return si === "none" || typeof si === "number" ? "" : si;
}

function nameOf({ name = "" }: ChannelDefinition, { valueType, characteristic }: SeriesDefinition): string {
  const more = [
    characteristic === undefined || characteristic === "none" || characteristic === "RMS" ? "" : String(characteristic),
    extremes.has(valueType) ? String(valueType) : "",
  ].filter((word) => word !== "");
  return more.length === 0 ? name : `${name} (${more.join(", ")})`;
}

/** Whether times are ascending, and known. */
function areTimes(times: Float64Array): boolean {
  for (let k = 0; k < times.length; k++)
    if (!Number.isFinite(times[k] ?? NaN) || (k > 0 && (times[k] ?? 0) < (times[k - 1] ?? 0))) return false;
  return times.length > 0;
}

function takeObservation(found: Map<string, Found>, { source, start, channels }: Observation, origin: PqdifTime): void {
  for (const { definition, series, group } of channels) {
    const channel = source.channels[definition ?? -1];
    const kind = kinds.get(channel?.quantityType);
    if (channel === undefined || kind === undefined) continue;
    const timeAt = channel.series.findIndex(({ valueType }) => valueType === "time");
    const times = series[timeAt]?.values;
    if (times === undefined || !areTimes(times)) continue;
    for (const [s, one] of channel.series.entries()) {
      const values = series[s]?.values;
      if (!drawn.has(one.valueType) || values === undefined || values.length !== times.length) continue;
      const order = group === undefined || kind === "rms" ? "" : ` ${group}`;
      const about = {
        kind,
        name: nameOf(channel, one) + order,
        unit: unitText(one),
        phase: phaseOfWord(channel.phase),
      };
      const key = JSON.stringify(Object.values(about));
      let known = found.get(key);
      if (known === undefined) found.set(key, (known = { ...about, pieces: [] }));
      known.pieces.push({ times, values, begins: secondsBetween(origin, start) });
    }
  }
}

/** All of them, by the time since `origin`; and how many channels are left out. */
export function logsOf({ observations }: Pqdif, origin: PqdifTime): { groups: WaveGroup[]; leftOut: number } {
  const found = new Map<string, Found>();
  for (const observation of observations) takeObservation(found, observation, origin);
  const all = [...found.values()];
  const rms = all.filter(({ kind }) => kind === "rms");
  const shown = [...rms, ...all.filter(({ kind }) => kind === "log")].slice(0, Math.max(rms.length, MOST_LOGS));
  const groups = new Map<string, WaveGroup & { readonly channels: WaveGroup["channels"][number][] }>();
  for (const { kind, name, unit, phase, pieces } of shown) {
    const { times, breaks, values } = joined(pieces);
    const key = [kind, times.length, times[0], times.at(-1), breaks.join(" ")].join("|");
    let group = groups.get(key);
    if (group === undefined || !areSame(group.times, times)) {
      group = { kind, times: { kind: "times", count: times.length, times, breaks }, channels: [] };
      groups.set(key, group);
    }
    group.channels.push({ name, unit, phase, pyramid: pyramidOf(values) });
  }
  return { groups: [...groups.values()], leftOut: all.length - shown.length };
}

function areSame(times: WaveGroup["times"], other: Float64Array): boolean {
  return times.kind === "times" && times.times.every((time, k) => time === other[k]);
}

/** Pieces of several observations in the order of their times; what overlaps one before it is left out. */
function joined(pieces: readonly Piece[]): {
  times: Float64Array<ArrayBuffer>;
  breaks: Float64Array<ArrayBuffer>;
  values: Float64Array;
} {
  const inOrder = pieces.toSorted((a, b) => a.begins + (a.times[0] ?? 0) - (b.begins + (b.times[0] ?? 0)));
  const total = inOrder.reduce((sum, { times }) => sum + times.length, 0);
  const [times, values] = [new Float64Array(total), new Float64Array(total)];
  const breaks: number[] = [];
  let count = 0;
  for (const piece of inOrder) {
    const last = count === 0 ? -Infinity : (times[count - 1] ?? 0);
    if (piece.begins + (piece.times[0] ?? 0) <= last) continue;
    if (count > 0) breaks.push(count);
    for (const [k, time] of piece.times.entries()) {
      times[count] = piece.begins + time;
      values[count++] = piece.values[k] ?? NaN;
    }
  }
  return { times: times.slice(0, count), breaks: Float64Array.from(breaks), values: values.slice(0, count) };
}
