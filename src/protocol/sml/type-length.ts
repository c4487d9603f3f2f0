/**
 * Values of SML (Smart Message Language, BSI TR-03109-1 Annex IV "SML 1.05", clause 6): a field of type and length, then bytes, or as
 * many values as a list has. Lengths count the field itself.
 */
import { WireError, type Reader } from "#wire/cursor.ts";

export const smlTypes = { octets: 0, boolean: 4, integer: 5, unsigned: 6, list: 7 } as const;
export type SmlType = keyof typeof smlTypes;

export interface TypeLength {
  readonly type: SmlType;
  /** Bytes behind the field, or members of a list. */
  readonly length: number;
}

/** A field of more bytes than this says lengths that no telegram has. */
const LONGEST_FIELD = 4;
const MORE = 0x80;
const LONGEST_NUMBER = 8;

const typeOf = new Map<number, SmlType>(Object.entries(smlTypes).map(([type, bits]) => [bits, type as SmlType]));

export function readTypeLength(from: Reader): TypeLength {
  const { at } = from;
  let byte = from.u8();
  const bits = (byte >> 4) & 7;
  const type = typeOf.get(bits);
  if (type === undefined) throw new WireError(`there is no SML type ${bits}`, at);
  let length = byte & 0x0f;
  while ((byte & MORE) !== 0) {
    if (from.at - at >= LONGEST_FIELD) throw new WireError(`a type and length of more than ${LONGEST_FIELD} bytes`, at);
    byte = from.u8();
    length = length * 16 + (byte & 0x0f);
  }
  if (type === "list") return { type, length };
  const own = from.at - at;
  if (length < own) throw new WireError(`a length of ${length}, which is less than its own ${own} bytes`, at);
  return { type, length: length - own };
}

/** What a value that is no list says; `undefined` is an optional one that is not there. */
export type SmlValue = Uint8Array | boolean | bigint | undefined;

/** The bytes behind a field that is none of a list. */
export function readValue(from: Reader, { type, length }: TypeLength): SmlValue {
  const { at } = from;
  if (type === "octets") return length === 0 ? undefined : from.bytes(length);
  if (type === "boolean") {
    if (length !== 1) throw new WireError(`a boolean of ${length} bytes`, at);
    return from.u8() !== 0;
  }
  if (length < 1 || length > LONGEST_NUMBER)
    throw new WireError(`expected a number of 1 to ${LONGEST_NUMBER} bytes, found ${length}`, at);
  let value = 0n;
  for (const byte of from.bytes(length)) value = (value << 8n) | BigInt(byte);
  return type === "integer" ? BigInt.asIntN(8 * length, value) : value;
}
