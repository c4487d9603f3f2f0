/** One request and its answer, whatever protects, cuts and carries them: what the services of a client stand on. */
import type { Xdlms, GeneralBlockTransfer } from "#protocol/dlms/apdu/apdu.ts";
import type { ApduCarrier } from "#protocol/dlms/apdu/conversation.ts";
import { decodeXdlms, encodeXdlms } from "#protocol/dlms/apdu/xdlms.ts";
import { WireError } from "#wire/cursor.ts";
import { DlmsError, exceptionError } from "./failing.ts";
import { Manners } from "./manners.ts";

/** What protects what goes out, and takes the protection off what comes in. */
export interface Guard {
  /** Bytes that it adds, at most. */
  readonly overhead: number;
  protect(apdu: Uint8Array): Uint8Array;
  /** Throws DlmsError of what is not protected as it has to be. */
  unprotect(apdu: Uint8Array): Uint8Array;
}

export interface ExchangeSettings {
  readonly guard?: Guard | undefined;
  /** So often what does no harm twice is asked again when no answer comes. */
  readonly retries: number;
  /** Bits of Invoke-Id-And-Priority beside the id. */
  readonly priority: number;
  /** The longest message that the meter takes, bytes; undefined where there is no limit. */
  readonly longest: number | undefined;
}

/** Answers to a request that came too late are passed over; so many of them. */
const LATE = 4;
/** What the length of a block of up to 65,535 bytes takes beside one byte. */
const LENGTH_GROWS = 2;
/** The longest message that is put together of blocks, bytes. */
const LONGEST = 1 << 20;

export type Answer = Exclude<Xdlms, { readonly apdu: "exception-response" | "general-block-transfer" }>;

export class Exchange {
  readonly #carrier: ApduCarrier;
  readonly manners = new Manners();
  readonly #settings: ExchangeSettings;
  readonly #overhead: number;
  #invoke = 0;

  constructor(carrier: ApduCarrier, settings: ExchangeSettings) {
    this.#carrier = carrier;
    this.#settings = settings;
    this.#overhead = settings.guard?.overhead ?? 0;
  }

  /** Invoke-Id-And-Priority of the next request: ids go round, so that an answer that comes late is known for one. */
  nextInvoke(): number {
    this.#invoke = (this.#invoke + 1) & 0x0f;
    return this.#settings.priority | this.#invoke;
  }

  /** Whether the meter takes a request of this length whole. */
  fits(request: Xdlms): boolean {
    const { longest } = this.#settings;
    return longest === undefined || encodeXdlms(request).length + this.#overhead <= longest;
  }

  /** Bytes that a block of a request may have where `first` is the request with an empty one. Throws DlmsError where there is no room. */
  roomBeside(first: Xdlms): number {
    const { longest = LONGEST } = this.#settings;
    // The length of the block takes more bytes than that of an empty one.
    const room = longest - encodeXdlms(first).length - this.#overhead - LENGTH_GROWS;
    if (room > 0) return room;
    throw new DlmsError(`the meter takes messages of ${longest} bytes only, too short for a block of this`, "too long");
  }

  /**
   * Asks until `pick` finds its answer in what comes; what may be asked twice is asked again where no answer came. Throws DlmsError of
   * an exception-response and of what is no answer; rejects as the carrier does.
   */
  async ask<T>(
    request: Xdlms & { readonly invoke: number },
    pick: (answer: Answer) => T | undefined,
    again = false,
  ): Promise<T> {
    const bytes = encodeXdlms(request);
    for (let [tries, late] = [again ? this.#settings.retries : 0, LATE]; ;) {
      let came: Uint8Array;
      try {
        came = await this.#carrier.ask(this.#settings.guard?.protect(bytes) ?? bytes);
      } catch (error) {
        if (tries-- > 0) continue;
        throw error;
      }
      const answer = await this.#understood(came);
      if (answer.apdu === "exception-response") throw exceptionError(answer);
      const found = sameInvoke(answer, request.invoke) ? pick(answer) : undefined;
      if (found !== undefined) return found;
      // A late answer to what was asked before: what does no harm twice is asked again.
      if (again && late-- > 0) continue;
      throw new DlmsError(`the meter answered ${request.apdu} with ${said(answer, request.invoke)}`, "nonsense");
    }
  }

  async #understood(came: Uint8Array): Promise<Exclude<Xdlms, { readonly apdu: "general-block-transfer" }>> {
    const [first] = came;
    const whole = first === GENERAL_BLOCK_TRANSFER ? await this.#collected(came) : came;
    const plain = this.#settings.guard?.unprotect(whole) ?? whole;
    const answer = this.#decoded(plain);
    if (answer.apdu === "general-block-transfer")
      throw new DlmsError("the meter cut a message of general block transfer once more", "nonsense");
    return answer;
  }

