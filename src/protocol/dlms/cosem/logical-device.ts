/** What a server of DLMS/COSEM knows of the meter behind it: logical devices, who may associate, and with which secrets. */
import type { Peer, Refused, Session } from "#quantity/authority.ts";
import type { CosemObject } from "./object.ts";
import type { LogicalName } from "#protocol/dlms/data/logical-name.ts";

/** Services of the conformance block by their bits, the first on the wire being bit 0 (Green Book 9.4.6.1). */
export const conformanceBits = {
  "general-protection": 1,
  "general-block-transfer": 2,
  "attribute0-supported-with-set": 8,
  "priority-mgmt-supported": 9,
  "attribute0-supported-with-get": 10,
  "block-transfer-with-get-or-read": 11,
  "block-transfer-with-set-or-write": 12,
  "block-transfer-with-action": 13,
  "multiple-references": 14,
  "data-notification": 16,
  access: 17,
  get: 19,
  set: 20,
  "selective-access": 21,
  "event-notification": 22,
  action: 23,
} as const;
export type Service = keyof typeof conformanceBits;

/** Authentication mechanisms with their numbers (Green Book 9.2.7.3, "mechanism_id"). */
export const mechanisms = {
  none: 0,
  low: 1,
  high: 2,
  "high-md5": 3,
  "high-sha1": 4,
  "high-gmac": 5,
  "high-sha256": 6,
  "high-ecdsa": 7,
} as const;
export type Mechanism = keyof typeof mechanisms;

export interface HdlcSettings {
  /** Physical device address: the lower part. */
  readonly physical: number;
  /** Largest information fields, bytes, and windows, frames, from the server's own view. */
  readonly maxInfoTransmit: number;
  readonly maxInfoReceive: number;
  readonly windowTransmit: number;
  readonly windowReceive: number;
  /** "Transparent transfer of long MSDUs". */
  readonly segmentation: boolean;
  readonly inactivityMs: number;
  /** How long the rest of a frame is waited for. */
  readonly interFrameMs: number;
}

export interface DlmsSettings {
  readonly conformance: ReadonlySet<Service>;
  /** server-max-receive-pdu-size; what it sends is as long at most as the client takes. */
  readonly maxPdu: number;
  /** Version of the association objects: 0 unless said, as the manual's eight attributes are; 1 names a security setup. */
  readonly associationVersion?: 0 | 1 | undefined;
  /** Whether a client may be associated with several logical devices of a port at once; not unless said. */
  readonly severalDevices?: boolean | undefined;
  readonly hdlc: HdlcSettings;
}

/** Keys of a client and counters of its messages (Green Book 9.2.3). What is not set is undefined. */
export interface ClientSecurity {
  readonly suite: 0 | 1 | 2;
  /** What every request must have, beside what it has: bits of the security policy of IC 64 version 1. */
  readonly policy: number;
  /** Global unicast encryption key, broadcast key, authentication key, master key. */
  readonly encryption: Uint8Array | undefined;
  readonly broadcast: Uint8Array | undefined;
  readonly authentication: Uint8Array | undefined;
  readonly master: Uint8Array | undefined;
  /** Private key of the server and public key of the client for ECDSA: raw, 32 or 48 bytes and twice that. */
  readonly signing: Uint8Array | undefined;
  readonly clientSigning: Uint8Array | undefined;
  /** The same for key agreement (ECDH), where suites 1 and 2 agree on keys. */
  readonly agreement?: Uint8Array | undefined;
  readonly clientAgreement?: Uint8Array | undefined;
  /** Of what is sent under the global key: never the same twice, whatever happens to the process. */
  nextCounter(): number;
  /** Of what has come under a key: false of what is not higher than any before; true moves it. `asks`: of what changes nothing. */
  acceptCounter(key: "unicast" | "broadcast", counter: number, asks?: boolean): boolean;
  /** The highest that has come, 0 where none has: what 0.0.43.1.x shows. */
  readonly received: number;
  /** Keeps another key, for all that comes later, where who has the session may; why not, else. */
  setKey(key: SecretKey, value: Uint8Array, session: Session): Refused | undefined;
  /** Forgets a key. */
  forgetKey?(key: SecretKey, session: Session): Refused | undefined;
  /** Certificates that are kept (X.509, DER), and others instead. */
  readonly certificates?: readonly Uint8Array[];
  setCertificates?(list: readonly Uint8Array[], session: Session): Refused | undefined;
  /** Makes the policy stronger, for good, where who has the session may; why not, else. */
  setPolicy?(policy: number, session: Session): Refused | undefined;
}

/** Keys that are set by who may. */
export type SecretKey = "encryption" | "broadcast" | "authentication" | "master" | KeyOfPair;
/** Private ones of the server, public ones of the client. */
export type KeyOfPair = "signing" | "clientSigning" | "agreement" | "clientAgreement";

/** Who may associate at a client's address, and by what. */
export interface DlmsClient {
  /** Service access point of the client: 16 is the public one. */
  readonly sap: number;
  readonly mechanisms: readonly Mechanism[];
  /** Whether it may, and must, use the application context with ciphering. */
  readonly ciphering: "no" | "may" | "must";
  /** Of clients that have keys. */
  readonly security?: ClientSecurity | undefined;
  /** Its association, where others than 0.0.40.0.x.255 of its place in the list are wished. */
  readonly association?: LogicalName | undefined;
  /** A session of who shows nothing. */
  open(peer: Peer): Session;
  /** Low-level security: a password. */
  admitPassword(password: Uint8Array, peer: Peer): Promise<Session | Refused>;
  /** High-level security: `check` is told the secret of a mechanism (of GMAC and ECDSA an empty one: what is checked is made with keys). */
  admitKey(mechanism: Mechanism, check: (secret: Uint8Array) => boolean, peer: Peer): Promise<Session | Refused>;
  /** The secret by which the server proves itself in pass 4 (MD5, SHA-1, SHA-256, manufacturer's); undefined where none is kept. */
  secret(mechanism: Mechanism): Uint8Array | undefined;
}

export interface LogicalDevice {
  /** 1 is the management logical device: wrapper port, upper HDLC address. */
  readonly sap: number;
  /** COSEM logical device name, at most 16 octets (Blue Book 4.1.8.1). */
  readonly name: string;
  /** System title: eight bytes, of which the first three are the manufacturer's. */
  readonly systemTitle: Uint8Array;
  /** Without associations, SAP assignment and security setups, which the server makes. */
  readonly objects: readonly CosemObject[];
  readonly clients: readonly DlmsClient[];
}

/** A meter as a server of DLMS meets it: asked anew whenever `epoch` has grown. */
export interface DlmsHost {
  readonly epoch: number;
  /** By the configuration of the moment. */
  readonly settings: DlmsSettings;
  readonly logicalDevices: readonly LogicalDevice[];
  /** Whether it answers now. */
  answers(): boolean;
  /** Ends a session that an association had. */
  leave(session: Session): void;
  /** Runs when a session ends, however it does; the result forgets it. */
  whenOver(session: Session, run: () => void): () => void;
}
