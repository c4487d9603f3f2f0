/** What a JEMStar II is doing, as its surface says it. */
import type { MeterStatus } from "#quantity/meter-surface.ts";
import type { JemStar } from "./jemstar.ts";

export function statusOf({ meter, hardware }: Pick<JemStar, "meter" | "hardware">): MeterStatus {
  const { periphery, status, supply } = meter;
  return {
    powered: meter.powered,
    poweredMs: meter.poweredMs,
    supply: supply.source ?? "none",
    timeSource: meter.timeSource,
    testMode: meter.testMode.on,
    rate: meter.rate,
    systemBits: status.bits,
    triggerBits: periphery.triggers.bits,
    conditions: status.conditions,
    failures: hardware.failures,
    alarms: meter.alarms,
    battery: {
      state: hardware.battery,
      warning: hardware.batteryWarning,
      replace: hardware.batteryWear(meter.age),
    },
    testPulses: { led: periphery.testPulses.led.count, optical: periphery.testPulses.optical.count },
  };
}
