/** The files of a JEMStar II, as its configuration and its meter of the moment have them. */
import type { MeterStore } from "#store/store.ts";
import type { RevenueMeter } from "#revenue/revenue-meter.ts";
import type { Ordered } from "#revenue/settings/model-number.ts";
import type { RevenueFile } from "./configuration-schema.ts";
import { serialInNames } from "./files/file-names.ts";
import { MeterFiles } from "./files/meter-files.ts";
import type { MeterFacts } from "./files/meter-facts.ts";

/** The options with one of which a meter writes PQDIF: a meter without any has its logs. */
const writing = ["PQ1", "PQ2", "PQ3", "ML"] as const;

/** Whether what a meter records goes into files. */
export function writesFiles({ options }: Ordered): boolean {
  return writing.some((one) => options.has(one));
}

/** What files are of: the meter goes on as another one when it is configured. */
export interface FilesOf {
  readonly name: string;
  readonly serial: string;
  readonly modelNumber: string;
  readonly ordered: Ordered;
  readonly model: { readonly title: string };
  readonly hardware: { readonly firmware: { readonly register?: string | undefined } };
  readonly file: RevenueFile;
  readonly meter: RevenueMeter;
}

/** Made before its meter is: whatever is asked of that is asked later. */
export function filesOf(jemstar: FilesOf, store: MeterStore): MeterFiles {
  return new MeterFiles({
    store,
    station: jemstar.name.replaceAll(/[,\r\n]/g, " "),
    now: () => jemstar.meter.clock.stamp(),
    zone: () => jemstar.meter.clock.zone,
    settings: () => jemstar.file.pqdif,
    facts: () => factsOf(jemstar),
    groups: () => jemstar.meter.measurementLog.groups,
    log: (kind, what, details) => void jemstar.meter.log.add(kind, what, { by: "automatic" }, details),
  });
}

function factsOf({ name, serial, model, modelNumber, hardware, ordered, file }: FilesOf): MeterFacts {
  const { connection, pt, ct, nominalVoltage, pqVoltage } = file.primary;
  return {
    serial: serialInNames(serial === "" ? name : serial),
    model: model.title,
    modelNumber,
    firmware: hardware.firmware.register ?? "",
    hz: ordered.hz,
    connection,
    pt,
    ct,
    nominalVolts: nominalVoltage * pt,
    pqVoltage,
  };
}
