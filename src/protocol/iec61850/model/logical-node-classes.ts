/**
 * Logical node classes that meters have (IEC 61850-7-4, namespace 2007B5; MSTA of 7-4:2003), as tables: data objects in the order of the
 * standard, those of their bases left out of each.
 */
import type { CommonDataClass } from "./common-data-classes.ts";
import type { Presence } from "./constructed-attributes.ts";
import type { EnumerationName } from "./enumerations.ts";
import type { Edition } from "./ied.ts";

export type ObjectRow = readonly [
  name: string,
  cdc: CommonDataClass,
  /** "n" is one that there may be many of, with a number behind its name. */
  presence: Presence | "n",
  of?: EnumerationName,
];

export interface NodeClass {
  readonly base?: BaseName;
  readonly objects: readonly ObjectRow[];
  readonly since?: "2";
  /** It is of the first edition only; in later ones it is served with the name space of that. */
  readonly until?: "1";
}

type BaseName = "domain" | "function" | "statistics" | "recorder" | "powerQuality" | "energy";

// prettier-ignore
const bases: Readonly<Record<BaseName, { readonly base?: BaseName; readonly objects: readonly ObjectRow[] }>> = {
  domain: {
    objects: [
      ["NamPlt", "LPL", "C"], ["Beh", "ENS", "M", "BehaviourModeKind"], ["Health", "ENS", "O", "HealthKind"], ["Mir", "SPS", "C"],
      ["Mod", "ENC", "O", "BehaviourModeKind"], ["InRef", "ORG", "n"],
    ],
  },
  statistics: {
    base: "domain",
    objects: [
      ["ClcExp", "SPS", "O"], ["ClcNxtTmms", "INS", "O"], ["ClcStr", "SPC", "O"], ["ClcMth", "ENG", "O", "CalcMethodKind"],
      ["ClcMod", "ENG", "O", "CalcModeKind"], ["ClcIntvTyp", "ENG", "O", "CalcIntervalKind"], ["ClcIntvPer", "ING", "O"],
      ["NumSubIntv", "ING", "O"], ["ClcRfTyp", "ENG", "O", "CalcIntervalKind"], ["ClcRfPer", "ING", "O"], ["ClcSrc", "ORG", "C"],
      ["InSyn", "ORG", "O"],
    ],
  },
  function: { base: "statistics", objects: [["Blk", "SPS", "O"], ["BlkRef", "ORG", "n"]] },
  energy: {
    base: "function",
    objects: [
      ["TotVAh", "BCR", "O"], ["TotWh", "BCR", "O"], ["TotVArh", "BCR", "O"], ["SupWh", "BCR", "O"], ["SupVArh", "BCR", "O"],
      ["DmdWh", "BCR", "O"], ["DmdVArh", "BCR", "O"],
    ],
  },
  powerQuality: {
    base: "function",
    objects: [["VaStr", "SPS", "O"], ["VaEnd", "SPS", "O"], ["OpCntRs", "INC", "O"]],
  },
  recorder: {
    base: "function",
    objects: [["OpCntRs", "INC", "O"], ["PreTmms", "ING", "O"], ["PstTmms", "ING", "O"]],
  },
};

const each = <C extends CommonDataClass>(cdc: C, names: string): readonly ObjectRow[] =>
  names.split(" ").map((name) => [name, cdc, "O"] as const);

