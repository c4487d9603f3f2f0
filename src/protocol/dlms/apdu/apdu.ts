/**
 * Application protocol data units as values (Green Book 9.5; IEC 62056-5-3): what the codecs of this folder make of bytes, and bytes of.
 * `invoke` is Invoke-Id-And-Priority as it is on the wire, which an answer echoes: bits 0 to 3 the id, 6 confirmed, 7 high priority.
 */
import type { AccessResult, ActionResult } from "#protocol/dlms/cosem/object.ts";
import type { Data } from "#protocol/dlms/data/data.ts";
import type { LogicalName } from "#protocol/dlms/data/logical-name.ts";

export interface AttributeReference {
  readonly classId: number;
  readonly logicalName: LogicalName;
  /** 0 is all of them. */
  readonly attribute: number;
  readonly selection?: { readonly selector: number; readonly parameters: Data } | undefined;
}

export interface MethodReference {
  readonly classId: number;
  readonly logicalName: LogicalName;
  readonly method: number;
}

/** A piece of a long service: raw bytes of what is cut. `number` counts from 1. */
export interface Block {
  readonly last: boolean;
  readonly number: number;
  readonly bytes: Uint8Array;
}

/** What a GET found of one attribute. */
export type GetResult = { readonly data: Data } | { readonly denied: AccessResult };

/** What an ACTION did, and what it gives back, where it does. */
export interface ActionAnswer {
  readonly result: ActionResult;
  readonly returned?: GetResult | undefined;
}

export type GetRequest =
  | { readonly apdu: "get-request-normal"; readonly invoke: number; readonly attribute: AttributeReference }
  | { readonly apdu: "get-request-next"; readonly invoke: number; readonly block: number }
  | {
      readonly apdu: "get-request-with-list";
      readonly invoke: number;
      readonly attributes: readonly AttributeReference[];
    };

export type GetResponse =
  | { readonly apdu: "get-response-normal"; readonly invoke: number; readonly result: GetResult }
  | {
      readonly apdu: "get-response-with-datablock";
      readonly invoke: number;
      readonly last: boolean;
      readonly number: number;
      readonly result: { readonly bytes: Uint8Array } | { readonly denied: AccessResult };
    }
  | { readonly apdu: "get-response-with-list"; readonly invoke: number; readonly results: readonly GetResult[] };

export type SetRequest =
  | {
      readonly apdu: "set-request-normal";
      readonly invoke: number;
      readonly attribute: AttributeReference;
      readonly value: Data;
    }
  | {
      readonly apdu: "set-request-with-first-datablock";
      readonly invoke: number;
      readonly attribute: AttributeReference;
      readonly block: Block;
    }
  | { readonly apdu: "set-request-with-datablock"; readonly invoke: number; readonly block: Block }
  | {
      readonly apdu: "set-request-with-list";
      readonly invoke: number;
      readonly attributes: readonly AttributeReference[];
      readonly values: readonly Data[];
    }
  | {
      readonly apdu: "set-request-with-list-and-first-datablock";
      readonly invoke: number;
      readonly attributes: readonly AttributeReference[];
      readonly block: Block;
    };

export type SetResponse =
  | { readonly apdu: "set-response-normal"; readonly invoke: number; readonly result: AccessResult }
  | { readonly apdu: "set-response-datablock"; readonly invoke: number; readonly block: number }
  | {
      readonly apdu: "set-response-last-datablock";
      readonly invoke: number;
      readonly result: AccessResult;
      readonly block: number;
    }
  | {
      readonly apdu: "set-response-last-datablock-with-list";
      readonly invoke: number;
      readonly results: readonly AccessResult[];
      readonly block: number;
    }
  | { readonly apdu: "set-response-with-list"; readonly invoke: number; readonly results: readonly AccessResult[] };

