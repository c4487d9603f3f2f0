/** What a JEMStar II's configuration says of IEC 61850 (its section `iec61850`): what the manual has a CID file say (Appendix E). */
import type { Edition, ReportFields, TriggerOptions } from "#protocol/iec61850/model/ied.ts";
import type { ControlModel } from "#protocol/iec61850/model/make-ied.ts";

/** Words for how outputs are controlled. */
export const controlModels = {
  "status only": 0,
  direct: 1,
  select: 2,
  "direct enhanced": 3,
  "select enhanced": 4,
} as const satisfies Readonly<Record<string, ControlModel>>;
export type ControlWord = keyof typeof controlModels;

export const triggerWords = [
  "dataChange",
  "qualityChange",
  "dataUpdate",
  "integrity",
  "generalInterrogation",
] as const satisfies readonly (keyof TriggerOptions)[];
export const fieldWords = [
  "sequenceNumber",
  "timeStamp",
  "reason",
  "dataSet",
  "dataReference",
  "bufferOverflow",
  "entryId",
  "configRevision",
] as const satisfies readonly (keyof ReportFields)[];

/** What reports have in them unless somebody says otherwise: of a buffered one what a client needs to go on behind the last that came. */
export function usualFields(buffered: boolean): readonly (keyof ReportFields)[] {
  const ofBuffer = buffered ? (["bufferOverflow", "entryId"] as const) : [];
  return ["sequenceNumber", "timeStamp", "reason", "dataSet", ...ofBuffer, "configRevision"];
}

export interface DataSetSettings {
  readonly name: string;
  /** "MMXU1.PhV.phsA.cVal.mag.f[MX]". */
  readonly members: readonly string[];
}

export interface ReportSettings {
  readonly name: string;
  readonly buffered: boolean;
  readonly dataSet?: string | undefined;
  readonly rptId?: string | undefined;
  readonly configRevision: number;
  readonly bufferMs: number;
  readonly integrityMs: number;
  readonly triggers: readonly (keyof TriggerOptions)[];
  readonly fields: readonly (keyof ReportFields)[];
  readonly instances: number;
  readonly indexed: boolean;
}

export interface GooseSettings {
  readonly name: string;
  readonly dataSet: string;
  /** The GoID; the reference of the control block unless said. */
  readonly goId?: string | undefined;
  readonly configRevision: number;
  readonly needsCommissioning: boolean;
  readonly fixedOffsets: boolean;
  /** "01-0C-CD-01-00-01": nothing is sent without one. */
  readonly mac?: string | undefined;
  readonly appId: number;
  readonly vlan?: { readonly id: number; readonly priority: number } | undefined;
  readonly minMs: number;
  readonly maxMs: number;
}

export interface DeadbandSettings {
  /** "MMXU1.TotW", "MMXU1.PhV.phsA". */
  readonly of: string;
  readonly db: number;
}

export interface Iec61850Configuration {
  /** Of the IED, and of its logical device. */
  readonly name: string;
  readonly device: string;
  readonly edition: Edition;
  readonly configVersion: string;
  readonly configRevision: string;
  /** IED properties; what the meter itself says where they are left out. */
  readonly properties: {
    readonly manufacturer?: string | undefined;
    readonly modelType?: string | undefined;
    readonly stationId?: string | undefined;
    readonly deviceId?: string | undefined;
    readonly firmware?: string | undefined;
    readonly identification?: string | undefined;
  };
  readonly clients: number;
  readonly buffer: { readonly entries: number; readonly kilobytes: number };
  /** Of what has none of its own, in 0.001 % of its range; 0 is every change. */
  readonly deadband: number;
  readonly deadbands: readonly DeadbandSettings[];
  readonly statisticsMinutes: number;
  readonly control: { readonly model: ControlWord; readonly selectSeconds: number };
  /** The factory's, as far as there is what they are of, unless said; so are reports and GOOSE. */
  readonly dataSets?: readonly DataSetSettings[] | undefined;
  readonly reports?: readonly ReportSettings[] | undefined;
  readonly goose?: readonly GooseSettings[] | undefined;
}

/** Data sets of a configuration, and members of each (Appendix E): eight for reports, and what GOOSE sends. */
export const MOST_DATA_SETS = 12;
export const MOST_MEMBERS = 50;
/** Report control blocks of each kind, their instances counted. */
export const MOST_REPORTS = 12;

/** A selection holds so long at most. */
export const MOST_SELECT_SECONDS = 3600;

/** The secret by which somebody who associates is a user of the meter. */
export const PASSWORD = "iec61850.password";

/** Why a secret of IEC 61850 is none, in words; undefined of what is one, and of what is not its. What was given is not said. */
export function wrongPassword(name: string, secret: Uint8Array): string | undefined {
  if (!name.startsWith("iec61850")) return undefined;
  if (name !== PASSWORD) return `name: expected ${PASSWORD}, found ${name}`;
  return secret.length > 0 && secret.length <= MOST_OCTETS ? undefined : `${name}: expected 1 to ${MOST_OCTETS} octets`;
}

const MOST_OCTETS = 128;