// prettier-ignore
export const logicalNodeClasses: Readonly<Record<string, NodeClass>> = {
  LPHD: {
    objects: [
      ["NamPlt", "LPL", "C"], ["PhyNam", "DPL", "M"], ["PhyHealth", "ENS", "M", "HealthKind"], ["OutOv", "SPS", "O"], ["Proxy", "SPS", "M"],
      ["InOv", "SPS", "O"], ["OpTmh", "INS", "O"], ["NumPwrUp", "INS", "O"], ["WrmStr", "INS", "O"], ["WacTrg", "INS", "O"],
      ["PwrUp", "SPS", "O"], ["PwrDn", "SPS", "O"], ["PwrSupAlm", "SPS", "O"], ["RsStat", "SPC", "O"], ["Sim", "SPC", "O"],
      ["MaxDl", "ING", "C"],
    ],
  },
  LLN0: {
    objects: [
      ["NamPlt", "LPL", "C"], ["Beh", "ENS", "M", "BehaviourModeKind"], ["Health", "ENS", "C", "HealthKind"], ["LocKey", "SPS", "O"],
      ["Loc", "SPS", "O"], ["Mod", "ENC", "C", "BehaviourModeKind"], ["LocSta", "SPC", "O"], ["Diag", "SPC", "O"], ["LEDRs", "SPC", "O"],
      ["SwModKey", "SPC", "O"], ["InRef", "ORG", "n"], ["GrRef", "ORG", "O"], ["MltLev", "SPG", "O"],
    ],
  },
  MMXU: {
    base: "function",
    objects: [
      ...each("MV", "TotW TotVAr TotVA TotPF Hz"), ["PPV", "DEL", "O"], ...each("WYE", "PNV PhV A W VAr VA PF Z"),
      ...["Av", "Max", "Min"].flatMap((kind) =>
        each("MV", ["A", "PPV", "PhV", "W", "VA", "VAr", "PF", "Z"].map((of) => `${kind}${of}Phs`).join(" "))),
      ["HzRte", "MV", "O"], ["ClcTotVA", "ENG", "O", "STotalCalcMethodKind"], ["PFSign", "ENG", "O", "PFSignKind"],
    ],
  },
  MMTR: { base: "energy", objects: [] },
  MSTA: {
    base: "function", until: "1",
    objects: each("MV", ["Amps", "Volts", "VA", "W", "VAr"].flatMap((of) => ["Av", "Max", "Min"].map((kind) => `${kind}${of}`)).join(" ")),
  },
  MSQI: {
    base: "function",
    objects: [
      ["SeqA", "SEQ", "C"], ["SeqV", "SEQ", "C"], ["DQ0Seq", "SEQ", "O"], ["ImbA", "WYE", "O"], ...each("MV", "ImbNgA ImbNgV"),
      ["ImbPPV", "DEL", "O"], ["ImbV", "WYE", "O"], ...each("MV", "ImbZroA ImbZroV MaxImbA MaxImbPPV MaxImbV"),
    ],
  },
  MHAI: {
    base: "function",
    objects: [
      ["Hz", "MV", "C"], ["HzSet", "ASG", "C"], ["EvTmms", "ING", "O"], ["NumCyc", "ING", "O"], ["ThdAVal", "ASG", "O"],
      ["ThdVVal", "ASG", "O"], ["ThdATmms", "ING", "O"], ["ThdVTmms", "ING", "O"], ["NomA", "ASG", "O"], ["HA", "HWYE", "O"],
      ["HPhV", "HWYE", "O"], ["HPPV", "HDEL", "O"], ["HW", "HWYE", "O"], ["HVAr", "HWYE", "O"], ["HVA", "HWYE", "O"],
      ["HRmsA", "WYE", "O"], ["HRmsPhV", "WYE", "O"], ["HRmsPPV", "DEL", "O"],
      ...each("WYE", "HTuW HTsW HATm HKFact HTdf ThdA ThdOddA ThdEvnA TddA TddOddA TddEvnA ThdPhV ThdOddPhV ThdEvnPhV"),
      ...each("DEL", "ThdPPV ThdOddPPV ThdEvnPPV"), ["HCfPhV", "WYE", "O"], ["HCfPPV", "DEL", "O"], ["HCfA", "WYE", "O"],
      ["HTiFact", "WYE", "O"],
    ],
  },
  MFLK: {
    base: "function", since: "2",
    objects: [
      ["PPPst", "DEL", "O"], ["PhPst", "WYE", "O"], ["PPPlt", "DEL", "O"], ["PhPlt", "WYE", "O"], ["PPPiMax", "DEL", "O"],
      ["PhPiMax", "WYE", "O"],
    ],
  },
  GGIO: {
    base: "function",
    objects: [
      ["EEName", "DPL", "O"], ["EEHealth", "ENS", "O", "HealthKind"], ["OpTmh", "INS", "O"], ["OpCntRs", "INC", "O"], ["CmdBlk", "SPC", "O"],
      ["Loc", "SPS", "O"], ["LocKey", "SPS", "C"], ["LocSta", "SPC", "C"], ["IntIn", "INS", "n"], ["Alm", "SPS", "n"], ["Wrn", "SPS", "n"],
      ["Ind", "SPS", "n"], ["CntVal", "BCR", "n"], ["AnIn", "MV", "n"], ["AnOut", "APC", "n"], ["SPCSO", "SPC", "n"], ["DPCSO", "DPC", "n"],
      ["ISCSO", "INC", "n"],
    ],
  },
  QVVR: {
    base: "powerQuality", since: "2",
    objects: [
      ...each("SPS", "DipStr SwlStr IntrStr"), ["AffPhs", "ENS", "O", "AffectedPhasesKind"], ...each("MV", "VVa VVaTm"),
      ...each("ASG", "DipStrVal SwlStrVal IntrStrVal"),
    ],
  },
  RDRE: {
    base: "recorder",
    objects: [
      ["RcdMade", "SPS", "M"], ["FltNum", "INS", "M"], ["GriFltNum", "INS", "O"], ["RcdStr", "SPS", "O"], ["MemUsed", "INS", "O"],
      ["RcdTrg", "SPC", "O"], ["MemRs", "SPC", "O"], ["MemClr", "SPC", "O"], ["MemFull", "ING", "O"], ["MaxNumRcd", "ING", "O"],
      ["ReTrgMod", "SPG", "O"], ["PerTrgTms", "ING", "O"], ["ExclTmms", "ING", "O"], ["StoRte", "ING", "O"],
    ],
  },
  RADR: {
    base: "recorder",
    objects: [
      ["ChTrg", "SPS", "O"], ["ChNum", "ING", "n"], ["SrcRef", "ORG", "O"], ["HiTrgLev", "ASG", "O"], ["LoTrgLev", "ASG", "O"],
    ],
  },
  RBDR: { base: "recorder", objects: [["ChTrg", "SPS", "O"], ["ChNum", "ING", "n"], ["SrcRef", "ORG", "O"]] },
  LTMS: {
    base: "domain", since: "2",
    objects: [
      ["TmAcc", "INS", "O"], ["TmSrc", "VSS", "M"], ["TmSrcTyp", "ENS", "M", "ClockSourceKind"], ["TmSyn", "ENS", "O", "ClockSyncKind"],
      ["TmChSt", "SPS", "n"], ["TmSrcSet", "VSG", "n"], ["HoldTms", "ING", "O"],
    ],
  },
};