export type ActionRequest =
  | {
      readonly apdu: "action-request-normal";
      readonly invoke: number;
      readonly method: MethodReference;
      readonly parameters?: Data | undefined;
    }
  | { readonly apdu: "action-request-next-pblock"; readonly invoke: number; readonly block: number }
  | {
      readonly apdu: "action-request-with-list";
      readonly invoke: number;
      readonly methods: readonly MethodReference[];
      readonly parameters: readonly Data[];
    }
  | {
      readonly apdu: "action-request-with-first-pblock";
      readonly invoke: number;
      readonly method: MethodReference;
      readonly block: Block;
    }
  | {
      readonly apdu: "action-request-with-list-and-first-pblock";
      readonly invoke: number;
      readonly methods: readonly MethodReference[];
      readonly block: Block;
    }
  | { readonly apdu: "action-request-with-pblock"; readonly invoke: number; readonly block: Block };

export type ActionResponse =
  | { readonly apdu: "action-response-normal"; readonly invoke: number; readonly answer: ActionAnswer }
  | { readonly apdu: "action-response-with-pblock"; readonly invoke: number; readonly block: Block }
  | { readonly apdu: "action-response-with-list"; readonly invoke: number; readonly answers: readonly ActionAnswer[] }
  | { readonly apdu: "action-response-next-pblock"; readonly invoke: number; readonly block: number };

export const exceptionStates = { "service-not-allowed": 1, "service-unknown": 2 } as const;
export const exceptionServices = {
  "operation-not-possible": 1,
  "service-not-supported": 2,
  "other-reason": 3,
  "pdu-too-long": 4,
  "deciphering-error": 5,
  "invocation-counter-error": 6,
} as const;

/** exception-response: what cannot be said by the service itself. */
export interface ExceptionResponse {
  readonly apdu: "exception-response";
  readonly state: keyof typeof exceptionStates;
  readonly service: keyof typeof exceptionServices;
  /** With invocation-counter-error: the one that was expected. */
  readonly counter?: number | undefined;
}

export interface DataNotification {
  readonly apdu: "data-notification";
  /** Long-Invoke-Id-And-Priority. */
  readonly invoke: number;
  /** As octet string: empty, or 12 bytes. */
  readonly dateTime: Uint8Array;
  readonly body: Data;
}

export interface EventNotification {
  readonly apdu: "event-notification-request";
  readonly time?: Uint8Array | undefined;
  readonly attribute: AttributeReference;
  readonly value: Data;
}

/** General block transfer: pieces of any APDU (Green Book 9.4.6.13). */
export interface GeneralBlockTransfer {
  readonly apdu: "general-block-transfer";
  readonly last: boolean;
  readonly streaming: boolean;
  readonly window: number;
  readonly number: number;
  readonly acknowledged: number;
  readonly bytes: Uint8Array;
}

/** Whose error it is: ConfirmedServiceError's choices, of which servers of DLMS/COSEM use these. */
export const serviceErrorServices = { initiate: 1, read: 5, write: 6 } as const;
/** What kind of error it is: ServiceError's choices. */
export const serviceErrorChoices = {
  "application-reference": 0,
  "hardware-resource": 1,
  "vde-state-error": 2,
  service: 3,
  definition: 4,
  access: 5,
  initiate: 6,
  "load-data-set": 7,
  task: 9,
} as const;
/** ServiceError of the choice initiate. */
export const initiateErrors = {
  other: 0,
  "dlms-version-too-low": 1,
  "incompatible-conformance": 2,
  "pdu-size-too-short": 3,
  "refused-by-the-VDE-Handler": 4,
} as const;

/** confirmedServiceError: an association that cannot be initiated. */
export interface InitiateError {
  readonly apdu: "confirmed-service-error";
  readonly service: keyof typeof serviceErrorServices;
  readonly choice: keyof typeof serviceErrorChoices;
  /** Of the choice initiate: one of `initiateErrors`. */
  readonly error: number;
}

export type Xdlms =
  | GetRequest
  | GetResponse
  | SetRequest
  | SetResponse
  | ActionRequest
  | ActionResponse
  | ExceptionResponse
  | DataNotification
  | EventNotification
  | GeneralBlockTransfer
  | InitiateError;
