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

/** From here on an interruption of the supply is long (EN 50160, 3.18). */
export const LONG_OUTAGE_SECONDS = 180;

export type EventPhase = "a" | "b" | "c";

/** How often something has befallen a meter since it was made, whatever its logs have kept of it. */
export interface EventCounts {
  /** It was without power; of these, for long. */
  readonly outages: number;
  readonly longOutages: number;
  /** Undefined before the first. */
  readonly lastLongOutageSeconds: number | undefined;
  /** Sags and swells that have ended, by the phase that began each. */
  readonly sags: (phase: EventPhase) => number;
  readonly swells: (phase: EventPhase) => number;
}

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
