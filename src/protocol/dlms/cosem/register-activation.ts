/** Register activation: which registers count while which tariff is active (Blue Book 4.3.5, class_id 6, version 0). */
import { array, longUnsigned, structure, unsigned, type Data } from "#protocol/dlms/data/data.ts";
import type { LogicalName } from "#protocol/dlms/data/logical-name.ts";
import { readAttribute } from "./data.ts";
import { nameData, textOctets } from "./octet-data.ts";
import type { CosemObject } from "./object.ts";

export interface RegisterActivationFacts {
  readonly logicalName: LogicalName;
  /** Registers that do not always count. */
  readonly registers: readonly Pick<CosemObject, "classId" | "logicalName">[];
  /** By name, the places of the registers, from 1, that count while it is active. */
  readonly masks: ReadonlyMap<string, readonly number[]>;
  /** Empty while none is. */
  readonly active: () => string;
}

export function registerActivation(facts: RegisterActivationFacts): CosemObject {
  const { logicalName, registers, masks, active } = facts;
  const assignment = registers.map(({ classId, logicalName: of }) => structure(longUnsigned(classId), nameData(of)));
  const maskData = ([name, places]: readonly [string, readonly number[]]): Data =>
    structure(textOctets(name), array(places.map((place) => unsigned(place))));
  return {
    classId: 6,
    version: 0,
    logicalName,
    attributes: [
      readAttribute(2, "register_assignment", () => array(assignment)),
      readAttribute(3, "mask_list", () => array([...masks].map(maskData))),
      readAttribute(4, "active_mask", () => textOctets(active())),
    ],
    methods: [],
  };
}
