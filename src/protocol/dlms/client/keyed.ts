/** A client with keys or a shared secret: high-level security, and messages that are protected (Green Book 9.2). */
import { unguessable } from "#io/ciphers.ts";
import type { AssociateResult } from "#protocol/dlms/apdu/association.ts";
import { apduTags } from "#protocol/dlms/apdu/apdu-tags.ts";
import type { Mechanism, Service } from "#protocol/dlms/cosem/logical-device.ts";
import {
  answerTo,
  isAnswer,
  isHighLevel,
  makeChallenge,
  wrongChallenge,
  type Proving,
} from "#protocol/dlms/security/high-level.ts";
import { Party, type Keyring } from "#protocol/dlms/security/party.ts";
import { isUnprotectable, protect } from "#protocol/dlms/security/protect.ts";
import type { SuiteId } from "#protocol/dlms/security/protection.ts";
import type { Sealing, Style } from "#protocol/dlms/security/style.ts";
import { suites } from "#protocol/dlms/security/suite.ts";
import { isRefusedApdu, unprotect } from "#protocol/dlms/security/unprotect.ts";
import type { Authentication, Proof } from "./authentication.ts";
import type { Guard } from "./exchange.ts";
import { DlmsError } from "./failing.ts";

export interface Keys {
  readonly suite: SuiteId;
  readonly encryption?: Uint8Array | undefined;
  readonly authentication?: Uint8Array | undefined;
  /** The client's private key, and the meter's public one: of ECDSA. */
  readonly signing?: Uint8Array | undefined;
  readonly meter?: Uint8Array | undefined;
  /** Of what is sent: never the same twice under a key. */
  nextCounter(): number;
}

export interface KeyedOptions {
  readonly mechanism: Mechanism;
  readonly keys: Keys;
  /** The client's system title. */
  readonly title: Uint8Array;
  /** A password, or the secret of MD5, SHA-1 and SHA-256. */
  readonly secret?: Uint8Array | undefined;
  /** How messages are protected; not at all where it is undefined. */
  readonly sealing?: Sealing | undefined;
  /** Messages go in general ciphered APDUs; in those of their service unless said. */
  readonly general?: boolean | undefined;
  /** Messages go under a key that is made for this association alone. */
  readonly dedicated?: Uint8Array | undefined;
  /** The client's challenge; made unless said. */
  readonly challenge?: Uint8Array | undefined;
}

/** Tag, length of five bytes, a title with its length, security control, counter, the tag of authentication. */
const OVERHEAD = 1 + 5 + 9 + 1 + 4 + 12;

/** A key for one association. */
export function makeDedicatedKey(suite: SuiteId): Uint8Array {
  return unguessable(suites[suite].keyLength);
}

class Keyed implements Authentication {
  readonly context: Authentication["context"];
  readonly named: Mechanism | undefined;
  readonly title: Uint8Array | undefined;
  readonly value: Uint8Array | undefined;
  readonly dedicatedKey: Uint8Array | undefined;
  readonly needs: readonly Service[];
  readonly guard: Guard | undefined;
  readonly proof: Proof | undefined;
  readonly #options: KeyedOptions;
  readonly #keyring: Keyring;
  #party: Party;
  #peerTitle: Uint8Array | undefined;

  constructor(options: KeyedOptions) {
    const { mechanism, sealing, secret, title } = options;
    this.#options = options;
    this.#keyring = keyringOf(options.keys);
    this.#party = new Party({ keys: this.#keyring, own: title, dedicated: options.dedicated });
    this.context = sealing === undefined ? "LN" : "LN-ciphered";
    this.named = mechanism === "none" ? undefined : mechanism;
    this.title = title;
    this.dedicatedKey = options.dedicated;
    this.needs = options.general === true ? ["general-protection"] : [];
    this.guard = sealing === undefined ? undefined : this.#guardOf(sealing);
    const challenge = isHighLevel(mechanism) ? (options.challenge ?? makeChallenge(mechanism)) : undefined;
    this.value = challenge ?? (mechanism === "low" ? secret : undefined);
    this.proof = challenge === undefined || !isHighLevel(mechanism) ? undefined : this.#proofOf(mechanism, challenge);
  }

