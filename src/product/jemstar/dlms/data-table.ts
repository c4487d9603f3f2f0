/**
 * Data objects of Appendix D, "Data Objects Available for DLMS": description, OBIS code, access and type as they are printed, and what
 * each shows.
 */
import type { LogicalName } from "#protocol/dlms/data/logical-name.ts";

export type DataType = "Visible string" | "Octet string" | "Double long unsigned" | "Array";

/** Boards whose firmware has a version; of some of them a signature. */
export type FirmwareBoard = "register" | "metrology" | "service" | "pq" | "fpga" | "digitalIo" | "analogOut" | "cpld";

export type DataSource =
  | { readonly version: FirmwareBoard }
  | { readonly signature: FirmwareBoard }
  | "serial"
  /** An identification string, from 1. */
  | { readonly string: number }
  | { readonly transformer: "ct" | "pt"; readonly side: "primary" | "secondary" }
  /** Of a load profile group, from 0. */
  | { readonly interval: number }
  | { readonly km: number }
  | "energy pulses"
  | "test pulses";

export type DataRow = readonly [
  description: string,
  code: LogicalName,
  access: "RO",
  type: DataType,
  shows: DataSource,
];

// prettier-ignore
export const dataRows: readonly DataRow[] = [
  ["Register firmware version", "0.0.0.2.1.255", "RO", "Visible string", { version: "register" }],
  ["Register firmware signature", "0.0.0.2.8.255", "RO", "Octet string", { signature: "register" }],
  ["Metrology firmware version", "0.1.0.2.1.255", "RO", "Visible string", { version: "metrology" }],
  ["Metrology firmware signature", "0.1.0.2.8.255", "RO", "Octet string", { signature: "metrology" }],
  ["Service firmware version", "0.2.0.2.1.255", "RO", "Visible string", { version: "service" }],
  ["Service firmware signature", "0.2.0.2.8.255", "RO", "Octet string", { signature: "service" }],
  ["PQ firmware version", "0.3.0.2.1.255", "RO", "Visible string", { version: "pq" }],
  ["PQ firmware signature", "0.3.0.2.8.255", "RO", "Octet string", { signature: "pq" }],
  ["FPGA firmware version", "0.4.0.2.1.255", "RO", "Visible string", { version: "fpga" }],
  ["FPGA firmware signature", "0.4.0.2.8.255", "RO", "Octet string", { signature: "fpga" }],
  ["Digital I/O firmware version", "0.5.0.2.1.255", "RO", "Visible string", { version: "digitalIo" }],
  ["Analog Out/Modem firmware version", "0.6.0.2.1.255", "RO", "Visible string", { version: "analogOut" }],
  ["CPLD firmware version", "0.7.0.2.1.255", "RO", "Visible string", { version: "cpld" }],
  ["AMETEK Meter Serial Number", "0.0.96.11.0.255", "RO", "Visible string", "serial"],
  ["Meter ID #", "0.0.96.11.1.255", "RO", "Visible string", { string: 1 }],
  ["Meter Administrator", "0.0.96.11.2.255", "RO", "Visible string", { string: 2 }],
  ["Meter Location", "0.0.96.11.3.255", "RO", "Visible string", { string: 3 }],
  ["Meter Configuration ID", "0.0.96.11.4.255", "RO", "Visible string", { string: 4 }],
  ["Meter Account Number", "0.0.96.11.5.255", "RO", "Visible string", { string: 5 }],
  ["Ch.0 Transformer ratio - Current Primary", "1.0.0.4.2.255", "RO", "Double long unsigned", { transformer: "ct", side: "primary" }],
  ["Ch.0 Transformer ratio - Voltage Primary", "1.0.0.4.3.255", "RO", "Double long unsigned", { transformer: "pt", side: "primary" }],
  ["Ch.0 Transformer ratio - Current Secondary", "1.0.0.4.5.255", "RO", "Double long unsigned", { transformer: "ct", side: "secondary" }],
  ["Ch.0 Transformer ratio - Voltage Secondary", "1.0.0.4.6.255", "RO", "Double long unsigned", { transformer: "pt", side: "secondary" }],
  ["Load Profile Group 1 Recording Interval", "1.0.0.8.4.255", "RO", "Double long unsigned", { interval: 0 }],
  ["Load Profile Group 2 Recording Interval", "1.0.0.8.5.255", "RO", "Double long unsigned", { interval: 1 }],
  ["Load Profile Group 1 Scaling Factor (Km)", "1.128.103.0.0.255", "RO", "Array", { km: 0 }],
  ["Load Profile Group 2 Scaling Factor (Km)", "1.128.104.0.0.255", "RO", "Array", { km: 1 }],
  ["Energy pulse settings", "1.128.100.0.0.255", "RO", "Array", "energy pulses"],
  ["LED and Optical pulse settings", "1.128.101.0.0.255", "RO", "Array", "test pulses"],
];

/** Load Profile Recording Interval Values. */
export const intervalValues: ReadonlyMap<number | string, number> = new Map<number | string, number>([
  [1, 0],
  [2, 1],
  [3, 2],
  [4, 3],
  [5, 4],
  [6, 5],
  [10, 6],
  [12, 7],
  [15, 8],
  [20, 9],
  [30, 10],
  [60, 11],
  ["day", 12],
  ["week", 13],
  ["month", 14],
]);
