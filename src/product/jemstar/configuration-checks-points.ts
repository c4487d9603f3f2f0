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

/** Registers that can be counters: normal and alternate ones that are numbers (Appendix H, Counters). */
function counterProblem(of: number, all: ReadonlyMap<number, RegisterSettings>): string | undefined {
  const register = all.get(of);
  if (register === undefined || of >= 200) return `there is no normal or alternate register ${of}`;
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

/** Every problem of the Modbus points, each with its key. */
export function checkModbus(file: RevenueFile, all: ReadonlyMap<number, RegisterSettings>): string[] {
  const { modbus, io, triggers, primary } = file;
  const problems: string[] = [];
  modbus.counters.forEach(({ register }, k) => {
    const problem = counterProblem(register, all);
    if (problem !== undefined) problems.push(`modbus.counters[${k}].register: ${problem}`);
  });
  modbus.analogs.forEach(({ measure }, k) => {
    const missing = measuredOn(primary.connection, measure);
    if (missing !== undefined) problems.push(`modbus.analogs[${k}].measure.${missing}`);
  });
  modbus.binaries.forEach((point, k) => {
    const at = `modbus.binaries[${k}]`;
    if ("input" in point && io[point.input - 1]?.mode.startsWith("input") !== true)
      problems.push(`${at}.input: channel ${point.input} is no input`);
    if ("trigger" in point && !triggers.some(({ id }) => id === point.trigger))
      problems.push(`${at}.trigger: there is no trigger ${point.trigger}`);
  });
  const sizes = sizesOf(modbus);
  for (const key of Object.keys(tables) as (keyof typeof tables)[]) {
    const last = modbus[key] + sizes[key] - 1;
    if (sizes[key] > 0 && last > tables[key])
      problems.push(`modbus.${key}: ${sizes[key]} addresses from ${modbus[key]} end at ${last}, after ${tables[key]}`);
  }
  return problems;
}
