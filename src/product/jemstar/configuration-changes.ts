/**
 * What one configuration changes of another, by meaning: which sections differ, which privileges that takes, what begins anew
 * (section Changing Meter Configurations), what is rescaled. Whoever compares asks here, and so all agree.
 */
import { primaryFactor } from "#quantity/measure.ts";
import type { Origin } from "#quantity/log.ts";
import type { Privilege } from "#revenue/people/security.ts";
import type { Applied } from "#revenue/revenue-options.ts";
import { same } from "#quantity/same.ts";
import { changeLine, keyChanges } from "#product/key-changes.ts";
import type { KeyChange } from "#quantity/configuration-history.ts";
import { dueOf, meaningOf, type Section } from "./configuration-meaning.ts";
import type { RevenueFile } from "./configuration-schema.ts";

/** The privilege that changing each section takes. */
const sections: Readonly<Record<Section, Privilege>> = {
  identification: "configureIdentification",
  primary: "configurePrimary",
  registers: "configureRegisters",
  profiles: "configureLoadProfile",
  measurementLog: "configureMeasurementLog",
  pqdif: "configurePowerQuality",
  demand: "configureDemand",
  tou: "configureTou",
  timekeeping: "configureTou",
  selfRead: "configureRegisters",
  correction: "configureCorrection",
  losses: "configureLosses",
  resetLockoutMinutes: "configureDemand",
  io: "configureIo",
  testPulses: "configureIo",
  testMode: "configureIo",
  totalization: "configureIo",
  communicated: "configureIo",
  overrideRate: "configureTou",
  triggers: "configureTriggers",
  triggerBits: "configureTriggers",
  powerQuality: "configurePowerQuality",
  communications: "configureCommunications",
  modbus: "configureProtocols",
  dlms: "configureProtocols",
  dnp3: "configureProtocols",
  iec102: "configureProtocols",
  iec61850: "configureProtocols",
  display: "configureDisplay",
  security: "configureUsers",
  users: "configureUsers",
};

const sectionNames = Object.keys(sections) as Section[];

/** The privilege that changing a section takes. */
export function privilegeOf(section: Section): Privilege {
  return sections[section];
}

/**
 * What registers and load profiles are made of. Only its change is a discontinuity of what is registered (section Load Profile Recording), and
 * ends an interval: how a meter is read, shown and protected is none.
 */
const registered: ReadonlySet<Section> = new Set<Section>([
  "primary",
  "registers",
  "profiles",
  "demand",
  "tou",
  "overrideRate",
  "timekeeping",
  "correction",
  "losses",
  "io",
  "totalization",
  "communicated",
  "iec102",
]);

/** What begins anew, each with what is said of it. */
export const features = {
  registers: "display registers, freezes and self reads begin at zero",
  cumulative: "cumulative registers begin at zero",
  profiles: "load profiles are erased",
  measurementLog: "measurement logs are erased",
  pulses: "energy pulses begin at zero",
  totalization: "totalization begins at zero",
  communicated: "counts of other meters go on from what they show next",
} as const;
export type Feature = keyof typeof features;

export interface Differences {
  /** The configuration that it comes to: levels are rescaled when the transformers' ratios are others. */
  readonly next: RevenueFile;
  /** Those that differ in meaning. */
  readonly sections: readonly Section[];
  /** One line for each key that differs; secrets are not told. */
  readonly lines: readonly string[];
  /** What somebody must be allowed to do. */
  readonly privileges: readonly Privilege[];
  readonly anew: readonly Feature[];
  /** What begins anew, what is rescaled and what is given up, in words. */
  readonly words: readonly string[];
}

export function differences(before: RevenueFile, after: RevenueFile): Differences {
  const changed = sectionNames.filter((section) => !same(meaningOf(section, before), meaningOf(section, after)));
  const next = rescaled(before, after);
  const anew = changed.length === 0 ? [] : anewOf(before, after, changed);
  const rescaling = next === after ? [] : ["levels of triggers are rescaled to the same primary values"];
  const losing = before.losses !== undefined && after.losses === undefined ? ["losses are compensated no more"] : [];
  return {
    next,
    sections: changed,
    lines: [...changesBetween(before, after, changed)].map(changeLine),
    privileges: [...new Set(changed.map((section) => sections[section]))],
    anew,
    words: [...anew.map((feature) => features[feature]), ...rescaling, ...losing],
  };
}

/** What is another, key by key; secrets are not told. */
export function* changesBetween(
  before: RevenueFile,
  after: RevenueFile,
  changed: readonly Section[] = sectionNames,
): Generator<KeyChange> {
  for (const section of changed) yield* keyChanges(meaningOf(section, before), meaningOf(section, after), section);
}

