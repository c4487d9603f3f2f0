/** What no schema can say of a revenue meter's configuration: what its parts refer to, and what was not ordered. */
import { isMeasured, type MeasuredRegister, type RegisterSettings } from "#revenue/settings/configuration.ts";
import type { Measure } from "#quantity/measure.ts";
import type { RegisterType } from "#quantity/register.ts";
import {
  isEnergy,
  isMomentary,
  isWatched,
  optionsFor,
  quantitiesOf,
  storagesOf,
  unknownIn,
} from "#revenue/settings/measurements.ts";
import { connections } from "#revenue/settings/connections.ts";
import { isOfPowerQuality, otherVolts } from "#revenue/settings/power-quality.ts";
import type { Ordered } from "#revenue/settings/model-number.ts";
import { checkCommunicated, missingChannel } from "./configuration-checks-communicated.ts";
import { checkDlms } from "./configuration-checks-dlms.ts";
import { checkIec102 } from "./configuration-checks-iec102.ts";
import { checkIec61850 } from "./configuration-checks-iec61850.ts";
import { checkLog } from "./configuration-checks-log.ts";
import { checkMid } from "./configuration-checks-mid.ts";
import { checkDnp3, checkModbus } from "./configuration-checks-points.ts";
import { checkPqdif } from "./configuration-checks-pqdif.ts";
import { checkPorts } from "./configuration-checks-ports.ts";
import { checkRecordings } from "./configuration-checks-recordings.ts";
import { checkTriggers } from "./configuration-checks-triggers.ts";
import { intervals } from "./configuration-schema-registers.ts";
import type { RevenueFile } from "./configuration-schema.ts";

type Registers = ReadonlyMap<number, RegisterSettings>;

const lists = { normal: [0, 49], alternate: [100, 149], test: [200, 249] } as const;
const listNames = ["normal", "alternate", "test"] as const;

const twoElements: readonly string[] = ["3 wire delta", "open delta", "3 wire wye", "network"];

/** Every problem there is, each with its key. */
export function checkRevenue(file: RevenueFile, ordered: Ordered): string[] {
  const all: Registers = new Map(
    listNames.flatMap((list) => file.registers[list].map((one) => [one.id, one] as const)),
  );
  return [
    ...checkRegisters(file, all),
    ...checkMeasures(file, ordered),
    ...checkNominal(file),
    ...checkTriggers(file, all, ordered),
    ...checkRecordings(file, ordered),
    ...checkIo(file),
    ...checkTimes(file),
    ...checkOthers(file),
    ...checkModbus(file, all),
    ...checkDnp3(file, all),
    ...checkPorts(file.communications, ordered),
    ...checkDlms(file, ordered),
    ...checkIec102(file),
    ...checkIec61850(file, ordered),
    ...checkCommunicated(file),
    ...checkLog(file, ordered),
    ...checkPqdif(file, ordered),
    ...checkScreens(file),
    ...checkOrdered(file, ordered),
    ...(ordered.options.has("MID") ? checkMid(file) : []),
  ];
}

function checkRegisters({ registers }: RevenueFile, all: Registers): string[] {
  const problems: string[] = [];
  const seen = new Set<number>();
  for (const list of listNames) {
    const [from, to] = lists[list];
    registers[list].forEach((one, k) => {
      const at = `registers.${list}[${k}]`;
      if (one.id < from || one.id > to) problems.push(`${at}.id: expected ${from} to ${to}, found ${one.id}`);
      if (seen.has(one.id)) problems.push(`${at}.id: another register is ${one.id}`);
      seen.add(one.id);
      if (isMeasured(one)) problems.push(...checkMeasured(one, all).map((problem) => `${at}.${problem}`));
    });
    const marked = registers[list].filter(({ selfRead }) => selfRead).length;
    if (marked > 8) problems.push(`registers.${list}: at most 8 are kept by self reads, found ${marked}`);
  }
  return problems;
}

/** Inputs take 45 to 300 V to neutral, and the voltage between two of them. */
function checkNominal({ primary: { nominalVoltage, pqVoltage, connection } }: RevenueFile): string[] {
  const isToNeutral = connections[connection].neutral && pqVoltage === "ln";
  return isToNeutral && nominalVoltage > 300
    ? [`primary.nominalVoltage: expected at most 300 to neutral (520 with pqVoltage ll), found ${nominalVoltage}`]
    : [];
}

/** A screen shows up to four registers. */
function checkScreens({ registers }: RevenueFile): string[] {
  const problems: string[] = [];
  for (const list of listNames) {
    const full = new Map<number, number>();
    registers[list].forEach(({ screen }, k) => {
      if (screen === undefined) return;
      const there = (full.get(screen) ?? 0) + 1;
      full.set(screen, there);
      if (there === 5) problems.push(`registers.${list}[${k}].screen: screen ${screen} has four registers already`);
    });
  }
  return problems;
}

