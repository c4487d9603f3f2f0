/** Times in octets (IEC 61850-8-1, 8.1.3.6 and 8.1.3.7): instants with their quality, and times of entries. */
import type { BerWriter } from "#wire/ber.ts";
import { WireError } from "#wire/cursor.ts";
import type { IedTime } from "#protocol/iec61850/model/value.ts";

const flags = { leapSecondsKnown: 0x80, clockFailure: 0x40, notSynchronised: 0x20, accuracy: 0x1f } as const;

/** Nobody says how accurate it is: what all accuracies are below. */
const UNSPECIFIED = 31;

const scratch = new Uint8Array(8);
const view = new DataView(scratch.buffer);

/** Eight octets: seconds since 1970, a fraction of 24 bits, quality. Beyond what seconds of 32 bits have it is their ends. */
export function writeUtcTime(out: BerWriter, tag: number, time: IedTime): void {
  out.octets(tag, utcOctets(time));
}

/** Good until the next call. */
function utcOctets({ utc, leapSecondsKnown, clockFailure, notSynchronised, accuracyBits }: IedTime): Uint8Array {
  const whole = Math.floor(utc / 1000);
  const parts = Math.round(((utc - 1000 * whole) / 1000) * 0x100_0000);
  // A fraction that is rounded up to a second makes the next one.
  const seconds = parts === 0x100_0000 ? whole + 1 : whole;
  view.setUint32(0, Math.min(Math.max(seconds, 0), 0xffff_ffff));
  view.setUint32(4, (parts % 0x100_0000) * 0x100);
  scratch[7] =
    (leapSecondsKnown ? flags.leapSecondsKnown : 0) |
    (clockFailure ? flags.clockFailure : 0) |
    (notSynchronised ? flags.notSynchronised : 0) |
    (accuracyBits ?? UNSPECIFIED);
  return scratch;
}

/** Throws WireError of what is not eight octets. */
export function readUtcTime(octets: Uint8Array): IedTime {
  if (octets.length !== 8) throw new WireError(`an instant of ${octets.length} octets`, 0);
  const of = new DataView(octets.buffer, octets.byteOffset, 8);
  const quality = of.getUint8(7);
  const accuracy = quality & flags.accuracy;
  return {
    utc: 1000 * of.getUint32(0) + ((of.getUint32(4) >>> 8) * 1000) / 0x100_0000,
    leapSecondsKnown: (quality & flags.leapSecondsKnown) !== 0,
    clockFailure: (quality & flags.clockFailure) !== 0,
    notSynchronised: (quality & flags.notSynchronised) !== 0,
    ...(accuracy === UNSPECIFIED ? {} : { accuracyBits: accuracy }),
  };
}

/** 1984-01-01 (ISO 9506-2, TimeOfDay). */
const EPOCH_UTC = 441_763_200_000;
const DAY_MS = 86_400_000;

/** Six octets: milliseconds since midnight, days since 1984-01-01; all 0 of none. */
export function writeEntryTime(out: BerWriter, tag: number, utc: number | undefined): void {
  const since = Math.max(0, Math.round((utc ?? EPOCH_UTC) - EPOCH_UTC));
  view.setUint32(0, since % DAY_MS);
  view.setUint16(4, Math.min(Math.floor(since / DAY_MS), 0xffff));
  out.octets(tag, scratch.subarray(0, 6));
}

/** UTC milliseconds; undefined of the six zeros that are none, and of four octets, which have no date. */
export function readEntryTime(octets: Uint8Array): number | undefined {
  if (octets.length !== 6) return undefined;
  const of = new DataView(octets.buffer, octets.byteOffset, 6);
  const since = of.getUint16(4) * DAY_MS + of.getUint32(0);
  return since === 0 ? undefined : EPOCH_UTC + since;
}
