/** A revenue meter's configuration file: YAML or JSON to a checked configuration, or errors that name the key. */
import { dayTypes, type Season, type TouSchedule } from "#clock/tou-schedule.ts";
import { atOnce, type Steps } from "#io/turn.ts";
import type { Measure } from "#quantity/measure.ts";
import { connectionTypes, type RevenueConfiguration } from "#revenue/settings/configuration.ts";
import { hasHarmonics } from "#revenue/settings/power-quality.ts";
import type { Ordered } from "#revenue/settings/model-number.ts";
import { checkRevenue } from "./configuration-checks.ts";
import { measuredOn } from "./configuration-checks-points.ts";
import { inOrder, Shared, shared } from "./configuration-meaning.ts";
import { privileges } from "#revenue/people/security.ts";
import { connections } from "#revenue/settings/connections.ts";
import {
  factoryAnalogs,
  factoryCounters,
  factoryDnpAnalogs,
  factoryOf,
  isOptional,
  FACTORY_VOLTS,
  portsOf,
  triggersOf,
} from "./factory.ts";
import { revenueSchema, type RevenueFile } from "./configuration-schema.ts";
import { FileError, firstOf } from "#product/file-error.ts";
import { configurationBounds, valuesOf, type FileBounds } from "#product/file-values.ts";
import { checkedBy } from "#product/schema-problems.ts";

const files = new Shared<RevenueFile>();

/**
 * Parses and checks; throws FileError with every problem found. An empty text is the factory's configuration. Equal texts give
 * one frozen object, and configurations share the sections in which they are equal.
 */
export function parseRevenueFile(
  file: string,
  text: string,
  ordered: Ordered,
  bounds: FileBounds = configurationBounds,
): RevenueFile {
  return atOnce(readRevenueFile(file, text, ordered, bounds));
}

/** The same in steps, of which none takes long. */
export function* readRevenueFile(file: string, text: string, ordered: Ordered, bounds: FileBounds): Steps<RevenueFile> {
  const key = keyOf("file", text, ordered);
  const there = files.get(key);
  if (there !== undefined) return there;
  const given = valuesOf(file, text, bounds) ?? {};
  yield;
  const shown = bounds.isFile ? text : undefined;
  return files.of(key, yield* shared(inOrder(yield* checked(file, given, ordered, { shown }))));
}

function keyOf(kind: string, text: string, { form, amps, communication, options }: Ordered): string {
  return [kind, form, amps, [...communication].sort(), [...options].sort(), text].join("\n");
}

/** Parses a configuration that a meter has kept: that of an earlier version, or of what was ordered before, goes on as it can. */
export function parseStored(file: string, text: string, ordered: Ordered): RevenueFile {
  const key = keyOf("stored", text, ordered);
  const there = files.get(key);
  if (there !== undefined) return there;
  const given: unknown = upgraded(valuesOf(file, text, configurationBounds) ?? {}, ordered);
  // Points, and resets beyond their alarms, were once allowed to be what they are.
  const stands = (problem: string): boolean => /^(modbus|dnp3|iec61850)\.|^triggers\[\d+\]\.reset: /.test(problem);
  return files.of(key, atOnce(shared(inOrder(atOnce(checked(file, given, ordered, { stands }))))));
}

/** Privileges that there were when communications and display had none of their own. */
const earlier = privileges.filter((one) => !/Communications|Display|PowerQuality|MeasurementLog/.test(one));

/** Whoever had all privileges of an earlier version has all; ports that are not there any more have no settings. */
function upgraded(given: unknown, { communication }: Ordered): unknown {
  if (!isObject(given)) return given;
  const { communications, users } = given;
  if (isObject(communications)) {
    const gone = (key: string): boolean => isOptional(key) && !portsOf(communication).includes(key);
    return {
      ...given,
      communications: Object.fromEntries(Object.entries(communications).filter(([key]) => !gone(key))),
    };
  }
  if (!Array.isArray(users)) return given;
  const all = (user: unknown): unknown => {
    const has = isObject(user) && Array.isArray(user["privileges"]) ? user["privileges"] : [];
    return isObject(user) && earlier.every((one) => has.includes(one)) ? { ...user, privileges } : user;
  };
  return { ...given, users: users.map(all) };
}

interface Telling {
  /** Which problems do not matter. */
  readonly stands?: (problem: string) => boolean;
  /** The text, where whoever is told has it before him. */
  readonly shown?: string | undefined;
}

