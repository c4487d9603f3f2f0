/** Numbers for people: about five digits, with a prefix where it helps, and decimals as the reader's language sets them apart. */
import { decimalSign } from "./language.ts";

export type Value = number | null | undefined;

/** Whether there is any value in columns of them. */
export function hasValues(columns: readonly (readonly Value[])[]): boolean {
  return columns.some((column) => column.some((value) => value !== null && value !== undefined));
}

/** What stands where nothing is measured, as the meter's own display has it. */
export const NOTHING = "----";

/** A number and its unit apart, so that they can be set apart. */
export interface Written {
  readonly number: string;
  readonly unit: string;
}

const steps: readonly (readonly [number, string])[] = [
  [1e9, "G"],
  [1e6, "M"],
  [1e3, "k"],
];

/** 59.71 and kW of 59,710 W. */
export function written(value: Value, unit: string): Written {
  if (value === null || value === undefined) return { number: NOTHING, unit: "" };
  // A count has all its digits; a percentage, an angle or hertz has no prefix.
  if (unit === "" && Number.isInteger(value)) return { number: String(value), unit };
  const [size, prefix] = (/^(%|°|deg|Hz|)$/.test(unit) ? undefined : stepOf(value)) ?? [1, ""];
  return { number: digits(value / size), unit: `${prefix}${unit}` };
}

/** "59.71 kW". */
export function withUnit(value: Value, unit: string): string {
  const { number, unit: shown } = written(value, unit);
  return `${number} ${shown}`.trimEnd();
}

/** A number with a fixed number of decimals. */
export function fixed(value: Value, decimals: number): string {
  return value === null || value === undefined ? NOTHING : unsigned(value.toFixed(decimals));
}

/** A number as it is, to seven digits. */
export function figures(value: Value): string {
  return value === null || value === undefined ? NOTHING : unsigned(String(Number(value.toPrecision(7))));
}

/** What an axis spans at least: its labels have no more decimals than can be told apart. */
const LEAST_RANGE = 1e-4;

/** Labels of an axis without their unit, and its prefix: that and the decimals are what the largest and their distance ask for. */
export function axisNumbers(
  values: readonly number[],
  unit: string,
): { readonly numbers: readonly string[]; readonly prefix: string } {
  const largest = Math.max(0, ...values.map(Math.abs));
  const [size, prefix] = (/^(%|Hz|)$/.test(unit) ? undefined : stepOf(largest)) ?? [1, ""];
  const step = Math.abs((values[1] ?? 0) - (values[0] ?? 0)) / size;
  const decimals = [0, 1, 2, 3, 4, 5, 6].find((count) => isWhole(step * 10 ** count)) ?? 6;
  return { numbers: values.map((value) => unsigned((value / size).toFixed(decimals))), prefix };
}

/** A range that holds all values, and is not so narrow that noise looks like an event; of nothing but zeros it is 0 to 1. */
export function axisRange(least: number | null, most: number | null, fromZero: boolean): [number, number] {
  if (least === null || most === null || (least === 0 && most === 0)) return [0, 1];
  const [low, high] = fromZero ? [Math.min(0, least), Math.max(0, most)] : [least, most];
  const size = Math.max(high - low, 0.004 * Math.max(Math.abs(low), Math.abs(high)), LEAST_RANGE);
  const room = size - (high - low);
  return [
    fromZero && low === 0 ? 0 : low - room / 2 - 0.08 * size,
    fromZero && high === 0 ? 0 : high + room / 2 + 0.08 * size,
  ];
}

function isWhole(value: number): boolean {
  return Math.abs(value - Math.round(value)) < 1e-6;
}

function stepOf(value: number): readonly [number, string] | undefined {
  return steps.find(([size]) => Math.abs(value) >= size);
}

function digits(value: number): string {
  if (value === 0) return "0";
  const whole = Math.max(1, Math.ceil(Math.log10(Math.abs(value) + 1e-9)));
  return unsigned(value.toFixed(Math.max(0, 5 - whole)));
}

/** As the reader's language writes it; what is rounded to nothing has no sign. */
function unsigned(text: string): string {
  const signed = Number(text) === 0 ? text.replace("-", "") : text;
  return signed.replace(".", decimalSign.value);
}
