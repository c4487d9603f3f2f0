/**
 * General block transfer (Green Book 9.4.6.13), where it was agreed: pieces of APDUs, whatever they are, protected ones as well. What
 * comes may be streamed in windows; what goes is one block at a time, each acknowledged before the next (a window of 1), so that a lost
 * one is sent again and nothing is kept of those before.
 */
import type { GeneralBlockTransfer } from "#protocol/dlms/apdu/apdu.ts";
import { apduTags } from "#protocol/dlms/apdu/apdu-tags.ts";
import { encodeXdlms } from "#protocol/dlms/apdu/xdlms.ts";
import type { Service } from "#protocol/dlms/cosem/logical-device.ts";
import type { Association } from "./association.ts";
import { blockRoom } from "./block-room.ts";
import { Inflow, MOST_GATHERED } from "./inflow.ts";
import { exception, tooLong } from "./refusal.ts";

/** The longest APDU that goes or comes in pieces. */
export const MOST_IN_BLOCKS = MOST_GATHERED - 1;

/** Tag, control, number, acknowledged number. */
const HEAD = 6;
const WINDOW = 1;
const NOTHING = new Uint8Array(0);

interface Outgoing {
  readonly bytes: Uint8Array;
  /** Behind the block that was sent last. */
  sent: number;
  readonly most: number;
}

export class GeneralBlocks {
  #incoming: Inflow | undefined;
  #outgoing: Outgoing | undefined;
  #block: Uint8Array = NOTHING;
  /** Of the block that was sent last, and of the last that has come in order. */
  #sentNumber = 0;
  #received = 0;

  /** A request in one piece, or an association that has ended: what was half here or there is nobody's. */
  abort(): void {
    this.#incoming = undefined;
    this.#outgoing = undefined;
    this.#block = NOTHING;
    this.#sentNumber = 0;
    this.#received = 0;
  }

  /** The request, when all of it is here; until then what is answered, which may be nothing. */
  take(block: GeneralBlockTransfer): { readonly request: Uint8Array } | Uint8Array | undefined {
    const { bytes } = block;
    const isNew = block.number === 1 && bytes.length > 0;
    if (this.#outgoing !== undefined && !isNew) return this.#acknowledged(block.acknowledged);
    // An acknowledgement of what is no more.
    if (this.#incoming === undefined && bytes.length === 0) return undefined;
    if (isNew) this.abort();
    this.#incoming ??= new Inflow();
    const found = this.#incoming.add(block);
    if (found === "too long") {
      this.abort();
      return tooLong();
    }
    if (found !== "out of order") this.#received = block.number;
    if (found instanceof Uint8Array) {
      this.#incoming = undefined;
      return { request: found };
    }
    // Within a window nothing is said; at its end what has come in order, so that the rest is sent again.
    return block.streaming ? undefined : this.#say(NOTHING, false);
  }

  /** The first block of an answer; `most` bytes are the longest APDU that goes. */
  begin(answer: Uint8Array, most: number): Uint8Array {
    this.#outgoing = { bytes: answer, sent: 0, most };
    return this.#next(this.#outgoing);
  }

  #acknowledged(number: number): Uint8Array | undefined {
    const outgoing = this.#outgoing;
    if (outgoing === undefined) return undefined;
    if (number === this.#sentNumber - 1) return this.#block;
    if (number !== this.#sentNumber) {
      this.abort();
      return exception("service-not-allowed", "operation-not-possible");
    }
    if (outgoing.sent < outgoing.bytes.length) return this.#next(outgoing);
    // The last one has come: there is no more to be said.
    this.abort();
    return undefined;
  }

  #next(outgoing: Outgoing): Uint8Array {
    const { bytes, sent, most } = outgoing;
    const end = Math.min(bytes.length, sent + blockRoom(most, HEAD));
    outgoing.sent = end;
    return this.#say(bytes.subarray(sent, end), end === bytes.length);
  }

  #say(bytes: Uint8Array, last: boolean): Uint8Array {
    this.#block = encodeXdlms({
      apdu: "general-block-transfer",
      last,
      streaming: false,
      window: WINDOW,
      number: ++this.#sentNumber,
      acknowledged: this.#received,
      bytes,
    });
    return this.#block;
  }
}

export function isGeneralBlock(apdu: Uint8Array): boolean {
  return apdu[0] === apduTags["general-block-transfer"];
}

/** Of each service its own way of sending long answers. */
const ownBlocks: Readonly<Record<number, Service>> = {
  [apduTags["get-request"]]: "block-transfer-with-get-or-read",
  [apduTags["action-request"]]: "block-transfer-with-action",
};

/** A request of which a long answer has no other way: its service's own, which more clients know, goes before. */
export function goesInBlocks([tag = 0]: Uint8Array, { conformance }: Association): boolean {
  const own = ownBlocks[tag];
  return conformance.has("general-block-transfer") && (own === undefined || !conformance.has(own));
}
