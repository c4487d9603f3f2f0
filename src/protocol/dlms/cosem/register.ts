/** Interface class 3, Register (Blue Book 4.3.2): a value with a power of ten and a unit. */
import { enumerated, integer, structure, type Data } from "#protocol/dlms/data/data.ts";
import type { LogicalName } from "#protocol/dlms/data/logical-name.ts";
import { readAttribute, type Valued } from "./data.ts";
import type { CosemObject } from "./object.ts";

export interface Scaled extends Valued {
  /** Power of ten by which the value counts. */
  readonly scaler: number;
  /** Number of the unit (data/unit.ts); 255 of what has none. */
  readonly unit: number;
}

/** The attribute scaler_unit. */
export function scalerUnit({ scaler, unit }: Pick<Scaled, "scaler" | "unit">): Data {
  return structure(integer(scaler), enumerated(unit));
}

export function registerObject(logicalName: LogicalName, { value, access, set, scaler, unit }: Scaled): CosemObject {
  const attributes = [
    readAttribute(2, "value", value, { access, set }),
    readAttribute(3, "scaler_unit", () => scalerUnit({ scaler, unit }), { access }),
  ];
  return { classId: 3, version: 0, logicalName, attributes, methods: [] };
}
