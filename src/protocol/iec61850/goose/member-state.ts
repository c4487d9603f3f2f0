/** What a value of a message says of something that is on or off: a status or a double point, with a quality beside it or not. */
import type { Data } from "#protocol/iec61850/mms/data.ts";

/** Of a value of a list: its number, and those of what is in it, "3", "0.1". */
export type MemberPath = readonly number[];

/** Undefined of a path that leads nowhere. */
export function memberAt(values: readonly Data[], path: MemberPath): Data | undefined {
  let items: readonly Data[] = values;
  let found: Data | undefined;
  for (const index of path) {
    found = items[index];
    items = found?.kind === "structure" || found?.kind === "array" ? found.items : [];
  }
  return found;
}

/** Dbpos: off is 01, on is 10; what is between or bad is neither. */
const ON = 0b10;
const OFF = 0b01;

/** Undefined of what says neither. */
export function isOn(data: Data | undefined): boolean | undefined {
  switch (data?.kind) {
    case "boolean":
      return data.value;
    case "bits": {
      if (data.length !== 2) return undefined;
      const position = (data.octets[0] ?? 0) >> 6;
      return position === ON ? true : position === OFF ? false : undefined;
    }
    case "structure":
      // Functionally constrained data: its value is the first.
      return isOn(data.items[0]);
    default:
      return undefined;
  }
}

/** Validity of a quality is its first two bits, test its twelfth (7-3, 6.2). */
const QUALITY_BITS = 13;
const VALIDITY = 0xc0;
const TEST = 0x10;

/** Whether a quality lets somebody act on the value beside it: good, and no test. True of what is no quality. */
export function isUsable(data: Data | undefined): boolean {
  if (data?.kind !== "bits" || data.length !== QUALITY_BITS) return true;
  return ((data.octets[0] ?? 0) & VALIDITY) === 0 && ((data.octets[1] ?? 0) & TEST) === 0;
}
