/** Events that a PQDIF file lists by time, magnitude and duration: each with what the tables and curves say of it. */
import type { ExaminedEvent } from "#analysis/examination.ts";
import type { EventLimits } from "#analysis/examine-settings.ts";
import { placed } from "#analysis/event-verdict.ts";
import type { Pqdif } from "#format/pqdif/model.ts";
import { secondsBetween, type PqdifTime } from "#format/pqdif/time.ts";

interface Listed {
  readonly at: number;
  readonly seconds: number;
  readonly volts: number;
  readonly channel: string;
}

const channels: Readonly<Partial<Record<string, string>>> = {
  "A-N": "V.a",
  "B-N": "V.b",
  "C-N": "V.c",
  "A-B": "V.ab",
  "B-C": "V.bc",
  "C-A": "V.ca",
};

/** Seconds within which voltages began one event. */
const TOGETHER = 0.1;

function listedOf({ observations }: Pqdif, origin: PqdifTime): Listed[] {
  return observations.flatMap(({ source, start, channels: instances }) =>
    instances.flatMap(({ definition, series }) => {
      const channel = source.channels[definition ?? -1];
      const name = channels[String(channel?.phase)];
      if (channel?.quantityType !== "magnitude-duration-time" || channel.measured !== "voltage" || name === undefined) {
        return [];
      }
      // Peaks of transients are no RMS.
      if (channel.series.some(({ characteristic }) => characteristic === "peak")) return [];
      const of = (...types: readonly string[]): Float64Array | undefined =>
        series[channel.series.findIndex(({ valueType, unit }) => types.includes(String(valueType)) && unit !== "%")]
          ?.values;
      const [times, volts, durations] = [of("time"), of("value", "minimum", "maximum", "average"), of("duration")];
      if (times === undefined || volts === undefined || durations === undefined) return [];
      const shift = secondsBetween(origin, start);
      return Array.from(times, (time, k) => ({
        at: shift + time,
        seconds: durations[k] ?? NaN,
        volts: volts[k] ?? NaN,
        channel: name,
      })).filter(({ at, seconds, volts }) => [at, seconds, volts].every(Number.isFinite));
    }),
  );
}

export interface EventContext {
  readonly voltages: readonly string[];
  readonly volts: number;
  readonly hz: 50 | 60;
  readonly limits: EventLimits;
}

/** In the order of their times; what is within the limits is none. */
export function listedEvents(file: Pqdif, origin: PqdifTime, context: EventContext): ExaminedEvent[] {
  const all = listedOf(file, origin)
    .filter(({ channel }) => context.voltages.includes(channel))
    .toSorted((a, b) => a.at - b.at);
  const groups: Listed[][] = [];
  for (const one of all) {
    const last = groups.at(-1);
    const isOther =
      last === undefined || one.at - last[0]!.at > TOGETHER || last.some((own) => own.channel === one.channel);
    if (isOther) groups.push([one]);
    else last.push(one);
  }
  return groups.flatMap((group) => eventOf(group, context));
}

function eventOf(group: readonly Listed[], { voltages, volts, hz, limits }: EventContext): ExaminedEvent[] {
  const [first] = group;
  if (first === undefined) return [];
  const away = (one: Listed): number => Math.abs(one.volts - volts);
  const worst = group.reduce((a, b) => (away(b) > away(a) ? b : a));
  const part = worst.volts / volts;
  const isAllGone = group.length === voltages.length && group.every((one) => one.volts < limits.interruption * volts);
  const kind = part > limits.swell ? "swell" : isAllGone ? "interruption" : part < limits.dip ? "dip" : undefined;
  if (kind === undefined) return [];
  const seconds = Math.max(...group.map((one) => one.at + one.seconds)) - first.at;
  const percent = 100 * part;
  return [
    {
      kind,
      at: first.at,
      seconds,
      channels: group.map(({ channel }) => channel),
      volts: worst.volts,
      percent,
      worst: worst.channel,
      byChannel: group.map(({ channel, volts }) => ({ name: channel, volts })),
      sinceBefore: false,
      ...placed(kind, seconds, percent, hz),
      explained: { reason: "the file lists it without a waveform" },
    },
  ];
}
