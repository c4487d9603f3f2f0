/** What users may be allowed to do, and what the first of the two keys inside the meter bars whoever asks. */

/** What the first key bars: all that could change measurements that are billed (section Security Keys). */
const sealed = [
  "configurePrimary",
  "configureRegisters",
  "configureLoadProfile",
  "configureLosses",
  "configureTou",
  "configureIo",
  "configureTriggers",
  "configureDemand",
  "configureCorrection",
  "firmware",
  "testMode",
  "coldStart",
] as const;

const open = [
  "configureIdentification",
  "configureCommunications",
  "configureProtocols",
  "configureDisplay",
  "configurePowerQuality",
  "configureMeasurementLog",
  "configureUsers",
  "setTime",
  "freeze",
  "billingReset",
  "preset",
  "batteryStatus",
  "readRegisters",
  "readLoadProfile",
  "readEvents",
  "readDiagnostics",
  "readAlarms",
  "readSecurity",
  "readPowerQuality",
  "readMeasurementLog",
  "configurationFile",
] as const;

export const privileges = [...sealed, ...open] as const;
export type Privilege = (typeof privileges)[number];

/** Whether the metering key bars what takes a privilege. */
export function isSealed(privilege: Privilege): boolean {
  return (sealed as readonly Privilege[]).includes(privilege);
}

export interface User {
  readonly name: string;
  readonly privileges: readonly Privilege[];
}

/** How many wrong passwords lock a user out, for how long, and how long a session lasts in which nothing is done. */
export interface SecurityLimits {
  readonly attempts: number;
  readonly lockoutMinutes: number;
  readonly sessionMinutes: number;
}
