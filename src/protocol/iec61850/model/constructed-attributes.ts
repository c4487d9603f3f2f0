/** Constructed attribute classes (IEC 61850-7-3, clause 6), and what types of attributes there are. */
import type { BasicType } from "./basic-type.ts";
import type { EnumerationName } from "./enumerations.ts";

/** M there is always, O there may be, C depends. */
export type Presence = "M" | "O" | "C";

export type ConstructedName =
  | "AnalogueValue"
  | "Vector"
  | "Unit"
  | "RangeConfig"
  | "ScaledValueConfig"
  | "PulseConfig"
  | "Originator"
  | "Cell"
  | "CalendarTime";

/** "of" is an enumeration that the data object says. */
export type AttributeType = BasicType | ConstructedName | EnumerationName | "of";

/** Constructed attribute classes (7-3, clause 6). */
export const constructedAttributes: Readonly<
  Record<ConstructedName, readonly (readonly [name: string, type: AttributeType, presence: Presence])[]>
> = {
  AnalogueValue: [
    ["i", "INT32", "C"],
    ["f", "FLOAT32", "C"],
  ],
  Vector: [
    ["mag", "AnalogueValue", "M"],
    ["ang", "AnalogueValue", "O"],
  ],
  Unit: [
    ["SIUnit", "SIUnitKind", "M"],
    ["multiplier", "MultiplierKind", "O"],
  ],
  RangeConfig: [
    ["hhLim", "AnalogueValue", "C"],
    ["hLim", "AnalogueValue", "C"],
    ["lLim", "AnalogueValue", "C"],
    ["llLim", "AnalogueValue", "C"],
    ["min", "AnalogueValue", "M"],
    ["max", "AnalogueValue", "M"],
    ["limDb", "INT32U", "O"],
  ],
  ScaledValueConfig: [
    ["scaleFactor", "FLOAT32", "M"],
    ["offset", "FLOAT32", "M"],
  ],
  PulseConfig: [
    ["cmdQual", "OutputSignalKind", "M"],
    ["onDur", "INT32U", "M"],
    ["offDur", "INT32U", "M"],
    ["numPls", "INT32U", "M"],
  ],
  Originator: [
    ["orCat", "OriginatorCategoryKind", "M"],
    ["orIdent", "Octet64", "M"],
  ],
  Cell: [
    ["xStart", "FLOAT32", "M"],
    ["xEnd", "FLOAT32", "O"],
    ["yStart", "FLOAT32", "O"],
    ["yEnd", "FLOAT32", "O"],
  ],
  CalendarTime: [
    ["occ", "INT16U", "M"],
    ["occType", "INT8U", "M"],
    ["occPer", "INT8U", "M"],
    ["weekDay", "INT8U", "M"],
    ["month", "INT8U", "M"],
    ["day", "INT8U", "M"],
    ["hr", "INT8U", "M"],
    ["mn", "INT8U", "M"],
  ],
};
