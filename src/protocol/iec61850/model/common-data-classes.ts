/**
 * Common data classes (IEC 61850-7-3; namespace 2007B5), as tables: attributes in the order of the standard. What the standard makes depend
 * on something else is "C" here; who makes a model says by name what of the optional and the conditional there is.
 */
import type { AttributeType, Presence } from "./constructed-attributes.ts";
import type { FunctionalConstraint } from "./functional-constraint.ts";
import type { Edition } from "./ied.ts";

/** d, q, u: data change, quality change, data update. */
export type TriggerLetters = "" | "d" | "q" | "u" | "du";

export type AttributeRow = readonly [
  name: string,
  fc: FunctionalConstraint,
  type: AttributeType,
  triggers: TriggerLetters,
  presence: Presence,
  /** The first edition that has it; the first unless said. */
  since?: Exclude<Edition, "1">,
];

// prettier-ignore
const described: readonly AttributeRow[] = [
  ["d",       "DC", "VisString255", "", "O"],
  ["dU",      "DC", "Unicode255",   "", "O"],
  ["cdcName", "EX", "VisString255", "", "O"],
  ["dataNs",  "EX", "VisString255", "", "C"],
];

function substituted(name: "subVal" | "subMag" | "subCVal", type: AttributeType): readonly AttributeRow[] {
  return [
    ["subEna", "SV", "BOOLEAN", "", "C"],
    [name, "SV", type, "", "C"],
    ["subQ", "SV", "Quality", "", "C"],
    ["subID", "SV", "VisString64", "", "C"],
    ["blkEna", "BL", "BOOLEAN", "", "O", "2"],
  ];
}

function status(type: AttributeType, triggers: TriggerLetters): readonly AttributeRow[] {
  return [
    ["stVal", "ST", type, triggers, "M"],
    ["q", "ST", "Quality", "q", "M"],
    ["t", "ST", "Timestamp", "", "M"],
    ...substituted("subVal", type),
  ];
}

/** What is controlled has its value in `stVal`, of set points in `mxVal`. */
// prettier-ignore
function controlled(type: AttributeType, triggers: TriggerLetters, fc: "ST" | "MX" = "ST"): readonly AttributeRow[] {
  return [
    ["origin", fc, "Originator", "",       "O"],
    ["ctlNum", fc, "INT8U",      "",       "O"],
    [fc === "ST" ? "stVal" : "mxVal", fc, type, triggers, "M"],
    ["q",      fc, "Quality",    "q",      "M"],
    ["t",      fc, "Timestamp",  "",       "M"],
    ["stSeld", fc, "BOOLEAN",    "d",      "C"],
    ["opRcvd", "OR", "BOOLEAN",  "d",      "O", "2"],
    ["opOk",   "OR", "BOOLEAN",  "d",      "O", "2"],
    ["tOpOk",  "OR", "Timestamp", "",      "O", "2"],
    ...substituted("subVal", type),
  ];
}

// prettier-ignore
const controlModel: readonly AttributeRow[] = [
  ["ctlModel",    "CF", "CtlModelKind", "d", "M"],
  ["sboTimeout",  "CF", "INT32U",       "d", "C"],
  ["sboClass",    "CF", "SboClassKind", "d", "O"],
];
const operTimeout: AttributeRow = ["operTimeout", "CF", "INT32U", "d", "C", "2"];

// prettier-ignore
const harmonics: readonly AttributeRow[] = [
  ["numHar",    "CF", "INT16U",                  "d", "M"],
  ["numCyc",    "CF", "INT16U",                  "d", "M"],
  ["evalTm",    "CF", "INT16U",                  "d", "M"],
  ["angRef",    "CF", "PhaseAngleReferenceKind", "d", "O"],
  ["smpRate",   "CF", "INT32U",                  "d", "O"],
  ["frequency", "CF", "FLOAT32",                 "d", "M"],
  ["hvRef",     "CF", "HvReferenceKind",         "d", "O"],
  ["rmsCyc",    "CF", "INT16U",                  "d", "C"],
  ["maxPts",    "CF", "INT16U",                  "d", "M", "2"],
  ...described,
];

export interface DataClass {
  readonly attributes: readonly AttributeRow[];
  /** Data objects in it, all of one class; `harmonics` are arrays of it. */
  readonly objects?: {
    readonly cdc: "CMV";
    readonly harmonics?: true;
    readonly names: readonly (readonly [name: string, presence: Presence])[];
  };
  readonly since?: "2";
}

