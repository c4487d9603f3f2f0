/** The model of a JEMStar II as an IED, by its configuration and what was ordered. */
import type { ModelFacts } from "#product/jemstar/iec61850/model-facts.ts";
import { bareIed } from "#product/jemstar/iec61850/model.ts";
import type { Ied } from "#protocol/iec61850/model/ied.ts";
import { measureName } from "#quantity/measure-name.ts";
import { connections } from "#revenue/settings/connections.ts";
import type { Ordered } from "#revenue/settings/model-number.ts";
import { hasHarmonics } from "#revenue/settings/power-quality.ts";
import type { RevenueFile } from "./configuration-schema.ts";
import { measuresShown } from "./measures-shown.ts";
import { orderedKinds } from "./recordings.ts";

/** Who a meter is, as far as a model has to know. */
export type IedIdentity = Pick<
  ModelFacts["identity"],
  "manufacturer" | "title" | "modelNumber" | "serial" | "firmware"
>;

/** Orders of harmonics, from 0 on. */
const ORDERS = 51;
const letters = ["A", "B", "C"] as const;
const pairs = ["AB", "BC", "CA"] as const;
/** Identification strings: the third is the meter's location (Appendix D). */
const LOCATION = 2;

export function modelFactsOf(file: RevenueFile, ordered: Ordered, identity: IedIdentity): ModelFacts {
  const { primary, io, triggers, identification, iec61850 } = file;
  const { connection, pt, ct, nominalVoltage, pqVoltage, rotation } = primary;
  const { voltages, elements, neutral } = connections[connection];
  // Volts to neutral, or from line to line, as power quality is measured.
  const volts =
    pqVoltage === "ln" ? voltages.map((k) => letters[k]) : voltages.length === 3 ? pairs : pairs.slice(0, 1);
  const recorded = [...volts.map((one) => `Volts ${one}`), ...elements.map((k) => `Amps ${letters[k]}`)];
  const isOfVolts = ({ records }: { readonly records?: string | undefined }): boolean =>
    records === "sagSwell" || records === "interruption";
  return {
    settings: iec61850,
    measures: new Set(measuresShown(primary, ordered).map(measureName)),
    neutral,
    rotation,
    energies: true,
    volts: nominalVoltage * pt,
    amps: ordered.amps * ct,
    hz: ordered.hz,
    io,
    voltageEvents: triggers.some(isOfVolts),
    recorded: orderedKinds(ordered).length === 0 ? [] : recorded,
    harmonics: hasHarmonics(ordered) ? { orders: ORDERS, volts: pqVoltage } : undefined,
    identity: printable({ ...identity, location: identification.strings[LOCATION] ?? "" }),
  };
}

/** Visible strings of MMS are ASCII. */
function printable(identity: ModelFacts["identity"]): ModelFacts["identity"] {
  return {
    manufacturer: visible(identity.manufacturer),
    // Its maker stands beside it.
    title: visible(identity.title.replace(`${identity.manufacturer} `, "")),
    modelNumber: visible(identity.modelNumber),
    serial: visible(identity.serial),
    firmware: visible(identity.firmware),
    location: visible(identity.location),
  };
}

function visible(text: string): string {
  return text.replaceAll(/[^ -~]/g, "?").slice(0, 255);
}

/** The model without data sets and control blocks: what members are looked up in. */
export function bareIedOf(file: RevenueFile, ordered: Ordered): Ied {
  return bareIed(modelFactsOf(file, ordered, nobody));
}

const nobody: IedIdentity = { manufacturer: "", title: "", modelNumber: "", serial: "", firmware: "" };
