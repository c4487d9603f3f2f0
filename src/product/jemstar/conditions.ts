/** What a binary point that follows the meter's own state asks (Appendix H, binary inputs of status). */
import type { StatusPoint } from "#quantity/meter-surface.ts";
import { systemBit, type SystemBit } from "#revenue/events/status-word.ts";
import type { Failure } from "#revenue/people/hardware.ts";
import type { JemStar } from "./jemstar.ts";

function bit({ meter }: JemStar, name: SystemBit): boolean {
  return ((meter.status.bits >> (systemBit[name] - 1)) & 1) === 1;
}

function failed({ hardware }: JemStar, ...any: readonly Failure[]): boolean {
  return any.some((one) => hardware.failures.includes(one));
}

const conditions: Readonly<Record<StatusPoint, (jemstar: JemStar) => boolean>> = {
  voltsA: ({ meter }) => meter.supply.isLive(0),
  voltsB: ({ meter }) => meter.supply.isLive(1),
  voltsC: ({ meter }) => meter.supply.isLive(2),
  clockSync: (jemstar) => bit(jemstar, "timeSyncLost"),
  battery: (jemstar) => bit(jemstar, "battery"),
  generalFailure: (jemstar) => bit(jemstar, "generalFailure"),
  internalComm: (jemstar) => failed(jemstar, "serviceComm", "metrologyComm", "pqComm"),
  class20Calibration: (jemstar) => failed(jemstar, "class20Calibration"),
  class2Calibration: (jemstar) => failed(jemstar, "class2Calibration"),
  configuration: (jemstar) => failed(jemstar, "configuration"),
  serviceFirmware: (jemstar) => failed(jemstar, "serviceFirmware"),
  metrologyFirmware: (jemstar) => failed(jemstar, "metrologyFirmware"),
  pqFirmware: (jemstar) => failed(jemstar, "pqFirmware"),
  testMode: ({ meter }) => meter.testMode.on,
};

export function isStatus(jemstar: JemStar, point: StatusPoint): boolean {
  return conditions[point](jemstar);
}
