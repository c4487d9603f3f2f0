/** What a protocol's points refer to must be there: registers, measures of the connection, contacts in their roles, triggers. */
import type { Measure } from "#quantity/measure.ts";
import type { ItemType } from "#quantity/register.ts";
import { isMeasured, type connectionTypes, type RegisterSettings } from "#revenue/settings/configuration.ts";
import type { ModbusPoints, RevenueFile } from "./configuration-schema.ts";
import { COILS } from "./modbus-binding.ts";

type Connection = (typeof connectionTypes)[number];

/** Elements, voltages and voltages line to line that each connection has transformers for. */
const measured: Readonly<
  Record<Connection, { readonly elements: string; readonly volts: string; readonly lines: string }>
> = {
  "3 wire delta": { elements: "ac", volts: "abc", lines: "abc" },
  "open delta": { elements: "ac", volts: "abc", lines: "abc" },
  "3 wire wye": { elements: "ac", volts: "abc", lines: "abc" },
  network: { elements: "ab", volts: "ab", lines: "a" },
  "4 wire wye": { elements: "abc", volts: "abc", lines: "abc" },
  "4 wire delta": { elements: "abc", volts: "abc", lines: "abc" },
};

const voltages: readonly string[] = ["V", "V2", "THD.V", "crest.V", "Pinst", "Pst", "Plt"];
const threeWires: readonly string[] = ["3 wire delta", "open delta", "3 wire wye"];

/** What of a measure a connection does not have, as key and reason; undefined when it has it. */
export function measuredOn(connection: Connection, { quantity, phase }: Measure): string | undefined {
  if (phase === "neutral" && threeWires.includes(connection)) return `phase: ${connection} has no neutral`;
  if (phase !== "a" && phase !== "b" && phase !== "c") return undefined;
  const { elements, volts, lines } = measured[connection];
  const has = quantity.endsWith(".ll") ? lines : voltages.includes(quantity) ? volts : elements;
  return has.includes(phase) ? undefined : `phase: ${connection} measures no ${quantity} of phase ${phase}`;
}

/** Items that are numbers: times as seconds since 1970, words of bits, days, the state of an input. */
const numbers: ReadonlySet<ItemType> = new Set([
  "presentTime",
  "lastBillingReset",
  "lastFreeze",
  "lastSeasonChange",
  "daysOnBattery",
  "systemBits",
  "triggerBits",
  "inputState",
]);

/** Registers that can be counters: normal and alternate ones; texts are counters of 0 over DNP (Appendix G, Counters). */
function counterProblem(of: number, all: ReadonlyMap<number, RegisterSettings>): string | undefined {
  const register = all.get(of);
  if (register === undefined || of >= 200) return `there is no normal or alternate register ${of}`;
  return undefined;
}

/** Over Modbus they are numbers besides (Appendix H, Counters). */
function numberProblem(of: number, all: ReadonlyMap<number, RegisterSettings>): string | undefined {
  const problem = counterProblem(of, all);
  const register = all.get(of);
  if (problem !== undefined || register === undefined) return problem;
  return isMeasured(register) || numbers.has(register.type)
    ? undefined
    : `register ${of} (${register.type}) is no number`;
}

/** Numbers that a protocol's tables end with. */
const tables = {
  countersFrom: 49_999,
  analogsFrom: 39_999,
  outputsFrom: 9999,
  inputsFrom: 19_999,
} as const;

/** Addresses that each kind of point takes. */
export function sizesOf({
  counters,
  analogs,
  analogBits,
  binaries,
}: ModbusPoints): Readonly<Record<keyof typeof tables, number>> {
  return {
    countersFrom: 2 * counters.length,
    analogsFrom: (analogBits / 16) * analogs.length,
    outputsFrom: COILS,
    inputsFrom: binaries.length,
  };
}

type Points = Pick<ModbusPoints, "counters" | "binaries"> & {
  readonly analogs: readonly { readonly measure: Measure }[];
};

/** What a protocol's points refer to and is not there; `counter` says what is wrong with a register as a counter. */
function checkPoints(
  protocol: "modbus" | "dnp3",
  { io, triggers, primary, [protocol]: points }: RevenueFile,
  counter: (register: number) => string | undefined,
): string[] {
  const { counters, analogs, binaries }: Points = points;
  const problems: string[] = [];
  counters.forEach(({ register }, k) => {
    const problem = counter(register);
    if (problem !== undefined) problems.push(`${protocol}.counters[${k}].register: ${problem}`);
  });
  analogs.forEach(({ measure }, k) => {
    const missing = measuredOn(primary.connection, measure);
    if (missing !== undefined) problems.push(`${protocol}.analogs[${k}].measure.${missing}`);
  });
  binaries.forEach((point, k) => {
    const at = `${protocol}.binaries[${k}]`;
    if ("input" in point && io[point.input - 1]?.mode.startsWith("input") !== true)
      problems.push(`${at}.input: channel ${point.input} is no input`);
    if ("trigger" in point && !triggers.some(({ id }) => id === point.trigger))
      problems.push(`${at}.trigger: there is no trigger ${point.trigger}`);
  });
  return problems;
}

/** Every problem of the DNP points, each with its key. */
export function checkDnp3(file: RevenueFile, all: ReadonlyMap<number, RegisterSettings>): string[] {
  const { master, unsolicited } = file.dnp3;
  const told = unsolicited?.master;
  const nobody =
    master === undefined || told === undefined || told === master
      ? []
      : [`dnp3.unsolicited.master: only ${master} is answered, found ${told}`];
  return [...checkPoints("dnp3", file, (register) => counterProblem(register, all)), ...nobody];
}

/** Every problem of the Modbus points, each with its key. */
export function checkModbus(file: RevenueFile, all: ReadonlyMap<number, RegisterSettings>): string[] {
  const { modbus } = file;
  const problems = checkPoints("modbus", file, (register) => numberProblem(register, all));
  const sizes = sizesOf(modbus);
  for (const key of Object.keys(tables) as (keyof typeof tables)[]) {
    const last = modbus[key] + sizes[key] - 1;
    if (sizes[key] > 0 && last > tables[key])
      problems.push(`modbus.${key}: ${sizes[key]} addresses from ${modbus[key]} end at ${last}, after ${tables[key]}`);
  }
  return problems;
}
