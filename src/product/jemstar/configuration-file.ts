/** A revenue meter's configuration file: YAML or JSON to a checked configuration, or errors that name the key. */
import { dayTypes, type Season } from "#clock/tou-schedule.ts";
import type { RevenueConfiguration } from "#revenue/settings/configuration.ts";
import type { Ordered } from "#revenue/settings/model-number.ts";
import type { Privilege } from "#revenue/people/security.ts";
import { checkRevenue } from "./configuration-checks.ts";
import { factoryCounters, factoryOf } from "./factory.ts";
import { revenueSchema, type RevenueFile } from "./configuration-schema.ts";
import { describe, FileError } from "#product/file-error.ts";
import { parseDocument } from "yaml";

/** Parses and checks; throws FileError with every problem found. An empty text is the factory's configuration. */
export function parseRevenueFile(file: string, text: string, ordered: Ordered): RevenueFile {
  const document = parseDocument(text, { prettyErrors: true });
  if (document.errors.length > 0)
    throw new FileError(
      file,
      document.errors.map(({ message }) => message.split("\n")[0] ?? ""),
    );
  const parsed = revenueSchema.safeParse(withCounters(withFactory(document.toJS() ?? {}, factoryOf(ordered))));
  if (!parsed.success) throw new FileError(file, parsed.error.issues.flatMap(describe));
  const problems = checkRevenue(parsed.data, ordered);
  if (problems.length > 0) throw new FileError(file, problems);
  return parsed.data;
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

/** Counters that nobody names are the factory's, of the registers that there still are. */
function withCounters(given: unknown): unknown {
  if (!isObject(given) || !isObject(given["registers"])) return given;
  const { modbus = {}, registers } = given;
  const normal = registers["normal"];
  if (!isObject(modbus) || modbus["counters"] !== undefined || !Array.isArray(normal)) return given;
  const ids = new Set(normal.map((one: unknown) => (isObject(one) ? one["id"] : undefined)));
  return { ...given, modbus: { ...modbus, counters: factoryCounters.filter(({ register }) => ids.has(register)) } };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The configuration as the meter takes it. */
export function configurationOf({
  tou,
  modbus: _modbus,
  users: _users,
  security: _security,
  ...file
}: RevenueFile): RevenueConfiguration {
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
  return { ...file, tou: { seasons, holidays } };
}

/** The privilege that changing each section takes. */
const sections: Readonly<Record<keyof RevenueFile, Privilege>> = {
  identification: "configureIdentification",
  primary: "configurePrimary",
  registers: "configureRegisters",
  profiles: "configureLoadProfile",
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
  overrideRate: "configureTou",
  triggers: "configureTriggers",
  triggerBits: "configureTriggers",
  modbus: "configureProtocols",
  security: "configureUsers",
  users: "configureUsers",
};

/** What somebody must be allowed to do to make one configuration of another. */
export function privilegesFor(before: RevenueFile, after: RevenueFile): readonly Privilege[] {
  const changed = (Object.keys(sections) as (keyof RevenueFile)[]).filter(
    (key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]),
  );
  return [...new Set(changed.map((key) => sections[key]))];
}
