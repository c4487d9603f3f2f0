/**
 * The name of what a register of a revenue meter shows: its measure, then, joined by points and left out where it goes without
 * saying, what it shows of it, the rate of its tariff and what has become of it, in the words of the configuration file:
 * "Wh.import", "W.import.peakDemand.rateA.billingReset". What is no measurement has the name of its kind: "lastFreeze"; of another's
 * meter that one's own: "MMTR1.SupWh".
 */
import { accumulates, type Measure } from "./measure.ts";
import { measureName } from "./measure-name.ts";
import type { ItemType, RegisterType, Storage } from "./register.ts";

export interface NamedRegister {
  readonly measure?: Measure | undefined;
  /** What is no measurement has one where its meter calls it something itself. */
  readonly name?: string | undefined;
  readonly kind: RegisterType | ItemType;
  /** "total", or the rate of a tariff. */
  readonly tariff: string;
  readonly storage: Storage;
}

export function registerName({ measure, name, kind, tariff, storage }: NamedRegister): string {
  if (measure === undefined) return name ?? kind;
  const plain = accumulates(measure.quantity) ? "consumption" : "instantaneous";
  return [
    measureName(measure),
    ...(kind === plain ? [] : [kind]),
    ...(tariff === "total" ? [] : [`rate${tariff}`]),
    ...(storage === "working" ? [] : [storage]),
  ].join(".");
}

/** Registers of which the value is an instant. */
const instants: ReadonlySet<string> = new Set<RegisterType | ItemType>([
  "timeOfPeak",
  "presentTime",
  "lastBillingReset",
  "lastFreeze",
  "lastSeasonChange",
]);

export function isInstant(kind: RegisterType | ItemType): boolean {
  return instants.has(kind);
}

/** Whether what has a name is an instant. */
export function isNamedInstant(name: string): boolean {
  return name.split(".").some((word) => instants.has(word));
}
