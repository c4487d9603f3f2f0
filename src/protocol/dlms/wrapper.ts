/**
 * The wrapper of COSEM on TCP and UDP (IEC 62056-47; Green Book 7.3.3): a header of version 1, the wrapper ports of source and destination
 * and the length, each of 16 bits, before every APDU. A message may come in many pieces, and many in one.
 */
import type { Cancel, Clock } from "#clock/clock.ts";
import type { Link } from "#io/link.ts";
import { WireError } from "#wire/cursor.ts";
import { Intake } from "#wire/intake.ts";
import { isNotification } from "./apdu/notification.ts";
import type { Addresses, ApduCarrier, ApduServer, Carrying, Conversation } from "./apdu/conversation.ts";

const VERSION = 1;
const HEADER = 8;

export interface WrapperMessage {
  readonly source: number;
  readonly destination: number;
  readonly apdu: Uint8Array;
}

export function wrapped({ source, destination, apdu }: WrapperMessage): Uint8Array {
  const bytes = new Uint8Array(HEADER + apdu.length);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, VERSION);
  view.setUint16(2, source);
  view.setUint16(4, destination);
  view.setUint16(6, apdu.length);
  bytes.set(apdu, HEADER);
  return bytes;
}

/** Puts together what comes in pieces. What is kept is a message at most, 65,543 bytes, and what comes behind it. */
export class WrapperReader {
  readonly #intake = new Intake();

  add(bytes: Uint8Array): void {
    this.#intake.add(bytes);
  }

  /** The next message that is whole. Throws a WireError where none begins: nothing that follows can be trusted. */
  next(): WrapperMessage | undefined {
    const { view: bytes } = this.#intake;
    if (bytes.length < 2) return undefined;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    const version = view.getUint16(0);
    if (version !== VERSION) throw new WireError(`expected version ${VERSION} of the wrapper, found ${version}`, 0);
    if (bytes.length < HEADER) return undefined;
    const end = HEADER + view.getUint16(6);
    if (bytes.length < end) return undefined;
    const message = { source: view.getUint16(2), destination: view.getUint16(4), apdu: bytes.slice(HEADER, end) };
    this.#intake.drop(end);
    return message;
  }

  /** Bytes of a message that is not whole. */
  get held(): number {
    return this.#intake.length;
  }
}

/** Whether these bytes are one message. */
function isMessage(bytes: Uint8Array): boolean {
  if (bytes.length < HEADER) return false;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return view.getUint16(0) === VERSION && bytes.length === HEADER + view.getUint16(6);
}

export interface WrapperOptions {
  /** Whether the peer is on the site's own machine; not unless said. */
  readonly near?: boolean;
  /** What comes in one piece is a message, as a datagram is: what is none of it is lost, and the link goes on. */
  readonly datagrams?: boolean;
  /** A peer that has said something and has no association for so long is let go; never unless said. */
  readonly strangers?: { readonly clock: Clock; readonly mostMs: number } | undefined;
  /** Is told of what is no message of the wrapper. */
  readonly misunderstood?: (() => void) | undefined;
  /** Whether requests are handed on now; always unless said. */
  readonly answers?: (() => boolean) | undefined;
}

