/**
 * Frames of Ethernet as they are: a port of a machine, a bridge over UDP (one datagram a frame: socat, a tap, a container without raw
 * sockets), or memory. GOOSE and sampled values see only this.
 */

/** A frame, from the destination's address on, without the check sequence and without a VLAN tag. */
export interface EthernetFrame {
  readonly bytes: Uint8Array;
  /** Of the tag that it came with, where the port tells. */
  readonly vlan?: { readonly id: number; readonly priority: number } | undefined;
}

export interface EthernetPort {
  /** "eth0", "udp:127.0.0.1:17001". */
  readonly name: string;
  /** Its own address, six octets. */
  readonly address: Uint8Array;
  /** Sends a frame, with a VLAN tag in its bytes where it is to have one. The port owns the bytes from here on. */
  send(bytes: Uint8Array): void;
  /** Frames of one EtherType to a destination; what it returns stops it. The bytes are the port's: what is kept is copied. */
  receive(etherType: number, destination: Uint8Array | undefined, run: (frame: EthernetFrame) => void): () => void;
  /** Frames that have come and were lost before anybody saw them, as far as the machine tells. */
  readonly lost: number;
  closed(run: (fault?: Error) => void): void;
  close(): void;
}

/** Where a port is: as site files and commands name it. */
export type EthernetPlace =
  | { readonly kind: "interface"; readonly name: string }
  /** Frames come as datagrams to `listen`, and go as datagrams to `send`; "host:port". */
  | { readonly kind: "bridge"; readonly listen: string; readonly send: string }
  /** Ports of one name in one process hear each other: tests. */
  | { readonly kind: "memory"; readonly name: string };
