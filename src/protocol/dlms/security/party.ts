/** Two who protect what they say to each other: titles, keys, counters. The server is one for each association, and so is a client. */
import { digest } from "#io/ciphers.ts";
import type { ClientSecurity } from "#protocol/dlms/cosem/logical-device.ts";
import type { SuiteId } from "./protection.ts";

/** Keys and counters of one side; what is not set is undefined, and what has been set anew counts at once. */
export interface Keyring {
  readonly suite: SuiteId;
  readonly encryption: Uint8Array | undefined;
  readonly broadcast: Uint8Array | undefined;
  readonly authentication: Uint8Array | undefined;
  readonly master: Uint8Array | undefined;
  /** Own private key and the other's public one, for ECDSA and for key agreement. */
  readonly signing: Uint8Array | undefined;
  readonly peerSigning: Uint8Array | undefined;
  readonly agreement: Uint8Array | undefined;
  readonly peerAgreement: Uint8Array | undefined;
  nextCounter(): number;
  acceptCounter(key: "unicast" | "broadcast", counter: number, asks?: boolean): boolean;
  readonly received: number;
  /** Of a server: what answers a request goes under the keys that the request had, though it has set others. */
  readonly answers?: boolean;
}

export interface PartyOptions {
  readonly keys: Keyring;
  /** System titles: one's own, and the other's where it is known. */
  readonly own: Uint8Array;
  readonly peer?: Uint8Array | undefined;
  /** What the client has chosen for this association (InitiateRequest). */
  readonly dedicated?: Uint8Array | undefined;
}

/** Keys of general-ciphering that are remembered, so that none comes twice. */
const REMEMBERED = 1024;

export class Party {
  readonly own: Uint8Array;
  readonly peer: Uint8Array | undefined;
  readonly dedicated: Uint8Array | undefined;
  readonly #keys: Keyring;
  #held: Keyring | undefined;
  #dedicatedReceived = -1;
  #unauthenticatedReceived = -1;
  readonly #used = new Set<string>();

  constructor({ keys, own, peer, dedicated }: PartyOptions) {
    this.#keys = keys;
    this.own = own;
    this.peer = peer;
    this.dedicated = dedicated;
  }

  get keys(): Keyring {
    return this.#held ?? this.#keys;
  }

  /** Something has come: keys that have been set until now count. */
  begin(): void {
    if (this.#keys.answers === true) this.#held = held(this.#keys);
  }

  /** The same two, with a dedicated key. */
  with(dedicated: Uint8Array | undefined): Party {
    return new Party({ keys: this.#keys, own: this.own, peer: this.peer, dedicated });
  }

  /** The lowest counter that is taken under the global key. */
  get expected(): number {
    return this.keys.received + 1;
  }

  /** The same under the dedicated key. */
  get expectedDedicated(): number {
    return this.#dedicatedReceived + 1;
  }

  acceptDedicated(counter: number): boolean {
    if (counter <= this.#dedicatedReceived) return false;
    this.#dedicatedReceived = counter;
    return true;
  }

  /**
   * Of a text that is not authenticated: whoever sends anything would move the counter that is kept to its end, and shut out who has
   * the key. It counts for this association only.
   */
  acceptUnauthenticated(counter: number): boolean {
    const { received } = this.keys;
    if ((received > 0 && counter <= received) || counter <= this.#unauthenticatedReceived) return false;
    this.#unauthenticatedReceived = counter;
    return true;
  }

  /** Of a key that came with its text, by what shows it: false of one that has come before. */
  acceptOnce(shown: Uint8Array): boolean {
    const name = digest("sha256", shown).toHex();
    if (this.#used.has(name)) return false;
    this.#used.add(name);
    const [oldest] = this.#used;
    if (this.#used.size > REMEMBERED && oldest !== undefined) this.#used.delete(oldest);
    return true;
  }
}

/** As they are now; counters go on. */
function held(keys: Keyring): Keyring {
  const { suite, encryption, broadcast, authentication, master, signing, peerSigning, agreement, peerAgreement } = keys;
  return {
    suite,
    encryption,
    broadcast,
    authentication,
    master,
    signing,
    peerSigning,
    agreement,
    peerAgreement,
    get received() {
      return keys.received;
    },
    nextCounter: () => keys.nextCounter(),
    acceptCounter: (key, counter, asks) => keys.acceptCounter(key, counter, asks),
  };
}

/** The keys of the server's side for a client. */
export function serverKeys(security: ClientSecurity): Keyring {
  return {
    answers: true,
    get suite() {
      return security.suite;
    },
    get encryption() {
      return security.encryption;
    },
    get broadcast() {
      return security.broadcast;
    },
    get authentication() {
      return security.authentication;
    },
    get master() {
      return security.master;
    },
    get signing() {
      return security.signing;
    },
    get peerSigning() {
      return security.clientSigning;
    },
    get agreement() {
      return security.agreement;
    },
    get peerAgreement() {
      return security.clientAgreement;
    },
    get received() {
      return security.received;
    },
    nextCounter: () => security.nextCounter(),
    acceptCounter: (key, counter, asks) => security.acceptCounter(key, counter, asks),
  };
}
