/** Times, objects and qualities of IEC 60870-5-102 as people read them. */
import type { TimeA, TimeB } from "#protocol/iec102/asdu/time.ts";

const two = (value: number): string => String(value).padStart(2, "0");

/** "2025-03-30T03:00", in the meter's local time; undefined of none. With `seconds` where it has them. */
export function timeText(time: TimeA & Partial<TimeB>): string | undefined {
  if (time.month < 1 || time.month > 12 || time.day < 1) return undefined;
  const seconds =
    time.second === undefined ? "" : `:${two(time.second)}.${String(time.millisecond ?? 0).padStart(3, "0")}`;
  return `20${two(time.year)}-${two(time.month)}-${two(time.day)}T${two(time.hour)}:${two(time.minute)}${seconds}`;
}

/** Names of the glossary, by object: consumption, generation, reactive energy by quadrant. */
const objectNames: Readonly<Record<number, string>> = {
  1: "Wh.import",
  2: "Wh.export",
  3: "varh.q1",
  4: "varh.q2",
  5: "varh.q3",
  6: "varh.q4",
};

export interface ObjectName {
  readonly name: string;
  /** Without its prefix; empty where it is not known. */
  readonly unit: string;
}

export function objectName(object: number): ObjectName {
  const name = objectNames[object];
  return { name: name ?? `object.${object}`, unit: name === undefined ? "" : (name.split(".")[0] ?? "") };
}

/** Bits of the quality octet of the Spanish profile; invalid values are left out. */
const qualityWords: readonly (readonly [bit: number, words: string])[] = [
  [0x40, "synchronised"],
  [0x20, "overflow"],
  [0x10, "time verified"],
  [0x08, "parameters changed"],
  [0x04, "intrusion"],
  [0x02, "incomplete"],
  [0x01, "0x01"],
];

export const INVALID = 0x80;

/** "incomplete, parameters changed"; empty of a good one. */
export function qualityText(quality: number): string {
  return qualityWords
    .filter(([bit]) => (quality & bit) !== 0)
    .map(([, words]) => words)
    .join(", ");
}

/** 20 the total, 21 to 29 the periods of the tariff. */
export function tariffName(object: number): string {
  return object === 20 ? "total" : `period${object - 20}`;
}
