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
