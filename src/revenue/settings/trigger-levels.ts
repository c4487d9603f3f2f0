/** Levels of triggers on volts, in percent of the nominal voltage (section Voltage Sag/Swell Triggers): "90 %" of 120 V is 108 V. */
import { wiringOf } from "#quantity/wiring.ts";
import type { ConfiguredTrigger, RevenueConfiguration, TriggerLevel, TriggerSettings } from "./configuration.ts";
import { connections } from "./connections.ts";

type Nominal = Pick<RevenueConfiguration["primary"], "nominalVoltage" | "pqVoltage" | "connection">;

/** Whether a level may be a percent: of what is in volts. */
export function hasPercents({ measure }: ConfiguredTrigger): boolean {
  return measure !== undefined && ["V", "V.ll"].includes(measure.quantity);
}

/**
 * The nominal voltage of V or of V.ll, secondary: what the configuration says is that of the volts that power quality is measured of;
 * without a neutral both are from line to line.
 */
export function nominalOf(quantity: string, { nominalVoltage, pqVoltage, connection }: Nominal): number {
  const { neutral, wiring } = connections[connection];
  const said = neutral ? pqVoltage : "ll";
  const wanted = neutral && quantity === "V" ? "ln" : "ll";
  if (said === wanted) return nominalVoltage;
  const { lnOverSystem } = wiringOf(wiring);
  return wanted === "ln" ? nominalVoltage * lnOverSystem : nominalVoltage / lnOverSystem;
}

/** Thousandths of a volt: 92 % of 230 V are 211.6 V, and no more. */
function voltsOf(level: TriggerLevel | undefined, nominal: number): number | undefined {
  if (typeof level !== "string") return level;
  return Math.round(10 * Number.parseFloat(level) * nominal) / 1000;
}

/** The trigger with its levels in the unit of what it looks at. */
export function withLevels(trigger: ConfiguredTrigger, primary: Nominal): TriggerSettings {
  const nominal = nominalOf(trigger.measure?.quantity ?? "V", primary);
  return { ...trigger, alarm: voltsOf(trigger.alarm, nominal), reset: voltsOf(trigger.reset, nominal) };
}
