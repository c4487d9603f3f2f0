/** What is drawn above what: channels of one unit and kind share a lane, so that they can be held against one another. */
import type { WaveContent, WaveGroup } from "./content.ts";

/** A channel among all of a content: its group, and its place there. */
export interface ChannelKey {
  readonly group: number;
  readonly channel: number;
}

export const keyText = ({ group, channel }: ChannelKey): string => `${group}.${channel}`;

export interface Lane {
  readonly kind: WaveGroup["kind"];
  readonly unit: string;
  readonly channels: readonly ChannelKey[];
}

const order: readonly WaveGroup["kind"][] = ["samples", "rms", "madeRms", "log"];
const units = ["V", "A"];

function rankOf({ kind, unit }: Lane): number {
  const at = units.indexOf(unit);
  return 10 * order.indexOf(kind) + (at < 0 ? units.length : at);
}

/** The lanes of the channels that are on, samples first, volts before amps. */
export function lanesOf({ groups }: WaveContent, isOn: (key: ChannelKey) => boolean): readonly Lane[] {
  const lanes = new Map<string, Lane & { readonly channels: ChannelKey[] }>();
  for (const [group, { kind, channels }] of groups.entries())
    for (const [channel, { unit }] of channels.entries()) {
      const key = { group, channel };
      if (!isOn(key)) continue;
      const name = `${kind} ${unit}`;
      const lane = lanes.get(name) ?? { kind, unit, channels: [] };
      lanes.set(name, lane);
      lane.channels.push(key);
    }
  return [...lanes.values()].toSorted((a, b) => rankOf(a) - rankOf(b));
}

/** Channels that are on at first, of each kind. */
const AT_FIRST = { samples: 24, rms: 24, madeRms: 12, log: 6 } as const;

/** Volts and amps, and what else there is as far as a picture can hold it; none that has no value. */
export function shownAtFirst({ groups }: WaveContent): ReadonlySet<string> {
  const shown = new Set<string>();
  // Beside samples a log is a few points.
  const isWave = groups.some(({ kind }) => kind === "samples");
  const count = { samples: 0, rms: 0, madeRms: 0, log: 0 };
  for (const electric of [true, false])
    for (const [group, { kind, channels }] of groups.entries())
      for (const [channel, { unit, pyramid }] of channels.entries()) {
        const top = pyramid.levels.at(-1)?.least ?? [];
        if (kind === "log" && isWave) continue;
        if (units.includes(unit) !== electric || !top.some((value) => !Number.isNaN(value))) continue;
        if (++count[kind] <= AT_FIRST[kind]) shown.add(keyText({ group, channel }));
      }
  return shown;
}

/** Styles of channels: that of their phase; of those that have none one after the other. */
const others = ["active", "reactive", "apparent", "good", "warn", "bad"] as const;

export function styleOf(phase: string | undefined, channel: number): string {
  const [first] = phase ?? "";
  return first ?? others[channel % others.length] ?? "apparent";
}
