/** APDUs that open and close associations (Green Book 9.4.2, ACSE; 9.4.3, xDLMS Initiate). */
import type { Mechanism, Service } from "#protocol/dlms/cosem/logical-device.ts";

export interface InitiateRequest {
  readonly dedicatedKey?: Uint8Array | undefined;
  readonly responseAllowed: boolean;
  readonly qualityOfService?: number | undefined;
  readonly version: number;
  readonly conformance: ReadonlySet<Service>;
  /** client-max-receive-pdu-size; 0 says that there is no limit. */
  readonly maxPdu: number;
}

export interface InitiateResponse {
  readonly qualityOfService?: number | undefined;
  readonly version: number;
  readonly conformance: ReadonlySet<Service>;
  readonly maxPdu: number;
  /** 0x0007 where logical names are referenced. */
  readonly vaaName: number;
}

export const contexts = { LN: 1, SN: 2, "LN-ciphered": 3, "SN-ciphered": 4 } as const;
export type Context = keyof typeof contexts;

export interface Aarq {
  readonly apdu: "aarq";
  /** protocol-version is said, and has not version 1: refused by the provider, with "no common ACSE version". */
  readonly otherVersion?: boolean | undefined;
  /** Undefined of a name that is none of DLMS's, and of none. */
  readonly context: Context | undefined;
  readonly callingTitle?: Uint8Array | undefined;
  /** calling-AE-invocation-id, which names the user. */
  readonly user?: number | undefined;
  readonly callingCertificate?: Uint8Array | undefined;
  /** Undefined where none is named; "unknown" of a name that is none of DLMS's. */
  readonly mechanism?: Mechanism | "unknown" | undefined;
  /** Whether sender-acse-requirements has its authentication bit. */
  readonly authenticates: boolean;
  /** calling-authentication-value: a password, or the challenge of the client. */
  readonly value?: Uint8Array | undefined;
  /** user-information: an InitiateRequest, plain or ciphered, as bytes; empty where there is none. */
  readonly information: Uint8Array;
}

export const associateResults = { accepted: 0, "rejected-permanent": 1, "rejected-transient": 2 } as const;
export type AssociateResult = keyof typeof associateResults;

/** acse-service-user diagnostics with their numbers; 1 and 2 of the provider have names of their own. */
export const diagnostics = {
  null: 0,
  "no-reason-given": 1,
  "application-context-name-not-supported": 2,
  "calling-AP-title-not-recognized": 3,
  "authentication-mechanism-name-not-recognised": 11,
  "authentication-mechanism-name-required": 12,
  "authentication-failure": 13,
  "authentication-required": 14,
} as const;
export type Diagnostic = keyof typeof diagnostics;

export interface Aare {
  readonly apdu: "aare";
  /** Undefined of a name that is none of DLMS's, and of none. */
  readonly context: Context | undefined;
  readonly result: AssociateResult;
  /** By who serves the user, or by the provider (1 no reason given, 2 no common ACSE version). */
  readonly diagnostic: { readonly by: "user" | "provider"; readonly code: number };
  readonly respondingTitle?: Uint8Array | undefined;
  readonly respondingCertificate?: Uint8Array | undefined;
  readonly mechanism?: Mechanism | undefined;
  /** responding-authentication-value: the challenge of the server. */
  readonly value?: Uint8Array | undefined;
  /** InitiateResponse or confirmedServiceError, plain or ciphered, as bytes; empty where there is none. */
  readonly information: Uint8Array;
}

export interface Rlrq {
  readonly apdu: "rlrq";
  /** 0 normal, 1 urgent, 30 user defined. */
  readonly reason?: number | undefined;
  readonly information?: Uint8Array | undefined;
}

export interface Rlre {
  readonly apdu: "rlre";
  readonly reason?: number | undefined;
  readonly information?: Uint8Array | undefined;
}

export type Acse = Aarq | Aare | Rlrq | Rlre;
