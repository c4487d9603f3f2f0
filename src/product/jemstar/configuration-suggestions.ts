/**
 * What a configuration could say, as the manual's tool suggests it: Km, with which full scale makes 13,000 of the 16,383 counts of an interval
 * (Appendix on Meter Measurements, Load Profile); Ke, with which full scale makes so many pulses a second (Appendix D, Energy Pulse
 * Settings); and for how many days profiles and logs have room (Table 1).
 */
import type { SuggestedRoom, SuggestedValue, Suggestions } from "#quantity/configuration-history.ts";
import { measureName } from "#quantity/measure-name.ts";
import { primaryFactor, type Measure } from "#quantity/measure.ts";
import { unitOf } from "#quantity/unit.ts";
import { capacityDays, minutesOf, profileCapacity } from "#revenue/profile/load-profile.ts";
import { MOST_COUNTS } from "#revenue/profile/profile-limits.ts";
import { intervalMs, logCapacity } from "#revenue/settings/measurement-log.ts";
import { nominalOf } from "#revenue/settings/trigger-levels.ts";
import type { RevenueFile } from "./configuration-schema.ts";
import { ratingsOf } from "./ratings.ts";

/** Counts that full scale should make of an interval, "allowing some room for exceeding full scale". */
const FULL_SCALE_COUNTS = 13_000;
/** Pulses a second at full scale, as the tool begins with. */
const PULSES_PER_SECOND = 1;
const SECONDS = 3600;
const DAY_MS = 86_400_000;

/** What is measured at nominal volts and amps, at the terminals: watts of Wh, amps of Ah; undefined of what has no such thing. */
function fullScaleAt({ quantity, phase }: Measure, primary: RevenueFile["primary"]): number | undefined {
  const isSingle = phase === "a" || phase === "b" || phase === "c" || phase === "average";
  const { fullScaleWatts } = ratingsOf(primary);
  const { nominalCurrent } = primary;
  const elements = fullScaleWatts / (nominalOf("V", primary) * nominalCurrent);
  const times = isSingle ? 1 : elements;
  switch (quantity) {
    case "W":
    case "var":
    case "VA":
    case "VA.arithmetic":
    case "Q":
    case "Wh":
    case "varh":
    case "VAh":
    case "VAh.arithmetic":
    case "Qh":
      return (times * fullScaleWatts) / elements;
    case "V":
    case "V.ll":
      return nominalOf(quantity, primary);
    case "V2":
    case "V2h":
      return nominalOf("V", primary) ** 2;
    case "V2.ll":
      return nominalOf("V.ll", primary) ** 2;
    case "A":
    case "Ah":
      // None flows in the neutral at full scale.
      return phase === "neutral" ? undefined : times * nominalCurrent;
    case "A2":
    case "A2h":
      return phase === "neutral" ? undefined : times * nominalCurrent ** 2;
    default:
      return undefined;
  }
}

function fullScaleOf(measure: Measure, primary: RevenueFile["primary"]): number | undefined {
  const scale = fullScaleAt(measure, primary);
  return scale === undefined ? undefined : scale * primaryFactor(measure, primary.pt, primary.ct);
}

/** As many digits as the manual's tool shows. */
function rounded(value: number): number {
  return Number(value.toPrecision(7));
}

function isEnergy({ quantity }: Measure): boolean {
  return /h(\.|$)/.test(quantity);
}

/** "450 Wh in 15 minutes" */
function lasting(minutes: number | "day" | "week" | "month"): string {
  return typeof minutes === "number" ? `${minutes} minute${minutes === 1 ? "" : "s"}` : `a ${minutes}`;
}

/** The unit of what is integrated: W of Wh. */
function scaleUnit(measure: Measure): string {
  return isEnergy(measure) ? unitOf(measure).replace(/h$/, "") : unitOf(measure);
}

