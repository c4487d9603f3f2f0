/** What files say of the meter that they are of, and of how it is connected: the data source and the monitor settings of PQDIF. */
import type { ChannelDefinition, DataSource, MonitorSettings, PqdifTime } from "#format/pqdif/pqdif.ts";
import type { connectionTypes } from "#revenue/settings/configuration.ts";

export interface MeterFacts {
  /** Without spaces; of a meter without one its name. */
  readonly serial: string;
  /** "JEMStar II". */
  readonly model: string;
  readonly modelNumber: string;
  readonly firmware: string;
  readonly hz: 50 | 60;
  readonly connection: (typeof connectionTypes)[number];
  /** Ratios of the transformers. */
  readonly pt: number;
  readonly ct: number;
  /** Primary, of the volts of power quality: to neutral, or from line to line. */
  readonly nominalVolts: number;
  readonly pqVoltage: "ln" | "ll";
}

/** The connection of the standard's list that has as many elements, and their kind. */
const connections = {
  "3 wire delta": "2-element delta",
  "open delta": "2-element delta",
  "3 wire wye": "2-element delta",
  network: "2-element 2-phase",
  "4 wire wye": "3-element wye",
  "4 wire delta": "3-element delta",
} as const satisfies Record<MeterFacts["connection"], MonitorSettings["connection"]>;

/** The list of makers has no AMETEK. */
export function dataSourceOf(
  { serial, model, modelNumber, firmware }: MeterFacts,
  effective: PqdifTime,
  channels: readonly ChannelDefinition[],
): DataSource {
  return {
    type: "measured",
    vendor: "none",
    instrumentType: "power quality meter",
    modelName: model,
    ...(modelNumber === "" ? {} : { modelNumber }),
    serial,
    ...(firmware === "" ? {} : { version: firmware }),
    name: serial,
    effective,
    channels,
  };
}

/** Values are of the primary side as they stand: the ratios say what they were measured by, and nobody has to apply them. */
export function settingsOf(
  { hz, connection, pt, ct }: MeterFacts,
  effective: PqdifTime,
  channels: readonly ChannelDefinition[],
): MonitorSettings {
  return {
    effective,
    installed: effective,
    useCalibration: false,
    useTransducer: false,
    nominalHz: hz,
    connection: connections[connection],
    channels: channels.flatMap(({ measured }, channel) => {
      if (measured !== "voltage" && measured !== "current") return [];
      const systemSideRatio = measured === "voltage" ? pt : ct;
      return [{ channel, transformer: measured, systemSideRatio, monitorSideRatio: 1 }];
    }),
  };
}

/** The nominal primary voltage of volts to neutral, or from line to line. */
export function nominalOf({ nominalVolts, pqVoltage }: MeterFacts, of: "ln" | "ll"): number {
  if (of === pqVoltage) return nominalVolts;
  return of === "ll" ? nominalVolts * Math.sqrt(3) : nominalVolts / Math.sqrt(3);
}