  /** An InitiateRequest goes under the global key: the dedicated one is in it, for nobody else to read. */
  protect(initiate: Uint8Array): Uint8Array {
    const { sealing, dedicated } = this.#options;
    if (sealing === undefined) return initiate;
    const { authenticated, encrypted } = sealing;
    return this.#sealed(initiate, { kind: "global", authenticated, encrypted: encrypted || dedicated !== undefined });
  }

  unprotect(information: Uint8Array, title: Uint8Array | undefined, result: AssociateResult): Uint8Array {
    const { title: own, dedicated, sealing } = this.#options;
    this.#peerTitle = title;
    this.#party = new Party({ keys: this.#keyring, own, peer: title, dedicated });
    // A refusal may be in the clear: who refuses need not have keys.
    if (sealing === undefined || (result !== "accepted" && information[0] === apduTags["confirmed-service-error"]))
      return information;
    return this.#opened(information, sealing);
  }

  #sealed(apdu: Uint8Array, style: Style): Uint8Array {
    const made = protect(apdu, style, this.#party);
    if (isUnprotectable(made)) throw new DlmsError(`a message cannot be protected: ${made.words}`, "unprotected");
    return made;
  }

  #opened(apdu: Uint8Array, { authenticated, encrypted }: Sealing): Uint8Array {
    const found = unprotect(apdu, this.#party);
    if (isRefusedApdu(found))
      throw new DlmsError(
        `the meter's answer cannot be deciphered: ${found.words}; are these its keys, and is it the same security suite?`,
        "unprotected",
      );
    // Whoever sits on the line could say what is not protected.
    if ((authenticated && !found.authenticated) || (encrypted && !found.encrypted))
      throw new DlmsError("the meter's answer is not protected as the request was", "unprotected");
    return found.apdu;
  }

  #guardOf(sealing: Sealing): Guard {
    const { general = false, dedicated } = this.#options;
    const key = dedicated === undefined ? "global" : "dedicated";
    const kind = general ? (`general-${key}` as const) : key;
    return {
      overhead: OVERHEAD,
      protect: (apdu) => this.#sealed(apdu, { kind, ...sealing }),
      // An exception-response has no ciphered form of its own: it says only that there is no answer.
      unprotect: (apdu) => (apdu[0] === apduTags["exception-response"] ? apdu : this.#opened(apdu, sealing)),
    };
  }

  #proofOf(mechanism: Proving["mechanism"], challenge: Uint8Array): Proof {
    const { title, secret } = this.#options;
    let asked: Uint8Array | undefined;
    return {
      answer: (given) => {
        const wrong = wrongChallenge(mechanism, given, challenge);
        if (wrong !== undefined) throw new DlmsError(`the meter's challenge is ${wrong}`, "impostor");
        asked = given;
        const proving = { mechanism, asked: given, own: challenge, title, peerTitle: this.#peerTitle, secret };
        const answer = answerTo(proving, this.#keyring);
        if (answer !== undefined) return answer;
        throw new DlmsError(
          `there is no answer to the meter's challenge: of ${mechanism} a secret, a key or the meter's system title is missing`,
          "rejected",
        );
      },
      isRight: (answer) => {
        if (asked === undefined) return false;
        const peer = { mechanism, asked: challenge, own: asked, title: this.#peerTitle, peerTitle: title, secret };
        return isAnswer(answer, peer, this.#keyring);
      },
    };
  }
}

export function byKeys(options: KeyedOptions): Authentication {
  return new Keyed(options);
}

/** Counters of the meter's messages count for one association: there are meters that begin anew with each. */
function keyringOf({ suite, encryption, authentication, signing, meter, nextCounter }: Keys): Keyring {
  let received = -1;
  return {
    suite,
    encryption,
    authentication,
    broadcast: undefined,
    master: undefined,
    signing,
    peerSigning: meter,
    agreement: undefined,
    peerAgreement: undefined,
    nextCounter,
    acceptCounter(_key, counter) {
      if (counter <= received) return false;
      received = counter;
      return true;
    },
    get received() {
      return Math.max(0, received);
    },
  };
}
