/**
 * Frames of format class FT1.2 (IEC 60870-5-1, 6.2.4.2; IEC 60870-5-2): fixed ones without user data, variable ones with it, and the single
 * character E5. The check is the sum of all octets from control to the last of the user data.
 */
import { WireError } from "#wire/cursor.ts";

export type AddressOctets = 1 | 2;

/** From a primary station to a secondary one. */
export const Ask = {
  resetLink: 0,
  resetProcess: 1,
  test: 2,
  send: 3,
  sendNoReply: 4,
  access: 8,
  status: 9,
  class1: 10,
  class2: 11,
} as const;

/** From a secondary station to a primary one. */
export const Answer = { ack: 0, nack: 1, data: 8, noData: 9, status: 11, notImplemented: 15 } as const;

export type Control =
  | {
      readonly from: "primary";
      /** 0 to 15: of `Ask` what is known. */
      readonly fn: number;
      /** The frame count bit; undefined where it does not count. */
      readonly fcb: boolean | undefined;
    }
  | {
      readonly from: "secondary";
      /** 0 to 15: of `Answer` what is known. */
      readonly fn: number;
      /** Data of class 1 wait. */
      readonly acd: boolean;
      /** More data would not be taken. */
      readonly dfc: boolean;
    };

export type Frame =
  | {
      readonly kind: "frame";
      readonly control: Control;
      readonly address: number;
      /** Undefined of a fixed frame. */
      readonly asdu: Uint8Array | undefined;
    }
  /** E5: an acknowledgement, or that there is nothing, of whoever was asked. */
  | { readonly kind: "single" };

export const START = 0x10;
export const START_VARIABLE = 0x68;
export const END = 0x16;
export const SINGLE = 0xe5;

const [PRM, FCB, FCV, ACD, DFC, FN] = [0x40, 0x20, 0x10, 0x20, 0x10, 0x0f];

/** Octets of user data in the longest frame: 255 less control and address. */
export function longestAsdu(octets: AddressOctets): number {
  return 254 - octets;
}

/** Who everybody is: nobody answers. */
export function broadcast(octets: AddressOctets): number {
  return octets === 1 ? 0xff : 0xffff;
}

export function controlOf(octet: number): Control {
  const fn = octet & FN;
  if ((octet & PRM) !== 0) return { from: "primary", fn, fcb: (octet & FCV) === 0 ? undefined : (octet & FCB) !== 0 };
  return { from: "secondary", fn, acd: (octet & ACD) !== 0, dfc: (octet & DFC) !== 0 };
}

export function controlOctet(control: Control): number {
  if (control.from === "primary")
    return PRM | control.fn | (control.fcb === undefined ? 0 : FCV) | (control.fcb === true ? FCB : 0);
  return control.fn | (control.acd ? ACD : 0) | (control.dfc ? DFC : 0);
}

/** The sum of octets, modulo 256. */
export function checkOf(bytes: Uint8Array, from: number, to: number): number {
  let sum = 0;
  for (let at = from; at < to; at++) sum += bytes[at] ?? 0;
  return sum & 0xff;
}

/**
 * How long the frame that begins at an octet is, as far as its first octets say: undefined where no frame begins so, 0 where more octets
 * have to come to know.
 */
export function lengthAt(bytes: Uint8Array, at: number, octets: AddressOctets): number | undefined {
  const first = bytes[at];
  if (first === SINGLE) return 1;
  if (first === START) return 4 + octets;
  if (first !== START_VARIABLE) return undefined;
  const [length, again, start] = [bytes[at + 1], bytes[at + 2], bytes[at + 3]];
  if (length === undefined) return 0;
  if (length < 1 + octets || (again ?? length) !== length || (start ?? START_VARIABLE) !== START_VARIABLE)
    return undefined;
  return start === undefined ? 0 : length + 6;
}

/** The frame that these octets are, from first to last; throws WireError of what is none. */
export function frameOf(bytes: Uint8Array, octets: AddressOctets): Frame {
  const length = lengthAt(bytes, 0, octets);
  if (length === undefined) throw new WireError("no frame of FT1.2 begins so", 0);
  if (length !== bytes.length) throw new WireError(`a frame of ${length} octets in ${bytes.length}`, 0);
  if (length === 1) return { kind: "single" };
  const from = bytes[0] === START ? 1 : 4;
  const check = checkOf(bytes, from, length - 2);
  const said = bytes[length - 2] ?? NaN;
  if (said !== check) throw new WireError(`the check should be ${check}, and is ${said}`, length - 2);
  if (bytes[length - 1] !== END) throw new WireError(`the end should be 22, and is ${bytes[length - 1]}`, length - 1);
  const low = bytes[from + 1] ?? 0;
  const address = octets === 1 ? low : low | ((bytes[from + 2] ?? 0) << 8);
  const asdu = from === 1 ? undefined : bytes.slice(from + 1 + octets, length - 2);
  return { kind: "frame", control: controlOf(bytes[from] ?? 0), address, asdu };
}

/** Throws RangeError where there is more user data than a frame can have. */
export function frameBytes(frame: Frame, octets: AddressOctets): Uint8Array {
  if (frame.kind === "single") return Uint8Array.of(SINGLE);
  const { control, address, asdu } = frame;
  const head = asdu === undefined ? 1 : 4;
  const data = asdu?.length ?? 0;
  if (data > longestAsdu(octets)) throw new RangeError(`an ASDU of ${data} octets`);
  const bytes = new Uint8Array(head + 1 + octets + data + 2);
  if (asdu === undefined) bytes[0] = START;
  else bytes.set([START_VARIABLE, 1 + octets + data, 1 + octets + data, START_VARIABLE]);
  bytes[head] = controlOctet(control);
  bytes[head + 1] = address & 0xff;
  if (octets === 2) bytes[head + 2] = address >> 8;
  if (asdu !== undefined) bytes.set(asdu, head + 1 + octets);
  const end = bytes.length - 2;
  bytes[end] = checkOf(bytes, head, end);
  bytes[end + 1] = END;
  return bytes;
}
