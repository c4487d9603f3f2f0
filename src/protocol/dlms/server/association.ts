/** An association that is open, or waits for its client's answer to a challenge (Green Book 9.4.4). */
import type { Session } from "#quantity/authority.ts";
import type { Asker } from "#protocol/dlms/cosem/object.ts";
import type { DlmsClient, LogicalDevice, Mechanism, Service } from "#protocol/dlms/cosem/logical-device.ts";
import type { Directory } from "./directory.ts";
import type { LogicalContext } from "./negotiation.ts";
import type { HighLevel } from "#protocol/dlms/security/high-level.ts";
import type { Party } from "#protocol/dlms/security/party.ts";
import type { SecurityPolicy } from "#protocol/dlms/security/style.ts";

/** Challenges of high-level security, until they are answered. */
export interface Challenges {
  readonly mechanism: HighLevel;
  readonly fromClient: Uint8Array;
  readonly fromServer: Uint8Array;
  /** System title of the client, where it told one. */
  readonly clientTitle: Uint8Array | undefined;
}

/** Those who protect what they say to each other, and how much of it they have to. */
export interface Protected {
  readonly party: Party;
  /** As it is now: its client may make it stronger. */
  readonly policy: SecurityPolicy;
}

export interface Association {
  readonly device: LogicalDevice;
  readonly client: DlmsClient;
  readonly context: LogicalContext;
  readonly mechanism: Mechanism;
  /** What was agreed: what the client proposed and the server has. */
  readonly conformance: ReadonlySet<Service>;
  /** The longest APDU that the client takes and the carrier carries, bytes; and the longest that is taken from it. */
  readonly maxSend: number;
  readonly maxReceive: number;
  readonly qualityOfService: number | undefined;
  /** Of clients that have keys, and told their system title. */
  readonly protection: Protected | undefined;
  /** What the client finds: the device's objects, and those that the server makes. */
  readonly directory: Directory;
  /** Pass 3 is awaited; until then nothing else is answered. */
  challenges: Challenges | undefined;
  session: Session;
}

export function askerOf({ session, client }: Association): Asker {
  return { session, client: client.sap };
}

/** association_status of IC 15. */
export function statusOf({ challenges }: Association): number {
  return challenges === undefined ? 2 : 1;
}
