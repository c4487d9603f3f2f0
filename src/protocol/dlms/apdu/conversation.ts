/** What carries APDUs and what answers them, whatever frames them: HDLC and the wrapper stand on this, and on nothing else of a server. */

/** Who talks to whom: service access points of client and server, as wrapper ports and HDLC addresses name them. */
export interface Addresses {
  readonly client: number;
  readonly server: number;
}

/** What the carrier says of itself to who answers. */
export interface Carrying {
  /** "127.0.0.1:50214", "/dev/ttyUSB0". */
  readonly peer: string;
  /** On the site's own machine. */
  readonly near: boolean;
  /** The longest APDU that it carries to the client; undefined where there is no limit. */
  readonly longest: number | undefined;
  /** Sends what nobody asked for: notifications. */
  push(apdu: Uint8Array): void;
}

/** One client and one logical device, from their first APDU until the carrier ends. */
export interface Conversation {
  /** The answer; undefined where nothing is answered. Requests come one after the other: the next when this has settled. */
  request(apdu: Uint8Array): Uint8Array | undefined | Promise<Uint8Array | undefined>;
  /** An association is open: for the state of the port. */
  readonly associated: boolean;
  /** The carrier has ended, or the data link was disconnected: what was associated is no more. */
  end(): void;
}

/** The server of one port. */
export interface ApduServer {
  /** Undefined where there is no such logical device or client, or another client has the port's one association: nothing is answered. */
  converse(addresses: Addresses, carrying: Carrying): Conversation | undefined;
}

/** The other side: what a client asks through. */
export interface ApduCarrier {
  readonly peer: string;
  /** The longest APDU that it carries to the server; undefined where there is no limit. */
  readonly longest: number | undefined;
  /** Opens what has to be before APDUs pass: HDLC's SNRM, a sign-on. Rejects with what is wrong in words. */
  open(): Promise<void>;
  /** The answer; rejects when none comes in time, or the link ends. One at a time. */
  ask(apdu: Uint8Array): Promise<Uint8Array>;
  /** What comes unasked. */
  notified(run: (apdu: Uint8Array) => void): void;
  close(): Promise<void>;
}