function checkMeasured(register: MeasuredRegister, all: Registers): string[] {
  const problems: string[] = [];
  const { id, type, measure, storage, digits, decimals, pulseWeight, of } = register;
  if (decimals >= digits) problems.push(`decimals: expected less than its ${digits} digits`);
  const peak = all.get(of ?? -1);
  if (/^(coincident|timeOfPeak)/.test(type) && peak?.type.startsWith("peak") !== true)
    problems.push(`of: expected the id of a peak register, found ${of ?? "nothing"}`);
  const quantities = quantitiesOf[type];
  if (!quantities.includes(measure.quantity))
    problems.push(`measure.quantity: ${type} takes ${quantities.join(", ")}; found ${measure.quantity}`);
  if (!storagesOf[type].includes(storage))
    problems.push(`storage: ${type} takes ${storagesOf[type].join(", ")}; found ${storage}`);
  if (pulseWeight !== undefined && id < 200) problems.push("pulseWeight: expected only of test registers");
  return problems;
}

/** What the manual's tables have of every measure. */
function checkMeasures(file: RevenueFile, { options }: Ordered): string[] {
  const problems: string[] = [];
  const check = (
    at: string,
    measure: Measure | undefined,
    takes?: (measure: Measure) => boolean,
    register?: RegisterType,
  ): void => {
    if (measure === undefined) return;
    const unknown = unknownIn(measure, register) ?? missingIn(measure, file) ?? missingChannel(measure, file);
    const needs = optionsFor(measure);
    if (unknown !== undefined) problems.push(`${at}.${unknown}`);
    else if (takes?.(measure) === false) problems.push(`${at}.quantity: not of ${namedIn(measure)}`);
    else if (needs.length > 0 && !needs.some((one) => options.has(one)))
      problems.push(`${at}.quantity: ${namedIn(measure)} is option ${needs.join(" or ")}, which was not ordered`);
  };
  for (const list of listNames)
    file.registers[list].forEach((one, k) => {
      if (isMeasured(one)) check(`registers.${list}[${k}].measure`, one.measure, isMomentIn(one.type), one.type);
    });
  file.profiles.forEach(({ channels }, p) =>
    channels.forEach(({ measure }, k) => check(`profiles[${p}].channels[${k}].measure`, measure, isProfiled)),
  );
  file.measurementLog.forEach(({ channels }, g) =>
    channels.forEach(({ measure }, k) => check(`measurementLog[${g}].channels[${k}].measure`, measure)),
  );
  const isOfEnergy = ({ quantity }: Measure): boolean => isEnergy(quantity);
  file.io.forEach(({ measure }, k) => check(`io[${k}].measure`, measure, isOfEnergy));
  file.totalization.forEach(({ measure }, k) => check(`totalization[${k}].measure`, measure, isOfEnergy));
  file.triggers.forEach(({ measure, phase }, k) => {
    if (measure === undefined) return;
    const of = phase === "any" || phase === "all" ? "a" : phase;
    check(`triggers[${k}].measure`, { ...measure, phase: of }, isWatched);
  });
  for (const protocol of ["modbus", "dnp3"] as const)
    file[protocol].analogs.forEach(({ measure }, k) =>
      check(`${protocol}.analogs[${k}].measure`, measure, isMomentary),
    );
  file.iec102.objects.forEach(({ measure }, k) => check(`iec102.objects[${k}].measure`, measure));
  return problems;
}

/** A quantity with what is said of it besides: "V.h5", "THD.A.odd". */
function namedIn({ quantity, order, interharmonic, parity, part }: Measure): string {
  const of = [order === undefined ? "" : `h${order}`, interharmonic === undefined ? "" : `ih${interharmonic}`];
  return [quantity, ...of, parity ?? "", part ?? ""].filter((word) => word !== "").join(".");
}

/** Of power quality registers show what it is now: what is kept of it is the measurement log's. */
function isMomentIn(type: RegisterType): (measure: Measure) => boolean {
  return (measure) => type === "instantaneous" || !isOfPowerQuality(measure);
}

function isProfiled(measure: Measure): boolean {
  return !isOfPowerQuality(measure);
}

/** What power quality does not measure as the meter is set up, as key and reason. */
function missingIn(measure: Measure, { primary: { connection, pqVoltage } }: RevenueFile): string | undefined {
  if (!isOfPowerQuality(measure)) return undefined;
  const { quantity } = measure;
  if (quantity === "V" && !connections[connection].neutral)
    return `quantity: ${connection} has no volts to neutral: expected V.ll; found V`;
  return otherVolts(measure, pqVoltage);
}

