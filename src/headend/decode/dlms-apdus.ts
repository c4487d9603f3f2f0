/**
 * APDUs of one exchange, field by field: what one message says helps to read the next. Associations say the system titles and the
 * dedicated key by which ciphered APDUs are read, and blocks are put together to the value that they cut.
 */
import { decodeAcse } from "#protocol/dlms/apdu/acse.ts";
import { apduTags } from "#protocol/dlms/apdu/apdu-tags.ts";
import { decodeInitiateRequest } from "#protocol/dlms/apdu/initiate.ts";
import { decodeXdlms } from "#protocol/dlms/apdu/xdlms.ts";
import type { Manner } from "#protocol/dlms/data/decode.ts";
import type { CipherKeys } from "#protocol/dlms/security/ciphering.ts";
import { isCiphered, type CipheredApdu } from "#protocol/dlms/security/ciphered-apdu.ts";
import { WireError } from "#wire/cursor.ts";
import { annotatedBy, apart, type Annotated, type Walk } from "./annotated.ts";
import { Blocks } from "./blocks.ts";
import { isAcse, isInitiate, walkAcse, walkInitiate } from "./dlms-association.ts";
import { walkCiphered, type Opening, type Secrets } from "./dlms-ciphered.ts";
import { walkData } from "./dlms-data.ts";
import { serviceName, walkGetResults, walkService } from "./dlms-services.ts";
import { annotateTelegram, isTelegram } from "./telegram.ts";

export interface ApduSettings {
  readonly keys?: CipherKeys | undefined;
  /** Of who sends what is ciphered; associations in the exchange say it themselves. */
  readonly systemTitle?: Uint8Array | undefined;
  readonly manner?: Manner | undefined;
}

const blockTags: ReadonlySet<number> = new Set([apduTags["get-response"], apduTags["general-block-transfer"]]);

/** What servers send, by the tag that it has unciphered; all else is of clients. */
const ofServers: ReadonlySet<number> = new Set(
  (
    [
      "initiate-response",
      "confirmed-service-error",
      "get-response",
      "set-response",
      "action-response",
      "event-notification-request",
    ] as const
  ).map((name) => apduTags[name]),
);

/** Kinds of get-request. */
const [GET_NEXT, GET_LIST] = [2, 3];

/** APDUs in APDUs: signed, ciphered, in blocks, three of them; what is deeper is nobody's. */
const DEEPEST = 8;

function quietly<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof WireError) return undefined;
    throw error;
  }
}

/** Whether an APDU may begin with this byte. */
export function beginsApdu(tag: number): boolean {
  return isAcse(tag) || isInitiate(tag) || serviceName(tag) !== undefined || isCiphered(Uint8Array.of(tag));
}

export class DlmsApdus {
  readonly #settings: ApduSettings;
  readonly #titles: { client?: Uint8Array | undefined; server?: Uint8Array | undefined } = {};
  #dedicated: Uint8Array | undefined;
  #depth = 0;
  readonly #values = new Blocks();
  /** A list was asked for last: the value of blocks that answer is one of results. */
  #asksList = false;
  readonly #general = new Blocks();

  constructor(settings: ApduSettings = {}) {
    this.#settings = settings;
  }

  /** One APDU, of which the first byte stands at `offset` in the message. */
  annotate(bytes: Uint8Array, offset = 0): readonly Annotated[] {
    if (this.#depth >= DEEPEST)
      return [
        { at: offset, length: bytes.length, name: "APDU", text: `more than ${DEEPEST} in each other`, isProblem: true },
      ];
    this.#depth++;
    try {
      return this.#annotated(bytes, offset);
    } finally {
      this.#depth--;
    }
  }

  #annotated(bytes: Uint8Array, offset: number): readonly Annotated[] {
    const [tag = 0] = bytes;
    if (isAcse(tag)) return this.#acse(bytes, offset);
    if (isInitiate(tag)) {
      this.#dedicated = quietly(() => decodeInitiateRequest(bytes))?.dedicatedKey ?? this.#dedicated;
      return annotatedBy(bytes, offset, walkInitiate);
    }
    if (isCiphered(bytes)) return annotatedBy(bytes, offset, (walk) => walkCiphered(walk, bytes, this.#opening));
    const [, kind = 0] = bytes;
    // What asks for the next block asks for nothing else.
    if (tag === apduTags["get-request"] && kind !== GET_NEXT) this.#asksList = kind === GET_LIST;
    const fields = annotatedBy(bytes, offset, (walk) => walkService(walk, this.#settings.manner));
    return [...fields, ...this.#whole(bytes)];
  }

  #acse(bytes: Uint8Array, offset: number): readonly Annotated[] {
    const apdu = quietly(() => decodeAcse(bytes));
    if (apdu?.apdu === "aarq") {
      this.#titles.client = apdu.callingTitle ?? this.#titles.client;
      this.#dedicated = undefined;
    }
    if (apdu?.apdu === "aare") this.#titles.server = apdu.respondingTitle ?? this.#titles.server;
    return annotatedBy(bytes, offset, (walk) => walkAcse(walk, (information, at) => this.annotate(information, at)));
  }

  readonly #opening: Opening = {
    secrets: (apdu) => this.#secrets(apdu),
    // Customer ports of some countries cipher the text of a P1 port.
    annotate: (plain, offset) => (isTelegram(plain) ? annotateTelegram(plain, offset) : this.annotate(plain, offset)),
  };

  #secrets(apdu: CipheredApdu): Secrets {
    const { keys, systemTitle } = this.#settings;
    const title = saidBy(apdu) ?? this.#sender(apdu) ?? systemTitle;
    if (apdu.kind !== "dedicated" && apdu.kind !== "general-dedicated") return { keys, title };
    const encryption = this.#dedicated;
    return { keys: encryption && { ...keys, encryption }, title };
  }

  /** Whose title an association has said. */
  #sender(apdu: CipheredApdu): Uint8Array | undefined {
    if (!("plainTag" in apdu)) return undefined;
    return ofServers.has(apdu.plainTag) ? this.#titles.server : this.#titles.client;
  }

  /** When the last block has come: what all of them are together. */
  #whole(bytes: Uint8Array): readonly Annotated[] {
    const apdu = blockTags.has(bytes[0] ?? 0) ? quietly(() => decodeXdlms(bytes)) : undefined;
    if (apdu?.apdu === "get-response-with-datablock" && "bytes" in apdu.result) {
      const whole = this.#values.add(apdu.number, apdu.result.bytes, apdu.last);
      const { manner } = this.#settings;
      const isList = this.#asksList;
      const annotate = (walk: Walk): void => (isList ? walkGetResults(walk, manner) : walkData(walk, "data", manner));
      return whole === undefined
        ? []
        : [apart(`value of ${apdu.number} blocks`, "put together", whole, annotatedBy(whole, 0, annotate))];
    }
    if (apdu?.apdu === "general-block-transfer") {
      const whole = this.#general.add(apdu.number, apdu.bytes, apdu.last);
      return whole === undefined
        ? []
        : [apart(`APDU of ${apdu.number} blocks`, "put together", whole, this.annotate(whole))];
    }
    return [];
  }
}

/** The system title in an APDU itself; an empty one is none. */
function saidBy(apdu: CipheredApdu): Uint8Array | undefined {
  const title = "title" in apdu ? apdu.title : "fields" in apdu ? apdu.fields.originator : undefined;
  return title !== undefined && title.length > 0 ? title : undefined;
}
