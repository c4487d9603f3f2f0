/** Logs of a meter. */
import type { Stamp } from "./stamp.ts";

export const logKinds = [
  "event",
  "diagnostic",
  "security",
  "configuration",
  "powerOutage",
  "timeChange",
  "freeze",
  "billingReset",
  "testMode",
  "calibration",
  "alarm",
  "sagSwell",
  "interruption",
  "rapidVoltageChange",
] as const;
export type LogKind = (typeof logKinds)[number];

/** Who, from where: the port and protocol that a change came by; the meter itself has neither. */
export interface Origin {
  /** A user by name, or what did it: "automatic", "front panel", "hardware", "Modbus". */
  readonly by: string;
  /** "ethernet 1", "serial 3", "optical", "panel". */
  readonly port?: string | undefined;
  readonly protocol?: string | undefined;
  /** Where the peer is: an address. */
  readonly peer?: string | undefined;
}

export interface LogEntry extends Origin {
  readonly sequence: number;
  readonly at: Stamp;
  readonly what: string;
  readonly details: Readonly<Record<string, string | number>>;
}