const three = [
  ["phsA", "C"],
  ["phsB", "C"],
  ["phsC", "C"],
  ["neut", "C"],
  ["net", "C"],
  ["res", "C"],
] as const;

const angleReference: AttributeRow = ["angRef", "CF", "PhaseAngleReferenceKind", "d", "O"];

// prettier-ignore
const settings = (type: AttributeType): readonly AttributeRow[] => [
  ["setVal", "SP", type, "d", "M"],
];

// prettier-ignore
export const commonDataClasses = {
  SPS: { attributes: [...status("BOOLEAN", "d"), ...described] },
  DPS: { attributes: [...status("Dbpos", "d"), ...described] },
  INS: { attributes: [...status("INT32", "du"), ["units", "CF", "Unit", "d", "O", "2"], ...described] },
  ENS: { since: "2", attributes: [...status("of", "du"), ...described] },
  VSS: { since: "2", attributes: [...status("VisString255", "d").slice(0, 3), ...described] },
  ACT: {
    attributes: [
      ["general", "ST", "BOOLEAN", "d", "M"], ["phsA", "ST", "BOOLEAN", "d", "O"], ["phsB", "ST", "BOOLEAN", "d", "O"],
      ["phsC", "ST", "BOOLEAN", "d", "O"], ["neut", "ST", "BOOLEAN", "d", "O"], ["q", "ST", "Quality", "q", "M"],
      ["t", "ST", "Timestamp", "", "M"], ["originSrc", "ST", "Originator", "", "O", "2"], ["operTmPhsA", "ST", "Timestamp", "", "O", "2"],
      ["operTmPhsB", "ST", "Timestamp", "", "O", "2"], ["operTmPhsC", "ST", "Timestamp", "", "O", "2"], ...described,
    ],
  },
  ACD: {
    attributes: [
      ["general", "ST", "BOOLEAN", "d", "M"], ["dirGeneral", "ST", "FaultDirectionKind", "d", "M"], ["phsA", "ST", "BOOLEAN", "d", "C"],
      ["dirPhsA", "ST", "PhaseFaultDirectionKind", "d", "C"], ["phsB", "ST", "BOOLEAN", "d", "C"],
      ["dirPhsB", "ST", "PhaseFaultDirectionKind", "d", "C"], ["phsC", "ST", "BOOLEAN", "d", "C"],
      ["dirPhsC", "ST", "PhaseFaultDirectionKind", "d", "C"], ["neut", "ST", "BOOLEAN", "d", "C"],
      ["dirNeut", "ST", "PhaseFaultDirectionKind", "d", "C"], ["q", "ST", "Quality", "q", "M"], ["t", "ST", "Timestamp", "", "M"],
      ...described,
    ],
  },
  // INT128 in edition 1.
  BCR: {
    attributes: [
      ["actVal", "ST", "INT64", "d", "C"], ["frVal", "ST", "INT64", "u", "C"], ["frTm", "ST", "Timestamp", "", "C"],
      ["q", "ST", "Quality", "q", "M"], ["t", "ST", "Timestamp", "", "C"], ["units", "CF", "Unit", "d", "O"],
      ["pulsQty", "CF", "FLOAT32", "d", "M"], ["frEna", "CF", "BOOLEAN", "d", "C"], ["strTm", "CF", "Timestamp", "d", "C"],
      ["frPd", "CF", "INT32", "d", "C"], ["frRs", "CF", "BOOLEAN", "d", "C"], ...described,
    ],
  },
  MV: {
    attributes: [
      ["instMag", "MX", "AnalogueValue", "", "O"], ["mag", "MX", "AnalogueValue", "du", "M"], ["range", "MX", "RangeKind", "d", "O"],
      ["q", "MX", "Quality", "q", "M"], ["t", "MX", "Timestamp", "", "M"], ...substituted("subMag", "AnalogueValue"),
      ["units", "CF", "Unit", "d", "O"], ["db", "CF", "INT32U", "d", "O"], ["zeroDb", "CF", "INT32U", "d", "O"],
      ["sVC", "CF", "ScaledValueConfig", "d", "C"], ["rangeC", "CF", "RangeConfig", "d", "C"], ["smpRate", "CF", "INT32U", "d", "O"],
      ["dbRef", "CF", "FLOAT32", "d", "C", "2.1"], ["zeroDbRef", "CF", "FLOAT32", "d", "C", "2.1"], ...described,
    ],
  },
  CMV: {
    attributes: [
      ["instCVal", "MX", "Vector", "", "O"], ["cVal", "MX", "Vector", "du", "M"], ["range", "MX", "RangeKind", "d", "O"],
      ["rangeAng", "MX", "RangeKind", "d", "O", "2"], ["q", "MX", "Quality", "q", "M"], ["t", "MX", "Timestamp", "", "M"],
      ...substituted("subCVal", "Vector"), ["units", "CF", "Unit", "d", "O"], ["db", "CF", "INT32U", "d", "O"],
      ["dbAng", "CF", "INT32U", "d", "O", "2"], ["zeroDb", "CF", "INT32U", "d", "O"], ["rangeC", "CF", "RangeConfig", "d", "C"],
      ["rangeAngC", "CF", "RangeConfig", "d", "C", "2"], ["magSVC", "CF", "ScaledValueConfig", "d", "C"],
      ["angSVC", "CF", "ScaledValueConfig", "d", "C"], angleReference, ["smpRate", "CF", "INT32U", "d", "O"],
      ["dbRef", "CF", "FLOAT32", "d", "C", "2.1"], ["zeroDbRef", "CF", "FLOAT32", "d", "C", "2.1"],
      ["dbAngRef", "CF", "FLOAT32", "d", "C", "2.1"], ...described,
    ],
  },
  WYE: {
    objects: { cdc: "CMV", names: three },
    attributes: [angleReference, ["phsToNeut", "CF", "BOOLEAN", "d", "O", "2"], ...described],
  },
  DEL: {
    objects: { cdc: "CMV", names: [["phsAB", "C"], ["phsBC", "C"], ["phsCA", "C"]] },
    attributes: [angleReference, ...described],
  },
  SEQ: {
    objects: { cdc: "CMV", names: [["c1", "M"], ["c2", "M"], ["c3", "M"]] },
    attributes: [["seqT", "MX", "SequenceKind", "", "M"], ["phsRef", "CF", "PhaseReferenceKind", "d", "O"], ...described],
  },
  HMV: { objects: { cdc: "CMV", harmonics: true, names: [["har", "M"]] }, attributes: harmonics.filter(([name]) => name !== "angRef") },
  HWYE: {
    objects: { cdc: "CMV", harmonics: true, names: three.map(([name]) => [`${name}Har`, name === "phsA" ? "M" : "O"] as const) },
    attributes: harmonics,
  },
  HDEL: {
    objects: { cdc: "CMV", harmonics: true, names: [["phsABHar", "M"], ["phsBCHar", "O"], ["phsCAHar", "O"]] },
    attributes: harmonics,
  },
  SPC: {
    attributes: [
      ...controlled("BOOLEAN", "d"), ["pulseConfig", "CF", "PulseConfig", "d", "O"], ...controlModel, operTimeout, ...described,
    ],
  },
  DPC: {
    attributes: [
      ...controlled("Dbpos", "d"), ["pulseConfig", "CF", "PulseConfig", "d", "O"], ...controlModel, operTimeout, ...described,
    ],
  },
  INC: {
    attributes: [
      ...controlled("INT32", "du"), ...controlModel, ["minVal", "CF", "INT32", "d", "O"], ["maxVal", "CF", "INT32", "d", "O"],
      ["stepSize", "CF", "INT32U", "d", "O"], operTimeout, ["units", "CF", "Unit", "d", "O", "2"], ...described,
    ],
  },
  ENC: { since: "2", attributes: [...controlled("of", "d"), ...controlModel, operTimeout, ...described] },
  APC: {
    attributes: [
      ...controlled("AnalogueValue", "d", "MX"), ...controlModel, ["units", "CF", "Unit", "d", "O"], ["db", "CF", "INT32U", "d", "O"],
      ["sVC", "CF", "ScaledValueConfig", "d", "C"], ["minVal", "CF", "AnalogueValue", "d", "O"],
      ["maxVal", "CF", "AnalogueValue", "d", "O"], ["stepSize", "CF", "AnalogueValue", "d", "O"], operTimeout,
      ["dbRef", "CF", "FLOAT32", "d", "C", "2.1"], ...described,
    ],
  },
  SPG: { attributes: [...settings("BOOLEAN"), ...described] },
  ING: {
    attributes: [
      ...settings("INT32"), ["minVal", "CF", "INT32", "d", "O"], ["maxVal", "CF", "INT32", "d", "O"],
      ["stepSize", "CF", "INT32U", "d", "O"], ["units", "CF", "Unit", "d", "O", "2"], ...described,
    ],
  },
  ENG: { since: "2", attributes: [...settings("of"), ...described] },
  VSG: { since: "2", attributes: [...settings("VisString255"), ...described] },
  ORG: {
    since: "2",
    attributes: [
      ["setSrcRef", "SP", "ObjRef", "d", "M"], ["setTstRef", "SP", "ObjRef", "d", "C"], ["setSrcCB", "SP", "ObjRef", "d", "O"],
      ["setTstCB", "SP", "ObjRef", "d", "C"], ["intAddr", "SP", "VisString255", "d", "O"], ["tstEna", "SP", "BOOLEAN", "d", "C"],
      ["purpose", "DC", "VisString255", "", "O"], ...described,
    ],
  },
  TSG: { since: "2", attributes: [["setTm", "SP", "Timestamp", "d", "C"], ["setCal", "SP", "CalendarTime", "d", "C"], ...described] },
  ASG: {
    attributes: [
      ["setMag", "SP", "AnalogueValue", "d", "M"], ["units", "CF", "Unit", "d", "O"], ["sVC", "CF", "ScaledValueConfig", "d", "C"],
      ["minVal", "CF", "AnalogueValue", "d", "O"], ["maxVal", "CF", "AnalogueValue", "d", "O"],
      ["stepSize", "CF", "AnalogueValue", "d", "O"], ...described,
    ],
  },
  LPL: {
    attributes: [
      ["paramRev", "ST", "INT32", "d", "O", "2"], ["valRev", "ST", "INT32", "d", "O", "2"], ["vendor", "DC", "VisString255", "", "M"],
      ["swRev", "DC", "VisString255", "", "M"], ["ldNs", "EX", "VisString255", "", "C"], ["lnNs", "EX", "VisString255", "", "C"],
      ["d", "DC", "VisString255", "", "O"], ["dU", "DC", "Unicode255", "", "O"], ["configRev", "DC", "VisString255", "", "C"],
      ["cdcName", "EX", "VisString255", "", "O"], ["dataNs", "EX", "VisString255", "", "C"],
    ],
  },
  DPL: {
    attributes: [
      ["vendor", "DC", "VisString255", "", "M"], ["hwRev", "DC", "VisString255", "", "O"], ["swRev", "DC", "VisString255", "", "O"],
      ["serNum", "DC", "VisString255", "", "O"], ["model", "DC", "VisString255", "", "O"], ["location", "DC", "VisString255", "", "O"],
      ["name", "DC", "VisString64", "", "O", "2"], ["owner", "DC", "VisString255", "", "O", "2"],
      ["ePSName", "DC", "VisString255", "", "O", "2"], ["primeOper", "DC", "VisString255", "", "O", "2"],
      ["secondOper", "DC", "VisString255", "", "O", "2"], ["latitude", "DC", "FLOAT32", "", "O", "2"],
      ["longitude", "DC", "FLOAT32", "", "O", "2"], ["altitude", "DC", "FLOAT32", "", "O", "2"],
      ["mRID", "DC", "VisString255", "", "O", "2"], ...described,
    ],
  },
} as const satisfies Readonly<Record<string, DataClass>>;

export type CommonDataClass = keyof typeof commonDataClasses;

export function isCommonDataClass(text: string): text is CommonDataClass {
  return Object.hasOwn(commonDataClasses, text);
}

/** Classes of edition 2 that were another one in edition 1. */
export const formerClasses: Readonly<Partial<Record<CommonDataClass, CommonDataClass>>> = {
  ENS: "INS",
  ENC: "INC",
  ENG: "ING",
};

const order: readonly Edition[] = ["1", "2", "2.1"];

/** Whether an edition has what there is since one. */
export function isIn(edition: Edition, since: Edition = "1"): boolean {
  return order.indexOf(edition) >= order.indexOf(since);
}

/** The type of an attribute in an edition: counters were 128 bits wide in the first. */
export function typeIn(edition: Edition, type: AttributeType): AttributeType {
  return edition === "1" && type === "INT64" ? "INT128" : type;
}
