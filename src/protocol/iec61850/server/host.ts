/**
 * What a server of IEC 61850 knows of the meter behind it: its model, its values, its clock, its files, and who may do what. A product
 * makes it of a meter's surface; nothing here knows of energy.
 */
import type { FileShelf } from "#quantity/file-shelf.ts";
import type { Ied, Leaf } from "#protocol/iec61850/model/ied.ts";
import type { IedTime, LeafValue } from "#protocol/iec61850/model/value.ts";

/** The values of all leaves at one moment. It is never changed: while nothing has, it is the same object, so that what was made of it can be kept. */
export interface IedImage {
  /** By the numbers of the leaves; what has not changed since the image before is the same value. */
  readonly values: readonly LeafValue[];
}

/** Why something is not written or read (MMS DataAccessError, ISO 9506-2 14.3). */
export const accessErrors = {
  invalidated: 0,
  hardwareFault: 1,
  temporarilyUnavailable: 2,
  accessDenied: 3,
  undefined: 4,
  invalidAddress: 5,
  typeUnsupported: 6,
  typeInconsistent: 7,
  attributeInconsistent: 8,
  accessUnsupported: 9,
  nonExistent: 10,
  valueInvalid: 11,
} as const;
export type AccessError = (typeof accessErrors)[keyof typeof accessErrors];

/** Why a control is not done (AddCause, IEC 61850-7-2 20.5.2.9). */
export const addCauses = {
  unknown: 0,
  notSupported: 1,
  blockedBySwitchingHierarchy: 2,
  selectFailed: 3,
  invalidPosition: 4,
  positionReached: 5,
  parameterChangeInExecution: 6,
  stepLimit: 7,
  blockedByMode: 8,
  blockedByProcess: 9,
  blockedByInterlocking: 10,
  blockedBySynchrocheck: 11,
  commandAlreadyInExecution: 12,
  blockedByHealth: 13,
  oneOfNControl: 14,
  abortionByCancel: 15,
  timeLimitOver: 16,
  abortionByTrip: 17,
  objectNotSelected: 18,
  objectAlreadySelected: 19,
  noAccessAuthority: 20,
  endedWithOvershoot: 21,
  abortionDueToDeviation: 22,
  abortionByCommunicationLoss: 23,
  blockedByCommand: 24,
  none: 25,
  inconsistentParameters: 26,
  lockedByOtherClient: 27,
} as const;
export type AddCause = (typeof addCauses)[keyof typeof addCauses];

/** Who is at the other end of an association. */
export interface IedClient {
  readonly peer: string;
  /** On the meter's own machine. */
  readonly near: boolean;
  /** What ACSE's authentication had: a password; undefined where nothing was shown. */
  readonly password?: Uint8Array | undefined;
  /** What a certificate lets its owner do, over TLS: nothing of it is beyond what the meter allows. */
  readonly rights: "none" | "read" | "write";
}

/** A client that has been let in. */
export interface IedSession {
  /** Why an attribute may not be given a value; undefined where it has it now. */
  write(leaf: Leaf, value: LeafValue): AccessError | undefined;
  /** Why an output, or what else is controlled, would not be operated now; undefined where it would. `reference` is "IN_GGIO2.SPCSO1" with its logical device before it. */
  mayControl(reference: string): AddCause | undefined;
  /** Operates; undefined where it was done. */
  control(reference: string, value: LeafValue): AddCause | undefined;
  /** Whether it may read; asked before anything is told. */
  mayRead(): boolean;
  /** Whether it may make and delete what outlives its association, or is everybody's: data sets. It may unless this says no. */
  mayKeep?(): boolean;
  /** Takes a file that a client sends: undefined where it is there now, whole; else why not, in words. A CID is activated with it, or not at all. */
  putFile(name: string, content: Uint8Array): Refusal | undefined | Promise<Refusal | undefined>;
  removeFile(name: string): Refusal | undefined;
  /** The association is over. */
  left(): void;
}

export interface Refusal {
  readonly why: "access" | "missing" | "invalid" | "full";
  readonly words: string;
}

/** Where entries of buffered reports lie through a failure of the power: records by key, with the meter's next transaction. */
export interface ReportStore {
  get(key: string): Uint8Array | undefined;
  put(key: string, bytes: Uint8Array): void;
  remove(key: string): void;
  entries(prefix: string): Iterable<readonly [key: string, bytes: Uint8Array]>;
}

/** What a control shows of itself: it is the server that knows (IEC 61850-7-3: stSeld, origin, ctlNum). */
export interface ControlState {
  readonly selected: boolean;
  /** Who has operated it last, and with what number; undefined where nobody has since the meter started. */
  readonly operated?:
    | { readonly category: number; readonly identification: Uint8Array; readonly number: number }
    | undefined;
}

export interface ServerSettings {
  /** Octets of the longest MMS PDU, 65,000 at most (IEC 61850-8-1). */
  readonly maxPdu: number;
  /** Answers of one association that may be under way. */
  readonly outstanding: number;
  /** Entries that a buffered report control block keeps, and octets of them. */
  readonly buffer: { readonly entries: number; readonly octets: number };
  /** Data sets that clients may make, and members of one: 8 and 50 of the manual's. */
  readonly dataSets: { readonly most: number; readonly members: number };
  /** What `identify` says. */
  readonly identity: { readonly vendor: string; readonly model: string; readonly revision: string };
  /** How long a select holds, milliseconds. */
  readonly selectMs: number;
}

export interface IedHost {
  /** Grows when the model or the settings are others, or the meter has started anew: associations end with it. */
  readonly epoch: number;
  readonly ied: Ied;
  readonly settings: ServerSettings;
  /** Whether it answers now: power, test mode, and the configuration may bar it. */
  answers(): boolean;
  image(): IedImage;
  /** Runs whenever values may be others; what it returns stops it. */
  changed(run: () => void): () => void;
  /** The instant by the meter's clock, with its quality. */
  now(): IedTime;
  /** A control shows something else of itself than before. `reference` is as that of `IedSession.control`. */
  controlled?(reference: string, state: ControlState): void;
  readonly files: FileShelf;
  readonly reports: ReportStore;
  /** Closes or opens what is wired to an input of the meter: GOOSE of somebody else does. Why not, in words; left out of what has no inputs. */
  readonly drive?: ((input: number, closed: boolean) => string | undefined) | undefined;
  /** Why a channel is no input that could be driven, undefined of one that is. */
  readonly whyNoInput?: (input: number) => string | undefined;
  /** Lets a client in, or says in words why not. */
  admit(client: IedClient): IedSession | string | Promise<IedSession | string>;
}
