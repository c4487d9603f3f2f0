/**
 * GET (Green Book 9.3.6, 9.4.6.3): what fits into one APDU is answered at once, what does not is sent in blocks, each made when the
 * client asks for it.
 */
import { Writer } from "#wire/cursor.ts";
import type { AttributeReference, GetRequest } from "#protocol/dlms/apdu/apdu.ts";
import { apduTags } from "#protocol/dlms/apdu/apdu-tags.ts";
import { encodeXdlms } from "#protocol/dlms/apdu/xdlms.ts";
import { isDenied, type AccessResult } from "#protocol/dlms/cosem/object.ts";
import { getAll, getAttribute } from "./access.ts";
import type { Association } from "./association.ts";
import { blockRoom } from "./block-room.ts";
import { Outflow, RowsGone } from "./outflow.ts";
import { tooLong } from "./refusal.ts";

/** Tag, kind and invoke id; of an answer with data its choice, and of one with a block whether it is the last, its number and choice. */
const HEAD = 3;
const HEAD_OF_DATA = HEAD + 1;
const HEAD_OF_BLOCK = HEAD + 6;
const kinds = { normal: 1, withList: 3 } as const;

interface LongGet {
  readonly outflow: Outflow;
  /** Of the block that was sent last. */
  number: number;
}

export class GetService {
  readonly #association: Association;
  #long: LongGet | undefined;

  constructor(association: Association) {
    this.#association = association;
  }

  /** Another request ends a long GET, without a word. */
  abort(): void {
    this.#long = undefined;
  }

  /** In an APDU of `most` bytes at most. */
  answer(request: GetRequest, most: number): Uint8Array {
    const { invoke } = request;
    if (request.apdu === "get-request-next") return this.#next(invoke, request.block, most);
    this.abort();
    if (request.apdu === "get-request-with-list") {
      const finds = request.attributes.map((one) => () => this.#find(one));
      return this.#begin(invoke, kinds.withList, Outflow.ofList(finds), most);
    }
    return this.#normal(invoke, request.attribute, most);
  }

  #find(reference: AttributeReference): ReturnType<typeof getAttribute> {
    // All attributes of one of a list would be a structure in a list: they are asked for alone.
    return reference.attribute === 0 ? { denied: "read-write-denied" } : getAttribute(this.#association, reference);
  }

  #normal(invoke: number, attribute: AttributeReference, most: number): Uint8Array {
    if (attribute.attribute === 0) return this.#all(invoke, attribute, most);
    const found = getAttribute(this.#association, attribute);
    if (isDenied(found)) return encodeXdlms({ apdu: "get-response-normal", invoke, result: found });
    if (found.type === "rows") return this.#begin(invoke, kinds.normal, Outflow.of(found), most);
    const whole = encodeXdlms({ apdu: "get-response-normal", invoke, result: { data: found } });
    return whole.length <= most ? whole : this.#begin(invoke, kinds.normal, Outflow.of(found), most);
  }

  #all(invoke: number, attribute: AttributeReference, most: number): Uint8Array {
    if (!this.#association.conformance.has("attribute0-supported-with-get"))
      return encodeXdlms({ apdu: "get-response-normal", invoke, result: { denied: "read-write-denied" } });
    const finds = getAll(this.#association, attribute);
    if ("denied" in finds) return encodeXdlms({ apdu: "get-response-normal", invoke, result: finds });
    return this.#begin(invoke, kinds.normal, Outflow.ofStructure(finds), most);
  }

  /** As one answer where it fits, else its first block. */
  #begin(invoke: number, kind: number, outflow: Outflow, most: number): Uint8Array {
    const head = kind === kinds.normal ? HEAD_OF_DATA : HEAD;
    try {
      const first = outflow.take(most - head);
      if (outflow.ended) {
        const out = new Writer(head + first.length).u8(apduTags["get-response"]).u8(kind).u8(invoke);
        return (kind === kinds.normal ? out.u8(0) : out).bytes(first).done();
      }
      if (!this.#association.conformance.has("block-transfer-with-get-or-read")) return tooLong();
      outflow.putBack(first);
    } catch (error) {
      return this.#gone(error, invoke);
    }
    this.#long = { outflow, number: 0 };
    return this.#block(invoke, this.#long, most);
  }

  #next(invoke: number, block: number, most: number): Uint8Array {
    const long = this.#long;
    if (long === undefined) return refuseBlock(invoke, block, "no-long-get-in-progress");
    if (block !== long.number) {
      this.abort();
      return refuseBlock(invoke, block, "data-block-number-invalid");
    }
    return this.#block(invoke, long, most);
  }

  #block(invoke: number, long: LongGet, most: number): Uint8Array {
    try {
      const bytes = long.outflow.take(blockRoom(most, HEAD_OF_BLOCK));
      const last = long.outflow.ended;
      if (last) this.abort();
      const number = ++long.number;
      return encodeXdlms({ apdu: "get-response-with-datablock", invoke, last, number, result: { bytes } });
    } catch (error) {
      this.abort();
      return this.#gone(error, invoke, long.number + 1);
    }
  }

  /** What was being read has been overwritten meanwhile. */
  #gone(error: unknown, invoke: number, block?: number): Uint8Array {
    if (!(error instanceof RowsGone)) throw error;
    if (block !== undefined) return refuseBlock(invoke, block, "long-get-aborted");
    return encodeXdlms({ apdu: "get-response-normal", invoke, result: { denied: "long-get-aborted" } });
  }
}

function refuseBlock(invoke: number, number: number, denied: AccessResult): Uint8Array {
  return encodeXdlms({ apdu: "get-response-with-datablock", invoke, last: true, number, result: { denied } });
}
