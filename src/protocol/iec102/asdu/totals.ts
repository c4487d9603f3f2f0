/**
 * Integrated totals (IEC 60870-5-102, 7.3.1: types 2 to 13), and the blocks of them that the Spanish profile has (139, 140): each object with
 * its address, its value and its status, and one time for all.
 */
import { WireError, type Reader, type Writer } from "#wire/cursor.ts";
import type { AsduHead } from "./asdu.ts";
import { readTimeA, TIME_A, writeTimeA, type TimeA } from "./time.ts";

export interface TotalObject {
  /** 1 to 255: 1 active in, 2 active out, 3 to 6 reactive by quadrant, 7 and 8 in reserve. */
  readonly object: number;
  /** Below 2 to the power of 32, 24 or 16, as the type has it. */
  readonly value: number;
  /** The quality octet of the Spanish profile; of the standard IV 0x80, CA 0x40, CY 0x20, and a sequence number. */
  readonly quality: number;
}

export interface Totals {
  readonly kind: "totals";
  readonly totals: readonly TotalObject[];
  /** The end of the period. */
  readonly at: TimeA;
}

/** Of one period. */
export interface TotalsBlock {
  readonly totals: readonly Omit<TotalObject, "object">[];
  readonly at: TimeA;
}

export interface TotalsBlocks {
  readonly kind: "blocks";
  /** 9, 10 or 11: which objects are in each. */
  readonly block: number;
  readonly periods: readonly TotalsBlock[];
}

/** The objects of a block, by its address. */
export const blockObjects: Readonly<Record<number, readonly number[]>> = {
  9: [1, 2, 3, 4, 5, 6, 7, 8],
  10: [1, 2, 3, 4, 5, 6],
  11: [1, 3, 6],
};

/** Octets of a value. */
function widthOf(type: number): 4 | 3 | 2 {
  return ([4, 3, 2] as const)[(type - 2) % 3] ?? 4;
}

/** Totals that are settled by have a signature. */
function isSigned(type: number): boolean {
  return type < 8;
}

/** Octets of one object with its address. */
export function totalOctets(type: number): number {
  return 1 + widthOf(type) + 1 + (isSigned(type) ? 1 : 0);
}

function sumOf(bytes: Uint8Array): number {
  return bytes.reduce((sum, one) => sum + one, 0);
}

/** What a signature is the sum of besides its object: measuring point, record address, type, time. */
function signedBeside({ point, record, type }: AsduHead, time: Uint8Array): number {
  return (point & 0xff) + (point >> 8) + record + type + sumOf(time);
}

/** Throws WireError where a signature is wrong. */
export function readTotals(from: Reader, head: AsduHead): Totals {
  const { type, count } = head;
  const width = widthOf(type);
  const objects: TotalObject[] = [];
  const signatures: { readonly at: number; readonly sum: number; readonly said: number }[] = [];
  for (let k = 0; k < count; k++) {
    const { at } = from;
    const bytes = from.bytes(1 + width + 1);
    let value = 0;
    for (let octet = width; octet >= 1; octet--) value = value * 256 + (bytes[octet] ?? 0);
    objects.push({ object: bytes[0] ?? 0, value, quality: bytes[width + 1] ?? 0 });
    if (isSigned(type)) signatures.push({ at, sum: sumOf(bytes), said: from.u8() });
  }
  const time = from.bytes(TIME_A);
  const beside = signedBeside(head, time);
  for (const { at, sum, said } of signatures)
    if (said !== ((sum + beside) & 0xff)) throw new WireError("the signature of a total is wrong", at);
  from.at -= TIME_A;
  return { kind: "totals", totals: objects, at: readTimeA(from) };
}

export function writeTotals(to: Writer, { totals, at }: Totals, head: AsduHead, timeOctets: Uint8Array): void {
  const width = widthOf(head.type);
  const beside = signedBeside(head, timeOctets);
  for (const { object, value, quality } of totals) {
    let sum = object + quality;
    to.u8(object);
    for (let octet = 0, rest = value; octet < width; octet++, rest = Math.floor(rest / 256)) {
      to.u8(rest % 256);
      sum += rest % 256;
    }
    to.u8(quality);
    if (isSigned(head.type)) to.u8((sum + beside) & 0xff);
  }
  writeTimeA(to, at);
}

/** Octets of one period of a block. */
export function blockOctets(block: number): number {
  return 1 + 5 * (blockObjects[block]?.length ?? 0) + TIME_A;
}

export function readBlocks(from: Reader, count: number): TotalsBlocks {
  let block = 0;
  const periods: TotalsBlock[] = [];
  for (let k = 0; k < count; k++) {
    const address = from.u8();
    const objects = blockObjects[address];
    if (objects === undefined || (k > 0 && address !== block))
      throw new WireError(`object ${address} is no block of totals here`, from.at - 1);
    block = address;
    const totals = objects.map(() => ({ value: from.u32(true), quality: from.u8() }));
    periods.push({ totals, at: readTimeA(from) });
  }
  return { kind: "blocks", block, periods };
}

export function writeBlocks(to: Writer, { block, periods }: TotalsBlocks): void {
  for (const { totals, at } of periods) {
    to.u8(block);
    for (const { value, quality } of totals) to.u32(value, true).u8(quality);
    writeTimeA(to, at);
  }
}
