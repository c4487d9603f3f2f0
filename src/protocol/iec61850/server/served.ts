/**
 * Variables of a server that are no data of the meter: attributes of control blocks, and of controls. They stand in the tree of names
 * beside the meter's own, and are read and written in their own ways.
 */
import type { BasicType } from "#protocol/iec61850/model/basic-type.ts";
import type { FunctionalConstraint } from "#protocol/iec61850/model/functional-constraint.ts";
import type { LeafValue } from "#protocol/iec61850/model/value.ts";
import type { AccessError, IedSession } from "./host.ts";

/** Who asks: an association. The same object for as long as it is there. */
export interface Asker {
  /** Of its connections, from 1. */
  readonly number: number;
  readonly peer: string;
  readonly session: IedSession;
  /** Octets of the longest PDU that it takes. */
  readonly maxPdu: number;
  /** Octets that it has been sent and has not taken yet. */
  readonly waiting: number;
  /** Sends it a PDU that it has not asked for: a report, a termination of a command. */
  tell(pdu: Uint8Array): void;
}

export interface ServedLeaf {
  readonly kind: "leaf";
  readonly name: string;
  readonly type: BasicType;
  /** `isAlone` where it was asked for by its own name: who reads what it is part of has not meant it (SBO). */
  read(asker: Asker, isAlone: boolean): LeafValue | { readonly error: AccessError };
  /** Undefined where it has the value now; left out of what nobody writes: access denied. */
  write?(value: LeafValue, asker: Asker): AccessError | undefined;
}

export interface ServedStructure {
  readonly kind: "structure";
  readonly name: string;
  readonly fields: readonly Served[];
  /** Of one that is written as a whole only (Oper, Cancel, SBOw): values of its leaves in their order. */
  write?(values: readonly LeafValue[], asker: Asker): AccessError | undefined;
}

export type Served = ServedLeaf | ServedStructure;

/** Where it stands: "LLN0", "RP", and its own name; of a control "IN_GGIO2", "CO", "SPCSO1". */
export interface ServedPlace {
  readonly domain: string;
  readonly node: string;
  readonly fc: FunctionalConstraint;
  readonly served: Served;
}

/** A part of a server that has such variables: report control blocks, controls. */
export interface ServedPart {
  readonly places: readonly ServedPlace[];
  /** An association has ended: what it had reserved, enabled or selected is free. */
  left(asker: Asker): void;
  /** The server ends. */
  close(): void;
}
