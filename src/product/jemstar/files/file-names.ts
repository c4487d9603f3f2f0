/**
 * Names of files (PQDIF File Naming Convention): serial number, seconds since 1970, microseconds, and what is in it. The manual says that
 * the seconds are of when the file was made and the microseconds of the first event; its example, and the times of its daily files, are of
 * the event and of the day. So both are of the first instant that the file is about: of the trigger, of the beginning of a day or of a period.
 */
import type { CaptureKind } from "#quantity/captured.ts";

/** What can be in a file: numbers that add up (table of data types). */
export const dataTypes = {
  sagSwell: 1,
  waveform: 2,
  rms: 4,
  measurementLog: 8,
  rapidVoltageChange: 16,
  interruption: 32,
} as const;
export type DataType = keyof typeof dataTypes;

/** A file of the observations of a day. */
export const DAILY = 128;

/** An instant in whole microseconds since 1970: what tells files of a meter from each other. */
export type FileInstant = number;

export function instantOfUtc(utc: number): FileInstant {
  return Math.floor(utc * 1000);
}

function stampText(instant: FileInstant): string {
  const seconds = Math.floor(instant / 1e6);
  return `${seconds}_${instant - seconds * 1e6}`;
}

const two = (value: number): string => String(value).padStart(2, "0");

/** Of a serial number as it is printed on the meter; what no name of a file has is left out. */
export function serialInNames(serial: string): string {
  return serial.replaceAll(/[^A-Za-z0-9.-]/g, "");
}

/** The number of what is in a file. */
export function typeNumber(contents: Iterable<DataType>): number {
  let sum = 0;
  for (const one of new Set(contents)) sum += dataTypes[one];
  return sum;
}

/** "142300003_1454408745_133724_07.pqd"; the number of a group of the measurement log precedes its 08. */
export function pqdifName(serial: string, instant: FileInstant, type: number, log?: number): string {
  const group = log === undefined ? "" : `${two(log)}_`;
  return `${serial}_${stampText(instant)}_${group}${two(type)}.pqd`;
}

const ofKind = { rms: "hsrms", low: "wfc", medium: "wfc", high: "wfc" } as const satisfies Record<CaptureKind, string>;

/** Folders of what was recorded, and of what waits to be sent. */
export const folders = ["hsrms", "pqcomms", "wfc"] as const;

/** A recording alone: "wfc/142300003_1454408745_133724_medium.cff", "hsrms/142300003_1454408745_133724_rms.cff". */
export function recordingName(serial: string, instant: FileInstant, kind: CaptureKind): string {
  return `${ofKind[kind]}/${serial}_${stampText(instant)}_${kind}.cff`;
}
