/** Which kind of register runs for each type. */
import type { MeasuredRegister } from "#revenue/settings/configuration.ts";
import { Coincident, CoincidentFactor, Demand } from "./demand-registers.ts";
import { isOfPowerQuality } from "#revenue/settings/power-quality.ts";
import {
  AveragePowerFactor,
  Consumption,
  Extreme,
  Instantaneous,
  OfAnother,
  OfPowerQuality,
  TimeOfPeak,
} from "./energy-registers.ts";
import type { RegisterContext, RunningRegister } from "./running-register.ts";
import { Thermal } from "./thermal-registers.ts";

export function runningRegister(settings: MeasuredRegister, context: RegisterContext): RunningRegister {
  const { type, measure } = settings;
  switch (type) {
    case "instantaneous":
      if (measure.quantity === "communicated.value") return new OfAnother(measure, context);
      return isOfPowerQuality(measure) ? new OfPowerQuality(measure, context) : new Instantaneous(measure);
    case "consumption":
      return new Consumption(measure, context);
    case "minimum":
    case "maximum":
    case "average":
      return new Extreme(measure, type, context);
    case "presentDemand":
    case "pastDemand":
    case "peakDemand":
    case "predictedDemand":
      return new Demand(measure, type, context);
    case "thermalDemand":
    case "peakThermalDemand":
      return new Thermal(settings, context);
    case "coincidentDemand":
      // The table of coincident demands has power factors, too.
      return measure.quantity.startsWith("PF")
        ? new CoincidentFactor(settings, context)
        : new Coincident(settings, context);
    case "coincidentPowerFactor":
      return new CoincidentFactor(settings, context);
    case "averagePowerFactor":
      return new AveragePowerFactor(settings, context);
    case "timeOfPeak":
      return new TimeOfPeak(settings, context);
  }
}

/** What starts anew with every period that is kept of it. */
export const ofPeriods: ReadonlySet<string> = new Set([
  "minimum",
  "maximum",
  "average",
  "averagePowerFactor",
  "peakDemand",
  "peakThermalDemand",
  "coincidentDemand",
  "coincidentPowerFactor",
]);
/** Of which 0 would be a value as any other: before the first period that is kept there is none. */
export const withoutZero: ReadonlySet<string> = new Set([
  "minimum",
  "maximum",
  "average",
  "averagePowerFactor",
  "coincidentPowerFactor",
  "timeOfPeak",
]);
