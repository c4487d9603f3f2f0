/**
 * COSEM objects as a server offers them (Blue Book 4): an instance of an interface class by its logical name, with attributes and
 * methods by number. Classes are made of data in the files of this folder; what stands behind an attribute is a function.
 */
import type { Session } from "#quantity/authority.ts";
import type { Data } from "#protocol/dlms/data/data.ts";
import type { LogicalName } from "#protocol/dlms/data/logical-name.ts";

/** data-access-result (Green Book 9.5) with its numbers. */
export const accessResults = {
  success: 0,
  "hardware-fault": 1,
  "temporary-failure": 2,
  "read-write-denied": 3,
  "object-undefined": 4,
  "object-class-inconsistent": 9,
  "object-unavailable": 11,
  "type-unmatched": 12,
  "scope-of-access-violated": 13,
  "data-block-unavailable": 14,
  "long-get-aborted": 15,
  "no-long-get-in-progress": 16,
  "long-set-aborted": 17,
  "no-long-set-in-progress": 18,
  "data-block-number-invalid": 19,
  "other-reason": 250,
} as const;
export type AccessResult = keyof typeof accessResults;

/** action-result (Green Book 9.5) with its numbers. */
export const actionResults = {
  success: 0,
  "hardware-fault": 1,
  "temporary-failure": 2,
  "read-write-denied": 3,
  "object-undefined": 4,
  "object-class-inconsistent": 9,
  "object-unavailable": 11,
  "type-unmatched": 12,
  "scope-of-access-violated": 13,
  "data-block-unavailable": 14,
  "long-action-aborted": 15,
  "no-long-action-in-progress": 16,
  "other-reason": 250,
} as const;
export type ActionResult = keyof typeof actionResults;

/** Why there is no value. */
export interface Denied {
  readonly denied: AccessResult;
}

export function isDenied(found: Data | Rows | Denied): found is Denied {
  return "denied" in found;
}

/** Who asks: the association in which he does. */
export interface Asker {
  /** By which the meter knows him (`surface.obey`, `surface.bars`). */
  readonly session: Session;
  /** His address: the client's service access point. */
  readonly client: number;
}

/** What an attribute lets its asker do, as lists of objects show it (modes 0 to 3 of IC 15; others need authenticated requests). */
export type AccessMode = "none" | "read" | "write" | "read-write";

/** What of an array is wanted (Blue Book 4.3.6.2.2: selectors 1, 2). */
export interface Selection {
  readonly selector: number;
  readonly parameters: Data;
}

/**
 * An array whose members are made as they are sent: a profile of 78,624 rows is never there as a whole. A member that is there no
 * more (overwritten meanwhile) is undefined: the long get is aborted.
 */
export interface Rows {
  readonly type: "rows";
  readonly count: number;
  /** Asked once each, in ascending order. */
  row(index: number): Data | undefined;
}

export interface Attribute {
  /** From 1; 1 is the logical name. */
  readonly id: number;
  /** As the Blue Book has it: "scaler_unit". */
  readonly name: string;
  /** "read" unless said. */
  readonly access?: AccessMode | ((asker: Asker) => AccessMode);
  /** Selectors that it takes, where it takes any. */
  readonly selectors?: readonly number[];
  /** Is asked only of who may read. */
  get(asker: Asker, selection?: Selection): Data | Rows | Denied;
  /** Is asked only of who may write. A refusal of the meter is its own word: `scope-of-access-violated` of what it bars. */
  set?(asker: Asker, value: Data, selection?: Selection): AccessResult;
}

export interface Method {
  /** From 1. */
  readonly id: number;
  readonly name: string;
  readonly access?: boolean | ((asker: Asker) => boolean);
  invoke(asker: Asker, parameters: Data): ActionResult | { readonly result: ActionResult; readonly data?: Data };
}

export interface CosemObject {
  readonly classId: number;
  readonly version: number;
  readonly logicalName: LogicalName;
  /** In ascending order, the logical name left out: everybody has it. */
  readonly attributes: readonly Attribute[];
  /** In ascending order. */
  readonly methods: readonly Method[];
}

export function accessOf({ access = "read" }: Attribute, asker: Asker): AccessMode {
  return typeof access === "function" ? access(asker) : access;
}

export function mayInvoke({ access = true }: Method, asker: Asker): boolean {
  return typeof access === "function" ? access(asker) : access;
}
