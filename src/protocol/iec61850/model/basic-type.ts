/**
 * Basic types (IEC 61850-7-2, 7-3; SCL's bType), and what each is over MMS (IEC 61850-8-1, 8.1): a width is that of the type description,
 * negative where it is a greatest length.
 */
export type MmsKind =
  | "boolean"
  | "integer"
  | "unsigned"
  | "float"
  | "bits"
  | "octets"
  | "visible"
  | "utf8"
  | "utc"
  | "binaryTime";

export interface BasicShape {
  readonly mms: MmsKind;
  /** Bits of numbers, floats and bit strings; octets of octet strings and texts; negative where it is at most so much. */
  readonly width: number;
}

export const basicTypes = {
  BOOLEAN: { mms: "boolean", width: 1 },
  INT8: { mms: "integer", width: 8 },
  INT16: { mms: "integer", width: 16 },
  INT24: { mms: "integer", width: 24 },
  INT32: { mms: "integer", width: 32 },
  INT64: { mms: "integer", width: 64 },
  INT128: { mms: "integer", width: 128 },
  INT8U: { mms: "unsigned", width: 8 },
  INT16U: { mms: "unsigned", width: 16 },
  INT24U: { mms: "unsigned", width: 24 },
  INT32U: { mms: "unsigned", width: 32 },
  FLOAT32: { mms: "float", width: 32 },
  FLOAT64: { mms: "float", width: 64 },
  Enum: { mms: "integer", width: 8 },
  Dbpos: { mms: "bits", width: 2 },
  Tcmd: { mms: "bits", width: 2 },
  Quality: { mms: "bits", width: -13 },
  Check: { mms: "bits", width: -2 },
  TrgOps: { mms: "bits", width: -6 },
  OptFlds: { mms: "bits", width: -10 },
  SvOptFlds: { mms: "bits", width: -5 },
  Timestamp: { mms: "utc", width: 8 },
  EntryTime: { mms: "binaryTime", width: 6 },
  EntryID: { mms: "octets", width: 8 },
  VisString32: { mms: "visible", width: -32 },
  VisString64: { mms: "visible", width: -64 },
  VisString65: { mms: "visible", width: -65 },
  VisString129: { mms: "visible", width: -129 },
  VisString255: { mms: "visible", width: -255 },
  ObjRef: { mms: "visible", width: -129 },
  Currency: { mms: "visible", width: 3 },
  Unicode255: { mms: "utf8", width: -255 },
  Octet6: { mms: "octets", width: 6 },
  Octet16: { mms: "octets", width: 16 },
  Octet64: { mms: "octets", width: -64 },
} as const satisfies Readonly<Record<string, BasicShape>>;

export type BasicType = keyof typeof basicTypes;

export function isBasicType(text: string): text is BasicType {
  return Object.hasOwn(basicTypes, text);
}