/** Km of a channel that is recorded in counts. */
function kmOf(file: RevenueFile, p: number, c: number): readonly SuggestedValue[] {
  const profile = file.profiles[p];
  const channel = profile?.channels[c];
  const fullScale = channel === undefined ? undefined : fullScaleOf(channel.measure, file.primary);
  if (profile === undefined || channel === undefined || fullScale === undefined) return [];
  const { measure, km: now } = channel;
  const whole = isEnergy(measure) ? (fullScale * minutesOf(profile.minutes)) / 60 : fullScale;
  const value = rounded(whole / FULL_SCALE_COUNTS);
  const unit = unitOf(measure);
  const counts = Math.round(whole / now);
  const fits = counts > MOST_COUNTS ? `more than the ${MOST_COUNTS} that there are` : `of ${MOST_COUNTS}`;
  const of = isEnergy(measure)
    ? `${rounded(fullScale)} ${scaleUnit(measure)} (${rounded(whole)} ${unit} in ${lasting(profile.minutes)})`
    : `${rounded(fullScale)} ${unit}`;
  return [
    {
      key: `profiles[${p}].channels[${c}].km`,
      value,
      now,
      fullScale: rounded(fullScale),
      unit,
      words: `${measureName(measure)}: with a Km of ${value} full scale, ${of}, is ${FULL_SCALE_COUNTS} counts; with ${now} it is ${counts}, ${fits}`,
    },
  ];
}

/** Ke of an output of energy pulses: each is a change of its contact. */
function keOf({ io, primary }: RevenueFile, k: number): readonly SuggestedValue[] {
  const { mode, measure, ke: now } = io[k] ?? { mode: "none", ke: NaN };
  const fullScale = measure === undefined ? undefined : fullScaleOf(measure, primary);
  if (mode !== "outputEnergyPulse" || measure === undefined || fullScale === undefined) return [];
  const value = rounded(fullScale / (SECONDS * PULSES_PER_SECOND));
  const rate = rounded(fullScale / (SECONDS * now));
  return [
    {
      key: `io[${k}].ke`,
      value,
      now,
      fullScale: rounded(fullScale),
      unit: unitOf(measure),
      words: `${measureName(measure)}: with a Ke of ${value} full scale, ${rounded(fullScale)} ${scaleUnit(measure)}, is ${PULSES_PER_SECOND} pulse a second; with ${now} it is ${rate} (25 at most)`,
    },
  ];
}

function lasts(key: string, what: string, { records, days }: Pick<SuggestedRoom, "records" | "days">): SuggestedRoom {
  const whole = Math.floor(days);
  return { key, records, days, words: `${what}: has room for ${whole} day${whole === 1 ? "" : "s"}` };
}

function channelsOf({ length }: readonly unknown[]): string {
  return length === 1 ? "1 channel" : `${length} channels`;
}

function roomIn({ profiles, measurementLog }: RevenueFile): readonly SuggestedRoom[] {
  const ofProfiles = profiles.map(({ minutes, channels }, p) =>
    lasts(`profiles[${p}]`, `profile ${p + 1}, ${channelsOf(channels)}, ${lasting(minutes)}`, {
      records: profileCapacity(minutes, channels.length),
      days: rounded(capacityDays(minutes, channels.length)),
    }),
  );
  const ofLogs = measurementLog.map((group, g) => {
    const records = logCapacity(group);
    const every = group.interval === "cycles" ? "150 or 180 cycles" : lasting(group.interval);
    return lasts(
      `measurementLog[${g}]`,
      `group ${g + 1} of the measurement log, ${channelsOf(group.channels)}, ${every}`,
      { records, days: rounded((records * intervalMs(group.interval)) / DAY_MS) },
    );
  });
  return [...ofProfiles, ...ofLogs];
}

export function suggestionsFor(file: RevenueFile): Suggestions {
  const kms = file.profiles.flatMap(({ data, channels }, p) =>
    data === "counts" ? channels.flatMap((_, c) => kmOf(file, p, c)) : [],
  );
  const kes = file.io.flatMap((_, k) => keOf(file, k));
  return { values: [...kms, ...kes], room: roomIn(file) };
}