/** Serves one link: each pair of wrapper ports is a conversation of its own, and requests are worked off in the order in which they come. */
export function serveWrapper(link: Link, server: ApduServer, options: WrapperOptions = {}): void {
  const { near = false, datagrams = false, strangers, misunderstood = () => {}, answers = () => true } = options;
  const conversations = new Map<string, Conversation>();
  const reader = new WrapperReader();
  let busy = false;
  let open = true;
  let letGo: Cancel = () => {};

  /** Looks from the last request on whether the peer has an association: it takes a place, and of a datagram nobody knows whose it was. */
  const watch = (): void => {
    if (strangers === undefined) return;
    letGo();
    letGo = strangers.clock.after(strangers.mostMs, () => {
      if (!isAssociated()) link.close();
    });
  };

  const conversationOf = (addresses: Addresses): Conversation | undefined => {
    const key = `${addresses.client} ${addresses.server}`;
    const known = conversations.get(key);
    if (known !== undefined) return known;
    const carrying: Carrying = { peer: link.peer, near, longest: undefined, push: (apdu) => send(addresses, apdu) };
    const conversation = server.converse(addresses, carrying);
    if (conversation !== undefined) conversations.set(key, conversation);
    return conversation;
  };

  const send = ({ client, server: source }: Addresses, apdu: Uint8Array | undefined): void => {
    if (open && apdu !== undefined) link.send(wrapped({ source, destination: client, apdu }));
  };

  /** The one place where what is no message of the protocol ends up. */
  const fail = (error: unknown): void => {
    if (!(error instanceof WireError)) throw error;
    misunderstood();
    if (!datagrams) link.close();
  };

  const isAssociated = (): boolean => [...conversations.values()].some(({ associated }) => associated);

  /** Nobody hangs up a datagram: who has released his association has gone, and his place is another's. */
  const released = (was: boolean): void => {
    if (datagrams && was && !isAssociated()) link.close();
  };

  /** Whether the next may follow at once. */
  const answer = ({ source, destination, apdu }: WrapperMessage): boolean => {
    const addresses = { client: source, server: destination };
    const was = isAssociated();
    const answered = answers() ? conversationOf(addresses)?.request(apdu) : undefined;
    if (!(answered instanceof Promise)) {
      send(addresses, answered);
      released(was);
      return true;
    }
    busy = true;
    link.pause();
    const settle = (): void => {
      busy = false;
      if (open) work();
      if (open && !busy) link.resume();
    };
    void answered.then(
      (apdu) => {
        send(addresses, apdu);
        settle();
      },
      (error: unknown) => {
        fail(error);
        settle();
      },
    );
    return false;
  };

  const work = (): void => {
    try {
      for (let message = reader.next(); message !== undefined; message = reader.next())
        if (!open || !answer(message)) return;
    } catch (error) {
      fail(error);
    }
  };

  link.receive((bytes) => {
    if (datagrams && !isMessage(bytes)) return misunderstood();
    reader.add(bytes);
    if (!busy) work();
    watch();
  });
  link.closed(() => {
    open = false;
    letGo();
    for (const conversation of conversations.values()) conversation.end();
    conversations.clear();
  });
}

/** A client's side of a link. What comes when nothing was asked, and is no notification, came too late and is lost. */
export function wrapperCarrier(
  link: Link,
  addresses: Addresses,
  clock: Clock,
  timeoutMs: number,
  { datagrams = false }: Pick<WrapperOptions, "datagrams"> = {},
): ApduCarrier {
  const reader = new WrapperReader();
  let notify: (apdu: Uint8Array) => void = () => {};
  let asked: { readonly resolve: (apdu: Uint8Array) => void; readonly reject: (error: Error) => void } | undefined;
  let tooLate: Cancel = () => {};
  let ended: Error | undefined;

  const settled = (): typeof asked => {
    const one = asked;
    tooLate();
    asked = undefined;
    return one;
  };

  const end = (error: Error): void => {
    ended ??= error;
    settled()?.reject(ended);
  };

  link.receive((bytes) => {
    if (datagrams && !isMessage(bytes)) return;
    reader.add(bytes);
    try {
      for (let message = reader.next(); message !== undefined; message = reader.next()) {
        if (message.source !== addresses.server || message.destination !== addresses.client) continue;
        if (isNotification(message.apdu)) notify(message.apdu);
        else settled()?.resolve(message.apdu);
      }
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      end(new Error(`${link.peer} does not speak DLMS through the wrapper: ${error.message}`));
      link.close();
    }
  });
  link.closed((fault) => end(new Error(`${link.peer} closed the connection${fault ? `: ${fault.message}` : ""}`)));

  return {
    peer: link.peer,
    longest: undefined,
    open: () => (ended === undefined ? Promise.resolve() : Promise.reject(ended)),
    ask(apdu) {
      if (ended !== undefined) return Promise.reject(ended);
      if (asked !== undefined) return Promise.reject(new Error(`${link.peer} has not answered what was asked before`));
      return new Promise((resolve, reject) => {
        asked = { resolve, reject };
        tooLate = clock.after(timeoutMs, () =>
          settled()?.reject(new Error(`${link.peer} did not answer within ${timeoutMs} ms`)),
        );
        link.send(wrapped({ source: addresses.client, destination: addresses.server, apdu }));
      });
    },
    notified: (run) => void (notify = run),
    close() {
      link.close();
      return Promise.resolve();
    },
  };
}
