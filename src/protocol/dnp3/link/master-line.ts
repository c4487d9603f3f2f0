/**
 * Where the data link and transport meet the application: an outstation takes whole fragments from masters, and answers on the line
 * that they came by. An association is a master's link address on a link.
 */

/** Addresses that mean everybody: without, with and with an optional application confirmation. */
export const broadcasts = { noConfirm: 0xfffd, confirm: 0xfffe, optional: 0xffff } as const;
export type Broadcast = (typeof broadcasts)[keyof typeof broadcasts];

/** What the role in a master's certificate lets it do: nothing, look, or look and change (all where there are no roles). */
export type DnpRights = "none" | "read" | "write";

/** The way to one master. */
export interface MasterLine {
  /** The master's link address. */
  readonly master: number;
  /** What to call it in a message: "127.0.0.1:50214", "/dev/ttyUSB0". */
  readonly peer: string;
  /**
   * What tells masters of one address apart: the host of a network peer, the device of a line. The events of an association wait for
   * the same master at the same place, through as many links as it takes.
   */
  readonly place: string;
  /** On this machine. */
  readonly near: boolean;
  readonly rights: DnpRights;
  /** From the last octet of a request to the first of its answer at least, milliseconds: what a delay measurement tells. */
  readonly delayMs: number;
  /** Octets that have been sent and that the master has not taken yet. */
  readonly waiting: number;
  /**
   * Sends a fragment: all its frames in one write, with data link confirmation where the settings have it. A fragment that is sent while
   * another waits for confirmations takes its place. The array must stay as it is.
   */
  send(fragment: Uint8Array): void;
}

/** An application layer, as the link below it sees it. */
export interface FragmentServer {
  /** A whole fragment. Whoever is asked by a broadcast does not answer. The array is the callee's. */
  take(fragment: Uint8Array, from: MasterLine, broadcast?: Broadcast): void;
  /** The link of a line has ended. */
  ended(line: MasterLine): void;
}
