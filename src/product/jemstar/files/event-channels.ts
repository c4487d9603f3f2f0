/**
 * The record of a voltage event as channels of PQDIF. MAGDURTIME: when, how deep or high, how long, by phase. XY of a sag or a swell: its
 * duration in seconds and its magnitude in percent of the nominal voltage, by phase, as a curve of tolerance is asked for it. VALUELOG of
 * a sag, a swell or an interruption: least, largest and average of each measure of the record while it lasted.
 */
import type { ChannelDefinition, SeriesDefinition, SeriesInstance } from "#format/pqdif/pqdif.ts";
import { primaryFactor } from "#quantity/measure.ts";
import { parseMeasure } from "#quantity/measure-name.ts";
import type { EventObserved, EventStatistic, RapidChangeObserved, VoltageObserved } from "#quantity/observation.ts";
import { durationOf } from "./disturbances.ts";
import type { MadeChannels } from "./made-channels.ts";
import { measureChannel } from "./measure-channels.ts";
import { nominalOf, type MeterFacts } from "./meter-facts.ts";
import { placeOf, type PlacedChannel } from "./places.ts";

/** Adds the channels of an event that begins so many seconds after the observation; numbers of those that triggered. */
export function addEvent(channels: MadeChannels, event: EventObserved, shift: number, facts: MeterFacts): number[] {
  if (event.kind === "rapidVoltageChange") return addRapidChange(channels, event, shift, facts);
  const triggered: number[] = [];
  const when: When = { shift, seconds: durationOf(event, facts.hz) };
  for (const one of event.statistics) {
    const place = placeOf(one.name);
    if (place?.measured !== "voltage") continue;
    const volts = (event.kind === "swell" ? one.most : one.least) * facts.pt;
    const isCause = event.phase === undefined || event.phase.toUpperCase() === place.letters;
    const share = volts / nominalOf(facts, place.between ?? facts.pqVoltage);
    if (!isCause && !isPartOf(event, share)) continue;
    const index = addMagnitude(channels, { ...place, ...when, volts }, facts);
    if (isCause) triggered.push(index);
    if (event.kind !== "interruption") addPoint(channels, { ...place, ...when, volts }, facts);
  }
  if (!event.statistics.some(({ name }) => placeOf(name)?.measured === "voltage")) {
    // How deep it was nobody has measured.
    const all: PlacedChannel = {
      name: "Volts",
      phase: "none",
      measured: "voltage",
      unit: "V",
      between: undefined,
      letters: "",
    };
    triggered.push(addMagnitude(channels, { ...all, ...when, volts: NaN }, facts));
  }
  for (const one of event.statistics) addStatistic(channels, one, event, { shift, facts });
  return triggered;
}

/** Whether a phase that did not begin it had a sag or a swell as IEEE 1159 has them: below 0.9, above 1.1 of the nominal voltage. */
function isPartOf({ kind }: VoltageObserved, share: number): boolean {
  return kind === "swell" ? share > 1.1 : share < 0.9;
}

interface When {
  readonly shift: number;
  readonly seconds: number;
}

function nominal(between: PlacedChannel["between"], facts: MeterFacts): Pick<SeriesDefinition, "nominal"> {
  return between === undefined ? {} : { nominal: nominalOf(facts, between) };
}

const one = (value: number): SeriesInstance => ({ values: Float64Array.of(value) });

function addMagnitude(
  channels: MadeChannels,
  { name, phase, between, shift, seconds, volts }: PlacedChannel & When & { readonly volts: number },
  facts: MeterFacts,
): number {
  const definition: ChannelDefinition = {
    name,
    phase,
    measured: "voltage",
    quantityType: "magnitude-duration-time",
    series: [
      { valueType: "time", unit: "timestamp", characteristic: "none", storage: "values" },
      { valueType: "value", unit: "V", characteristic: "RMS", storage: "values", ...nominal(between, facts) },
      { valueType: "duration", unit: "s", characteristic: "none", storage: "values" },
    ],
  };
  return channels.add(definition, [one(shift), one(volts), one(seconds)]);
}

function addPoint(
  channels: MadeChannels,
  { name, phase, between, seconds, volts }: PlacedChannel & When & { readonly volts: number },
  facts: MeterFacts,
): void {
  const nominalVolts = nominalOf(facts, between ?? facts.pqVoltage);
  const definition: ChannelDefinition = {
    name,
    phase,
    measured: "voltage",
    quantityType: "XY",
    series: [
      { valueType: "value", unit: "s", characteristic: "none", storage: "values" },
      { valueType: "value", unit: "%", characteristic: "RMS", storage: "values" },
    ],
  };
  channels.add(definition, [one(seconds), one((100 * volts) / nominalVolts)]);
}

function addStatistic(
  channels: MadeChannels,
  { name, least, most, average }: EventStatistic,
  event: VoltageObserved,
  { shift, facts }: { readonly shift: number; readonly facts: MeterFacts },
): void {
  const measure = parseMeasure(name);
  if (measure === undefined) return;
  const { of, unit, characteristic } = measureChannel(measure);
  const factor = primaryFactor(measure, facts.pt, facts.ct);
  const value = { unit, characteristic, storage: "values" } as const;
  const definition: ChannelDefinition = {
    ...of,
    groupName: `${event.kind} record`,
    quantityType: "value log",
    series: [
      { valueType: "time", unit: "s", characteristic: "none", storage: "values" },
      { valueType: "minimum", ...value },
      { valueType: "maximum", ...value },
      { valueType: "average", ...value },
    ],
  };
  channels.add(definition, [one(shift), one(least * factor), one(most * factor), one(average * factor)]);
}

/** By phase the largest difference, and that in which it settled. */
function addRapidChange(
  channels: MadeChannels,
  event: RapidChangeObserved,
  shift: number,
  facts: MeterFacts,
): number[] {
  const when = { shift, seconds: durationOf(event, facts.hz) };
  const triggered: number[] = [];
  for (const [which, values] of [
    ["Umax", event.largest],
    ["Uss", event.settled],
  ] as const) {
    event.phases.forEach((phase, k) => {
      const place = placeOf(phase.startsWith("V.") ? phase : `V.${phase}`);
      const volts = values[k];
      if (place === undefined || volts === undefined) return;
      const name = `RVC ${which} ${place.name}`;
      const index = addMagnitude(channels, { ...place, ...when, name, volts: volts * facts.pt }, facts);
      if (which === "Umax") triggered.push(index);
    });
  }
  return triggered;
}
