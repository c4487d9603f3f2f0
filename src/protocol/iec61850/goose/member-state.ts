/** What a value of a message says of something that is on or off: a status or a double point, with a quality beside it or not. */
import type { Data } from "#protocol/iec61850/mms/data.ts";

/** Where something stands in a message, by numbers: "3", "0.1" of one in a structure. */
export interface MemberPlace {
  /** What closes an input. */
  readonly value: string;
  /** Its quality, where somebody says which it is. */
  readonly quality?: string | undefined;
}

/** Undefined where the message says neither; `trouble` where none of its kind could, in words. */
export interface MemberState {
  readonly on?: boolean | undefined;
  readonly trouble?: string | undefined;
}

/** What is not good, or a test, says neither; nor does what has another quality than a quality. */
export function memberState(values: readonly Data[], { value, quality }: MemberPlace): MemberState {
  const member = memberAt(values, value);
  if (member === undefined) return { trouble: `have no value ${value}` };
  const found = stateIn(member);
  if (found === undefined) return { trouble: `have a value ${value} that is neither on nor off` };
  if (quality === undefined) return isUsable(found.quality) ? { on: isOn(found.state) } : {};
  const told = memberAt(values, quality);
  if (told === undefined) return { trouble: `have no value ${quality}` };
  if (!isQuality(told)) return { trouble: `have a value ${quality} that is no quality` };
  return isUsable(told) ? { on: isOn(found.state) } : {};
}

/** Undefined of a path that leads nowhere. */
function memberAt(values: readonly Data[], path: string): Data | undefined {
  let items: readonly Data[] = values;
  let found: Data | undefined;
  for (const index of path.split(".")) {
    found = items[Number(index)];
    items = found?.kind === "structure" || found?.kind === "array" ? found.items : [];
  }
  return found;
}

/**
 * A value that can be on or off. Of a data object (a structure) that nobody has described it is told by its shape: 7-3 has one status in it,
 * whatever stands before (origin and ctlNum of what is controlled), and one quality.
 */
function stateIn(data: Data): { readonly state: Data; readonly quality?: Data | undefined } | undefined {
  if (isState(data)) return { state: data };
  if (data.kind !== "structure") return undefined;
  const state = data.items.find(isState);
  return state === undefined ? undefined : { state, quality: data.items.find(isQuality) };
}

function isState(data: Data): boolean {
  return data.kind === "boolean" || (data.kind === "bits" && data.length === POSITION_BITS);
}

/** Dbpos: off is 01, on is 10; what is between or bad is neither. */
const POSITION_BITS = 2;
const ON = 0b10;
const OFF = 0b01;

function isOn(data: Data): boolean | undefined {
  if (data.kind === "boolean") return data.value;
  const position = data.kind === "bits" ? (data.octets[0] ?? 0) >> 6 : undefined;
  return position === ON ? true : position === OFF ? false : undefined;
}

/** Validity of a quality is its first two bits, test its twelfth (7-3, 6.2). */
const QUALITY_BITS = 13;
const VALIDITY = 0xc0;
const TEST = 0x10;

function isQuality(data: Data): boolean {
  return data.kind === "bits" && data.length === QUALITY_BITS;
}

/** Whether a quality, or none, lets somebody act on the value beside it: good, and no test. */
function isUsable(data: Data | undefined): boolean {
  if (data?.kind !== "bits") return true;
  return ((data.octets[0] ?? 0) & VALIDITY) === 0 && ((data.octets[1] ?? 0) & TEST) === 0;
}
