/** Extended register: a value with a status and the instant at which it was captured (Blue Book 4.3.3, class_id 4, version 0). */
import { nullData, type Data } from "#protocol/dlms/data/data.ts";
import type { LogicalName } from "#protocol/dlms/data/logical-name.ts";
import { readAttribute } from "./data.ts";
import type { Stamp } from "#quantity/stamp.ts";
import { stampData } from "./octet-data.ts";
import { scalerUnit, type Scaled } from "./register.ts";
import type { Asker, CosemObject, Denied, Method } from "./object.ts";

export interface ExtendedRegisterFacts extends Pick<Scaled, "scaler" | "unit"> {
  readonly logicalName: LogicalName;
  readonly value: (asker: Asker) => Data | Denied;
  readonly captureTime: (asker: Asker) => Stamp | undefined;
  readonly reset?: Method["invoke"] | undefined;
}

export function extendedRegister(facts: ExtendedRegisterFacts): CosemObject {
  const { logicalName, value, captureTime, reset } = facts;
  return {
    classId: 4,
    version: 0,
    logicalName,
    attributes: [
      readAttribute(2, "value", value),
      readAttribute(3, "scaler_unit", () => scalerUnit(facts)),
      readAttribute(4, "status", () => nullData),
      readAttribute(5, "capture_time", (asker) => stampData(captureTime(asker))),
    ],
    methods: reset === undefined ? [] : [{ id: 1, name: "reset", invoke: reset }],
  };
}
