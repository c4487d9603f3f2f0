/**
 * Application fragments (IEEE 1815 clause 4.2): control octet, function code, internal indications of what an outstation says, and objects.
 */
import { Reader } from "#wire/cursor.ts";
import { isResponse } from "./functions.ts";

/** Bits of the application control octet; below them is the sequence number, 0 to 15. */
export const controlBits = { first: 0x80, last: 0x40, confirm: 0x20, unsolicited: 0x10, sequence: 0x0f } as const;

/** Control of a request: one fragment, to which no application confirmation is asked. */
export const wholeFragment = controlBits.first | controlBits.last;

export interface FragmentControl {
  readonly first: boolean;
  readonly last: boolean;
  /** A confirmation is asked for. */
  readonly confirm: boolean;
  readonly unsolicited: boolean;
  readonly sequence: number;
}

export interface Fragment {
  readonly control: FragmentControl;
  readonly code: number;
  /** Of a response: IIN1 below IIN2. */
  readonly iin?: number;
  /** Where the objects begin in the fragment. */
  readonly objectsAt: number;
}

export function controlOf(octet: number): FragmentControl {
  return {
    first: (octet & controlBits.first) !== 0,
    last: (octet & controlBits.last) !== 0,
    confirm: (octet & controlBits.confirm) !== 0,
    unsolicited: (octet & controlBits.unsolicited) !== 0,
    sequence: octet & controlBits.sequence,
  };
}

export function controlOctet({ first, last, confirm, unsolicited, sequence }: FragmentControl): number {
  return (
    (first ? controlBits.first : 0) |
    (last ? controlBits.last : 0) |
    (confirm ? controlBits.confirm : 0) |
    (unsolicited ? controlBits.unsolicited : 0) |
    (sequence & controlBits.sequence)
  );
}

/** The header of a fragment, either way. Throws WireError on one that is too short. */
export function decodeFragment(octets: Uint8Array): Fragment {
  const reader = new Reader(octets);
  const control = controlOf(reader.u8());
  const code = reader.u8();
  if (!isResponse(code)) return { control, code, objectsAt: reader.at };
  return { control, code, iin: reader.u16(true), objectsAt: reader.at };
}

/** A confirmation of the fragment with this sequence number. */
export function confirmation(sequence: number, unsolicited: boolean): Uint8Array {
  return Uint8Array.of(wholeFragment | (unsolicited ? controlBits.unsolicited : 0) | (sequence & 0x0f), 0);
}
