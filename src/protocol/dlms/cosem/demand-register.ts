/** Demand register: the demand of the running interval and of the last one (Blue Book 4.3.4, class_id 5, version 0). */
import { doubleLongUnsigned, longUnsigned, nullData, type Data } from "#protocol/dlms/data/data.ts";
import type { LogicalName } from "#protocol/dlms/data/logical-name.ts";
import { readAttribute } from "./data.ts";
import type { Stamp } from "#quantity/stamp.ts";
import { stampData } from "./octet-data.ts";
import { scalerUnit, type Scaled } from "./register.ts";
import type { Asker, CosemObject, Denied } from "./object.ts";

export interface DemandRegisterFacts extends Pick<Scaled, "scaler" | "unit"> {
  readonly logicalName: LogicalName;
  /** null-data of what the meter does not keep. */
  readonly current: (asker: Asker) => Data | Denied;
  readonly last: (asker: Asker) => Data | Denied;
  /** When the last average was calculated, and since when the current one is measured; undefined of what is not known. */
  readonly captureTime: () => Stamp | undefined;
  readonly startTime: () => Stamp | undefined;
  /** Seconds between two updates of the last average; of how many such it is. */
  readonly periodSeconds: number;
  readonly periods: number;
}

export function demandRegister(facts: DemandRegisterFacts): CosemObject {
  const { logicalName, current, last, captureTime, startTime, periodSeconds, periods } = facts;
  return {
    classId: 5,
    version: 0,
    logicalName,
    attributes: [
      readAttribute(2, "current_average_value", current),
      readAttribute(3, "last_average_value", last),
      readAttribute(4, "scaler_unit", () => scalerUnit(facts)),
      readAttribute(5, "status", () => nullData),
      readAttribute(6, "capture_time", () => stampData(captureTime())),
      readAttribute(7, "start_time_current", () => stampData(startTime())),
      readAttribute(8, "period", () => doubleLongUnsigned(periodSeconds)),
      readAttribute(9, "number_of_periods", () => longUnsigned(periods)),
    ],
    methods: [],
  };
}
