/** A register, a clock and a profile of four channels, one row a minute from 2026-01-01 on: what JdlmsPeer.java has. */
import { profileGeneric } from "#protocol/dlms/cosem/profile-generic.ts";
import type { CosemObject } from "#protocol/dlms/cosem/object.ts";
import { doubleLongUnsigned, enumerated, float32, integer, octets, structure } from "#protocol/dlms/data/data.ts";
import { dateTimeBytes, dateTimeOfStamp } from "#protocol/dlms/data/date-time.ts";

const BEGIN = Date.UTC(2026, 0, 1);
const MINUTE = 60_000;
const CHANNELS = 4;

export const registerObject: CosemObject = {
  classId: 3,
  version: 0,
  logicalName: "1.0.1.7.0.255",
  attributes: [
    { id: 2, name: "value", get: () => doubleLongUnsigned(1_234_567) },
    { id: 3, name: "scaler_unit", get: () => structure(integer(-3), enumerated(27)) },
  ],
  methods: [],
};

function timeOf(utc: number): Uint8Array {
  return dateTimeBytes(dateTimeOfStamp({ utc, offsetMinutes: 0, daylightSaving: false, synchronised: true }));
}

export const clockObject: CosemObject = {
  classId: 8,
  version: 0,
  logicalName: "0.0.1.0.0.255",
  attributes: [{ id: 2, name: "time", get: () => octets(timeOf(BEGIN)) }],
  methods: [],
};

/** Each row is made when it is sent, as a meter makes it of what it keeps. */
export function floats(count: number): CosemObject {
  const members = Array.from({ length: count }, (_, sequence) => ({ sequence, utc: BEGIN + sequence * MINUTE }));
  const series = {
    first: 0,
    next: count,
    page: (from: number, most: number) => members.slice(from, from + most),
    seek: (utc: number) => Math.min(count, Math.max(0, Math.ceil((utc - BEGIN) / MINUTE))),
  };
  const captured = (classId: number, logicalName: string) => ({ classId, logicalName, attribute: 2, dataIndex: 0 });
  return profileGeneric("1.0.99.1.0.255", {
    columns: [
      captured(8, "0.0.1.0.0.255"),
      captured(1, "0.0.96.10.1.255"),
      ...Array.from({ length: CHANNELS }, (_, c) => captured(3, `1.0.${c + 1}.29.0.255`)),
    ],
    series: () => series,
    row: ({ sequence, utc }) => [
      octets(timeOf(utc)),
      doubleLongUnsigned(1),
      ...Array.from({ length: CHANNELS }, (_, c) => float32(sequence + c / 4)),
    ],
    capturePeriod: 60,
    capacity: () => count,
    offsetOf: () => 0,
  });
}
