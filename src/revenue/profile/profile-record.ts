/** Records of a load profile as they lie in the store. */
import { profileEvents, type ProfileRecord } from "#quantity/profile.ts";
import type { Stamp } from "#quantity/stamp.ts";

/** What the first byte of a record says of the rest. */
const LAYOUT = 2;
/** Layout, type, status, flags of the three times; sequence; three instants; three offsets. */
const HEAD = 4 + 4 + 3 * 8 + 3 * 2;

/** Which channels were silent stands behind the values of a record in which one was, a bit each. */
const SILENT = 2;

/** Of 16 bits with a sign. */
const MOST_COUNTS = 32_767;
/** What stands on disk for no value: counts that cannot be; of engineering values, NaN. */
const NO_COUNTS = -32_768;

const times = ["start", "end", "until"] as const;
const saving = (k: number): number => 1 << (2 * k);
const synchronised = (k: number): number => 2 << (2 * k);

export function encodeRecord(record: ProfileRecord, counts: boolean): Uint8Array {
  const { sequence, type, status, values } = record;
  const { silent } = record;
  const end = HEAD + values.length * (counts ? 2 : 4);
  const bytes = new Uint8Array(end + (silent === undefined ? 0 : SILENT));
  const view = new DataView(bytes.buffer);
  let flags = 0;
  times.forEach((time, k) => {
    const { utc, offsetMinutes, daylightSaving, synchronised: kept } = record[time];
    flags |= (daylightSaving ? saving(k) : 0) | (kept ? synchronised(k) : 0);
    view.setFloat64(8 + 8 * k, utc);
    view.setInt16(32 + 2 * k, offsetMinutes);
  });
  view.setUint8(0, LAYOUT);
  view.setUint8(1, profileEvents.indexOf(type));
  view.setUint8(2, status);
  view.setUint8(3, flags);
  view.setUint32(4, sequence);
  values.forEach((value, k) =>
    counts ? view.setInt16(HEAD + 2 * k, value ?? NO_COUNTS) : view.setFloat32(HEAD + 4 * k, value ?? NaN),
  );
  if (silent !== undefined) view.setUint16(end, silent);
  return bytes;
}

/** What is true of every record: it does not end before it begins, and its values are those that its bytes have room for. */
export function isProfileRecord({ start, end, values }: ProfileRecord, counts: boolean): boolean {
  const isValue = (value: number | undefined): boolean =>
    value === undefined ||
    (counts ? Number.isInteger(value) && Math.abs(value) <= MOST_COUNTS : Number.isFinite(value));
  return start.utc <= end.utc && values.every(isValue);
}

/** Undefined for bytes of another shape, of a profile that was set up otherwise, and of another record. */
export function decodeRecord(
  bytes: Uint8Array,
  { sequence, channels, counts }: { readonly sequence: number; readonly channels: number; readonly counts: boolean },
): ProfileRecord | undefined {
  const end = HEAD + channels * (counts ? 2 : 4);
  const hasSilent = bytes.length === end + SILENT;
  if ((bytes.length !== end && !hasSilent) || bytes[0] !== LAYOUT) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const type = profileEvents[view.getUint8(1)];
  if (type === undefined || view.getUint32(4) !== sequence) return undefined;
  const flags = view.getUint8(3);
  const stamp = (k: number): Stamp => ({
    utc: view.getFloat64(8 + 8 * k),
    offsetMinutes: view.getInt16(32 + 2 * k),
    daylightSaving: (flags & saving(k)) !== 0,
    synchronised: (flags & synchronised(k)) !== 0,
  });
  const values = Array.from({ length: channels }, (_, k) => {
    const value = counts ? view.getInt16(HEAD + 2 * k) : view.getFloat32(HEAD + 4 * k);
    return (counts ? value === NO_COUNTS : Number.isNaN(value)) ? undefined : value;
  });
  const silent = hasSilent ? { silent: view.getUint16(end) } : {};
  return {
    sequence,
    type,
    start: stamp(0),
    end: stamp(1),
    until: stamp(2),
    status: view.getUint8(2),
    values,
    ...silent,
  };
}
