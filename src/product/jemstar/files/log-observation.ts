/**
 * Records of a group of the measurement log as an observation of PQDIF: a VALUELOG channel of each measure, with a series of each way in
 * which it was recorded, and one of the status of the records. A record's time is its end. Values are primary, whichever side the log has.
 */
import {
  timeOf,
  utcOf,
  type ChannelDefinition,
  type Observation,
  type SeriesDefinition,
  type SeriesInstance,
} from "#format/pqdif/pqdif.ts";
import { primaryFactor, type Reduction } from "#quantity/measure.ts";
import { measureName } from "#quantity/measure-name.ts";
import type { ProfileRecord } from "#quantity/profile.ts";
import type { LogChannel, LogGroupSettings } from "#revenue/settings/measurement-log.ts";
import { MadeChannels } from "./made-channels.ts";
import { measureChannel } from "./measure-channels.ts";
import { dataSourceOf, settingsOf, type MeterFacts } from "./meter-facts.ts";
import { storedFloats } from "./stored-values.ts";

const time: SeriesDefinition = { valueType: "time", unit: "s", characteristic: "none", storage: "values" };

/** What a record's bits are in: 0 of a whole interval, 64 of a flagged one (docs/models/ametek-jemstar-ii.md). */
const status: ChannelDefinition = {
  name: "Status",
  phase: "none",
  measured: "status",
  quantityType: "value log",
  series: [time, { valueType: "value", unit: "none", characteristic: "status", storage: "values" }],
};

const valueTypes = {
  minimum: "minimum",
  maximum: "maximum",
  average: "average",
  total: "value",
  snapshot: "value",
} as const satisfies Record<Reduction, SeriesDefinition["valueType"]>;

interface Recorded {
  readonly channel: LogChannel;
  /** Its place in the records. */
  readonly k: number;
}

/** Channels of one measure, in the order of the first of each. */
function byMeasure(channels: readonly LogChannel[]): readonly (readonly Recorded[])[] {
  const groups = new Map<string, Recorded[]>();
  channels.forEach((channel, k) => {
    const { measure, side, method } = channel;
    const name = measureName({ ...measure, over: undefined });
    const same = groups.get(`${name} ${side}`) ?? [];
    // What was recorded twice in one way has a channel of its own each time.
    const isTwice = same.some((one) => valueTypes[one.channel.method] === valueTypes[method]);
    const key = isTwice ? `${name} ${side} ${k}` : `${name} ${side}`;
    groups.set(key, [...(groups.get(key) ?? []), { channel, k }]);
  });
  return [...groups.values()];
}

/** `number` counts observations; `now` is when it was made. Of no records there is none. */
export function logObservation(
  records: readonly ProfileRecord[],
  {
    group,
    settings,
    facts,
    number,
    now,
  }: {
    /** The number of the group, from 1. */
    readonly group: number;
    readonly settings: LogGroupSettings;
    readonly facts: MeterFacts;
    readonly number: number;
    readonly now: number;
  },
): Observation | undefined {
  const [first] = records;
  if (first === undefined) return undefined;
  const start = timeOf(first.start.utc);
  const startUtc = utcOf(start);
  const times = Float64Array.from(records, ({ end }) => (end.utc - startUtc) / 1000);
  const channels = new MadeChannels();
  const bits = Float64Array.from(records, (record) => record.status);
  channels.add(status, [{ values: times }, { values: bits, stored: "uint4" }]);
  const shared: SeriesInstance = { values: times, share: { channel: 0, series: 0 } };
  for (const same of byMeasure(settings.channels)) addMeasure(channels, same, { records, shared, facts });
  return {
    name: `Measurement Log ${group}`,
    created: timeOf(now),
    start,
    triggerMethod: "periodic",
    serial: number,
    source: dataSourceOf(facts, start, channels.definitions),
    settings: settingsOf(facts, start, channels.definitions),
    channels: channels.instances,
  };
}

function addMeasure(
  channels: MadeChannels,
  same: readonly Recorded[],
  {
    records,
    shared,
    facts,
  }: { readonly records: readonly ProfileRecord[]; readonly shared: SeriesInstance; readonly facts: MeterFacts },
): void {
  const [one] = same;
  if (one === undefined) return;
  const { measure, side } = one.channel;
  const { of, unit, characteristic, isAngle, group } = measureChannel(measure);
  const factor = side === "secondary" ? primaryFactor(measure, facts.pt, facts.ct) : 1;
  const definition: ChannelDefinition = {
    ...of,
    quantityType: "value log",
    series: [
      time,
      ...same.map(({ channel }): SeriesDefinition => {
        const kind = valueTypes[channel.method];
        return { valueType: isAngle ? angles[kind] : kind, unit, characteristic, storage: "values" };
      }),
    ],
  };
  const series = same.map(({ k }) =>
    storedFloats(Float64Array.from(records, ({ values }) => (values[k] ?? NaN) * factor)),
  );
  channels.add(definition, [shared, ...series], group === undefined ? {} : { group });
}

const angles = {
  minimum: "phase angle of minimum",
  maximum: "phase angle of maximum",
  average: "phase angle of average",
  value: "phase angle",
} as const;
