/**
 * The model of an IED (IEC 61850-7-2, 7-3, 7-4; SCL, IEC 61850-6): logical devices, logical nodes, data objects, attributes, and the data
 * sets and control blocks in them. It never changes: an IED that is configured otherwise has another one. Values lie beside it, by the
 * numbers of its leaves.
 */
import type { BasicType } from "./basic-type.ts";
import type { FunctionalConstraint } from "./functional-constraint.ts";
import type { LeafValue } from "./value.ts";

/** What a change of an attribute triggers (SCL: dchg, qchg, dupd). */
export interface Triggers {
  readonly dataChange?: true;
  readonly qualityChange?: true;
  readonly dataUpdate?: true;
}

/** An attribute with a value. */
export interface Leaf {
  readonly kind: "leaf";
  readonly name: string;
  readonly fc: FunctionalConstraint;
  readonly type: BasicType;
  readonly triggers: Triggers;
  /** Of Enum: words by ordinal. */
  readonly enumeration?: Enumeration | undefined;
  /** Its place among the values of the IED, from 0. */
  readonly index: number;
  /** What it is until the meter says otherwise: units, descriptions, namespaces. */
  readonly initial?: LeafValue;
  /** Whether a client may write it at all; the meter decides whether he does. */
  readonly writable?: true;
}

export interface Enumeration {
  /** Of the type in SCL: "BehaviourModeKind". */
  readonly id: string;
  readonly words: Readonly<Record<number, string>>;
}

/** An attribute that has attributes: mag, cVal, units, origin, Oper. */
export interface Structure {
  readonly kind: "structure";
  readonly name: string;
  readonly fc: FunctionalConstraint;
  readonly triggers: Triggers;
  readonly fields: readonly Attribute[];
}

/** Several attributes of one shape, by number from 0: har. */
export interface ArrayOf {
  readonly kind: "array";
  readonly name: string;
  readonly fc: FunctionalConstraint;
  readonly triggers: Triggers;
  /** All alike but for the numbers of their leaves. */
  readonly items: readonly (Leaf | Structure)[];
}

export type Attribute = Leaf | Structure | ArrayOf;

/** A data object, or one in another (phsA of PhV). */
export interface DataObject {
  readonly kind: "object";
  readonly name: string;
  /** Common data class: "MV", "WYE". */
  readonly cdc: string;
  readonly attributes: readonly Attribute[];
  /** Within it. */
  readonly objects: readonly DataObject[];
}

/** A member of a data set, functionally constrained data or an attribute of it (FCDA). */
export interface Member {
  /** Of the logical device in this IED. */
  readonly ldInst: string;
  readonly prefix: string;
  readonly lnClass: string;
  readonly lnInst: string;
  /** "PhV.phsA"; undefined of all data of a constraint. */
  readonly doName?: string | undefined;
  /** "cVal.mag.f". */
  readonly daName?: string | undefined;
  readonly fc: FunctionalConstraint;
}

export interface DataSet {
  readonly name: string;
  readonly members: readonly Member[];
}

/** What makes a report, or an entry of a log (TrgOps). */
export interface TriggerOptions {
  readonly dataChange: boolean;
  readonly qualityChange: boolean;
  readonly dataUpdate: boolean;
  readonly integrity: boolean;
  readonly generalInterrogation: boolean;
}

/** What a report has besides its values (OptFlds). */
export interface ReportFields {
  readonly sequenceNumber: boolean;
  readonly timeStamp: boolean;
  readonly reason: boolean;
  readonly dataSet: boolean;
  readonly dataReference: boolean;
  readonly bufferOverflow: boolean;
  readonly entryId: boolean;
  readonly configRevision: boolean;
}

export interface ReportControl {
  /** Without the number of an instance: "urcbInst". */
  readonly name: string;
  readonly buffered: boolean;
  /** Undefined where it has none yet. */
  readonly dataSet: string | undefined;
  readonly rptId: string | undefined;
  readonly configRevision: number;
  readonly bufferMs: number;
  readonly integrityMs: number;
  readonly triggers: TriggerOptions;
  readonly fields: ReportFields;
  /** How many there are of it, and whether their names have a number of two digits. */
  readonly instances: number;
  readonly indexed: boolean;
}

/** Where a GOOSE or a stream of sampled values goes on Ethernet. */
export interface EthernetAddress {
  /** Six octets. */
  readonly mac: Uint8Array;
  readonly appId: number;
  /** VLAN, 0 to 4095, and its priority, 0 to 7; undefined without a tag. */
  readonly vlan?: { readonly id: number; readonly priority: number } | undefined;
}

export interface GooseControl {
  readonly name: string;
  /** Of SCL's appID attribute: the GoID. */
  readonly goId: string;
  readonly dataSet: string;
  readonly configRevision: number;
  readonly needsCommissioning: boolean;
  readonly fixedOffsets: boolean;
  /** Undefined where no communication section names it: then nothing is sent. */
  readonly address: EthernetAddress | undefined;
  readonly minMs: number;
  readonly maxMs: number;
}

export interface LogicalNode {
  readonly prefix: string;
  readonly lnClass: string;
  /** "" of LLN0. */
  readonly inst: string;
  readonly objects: readonly DataObject[];
  readonly dataSets: readonly DataSet[];
  readonly reports: readonly ReportControl[];
  readonly gooses: readonly GooseControl[];
}

export interface LogicalDevice {
  readonly inst: string;
  /** The MMS domain: the IED's name and `inst`, or a name of its own (ldName). */
  readonly domain: string;
  /** LLN0 is the first. */
  readonly nodes: readonly LogicalNode[];
}

export type Edition = "1" | "2" | "2.1";

export interface Ied {
  readonly name: string;
  readonly edition: Edition;
  readonly manufacturer: string;
  readonly type: string;
  readonly configVersion: string;
  readonly devices: readonly LogicalDevice[];
  /** How many leaves there are: their numbers are below. */
  readonly leaves: number;
}

/** "IN_GGIO1", "LLN0". */
export function nodeName({ prefix, lnClass, inst }: Pick<LogicalNode, "prefix" | "lnClass" | "inst">): string {
  return `${prefix}${lnClass}${inst}`;
}
