/** What services name and find: attributes, methods, results, blocks (Green Book 9.5). */
import { accessResults, actionResults, type AccessResult, type ActionResult } from "#protocol/dlms/cosem/object.ts";
import { readData, type Manner } from "#protocol/dlms/data/decode.ts";
import { writeData } from "#protocol/dlms/data/encode.ts";
import { readLength, writeLength } from "#protocol/dlms/data/length.ts";
import { logicalNameBytes, logicalNameOf } from "#protocol/dlms/data/logical-name.ts";
import { WireError, type Reader, type Writer } from "#wire/cursor.ts";
import type { AttributeReference, Block, GetResult, MethodReference } from "./apdu.ts";

/** BOOLEAN of A-XDR, and the flag before what is OPTIONAL: any byte but 0 is true. */
export function readFlag(from: Reader): boolean {
  return from.u8() !== 0;
}

export function writeFlag(out: Writer, flag: boolean): Writer {
  return out.u8(flag ? 1 : 0);
}

/** A number of 0 or 1 that says which of two follows. */
export function readChoice(from: Reader, of: string): 0 | 1 {
  const { at } = from;
  const choice = from.u8();
  if (choice !== 0 && choice !== 1) throw new WireError(`expected 0 or 1 for the choice of ${of}, found ${choice}`, at);
  return choice;
}

/** A list: each of its members has at least `least` bytes, so that a count of more than there are is refused before it is believed. */
export function readList<T>(from: Reader, least: number, read: (from: Reader) => T): readonly T[] {
  const { at } = from;
  const count = readLength(from);
  if (count * least > from.left) throw new WireError(`a list of ${count} where ${from.left} bytes are left`, at);
  return Array.from({ length: count }, () => read(from));
}

export function writeList<T>(out: Writer, members: readonly T[], write: (out: Writer, member: T) => void): void {
  writeLength(out, members.length);
  for (const member of members) write(out, member);
}

/** The same length of two lists of which one says what the other is for. */
export function alike(from: Reader, named: readonly unknown[], given: readonly unknown[]): void {
  if (named.length !== given.length)
    throw new WireError(`expected ${named.length} values, as many as are named, found ${given.length}`, from.at);
}

/** Cosem-Attribute-Descriptor: without selection. */
export function readAttribute(from: Reader): AttributeReference {
  return { classId: from.u16(), logicalName: logicalNameOf(from.bytes(6)), attribute: from.u8() };
}

export function writeAttribute(out: Writer, { classId, logicalName, attribute }: AttributeReference): void {
  out.u16(classId).bytes(logicalNameBytes(logicalName)).u8(attribute);
}

/** Cosem-Attribute-Descriptor-With-Selection. */
export function readSelectedAttribute(from: Reader, manner?: Manner): AttributeReference {
  const attribute = readAttribute(from);
  if (!readFlag(from)) return attribute;
  return { ...attribute, selection: { selector: from.u8(), parameters: readData(from, manner) } };
}

export function writeSelectedAttribute(out: Writer, attribute: AttributeReference): void {
  writeAttribute(out, attribute);
  const { selection } = attribute;
  writeFlag(out, selection !== undefined);
  if (selection !== undefined) writeData(out.u8(selection.selector), selection.parameters);
}

/** Bytes of the shortest: class, logical name, attribute, flag of selection. */
export const LEAST_SELECTED = 10;
export const LEAST_METHOD = 9;

/** Cosem-Method-Descriptor. */
export function readMethod(from: Reader): MethodReference {
  return { classId: from.u16(), logicalName: logicalNameOf(from.bytes(6)), method: from.u8() };
}

export function writeMethod(out: Writer, { classId, logicalName, method }: MethodReference): void {
  out.u16(classId).bytes(logicalNameBytes(logicalName)).u8(method);
}

/** DataBlock-SA: `bytes` is a view on the input. */
export function readBlock(from: Reader): Block {
  return { last: readFlag(from), number: from.u32(), bytes: readOctets(from) };
}

export function writeBlock(out: Writer, { last, number, bytes }: Block): void {
  writeOctets(writeFlag(out, last).u32(number), bytes);
}

/** OCTET STRING without its tag: a view on the input. */
export function readOctets(from: Reader): Uint8Array {
  return from.bytes(readLength(from));
}

export function writeOctets(out: Writer, bytes: Uint8Array): void {
  writeLength(out, bytes.length).bytes(bytes);
}

const accessResultOf = new Map<number, AccessResult>(
  Object.entries(accessResults).map(([result, number]) => [number, result as AccessResult]),
);
const actionResultOf = new Map<number, ActionResult>(
  Object.entries(actionResults).map(([result, number]) => [number, result as ActionResult]),
);

export function readAccessResult(from: Reader): AccessResult {
  const { at } = from;
  const number = from.u8();
  const result = accessResultOf.get(number);
  if (result === undefined) throw new WireError(`there is no data-access-result ${number}`, at);
  return result;
}

export function writeAccessResult(out: Writer, result: AccessResult): void {
  out.u8(accessResults[result]);
}

export function readActionResult(from: Reader): ActionResult {
  const { at } = from;
  const number = from.u8();
  const result = actionResultOf.get(number);
  if (result === undefined) throw new WireError(`there is no action-result ${number}`, at);
  return result;
}

export function writeActionResult(out: Writer, result: ActionResult): void {
  out.u8(actionResults[result]);
}

/** Get-Data-Result. */
export function readGetResult(from: Reader, manner?: Manner): GetResult {
  return readChoice(from, "Get-Data-Result") === 0
    ? { data: readData(from, manner) }
    : { denied: readAccessResult(from) };
}

export function writeGetResult(out: Writer, result: GetResult): void {
  if ("data" in result) writeData(out.u8(0), result.data);
  else writeAccessResult(out.u8(1), result.denied);
}
