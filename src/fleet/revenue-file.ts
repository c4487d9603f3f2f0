/** A revenue meter's configuration file: YAML or JSON to a checked configuration, or errors that name the key. */
import { dayTypes, type Season } from "#clock/tou-schedule.ts";
import { isMeasured, type RevenueConfiguration } from "#revenue/configuration.ts";
import { counted, energies, levels, powers } from "#revenue/measure.ts";
import type { Ordered } from "#revenue/model-number.ts";
import type { Privilege } from "#revenue/security.ts";
import { intervals, revenueSchema, type RevenueFile } from "./revenue-schema.ts";
import { describe, SiteError } from "./site-file.ts";
import { parseDocument } from "yaml";

/** Parses and checks; throws SiteError with every problem found. An empty text is the factory's configuration. */
export function parseRevenueFile(file: string, text: string, ordered: Ordered): RevenueFile {
  const document = parseDocument(text, { prettyErrors: true });
  if (document.errors.length > 0)
    throw new SiteError(
      file,
      document.errors.map(({ message }) => message.split("\n")[0] ?? ""),
    );
  const parsed = revenueSchema.safeParse(document.toJS() ?? {});
  if (!parsed.success) throw new SiteError(file, parsed.error.issues.flatMap(describe));
  const problems = checkRevenue(parsed.data, ordered);
  if (problems.length > 0) throw new SiteError(file, problems);
  return parsed.data;
}

/** What the factory's configuration (Appendix A, of a form 9 meter) has to say otherwise on the meter that was ordered. */
export function factoryText({ form }: Ordered): string {
  return form === "5" ? "primary: { connection: 3 wire delta }" : "";
}

/** The configuration as the meter takes it. */
export function configurationOf({ tou, modbus: _modbus, users: _users, ...file }: RevenueFile): RevenueConfiguration {
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

const lists = { normal: [1, 50], alternate: [101, 150], test: [200, 250] } as const;

/** What no schema can say: what registers refer to, and what was not ordered. */
export function checkRevenue(file: RevenueFile, { form, options }: Ordered): string[] {
  const problems: string[] = [];
  const configuration = configurationOf(file);
  const all = new Map(
    Object.values(configuration.registers)
      .flat()
      .map((one) => [one.id, one]),
  );
  const seen = new Set<number>();
  for (const [list, [from, to]] of Object.entries(lists)) {
    const registers = configuration.registers[list as keyof typeof lists];
    registers.forEach((one, k) => {
      const at = `registers.${list}[${k}]`;
      if (one.id < from || one.id > to) problems.push(`${at}.id: expected ${from} to ${to}, found ${one.id}`);
      if (seen.has(one.id)) problems.push(`${at}.id: another register is ${one.id}`);
      seen.add(one.id);
      if (!isMeasured(one)) return;
      if (one.decimals >= one.digits) problems.push(`${at}.decimals: expected less than its ${one.digits} digits`);
      const needs = /^(coincident|timeOfPeak)/.test(one.type);
      const of = all.get(one.of ?? 0);
      if (needs && (of === undefined || !of.type.startsWith("peak")))
        problems.push(`${at}.of: expected the id of a peak register, found ${one.of ?? "nothing"}`);
      const consumes = ([...energies, ...counted] as readonly string[]).includes(one.measure.quantity);
      if (consumes !== (one.type === "consumption")) {
        problems.push(
          `${at}.measure.quantity: ${one.type} takes ${one.type === "consumption" ? [...energies, ...counted].join(", ") : `${[...powers, ...levels].join(", ")}`}`,
        );
      }
    });
    const marked = registers.filter(({ selfRead }) => selfRead).length;
    if (marked > 8) problems.push(`registers.${list}: at most 8 are kept by self reads, found ${marked}`);
  }
  const users = new Set(file.users.map(({ name }) => name));
  if (users.size < file.users.length) problems.push("users: two of them have the same name");
  const triggers = new Set(file.triggers.map((one) => one.id));
  if (triggers.size < file.triggers.length) problems.push("triggers: two of them have the same id");
  file.triggerBits.forEach((ids, bit) => {
    for (const one of ids) if (!triggers.has(one)) problems.push(`triggerBits[${bit}]: there is no trigger ${one}`);
  });
  file.triggers.forEach(({ measure, register, input, alarm, reset, output }, k) => {
    const at = `triggers[${k}]`;
    const sources = [measure, register, input].filter((one) => one !== undefined).length;
    if (sources !== 1) problems.push(`${at}: expected one of measure, register and input, found ${sources}`);
    const levels = [alarm, reset].filter((one) => one !== undefined).length;
    if (levels !== (input === undefined ? 2 : 0))
      problems.push(`${at}: ${input === undefined ? "expected the levels alarm and reset" : "an input has no levels"}`);
    if (register !== undefined && !all.has(register)) problems.push(`${at}.register: there is no register ${register}`);
    if (input !== undefined && file.io[input - 1]?.mode.startsWith("input") !== true)
      problems.push(`${at}.input: channel ${input} is no input`);
    if (output !== undefined && file.io[output - 1]?.mode !== "outputAlarm")
      problems.push(`${at}.output: channel ${output} is no alarm output`);
  });
  if (file.io[7]?.mode.startsWith("output") === true) problems.push("io[7].mode: channel 8 is an input only");
  file.io.forEach(({ mode, measure }, k) => {
    if (mode === "outputEnergyPulse" && measure === undefined)
      problems.push(`io[${k}].measure: an energy pulse counts something`);
  });
  const fitted = options.has("DIO") || options.has("DIOP");
  if (!fitted && file.totalization.some(({ inputs }) => inputs.length > 0)) {
    problems.push("totalization: inputs are option DIO or DIOP, which was not ordered");
  }
  const { subIntervalMinutes, subIntervals } = file.demand;
  if (!(intervals as readonly number[]).includes(subIntervalMinutes * subIntervals)) {
    problems.push(
      `demand: expected an interval of ${intervals.join(", ")} minutes; ${subIntervals} times ${subIntervalMinutes} is ${subIntervals * subIntervalMinutes}`,
    );
  }
  if (file.profiles.length > 1 && !options.has("DLP"))
    problems.push("profiles[1]: a second profile is option DLP, which was not ordered");
  if (file.timekeeping.sync === "ntp" && !options.has("NTP"))
    problems.push("timekeeping.sync: ntp is option NTP, which was not ordered");
  const delta = file.primary.connection === "3 wire delta";
  if (form !== "U" && delta !== (form === "5"))
    problems.push(`primary.connection: form ${form} cannot be connected as ${file.primary.connection}`);
  file.modbus.counters.forEach(({ register: of }, k) => {
    if (!all.has(of) || of >= 200)
      problems.push(`modbus.counters[${k}].register: there is no normal or alternate register ${of}`);
  });
  return problems;
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
  users: "configureUsers",
};

/** What somebody must be allowed to do to make one configuration of another. */
export function privilegesFor(before: RevenueFile, after: RevenueFile): readonly Privilege[] {
  const changed = (Object.keys(sections) as (keyof RevenueFile)[]).filter(
    (key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]),
  );
  return [...new Set(changed.map((key) => sections[key]))];
}