  /** The message that blocks of general block transfer make (Green Book 9.4.6.13): each is acknowledged, one at a time. */
  async #collected(first: Uint8Array): Promise<Uint8Array> {
    let [block, sent, length] = [this.#block(first), 0, 0];
    const parts: Uint8Array[] = [];
    const blocks = new Blocks();
    for (let expected = 1; ; expected++) {
      blocks.came(block);
      if (block.number !== expected)
        throw new DlmsError(`the meter sent block ${block.number} where ${expected} was expected`, "nonsense");
      parts.push(block.bytes);
      length += block.bytes.length;
      if (length > LONGEST) throw new DlmsError(`the meter sends a message of more than ${LONGEST} bytes`, "too long");
      if (block.last) return concat(parts, length);
      const acknowledgement: GeneralBlockTransfer = {
        apdu: "general-block-transfer",
        last: true,
        streaming: false,
        window: 1,
        number: ++sent,
        acknowledged: expected,
        bytes: new Uint8Array(0),
      };
      block = this.#block(await this.#acknowledged(encodeXdlms(acknowledgement)));
    }
  }

  /** A block that was lost comes again by the acknowledgement of the one before it. */
  async #acknowledged(acknowledgement: Uint8Array): Promise<Uint8Array> {
    for (let tries = this.#settings.retries; ; tries--) {
      try {
        return await this.#carrier.ask(acknowledgement);
      } catch (error) {
        if (tries <= 0) throw error;
      }
    }
  }

  #block(bytes: Uint8Array): GeneralBlockTransfer {
    const block = this.#decoded(bytes);
    if (block.apdu === "general-block-transfer") return block;
    if (block.apdu === "exception-response") throw exceptionError(block);
    throw new DlmsError(`the meter sent ${block.apdu} where a block was expected`, "nonsense");
  }

  #decoded(bytes: Uint8Array): Xdlms {
    try {
      return this.manners.read((manner) => decodeXdlms(bytes, manner));
    } catch (error) {
      if (error instanceof WireError) throw nonsense(error);
      throw error;
    }
  }
}

/** Blocks with nothing in them that are taken in a row: some meters send one. */
const MOST_EMPTY = 8;

/** Whether blocks bring anything: who sends empty ones for ever is given up. */
export class Blocks {
  #empty = 0;

  /** Throws DlmsError. */
  came({ bytes, last }: { readonly bytes: Uint8Array; readonly last: boolean }): void {
    this.#empty = bytes.length > 0 ? 0 : this.#empty + 1;
    if (!last && this.#empty > MOST_EMPTY)
      throw new DlmsError("the meter sends blocks with nothing in them, one after the other", "nonsense");
  }
}

const GENERAL_BLOCK_TRANSFER = 0xe0;

export function nonsense({ message }: WireError): DlmsError {
  return new DlmsError(`the meter's answer does not make sense: ${message}`, "nonsense", true);
}

export function concat(parts: readonly Uint8Array[], length: number): Uint8Array {
  const all = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

const ID = 0x0f;

/** Some meters give priority and class back otherwise: the id alone tells answers apart. */
function sameInvoke(answer: Answer, invoke: number): boolean {
  return "invoke" in answer && (answer.invoke & ID) === (invoke & ID);
}

function said(answer: Answer, invoke: number): string {
  if ("invoke" in answer && !sameInvoke(answer, invoke)) return `${answer.apdu} to request ${answer.invoke & ID}`;
  return answer.apdu;
}