/** Days and minutes that there are. */
function checkTimes({ timekeeping, selfRead, tou }: RevenueFile): string[] {
  const problems: string[] = [];
  const schedules = [
    ["timekeeping.freeze", timekeeping.freeze],
    ["timekeeping.billingReset", timekeeping.billingReset],
    ["selfRead", selfRead],
  ] as const;
  for (const [at, { every, minute, day }] of schedules) {
    if (every === "hour" && minute > 59) problems.push(`${at}.minute: an hour has 0 to 59, found ${minute}`);
    if (every === "week" && day > 6) problems.push(`${at}.day: a week has 0 (Sunday) to 6, found ${day}`);
    if (every === "month" && day < 1) problems.push(`${at}.day: a month has 1 to 31, found ${day}`);
  }
  const begins = new Set<number>();
  tou.seasons.forEach(({ month, day, days }, k) => {
    const at = `tou.seasons[${k}]`;
    // A season begins every year, also in those without a 29 February.
    const most = Temporal.PlainYearMonth.from({ year: 2001, month }).daysInMonth;
    if (day > most) problems.push(`${at}.day: month ${month} has 1 to ${most}, found ${day}`);
    if (begins.has(100 * month + day)) problems.push(`${at}: another season begins on that day`);
    begins.add(100 * month + day);
    for (const [type, switches] of Object.entries(days)) {
      const times = switches.map((one) => one.at);
      const twice = times.find((time, place) => times.indexOf(time) < place);
      if (twice !== undefined) problems.push(`${at}.days.${type}: two rates begin at ${twice}`);
    }
  });
  timekeeping.servers.forEach((server, k) => {
    const port = Number(/:(\d+)$/.exec(server)?.[1] ?? 123);
    if (port < 1 || port > 65_535)
      problems.push(`timekeeping.servers[${k}]: expected a port from 1 to 65535, found ${port}`);
  });
  const dates = tou.holidays.map(({ date }) => date);
  const twice = dates.findIndex((date, place) => dates.indexOf(date) < place);
  if (twice >= 0) problems.push(`tou.holidays[${twice}].date: ${dates[twice]} is a holiday already`);
  return problems;
}

function checkIo({ io }: RevenueFile): string[] {
  const problems: string[] = [];
  if (io[7]?.mode.startsWith("output") === true) problems.push("io[7].mode: channel 8 is an input only");
  io.forEach(({ mode, measure, contact }, k) => {
    if (mode === "outputEnergyPulse" && measure === undefined)
      problems.push(`io[${k}].measure: an energy pulse counts something`);
    if (contact === "kyz" && k > 1) problems.push(`io[${k}].contact: only channels 1 and 2 are KYZ`);
  });
  return problems;
}

function checkOthers(file: RevenueFile): string[] {
  const problems: string[] = [];
  if (new Set(file.users.map(({ name }) => name)).size < file.users.length)
    problems.push("users: two of them have the same name");
  const { subIntervalMinutes, subIntervals } = file.demand;
  if (!(intervals as readonly number[]).includes(subIntervalMinutes * subIntervals)) {
    problems.push(
      `demand: expected an interval of ${intervals.join(", ")} minutes; ${subIntervals} times ${subIntervalMinutes} is ${subIntervals * subIntervalMinutes}`,
    );
  }
  return problems;
}

/** What was not ordered is not there. */
function checkOrdered(file: RevenueFile, { form, amps, options }: Ordered): string[] {
  const problems: string[] = [];
  if (!options.has("DIO") && !options.has("DIOP")) {
    const missing = "option DIO or DIOP, which was not ordered";
    file.io.forEach(({ mode }, k) => {
      if (mode !== "none") problems.push(`io[${k}].mode: ${mode} is ${missing}`);
    });
    if (file.totalization.some(({ inputs }) => inputs.length > 0)) problems.push(`totalization: inputs are ${missing}`);
    if (file.demand.externalSync) problems.push(`demand.externalSync: an input is ${missing}`);
    if (file.modbus.allowOutputControl) problems.push(`modbus.allowOutputControl: outputs are ${missing}`);
  }
  if (file.profiles.length > 1 && !options.has("DLP"))
    problems.push("profiles[1]: a second profile is option DLP, which was not ordered");
  if (file.timekeeping.sync === "ntp" && !options.has("NTP"))
    problems.push("timekeeping.sync: ntp is option NTP, which was not ordered");
  const { connection, nominalCurrent, pqVoltage } = file.primary;
  if (pqVoltage === "ln" && !connections[connection].neutral)
    problems.push(`primary.pqVoltage: ${connection} has no neutral: expected ll`);
  if (form !== "U" && twoElements.includes(connection) !== (form === "5"))
    problems.push(`primary.connection: form ${form} cannot be connected as ${connection}`);
  if (nominalCurrent > amps) problems.push(`primary.nominalCurrent: class ${amps} has at most ${amps} A`);
  return problems;
}
