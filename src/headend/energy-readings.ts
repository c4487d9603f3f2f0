/**
 * The energies of PowerLogic meters as groups of four digits: read from a meter or from a file of readings, in the order in
 * which a replacement meter takes them.
 */
import { catalogue } from "#model/catalogue.ts";
import type { MeterModel } from "#model/model.ts";
import { decodeMod10000 } from "#protocol/modbus/register-numbers.ts";
import { planReads } from "#protocol/modbus/read-plan.ts";
import type { Quantity } from "#quantity/quantity.ts";
import { readWords, type Unit } from "./registers.ts";

export const GROUPS = 4;
export const MOST_IN_GROUP = 9999;

/** Counts of which registers of sixteen digits start again. */
const LIMIT = 10n ** 16n;

/** Signed groups by quantity, the least significant first. */
export type Energies = ReadonlyMap<Quantity, readonly number[]>;

/** What is wrong with a file of readings or a model, and what was expected. */
export class ReadingsError extends Error {}

/** As the transfer note's Table 1 calls them. */
export const energyTitles: Readonly<Partial<Record<Quantity, string>>> = {
  "Wh.import": "Real Energy In",
  "varh.import": "Reactive Energy In",
  "Wh.export": "Real Energy Out",
  "varh.export": "Reactive Energy Out",
  "Wh.total": "Real Energy Total",
  "varh.total": "Reactive Energy Total",
  "VAh.absolute": "Apparent Energy Total",
};

/** The first register of each energy that a model keeps in groups. */
export function energyRegisters({ modbus }: MeterModel): ReadonlyMap<Quantity, number> {
  const found = new Map<Quantity, number>();
  for (const [register, , , format, , , is] of modbus.map.blocks.flatMap(({ rows }) => rows)) {
    if (format === "Mod10000 (4)" && typeof is === "string") found.set(is, register);
  }
  return found;
}

/** The energies that a model can be given, in order of its data; empty where it cannot. */
export function presetOrder({ modbus }: MeterModel): readonly Quantity[] {
  for (const [, , does] of modbus.map.commands?.rows ?? []) {
    if (typeof does === "object" && "preset" in does) return does.preset;
  }
  return [];
}

function signed(word: number): number {
  return (word << 16) >> 16;
}

/** Reads all energies; of one answer where the meter has them together, so that they belong to one instant. */
export async function readEnergies(unit: Unit, model: MeterModel): Promise<Energies> {
  const registers = energyRegisters(model);
  const words = new Map<number, number>();
  for (const { first, count } of planReads([...registers.values()].map((first) => ({ first, count: GROUPS })))) {
    (await readWords(unit, first, count)).forEach((word, k) => words.set(first + k, signed(word)));
  }
  return grouped(registers, (register) => words.get(register) ?? NaN);
}

function grouped(registers: ReadonlyMap<Quantity, number>, value: (register: number) => number): Energies {
  return new Map(
    [...registers].map(([name, first]) => [name, Array.from({ length: GROUPS }, (_, k) => value(first + k))]),
  );
}

export interface FileReadings {
  readonly model: MeterModel;
  readonly energies: Energies;
}

/**
 * Readings as somebody noted them: a register number and its value on each line, or a record of an earlier transfer. The
 * registers tell the model. Throws ReadingsError with what was expected.
 */
export function parseReadings(text: string): FileReadings {
  const values = text.trimStart().startsWith("{") ? fromRecord(text) : fromLines(text);
  const complete = catalogue.filter((model) => {
    const registers = [...energyRegisters(model).values()];
    return registers.length > 0 && registers.every((first) => [0, 1, 2, 3].every((k) => values.has(first + k)));
  });
  const [model] = complete;
  if (model === undefined) {
    throw new ReadingsError(
      `expected the 28 registers 1700 to 1727, or 1601 to 1628 of a CM2000; found ${values.size} registers`,
    );
  }
  const energies = grouped(energyRegisters(model), (register) => values.get(register) ?? NaN);
  return { model, energies };
}

function fromLines(text: string): Map<number, number> {
  const values = new Map<number, number>();
  text.split(/\r?\n/).forEach((line, k) => {
    const plain = line.replace(/#.*/, "").trim();
    if (plain === "") return;
    const [, register, value] = /^(\d+)[\s,;:=|]+([+-]?\d+)$/.exec(plain) ?? [];
    if (register === undefined || value === undefined) {
      throw new ReadingsError(`line ${k + 1}: expected a register and its value, like "1700 1234"; found "${plain}"`);
    }
    if (values.has(Number(register))) throw new ReadingsError(`line ${k + 1}: register ${register} stands there twice`);
    values.set(Number(register), Number(value));
  });
  return values;
}

function fromRecord(text: string): Map<number, number> {
  let record: unknown;
  try {
    record = JSON.parse(text);
  } catch (error) {
    throw new ReadingsError(`the file begins like JSON and is none: ${String(error)}`);
  }
  const { from } = record as { from?: { registers?: Record<string, unknown> } };
  const registers = from?.registers ?? (record as { registers?: Record<string, unknown> }).registers;
  if (registers === undefined) throw new ReadingsError(`expected "registers" with a value for each register number`);
  return new Map(
    Object.entries(registers).map(([register, value]) => {
      if (typeof value === "number" && Number.isInteger(value)) return [Number(register), value];
      throw new ReadingsError(`register ${register}: expected a whole number, found ${JSON.stringify(value)}`);
    }),
  );
}

/** The registers that no meter takes, in words; a reading that looks turned round is one too. */
export function checkReadings(model: MeterModel, energies: Energies): string[] {
  const problems: string[] = [];
  for (const [name, first] of energyRegisters(model)) {
    energies.get(name)?.forEach((value, k) => {
      if (Number.isInteger(value) && Math.abs(value) <= MOST_IN_GROUP) return;
      problems.push(`register ${first + k} (${energyTitles[name]}): expected -9999 to +9999, found ${value}`);
    });
  }
  return problems;
}

/** More than any service: 10^13 Wh, ten years of a gigawatt. */
const PLAUSIBLE = 10n ** 13n;

/**
 * Energies that only make sense with their groups the other way round: somebody noted them as they are read, the most
 * significant first, or a gateway turns words.
 */
export function turnedRound(energies: Energies): boolean {
  const groups = [...energies.values()].filter((one) => one.some((value) => value !== 0));
  const size = (value: bigint): bigint => (value < 0n ? -value : value);
  const strange = groups.filter((one) => size(decodeMod10000(one)) >= PLAUSIBLE);
  const sane = strange.filter((one) => size(decodeMod10000(one.toReversed())) < PLAUSIBLE);
  return strange.length > 0 && sane.length === strange.length;
}

/** What was measured between two readings; a register that began again after its last digit counts on. */
export function difference(from: readonly number[], to: readonly number[]): bigint {
  const counts = decodeMod10000(to) - decodeMod10000(from);
  if (counts < -LIMIT / 2n) return counts + LIMIT;
  return counts > LIMIT / 2n ? counts - LIMIT : counts;
}

/** Groups in the order of a command's data. */
export function inOrder(order: readonly Quantity[], energies: Energies): number[] {
  return order.flatMap((name) => energies.get(name) ?? [0, 0, 0, 0]);
}

/** Values by register number, for records. */
export function byRegister(model: MeterModel, energies: Energies): Record<string, number> {
  const all: Record<string, number> = {};
  for (const [name, first] of energyRegisters(model)) {
    energies.get(name)?.forEach((value, k) => (all[String(first + k)] = value));
  }
  return all;
}