/** The row of a data object of a class, by its name with or without its number; undefined where the class, or the class of it, is not known. */
export function objectRow(lnClass: string, name: string): ObjectRow | undefined {
  const rows = objectRows(lnClass);
  const bare = name.replace(/\d+$/, "");
  return rows.find(([one]) => one === name) ?? rows.find(([one, , presence]) => presence === "n" && one === bare);
}

/** All data objects of a class, those of its bases first. */
export function objectRows(lnClass: string): readonly ObjectRow[] {
  const found = Object.hasOwn(logicalNodeClasses, lnClass) ? logicalNodeClasses[lnClass] : undefined;
  return found === undefined ? [] : [...rowsOf(found.base), ...found.objects];
}

function rowsOf(base: BaseName | undefined): readonly ObjectRow[] {
  if (base === undefined) return [];
  const { base: below, objects } = bases[base];
  return [...rowsOf(below), ...objects];
}

/** The name space of a class's objects where it is not that of the edition (lnNs). */
export function namespaceOf(lnClass: string, edition: Edition): string | undefined {
  const found = Object.hasOwn(logicalNodeClasses, lnClass) ? logicalNodeClasses[lnClass] : undefined;
  return found?.until === "1" && edition !== "1" ? namespaces["1"] : undefined;
}

/** Of logical devices (ldNs). */
export const namespaces: Readonly<Record<Edition, string>> = {
  "1": "IEC 61850-7-4:2003",
  "2": "IEC 61850-7-4:2007A",
  "2.1": "IEC 61850-7-4:2007B",
};