/** What energy pulses are of, by channel: the energy pulse channel assignments. */
function pulsesOf({ io }: RevenueFile): unknown {
  return io.map(({ mode, measure, ke }) => (mode === "outputEnergyPulse" ? { measure, ke } : undefined));
}

/** Primary scaling: what registers and profiles are counted by, not how a ratio is written, and nothing of power quality. */
function scalingOf({ primary: { pt, ct, nominalVoltage, nominalCurrent, connection } }: RevenueFile): unknown {
  return { pt, ct, nominalVoltage, nominalCurrent, connection };
}

/** Interval timing of demand and of load profile: when intervals end. */
function demandTimingOf({ demand: { subIntervalMinutes, subIntervals, externalSync } }: RevenueFile): unknown {
  return { subIntervalMinutes, subIntervals, externalSync };
}

function profileTimingOf({ profiles }: RevenueFile): unknown {
  return profiles.map(({ minutes, externalSync }) => ({ minutes, externalSync }));
}

/** Which features begin anew: only if these sections are different. */
function anewOf(before: RevenueFile, after: RevenueFile, changed: readonly Section[]): readonly Feature[] {
  const section = (...any: readonly Section[]): boolean => any.some((one) => changed.includes(one));
  const part = (of: (file: RevenueFile) => unknown): boolean => !same(of(before), of(after));
  const registers = section("registers", "demand", "selfRead") || part(scalingOf) || part(profileTimingOf);
  const begins: Readonly<Record<Feature, boolean>> = {
    registers,
    // What has been added up by billing periods is of their schedule; registers that begin anew are so as well.
    cumulative: !registers && part(({ timekeeping }) => dueOf(timekeeping.billingReset)),
    profiles: section("profiles") || part(scalingOf) || part(demandTimingOf),
    measurementLog: section("measurementLog") || (after.measurementLog.length > 0 && part(scalingOf)),
    pulses: part(pulsesOf),
    totalization: section("totalization"),
    communicated: section("communicated"),
  };
  return (Object.keys(begins) as Feature[]).filter((feature) => begins[feature]);
}

/** What the meter is told of it. */
export function appliedOf({ anew, sections: changed }: Differences, by: Origin): Applied {
  const begins = (feature: Feature): boolean => anew.includes(feature);
  return {
    by,
    registers: begins("registers"),
    profiles: begins("profiles"),
    measurementLog: begins("measurementLog"),
    pulses: begins("pulses"),
    totalization: begins("totalization"),
    communicated: begins("communicated"),
    billing: begins("cumulative"),
    goesOn: !changed.some((section) => registered.has(section)),
  };
}

/** Whether the transformers' ratios are others. */
export function ratiosChange(before: RevenueFile, after: RevenueFile): boolean {
  return before.primary.pt !== after.primary.pt || before.primary.ct !== after.primary.ct;
}

/**
 * With other ratios, levels that stand as they were go on to mean the same primary values: they are secondary. Km and Ke are
 * primary, and mean the same as they are. Levels of registers are what they display.
 */
function rescaled(before: RevenueFile, after: RevenueFile): RevenueFile {
  if (!ratiosChange(before, after)) return after;
  const [old, now] = [before.primary, after.primary];
  let any = false;
  const triggers = after.triggers.map((trigger) => {
    const { id, measure, register, alarm, reset, transient } = trigger;
    const was = before.triggers.find((one) => one.id === id);
    const stands =
      was !== undefined && same([was.measure, was.register, was.alarm, was.reset], [measure, register, alarm, reset]);
    // Percents of the nominal voltage, which is secondary, too, are what they say.
    if (!stands || typeof alarm !== "number") return trigger;
    // A transient has no level at which it ends.
    if (typeof reset !== "number" && transient === undefined) return trigger;
    const displayed = Object.values(after.registers)
      .flat()
      .find((one) => one.id === register);
    const of =
      measure ??
      (displayed !== undefined && "measure" in displayed && displayed.scaling === "secondary"
        ? displayed.measure
        : undefined);
    if (of === undefined) return trigger;
    const factor = primaryFactor(of, old.pt, old.ct) / primaryFactor(of, now.pt, now.ct);
    if (factor === 1) return trigger;
    any = true;
    return { ...trigger, alarm: alarm * factor, ...(typeof reset === "number" ? { reset: reset * factor } : {}) };
  });
  return any ? { ...after, triggers } : after;
}

/** The configuration with other ratios, as the front panel sets them: what compensated losses for the old ones is no longer right. */
export function withRatios(before: RevenueFile, { pt, ct }: { readonly pt: number; readonly ct: number }): RevenueFile {
  const { losses: _losses, ...rest } = before;
  return { ...rest, primary: { ...before.primary, pt, ct } };
}
