/**
 * The types of ASDU (IEC 60870-5-102, 7.2.1, 7.3), and the private ones of the Spanish profile (Red Eléctrica de España): their numbers, their
 * names, and what information they have.
 */

/** How the information of an ASDU is laid out. */
export type Shape =
  | "nothing"
  | "totals"
  | "blocks"
  | "events"
  | "start"
  | "product"
  | "time"
  /** Two times. */
  | "range"
  /** First and last object. */
  | "objects"
  /** The end of a period. */
  | "period"
  | "objects of a period"
  | "objects of a range"
  /** Which block, and two times. */
  | "block of a range"
  | "key"
  /** Addresses of objects. */
  | "addresses"
  | "tariff"
  | "point"
  | "equipment"
  | "powers"
  | "days"
  | "settings"
  | "instantaneous"
  /** Laid out as this house does not know. */
  | "octets";

export interface TypeFacts {
  readonly type: number;
  readonly name: string;
  readonly title: string;
  readonly shape: Shape;
  /** What a station answers a request with. */
  readonly answer?: number | undefined;
}

type Row = readonly [type: number, name: string, title: string, shape: Shape, answer?: number];

// prettier-ignore
const rows: readonly Row[] = [
  // of the standard, in monitor direction
  [  1, "M_SP_TA_2", "single-point information with time", "events"],
  [  2, "M_IT_TA_2", "accounting totals, 4 octets", "totals"],
  [  3, "M_IT_TB_2", "accounting totals, 3 octets", "totals"],
  [  4, "M_IT_TC_2", "accounting totals, 2 octets", "totals"],
  [  5, "M_IT_TD_2", "periodically reset accounting totals, 4 octets", "totals"],
  [  6, "M_IT_TE_2", "periodically reset accounting totals, 3 octets", "totals"],
  [  7, "M_IT_TF_2", "periodically reset accounting totals, 2 octets", "totals"],
  [  8, "M_IT_TG_2", "operational totals, 4 octets", "totals"],
  [  9, "M_IT_TH_2", "operational totals, 3 octets", "totals"],
  [ 10, "M_IT_TI_2", "operational totals, 2 octets", "totals"],
  [ 11, "M_IT_TK_2", "periodically reset operational totals, 4 octets", "totals"],
  [ 12, "M_IT_TL_2", "periodically reset operational totals, 3 octets", "totals"],
  [ 13, "M_IT_TM_2", "periodically reset operational totals, 2 octets", "totals"],
  [ 70, "M_EI_NA_2", "end of initialisation", "start"],
  [ 71, "P_MP_NA_2", "manufacturer and product", "product"],
  [ 72, "M_TI_TA_2", "current time", "time"],
  // in control direction
  [100, "C_RD_NA_2", "read manufacturer and product", "nothing", 71],
  [101, "C_SP_NA_2", "read single-point information", "nothing", 1],
  [102, "C_SP_NB_2", "read single-point information of a range of time", "range", 1],
  [103, "C_TI_NA_2", "read the time", "nothing", 72],
  [104, "C_CI_NA_2", "read accounting totals of the oldest period", "nothing", 2],
  [105, "C_CI_NB_2", "read accounting totals of the oldest period, a range of objects", "objects", 2],
  [106, "C_CI_NC_2", "read accounting totals of a period", "period", 2],
  [107, "C_CI_ND_2", "read accounting totals of a period, a range of objects", "objects of a period", 2],
  [108, "C_CI_NE_2", "read periodically reset accounting totals of the oldest period", "nothing", 5],
  [109, "C_CI_NF_2", "read periodically reset accounting totals of the oldest period, a range of objects", "objects", 5],
  [110, "C_CI_NG_2", "read periodically reset accounting totals of a period", "period", 5],
  [111, "C_CI_NH_2", "read periodically reset accounting totals of a period, a range of objects", "objects of a period", 5],
  [112, "C_CI_NI_2", "read operational totals of the oldest period", "nothing", 8],
  [113, "C_CI_NK_2", "read operational totals of the oldest period, a range of objects", "objects", 8],
  [114, "C_CI_NL_2", "read operational totals of a period", "period", 8],
  [115, "C_CI_NM_2", "read operational totals of a period, a range of objects", "objects of a period", 8],
  [116, "C_CI_NN_2", "read periodically reset operational totals of the oldest period", "nothing", 11],
  [117, "C_CI_NO_2", "read periodically reset operational totals of the oldest period, a range of objects", "objects", 11],
  [118, "C_CI_NP_2", "read periodically reset operational totals of a period", "period", 11],
  [119, "C_CI_NQ_2", "read periodically reset operational totals of a period, a range of objects", "objects of a period", 11],
  [120, "C_CI_NR_2", "read accounting totals of a range of time and of objects", "objects of a range", 2],
  [121, "C_CI_NS_2", "read periodically reset accounting totals of a range of time and of objects", "objects of a range", 5],
  [122, "C_CI_NT_2", "read operational totals of a range of time and of objects", "objects of a range", 8],
  [123, "C_CI_NU_2", "read periodically reset operational totals of a range of time and of objects", "objects of a range", 11],
  // of the Spanish profile
  [128, "M_DS_TA_2", "signature of totals", "octets"],
  [129, "P_ME_NA_2", "parameters of the measuring point", "point"],
  [130, "M_DS_TB_2", "signature of periodically reset totals", "octets"],
  [131, "M_CH_TA_2", "times at which official time changes", "octets"],
  [132, "C_PK_2", "load the private key of signatures", "octets"],
  [133, "C_TA_VC_2", "read tariff values, current", "nothing", 135],
  [134, "C_TA_VM_2", "read tariff values, stored", "range", 136],
  [135, "M_TA_VC_2", "tariff values, current", "tariff"],
  [136, "M_TA_VM_2", "tariff values, stored", "tariff"],
  [137, "C_TA_CP_2", "close the billing period", "octets"],
  [139, "M_IB_TG_2", "blocks of operational totals", "blocks"],
  [140, "M_IB_TK_2", "blocks of periodically reset operational totals", "blocks"],
  [141, "C_RM_NA_2", "read the configuration of the equipment", "nothing", 142],
  [142, "M_RM_NA_2", "configuration of the equipment", "equipment"],
  [143, "C_MR_NA_2", "change the configuration of ports", "octets"],
  [144, "C_PC_NA_2", "read contracted powers", "nothing", 145],
  [145, "M_PC_NA_2", "contracted powers", "powers"],
  [146, "C_MC_NA_2", "change contracted powers", "octets"],
  [147, "C_DF_NA_2", "read holidays", "nothing", 148],
  [148, "M_DF_NA_2", "holidays", "days"],
  [149, "C_MF_NA_2", "change holidays", "octets"],
  [150, "P_TA_IN_2", "read the tariff's programme", "addresses", 151],
  [151, "R_TA_IN_2", "the tariff's programme", "octets"],
  [156, "P_RM_R2_2", "read settings of the recorder", "addresses", 157],
  [157, "R_RM_R2_2", "settings of the recorder", "settings"],
  [162, "P_IN_VA_2", "read values of the moment", "addresses", 163],
  [163, "R_IN_VA_2", "values of the moment", "instantaneous"],
  [180, "C_DS_TA_2", "read the signature of totals", "octets", 128],
  [181, "C_CS_TA_2", "set the time", "time", 181],
  [182, "C_PI_NA_2", "read the parameters of the measuring point", "nothing", 129],
  [183, "C_AC_NA_2", "begin a session with the key", "key", 183],
  [184, "C_DS_TB_2", "read the signature of periodically reset totals", "octets", 130],
  [185, "C_CH_TA_2", "read the times at which official time changes", "nothing", 131],
  [186, "C_MH_TA_2", "change the times at which official time changes", "octets"],
  [187, "C_FS_NA_2", "end the session", "nothing", 187],
  [189, "C_CB_NT_2", "read blocks of operational totals", "block of a range", 139],
  [190, "C_CB_NU_2", "read blocks of periodically reset operational totals", "block of a range", 140],
];

export const types: ReadonlyMap<number, TypeFacts> = new Map(
  rows.map(([type, name, title, shape, answer]) => [type, { type, name, title, shape, answer }]),
);

/** "M_IT_TG_2 (8)", or the number alone. */
export function typeName(type: number): string {
  const name = types.get(type)?.name;
  return name === undefined ? `type ${type}` : `${name} (${type})`;
}

/** Types from here on are private. */
export const FIRST_PRIVATE = 128;
