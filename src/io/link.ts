/** Who ended a connection over a network: the peer, in order or by a reset; or this end. */
export type Ending = "peer" | "reset" | "here";

/**
 * A link carries bytes to one peer and back. Protocols see only this: a socket, a serial port or a null modem in
 * a test. The receiver gets each run of bytes as it arrives; nobody writes to the array again, but a part of it that is kept keeps the whole.
 */
export interface Link {
  /** What to call the peer in a message: "127.0.0.1:50214", "/dev/ttyUSB0". */
  readonly peer: string;
  /** The address of this end, of a connection over a network: "127.0.0.1". */
  readonly local?: string;
  /** The certificate that the peer proved to own (X.509, DER), on a TLS link. */
  readonly certificate?: Uint8Array;
  /** Where a place is for who has logged in only: the peer has, and takes its own. False where there is none: it has been ended. */
  readonly loggedIn?: () => boolean;
  /** Bytes that have been sent and that the peer has not taken yet, wherever they wait; a link before another adds what waits in it. */
  readonly waiting: number;
  /** Sends bytes. The link owns the array from here on. Nothing happens on a closed link. */
  send(bytes: Uint8Array): void;
  /** Names the one receiver; bytes that came earlier are handed to it first. */
  receive(run: (bytes: Uint8Array) => void): void;
  /** What comes from here on waits, a little of it here and the rest where it comes from, until `resume`. */
  pause(): void;
  resume(): void;
  /** Runs once when the link has ended, whoever ended it; the reason is there when it was a fault, and of a connection over a network who did. */
  closed(run: (fault?: Error, ending?: Ending) => void): void;
  close(): void;
}
