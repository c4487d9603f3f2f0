/**
 * An association (ACSE, X.227) over presentation, session and transport of OSI on TCP (RFC 1006), with the octets of MMS in it: what is
 * above these layers sees nothing else of them.
 */

/** What a client asks for with A-ASSOCIATE. */
export interface AssociationRequest {
  /** Titles in dotted form, "1.1.1.999.1", and qualifiers: undefined where they were not sent. */
  readonly called: ApplicationTitle;
  readonly calling: ApplicationTitle;
  /** Selectors of the called transport, session and presentation addresses. */
  readonly selectors: Selectors;
  /** A password of ACSE's authentication (mechanism 2.2.3.1), or undefined. */
  readonly password?: Uint8Array | undefined;
  /** The MMS PDU in it: an initiate request. */
  readonly initiate: Uint8Array;
}

export interface ApplicationTitle {
  readonly apTitle?: string | undefined;
  readonly aeQualifier?: number | undefined;
}

export interface Selectors {
  readonly transport: Uint8Array;
  readonly session: Uint8Array;
  readonly presentation: Uint8Array;
}

/** Why an association is refused (ACSE, Associate-source-diagnostic of the acse-service-user). */
export type AssociationDiagnostic =
  | "noReason"
  | "calledApTitleNotRecognised"
  | "calledAeQualifierNotRecognised"
  | "authenticationMechanismNotRecognised"
  | "authenticationFailure"
  | "authenticationRequired";

export type AssociationAnswer =
  | { readonly accepted: true; readonly initiate: Uint8Array }
  | {
      readonly accepted: false;
      /** "permanent" is what comes again with the next try. */
      readonly result: "permanent" | "transient";
      readonly diagnostic: AssociationDiagnostic;
      /** An initiate error, where MMS is what refuses. */
      readonly initiate?: Uint8Array | undefined;
    };

/** An association that is there, at either end. */
export interface Association {
  readonly peer: string;
  /** Octets that the peer has not taken yet. */
  readonly waiting: number;
  /** Sends an MMS PDU; what carries it copies it. Nothing happens on one that is over. */
  send(pdu: Uint8Array): void;
  /** The peer is not read from any more until `resume`: what it sends waits where it comes from. */
  pause(): void;
  resume(): void;
  /** Ends it in order (A-RELEASE). */
  release(): void;
  /** Ends it at once (A-ABORT), and the connection with it. */
  abort(): void;
}

/** Who serves associations. */
export interface AssociationUser {
  /** An MMS PDU has come; the octets are the link's: what is kept is copied. */
  received(pdu: Uint8Array): void;
  /** It is over: released, aborted, or the connection is gone. Runs once. */
  over(how: "released" | "aborted" | "lost"): void;
}
