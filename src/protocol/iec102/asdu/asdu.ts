/** The unit of application data (IEC 60870-5-102, 7.1, 7.2): an identifier of six octets, and information objects. */
import { Reader, Writer } from "#wire/cursor.ts";

export interface AsduHead {
  /** 1 to 127 of the standard, 128 to 255 private. */
  readonly type: number;
  /** Information objects, 0 to 127. */
  readonly count: number;
  /** SQ: elements of one object in sequence. */
  readonly sequence?: boolean | undefined;
  /** 0 to 63: of `Cause` what is known. */
  readonly cause: number;
  readonly negative?: boolean | undefined;
  readonly test?: boolean | undefined;
  /** Measuring point, 0 to 65,535. */
  readonly point: number;
  /** Record address, 0 to 255. */
  readonly record: number;
}

export interface Asdu extends AsduHead {
  readonly data: Uint8Array;
}

export const HEAD = 6;

const [SQ, TEST, NEGATIVE, CAUSE] = [0x80, 0x80, 0x40, 0x3f];

/** Throws WireError of less than an identifier. */
export function asduOf(bytes: Uint8Array): Asdu {
  const from = new Reader(bytes);
  const [type, qualifier, cause] = [from.u8(), from.u8(), from.u8()];
  const [point, record] = [from.u16(true), from.u8()];
  return {
    type,
    count: qualifier & 0x7f,
    sequence: (qualifier & SQ) !== 0,
    cause: cause & CAUSE,
    negative: (cause & NEGATIVE) !== 0,
    test: (cause & TEST) !== 0,
    point,
    record,
    data: from.bytes(from.left),
  };
}

export function asduBytes({ type, count, sequence, cause, negative, test, point, record, data }: Asdu): Uint8Array {
  return new Writer(HEAD + data.length)
    .u8(type)
    .u8(count | (sequence === true ? SQ : 0))
    .u8(cause | (negative === true ? NEGATIVE : 0) | (test === true ? TEST : 0))
    .u16(point, true)
    .u8(record)
    .bytes(data)
    .done();
}

/** The request again, as its confirmation, its end or its refusal. */
export function mirror(request: Asdu, cause: number, negative = false): Asdu {
  return { ...request, cause, negative };
}