function* checked(
  file: string,
  given: unknown,
  ordered: Ordered,
  { stands = () => false, shown }: Telling,
): Steps<RevenueFile> {
  const whole = withPoints(withVolts(withFactory(given, factoryOf(ordered)), hasHarmonics(ordered)));
  const { value, problems: wrong } = checkedBy(revenueSchema, whole);
  if (wrong !== undefined) throw new FileError(file, wrong, shown);
  yield;
  const problems = checkRevenue(value, ordered).filter((problem) => !stands(problem));
  if (problems.length > 0) throw new FileError(file, firstOf(problems), shown);
  return value;
}

/** What is left out is the factory's, of the meter that was ordered. */
function withFactory(given: unknown, factory: Readonly<Record<string, unknown>>): unknown {
  if (!isObject(given)) return given;
  const merged: Record<string, unknown> = { ...factory, ...given };
  for (const [key, value] of Object.entries(factory)) {
    const own = given[key];
    if (isObject(own) && isObject(value)) merged[key] = { ...value, ...own };
  }
  return merged;
}

/** Points of protocols that nobody names are the factory's: of the registers that there still are, as far as the connection has them. */
function withPoints(given: unknown): unknown {
  return withPointsOf(withPointsOf(given, "modbus", factoryAnalogs), "dnp3", factoryDnpAnalogs);
}

function withPointsOf(given: unknown, protocol: string, analogs: readonly { readonly measure: Measure }[]): unknown {
  if (!isObject(given)) return given;
  const { [protocol]: points = {}, registers, primary } = given;
  if (!isObject(points)) return given;
  const own: Record<string, unknown> = {};
  const normal = isObject(registers) ? registers["normal"] : undefined;
  if (points["counters"] === undefined && Array.isArray(normal)) {
    const ids = new Set(normal.map((one: unknown) => (isObject(one) ? one["id"] : undefined)));
    own["counters"] = factoryCounters.filter(({ register }) => ids.has(register));
  }
  const named = isObject(primary) ? primary["connection"] : undefined;
  const connection = connectionTypes.find((one) => one === named);
  if (points["analogs"] === undefined && connection !== undefined)
    own["analogs"] = analogs.filter(({ measure }) => measuredOn(connection, measure) === undefined);
  return Object.keys(own).length === 0 ? given : { ...given, [protocol]: { ...points, ...own } };
}

/**
 * Of which volts power quality is measured, where nobody says it: to neutral, as the factory has it, but line to line where there is
 * no neutral. The voltage triggers of the factory, of which meters that record waveforms have one on transients, whose levels are of 120 V to neutral, follow these volts and their nominal voltage.
 */
function withVolts(given: unknown, waveforms: boolean): unknown {
  if (!isObject(given)) return given;
  const { primary = {}, triggers } = given;
  if (!isObject(primary)) return given;
  const connection = connectionTypes.find((one) => one === (primary["connection"] ?? "4 wire wye"));
  const hasNeutral = connection === undefined || connections[connection].neutral;
  const pqVoltage = primary["pqVoltage"] ?? (hasNeutral ? "ln" : "ll");
  const isLine = hasNeutral && pqVoltage === "ll";
  const isFactory = !isLine && (primary["nominalVoltage"] ?? FACTORY_VOLTS) === FACTORY_VOLTS;
  const at = isFactory ? "factory" : isLine ? "line" : "nominal";
  const followed = triggers === undefined ? { triggers: triggersOf(at, waveforms) } : {};
  return { ...given, primary: { ...primary, pqVoltage }, ...followed };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

const schedules = new WeakMap<RevenueFile["tou"], TouSchedule>();

/** The configuration as the meter takes it; its sections are the file's. */
export function configurationOf({
  communications: _communications,
  modbus: _modbus,
  dlms: _dlms,
  dnp3: _dnp3,
  iec102: _iec102,
  iec61850: _iec61850,
  display: _display,
  users: _users,
  security: _security,
  ...file
}: RevenueFile): RevenueConfiguration {
  let tou = schedules.get(file.tou);
  if (tou === undefined) schedules.set(file.tou, (tou = touOf(file.tou)));
  return { ...file, tou };
}

function touOf(tou: RevenueFile["tou"]): TouSchedule {
  const seasons = tou.seasons.map(({ month, day, days }) => ({
    month,
    day,
    days: Object.fromEntries(
      dayTypes.map((type) => [
        type,
        (days[type] ?? [])
          .map(({ at, rate }) => ({ minute: Number(at.slice(0, 2)) * 60 + Number(at.slice(3)), rate }))
          .sort((a, b) => a.minute - b.minute),
      ]),
    ) as Partial<Season["days"]> as Season["days"],
  }));
  const holidays = tou.holidays.map(({ date, type }) => {
    const { year, month, day } = Temporal.PlainDate.from(date);
    return { year, month, day, type };
  });
  return { seasons, holidays };
}
