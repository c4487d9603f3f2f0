/**
 * The server of DLMS/COSEM of one port (Green Book 9.4): whoever carries APDUs opens a conversation for each pair of addresses. A port
 * has one association at a time: while a client has it, nobody else is answered.
 */
import type { Peer } from "#quantity/authority.ts";
import type { Addresses, ApduServer, Carrying, Conversation } from "#protocol/dlms/apdu/conversation.ts";
import type { DlmsHost, LogicalDevice } from "#protocol/dlms/cosem/logical-device.ts";
import { makeChallenge, type HighLevel } from "#protocol/dlms/security/high-level.ts";
import { ServerConversation, type Seat } from "./conversation.ts";
import { Directory } from "./directory.ts";
import { deviceObjects } from "./made-objects.ts";

export interface DlmsServerOptions {
  /** Which of the meter's ports it is: "ethernet 1", "serial 3", "optical". */
  readonly port: string;
  /** As sessions and logs name it; "dlms" unless said. */
  readonly protocol?: string | undefined;
  /** Whether who asks has hands on the hardware; whoever is near has unless this says otherwise (`Peer.operator`). */
  readonly operator?: boolean | undefined;
  /** What high-level security asks of a client; random unless a test knows it beforehand. */
  readonly challenge?: ((mechanism: HighLevel) => Uint8Array) | undefined;
}

/** Who sits at the port, and what it knows of the host's devices. */
class Port implements ApduServer {
  readonly host: DlmsHost;
  readonly #options: DlmsServerOptions;
  readonly #seated = new Set<Seat>();
  #directories = new Map<number, Directory>();
  #epoch: number | undefined;

  constructor(host: DlmsHost, options: DlmsServerOptions) {
    this.host = host;
    this.#options = options;
  }

  converse(addresses: Addresses, carrying: Carrying): Conversation | undefined {
    const conversation = new ServerConversation({ port: this, host: this.host, addresses, carrying });
    return conversation.isPossible ? conversation : undefined;
  }

  peerOf({ peer, near }: Carrying): Peer {
    const { port, protocol = "dlms", operator } = this.#options;
    return { protocol, port, address: peer, near, ...(operator === undefined ? {} : { operator }) };
  }

  challenge(mechanism: HighLevel): Uint8Array {
    return (this.#options.challenge ?? makeChallenge)(mechanism);
  }

  /** Nobody else has the port's association. */
  isFree(seat: Seat): boolean {
    for (const other of this.#seated) if (other !== seat && !this.#mayShare(seat, other)) return false;
    return true;
  }

  #mayShare(one: Seat, other: Seat): boolean {
    if (this.host.settings.severalDevices !== true) return false;
    return one.addresses.client === other.addresses.client && one.carrying.peer === other.carrying.peer;
  }

  take(seat: Seat): void {
    this.#seated.add(seat);
  }

  leave(seat: Seat): void {
    this.#seated.delete(seat);
  }

  /** Made once for each configuration of the meter. */
  directoryOf(device: LogicalDevice): Directory {
    if (this.#epoch !== this.host.epoch) {
      this.#epoch = this.host.epoch;
      this.#directories = new Map();
    }
    const known = this.#directories.get(device.sap);
    if (known !== undefined) return known;
    const own = new Directory(device.objects);
    // What the meter has of its own under their names goes before what a server makes.
    const made = deviceObjects(this.host, device).filter((one) => !own.has(one.logicalName));
    const directory = new Directory(made, own);
    this.#directories.set(device.sap, directory);
    return directory;
  }
}

export function dlmsServer(host: DlmsHost, options: DlmsServerOptions): ApduServer {
  return new Port(host, options);
}
