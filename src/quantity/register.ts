/** Registers of a meter, as everybody outside it sees them. */
import type { Measure, Side } from "./measure.ts";
import type { Stamp } from "./stamp.ts";

export const lists = ["normal", "alternate", "test"] as const;
export type List = (typeof lists)[number];

export const storages = [
  "working",
  "billingReset",
  "seasonChange",
  "cumulative",
  "continuousCumulative",
  "previousHour",
  "previousDay",
] as const;
export type Storage = (typeof storages)[number];

/** What a register shows of its measure. */
export const registerTypes = [
  "instantaneous",
  "consumption",
  "minimum",
  "maximum",
  "average",
  "presentDemand",
  "pastDemand",
  "peakDemand",
  "predictedDemand",
  "thermalDemand",
  "peakThermalDemand",
  "coincidentDemand",
  "coincidentPowerFactor",
  "averagePowerFactor",
  "timeOfPeak",
] as const;
export type RegisterType = (typeof registerTypes)[number];

/** What is no measurement. */
export const itemTypes = [
  "presentTime",
  "meterStatus",
  "alarmDisplay",
  "communicationStatus",
  "phasorDisplay",
  "firmwareVersions",
  "segmentCheck",
  "lastBillingReset",
  "lastFreeze",
  "lastSeasonChange",
  "daysOnBattery",
  "systemBits",
  "triggerBits",
  "rate",
  "idString",
  "inputState",
  "blank",
] as const;
export type ItemType = (typeof itemTypes)[number];

export type Validity = "good" | "questionable" | "invalid";

/** A value at an instant. */
export interface Reading {
  /** In the unit of what was asked; undefined where there is none. */
  readonly value: number | undefined;
  readonly valid: Validity;
  readonly at: Stamp;
}

export interface RegisterReading extends Reading {
  readonly id: number;
  readonly label: string;
  /** Of a meter that is read, what its protocol calls what is no measurement: "counter 3", "1.0.0.4.2.255". */
  readonly name?: string | undefined;
  /** In its own `unit`, whatever that of its measure is: 1.5 of kWh; `scale` leads to SI. Undefined where there is none. */
  readonly value: number | undefined;
  /** As the display shows it, in the register's own digits and units. */
  readonly text: string;
  /** Whole counts as the display shows them, in 10^-decimals of its unit; undefined of what is no number. */
  readonly counts?: bigint | undefined;
  readonly measure?: Measure | undefined;
  /** Of the transformers that what it shows is on; undefined of what is on neither. */
  readonly side?: Side | undefined;
  readonly kind: RegisterType | ItemType;
  /** "total", or the rate of a tariff. */
  readonly tariff: string;
  readonly storage: Storage;
  readonly digits: number;
  readonly decimals: number;
  /** "kWh"; empty of what has none. */
  readonly unit: string;
  /** What it has to be multiplied by to be in SI units: 1000 of kWh. */
  readonly scale: number;
  /** The instant that it shows, of a register of a time. */
  readonly time?: Stamp | undefined;
  /** When the peak was that it shows, where it is that of the running period. */
  readonly peakAt?: Stamp | undefined;
}

/** Working registers that can be given a value; of the others, what is stored can. */
const presettable: ReadonlySet<string> = new Set([
  "consumption",
  "peakDemand",
  "peakThermalDemand",
  "coincidentDemand",
]);

/** Whether a register can be given a value. */
export function isPresettable({
  kind,
  storage,
  measure,
}: Pick<RegisterReading, "kind" | "storage" | "measure">): boolean {
  if (measure === undefined || kind === "timeOfPeak") return false;
  return storage !== "working" || presettable.has(kind);
}

/** What a register shows, as short as can be. */
export interface ShownRegister {
  readonly id: number;
  readonly label: string;
  /** Left out where there is none. */
  readonly value?: number | undefined;
  /** Value in the register's own digits and units. */
  readonly text: string;
}
